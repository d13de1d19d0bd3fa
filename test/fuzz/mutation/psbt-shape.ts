import { ByteWriter } from '../../../src/domain/byte-writer.ts';

/** A key-value pair; the sizes that are written may be lies. */
export interface ShapeField {
  key: Uint8Array;
  value: Uint8Array;
  keySize?: Uint8Array;
  valueSize?: Uint8Array;
}

/** A PSBT as maps, read without judgement: whatever is no map any more is the tail. */
export interface PsbtShape {
  magic: Uint8Array;
  maps: ShapeField[][];
  tail: Uint8Array;
}

export interface InputShape { hash: Uint8Array; index: Uint8Array; script: Uint8Array; sequence: Uint8Array }
export interface OutputShape { value: Uint8Array; script: Uint8Array }
export interface TransactionShape {
  version: Uint8Array;
  ins: InputShape[];
  outs: OutputShape[];
  /** Marker, flag and stacks as they stood, where there were any. */
  witness: { marker: Uint8Array; stacks: Uint8Array } | null;
  locktime: Uint8Array;
}

/** Reads front to back; `null` once where the bytes end too early. */
class Cursor {
  at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(length: number): Uint8Array | null {
    if (length > this.left) return null;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  size(): number | null {
    const first = this.take(1)?.[0];
    if (first === undefined) return null;
    if (first < 0xfd) return first;
    const rest = this.take(first === 0xfd ? 2 : first === 0xfe ? 4 : 8);
    return rest === null ? null : rest.reduceRight((sum, byte) => sum * 256 + byte, 0);
  }

  sized(): Uint8Array | null {
    const size = this.size();
    return size === null ? null : this.take(size);
  }
}

export function readShape(bytes: Uint8Array): PsbtShape {
  const cursor = new Cursor(bytes);
  const magic = cursor.take(Math.min(5, bytes.length)) as Uint8Array;
  const maps: ShapeField[][] = [];
  for (;;) {
    const start = cursor.at;
    const map = readMapShape(cursor);
    if (map === null) return { magic, maps, tail: bytes.subarray(start) };
    maps.push(map);
  }
}

function readMapShape(cursor: Cursor): ShapeField[] | null {
  const map: ShapeField[] = [];
  while (cursor.left > 0) {
    const key = cursor.sized();
    if (key?.length === 0) return map;
    const value = key === null ? null : cursor.sized();
    if (key === null || value === null) return null;
    map.push({ key, value });
  }
  return null;
}

export const sizeBytes = (size: number): Uint8Array => new ByteWriter().compactSize(size).bytes();

/** Written into one piece of memory that is used again: this runs for every input. */
let scratch = new Uint8Array(1 << 17);

export function writeShape({ magic, maps, tail }: PsbtShape): Uint8Array {
  let length = 0;
  const put = (part: Uint8Array): void => {
    if (length + part.length > scratch.length) {
      const larger = new Uint8Array(2 * (length + part.length));
      larger.set(scratch.subarray(0, length));
      scratch = larger;
    }
    scratch.set(part, length);
    length += part.length;
  };
  const putSize = (size: number): void => {
    if (size < 0xfd && length < scratch.length) scratch[length++] = size;
    else put(sizeBytes(size));
  };
  put(magic);
  for (const map of maps) {
    for (const { key, value, keySize, valueSize } of map) {
      if (keySize === undefined) putSize(key.length);
      else put(keySize);
      put(key);
      if (valueSize === undefined) putSize(value.length);
      else put(valueSize);
      put(value);
    }
    putSize(0);
  }
  put(tail);
  return scratch.slice(0, length);
}

/** `null` for what cannot be taken apart as a transaction. */
export function readTransactionShape(bytes: Uint8Array): TransactionShape | null {
  const cursor = new Cursor(bytes);
  const version = cursor.take(4);
  const marker = bytes[4] === 0 && bytes[5] === 1 ? cursor.take(2) : null;
  const ins = readList(cursor, 1000, () => ({ hash: cursor.take(32), index: cursor.take(4), script: cursor.sized(), sequence: cursor.take(4) }));
  const outs = ins === null ? null : readList(cursor, 1000, () => ({ value: cursor.take(8), script: cursor.sized() }));
  const stacks = cursor.take(cursor.left - 4);
  const locktime = stacks === null || cursor.left !== 4 ? null : cursor.take(4);
  if (version === null || ins === null || outs === null || stacks === null || locktime === null) return null;
  return { version, ins, outs, witness: marker === null ? null : { marker, stacks }, locktime };
}

function readList<T extends Record<string, Uint8Array | null>>(cursor: Cursor, most: number, item: () => T): { [Name in keyof T]: Uint8Array }[] | null {
  const count = cursor.size();
  if (count === null || count > most) return null;
  const list: T[] = [];
  for (let index = 0; index < count; index += 1) {
    const read = item();
    if (Object.values(read).includes(null)) return null;
    list.push(read);
  }
  return list as unknown as { [Name in keyof T]: Uint8Array }[];
}

export function writeTransactionShape({ version, ins, outs, witness, locktime }: TransactionShape, withWitness = true): Uint8Array {
  const writer = new ByteWriter().raw(version);
  if (witness !== null && withWitness) writer.raw(witness.marker);
  writer.compactSize(ins.length);
  for (const { hash, index, script, sequence } of ins) writer.raw(hash).raw(index).sized(script).raw(sequence);
  writer.compactSize(outs.length);
  for (const { value, script } of outs) writer.raw(value).sized(script);
  if (witness !== null && withWitness) writer.raw(witness.stacks);
  return writer.raw(locktime).bytes();
}
