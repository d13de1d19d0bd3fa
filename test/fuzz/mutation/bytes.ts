import { concat } from '../../../src/domain/bytes.ts';
import type { Random } from '../engine/random.ts';

/** Where counts, sizes and amounts turn. */
const EDGES_8 = [0, 1, 2, 0x7f, 0x80, 0xfc, 0xfd, 0xfe, 0xff];
const EDGES_16 = [0, 1, 0xfc, 0xfd, 0xff, 0x100, 0x7fff, 0x8000, 0xffff];
const EDGES_32 = [0, 1, 0xffff, 0x10000, 499_999_999, 500_000_000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffd, 0xffff_fffe, 0xffff_ffff];
const EDGES_64 = [0n, 1n, 546n, 0xffff_ffffn, 0x1_0000_0000n, 2_099_999_999_999_999n, 2_100_000_000_000_000n, 2_100_000_000_000_001n, 0x1f_ffff_ffff_ffffn, 0x20_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn, 0x8000_0000_0000_0000n, 0xffff_ffff_ffff_ffffn];

export function edgeNumber(random: Random, width: 1 | 2 | 4 | 8): Uint8Array {
  const bytes = new Uint8Array(width);
  const view = new DataView(bytes.buffer);
  if (width === 1) view.setUint8(0, random.pick(EDGES_8));
  if (width === 2) view.setUint16(0, random.pick(EDGES_16), true);
  if (width === 4) view.setUint32(0, random.pick(EDGES_32), true);
  if (width === 8) view.setBigUint64(0, random.pick(EDGES_64), true);
  return bytes;
}

export const replaceRange = (bytes: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array => concat(bytes.subarray(0, start), by, bytes.subarray(end));

/** Few mostly, many sometimes: 1, 2, 4, ... up to `most`. */
export const someLength = (random: Random, most: number): number => Math.min(most, 1 + random.int(1 << random.int(8)));

const operations: readonly ((bytes: Uint8Array, other: Uint8Array, random: Random, tokens: readonly Uint8Array[]) => Uint8Array)[] = [
  (bytes, _other, random) => {
    const changed = bytes.slice();
    if (changed.length > 0) changed[random.int(changed.length)]! ^= 1 << random.int(8);
    return changed;
  },
  (bytes, _other, random) => {
    const changed = bytes.slice();
    if (changed.length > 0) changed[random.int(changed.length)] = random.next();
    return changed;
  },
  (bytes, _other, random) => {
    const changed = bytes.slice();
    if (changed.length > 0) changed[random.int(changed.length)]! += random.int(33) - 16;
    return changed;
  },
  (bytes, _other, random) => {
    const number = edgeNumber(random, random.pick([1, 2, 4, 8]));
    const at = random.int(bytes.length + 1);
    return replaceRange(bytes, at, Math.min(bytes.length, at + (random.oneIn(4) ? 0 : number.length)), number);
  },
  (bytes, _other, random) => {
    const at = random.int(bytes.length + 1);
    return replaceRange(bytes, at, at, random.bytes(someLength(random, 64)));
  },
  (bytes, _other, random) => {
    const at = random.int(bytes.length);
    return replaceRange(bytes, at, Math.min(bytes.length, at + someLength(random, bytes.length)), new Uint8Array(0));
  },
  (bytes, _other, random) => {
    const from = random.int(bytes.length);
    const at = random.int(bytes.length + 1);
    return replaceRange(bytes, at, at, bytes.subarray(from, from + someLength(random, bytes.length)));
  },
  (bytes, _other, random) => bytes.subarray(0, random.int(bytes.length + 1)),
  (bytes, other, random) => concat(bytes.subarray(0, random.int(bytes.length + 1)), other.subarray(random.int(other.length + 1))),
  (bytes, other, random) => {
    const from = random.int(other.length);
    const part = other.subarray(from, from + someLength(random, other.length));
    const at = random.int(bytes.length + 1);
    return replaceRange(bytes, at, random.oneIn(2) ? at : Math.min(bytes.length, at + part.length), part);
  },
  (bytes, _other, random, tokens) => {
    if (tokens.length === 0) return bytes;
    const token = random.pick(tokens);
    const at = random.int(bytes.length + 1);
    return replaceRange(bytes, at, random.oneIn(2) ? at : Math.min(bytes.length, at + token.length), token);
  },
];

/** One to eight changes without regard to what the bytes mean. */
export function mutateBytes(input: Uint8Array, other: Uint8Array, random: Random, tokens: readonly Uint8Array[] = []): Uint8Array {
  let bytes = input;
  for (let changes = 1 + random.int(1 << random.int(4)); changes > 0; changes -= 1) bytes = random.pick(operations)(bytes, other, random, tokens);
  return bytes;
}
