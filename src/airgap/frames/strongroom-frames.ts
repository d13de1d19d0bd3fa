import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equalBytes, toHex, utf8 } from '../../domain/bytes.ts';
import { MAX_PSBT_BYTES } from '../../psbt/psbt.ts';
import { inflateRaw } from '../inflate.ts';
import { decodePairs, encodePairs, pairCharacters } from './base43-pairs.ts';
import { requireChecksum, type Frame } from './collector.ts';
import type { Content, ContentKind } from './content.ts';
import { crc32 } from './crc32.ts';
import { deflateRaw } from './deflate.ts';
import { doesNotFit, malformedFrame, tooLargeTransfer, wrongChecksum } from './frame-errors.ts';
import { sumOfFragments } from './fragment-solver.ts';
import { MAX_PARTS, MAX_TRANSFER_BYTES } from './limits.ts';

/*
 * Strongroom's own frames, between its two editions: what is sent is deflated, cut into equal fragments, and shown as the
 * fragments in turn and after them, for ever, as sums of random halves of them. Any frames do, in any order; about two more than
 * there are fragments suffice. docs/formats.md describes them to the byte.
 */

const PREFIX = 'S$1';
const KINDS: Readonly<Record<string, ContentKind>> = { P: 'psbt', T: 'transaction', W: 'wallet-descriptor', K: 'key-record', U: 'text', B: 'bytes' };
const HEADER_CHARACTERS = PREFIX.length + 1;
/** Transfer id, length of the message, number of the frame, and the checksum at the end. */
const ID_BYTES = 8;
const OVERHEAD_BYTES = ID_BYTES + 3 + 3 + 4;
const STORED = 0;
const DEFLATED = 1;
const SEQUENCES = 1 << 24;

export const looksLikeStrongroomFrame = (text: string): boolean => text.startsWith(PREFIX);

/**
 * A frame of Strongroom's own.
 * @throws StrongroomError `frames.malformed`, `frames.checksum`, `frames.too-large`
 */
export function readStrongroomFrame(text: string): Frame {
  const letter = text.charAt(PREFIX.length);
  const kind = KINDS[letter];
  const bytes = decodePairs(text.slice(HEADER_CHARACTERS));
  if (kind === undefined || bytes.length <= OVERHEAD_BYTES) throw malformedFrame('its header is none');
  const body = bytes.subarray(0, -4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (checksumOf(letter, body) !== view.getUint32(body.length)) throw wrongChecksum('a frame');
  const id = body.slice(0, ID_BYTES);
  const messageBytes = view.getUint32(ID_BYTES - 1) & 0xff_ffff;
  const sequence = view.getUint32(ID_BYTES + 2) & 0xff_ffff;
  const data = body.slice(ID_BYTES + 6);
  const parts = Math.ceil(messageBytes / data.length);
  if (messageBytes === 0 || data.length > messageBytes) throw malformedFrame('its header contradicts itself');
  if (messageBytes > MAX_TRANSFER_BYTES) throw tooLargeTransfer('bytes', MAX_TRANSFER_BYTES);
  if (parts > MAX_PARTS) throw tooLargeTransfer('frames', MAX_PARTS);
  return {
    sort: 'fountain', sequence, data, messageBytes,
    transfer: { format: 'strongroom', name: `strongroom ${letter} ${toHex(id)} ${parts}`, kind, parts },
    chooser: () => (number) => fragmentsOf(id, parts, number),
    finish(message) {
      requireChecksum(equalBytes(idOf(letter, message), id));
      return { kind, bytes: unpack(message) };
    },
  };
}

export interface StrongroomTransfer {
  readonly parts: number;
  frame(position: number): string;
}

/**
 * The endless frames of a content, each of at most `maxCharacters`.
 * @throws StrongroomError `frames.too-large`
 */
export function strongroomFrames({ kind, bytes }: Content, maxCharacters: number): StrongroomTransfer {
  const letter = Object.keys(KINDS).find((key) => KINDS[key] === kind) as string;
  const message = pack(bytes);
  const room = pairCharacters.bytesWithin(maxCharacters - HEADER_CHARACTERS) - OVERHEAD_BYTES;
  if (message.length > MAX_TRANSFER_BYTES || room < 1 || message.length / room > MAX_PARTS) throw doesNotFit(bytes.length, 'strongroom');
  const parts = Math.ceil(message.length / room);
  const fragmentBytes = Math.ceil(message.length / parts);
  // Rounding up may have left the last fragment without content.
  const count = Math.ceil(message.length / fragmentBytes);
  const id = idOf(letter, message);
  return {
    parts: count,
    frame(position) {
      const sequence = position % SEQUENCES;
      const header = new Uint8Array(ID_BYTES + 6);
      header.set(id);
      const view = new DataView(header.buffer);
      view.setUint16(ID_BYTES, message.length >>> 8);
      view.setUint8(ID_BYTES + 2, message.length & 0xff);
      view.setUint16(ID_BYTES + 3, sequence >>> 8);
      view.setUint8(ID_BYTES + 5, sequence & 0xff);
      const body = concat(header, sumOfFragments(message, fragmentBytes, fragmentsOf(id, count, sequence)));
      const checksum = new Uint8Array(4);
      new DataView(checksum.buffer).setUint32(0, checksumOf(letter, body));
      return `${PREFIX}${letter}${encodePairs(concat(body, checksum))}`;
    },
  };
}

const checksumOf = (letter: string, body: Uint8Array): number => crc32(concat(utf8(PREFIX + letter), body));
const idOf = (letter: string, message: Uint8Array): Uint8Array => sha256(concat(utf8(PREFIX + letter), message)).slice(0, ID_BYTES);

/** Which fragments a frame sums: one in the first round, then a random half, drawn by a generator that both sides have. */
function fragmentsOf(id: Uint8Array, count: number, sequence: number): readonly number[] {
  if (sequence < count) return [sequence];
  const view = new DataView(id.buffer, id.byteOffset, id.byteLength);
  let state = (view.getUint32(0) ^ Math.imul(sequence, 0x9e37_79b1)) >>> 0;
  const chosen: number[] = [];
  for (let start = 0; start < count; start += 32) {
    state = (state + 0x9e37_79b9) >>> 0;
    const word = mixed(state ^ view.getUint32(4));
    for (let bit = 0; bit < Math.min(32, count - start); bit += 1) if ((word >>> bit) & 1) chosen.push(start + bit);
  }
  // A sum of nothing tells nothing.
  return chosen.length === 0 ? [sequence % count] : chosen;
}

/** A bijection of 32 bits in which each bit depends on all (the finaliser of MurmurHash3). */
function mixed(value: number): number {
  let word = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2_ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

function pack(bytes: Uint8Array): Uint8Array {
  const deflated = deflateRaw(bytes);
  return deflated.length < bytes.length ? concat(Uint8Array.of(DEFLATED), deflated) : concat(Uint8Array.of(STORED), bytes);
}

function unpack(message: Uint8Array): Uint8Array {
  if (message[0] === STORED) return message.slice(1);
  if (message[0] !== DEFLATED) throw malformedFrame('its content is packed in no known way');
  return inflateRaw(message.subarray(1), MAX_PSBT_BYTES);
}
