import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { CodeReply, CodeRequest } from './messages.ts';
import { readPictureSize, unreadablePicture } from './picture-header.ts';

declare const __STRONGROOM_CODE_WORKER__: string | undefined;

/** One picture of a camera: brightness, a byte a pixel, row by row. */
export interface LumaFrame {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

/** Reads the QR codes of pictures in a worker that it can end. */
export interface CodeReader {
  /**
   * The texts of the QR codes in a PNG or JPEG picture, each once; empty when there are none.
   * @param file the file's bytes
   * @throws StrongroomError `picture.unreadable`, `picture.too-large`, `host.cancelled` when it was put away meanwhile
   */
  readonly inPicture: (file: Uint8Array) => Promise<readonly string[]>;
  /**
   * The same of one frame of a camera. A frame that cannot be decoded has no codes: the next one comes at once.
   * @throws StrongroomError `picture.unreadable` when the pixels are not as many as width and height say
   */
  readonly inFrame: (frame: LumaFrame) => Promise<readonly string[]>;
  /** Ends the worker and with it whatever it still holds of a picture. The next picture starts another. */
  readonly forget: () => Promise<void>;
}

/** The longest that a picture may take, milliseconds; a scanned A4 page takes about one second. */
const LIMIT_MS = 10_000;
/** A worker that nobody has asked for this long goes away, and the last picture with it, milliseconds. */
const IDLE_MS = 15_000;

/** Texts; `null` for a picture that cannot be decoded; or why there is no answer. */
type Outcome = readonly string[] | null | 'too-slow' | 'forgotten' | 'fault';

interface Waiting {
  readonly id: number;
  readonly settle: (outcome: Outcome) => void;
}

/** @param start starts the worker: an argument for tests, which plant one that never answers */
export function createCodeReader({ limitMs = LIMIT_MS, idleMs = IDLE_MS, start = startWorker }: { readonly limitMs?: number; readonly idleMs?: number; readonly start?: () => Worker } = {}): CodeReader {
  let worker: Worker | null = null;
  let waiting: Waiting | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  let count = 0;

  /** Ends this worker, if it is still the present one: a late event of one that is gone changes nothing. */
  async function end(which: Worker | null, outcome: Outcome): Promise<void> {
    if (which === null || which !== worker) return;
    clearTimeout(idle);
    worker = null;
    const lost = waiting;
    waiting = null;
    await which.terminate();
    lost?.settle(outcome);
  }

  function present(): Worker {
    if (worker !== null) return worker;
    const fresh = start();
    worker = fresh;
    fresh.on('message', ({ id, texts }: CodeReply) => {
      if (fresh !== worker || waiting?.id !== id) return;
      // A decoder that gave up in the middle may be of no use any more: the next picture gets a new one.
      if (texts === null) void end(fresh, null);
      else waiting.settle(texts);
    });
    fresh.on('error', (fault) => void end(fresh, (fault as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? null : 'fault'));
    fresh.on('exit', () => void end(fresh, 'fault'));
    return fresh;
  }

  /** One picture at a time: the worker's memory is bounded for one. */
  function ask(request: (id: number) => CodeRequest): Promise<Outcome> {
    const answer = queue.then(
      () =>
        new Promise<Outcome>((resolve) => {
          clearTimeout(idle);
          count += 1;
          const id = count;
          const asked = present();
          asked.ref();
          const limit = setTimeout(() => void end(asked, 'too-slow'), limitMs);
          waiting = {
            id,
            settle: (outcome) => {
              clearTimeout(limit);
              waiting = null;
              // An idle worker does not keep a command-line program from ending.
              asked.unref();
              idle = setTimeout(() => void end(asked, 'forgotten'), idleMs);
              idle.unref();
              resolve(outcome);
            },
          };
          const message = request(id);
          const bytes = message.kind === 'picture' ? message.file : message.luma;
          asked.postMessage(message, [bytes.buffer as ArrayBuffer]);
        }),
    );
    queue = answer.catch(() => undefined);
    return answer;
  }

  return {
    async inPicture(file) {
      readPictureSize(file);
      // A copy: the bytes go over to the worker, and the caller's stay.
      const copy = new Uint8Array(file);
      const texts = withoutFault(await ask((id) => ({ kind: 'picture', id, file: copy })));
      if (texts === 'too-slow') throw unreadablePicture('it took too long to decode');
      if (texts === null) throw unreadablePicture('it is damaged or not what its name says');
      return [...new Set(texts)];
    },
    async inFrame({ width, height, luma }) {
      if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 1 || height < 1 || luma.length !== width * height) throw unreadablePicture('its pixels are not as many as its sides say');
      const copy = new Uint8Array(luma);
      const texts = withoutFault(await ask((id) => ({ kind: 'frame', id, width, height, luma: copy })));
      return texts === null || texts === 'too-slow' ? [] : [...new Set(texts)];
    },
    forget: () => end(worker, 'forgotten'),
  };
}

/** A worker that does not start or ends by itself is a fault of the program, not of the picture. */
function withoutFault(outcome: Outcome): readonly string[] | null | 'too-slow' {
  if (outcome === 'forgotten') throw new StrongroomError('host.cancelled', 'The picture was put away before it was read.', {}, 'Show or choose it again.');
  if (outcome === 'fault') throw new Error('the code reading worker ended');
  return outcome;
}

/**
 * The worker. In a bundle its program is a file beside the bundle, named by the build; from source it is the module itself.
 * It gets no environment, no arguments and no standard input, and its own heap is bounded (the decoder's memory is bounded
 * by its program).
 */
function startWorker(): Worker {
  const options = { env: {}, argv: [], execArgv: [], stdin: false, resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 } };
  return typeof __STRONGROOM_CODE_WORKER__ === 'string' ? new Worker(join(__dirname, __STRONGROOM_CODE_WORKER__), options) : new Worker(new URL('./code-worker.ts', import.meta.url), options);
}

let shared: CodeReader | null = null;

/** The process's one reader, started by the first picture. */
export function codeReader(): CodeReader {
  shared ??= createCodeReader();
  return shared;
}

/** The texts of the QR codes in a PNG or JPEG picture. @throws StrongroomError `picture.unreadable`, `picture.too-large` */
export const readCodesInPicture = (file: Uint8Array): Promise<readonly string[]> => codeReader().inPicture(file);

/** The texts of the QR codes in a frame of a camera. @throws StrongroomError `picture.unreadable` */
export const readCodesInFrame = (frame: LumaFrame): Promise<readonly string[]> => codeReader().inFrame(frame);
