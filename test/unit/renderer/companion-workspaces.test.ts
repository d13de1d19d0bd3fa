import { expect, test } from 'vitest';
import { broadcastWords, combineTransition, nothingCombined, referencesFor, type CombineState } from '../../../renderer/companion/combine/combine-state.ts';
import { ledgerTransition, openBooks } from '../../../renderer/companion/ledger/ledger-state.ts';
import { nodeTransition, noNode } from '../../../renderer/companion/node/node-state.ts';
import { lineFaults, newPayment, paymentLines, payTransition } from '../../../renderer/companion/pay/pay-state.ts';
import { practicePayments } from '../../../renderer/companion/practice-payments.ts';
import { sessionTransition, type Session } from '../../../renderer/companion/session.ts';
import { draftOfKeys, draftProblem, otherAccounts, requiredOf, walletShelf, walletsTransition, type CosignerDraft, type WalletDraft, type WalletsState } from '../../../renderer/companion/wallets/wallets-state.ts';
import type { PlannedPsbt } from '../../../renderer/review/from-plan.ts';
import type { Report } from '../../../renderer/review/from-report.ts';
import { parsePayments } from '../../../src/companion/payments/payments.ts';

const error = { code: 'node.unreachable', message: 'm', details: {}, hint: 'h' };
const report: Report = {
  verdict: 'ready', reviewId: 'a'.repeat(64), psbtVersion: 0, network: 'practice', transactionVersion: 2, locktime: 0, wallets: [], inputsSats: '10', paymentsSats: '5', changeSats: '4', feeSats: '1', feeRateSatPerVb: '1', feePercent: '20.00',
  payments: [{ index: 2, address: 'addr-b', scriptHex: '', amountSats: '3' }, { index: 0, address: 'addr-a', scriptHex: '', amountSats: '2' }],
  change: [], inputs: [], quorum: { required: 2, total: 3, signed: [], thisKey: null, stillNeeded: 2 }, findings: [],
};
const planned = (payments: PlannedPsbt['plan']['payments'], psbtSha256 = 's'): PlannedPsbt => ({
  plan: { kind: 'pay', inputs: [], inputsSats: '10', payments, paymentsSats: '5', feeSats: '1', feeRateSatPerVb: '1', feePercent: null, vsizeVb: 1, change: null, destination: null, leftHotSats: null, skipped: [] },
  psbtBase64: 'AA==', psbtSha256, suggestedName: 'p.psbt',
});

test('what each payment is for comes back from the plan that pays exactly the same, in any order', () => {
  const plan = planned([{ address: 'addr-a', amountSats: '2', reference: 'Invoice 1' }, { address: 'addr-b', amountSats: '3', reference: 'Invoice 2' }]);
  expect([...referencesFor(report, [plan])]).toEqual([[2, 'Invoice 2'], [0, 'Invoice 1']]);
});

test('a plan that differs by one satoshi says nothing about a transaction', () => {
  const plan = planned([{ address: 'addr-a', amountSats: '2', reference: 'Invoice 1' }, { address: 'addr-b', amountSats: '4', reference: 'Invoice 2' }]);
  expect([...referencesFor(report, [plan])]).toEqual([]);
});

test('two payments alike keep their two references', () => {
  const twice: Report = { ...report, payments: [{ index: 0, address: 'a', scriptHex: '', amountSats: '1' }, { index: 1, address: 'a', scriptHex: '', amountSats: '1' }] };
  const plan = planned([{ address: 'a', amountSats: '1', reference: 'x' }, { address: 'a', amountSats: '1', reference: 'y' }]);
  expect([...referencesFor(twice, [plan]).values()].sort()).toEqual(['x', 'y']);
});

test('the button says what leaves and to how many', () => {
  expect(broadcastWords('18400000', 12)).toBe('Broadcast 0.184 BTC to 12 recipients');
  expect(broadcastWords('100000000', 1)).toBe('Broadcast 1 BTC to 1 recipient');
});

const combined = { psbtBase64: 'AA==', quorum: report.quorum, suggestedName: 'p.psbt' };
const judged = { severity: 'acknowledge', code: 'fee.high', where: { scope: 'global', index: 0 }, details: {} } as const;
const gathered = (findings: Report['findings']) => ({ type: 'combined', files: [], combined, report: { ...report, findings }, final: null }) as const;

test('a further reply keeps a judgement only while the findings stay the same', () => {
  const first = combineTransition(combineTransition(nothingCombined, gathered([judged])), { type: 'acknowledged', code: 'fee.high', is: true });
  expect(combineTransition(first, gathered([judged]))).toMatchObject({ acknowledged: new Set(['fee.high']) });
  expect(combineTransition(first, gathered([judged, { ...judged, code: 'locktime.future' }]))).toMatchObject({ acknowledged: new Set() });
});

test('a reply that does not fit leaves what was combined', () => {
  const first = combineTransition(nothingCombined, gathered([]));
  expect(combineTransition(first, { type: 'failed', error })).toMatchObject({ stage: 'combined', combined, error: { code: 'node.unreachable' } });
});

test('nothing counts as sent without a final transaction', () => {
  const first = combineTransition(nothingCombined, gathered([]));
  expect(combineTransition(first, { type: 'sent', txid: 't' })).toBe(first);
});

test('another wallet begins from nothing', () => {
  const first: CombineState = combineTransition(nothingCombined, gathered([]));
  expect(combineTransition(first, { type: 'wallet-chosen', walletId: 'w' })).toEqual({ stage: 'empty', walletId: 'w', isBusy: false, error: null });
});

test('an answer of a node whose address was changed meanwhile does not count', () => {
  const asking = nodeTransition(nodeTransition(noNode, { type: 'typed', form: { url: 'practice:///a' } }), { type: 'checking' });
  expect(nodeTransition(asking, { type: 'answered' }).stage).toBe('answered');
  const changed = nodeTransition(asking, { type: 'typed', form: { url: 'practice:///b' } });
  expect(nodeTransition(changed, { type: 'answered' })).toBe(changed);
  expect(nodeTransition(changed, { type: 'failed', error })).toBe(changed);
});

const ready = sessionTransition({ stage: 'reading' }, { type: 'read', settings: { node: 'practice:///a', hotWallet: 'hot' }, wallets: [], damaged: [] });
const synced = { walletId: 'w', balanceSats: '1', unconfirmedSats: '0', utxos: [], height: 5, nextReceive: { address: 'x', index: 0 } };

test('another node forgets what the last one said', () => {
  const known = sessionTransition(ready, { type: 'synced', synced });
  expect(sessionTransition(known, { type: 'settings-written', settings: { node: 'practice:///b', hotWallet: null } })).toMatchObject({ synced: new Map(), node: null });
  expect((sessionTransition(known, { type: 'settings-written', settings: { node: 'practice:///a', hotWallet: null } }) as Extract<Session, { stage: 'ready' }>).synced.size).toBe(1);
});

test('every fault of a payments file is shown with its line', () => {
  const csv = 'address,amount_btc,reference\nnonsense,0.1,a\nbcrt1qsfwr53fmwmh849s2327g4aefamj3zqaz2g4kzt,zero,b\n';
  let thrown: unknown;
  try {
    parsePayments(csv, 'practice');
  } catch (caught) {
    thrown = caught;
  }
  const { code, message, details, hint } = thrown as typeof error;
  expect(lineFaults({ code, message, details, hint })).toEqual([
    { line: 2, reason: 'Not an address of the wallet\'s network, or a character of it is wrong.' },
    { line: 3, reason: 'Not an amount in the unit that the header names.' },
  ]);
  expect(lineFaults(error)).toEqual([]);
});

test('the practice payments are a payments file of the practice network', () => {
  expect(parsePayments(practicePayments, 'practice').payments).toHaveLength(6);
  expect(paymentLines(practicePayments)).toBe(6);
});

test('a plan of payments goes back to its form with what was typed', () => {
  const form = { walletId: null, csv: 'x', csvName: null, feeRate: '4' };
  const plannedState = payTransition(payTransition(newPayment, { type: 'form-changed', form }), { type: 'planned', planned: planned([]) });
  expect(payTransition(plannedState, { type: 'back' })).toEqual({ stage: 'form', form, isBusy: false, error: null });
});

const record = `[73c5da0a/48h/1h/0h/2h]tpub${'D'.repeat(107)}`;

test('a file of keys gives a cosigner its label and the key for the script type; one without such a key gives none', () => {
  const key = { label: null, script: null, fingerprint: '73c5da0a', path: '48h/1h/0h/2h', record };
  expect(draftOfKeys('alice-73c5da0a.key-record.txt', [key], 'p2wsh')).toEqual({ label: 'Alice', record, fingerprint: '73c5da0a', path: '48h/1h/0h/2h' });
  expect(draftOfKeys('alice-73c5da0a-p2sh-p2wsh.key-record.ur.txt', [key], 'p2wsh')?.label).toBe('Alice');
  expect(draftOfKeys('anything.bsms', [{ ...key, label: 'bob' }], 'p2wsh')?.label).toBe('Bob');
  // An export with a key for each type; where it does not say which is which, their paths do.
  const several = [{ ...key, script: 'p2sh' as const, path: '45h' }, { ...key, path: '48h/1h/0h/1h' }];
  expect(draftOfKeys('ccxp.json', several, 'p2sh')?.path).toBe('45h');
  expect(draftOfKeys('ccxp.json', several, 'p2sh-p2wsh')?.path).toBe('48h/1h/0h/1h');
  expect(draftOfKeys('ccxp.json', several, 'p2wsh')).toBeNull();
});

const keysAt = (...paths: string[]): CosignerDraft[] => paths.map((path, position) => ({ label: `Key ${position}`, record: `${record}${position}`, fingerprint: '73c5da0a', path }));
const draftOf = (part: Partial<WalletDraft>): WalletDraft => ({ name: 'Treasury', network: 'practice', script: 'p2wsh', isScriptChosen: false, required: 2, cosigners: [], ...part });
const creating = (state: WalletsState): WalletDraft => (state as Extract<WalletsState, { stage: 'creating' }>).draft;

test('the script type follows the key records as long as they agree and nobody chose one', () => {
  const begun = walletsTransition(walletShelf(null), { type: 'create-begun', network: 'practice' });
  const read = (state: WalletsState, ...paths: string[]): WalletsState => walletsTransition(state, { type: 'records-read', cosigners: keysAt(...paths), problems: [] });
  expect(creating(begun).script).toBe('p2wsh');
  expect(creating(read(begun, '48h/1h/0h/3h', '48h/1h/7h/3h')).script).toBe('p2tr-multi');
  expect(creating(read(begun, '48h/1h/0h/3h', '48h/1h/0h/1h')).script).toBe('p2wsh');
  expect(creating(read(begun, '1h/2h')).script).toBe('p2wsh');
  const chosen = walletsTransition(begun, { type: 'draft-changed', draft: { ...creating(begun), script: 'p2sh', isScriptChosen: true } });
  expect(creating(read(chosen, "86'/1'/0'")).script).toBe('p2sh');
});

test('a key that was exported for another script type is named, with the type that its path is for', () => {
  expect(otherAccounts(draftOf({ cosigners: keysAt('48h/1h/0h/2h', '84h/1h/0h', '0h') }))).toEqual([{ label: 'Key 1', path: '84h/1h/0h', usual: 'p2wpkh' }]);
  expect(otherAccounts(draftOf({ script: 'p2wpkh', cosigners: keysAt("84'/1'/0'") }))).toEqual([]);
});

test('a wallet of one key takes one key record and asks for no quorum', () => {
  const draft = draftOf({ script: 'p2tr', required: 2, cosigners: keysAt('86h/1h/0h') });
  expect(draftProblem(draft)).toBeNull();
  expect(requiredOf(draft)).toBe(1);
  expect(draftProblem({ ...draft, cosigners: keysAt('86h/1h/0h', '86h/1h/1h') })).toBe('A P2TR wallet has one key; there are 2 key records. Remove the others, or choose a quorum.');
});

test('more keys than a script type takes are said before the wallet is made', () => {
  const keys = keysAt(...Array.from({ length: 16 }, () => '45h/1h/0h'));
  expect(draftProblem(draftOf({ script: 'p2sh', cosigners: keys }))).toBe('A P2SH wallet has at most 15 keys; there are 16.');
  expect(draftProblem(draftOf({ script: 'p2wsh', cosigners: keys }))).toBeNull();
});

test('a wallet needs records, a name, labels, and a quorum that its cosigners can reach', () => {
  const draft = draftOf({ required: 2, cosigners: keysAt('48h/1h/0h/2h') });
  expect(draftProblem({ ...draft, cosigners: [] })).toMatch(/key records/);
  expect(draftProblem({ ...draft, required: 1, name: ' ' })).toMatch(/name/);
  expect(draftProblem(draft)).toBe('A quorum of 2 needs at least 2 cosigners; there are 1.');
  expect(draftProblem({ ...draft, required: 1 })).toBeNull();
});

test('the same key record twice is one cosigner', () => {
  const begun = walletsTransition(walletShelf(null), { type: 'create-begun', network: 'practice' });
  const cosigners = keysAt('48h/1h/0h/2h');
  const once = walletsTransition(begun, { type: 'records-read', cosigners, problems: [] });
  expect(walletsTransition(once, { type: 'records-read', cosigners, problems: [] })).toMatchObject({ draft: { cosigners } });
});

test('stopping an audit shows the books again; an error of one stays until the next request', () => {
  const auditing = ledgerTransition(openBooks, { type: 'audit-moved', walletId: 'w', progress: { fraction: 0.5, activity: 'Counting' } });
  expect(ledgerTransition(auditing, { type: 'audit-ended' })).toEqual(openBooks);
  const widening = ledgerTransition(openBooks, { type: 'audit-moved', walletId: 'w', progress: { fraction: null, activity: 'Watching' }, isWidening: true });
  expect(widening).toMatchObject({ stage: 'auditing', isWidening: true });
  expect(ledgerTransition(widening, { type: 'audit-ended' })).toEqual(openBooks);
  const failed = ledgerTransition(auditing, { type: 'failed', error });
  expect(ledgerTransition(failed, { type: 'audit-ended' })).toBe(failed);
  const progress = { fraction: null, activity: 'Asking the node' };
  expect(ledgerTransition(failed, { type: 'reading', progress })).toEqual({ stage: 'reading', progress });
});
