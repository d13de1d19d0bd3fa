import { beforeEach, describe, expect, test } from 'vitest';
import { codeModules } from '../../../src/airgap/frames/code-modules.ts';
import type { FrameFormat } from '../../../src/airgap/frames/collector.ts';
import { frameReaders } from '../../../src/airgap/frames/frame-choice.ts';
import { frameSequence } from '../../../src/airgap/frames/frame-sequence.ts';
import { toBase64, utf8 } from '../../../src/domain/bytes.ts';
import type { Reply } from '../../../src/host/contract.ts';
import { ContentKindName, FrameFormatName, framesContract, FrameReaderName } from '../../../src/host/frames-wire.ts';
import { serve, type Dispatch } from '../../../src/host/serve.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { calibrationMark, calibrationText, CODES_OF_A_DENSITY } from '../../../src/service/shared/calibration-codes.ts';
import { createFrameDesk, type FrameDesk } from '../../../src/service/shared/frames-handlers.ts';
import { CODES_OF_A_DENSITY as codesInWindow } from '../../../renderer/frames/calibration.ts';
import { honestPsbt, testWallet } from '../support/psbt-builder.ts';

/* What a window can ask of codes: what it shows, what it scans, and what it is told of the rest. */

const wallet = testWallet(2, 3);
const psbtOf = (inputs: number): Uint8Array => encodePsbt(honestPsbt({ wallet, inputs: Array.from({ length: inputs }, (_, index) => ({ branch: 0 as const, index, amountSats: 3_000_000n + BigInt(977 * index) })) }));
const psbt = psbtOf(12);
const other = psbtOf(5);
const framesOf = (bytes: Uint8Array, format: FrameFormat, count: number, version = 14): string[] => {
  const sequence = frameSequence({ kind: 'psbt', bytes }, { format, version });
  return Array.from({ length: count }, (_, position) => sequence.frame(position));
};

let inView: readonly string[] | null;
let desk: FrameDesk;
let dispatch: Dispatch;
const faults: unknown[] = [];
beforeEach(() => {
  let handles = 0;
  inView = [];
  desk = createFrameDesk({ newHandle: () => String(handles += 1).padStart(32, '0'), textsInView: async () => inView ?? [], textsInChosenPictures: async () => inView });
  const { 'frames.settings': settings, 'frames.keep-settings': keepSettings, ...contract } = framesContract;
  expect([settings, keepSettings]).toHaveLength(2);
  dispatch = serve(contract, desk.handlers, (_name, fault) => faults.push(fault));
  faults.length = 0;
});
async function call(name: string, input: unknown): Promise<Record<string, never>> {
  const reply = (await dispatch(name, input, { progress: () => undefined, isCancelled: () => false })) as Reply<Record<string, never>>;
  if (!reply.ok) throw reply.error;
  return reply.value;
}
const begin = async (expects: readonly string[] = ['psbt']): Promise<string> => (await call('frames.begin', { expects }))['session'] as unknown as string;
const read = (session: string, ...texts: readonly string[]) => call('frames.read', { session, texts });

test('the boundary names the readers, formats and kinds that the program has', () => {
  expect([...FrameReaderName.options].sort()).toEqual([...frameReaders].sort());
  expect(FrameFormatName.options).toEqual(['strongroom', 'bbqr', 'ur', 'ur1', 'specter', 'base43', 'plain']);
  expect(ContentKindName.options).toEqual(['psbt', 'transaction', 'wallet-descriptor', 'key-record', 'text', 'bytes']);
});

describe('showing', () => {
  test('what is opened for a reader has the format and density that it reads best, and its codes are those of the sequence', async () => {
    const opened = await call('frames.encode', { contentBase64: toBase64(psbt), reader: 'coldcard-q', format: null, version: null });
    const sequence = frameSequence({ kind: 'psbt', bytes: psbt }, { format: 'bbqr', version: 27 });
    expect(opened).toMatchObject({ format: 'bbqr', version: 27, size: 125, parts: sequence.parts, isFountain: false });
    const { codes } = await call('frames.codes', { sequence: opened['sequence'], from: 1, count: 2 });
    expect(codes).toEqual([1, 2].map((position) => toBase64(codeModules(sequence.frame(position), 27, Math.floor(position / sequence.parts) % 8).rows)));
  });

  test('a person may choose another format and density', async () => {
    expect(await call('frames.encode', { contentBase64: toBase64(psbt), reader: 'strongroom', format: 'ur', version: 10 })).toMatchObject({ format: 'ur', version: 10, isFountain: true });
  });

  test('what does not fit is said', async () => {
    await expect(call('frames.encode', { contentBase64: toBase64(psbtOf(40)), reader: 'electrum', format: null, version: null })).rejects.toMatchObject({ code: 'frames.too-large' });
  });

  test('four transfers are held; the one that was left alone longest makes room', async () => {
    const handles: unknown[] = [];
    for (let opened = 0; opened < 5; opened += 1) handles.push((await call('frames.encode', { contentBase64: toBase64(other), reader: 'any', format: null, version: null }))['sequence']);
    await expect(call('frames.codes', { sequence: handles[0], from: 0, count: 1 })).rejects.toMatchObject({ code: 'frames.gone' });
    await expect(call('frames.codes', { sequence: handles[1], from: 0, count: 1 })).resolves.toMatchObject({});
  });

  test('nothing is held any more once it was dropped, or the window locked', async () => {
    const { sequence } = await call('frames.encode', { contentBase64: toBase64(other), reader: 'any', format: null, version: null });
    await call('frames.drop', { handle: sequence });
    await expect(call('frames.codes', { sequence, from: 0, count: 1 })).rejects.toMatchObject({ code: 'frames.gone' });
    const session = await begin();
    desk.clear();
    await expect(call('frames.reset', { session })).rejects.toMatchObject({ code: 'frames.gone' });
  });
});

describe('scanning', () => {
  test('nothing was scanned yet: there is no result', async () => {
    const session = await begin();
    expect(await read(session)).toEqual({ seen: 0, transfer: null, received: 0, missing: [], isComplete: false, others: [], problem: null });
    await expect(call('frames.result', { session })).rejects.toMatchObject({ code: 'frames.malformed' });
  });

  test('numbered codes: it is said which are missing, until none is; the result is what was shown', async () => {
    const session = await begin();
    const frames = framesOf(psbt, 'bbqr', 5, 20);
    const { transfer } = await read(session, frames[0] as string) as never as { transfer: { parts: number } };
    const all = framesOf(psbt, 'bbqr', transfer.parts, 20);
    expect(await read(session, all[2] as string)).toMatchObject({ seen: 1, received: 2, isComplete: false, missing: Array.from({ length: transfer.parts }, (_, part) => part + 1).filter((part) => part !== 1 && part !== 3), transfer: { format: 'bbqr', kind: 'psbt', isFountain: false } });
    await expect(call('frames.result', { session })).rejects.toMatchObject({ code: 'frames.incomplete' });
    expect(await read(session, ...all)).toMatchObject({ isComplete: true, missing: [], received: transfer.parts });
    expect(await call('frames.result', { session })).toEqual({ kind: 'psbt', contentBase64: toBase64(psbt), name: expect.stringMatching(/^transaction-[0-9a-f]{4}\.psbt$/) });
  });

  test('pictures of the camera, and chosen ones with several codes, are the same', async () => {
    const session = await begin();
    inView = framesOf(psbt, 'strongroom', 2);
    expect(await call('frames.scan', { session, picture: { width: 16, height: 16, luma: new Uint8Array(256) } })).toMatchObject({ seen: 2, received: 2, transfer: { format: 'strongroom', isFountain: true } });
    inView = framesOf(psbt, 'strongroom', 60);
    expect(await call('frames.scan-file', { session })).toMatchObject({ isComplete: true });
    inView = null;
    expect(await call('frames.scan-file', { session })).toBeNull();
  });

  test('a picture whose pixels are not as many as it says is refused before anything looks at it', async () => {
    const session = await begin();
    await expect(call('frames.scan', { session, picture: { width: 16, height: 16, luma: new Uint8Array(255) } })).rejects.toMatchObject({ code: 'host.bad-request' });
    await expect(call('frames.measure', { picture: { width: 16, height: 16, luma: 'AAAA' } })).rejects.toMatchObject({ code: 'host.bad-request' });
  });

  test('two streams in view are told apart, and the one that began is not disturbed', async () => {
    const session = await begin();
    const [mine, theirs] = [framesOf(psbt, 'bbqr', 3, 20), framesOf(other, 'strongroom', 2)];
    const report = await read(session, mine[0] as string, theirs[0] as string, mine[1] as string, theirs[1] as string);
    expect(report).toMatchObject({ received: 2, transfer: { format: 'bbqr' }, others: [{ why: 'other-transfer', kind: 'psbt', codes: 2 }] });
    expect(await call('frames.reset', { session })).toMatchObject({ transfer: null, received: 0, others: [] });
    expect(await read(session, theirs[0] as string)).toMatchObject({ transfer: { format: 'strongroom' }, others: [] });
  });

  test('a content of another kind than is expected is said and not taken, whole or in parts', async () => {
    const session = await begin(['transaction']);
    expect(await read(session, framesOf(psbt, 'ur', 1)[0] as string)).toMatchObject({ transfer: null, others: [{ why: 'other-kind', kind: 'psbt' }] });
    expect(await read(session, 'https://example.org/')).toMatchObject({ transfer: null, others: [{}, { name: 'plain text', why: 'other-kind', kind: 'text' }] });
  });

  test('a format that says its kind at the end is judged there', async () => {
    const session = await begin(['psbt']);
    const bytes = new Uint8Array(900).map((_, at) => (at * 89) & 255);
    const sequence = frameSequence({ kind: 'bytes', bytes }, { format: 'ur1', version: 10 });
    const texts = Array.from({ length: sequence.parts }, (_, position) => sequence.frame(position));
    expect(sequence.parts).toBeGreaterThan(1);
    expect(await read(session, ...texts)).toMatchObject({ transfer: null, isComplete: false, others: [{ why: 'other-kind', kind: 'bytes' }] });
  });

  test('of what a stray code holds nothing comes to the window: neither its words nor a number made of them', async () => {
    const session = await begin();
    const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
    const told = JSON.stringify(await read(session, words));
    for (const word of words.split(' ')) expect(told).not.toContain(word);
    expect(told).not.toMatch(/[0-9a-f]{8}/);
  });

  test('a code that is damaged is said, and gone with the next good one', async () => {
    const session = await begin();
    const [first, second] = framesOf(psbt, 'strongroom', 2) as [string, string];
    expect(await read(session, first, `${second.slice(0, -1)}${second.endsWith('A') ? 'B' : 'A'}`)).toMatchObject({ received: 1, problem: { code: 'frames.checksum' } });
    expect(await read(session, second)).toMatchObject({ received: 2, problem: null });
    expect(faults).toEqual([]);
  });

  test('five other transfers are told at most, the latest of them', async () => {
    const session = await begin();
    await read(session, framesOf(psbt, 'bbqr', 1, 20)[0] as string);
    const strays = Array.from({ length: 7 }, (_, index) => frameSequence({ kind: 'psbt', bytes: psbtOf(2 + index) }, { format: 'strongroom', version: 12 }).frame(0));
    const { others } = await read(session, ...strays) as never as { others: unknown[] };
    expect(others).toHaveLength(5);
  });
});

describe('calibration', () => {
  test('a code fills its version, says which it is, and is drawn', async () => {
    for (const version of [1, 10, 27, 40]) {
      expect(calibrationMark(calibrationText(version, 15))).toEqual({ version, number: 3 });
      expect(() => codeModules(calibrationText(version, 15), version)).not.toThrow();
    }
    expect(calibrationText(27, 0)).toHaveLength(2132);
    expect(new Set(Array.from({ length: CODES_OF_A_DENSITY }, (_, number) => calibrationText(10, number))).size).toBe(CODES_OF_A_DENSITY);
    expect(codesInWindow).toBe(CODES_OF_A_DENSITY);
    expect(await call('frames.calibration', { version: 10, from: 11, count: 2 })).toEqual({ size: 57, codes: [11, 12].map((position) => toBase64(codeModules(calibrationText(10, position), 10).rows)) });
  });

  test('what a picture shows is told by density and number; other codes are none', async () => {
    inView = [calibrationText(20, 4), 'https://example.org/', 'SRCAL:41:00:', 'SRCAL:10:12:', calibrationText(40, 11)];
    expect(await call('frames.measure', { picture: { width: 16, height: 16, luma: new Uint8Array(256) } })).toEqual({ marks: [{ version: 20, number: 4 }, { version: 40, number: 11 }] });
  });
});

test('a text is taken by any of the forms that other programs write', async () => {
  const session = await begin(['psbt']);
  expect(await read(session, toBase64(other))).toMatchObject({ isComplete: true, transfer: { format: 'plain', parts: 1, isFountain: false } });
  expect(utf8((await call('frames.result', { session }))['name'] as unknown as string).length).toBeGreaterThan(10);
});
