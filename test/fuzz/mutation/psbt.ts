import { concat } from '../../../src/domain/bytes.ts';
import { doubleSha256 } from '../../../src/psbt/transaction.ts';
import type { Random } from '../engine/random.ts';
import { edgeNumber, mutateBytes, someLength } from './bytes.ts';
import { readShape, readTransactionShape, sizeBytes, writeShape, writeTransactionShape, type PsbtShape, type ShapeField, type TransactionShape } from './psbt-shape.ts';

/** Types with a meaning in BIP174, BIP370, BIP371 and BIP373, in any kind of map, and the length that some values must have. */
const KNOWN_TYPES = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0xfb, 0xfc];
const KEY_LENGTHS = [0, 0, 0, 20, 32, 33, 64, 65, 66, 78, 98];
const VALUE_LENGTHS = [0, 1, 4, 4, 8, 16, 32, 33, 64, 65, 66, 71, 72];
const SIGHASHES = [0, 1, 2, 3, 0x41, 0x81, 0x82, 0x83, 0xff];
const SEQUENCES = [0, 1, 0xffff_fffd, 0xffff_fffe, 0xffff_ffff, 0x0040_0001, 0x8000_0000];

const uint32 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
const mapOf = (shape: PsbtShape, random: Random): ShapeField[] => (shape.maps.length === 0 ? [] : random.pick(shape.maps));
const fieldOf = (shape: PsbtShape, random: Random): ShapeField | undefined => {
  const map = mapOf(shape, random);
  return map.length === 0 ? undefined : random.pick(map);
};
const unsignedField = (shape: PsbtShape): ShapeField | undefined => shape.maps[0]?.find(({ key }) => key.length === 1 && key[0] === 0);

/** A public key by its form; every second one is not on the curve. */
const keyShaped = (random: Random): Uint8Array => {
  const key = random.bytes(random.oneIn(4) ? 65 : 33);
  key[0] = key.length === 65 ? 4 : 2 + random.int(2);
  return key;
};

function madeField(random: Random): ShapeField {
  const type = random.oneIn(8) ? random.next() & 0xff : random.pick(KNOWN_TYPES);
  const keyData = random.oneIn(3) ? keyShaped(random) : random.bytes(random.pick(KEY_LENGTHS));
  const value = random.oneIn(4) ? edgeNumber(random, random.pick([1, 4, 8])) : random.bytes(random.oneIn(16) ? someLength(random, 300) : random.pick(VALUE_LENGTHS));
  return { key: concat(Uint8Array.of(type), keyData), value };
}

/** One change inside a transaction. */
export function mutateTransactionShape(transaction: TransactionShape, random: Random): void {
  const input = transaction.ins.length === 0 ? undefined : random.pick(transaction.ins);
  const output = transaction.outs.length === 0 ? undefined : random.pick(transaction.outs);
  switch (random.int(13)) {
    case 0:
      transaction.version = edgeNumber(random, 4);
      break;
    case 1:
      transaction.locktime = random.oneIn(2) ? edgeNumber(random, 4) : random.bytes(4);
      break;
    case 2:
      if (input !== undefined) input.sequence = uint32(random.pick(SEQUENCES));
      break;
    case 3:
      if (input !== undefined) input.index = random.oneIn(2) ? uint32(random.int(4)) : edgeNumber(random, 4);
      break;
    case 4:
      if (input !== undefined) transaction.ins.splice(random.int(transaction.ins.length + 1), 0, { ...input });
      break;
    case 5:
      transaction.ins.splice(random.int(transaction.ins.length), 1);
      break;
    case 6:
      if (output !== undefined) output.value = edgeNumber(random, 8);
      break;
    case 7:
      if (output !== undefined) output.value = uint32(random.next()).length === 4 ? concat(random.bytes(4), new Uint8Array(4)) : output.value;
      break;
    case 8:
      if (output !== undefined) output.script = mutateBytes(output.script, input?.hash ?? output.script, random);
      break;
    case 9:
      if (output !== undefined) transaction.outs.splice(random.int(transaction.outs.length + 1), 0, { ...output });
      break;
    case 10:
      transaction.outs.splice(random.int(transaction.outs.length), 1);
      break;
    case 11:
      if (input !== undefined) input.script = random.oneIn(2) ? new Uint8Array(0) : random.bytes(someLength(random, 100));
      break;
    default:
      if (input !== undefined) input.hash = mutateBytes(input.hash, input.hash, random).slice(0, 32);
      if (input !== undefined && input.hash.length < 32) input.hash = random.bytes(32);
  }
}

/** As many maps as the unsigned transaction demands, so that more than the counts is looked at. */
function fitMaps(shape: PsbtShape, transaction: TransactionShape): void {
  const wanted = 1 + transaction.ins.length + transaction.outs.length;
  if (wanted > 60) return;
  while (shape.maps.length > wanted) shape.maps.pop();
  while (shape.maps.length < wanted) shape.maps.push((shape.maps[1 + (shape.maps.length % 2)] ?? []).map((field) => ({ ...field })));
}

/** Changes a previous transaction and has the unsigned one spend what came of it: the proof stays whole, the content does not. */
function mutatePrevious(shape: PsbtShape, random: Random): void {
  const unsigned = unsignedField(shape);
  const transaction = unsigned === undefined ? null : readTransactionShape(unsigned.value);
  if (unsigned === undefined || transaction === null || transaction.ins.length === 0) return;
  const position = random.int(transaction.ins.length);
  const field = shape.maps[1 + position]?.find(({ key }) => key.length === 1 && key[0] === 0);
  const previous = field === undefined ? null : readTransactionShape(field.value);
  if (field === undefined || previous === null) return;
  mutateTransactionShape(previous, random);
  if (random.oneIn(6)) previous.witness = null;
  field.value = writeTransactionShape(previous);
  (transaction.ins[position] as { hash: Uint8Array }).hash = doubleSha256(writeTransactionShape(previous, false));
  unsigned.value = writeTransactionShape(transaction);
}

/** The same content as a PSBT of version 2 (BIP370). */
function toVersion2(shape: PsbtShape, random: Random): void {
  const unsigned = unsignedField(shape);
  const transaction = unsigned === undefined ? null : readTransactionShape(unsigned.value);
  const globals = shape.maps[0];
  if (unsigned === undefined || transaction === null || globals === undefined) return;
  fitMaps(shape, transaction);
  if (shape.maps.length !== 1 + transaction.ins.length + transaction.outs.length) return;
  const field = (type: number, value: Uint8Array): ShapeField => ({ key: Uint8Array.of(type), value });
  globals.splice(globals.indexOf(unsigned), 1, field(0x02, transaction.version), field(0x03, transaction.locktime), field(0x04, sizeBytes(transaction.ins.length)), field(0x05, sizeBytes(transaction.outs.length)));
  if (random.oneIn(3)) globals.push(field(0x06, Uint8Array.of(random.int(8))));
  globals.push(field(0xfb, uint32(2)));
  for (const [index, input] of transaction.ins.entries()) {
    const map = shape.maps[1 + index] as ShapeField[];
    map.push(field(0x0e, input.hash), field(0x0f, input.index));
    if (!random.oneIn(3)) map.push(field(0x10, input.sequence));
    if (random.oneIn(8)) map.push(field(0x11, edgeNumber(random, 4)));
    if (random.oneIn(8)) map.push(field(0x12, edgeNumber(random, 4)));
  }
  for (const [index, output] of transaction.outs.entries()) (shape.maps[1 + transaction.ins.length + index] as ShapeField[]).push(field(0x03, output.value), field(0x04, output.script));
}

const operations: readonly ((shape: PsbtShape, other: PsbtShape, random: Random) => void)[] = [
  // A field twice, in one map or in two.
  (shape, _other, random) => {
    const field = fieldOf(shape, random);
    if (field !== undefined) mapOf(shape, random).push({ ...field });
  },
  (shape, _other, random) => void mapOf(shape, random).splice(random.int(4), 1),
  (shape, _other, random) => {
    const map = mapOf(shape, random);
    const [field] = map.splice(random.int(map.length), 1);
    if (field !== undefined) map.splice(random.int(map.length + 1), 0, field);
  },
  (shape, _other, random) => {
    const map = mapOf(shape, random);
    const [field] = map.splice(random.int(map.length), 1);
    if (field !== undefined) mapOf(shape, random).push(field);
  },
  // From another file: into any map, or in the place of a field of the same type.
  (shape, other, random) => {
    const field = fieldOf(other, random);
    if (field !== undefined) mapOf(shape, random).push({ ...field });
  },
  (shape, other, random) => {
    const field = fieldOf(other, random);
    const same = field === undefined ? undefined : shape.maps.flat().find(({ key }) => key[0] === field.key[0] && !random.oneIn(3));
    if (field !== undefined && same !== undefined) same.value = field.value;
  },
  (shape, _other, random) => {
    const field = fieldOf(shape, random);
    if (field !== undefined) field.key = concat(Uint8Array.of(random.pick(KNOWN_TYPES)), field.key.subarray(1));
  },
  (shape, _other, random) => {
    const field = fieldOf(shape, random);
    if (field !== undefined) field.key = mutateBytes(field.key, field.value, random);
  },
  (shape, other, random) => {
    const field = fieldOf(shape, random);
    if (field !== undefined) field.value = mutateBytes(field.value, fieldOf(other, random)?.value ?? field.key, random);
  },
  // Sizes that lie, or are longer than they need be.
  (shape, _other, random) => {
    const field = fieldOf(shape, random);
    const lie = random.oneIn(2) ? concat(Uint8Array.of(0xfd + random.int(3)), edgeNumber(random, random.pick([2, 4, 8]))) : sizeBytes(random.int(300));
    if (field !== undefined) field[random.oneIn(2) ? 'keySize' : 'valueSize'] = lie;
  },
  (shape, _other, random) => {
    const field = fieldOf(shape, random);
    if (field !== undefined) field.valueSize = concat(Uint8Array.of(0xfe), uint32(field.value.length));
  },
  (shape, _other, random) => void shape.maps.splice(random.int(shape.maps.length + 1), 0, mapOf(shape, random).map((field) => ({ ...field }))),
  (shape, _other, random) => void shape.maps.splice(random.int(shape.maps.length), 1),
  (shape, _other, random) => {
    const [map] = shape.maps.splice(1 + random.int(shape.maps.length), 1);
    if (map !== undefined) shape.maps.splice(1 + random.int(shape.maps.length), 0, map);
  },
  (shape, _other, random) => {
    const unsigned = unsignedField(shape);
    const transaction = unsigned === undefined ? null : readTransactionShape(unsigned.value);
    if (unsigned === undefined || transaction === null) return;
    mutateTransactionShape(transaction, random);
    unsigned.value = writeTransactionShape(transaction);
    if (!random.oneIn(4)) fitMaps(shape, transaction);
  },
  (shape, _other, random) => mutatePrevious(shape, random),
  (shape, _other, random) => mutatePrevious(shape, random),
  (shape, _other, random) => void mapOf(shape, random).push(madeField(random)),
  (shape, _other, random) => void mapOf(shape, random).push(madeField(random)),
  (shape, _other, random) => {
    const field = shape.maps.flat().find(({ key }) => key.length === 1 && key[0] === 0x03 && !random.oneIn(3));
    if (field === undefined) mapOf(shape, random).push({ key: Uint8Array.of(3), value: uint32(random.pick(SIGHASHES)) });
    else field.value = uint32(random.pick(SIGHASHES));
  },
  // Very many of something, with keys that differ: what costs more than its size shows.
  (shape, _other, random) => {
    if (!random.oneIn(24)) return;
    const field = fieldOf(shape, random);
    const map = mapOf(shape, random);
    if (field === undefined) return;
    const copies = 1 << random.int(11);
    for (let copy = 0; copy < copies && copies * (field.key.length + field.value.length) < 60_000; copy += 1) {
      const key = Uint8Array.from(field.key.length < 4 ? concat(field.key, new Uint8Array(3)) : field.key);
      key.set([copy, copy >> 8], key.length - 2);
      map.push({ key, value: field.value });
    }
  },
  (shape, _other, random) => toVersion2(shape, random),
  (shape, _other, random) => {
    shape.tail = random.oneIn(2) ? new Uint8Array(0) : random.bytes(someLength(random, 32));
  },
  (shape, _other, random) => void shape.maps[0]?.push({ key: Uint8Array.of(0xfb), value: uint32(random.int(4)) }),
];

/** One to eight changes to a PSBT's maps, fields and transactions; sometimes to its bytes as such. */
export function mutatePsbt(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  if (random.oneIn(6)) return mutateBytes(input, other, random);
  const shape = readShape(input);
  const donor = readShape(other);
  for (let changes = 1 + random.int(1 << random.int(4)); changes > 0; changes -= 1) random.pick(operations)(shape, donor, random);
  const bytes = writeShape(shape);
  return random.oneIn(20) ? mutateBytes(bytes, other, random) : bytes;
}

/** Several files as one input: a length of four bytes before each. What is left over is a file too. */
export function splitFiles(bytes: Uint8Array): Uint8Array[] {
  const files: Uint8Array[] = [];
  for (let at = 0; at < bytes.length && files.length < 4; ) {
    const length = at + 4 <= bytes.length ? new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0) : bytes.length;
    files.push(bytes.subarray(Math.min(bytes.length, at + 4), Math.min(bytes.length, at + 4 + length)));
    at += 4 + length;
  }
  return files;
}

export const joinFiles = (files: readonly Uint8Array[]): Uint8Array => concat(...files.flatMap((file) => [uint32(file.length).reverse(), file]));

/** Changes one of several files, or which ones there are. */
export function mutateFiles(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const files = splitFiles(input);
  const others = splitFiles(other);
  const at = random.int(files.length);
  const donor = others.length === 0 ? new Uint8Array(0) : random.pick(others);
  switch (random.int(8)) {
    case 0:
      if (files.length < 4) files.push(files[at] ?? donor);
      break;
    case 1:
      if (files.length > 1) files.splice(at, 1);
      break;
    case 2:
      files[at] = donor;
      break;
    default:
      files[at] = mutatePsbt(files[at] ?? donor, donor, random);
  }
  return joinFiles(files);
}
