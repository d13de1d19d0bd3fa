import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeBbqr, encodeBbqr } from '../../src/airgap/bbqr.ts';
import { readPsbtFile } from '../../src/airgap/psbt-file.ts';
import { toHex, utf8 } from '../../src/domain/bytes.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';

const folder = join(process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors'), 'bbqr');

test('the recorded scan of a device decodes: compressed, with every frame several times', () => {
  const lines = readFileSync(join(folder, 'real-scan.txt'), 'latin1').split(/\s+/).filter((line) => line.startsWith('B$'));
  const { fileType, bytes } = decodeBbqr(lines);
  expect(fileType).toBe('U');
  expect(lines.length).toBeGreaterThan(8);
  expect(bytes.length).toBeGreaterThan(1000);
});

test('a recorded scan in which a frame was read short is refused rather than guessed', () => {
  const lines = readFileSync(join(folder, 'overlapped-qr.txt'), 'latin1').split(/\s+/).filter((line) => line.startsWith('B$'));
  expect(() => decodeBbqr(lines)).toThrow(expect.objectContaining({ code: 'frames.malformed' }));
});

test.each(['1in2out.psbt', '1in10out.psbt', '1in20out.psbt', '1in100out.psbt', '1in1000out.psbt'])('%s crosses the gap in frames and comes back byte for byte', (name) => {
  const psbt = readPsbtFile(new Uint8Array(readFileSync(join(folder, name))));
  const frames = encodeBbqr(psbt, 'P', 1062);
  expect(toHex(readPsbtFile(utf8(frames.join('\n'))))).toBe(toHex(psbt));
  expect(toHex(encodePsbt(decodePsbt(psbt)))).toBe(toHex(psbt));
});
