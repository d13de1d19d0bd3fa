import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Content, ContentKind } from './content.ts';
import { malformedFrame, tooLargeTransfer, wrongChecksum } from './frame-errors.ts';
import { FragmentSolver } from './fragment-solver.ts';
import { MAX_SEEN_FRAMES, MAX_TEXT_CHARACTERS } from './limits.ts';

/** The forms in which frames are read. `plain` is a whole content in one text: base64, hexadecimal, or the text itself. */
export type FrameFormat = 'strongroom' | 'bbqr' | 'ur' | 'ur1' | 'specter' | 'base43' | 'plain';

/** What all frames of one transfer say alike. */
export interface Transfer {
  readonly format: FrameFormat;
  /** Differs between transfers as far as the format lets one tell; fit to be shown: `bbqr P 12`, `ur psbt 9f21c04d`. */
  readonly name: string;
  /** `null` where the format does not say before the end. */
  readonly kind: ContentKind | null;
  /** Frames that are needed at least. */
  readonly parts: number;
}

/** A frame that was read and belongs to a transfer. Its content is still bounded by nothing but its own length. */
export type Frame =
  | { readonly sort: 'whole'; readonly transfer: Transfer; read(): Content }
  | { readonly sort: 'numbered'; readonly transfer: Transfer; readonly index: number; readonly data: string; /** All but the last are of one length. */ readonly isEven: boolean; finish(parts: readonly string[]): Content }
  | {
      readonly sort: 'fountain'; readonly transfer: Transfer; readonly sequence: number; readonly data: Uint8Array; readonly messageBytes: number;
      /** Of the whole transfer: positions of the fragments that a frame sums. */
      chooser(): (sequence: number) => readonly number[];
      finish(message: Uint8Array): Content;
    };

/** What a frame did: told something new, was seen before, or told nothing that others had not (fountains only). */
export type Taken = 'new' | 'duplicate' | 'redundant';

/** Gathers the frames of one transfer. */
export interface Collector {
  readonly transfer: Transfer;
  /** @throws StrongroomError `frames.malformed`, `frames.other-transfer`, `frames.checksum`; nothing of the frame is taken then */
  add(frame: Frame): Taken;
  readonly isComplete: boolean;
  /** Frames that told something new. */
  readonly received: number;
  isKnown(part: number): boolean;
  /** @throws StrongroomError as the format's content demands */
  finish(): Content;
}

export function collectorFor(frame: Frame): Collector {
  switch (frame.sort) {
    case 'whole': return new WholeCollector(frame);
    case 'numbered': return new NumberedCollector(frame);
    case 'fountain': return new FountainCollector(frame);
  }
}

class WholeCollector implements Collector {
  readonly transfer: Transfer;
  readonly isComplete = true;
  readonly received = 1;
  private readonly content: Content;
  private taken = false;

  constructor(frame: Frame & { readonly sort: 'whole' }) {
    this.transfer = frame.transfer;
    this.content = frame.read();
  }

  add(): Taken {
    const result = this.taken ? 'duplicate' : 'new';
    this.taken = true;
    return result;
  }

  isKnown(): boolean {
    return true;
  }

  finish(): Content {
    return this.content;
  }
}

class NumberedCollector implements Collector {
  readonly transfer: Transfer;
  received = 0;
  private readonly parts: (string | undefined)[];
  /** Length of every part but the last, once one of them is known. */
  private evenLength: number | null = null;
  private characters = 0;
  private readonly end: (parts: readonly string[]) => Content;

  constructor(frame: Frame & { readonly sort: 'numbered' }) {
    this.transfer = frame.transfer;
    this.parts = new Array<string | undefined>(frame.transfer.parts);
    this.end = frame.finish;
  }

  get isComplete(): boolean {
    return this.received === this.parts.length;
  }

  add(frame: Frame): Taken {
    if (frame.sort !== 'numbered') throw malformedFrame('it is of another sort');
    const known = this.parts[frame.index];
    if (known === frame.data) return 'duplicate';
    if (known !== undefined) throw otherTransfer(this.transfer, frame.transfer, `frame ${frame.index + 1} has another content`);
    const isLast = frame.index === this.parts.length - 1;
    const fits = isLast ? frame.data.length <= (this.evenLength ?? frame.data.length) : frame.data.length === (this.evenLength ?? Math.max(frame.data.length, this.parts.at(-1)?.length ?? 0));
    if (frame.isEven && !fits) throw otherTransfer(this.transfer, frame.transfer, `frame ${frame.index + 1} has another length`);
    if (this.characters + frame.data.length > MAX_TEXT_CHARACTERS) throw tooLargeTransfer('characters', MAX_TEXT_CHARACTERS);
    if (frame.isEven && !isLast) this.evenLength = frame.data.length;
    this.characters += frame.data.length;
    this.parts[frame.index] = frame.data;
    this.received += 1;
    return 'new';
  }

  isKnown(part: number): boolean {
    return this.parts[part] !== undefined;
  }

  finish(): Content {
    return this.end(this.parts as readonly string[]);
  }
}

class FountainCollector implements Collector {
  readonly transfer: Transfer;
  private readonly solver: FragmentSolver;
  private readonly fragmentsOf: (sequence: number) => readonly number[];
  private readonly messageBytes: number;
  private readonly fragmentBytes: number;
  private readonly seen = new Set<number>();
  private readonly end: (message: Uint8Array) => Content;

  constructor(frame: Frame & { readonly sort: 'fountain' }) {
    this.transfer = frame.transfer;
    this.messageBytes = frame.messageBytes;
    this.fragmentBytes = frame.data.length;
    this.solver = new FragmentSolver(frame.transfer.parts, frame.data.length);
    this.fragmentsOf = frame.chooser();
    this.end = frame.finish;
  }

  get received(): number {
    return this.solver.rank;
  }

  get isComplete(): boolean {
    return this.solver.isComplete;
  }

  add(frame: Frame): Taken {
    if (frame.sort !== 'fountain' || frame.data.length !== this.fragmentBytes) throw malformedFrame('it is of another length than the others');
    if (this.seen.has(frame.sequence)) return 'duplicate';
    const isNew = this.solver.add(this.fragmentsOf(frame.sequence), frame.data);
    if (this.seen.size < MAX_SEEN_FRAMES) this.seen.add(frame.sequence);
    return isNew ? 'new' : 'redundant';
  }

  isKnown(part: number): boolean {
    return this.solver.isKnown(part);
  }

  finish(): Content {
    return this.end(this.solver.message(this.messageBytes));
  }
}

/** `frames.other-transfer`: which transfer was begun and which one the frame belongs to. */
export const otherTransfer = (begun: Transfer, found: Transfer, reason: string): StrongroomError =>
  new StrongroomError('frames.other-transfer', `This frame belongs to another transfer (${found.name}) than the one being read (${begun.name}): ${reason}.`, { reading: begun.name, found: found.name, reason }, 'Finish or drop the transfer being read, then scan the other one.');

/** For a message that the format protects by a checksum of its own. */
export function requireChecksum(isRight: boolean): void {
  if (!isRight) throw wrongChecksum('the whole transfer');
}
