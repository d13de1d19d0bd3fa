import { expect, test } from 'vitest';
import { encodeBbqr } from '../../../src/airgap/bbqr.ts';
import { readReplyFile } from '../../../src/companion/reply-file.ts';
import { toBase64, toHex, utf8 } from '../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import { honestPsbt, signedAs, testWallet, type TestKey } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const original = honestPsbt({ wallet });
const signed = wallet.keys.slice(0, 2).map((key) => signedAs(original, wallet, key as TestKey));
const { bytes } = extractTransaction(finalizePsbt(combinePsbts(signed, wallet.deriver).psbt, wallet.deriver));
const psbt = encodePsbt(signed[0] as (typeof signed)[number]);

test.each([
  ['binary', bytes],
  ['hexadecimal', utf8(toHex(bytes))],
  ['capital hexadecimal with line ends', utf8(`${toHex(bytes).toUpperCase().replace(/(.{64})/g, '$1\n')}\r\n`)],
  ['QR frames, one a line', utf8(encodeBbqr(bytes, 'T', 300).join('\n'))],
])('a signed transaction as %s is a reply of final scripts', (_, content) => {
  const reply = readReplyFile(content);
  expect(reply.inputs.map((input) => input.finalScriptWitness?.length)).toEqual([4, 4]);
  expect(combinePsbts([reply], wallet.deriver, { original }).quorum.stillNeeded).toBe(0);
});

test.each([
  ['binary', psbt],
  ['base64', utf8(toBase64(psbt))],
  ['hexadecimal', utf8(toHex(psbt))],
  ['QR frames, one a line', utf8(encodeBbqr(psbt, 'P', 300).join('\n'))],
])('a PSBT as %s is read as ever', (_, content) => {
  expect(toHex(encodePsbt(readReplyFile(content)))).toBe(toHex(psbt));
});

test('what is neither is refused by name', () => {
  expect(() => readReplyFile(utf8('hello'))).toThrow(expect.objectContaining({ code: 'psbt.malformed' }));
  expect(() => readReplyFile(utf8(toHex(bytes).slice(2)))).toThrow(expect.objectContaining({ code: 'psbt.malformed' }));
  expect(() => readReplyFile(utf8(encodeBbqr(utf8('hello'), 'U', 300).join('\n')))).toThrow(expect.objectContaining({ code: 'frames.malformed' }));
});
