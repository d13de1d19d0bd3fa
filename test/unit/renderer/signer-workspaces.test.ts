import { expect, test } from 'vitest';
import type { Report } from '../../../renderer/review/from-report.ts';
import { claimedByName, claimedOnShelf, networkOf, sessionTransition, type KeyFacts, type Session } from '../../../renderer/signer/session.ts';
import { watchLocks } from '../../../renderer/signer/lock-watch.ts';
import { nothingToSign, signedFileName, signProblem, signTransition, type SignState } from '../../../renderer/signer/sign/sign-state.ts';
import { draftOfFile, importOf, questionOf, type ReadWallet } from '../../../renderer/wallet/foreign-wallet.ts';
import { registerProblem, registrationsStage, walletsTransition, wordsTyped, type WalletsState } from '../../../renderer/signer/wallets/wallets-state.ts';
import type { SignerHost } from '../../../renderer/host/client.ts';
import { record } from './key-fixtures.ts';

const report = (part: Partial<Report>): Report => ({
  verdict: 'ready', reviewId: 'a'.repeat(64), psbtVersion: 0, network: 'practice', transactionVersion: 2, locktime: 0, wallets: [], inputsSats: '10', paymentsSats: '5', changeSats: '4', feeSats: '1', feeRateSatPerVb: '1', feePercent: '20.00',
  payments: [], change: [], inputs: [], quorum: { required: 2, total: 3, signed: [], thisKey: '73c5da0a', stillNeeded: 2 }, findings: [], ...part,
});
const file = { name: 'pay.unsigned.psbt', contentBase64: 'AA==' };
const reviewed = (part: Partial<Report> = {}): Extract<SignState, { stage: 'reviewed' }> => signTransition(nothingToSign, { type: 'reviewed', file, keyHandle: 'h', report: report(part) }) as never;
const judged = { severity: 'acknowledge', code: 'fee.high', where: { scope: 'global', index: 0 }, details: {} } as const;
const signed = { psbtBase64: 'AA==', psbtSha256: 'b'.repeat(64), signedInputs: 1, quorum: report({}).quorum, findings: [] };

test('nothing can be signed before every finding that needs judgement was ticked', () => {
  const state = reviewed({ verdict: 'judgement', findings: [judged, { ...judged, where: { scope: 'output', index: 1 } }, { ...judged, code: 'locktime.future' }] });
  expect(signProblem(state)).toMatch(/^2 findings need your judgement/);
  const one = signTransition(state, { type: 'acknowledged', code: 'fee.high', is: true }) as typeof state;
  expect(signProblem(one)).toMatch(/^1 finding needs your judgement/);
  const both = signTransition(one, { type: 'acknowledged', code: 'locktime.future', is: true }) as typeof state;
  expect(signProblem(both)).toBeNull();
  expect(signProblem(signTransition(both, { type: 'acknowledged', code: 'fee.high', is: false }) as typeof state)).not.toBeNull();
});

test('a refused transaction cannot be signed whatever is ticked', () => {
  const state = reviewed({ verdict: 'refused', findings: [judged] });
  expect(signProblem(signTransition(state, { type: 'acknowledged', code: 'fee.high', is: true }) as typeof state)).toMatch(/^Refused/);
});

test('a key signs once', () => {
  expect(signProblem(reviewed({ quorum: { required: 2, total: 3, signed: ['73c5da0a'], thisKey: '73c5da0a', stillNeeded: 1 } }))).toMatch(/has signed already/);
});

test('a new review forgets the judgements of the last one', () => {
  const ticked = signTransition(reviewed({ findings: [judged] }), { type: 'acknowledged', code: 'fee.high', is: true });
  expect(signTransition(ticked, { type: 'reviewed', file, keyHandle: 'h', report: report({ findings: [judged] }) })).toMatchObject({ acknowledged: new Set() });
});

test('a signature for another review than the one on the screen is not shown as given', () => {
  const state = reviewed();
  expect(signTransition(state, { type: 'signed', reviewId: 'c'.repeat(64), signed })).toBe(state);
  expect(signTransition(nothingToSign, { type: 'signed', reviewId: 'a'.repeat(64), signed })).toBe(nothingToSign);
  expect(signTransition(state, { type: 'signed', reviewId: 'a'.repeat(64), signed })).toMatchObject({ stage: 'signed', savedAs: null });
});

test('a failed save keeps the signature in the window', () => {
  const state = signTransition(reviewed(), { type: 'signed', reviewId: 'a'.repeat(64), signed });
  expect(signTransition(state, { type: 'failed', error: { code: 'file.disk-full', message: 'm', details: {}, hint: 'h' } })).toMatchObject({ stage: 'signed', signed, error: { code: 'file.disk-full' } });
});

test.each([
  ['pay-2026-11-22-3f9a.cold.unsigned.psbt', 'pay-2026-11-22-3f9a.cold.signed-73c5da0a.psbt'],
  ['pay.signed-11112222.psbt', 'pay.signed-73c5da0a.psbt'],
  ['pay.txt', 'pay.signed-73c5da0a.psbt'],
])('%s is saved as %s', (name, expected) => {
  expect(signedFileName(name, '73c5da0a')).toBe(expected);
});

const read: ReadWallet = { walletId: 'w', policyId: 'a b c d e f g h', name: 'Treasury', network: 'practice', script: 'p2wsh', quorum: { required: 2, total: 3 }, cosigners: [], descriptor: 'd', firstReceive: 'r', firstChange: 'c', wallet: '{}', suggestedName: 't.wallet.json', format: 'bsms', losses: [] };
const draft = draftOfFile({ name: 't.bsms', contentBase64: 'e30=' });
const comparing = walletsTransition(registrationsStage(null), { type: 'opened', draft, read, keyHandle: 'h' }) as Extract<WalletsState, { stage: 'comparing' }>;

test('a wallet is registered only with a key of this laptop and after eight words', () => {
  expect(registerProblem({ ...comparing, keyHandle: null })).toMatch(/Unlock one of them first/);
  expect(registerProblem(walletsTransition(comparing, { type: 'words-typed', typed: 'jubif nodug' }) as typeof comparing)).toBe('2 of 8 words typed.');
  expect(registerProblem(walletsTransition(comparing, { type: 'words-typed', typed: 'a b c d e-f g h ' }) as typeof comparing)).toBeNull();
  expect(wordsTyped('  ')).toBe(0);
});

test('words typed for one wallet are gone with the next', () => {
  const typed = walletsTransition(comparing, { type: 'words-typed', typed: 'a b c d e f g h' });
  expect(walletsTransition(typed, { type: 'opened', draft, read, keyHandle: 'h' })).toMatchObject({ typed: '' });
});

test('a file that leaves something open keeps what was said until it is read or put away', () => {
  const reading = walletsTransition(registrationsStage(null), { type: 'reading', draft });
  const refused = walletsTransition(reading, { type: 'failed', error: { code: 'wallet.encrypted', message: 'm', details: {}, hint: 'h' } });
  expect(questionOf(refused.error)).toBe('password');
  const typed = walletsTransition(refused, { type: 'draft-changed', part: { password: 'secret' } });
  expect(typed).toMatchObject({ stage: 'reading', draft: { text: '{}', password: 'secret' } });
  expect(JSON.stringify(walletsTransition(typed, { type: 'left' }))).not.toContain('secret');
});

test('what a host is asked of a file: the name of the file only where nothing else names it, no empty choices', () => {
  expect(importOf({ ...draft, fileName: 'treasury.descriptor.txt' }, 'practice')).toEqual({ file: '{}', name: null, fallbackName: 'treasury', network: null, preferredNetwork: 'practice', script: null, password: null });
  expect(importOf({ ...draft, name: ' Cold ', network: 'signet', script: 'p2tr', password: 'x' }, null)).toMatchObject({ name: ' Cold ', fallbackName: 't', network: 'signet', script: 'p2tr', password: 'x' });
});

test('addresses of the branch that was left are not shown for the other', () => {
  const change = walletsTransition(registrationsStage('r'), { type: 'branch-chosen', branch: 'change' });
  expect(walletsTransition(change, { type: 'addresses-derived', addresses: [{ branch: 'receive', index: 0, address: 'x' }] })).toBe(change);
});

const facts: KeyFacts = { keyHandle: 'f'.repeat(32), fingerprint: '73c5da0a', network: 'testnet4', label: 'Alice', createdBy: 'x', createdAt: 'y', secret: 'mnemonic', words: 12, language: 'english', hasBip39Passphrase: false, sources: [], entropyRecord: null };
const ready = sessionTransition({ stage: 'reading' }, { type: 'shelf-read', shelf: { keys: [], registrations: [], entropyRecords: [] } });

test('a key that the laptop locked by itself is not shown as open', async () => {
  let session: Session = sessionTransition(ready, { type: 'unlocked', key: { fileName: 'a', facts } });
  const host = { 'wallet.address': async () => ({ ok: false, error: { code: 'key.locked', message: 'm', details: {}, hint: 'h' } }) } as unknown as SignerHost;
  const watched = watchLocks(host, (keyHandle) => { session = sessionTransition(session, { type: 'locked', keyHandle }); });
  await watched['wallet.address']({ keyHandle: facts.keyHandle, registration: '', branch: 'receive', index: 0, count: 1 });
  expect(session).toMatchObject({ unlocked: [] });
});

test('reading the shelf again keeps keys open', () => {
  const open = sessionTransition(ready, { type: 'unlocked', key: { fileName: 'a', facts } });
  expect(sessionTransition(open, { type: 'shelf-read', shelf: { keys: [{ name: 'a', contentBase64: '' }], registrations: [], entropyRecords: [] } })).toMatchObject({ unlocked: [{ fileName: 'a' }] });
});

test('the band names the network of the open key; a rehearsal is practice before any', () => {
  expect(networkOf(ready, false)).toBeNull();
  expect(networkOf(ready, true)).toBe('practice');
  expect(networkOf(sessionTransition(ready, { type: 'unlocked', key: { fileName: 'a', facts } }), false)).toBe('testnet4');
});

test('a key file\'s name is a claim that can be shown before it is opened', () => {
  expect(claimedByName('alice-73c5da0a.key.age')).toEqual({ label: 'alice', fingerprint: '73c5da0a' });
  expect(claimedByName('backup.age')).toEqual({ label: 'backup.age', fingerprint: null });
  expect(claimedOnShelf({ entropyRecords: [record] }, 'alice-73c5da0a.key.age')).toEqual({ label: 'Alice', fingerprint: '73c5da0a' });
  expect(claimedOnShelf({ entropyRecords: [record] }, 'bruno-73c5da0a.key.age')).toEqual({ label: 'bruno', fingerprint: '73c5da0a' });
});
