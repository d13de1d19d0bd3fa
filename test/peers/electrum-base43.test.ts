import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ensureElectrum } from '../../scripts/lib/electrum.mjs';
import { encodeBase43 } from '../../src/airgap/frames/base43.ts';
import { assembleFrames } from '../../src/airgap/frames/frame-assembler.ts';
import { frameSequence } from '../../src/airgap/frames/frame-sequence.ts';
import { toHex } from '../../src/domain/bytes.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { noise } from '../unit/airgap/frames/noise.ts';
import { honestPsbt, testWallet } from '../unit/support/psbt-builder.ts';

const { python } = ensureElectrum();
const psbt = encodePsbt(honestPsbt({ wallet: testWallet(2, 3) }));

/** What Electrum's own functions make of hexadecimal texts: their Base43, and back. */
function asElectrumWrites(contents: readonly Uint8Array[]): { readonly text: string; readonly back: string }[] {
  const program = 'import sys, json; from electrum.bitcoin import base_encode, base_decode; print(json.dumps([{"text": (t := base_encode(bytes.fromhex(h), base=43)), "back": base_decode(t, base=43).hex()} for h in json.load(sys.stdin)]))';
  const result = spawnSync(python, ['-c', program], { encoding: 'utf8', input: JSON.stringify(contents.map(toHex)) });
  expect(result.status, result.stderr).toBe(0);
  return JSON.parse(result.stdout) as { text: string; back: string }[];
}

test('Base43 is to the character what Electrum writes, and a PSBT that it shows is read', () => {
  const contents = [psbt, Uint8Array.of(0, 0, 7), ...Array.from({ length: 200 }, (_, seed) => noise(1 + 13 * seed, seed + 1))];
  const written = asElectrumWrites(contents);
  expect(written).toHaveLength(contents.length);
  for (const [index, { text, back }] of written.entries()) {
    expect(encodeBase43(contents[index] as Uint8Array)).toBe(text);
    expect(back).toBe(toHex(contents[index] as Uint8Array));
  }
  expect(assembleFrames([written[0]?.text as string])).toEqual({ kind: 'psbt', bytes: psbt });
});

test('a PSBT that we show is taken by Electrum as a partial transaction', () => {
  const text = frameSequence({ kind: 'psbt', bytes: psbt }, { format: 'base43', version: 40 }).frame(0);
  const program = 'import sys; from electrum import constants; constants.set_regtest() if hasattr(constants, "set_regtest") else None; from electrum.transaction import tx_from_any; tx = tx_from_any(sys.stdin.read()); print(type(tx).__name__, len(tx.inputs()), len(tx.outputs()))';
  const result = spawnSync(python, ['-c', program], { encoding: 'utf8', input: text });
  expect(result.status, result.stderr).toBe(0);
  expect(result.stdout.trim()).toBe('PartialTransaction 2 2');
});
