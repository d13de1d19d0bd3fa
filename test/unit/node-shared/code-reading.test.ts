import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readPictureSize } from '../../../src/node/shared/code-reading/picture-header.ts';
import { codeReader, createCodeReader, readCodesInFrame, readCodesInPicture, type CodeReader } from '../../../src/node/shared/code-reading/read-codes.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { jpegOfACode } from '../../support/jpeg-of-a-code.ts';
import { pictureOfCodes, pngFile, pngOf } from '../../support/pictures.ts';

/** Codes in pictures of strangers: read in a worker, bounded in size, memory and time. */

const unreadable = expect.objectContaining({ code: 'picture.unreadable' });
const tooLarge = expect.objectContaining({ code: 'picture.too-large' });

afterAll(() => codeReader().forget());

describe('codes are read', () => {
  test('several in one PNG, each once', async () => {
    const picture = pictureOfCodes(['bc1qexample', 'a longer text, with 0123456789', 'bc1qexample']);
    expect([...(await readCodesInPicture(pngOf(picture)))].sort()).toEqual(['a longer text, with 0123456789', 'bc1qexample']);
  });

  test('in a JPEG', async () => {
    expect(await readCodesInPicture(jpegOfACode)).toEqual(['JPEG']);
  });

  test('in a frame of a camera', async () => {
    expect(await readCodesInFrame(pictureOfCodes(['by camera']))).toEqual(['by camera']);
  });

  test('a picture without a code has none', async () => {
    expect(await readCodesInPicture(pngOf(pictureOfCodes([])))).toEqual([]);
    expect(await readCodesInFrame(pictureOfCodes([]))).toEqual([]);
  });

  test('many at a time, each answer to its own picture', async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `picture ${index}`);
    expect(await Promise.all(texts.map((text) => readCodesInPicture(pngOf(pictureOfCodes([text])))))).toEqual(texts.map((text) => [text]));
  });

  test('the caller keeps its bytes: what goes to the worker is a copy', async () => {
    const file = pngOf(pictureOfCodes(['kept']));
    await readCodesInPicture(file);
    expect(file.length).toBeGreaterThan(100);
  });
});

describe('what is no picture of a page is refused before it is decoded', () => {
  const header = (width: number, height: number): Uint8Array => pngFile({ width, height, scanLines: new Uint8Array(1) });

  test.each([
    ['an empty file', new Uint8Array()],
    ['text', new TextEncoder().encode('not a picture, but quite long enough to be one')],
    ['a GIF', new TextEncoder().encode('GIF89a\u0040\u0000\u0040\u0000 and some more bytes that nobody reads')],
    ['a PNG of no width', header(0, 100)],
    ['a PNG smaller than any code', header(15, 15)],
    ['a JPEG without a frame', new Uint8Array([0xff, 0xd8, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0])],
    ['a JPEG that states two sizes', new Uint8Array([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 64, 0, 64, 1, 1, 0x11, 0, 0xff, 0xc2, 0, 11, 8, 0, 32, 0, 32, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8])],
    ['a JPEG whose segment has no length', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0])],
  ])('%s', async (_name, file) => {
    await expect(readCodesInPicture(file)).rejects.toThrow(unreadable);
  });

  test('a PNG and a JPEG of more than 40 million pixels, whatever they hold', async () => {
    await expect(readCodesInPicture(header(8000, 5001))).rejects.toThrow(tooLarge);
    await expect(readCodesInPicture(header(0xffffffff, 0xffffffff))).rejects.toThrow(tooLarge);
    expect(readPictureSize(header(8000, 5000))).toEqual({ widthPx: 8000, heightPx: 5000 });
    await expect(readCodesInPicture(new Uint8Array([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8]))).rejects.toThrow(tooLarge);
  });

  test('a file of more than 64 MiB', () => {
    expect(() => readPictureSize(new Uint8Array(67_108_865))).toThrow(tooLarge);
  });

  test('a frame whose pixels are not as many as its sides say', async () => {
    await expect(readCodesInFrame({ width: 100, height: 100, luma: new Uint8Array(9_999) })).rejects.toThrow(unreadable);
    await expect(readCodesInFrame({ width: -1, height: -1, luma: new Uint8Array(1) })).rejects.toThrow(unreadable);
  });
});

describe('what the decoder cannot digest does no harm', () => {
  test.each([
    ['cut in the middle', pngOf(pictureOfCodes(['cut'])).slice(0, 120)],
    ['25 million pixels promised, a hundred bytes given', pngFile({ width: 5000, height: 5000, scanLines: new Uint8Array(100) })],
    ['a small picture that unpacks to 900 MB', pngFile({ width: 64, height: 64, scanLines: new Uint8Array(900_000_000) })],
  ])('%s: a named error, and the next picture is read', async (_name, file) => {
    await expect(readCodesInPicture(file)).rejects.toThrow(unreadable);
    expect(await readCodesInPicture(pngOf(pictureOfCodes(['next'])))).toEqual(['next']);
  });

  test('flipped bytes give texts or a named error, never anything else', async () => {
    const good = pngOf(pictureOfCodes(['flip']));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 }), async (flips) => {
        const file = Uint8Array.from(good);
        for (const [at, bits] of flips) file[at] = (file[at] as number) ^ bits;
        const outcome = await readCodesInPicture(file).catch((fault: unknown) => fault);
        if (outcome instanceof Error) expect(outcome instanceof StrongroomError && ['picture.unreadable', 'picture.too-large'].includes(outcome.code)).toBe(true);
        else expect((outcome as readonly string[]).every((text) => text === 'flip')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a worker that does not answer is ended', () => {
  let reader: CodeReader;
  const started: Worker[] = [];
  afterEach(() => reader.forget());
  const planted = (program: string) => () => {
    const worker = new Worker(program, { eval: true });
    started.push(worker);
    return worker;
  };

  test('after its time, with a named error; the next picture gets another one', async () => {
    reader = createCodeReader({ limitMs: 200, start: planted("require('node:worker_threads').parentPort.on('message', () => { for (;;); })") });
    const file = pngOf(pictureOfCodes(['slow']));
    await expect(reader.inPicture(file)).rejects.toThrow(expect.objectContaining({ code: 'picture.unreadable', details: { reason: 'it took too long to decode' } }));
    expect(await reader.inFrame(pictureOfCodes(['slow']))).toEqual([]);
    expect(started.length).toBe(2);
    expect(started.every((worker) => worker.threadId === -1)).toBe(true);
  });

  test('out of memory is an unreadable picture, not the end of the program', async () => {
    reader = createCodeReader({ start: () => new Worker("require('node:worker_threads').parentPort.on('message', () => { const all = []; for (;;) all.push(new Array(10000).fill({})); })", { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } }) });
    await expect(reader.inPicture(pngOf(pictureOfCodes(['much'])))).rejects.toThrow(unreadable);
  });

  test('one that ends by itself is a fault of the program', async () => {
    reader = createCodeReader({ start: planted('process.exit(0)') });
    await expect(reader.inPicture(pngOf(pictureOfCodes(['gone'])))).rejects.toThrow('the code reading worker ended');
  });

  test('forgetting ends the worker, and what it was reading is unreadable', async () => {
    reader = createCodeReader({ start: planted("require('node:worker_threads').parentPort.on('message', () => undefined)") });
    const answer = reader.inPicture(pngOf(pictureOfCodes(['secret']))).catch((fault: unknown) => fault);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await reader.forget();
    expect(await answer).toEqual(expect.objectContaining({ code: 'host.cancelled' }));
    expect(started.at(-1)?.threadId).toBe(-1);
  });

  test('an idle one goes away with the last picture', async () => {
    reader = createCodeReader({ idleMs: 50, start: planted("require('node:worker_threads').parentPort.on('message', ({ id }) => require('node:worker_threads').parentPort.postMessage({ id, texts: [] }))") });
    expect(await reader.inPicture(pngOf(pictureOfCodes(['idle'])))).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(started.at(-1)?.threadId).toBe(-1);
  });
});
