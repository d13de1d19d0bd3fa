import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equalBytes, toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { decodeBc32, encodeBc32 } from './bc32.ts';
import { decodeBytewords, encodeBytewords } from './bytewords.ts';
import { decodeCbor, encodeCbor, isArray } from './cbor.ts';
import { requireChecksum, type Frame } from './collector.ts';
import { crc32 } from './crc32.ts';
import { doesNotFit, malformedFrame, tooLargeTransfer } from './frame-errors.ts';
import { sumOfFragments } from './fragment-solver.ts';
import { MAX_PARTS, MAX_TEXT_CHARACTERS, MAX_TRANSFER_BYTES } from './limits.ts';
import { evenSlices } from './slices.ts';
import { FragmentChooser, fragmentBytesFor } from './ur-fragments.ts';
import { contentOfUr, kindOfUrType } from './ur-content.ts';

/*
 * Uniform Resources: version 2 (bytewords, fountain parts `7-29`) and the version 1 of May 2020 (BC32, parts `2of7` with a digest),
 * which some devices never left.
 */
export const looksLikeUr = (text: string): boolean => /^ur:/i.test(text);

/**
 * A UR, whole or a part of one, in either case.
 * @throws StrongroomError `frames.malformed`, `frames.checksum`, `frames.too-large`, `frames.unsupported`
 * @see BCR-2020-005; BCR-2024-001; for version 1, BCR-0005
 */
export function readUrFrame(text: string): Frame {
  if (text.length > MAX_TEXT_CHARACTERS) throw tooLargeTransfer('characters', MAX_TEXT_CHARACTERS);
  const [type = '', ...path] = text.slice(3).toLowerCase().split('/');
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(type)) throw malformedFrame('its type is none');
  // Said from the first frame on: nobody scans five hundred frames of what is not taken.
  const kind = kindOfUrType(type);
  const numbers = /^([0-9]{1,10})(-|of)([0-9]{1,10})$/.exec(path[0] ?? '');
  if (path.length === 1) return wholeUr(type, path[0] as string);
  if (path.length === 2 && numbers?.[2] === '-') return readPart(type, kind, Number(numbers[1]), Number(numbers[3]), path[1] as string);
  if (path.length === 3 && numbers?.[2] === 'of') return readPartOfVersion1(type, kind, Number(numbers[1]), Number(numbers[3]), path[1] as string, path[2] as string);
  throw malformedFrame('its parts are none of a UR');
}

function wholeUr(type: string, words: string): Frame {
  const version2 = attempt(() => decodeBytewords(words));
  // Their letters overlap, their checksums do not.
  const version1 = version2.failed === undefined ? null : attempt(() => decodeBc32(words));
  const cbor = version2.value ?? version1?.value;
  if (cbor === undefined) throw /[0-9]/.test(words) ? (version1?.failed as StrongroomError) : (version2.failed as StrongroomError);
  const format = version2.value === undefined ? 'ur1' : 'ur';
  return { sort: 'whole', transfer: { format, name: `${format} ${type} ${hex32(crc32(cbor))}`, kind: kindOfUrType(type), parts: 1 }, read: () => contentOfUr(type, version2.value ?? asVersion1Wrote(cbor)) };
}

function attempt<T>(read: () => T): { readonly value?: T; readonly failed?: StrongroomError } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof StrongroomError) return { failed: error };
    throw error;
  }
}

function readPart(type: string, kind: ReturnType<typeof kindOfUrType>, sequence: number, parts: number, words: string): Frame {
  if (parts > MAX_PARTS) throw tooLargeTransfer('frames', MAX_PARTS);
  const part = decodeCbor(decodeBytewords(words));
  const [number, count, messageBytes, checksum, data] = isArray(part) && part.length === 5 ? part : [];
  if (number !== sequence || count !== parts || typeof messageBytes !== 'number' || typeof checksum !== 'number' || !(data instanceof Uint8Array)) throw malformedFrame('its two headers contradict each other');
  if (messageBytes > MAX_TRANSFER_BYTES) throw tooLargeTransfer('bytes', MAX_TRANSFER_BYTES);
  if (sequence < 1 || sequence > 0xffff_ffff || checksum < 0 || checksum > 0xffff_ffff || data.length === 0 || messageBytes < 1 || Math.ceil(messageBytes / data.length) !== parts) throw malformedFrame('its numbers are impossible');
  return {
    sort: 'fountain', sequence, data, messageBytes,
    transfer: { format: 'ur', name: `ur ${type} ${hex32(checksum)} ${parts}`, kind, parts },
    chooser() {
      const chooser = new FragmentChooser(parts, checksum);
      return (each) => chooser.fragmentsOf(each);
    },
    finish(message) {
      requireChecksum(crc32(message) === checksum);
      return contentOfUr(type, message);
    },
  };
}

function readPartOfVersion1(type: string, kind: ReturnType<typeof kindOfUrType>, number: number, parts: number, digestText: string, fragment: string): Frame {
  if (number < 1 || number > parts) throw malformedFrame('its numbers are impossible');
  if (parts > MAX_PARTS) throw tooLargeTransfer('frames', MAX_PARTS);
  const digest = decodeBc32(digestText);
  if (digest.length !== 32) throw malformedFrame('its digest is none');
  return {
    sort: 'numbered', index: number - 1, data: fragment, isEven: false,
    transfer: { format: 'ur1', name: `ur1 ${type} ${toHex(digest.subarray(0, 4))} ${parts}`, kind, parts },
    finish(fragments) {
      const cbor = decodeBc32(fragments.join(''));
      requireChecksum(equalBytes(sha256(cbor), digest));
      return contentOfUr(type, asVersion1Wrote(cbor));
    },
  };
}

const hex32 = (value: number): string => value.toString(16).padStart(8, '0');

export interface UrTransfer {
  readonly parts: number;
  frame(position: number): string;
}

/** Array, sequence, count, length, checksum and the head of the fragment, at their longest; then the words' checksum. */
const PART_BYTES = 1 + 5 + 3 + 5 + 5 + 5 + 4;

/**
 * The endless parts of a UR in capitals, as codes hold them densest; a single UR where it fits one frame.
 * @throws StrongroomError `frames.too-large`
 * @see BCR-2024-001
 */
export function urFrames(type: string, cbor: Uint8Array, maxCharacters: number): UrTransfer {
  const prefix = `UR:${type.toUpperCase()}/`;
  if (prefix.length + 2 * (cbor.length + 4) <= maxCharacters) {
    const whole = prefix + encodeBytewords(cbor).toUpperCase();
    return { parts: 1, frame: () => whole };
  }
  const room = Math.floor((maxCharacters - prefix.length - '4294967295-4096/'.length) / 2) - PART_BYTES;
  if (room < 1 || cbor.length > MAX_TRANSFER_BYTES || cbor.length / room > MAX_PARTS) throw doesNotFit(cbor.length, 'ur');
  const fragmentBytes = fragmentBytesFor(cbor.length, room);
  const parts = Math.ceil(cbor.length / fragmentBytes);
  const checksum = crc32(cbor);
  const chooser = new FragmentChooser(parts, checksum);
  return {
    parts,
    frame(position) {
      const sequence = (position % 0xffff_ffff) + 1;
      const sum = sumOfFragments(cbor, fragmentBytes, chooser.fragmentsOf(sequence));
      return `${prefix}${sequence}-${parts}/${encodeBytewords(encodeCbor([sequence, parts, cbor.length, checksum, sum])).toUpperCase()}`;
    },
  };
}

/**
 * The frames of a UR of version 1, in capitals.
 * @throws StrongroomError `frames.too-large`
 * @see BCR-0005
 */
export function ur1Frames(type: string, cbor: Uint8Array, maxCharacters: number): string[] {
  const prefix = `UR:${type.toUpperCase()}/`;
  const text = encodeBc32(cbor).toUpperCase();
  if (prefix.length + text.length <= maxCharacters) return [prefix + text];
  const digest = encodeBc32(sha256(cbor)).toUpperCase();
  const room = maxCharacters - prefix.length - '4096OF4096/'.length - digest.length - 1;
  if (room < 1 || text.length / room > MAX_PARTS) throw doesNotFit(cbor.length, 'ur1');
  const slices = evenSlices(text, room);
  return slices.map((slice, index) => `${prefix}${index + 1}OF${slices.length}/${digest}/${slice}`);
}

/** The length of bytes beyond 65,535 as version 1's paper wrote it, by mistake, and its devices with it: 60 in place of 5A. @see BCR-0005 */
function asVersion1Wrote(cbor: Uint8Array): Uint8Array {
  return cbor[0] === 0x60 && cbor.length > 65_535 ? concat(Uint8Array.of(0x5a), cbor.subarray(1)) : cbor;
}
