import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encodeBbqr } from '../../src/airgap/bbqr.ts';
import { deflateRaw } from '../../src/airgap/frames/deflate.ts';
import { assembleFrames, FrameAssembler } from '../../src/airgap/frames/frame-assembler.ts';
import { readPsbtFile } from '../../src/airgap/psbt-file.ts';
import { toHex, utf8 } from '../../src/domain/bytes.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { parseTransaction } from '../../src/psbt/transaction.ts';

const folder = join(process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors'), 'bbqr');
const linesOf = (name: string): string[] => readFileSync(join(folder, name), 'latin1').split(/\s+/).filter((line) => line.startsWith('B$'));
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));

test('the recorded scan of a device is read: compressed, with every frame several times', () => {
  const lines = linesOf('real-scan.txt');
  const { kind, bytes } = assembleFrames(lines);
  expect(lines.length).toBeGreaterThan(8);
  expect([kind, bytes.length]).toEqual(['text', 12_518]);
});

test('a recorded scan in which codes overlap: what was read short is found out at the end, nothing is guessed, and the scan begins anew', () => {
  const assembler = new FrameAssembler();
  const outcomes = linesOf('overlapped-qr.txt').map((line) => {
    try {
      return assembler.read(line).outcome;
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
  expect(outcomes).toEqual(['new', 'frames.malformed', 'frames.malformed', 'new']);
  expect(() => assembler.result()).toThrow(expect.objectContaining({ code: 'frames.incomplete' }));
});

test.each(['1in2out.psbt', '1in10out.psbt', '1in20out.psbt', '1in100out.psbt', '1in1000out.psbt'])('%s crosses the gap in frames of every encoding and comes back byte for byte', (name) => {
  const psbt = readPsbtFile(bytesOf(name));
  for (const encoding of ['H', '2', 'Z'] as const) {
    const frames = encodeBbqr(psbt, 'P', 1062, encoding);
    expect(frames.every((frame) => frame.startsWith(`B$${encoding}P`))).toBe(true);
    expect(toHex(readPsbtFile(utf8(frames.join('\n'))))).toBe(toHex(psbt));
  }
  expect(toHex(encodePsbt(decodePsbt(psbt)))).toBe(toHex(psbt));
});

/** Sizes that the specification publishes for `wbits` 10; ours may differ by a few bytes either way. @see BBQr, "Advanced Encodings" */
test.each([
  ['1in1000out.psbt', 22_095], ['1in100out.psbt', 2654], ['1in10out.psbt', 670], ['1in20out.psbt', 897], ['1in2out.psbt', 458],
  ['devils-txn.txn', 356], ['finalized-by-ckcc.txn', 807], ['last.txn', 530], ['nfc-result.txn', 362], ['signed.txn', 77_090],
])('%s deflates with a window of 1,024 bytes to within two per cent of %i bytes, and zlib reads it with that window', (name, published) => {
  const content = bytesOf(name);
  const deflated = deflateRaw(content, 1024);
  expect(deflated.length).toBeLessThan(published * 1.02);
  expect(toHex(inflateRawSync(deflated, { windowBits: 10 }))).toBe(toHex(content));
});

test.each(['last.txn', 'nfc-result.txn', 'signed.txn'])('%s, a transaction in binary, is read from its frames as one', (name) => {
  const content = bytesOf(name);
  expect(assembleFrames(encodeBbqr(content, 'T', 2132, 'Z'))).toEqual({ kind: 'transaction', bytes: content });
});

test.each(['devils-txn.txn', 'finalized-by-ckcc.txn'])('%s, a transaction in hexadecimal, is read from one code', (name) => {
  const { kind, bytes } = assembleFrames([readFileSync(join(folder, name), 'latin1')]);
  expect(kind).toBe('transaction');
  expect(parseTransaction(bytes).transaction.outs.length).toBeGreaterThan(0);
});

interface Part {
  readonly part: string;
  readonly repo: string;
  readonly path: string;
}

/** Each series, by whose tests it is of and how it begins, and what becomes of it. */
const expected = [
  // One of its four texts is the same frame as another, read short: the two contradict each other.
  ['Coldcard/firmware B$ZP02', 4, 'frames.other-transfer'],
  ['coinkite/BBQr B$ZU08', 8, 'text, 12518 bytes'],
  ['selfcustody/krux B$ZU0100', 1, 'text, 215 bytes'],
  ['selfcustody/krux B$ZU02', 2, 'text, 519 bytes'],
  ['selfcustody/krux B$ZU0100', 1, 'wallet-descriptor, 154 bytes'],
  ['selfcustody/krux B$ZU0100', 1, 'text, 492 bytes'],
  ['selfcustody/krux B$2J07', 7, 'text, 3010 bytes'],
  ['selfcustody/krux B$ZP05', 5, 'psbt, 1306 bytes'],
  ['selfcustody/krux B$ZP0100', 1, 'psbt, 291 bytes'],
  ['selfcustody/krux B$2P02', 2, 'psbt, 1306 bytes'],
  ['selfcustody/krux B$2P0100', 1, 'psbt, 291 bytes'],
  ['selfcustody/krux B$HT04', 4, 'transaction, 1374 bytes'],
  ['selfcustody/krux B$2U0100', 1, 'text, 13 bytes'],
];

test('parts that other projects test with: each series is read, or refused with its reason', () => {
  const series: { name: string; parts: string[] }[] = [];
  for (const { part, repo } of JSON.parse(readFileSync(join(folder, 'bbqr_parts_from_tests.json'), 'utf8')) as Part[]) {
    const isWhole = part.slice(4, 8) === '0100';
    const name = `${repo} ${part.slice(0, isWhole ? 8 : 6)}`;
    const open = isWhole ? undefined : series.find((other) => other.name === name);
    if (open === undefined) series.push({ name, parts: [part] });
    else open.parts.push(part);
  }
  expect(series.map(({ name, parts }) => [name, parts.length, outcomeOf(parts)])).toEqual(expected);
});

function outcomeOf(parts: readonly string[]): string {
  try {
    const { kind, bytes } = assembleFrames(parts);
    return `${kind}, ${bytes.length} bytes`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}
