import { expect, test } from 'vitest';
import { encodeBbqr } from '../../../src/airgap/bbqr.ts';
import type { FrameFormat } from '../../../src/airgap/frames/collector.ts';
import { frameSequence } from '../../../src/airgap/frames/frame-sequence.ts';
import { readPsbtFile } from '../../../src/airgap/psbt-file.ts';
import { concat, parseHex, toBase64, toHex, utf8 } from '../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { honestPsbt, testWallet } from '../support/psbt-builder.ts';

const psbt = encodePsbt(honestPsbt({ wallet: testWallet(2, 3) }));
const base64 = toBase64(psbt);
const framesOf = (format: FrameFormat, version = format === 'base43' || format === 'plain' ? 40 : 10): string[] => {
  const sequence = frameSequence({ kind: 'psbt', bytes: psbt }, { format, version });
  return Array.from({ length: sequence.parts }, (_, index) => sequence.frame(index));
};
const code = (text: string) => expect.objectContaining({ code: text });

test.each<[string, Uint8Array]>([
  ['binary', psbt],
  ['base64', utf8(base64)],
  ['base64 with line ends, as mail programs break it', utf8(`\n${base64.replace(/(.{64})/g, '$1\r\n')}\n`)],
  ['base64 after a byte order mark', concat(parseHex('efbbbf'), utf8(base64))],
  ['hexadecimal', utf8(toHex(psbt))],
  ['hexadecimal in capitals with a line end', utf8(`${toHex(psbt).toUpperCase()}\n`)],
  ...(['strongroom', 'bbqr', 'ur', 'ur1', 'specter', 'base43', 'plain'] as const).map((format) => [`QR frames of the format ${format}, one a line`, utf8(`${framesOf(format).join('\r\n')}\n`)] as [string, Uint8Array]),
  ['BBQr frames parted by blanks', utf8(encodeBbqr(psbt, 'P', 200).join(' '))],
  ['a UR in one line, in lower case', utf8(framesOf('ur', 40).join('\n').toLowerCase())],
])('%s is told by its content', (_title, content) => {
  expect(toHex(readPsbtFile(content))).toBe(toHex(psbt));
});

test('the result is a copy', () => {
  const content = psbt.slice();
  const read = readPsbtFile(content);
  content.fill(0);
  expect(toHex(read)).toBe(toHex(psbt));
});

test.each([
  ['nothing', new Uint8Array(0)],
  ['blanks', utf8(' \n\t ')],
  ['a text', utf8('please sign this')],
  ['a network transaction in hexadecimal', utf8('0200000001aabb')],
  ['base64 of something else', utf8(toBase64(utf8('not a psbt at all')))],
  ['base64 that lost a character', utf8(base64.slice(0, -1))],
  ['binary of something else', parseHex('00ff00ff')],
])('psbt.malformed: %s', (_title, content) => {
  expect(() => readPsbtFile(content)).toThrow(code('psbt.malformed'));
});

test('frames of a transaction, of something else, of two transfers, damaged, too many, or not all of them are refused by name', () => {
  expect(() => readPsbtFile(utf8(encodeBbqr(psbt, 'T').join('\n')))).toThrow(code('frames.malformed'));
  expect(() => readPsbtFile(utf8(encodeBbqr(utf8('hello'), 'U').join('\n')))).toThrow(code('frames.malformed'));
  expect(() => readPsbtFile(utf8('ur:crypto-psbt/hdosjojkidjyzmadaenyaoaeaeaeaohd'))).toThrow(code('frames.checksum'));
  expect(() => readPsbtFile(utf8('ur:crypto-seed/oyadgdstaslplabghydrpfmkbggufgludprfgmamdpwmox'))).toThrow(code('frames.unsupported'));
  expect(() => readPsbtFile(utf8([...encodeBbqr(psbt, 'P', 200), ...encodeBbqr(psbt, 'P', 400)].join('\n')))).toThrow(code('frames.other-transfer'));
  expect(() => readPsbtFile(utf8('p1of9999 cHNidP8'))).toThrow(code('psbt.too-large'));
  expect(() => readPsbtFile(utf8(encodeBbqr(psbt, 'P', 200).slice(1).join('\n')))).toThrow(code('frames.incomplete'));
});

test('a file over the cap is refused before it is read', () => {
  expect(() => readPsbtFile(new Uint8Array(34 * 1024 * 1024))).toThrow(code('psbt.too-large'));
  expect(() => readPsbtFile(concat(psbt, new Uint8Array(16 * 1024 * 1024)))).toThrow(code('psbt.too-large'));
});
