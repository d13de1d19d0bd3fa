import { describe, expect, test } from 'vitest';
import { expiryOf, type QueueEntry, type QueueEvidence } from '../../../src/companion/queue/queue.ts';
import { isWaiting, queueState, type VersionEvidence } from '../../../src/companion/queue/queue-state.ts';

const NOW = '2026-11-23T12:00:00.000Z';
const id = (digit: string): string => digit.repeat(64);
const version = (number: number, entry: Partial<QueueEntry> = {}, evidence: Partial<QueueEvidence> = {}): VersionEvidence => ({
  entry: {
    planId: id(String(number)), paymentId: id('1'), version: number, reason: 'planned', kind: 'pay', walletId: 'w', network: 'regtest', signers: 'cold', plannedAt: '2026-11-20T00:00:00.000Z', expiresAt: '2026-12-04T00:00:00.000Z',
    inputsSats: 10n, paymentsSats: 8n, changeSats: 1n, feeSats: 1n, vsizeVb: 1, paymentCount: 1, psbtSha256: id('f'), parentTxid: null, stillNeeded: 2, signingWallets: [], signatures: [], handovers: [], final: null, discarded: null, ...entry,
  },
  evidence: { sent: null, booked: null, spentBy: [], ...evidence },
});
const states = (...versions: readonly VersionEvidence[]) => versions.map((each) => queueState(each, versions, 110, NOW));
const one = (entry: Partial<QueueEntry> = {}, evidence: Partial<QueueEvidence> = {}) => states(version(1, entry, evidence))[0];
const signature = { fingerprint: '00000000' as never, receivedAt: NOW, fileName: 'a.psbt' };
const spent = (txid: string, confirmed: boolean, planId: string | null = null) => ({ spentBy: [{ txid, planId, confirmed }] });

describe('one version, from draft to confirmed', () => {
  test.each([
    ['unsigned', {}, {}],
    ['partly-signed', { signatures: [signature], stillNeeded: 1 }, {}],
    // Of two wallets that are swept, one has signed whole; nobody has signed every input.
    ['partly-signed', { signers: 'hot', signingWallets: [{ walletId: 'a', name: 'A', required: 1, stillNeeded: 0 }, { walletId: 'b', name: 'B', required: 2, stillNeeded: 2 }] }, {}],
    ['complete', { signatures: [signature, signature], stillNeeded: 0 }, {}],
    ['finalized', { stillNeeded: 0, final: { txid: id('1'), finalizedAt: NOW } }, {}],
    ['broadcast', { stillNeeded: 0 }, { sent: 'sent', booked: { confirmed: false, height: null } }],
    ['finalized', { stillNeeded: 0, final: { txid: id('1'), finalizedAt: NOW } }, { sent: 'refused' }],
    ['expired', { expiresAt: NOW }, {}],
    ['expired', { expiresAt: NOW, stillNeeded: 0, final: { txid: id('1'), finalizedAt: NOW } }, {}],
    ['broadcast', { expiresAt: NOW }, { sent: 'sent' }],
    ['discarded', { discarded: { at: NOW, reason: 'no' } }, {}],
  ] as const)('%s', (state, entry, evidence) => {
    expect(one(entry, evidence)).toEqual({ state });
  });
  test('confirmed, counted to the books\' tip', () => {
    expect(one({}, { sent: 'sent', booked: { confirmed: true, height: 105 } })).toEqual({ state: 'confirmed', confirmations: 6 });
    expect(queueState(version(1, {}, { booked: { confirmed: true, height: 105 } }), [], null, NOW)).toEqual({ state: 'confirmed', confirmations: 1 });
  });
  test('an input that somebody else spends closes it, also while that waits', () => {
    expect(one({}, spent(id('e'), false))).toEqual({ state: 'spent-otherwise', by: id('e') });
    expect(one({}, { sent: 'sent', ...spent(id('e'), true) })).toEqual({ state: 'spent-otherwise', by: id('e') });
  });
});

describe('versions of one payment', () => {
  test('a later one takes the place of one that was not sent; where it is discarded, the earlier counts again', () => {
    expect(states(version(1), version(2))).toEqual([{ state: 'superseded', by: id('2') }, { state: 'unsigned' }]);
    expect(states(version(1), version(2, { discarded: { at: NOW, reason: 'no' } }))).toEqual([{ state: 'unsigned' }, { state: 'discarded' }]);
    expect(states(version(1), version(2), version(3))).toEqual([{ state: 'superseded', by: id('3') }, { state: 'superseded', by: id('3') }, { state: 'unsigned' }]);
  });
  test('one that was sent stays sent until the later one is', () => {
    const sent = { sent: 'sent' } as const;
    expect(states(version(1, {}, sent), version(2, {}, spent(id('1'), false)))).toEqual([{ state: 'broadcast' }, { state: 'unsigned' }]);
    expect(states(version(1, {}, sent), version(2, {}, sent))).toEqual([{ state: 'superseded', by: id('2') }, { state: 'broadcast' }]);
  });
  test('whichever the chain took closes the others, the earlier one too', () => {
    expect(states(version(1, {}, { sent: 'sent', booked: { confirmed: true, height: 110 } }), version(2, {}, spent(id('1'), true)))).toEqual([{ state: 'confirmed', confirmations: 1 }, { state: 'superseded', by: id('1') }]);
    // Its id with signatures is another one: it is known by what was sent, or by what was finalized.
    expect(states(version(1), version(2, {}, spent(id('d'), true, id('1'))))[1]).toEqual({ state: 'superseded', by: id('1') });
    expect(states(version(1, { final: { txid: id('d'), finalizedAt: NOW } }), version(2, {}, spent(id('d'), true)))[1]).toEqual({ state: 'superseded', by: id('1') });
  });
});

test('what waits holds its outputs; what is closed, or sent, does not', () => {
  expect((['unsigned', 'partly-signed', 'complete', 'finalized'] as const).every((state) => isWaiting({ state }))).toBe(true);
  expect((['broadcast', 'expired', 'discarded'] as const).some((state) => isWaiting({ state }))).toBe(false);
  expect(isWaiting({ state: 'superseded', by: 'x' })).toBe(false);
});

test('a plan expires so many days of 24 hours after it was made', () => {
  expect(expiryOf('2026-11-20T08:30:00.000Z', 14)).toBe('2026-12-04T08:30:00.000Z');
});
