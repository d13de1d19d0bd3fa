import { toBase64, toHex, utf8 } from '../../domain/bytes.ts';
import { encodeBbqr, type BbqrEncoding, type BbqrFileType } from '../bbqr.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { encodeBase43 } from './base43.ts';
import { codeCapacity, codeModeOf, versionFor, type CodeMode } from './code-capacity.ts';
import type { FrameFormat } from './collector.ts';
import type { Content } from './content.ts';
import { doesNotFit, malformedFrame } from './frame-errors.ts';
import { encodeSpecter } from './specter.ts';
import { strongroomFrames } from './strongroom-frames.ts';
import { ur1Frames, urFrames } from './ur.ts';
import { urOfContent, type UrNames } from './ur-content.ts';
import { utf8Text } from './utf8-text.ts';

export interface FrameChoice {
  readonly format: FrameFormat;
  /** Version of the codes, 1 to 40, at low correction: the density. */
  readonly version: number;
  /** Fewer characters a frame than the version holds. */
  readonly maxCharacters?: number;
  /** `Z` unless another device reads only one of the others. */
  readonly bbqrEncoding?: BbqrEncoding;
  /** `crypto` unless another device knows today's names only. */
  readonly urNames?: UrNames;
}

/** The endless frames of one content. */
export interface FrameSequence {
  readonly format: FrameFormat;
  /** Frames after which everything was shown once. Formats without a fountain begin again then. */
  readonly parts: number;
  /** How the codes hold the text, and the one version that all frames fit, so that the code does not change its size. */
  readonly mode: CodeMode;
  readonly version: number;
  /** The text of a frame. @param position from 0, without end */
  frame(position: number): string;
}

const FILE_TYPES: Readonly<Record<Content['kind'], BbqrFileType>> = { psbt: 'P', transaction: 'T', 'wallet-descriptor': 'U', 'key-record': 'U', text: 'U', bytes: 'B' };

/**
 * The frames of a content in a format.
 * @throws StrongroomError `frames.too-large` when it does not fit; `frames.unsupported` when the format has no form for it
 */
export function frameSequence(content: Content, choice: FrameChoice): FrameSequence {
  if (content.bytes.length === 0) throw malformedFrame('there is nothing to be shown');
  const room = (mode: CodeMode): number => Math.min(choice.maxCharacters ?? Number.POSITIVE_INFINITY, codeCapacity(choice.version, mode));
  switch (choice.format) {
    case 'strongroom': return endless(choice, strongroomFrames(content, room('alphanumeric')));
    case 'bbqr': return looped(choice, bbqrFrames(content, room('alphanumeric'), choice.bbqrEncoding ?? 'Z'));
    case 'ur': {
      const { type, cbor } = urOfContent(content, choice.urNames);
      return endless(choice, urFrames(type, cbor, room('alphanumeric')));
    }
    // Version 1 is what wrapped everything in `bytes`; its readers know no other type.
    case 'ur1': return looped(choice, ur1Frames('bytes', urOfContent({ kind: 'bytes', bytes: content.bytes }).cbor, room('alphanumeric')));
    case 'specter': return looped(choice, encodeSpecter(plainText(content), room('byte')));
    case 'base43': return looped(choice, [encodeBase43(content.bytes, room('alphanumeric'))]);
    case 'plain': return looped(choice, [fitting(plainText(content), room)]);
  }
}

function bbqrFrames(content: Content, maxCharacters: number, encoding: BbqrEncoding): string[] {
  try {
    return encodeBbqr(content.bytes, FILE_TYPES[content.kind], maxCharacters, encoding);
  } catch (error) {
    throw error instanceof StrongroomError && error.code === 'psbt.too-large' ? doesNotFit(content.bytes.length, 'bbqr') : error;
  }
}

function plainText({ kind, bytes }: Content): string {
  if (kind === 'psbt') return toBase64(bytes);
  if (kind === 'transaction') return toHex(bytes).toUpperCase();
  return utf8Text(bytes) ?? toBase64(bytes);
}

function fitting(text: string, room: (mode: CodeMode) => number): string {
  const length = utf8(text).length;
  if (length > room(codeModeOf(text))) throw doesNotFit(length, 'plain');
  return text;
}

const looped = (choice: FrameChoice, frames: readonly string[]): FrameSequence =>
  endless(choice, { parts: frames.length, frame: (position) => frames[position % frames.length] as string });

function endless({ format, version }: FrameChoice, { parts, frame }: { readonly parts: number; frame(position: number): string }): FrameSequence {
  const mode = codeModeOf(frame(0));
  // Numbers in later frames have more digits: what the choice allows is the most, and one frame needs what it needs.
  const needed = parts === 1 ? versionFor(utf8(frame(0)).length, mode) : null;
  return { format, parts, mode, version: needed ?? version, frame };
}
