import { beforeEach, describe, expect, test } from 'vitest';
import type { Progress } from '../../../../src/host/contract.ts';
import type { AnyJob, SigningAnswer, SigningJob } from '../../../../src/service/signer/signing/messages.ts';
import { SigningDesk, type SigningProcessEvents } from '../../../../src/service/signer/signing/signing-desk.ts';
import { fakeEffects, type FakeEffects } from '../fake-effects.ts';

/*
 * The host's side of the process that signs, against one that a test plays: what it hears, when it is ended, and what becomes of the
 * key's copy.
 */

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const MINUTE = 60_000;

/** A process that does nothing by itself. Its end takes until the test lets it go. */
interface Played {
  readonly events: SigningProcessEvents;
  readonly jobs: AnyJob[];
  readonly says: (answer: SigningAnswer | unknown) => void;
  ends: number;
  letGo: () => void;
}

let effects: FakeEffects;
let desk: SigningDesk;
let processes: Played[];
let told: Progress[];
let isCancelled: boolean;
/** Whether a process goes at once when it is ended. */
let goesAtOnce: boolean;
beforeEach(() => {
  processes = [];
  told = [];
  isCancelled = false;
  goesAtOnce = true;
  effects = fakeEffects({
    startSigningProcess: (events) => {
      const { promise: gone, resolve: letGo } = Promise.withResolvers<void>();
      const played: Played = { events, jobs: [], says: (answer) => events.onMessage(answer), ends: 0, letGo };
      processes.push(played);
      return {
        post: (job) => played.jobs.push(structuredClone(job)),
        end: () => {
          played.ends += 1;
          if (goesAtOnce) letGo();
          return gone;
        },
      };
    },
  });
  desk = new SigningDesk(effects);
});

const context = { progress: (progress: Progress) => void told.push(progress), isCancelled: () => isCancelled };
const secret = (): SigningJob => ({ psbtFileBase64: 'AA==', signer: { by: 'cosigner', network: 'regtest', privateKey: new Uint8Array(32).fill(7), chainCode: new Uint8Array(32).fill(8), registrations: ['{}'] }, consent: null });
/** Orders, with the jobs that were made for them. */
function order(...handles: string[]): { readonly handles: string[]; readonly job: () => SigningJob; readonly made: SigningJob[] } {
  const made: SigningJob[] = [];
  return { handles, made, job: () => { made.push(secret()); return made.at(-1) as SigningJob; } };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const played = async (position = 0): Promise<Played> => {
  await turn();
  return processes[position] as Played;
};
const report = {
  verdict: 'ready', reviewId: 'a'.repeat(64), psbtVersion: 0, network: 'regtest', transactionVersion: 2, locktime: 0, wallets: [], inputsSats: '0', paymentsSats: '0', changeSats: '0', feeSats: '0', feeRateSatPerVb: '0', feePercent: null,
  payments: [], change: [], inputs: [], quorum: { required: 2, total: 3, signed: [], thisKey: null, stillNeeded: 2 }, findings: [],
} as const;
const reviewed = { kind: 'reviewed', report };
const signed = { kind: 'signed', reply: { psbtBase64: 'AA==', psbtSha256: 'b'.repeat(64), signedInputs: 1, quorum: report.quorum, findings: [] } };

test('the key leaves only when the process is ready, and the host\'s copy of it is wiped at once', async () => {
  const asked = order('k');
  const review = desk.review(asked, context);
  const process = await played();
  expect([asked.made.length, process.jobs.length]).toEqual([0, 0]);
  process.says({ kind: 'ready' });
  expect(process.jobs).toEqual([secret()]);
  expect(asked.made[0]?.signer).toMatchObject({ privateKey: new Uint8Array(32), chainCode: new Uint8Array(32) });
  process.says(reviewed);
  expect(await review).toEqual(report);
});

test('a second "ready" gets no second copy of the key', async () => {
  const asked = order('k');
  const review = desk.review(asked, context);
  const process = await played();
  process.says({ kind: 'ready' });
  process.says({ kind: 'ready' });
  expect(asked.made).toHaveLength(1);
  process.says(reviewed);
  await review;
});

test('the answer is given when the process is gone, and no timer stays', async () => {
  goesAtOnce = false;
  let isAnswered = false;
  const review = desk.review(order('k'), context).then(() => { isAnswered = true; });
  const process = await played();
  process.says({ kind: 'ready' });
  process.says(reviewed);
  await turn();
  expect([isAnswered, process.ends]).toEqual([false, 1]);
  process.letGo();
  await review;
  expect(effects.timers()).toBe(0);
});

test('a process that does not end is a fault, whatever it answered', async () => {
  goesAtOnce = false;
  const review = desk.review(order('k'), context);
  const outcome = expect(review).rejects.toThrow('does not end');
  const process = await played();
  process.says({ kind: 'ready' });
  process.says(reviewed);
  effects.pass(10_000);
  await outcome;
});

describe('progress', () => {
  test('is told in words, as a part of the whole, with an estimate after a second', async () => {
    const sign = desk.sign(order('k'), context);
    const process = await played();
    process.says({ kind: 'ready' });
    process.says({ kind: 'progress', step: 'open', done: 0, total: 0 });
    effects.pass(500);
    process.says({ kind: 'progress', step: 'review', done: 500, total: 1000 });
    effects.pass(1500);
    process.says({ kind: 'progress', step: 'sign', done: 500, total: 1000 });
    process.says({ kind: 'progress', step: 'check', done: 1000, total: 1000 });
    process.says(signed);
    await sign;
    expect(told).toEqual([
      { fraction: null, activity: 'Starting a process for this transaction' },
      { fraction: null, activity: 'Checking the registrations' },
      { fraction: 0.15, activity: 'Reviewing the transaction' },
      { fraction: expect.closeTo(0.6), activity: 'Signing input 501 of 1,000', remainingSeconds: 2 },
      { fraction: 1, activity: 'Reading the signed file back', remainingSeconds: 0 },
    ]);
  });

  test('is not told any more of what was stopped', async () => {
    const review = desk.review(order('k'), context);
    const outcome = expect(review).rejects.toThrow(code('host.cancelled'));
    const process = await played();
    process.says({ kind: 'ready' });
    isCancelled = true;
    effects.pass(100);
    process.says({ kind: 'progress', step: 'review', done: 1, total: 2 });
    await outcome;
    expect(told).toHaveLength(1);
  });
});

describe('ending', () => {
  test('a person who gives up ends the process, and an answer after that is none', async () => {
    const sign = desk.sign(order('k'), context);
    const outcome = expect(sign).rejects.toThrow(code('host.cancelled'));
    const process = await played();
    process.says({ kind: 'ready' });
    isCancelled = true;
    effects.pass(100);
    process.says(signed);
    await outcome;
    expect([process.ends, effects.timers()]).toEqual([1, 0]);
  });

  test('a process that goes by itself is an error by name, before it was ready and after', async () => {
    const first = expect(desk.sign(order('k'), context)).rejects.toThrow(code('sign.process-ended'));
    (await played(0)).events.onGone();
    await first;
    const second = expect(desk.sign(order('k'), context)).rejects.toThrow(code('sign.process-ended'));
    (await played(1)).says({ kind: 'ready' });
    (await played(1)).events.onGone();
    await second;
    // And the next is served as if nothing had been.
    const third = desk.review(order('k'), context);
    (await played(2)).says({ kind: 'ready' });
    (await played(2)).says(reviewed);
    expect(await third).toEqual(report);
  });

  test('a process that says nothing for three minutes is ended; one that tells progress may take as long as it needs', async () => {
    const silent = desk.review(order('k'), context);
    const outcome = expect(silent).rejects.toThrow(code('sign.process-silent'));
    const process = await played();
    process.says({ kind: 'ready' });
    for (const done of [1, 2, 3]) {
      effects.pass(2 * MINUTE);
      process.says({ kind: 'progress', step: 'review', done, total: 10 });
    }
    effects.pass(3 * MINUTE + 1);
    await outcome;
    expect(process.ends).toBe(1);
  });

  test('one that is not even ready after a minute is ended', async () => {
    const outcome = expect(desk.review(order('k'), context)).rejects.toThrow(code('sign.process-silent'));
    await played();
    effects.pass(MINUTE + 1);
    await outcome;
  });

  test('a key that is locked ends the jobs that have it, under way and waiting, and no other', async () => {
    const under = expect(desk.sign(order('a', 'b'), context)).rejects.toThrow(code('key.locked'));
    const waiting = expect(desk.sign(order('b'), context)).rejects.toThrow(code('key.locked'));
    const other = desk.review(order('c'), context);
    (await played()).says({ kind: 'ready' });
    desk.endOf('b');
    await under;
    await waiting;
    // The one that waited was never started.
    (await played(1)).says({ kind: 'ready' });
    (await played(1)).says(reviewed);
    expect(await other).toEqual(report);
    expect(processes).toHaveLength(2);
  });

  test('everything ends when everything is locked', async () => {
    const outcome = expect(desk.sign(order('a'), context)).rejects.toThrow(code('key.locked'));
    (await played()).says({ kind: 'ready' });
    desk.endAll();
    await outcome;
    expect(processes[0]?.ends).toBe(1);
  });

  test('a key that was locked before its process was ready is an error, and the process ends', async () => {
    const locked = Object.assign(new Error('locked'), { code: 'key.locked' });
    const outcome = expect(desk.sign({ handles: ['a'], job: () => { throw locked; } }, context)).rejects.toThrow(code('key.locked'));
    (await played()).says({ kind: 'ready' });
    await outcome;
    expect(processes[0]?.ends).toBe(1);
  });
});

describe('what a process may say', () => {
  test('an error crosses as data and is the same error here', async () => {
    const outcome = expect(desk.sign(order('k'), context)).rejects.toThrow(expect.objectContaining({ code: 'review.not-acknowledged', message: 'These.', details: { codes: 'fee.high' }, hint: 'Read.' }));
    const process = await played();
    process.says({ kind: 'ready' });
    process.says({ kind: 'failed', error: { code: 'review.not-acknowledged', message: 'These.', details: { codes: 'fee.high' }, hint: 'Read.' } });
    await outcome;
  });

  test('a fault has kind and places, and no name of ours', async () => {
    const sign = desk.sign(order('k'), context);
    const process = await played();
    process.says({ kind: 'ready' });
    process.says({ kind: 'fault', places: 'RangeError\n    at x (y.ts:1:2)' });
    const fault = await sign.catch((reason: unknown) => reason) as Error;
    expect(fault).not.toHaveProperty('code');
    expect(fault.stack).toBe('RangeError\n    at x (y.ts:1:2)');
  });

  test.each([
    ['nothing', undefined],
    ['another word', { kind: 'sing' }],
    ['an error code that is none', { kind: 'failed', error: { code: 'no.such', message: '', details: {}, hint: '' } }],
    ['a word more than belongs there', { ...reviewed, more: 1 }],
    ['a text without end', { kind: 'fault', places: 'x'.repeat(20_001) }],
    ['progress of half an input', { kind: 'progress', step: 'sign', done: 0.5, total: 1 }],
    ['a review without a verdict', { kind: 'reviewed', report: { ...report, verdict: undefined } }],
    ['a signature where a review was asked for', signed],
  ])('%s is a fault, and ends it', async (_what, message) => {
    const outcome = expect(desk.review(order('k'), context)).rejects.toThrow(TypeError);
    const process = await played();
    process.says({ kind: 'ready' });
    process.says(message);
    await outcome;
    expect(process.ends).toBe(1);
  });
});

test('one process at a time: the next waits until the one before is gone', async () => {
  const first = desk.review(order('k'), context);
  const second = desk.review(order('k'), context);
  (await played()).says({ kind: 'ready' });
  await turn();
  expect(processes).toHaveLength(1);
  processes[0]?.says(reviewed);
  await first;
  (await played(1)).says({ kind: 'ready' });
  processes[1]?.says(reviewed);
  await second;
});
