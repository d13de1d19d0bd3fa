import { concat, utf8 } from '../../domain/bytes.ts';
import { malformedFrame } from './frame-errors.ts';
import { utf8Text } from './utf8-text.ts';

/** What CBOR of the UR registry consists of. Floating point, indefinite lengths and 64-bit integers beyond 2^53 are not read. */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap | CborTag;
export interface CborMap {
  readonly entries: readonly (readonly [CborValue, CborValue])[];
}
export interface CborTag {
  readonly tag: number;
  readonly value: CborValue;
}

/** Deeper than any registered type nests: descriptor, script, key, path, range. */
const MAX_DEPTH = 24;

export const isMap = (value: CborValue | undefined): value is CborMap => typeof value === 'object' && value !== null && 'entries' in value && !Array.isArray(value) && !(value instanceof Uint8Array);
export const isTag = (value: CborValue | undefined): value is CborTag => typeof value === 'object' && value !== null && 'tag' in value;
export const isArray = (value: CborValue | undefined): value is readonly CborValue[] => Array.isArray(value);

/** A member of a map under an integer key. */
export const memberOf = (map: CborMap, key: number): CborValue | undefined => map.entries.find(([name]) => name === key)?.[1];

/**
 * One CBOR item that fills the bytes. Nothing is allocated by a stated count: each stated length must be there.
 * @throws StrongroomError `frames.malformed`
 * @see RFC 8949
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  const reader = new CborReader(bytes);
  const value = reader.item(0);
  if (reader.left !== 0) throw malformedFrame('something follows its content');
  return value;
}

/** A byte string and nothing else, as `bytes` and `psbt` are. @throws StrongroomError `frames.malformed` */
export function decodeCborBytes(bytes: Uint8Array): Uint8Array {
  const value = decodeCbor(bytes);
  if (!(value instanceof Uint8Array)) throw malformedFrame('its content is not a string of bytes');
  return value;
}

class CborReader {
  private readonly bytes: Uint8Array;
  private offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.offset;
  }

  item(depth: number): CborValue {
    if (depth > MAX_DEPTH) throw malformedFrame('its content is nested too deeply');
    const head = this.take(1)[0] as number;
    const major = head >>> 5;
    if (major === 7) return simple(head & 31);
    const argument = this.argument(head & 31);
    switch (major) {
      case 0: return argument;
      case 1: return -1 - argument;
      case 2: return this.take(argument).slice();
      case 3: return utf8Text(this.take(argument)) ?? fail('a text in it is not UTF-8');
      case 4: return this.items(argument, depth);
      case 5: return this.map(argument, depth);
      default: return { tag: argument, value: this.item(depth + 1) };
    }
  }

  private items(count: number, depth: number): CborValue[] {
    // Each item takes a byte at least: a stated count beyond what is left is a lie.
    if (count > this.left) throw malformedFrame('it states more items than it has');
    const items: CborValue[] = [];
    for (let index = 0; index < count; index += 1) items.push(this.item(depth + 1));
    return items;
  }

  private map(count: number, depth: number): CborMap {
    if (2 * count > this.left) throw malformedFrame('it states more items than it has');
    const entries: (readonly [CborValue, CborValue])[] = [];
    const names = new Set<CborValue>();
    for (let index = 0; index < count; index += 1) {
      const key = this.item(depth + 1);
      if (typeof key === 'object' || names.has(key)) throw malformedFrame('a map in it names something twice or strangely');
      names.add(key);
      entries.push([key, this.item(depth + 1)]);
    }
    return { entries };
  }

  private argument(info: number): number {
    if (info < 24) return info;
    if (info > 27) throw malformedFrame('it holds a length of no known form');
    let value = 0;
    for (const byte of this.take(1 << (info - 24))) value = value * 256 + byte;
    if (value > Number.MAX_SAFE_INTEGER) throw malformedFrame('it holds a number that is too large');
    return value;
  }

  private take(count: number): Uint8Array {
    if (count > this.left) throw malformedFrame('it ends too early');
    this.offset += count;
    return this.bytes.subarray(this.offset - count, this.offset);
  }
}

function simple(info: number): boolean | null {
  if (info === 20 || info === 21) return info === 21;
  return info === 22 ? null : fail('it holds a value of no known form');
}

function fail(reason: string): never {
  throw malformedFrame(reason);
}

/** Deterministic CBOR: shortest heads; maps in the order given. @see RFC 8949, 4.2.1 */
export function encodeCbor(value: CborValue): Uint8Array {
  if (typeof value === 'number') return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
  if (typeof value === 'string') {
    const text = utf8(value);
    return concat(cborHead(3, text.length), text);
  }
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (value instanceof Uint8Array) return concat(cborHead(2, value.length), value);
  if (isArray(value)) return concat(cborHead(4, value.length), ...value.map(encodeCbor));
  if (isTag(value)) return concat(cborHead(6, value.tag), encodeCbor(value.value));
  return concat(cborHead(5, value.entries.length), ...value.entries.flatMap(([key, member]) => [encodeCbor(key), encodeCbor(member)]));
}

function cborHead(major: number, argument: number): Uint8Array {
  const lead = major << 5;
  if (argument < 24) return Uint8Array.of(lead | argument);
  if (argument < 0x100) return Uint8Array.of(lead | 24, argument);
  if (argument < 0x1_0000) return Uint8Array.of(lead | 25, argument >>> 8, argument & 0xff);
  const head = new Uint8Array(5);
  head[0] = lead | 26;
  new DataView(head.buffer).setUint32(1, argument);
  return head;
}
