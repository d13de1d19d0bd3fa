import { codeModules, codesOfSequence } from '../../airgap/frames/code-modules.ts';
import { contentOfBytes } from '../../airgap/frames/content.ts';
import { chooseFrames } from '../../airgap/frames/frame-choice.ts';
import { frameSequence, type FrameSequence } from '../../airgap/frames/frame-sequence.ts';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Handlers } from '../../host/contract.ts';
import type { framesContract } from '../../host/frames-wire.ts';
import { calibrationMark, calibrationText } from './calibration-codes.ts';
import { isFountain, ScanSession } from './scan-session.ts';

/** What codes need of the world. */
export interface FrameEffects {
  /** 32 hex digits that nobody can guess. */
  readonly newHandle: () => string;
  /** The texts of the codes in a picture of a camera. @throws StrongroomError `picture.*` */
  readonly textsInView: (picture: { readonly width: number; readonly height: number; readonly luma: Uint8Array }) => Promise<readonly string[]>;
  /** The same of pictures that a person chooses; `null` when nothing was chosen. @throws StrongroomError `picture.*`, `file.*` */
  readonly textsInChosenPictures: () => Promise<readonly string[] | null>;
}

export type FrameHandlers = Omit<Handlers<typeof framesContract>, 'frames.settings' | 'frames.keep-settings'>;

/** Transfers at the same time: one is shown and one read, and a dialog that was left in a hurry may have left one behind. */
const MOST_TRANSFERS = 4;

/** What is held under handles; the one that was left alone longest makes room. */
class Held<T> {
  readonly #held = new Map<string, T>();

  add(handle: string, thing: T): void {
    const [oldest] = this.#held.keys();
    if (this.#held.size >= MOST_TRANSFERS && oldest !== undefined) this.#held.delete(oldest);
    this.#held.set(handle, thing);
  }

  /** @throws StrongroomError `frames.gone` */
  use(handle: string): T {
    const thing = this.#held.get(handle);
    if (thing === undefined) throw new StrongroomError('frames.gone', 'This transfer is not held any more.', {}, 'Begin it again.');
    this.#held.delete(handle);
    this.#held.set(handle, thing);
    return thing;
  }

  drop(handle: string): void {
    this.#held.delete(handle);
  }

  clear(): void {
    this.#held.clear();
  }
}

export interface FrameDesk {
  readonly handlers: FrameHandlers;
  /** Drops everything that is shown or was scanned. */
  readonly clear: () => void;
}

/** Codes that are shown and scanned, held here under handles: the window draws what it gets, and sends what its camera sees. */
export function createFrameDesk(effects: FrameEffects): FrameDesk {
  const sequences = new Held<FrameSequence>();
  const sessions = new Held<ScanSession>();
  return {
    handlers: {
      'frames.encode': ({ contentBase64, reader, format, version }) => {
        const choice = chooseFrames(reader, { ...(format === null ? {} : { format }), ...(version === null ? {} : { version }) });
        const opened = frameSequence(contentOfBytes(parseBase64(contentBase64)), choice);
        const sequence = effects.newHandle();
        sequences.add(sequence, opened);
        return { sequence, format: opened.format, parts: opened.parts, version: opened.version, size: sizeOf(opened.version), isFountain: isFountain(opened) };
      },
      'frames.codes': ({ sequence, from, count }) => ({ codes: codesOfSequence(sequences.use(sequence), from, count).map(({ rows }) => toBase64(rows)) }),
      'frames.drop': ({ handle }) => {
        sequences.drop(handle);
        sessions.drop(handle);
        return {};
      },
      'frames.begin': ({ expects }) => {
        const session = effects.newHandle();
        sessions.add(session, new ScanSession(expects));
        return { session };
      },
      'frames.scan': async ({ session, picture }) => {
        const scan = sessions.use(session);
        return scan.take(await effects.textsInView(picture));
      },
      'frames.scan-file': async ({ session }) => {
        const scan = sessions.use(session);
        const texts = await effects.textsInChosenPictures();
        return texts === null ? null : scan.take(texts);
      },
      'frames.read': ({ session, texts }) => sessions.use(session).take(texts),
      'frames.reset': ({ session }) => sessions.use(session).reset(),
      'frames.result': ({ session }) => {
        const { content, name } = sessions.use(session).result();
        return { kind: content.kind, contentBase64: toBase64(content.bytes), name };
      },
      'frames.calibration': ({ version, from, count }) => ({
        codes: Array.from({ length: count }, (_, index) => toBase64(codeModules(calibrationText(version, from + index), version).rows)),
        size: sizeOf(version),
      }),
      'frames.measure': async ({ picture }) => ({ marks: (await effects.textsInView(picture)).flatMap((text) => calibrationMark(text) ?? []) }),
    },
    clear: () => {
      sequences.clear();
      sessions.clear();
    },
  };
}

/** Modules in a row of a code. @see ISO/IEC 18004 */
const sizeOf = (version: number): number => 17 + 4 * version;
