import { describe, expect, test } from 'vitest';
import { queueTransition, unreadQueue, type QueueDetails, type QueueEntry, type QueueEvent, type QueueState, type ReplyOutcome } from '../../../renderer/companion/queue/queue-state.ts';
import { isOpen, isReplaceable, outcomeWords, stateTag, versionWords } from '../../../renderer/companion/queue/queue-words.ts';

const A = 'aa'.repeat(32);
const B = 'bb'.repeat(32);
const entry = (planId: string, state: QueueEntry['state'] = 'unsigned'): QueueEntry => ({
  planId, paymentId: planId, version: 1, reason: 'planned', kind: 'pay', walletId: 'w', walletName: 'Treasury', network: 'practice', signers: 'cold', state, confirmations: 0, by: null,
  plannedAt: '2026-11-23T06:00:00.000Z', expiresAt: '2026-12-07T06:00:00.000Z', inputsSats: '300', paymentsSats: '200', changeSats: '50', feeSats: '50', feeRateSatPerVb: '1', vsizeVb: 50, payments: 1,
  references: [], psbtSha256: A, parentTxid: null, quorum: { required: 2, total: 3, stillNeeded: 1 }, signedBy: [], awaited: [], final: null, discarded: null,
});
const details = (planId: string): QueueDetails => ({ entry: entry(planId), payments: [], versions: [], quarantined: [] });
const outcome = (changes: Partial<ReplyOutcome>): ReplyOutcome => ({ file: 'x.psbt', outcome: 'taken', planId: A, signedBy: [], finalized: false, stillNeeded: 1, error: null, quarantined: false, ...changes });
const afterEvents = (...events: readonly QueueEvent[]): QueueState => events.reduce(queueTransition, unreadQueue);

describe('the board', () => {
  test('chooses the first plan when it is read, and keeps the one that was chosen while it is there', () => {
    expect(afterEvents({ type: 'read', entries: [entry(A), entry(B)] }).chosen).toBe(A);
    const chosen = afterEvents({ type: 'read', entries: [entry(A), entry(B)] }, { type: 'chosen', planId: B }, { type: 'details', details: details(B) }, { type: 'read', entries: [entry(B), entry(A)] });
    expect([chosen.chosen, chosen.details?.entry.planId]).toEqual([B, B]);
    const gone = queueTransition(chosen, { type: 'read', entries: [entry(A)] });
    expect([gone.chosen, gone.details]).toEqual([A, null]);
    expect(queueTransition(gone, { type: 'read', entries: [] }).chosen).toBeNull();
  });

  test('follows what was planned elsewhere, but not into work that is under way', () => {
    expect(afterEvents({ type: 'followed', entries: [entry(A)] }).entries).toEqual([entry(A)]);
    const busy = afterEvents({ type: 'read', entries: [entry(A)] }, { type: 'working' });
    expect(queueTransition(busy, { type: 'followed', entries: [] })).toBe(busy);
  });

  test('details of a plan that is not chosen any more are not shown', () => {
    expect(afterEvents({ type: 'read', entries: [entry(A), entry(B)] }, { type: 'details', details: details(B) }).details).toBeNull();
  });

  test('what was typed and said about one plan is gone when another is chosen', () => {
    const typed = afterEvents({ type: 'read', entries: [entry(A), entry(B)] }, { type: 'typed', feeRate: '9', reason: 'late' }, { type: 'failed', error: { code: 'x.y', message: '', details: {}, hint: '' } });
    expect([typed.feeRate, typed.reason, typed.error?.code]).toEqual(['9', 'late', 'x.y']);
    expect(queueTransition(typed, { type: 'chosen', planId: A })).toBe(typed);
    const other = queueTransition(typed, { type: 'chosen', planId: B });
    expect([other.feeRate, other.reason, other.error]).toEqual(['', '', null]);
  });

  test('a reply leads to its plan; a refused one leaves the plan that is shown', () => {
    const shown = afterEvents({ type: 'read', entries: [entry(A), entry(B)] }, { type: 'working' });
    expect(shown.isBusy).toBe(true);
    const taken = queueTransition(shown, { type: 'taken', outcomes: [outcome({ planId: B })] });
    expect([taken.chosen, taken.isBusy, taken.outcomes.length]).toEqual([B, false, 1]);
    expect(queueTransition(shown, { type: 'taken', outcomes: [outcome({ outcome: 'refused', planId: B })] }).chosen).toBe(A);
  });
});

test('a state is said in words, with how much is missing', () => {
  expect(stateTag({ ...entry(A), state: 'partly-signed' }).words).toBe('1 signature missing');
  expect(stateTag({ ...entry(A), state: 'confirmed', confirmations: 6 })).toEqual({ words: '6 confirmations', look: 'tag-verified' });
  expect(stateTag({ ...entry(A), state: 'spent-otherwise' }).look).toBe('tag-danger');
  expect(versionWords({ kind: 'pay', version: 2, reason: 'bumped' })).toBe('Payment, version 2 (higher fee)');
});

test('only what is not settled is open; a payment that was sent can still be replaced, a sweep cannot', () => {
  expect((['unsigned', 'partly-signed', 'complete', 'finalized', 'broadcast', 'confirmed', 'expired', 'spent-otherwise', 'discarded', 'superseded'] as const).filter((state) => isOpen({ state }))).toEqual(['unsigned', 'partly-signed', 'complete', 'finalized']);
  expect([isReplaceable({ state: 'broadcast', kind: 'pay' }), isReplaceable({ state: 'broadcast', kind: 'sweep' }), isReplaceable({ state: 'confirmed', kind: 'pay' })]).toEqual([true, false, false]);
});

test('what became of a reply is said with whose signature it was and what is missing', () => {
  const signedBy = [{ fingerprint: '73c5da0a', label: 'Alice' }];
  expect(outcomeWords(outcome({ signedBy }))).toBe('Taken: Alice. 1 signature still missing.');
  expect(outcomeWords(outcome({ signedBy, finalized: true, stillNeeded: 0 }))).toBe('Taken: Alice. The quorum is complete; the transaction was made and checked.');
  expect(outcomeWords(outcome({ outcome: 'duplicate' }))).toBe('Nothing new: it was here already.');
  expect(outcomeWords(outcome({ outcome: 'refused', error: { code: 'psbt.superseded', message: 'Signed for another version.', hint: 'Sign the latest.' } }))).toBe('Not taken: Signed for another version. Sign the latest.');
});
