import { beforeEach, expect, test } from 'vitest';
import type { Progress } from '../../../src/host/contract.ts';
import type { Watch } from '../../../renderer/host/client.ts';
import { machine } from '../../../renderer/host/machine.ts';
import type { SignerContext } from '../../../renderer/signer/context.ts';
import { sessionTransition, type KeyFacts, type Session, type SessionEvent, type Shelf } from '../../../renderer/signer/session.ts';
import { signActions } from '../../../renderer/signer/sign/sign-actions.ts';
import { nothingToSign, signTransition, type SignEvent, type SignState } from '../../../renderer/signer/sign/sign-state.ts';
import { beginSweep, sweepActions } from '../../../renderer/signer/sign/sweep-actions.ts';
import { courseOf, stopWork } from '../../../renderer/signer/sign/work.ts';

/* Reviewing and signing take time, are shown how far they are, and can be stopped. */

const file = { name: 'pay.unsigned.psbt', contentBase64: 'AA==' };
const other = { name: 'other.unsigned.psbt', contentBase64: 'AQ==' };
const report = { verdict: 'ready', reviewId: 'a'.repeat(64), payments: [], inputs: [], wallets: [], findings: [], quorum: { required: 2, total: 3, signed: [], thisKey: '73c5da0a', stillNeeded: 2 } };
const signed = { psbtBase64: 'AA==', psbtSha256: 'b'.repeat(64), signedInputs: 1, quorum: report.quorum, findings: [] };
const cancelled = { ok: false, error: { code: 'host.cancelled', message: 'm', details: {}, hint: 'h' } };
const ended = { ok: false, error: { code: 'sign.process-ended', message: 'm', details: {}, hint: 'h' } };
const half: Progress = { fraction: 0.5, activity: 'Signing input 501 of 1,000', remainingSeconds: 2 };
const keyHandle = 'f'.repeat(32);

/** A request that the host works on until the test answers it. */
interface Asked {
  readonly name: string;
  readonly input: unknown;
  readonly watch: Watch;
  readonly answer: (reply: unknown) => void;
}
let asked: Asked[];
let context: SignerContext;
beforeEach(() => {
  asked = [];
  const host = new Proxy({}, { get: (_, name: string) => (input: unknown, watch: Watch = {}) => new Promise((answer) => asked.push({ name, input, watch, answer })) });
  const session = machine<Session, SessionEvent>({ stage: 'reading' }, sessionTransition);
  session.send({ type: 'shelf-read', shelf: { keys: [], registrations: [{ name: 'r', registration: '{}', ownKey: '73c5da0a' }], entropyRecords: [] } as unknown as Shelf });
  session.send({ type: 'unlocked', key: { fileName: 'a', facts: { keyHandle, fingerprint: '73c5da0a', label: 'Alice', network: 'regtest' } as KeyFacts } });
  context = { host, session, sign: machine<SignState, SignEvent>(nothingToSign, signTransition), usualNetwork: 'regtest' } as unknown as SignerContext;
});
const course = (): Progress | null => courseOf(context).state.value;
const state = (): SignState => context.sign.state.value;
/** The request that was made last, of that name. */
function last(name: string): Asked {
  const request = asked.findLast((each) => each.name === name);
  if (request === undefined) throw new Error(`${name} was not asked`);
  return request;
}
async function reviewed(): Promise<ReturnType<typeof signActions>> {
  const actions = signActions(context);
  const review = actions.review(file, keyHandle);
  last('psbt.review').answer({ ok: true, value: report });
  await review;
  return actions;
}

test('progress is a state of its own: the review on the screen does not change with it, and it is gone with the answer', async () => {
  const actions = await reviewed();
  const signing = actions.signNow();
  const before = state();
  last('psbt.sign').watch.onProgress?.(half);
  expect([course(), state()]).toEqual([half, before]);
  expect(state()).toBe(before);
  last('psbt.sign').answer({ ok: true, value: signed });
  await signing;
  expect([course(), state().stage]).toEqual([null, 'signed']);
});

test('who stops the signing is back at the review, with no error and what was ticked', async () => {
  const actions = await reviewed();
  context.sign.send({ type: 'acknowledged', code: 'fee.high', is: true });
  const signing = actions.signNow();
  stopWork(context);
  expect(last('psbt.sign').watch.signal?.aborted).toBe(true);
  // What arrives of it still is not shown.
  last('psbt.sign').watch.onProgress?.(half);
  expect(course()).toBe(null);
  last('psbt.sign').answer(cancelled);
  await signing;
  expect(state()).toMatchObject({ stage: 'reviewed', isBusy: false, error: null, acknowledged: new Set(['fee.high']) });
});

test('a process that ended is shown as an error beside the review, which can be signed again', async () => {
  const actions = await reviewed();
  const signing = actions.signNow();
  last('psbt.sign').answer(ended);
  await signing;
  expect(state()).toMatchObject({ stage: 'reviewed', isBusy: false, error: { code: 'sign.process-ended' } });
  const again = actions.signNow();
  last('psbt.sign').answer({ ok: true, value: signed });
  await again;
  expect(state().stage).toBe('signed');
});

test('who stops a review sees no transaction and no error', async () => {
  const review = signActions(context).review(file, keyHandle);
  expect(state()).toMatchObject({ stage: 'empty', isBusy: true });
  stopWork(context);
  last('psbt.review').answer(cancelled);
  await review;
  expect(state()).toEqual(nothingToSign);
});

test('a file that is opened while another is reviewed stops the other, whose answer changes nothing', async () => {
  const actions = signActions(context);
  const first = actions.review(file, keyHandle);
  const second = actions.review(other, keyHandle);
  const [requestOfFirst] = asked;
  expect(requestOfFirst?.watch.signal?.aborted).toBe(true);
  requestOfFirst?.answer(cancelled);
  await first;
  expect(state()).toMatchObject({ stage: 'empty', isBusy: true });
  last('psbt.review').answer({ ok: true, value: report });
  await second;
  expect(state()).toMatchObject({ stage: 'reviewed', file: other });
});

test('a file that is put away while it is signed is not signed for anybody: the work is stopped, and no signature comes back', async () => {
  const actions = await reviewed();
  const signing = actions.signNow();
  actions.putAway();
  expect(last('psbt.sign').watch.signal?.aborted).toBe(true);
  last('psbt.sign').answer({ ok: true, value: signed });
  await signing;
  expect([state(), course()]).toEqual([nothingToSign, null]);
});

test('a sweep is stopped like any other signing, and leaving it stops it', async () => {
  beginSweep(context);
  context.sign.send({ type: 'sweep', event: { type: 'key-opened', key: { paperKeyHandle: '1'.repeat(32), fingerprint: '11111111', form: 'wif', compressed: true, addresses: [] } } });
  const actions = sweepActions(context);
  const review = actions.takeFiles([file]);
  last('sweep.review').watch.onProgress?.(half);
  expect(course()).toEqual(half);
  stopWork(context);
  last('sweep.review').answer(cancelled);
  await review;
  expect(state()).toMatchObject({ stage: 'sweep', sweep: { stage: 'gathering', isBusy: false, error: null } });
  const again = actions.takeFiles([file]);
  const leaving = actions.leave();
  expect(last('sweep.review').watch.signal?.aborted).toBe(true);
  last('sweep.review').answer({ ok: true, value: report });
  last('paper-key.close').answer({ ok: true, value: {} });
  await Promise.all([again, leaving]);
  expect(state()).toEqual(nothingToSign);
});
