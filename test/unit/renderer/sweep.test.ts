import { expect, test } from 'vitest';
import { machine } from '../../../renderer/host/machine.ts';
import { modelOfReport, type Report } from '../../../renderer/review/from-report.ts';
import type { SignerContext } from '../../../renderer/signer/context.ts';
import type { Session } from '../../../renderer/signer/session.ts';
import { nothingToSign, signTransition, type SignEvent, type SignState } from '../../../renderer/signer/sign/sign-state.ts';
import { beginSweep, sweepActions } from '../../../renderer/signer/sign/sweep-actions.ts';
import { asksPassphrase, noSweep, sweepProblem, sweepTransition, type PaperKey, type SweepState } from '../../../renderer/signer/sign/sweep-state.ts';

const key = (digit: string, compressed = true): PaperKey => ({ paperKeyHandle: digit.repeat(32), fingerprint: digit.repeat(8), form: 'wif', compressed, addresses: [{ script: 'p2wpkh', address: `bc1q${digit}` }] });
const report = (part: Partial<Report> = {}): Report => ({
  verdict: 'ready', reviewId: 'a'.repeat(64), psbtVersion: 0, network: 'mainnet', transactionVersion: 2, locktime: 0, wallets: [], inputsSats: '10', paymentsSats: '9', changeSats: '0', feeSats: '1', feeRateSatPerVb: '1', feePercent: '11.11',
  payments: [], change: [], inputs: [], quorum: { required: 1, total: 1, signed: [], thisKey: null, stillNeeded: 1 }, findings: [], ...part,
});
const file = { name: 'sweep.unsigned.psbt', contentBase64: 'AA==' };
const wif = 'K' + 'x'.repeat(51);

test('what was typed is dropped when its key is open', () => {
  const typed = sweepTransition(noSweep('mainnet'), { type: 'typed', secret: 'canary', passphrase: '' });
  expect(JSON.stringify(sweepTransition(typed, { type: 'key-opened', key: key('1') }))).not.toContain('canary');
});

test('a reviewed and a signed sweep have nothing in them that was typed', () => {
  const typed = sweepTransition(noSweep('mainnet'), { type: 'typed', secret: 'canary', passphrase: 'canary' });
  expect(JSON.stringify(sweepTransition(typed, { type: 'reviewed', file, report: report() }))).not.toContain('canary');
});

test('the network cannot change under open keys', () => {
  const open = sweepTransition(noSweep('mainnet'), { type: 'key-opened', key: key('1') });
  expect(sweepTransition(open, { type: 'network-chosen', network: 'signet' })).toBe(open);
});

const judged = { severity: 'acknowledge', code: 'fee.high', where: { scope: 'global', index: 0 }, details: {} } as const;
const reviewed = (part: Partial<Report> = {}): Extract<SweepState, { stage: 'reviewed' }> => sweepTransition(noSweep('mainnet'), { type: 'reviewed', file, report: report(part) }) as never;

test('a sweep is signed only when every finding was judged and none refuses', () => {
  expect(sweepProblem(reviewed())).toBeNull();
  expect(sweepProblem(reviewed({ verdict: 'refused' }))).toMatch(/^Refused/);
  const open = reviewed({ verdict: 'judgement', findings: [judged] });
  expect(sweepProblem(open)).toMatch(/1 finding needs/);
  expect(sweepProblem(sweepTransition(open, { type: 'acknowledged', code: 'fee.high', is: true }) as typeof open)).toBeNull();
});

test('a signature for another review than the one on the screen is not shown as given', () => {
  const state = reviewed();
  expect(sweepTransition(state, { type: 'signed', reviewId: 'b'.repeat(64), signed: { psbtBase64: 'AA==', psbtSha256: 'c'.repeat(64), signedInputs: 1, quorum: report().quorum, findings: [] } })).toBe(state);
});

test('only BIP38 has a passphrase', () => {
  expect([asksPassphrase(' 6PabC'), asksPassphrase('L1aW4a'), asksPassphrase('')]).toEqual([true, false, false]);
});

test('an answer to an earlier review does not end a sweep, and a sweep does not throw a signature away', () => {
  const sweeping = signTransition(nothingToSign, { type: 'sweep-begun', visit: 1, network: 'mainnet' });
  expect(signTransition(sweeping, { type: 'reviewed', file, keyHandle: 'h', report: report() })).toBe(sweeping);
  const review = signTransition(nothingToSign, { type: 'reviewed', file, keyHandle: 'h', report: report() });
  expect(signTransition(review, { type: 'sweep-begun', visit: 2, network: 'mainnet' })).toBe(review);
});

/** Actions over a host whose answers a test gives when it likes. */
function sweeping(answers: Readonly<Record<string, (input: never) => unknown>>) {
  const asked: (readonly [string, unknown])[] = [];
  const host = new Proxy({}, { get: (_, name: string) => async (input: never) => { asked.push([name, input]); return (await answers[name]?.(input)) ?? { ok: true, value: {} }; } });
  const session = machine<Session, { type: 'signature-given' }>({ stage: 'ready', shelf: { keys: [], registrations: [], entropyRecords: [] }, unlocked: [], recordsSaved: [], signaturesGiven: 0 }, (same) => same);
  const sign = machine<SignState, SignEvent>(nothingToSign, signTransition);
  const context = { host, session, sign, usualNetwork: 'mainnet' } as unknown as SignerContext;
  beginSweep(context);
  const now = (): SweepState | null => (sign.state.value.stage === 'sweep' ? sign.state.value.sweep : null);
  return { actions: sweepActions(context), asked, sign, now, names: () => asked.map(([name]) => name) };
}

test('a key that opens after the sweep was left is closed at once', async () => {
  let open: (reply: unknown) => void = () => undefined;
  const { actions, asked, sign } = sweeping({ 'paper-key.open': () => new Promise((answer) => { open = answer; }) });
  const opening = actions.openKey(wif);
  await actions.leave();
  open({ ok: true, value: key('1') });
  await opening;
  expect(asked.at(-1)).toEqual(['paper-key.close', { paperKeyHandle: '1'.repeat(32) }]);
  expect(sign.state.value).toEqual(nothingToSign);
});

test('leaving closes every open key; a key given twice is closed once more and said so', async () => {
  const handles = ['1', '2'];
  const { actions, now, asked } = sweeping({ 'paper-key.open': () => ({ ok: true, value: { ...key('1'), paperKeyHandle: (handles.shift() ?? '3').repeat(32) } }) });
  await actions.openKey(wif);
  await actions.openKey(wif);
  expect(now()).toMatchObject({ stage: 'gathering', isAgain: true, keys: [{ paperKeyHandle: '1'.repeat(32) }] });
  expect(asked.at(-1)).toEqual(['paper-key.close', { paperKeyHandle: '2'.repeat(32) }]);
  await actions.leave();
  expect(asked.at(-1)).toEqual(['paper-key.close', { paperKeyHandle: '1'.repeat(32) }]);
});

test('a passphrase is sent with BIP38 keys only', async () => {
  const { actions, asked } = sweeping({ 'paper-key.open': () => ({ ok: false, error: { code: 'secret.malformed', message: 'm', details: {}, hint: 'h' } }) });
  actions.send({ type: 'typed', secret: wif, passphrase: 'secret words' });
  await actions.openKey(wif);
  expect(asked).toEqual([['paper-key.open', { network: 'mainnet', secret: wif, passphrase: '' }]]);
});

test('of a scanned page only what can be a key is taken; an encrypted one waits for its passphrase', async () => {
  const bip38 = '6P' + 'x'.repeat(56);
  let texts = ['bc1qxyz'];
  const { actions, names, now } = sweeping({ 'camera.read': () => ({ ok: true, value: { texts } }) });
  const frame = { width: 16, height: 16, lumaBase64: 'AA==' };
  await actions.scan(frame);
  expect(names()).toEqual(['camera.read']);
  texts = ['bc1qxyz', bip38];
  await actions.scan(frame);
  expect(now()).toMatchObject({ secret: bip38 });
  expect(names()).not.toContain('paper-key.open');
});

test('a sheet that stays before the camera is taken once; after it left, the next is', async () => {
  let texts = [wif];
  const { actions, names } = sweeping({ 'camera.read': () => ({ ok: true, value: { texts } }), 'paper-key.open': () => ({ ok: false, error: { code: 'secret.malformed', message: 'm', details: {}, hint: 'h' } }) });
  const frame = { width: 16, height: 16, lumaBase64: 'AA==' };
  for (const seen of [[wif], [wif], [], [wif]]) {
    texts = seen;
    await actions.scan(frame);
  }
  expect(names().filter((name) => name === 'paper-key.open')).toHaveLength(2);
});

test('the keys are closed as soon as the sweep is signed, and the signed file waits to be saved', async () => {
  const { actions, now, names } = sweeping({
    'paper-key.open': () => ({ ok: true, value: key('1') }),
    'sweep.review': () => ({ ok: true, value: report() }),
    'sweep.sign': () => ({ ok: true, value: { psbtBase64: 'AA==', psbtSha256: 'c'.repeat(64), signedInputs: 1, quorum: report().quorum, findings: [] } }),
  });
  await actions.openKey(wif);
  await actions.takeFiles([file]);
  await actions.signNow();
  expect(names()).toEqual(['paper-key.open', 'sweep.review', 'sweep.sign', 'paper-key.close']);
  await actions.leave();
  expect(now()).toMatchObject({ stage: 'signed', savedAs: null });
});

test('the review names the paper key of an input, and the wallet that a payment was proven to go to', () => {
  const payment = { index: 0, address: 'bc1qto', scriptHex: '00', amountSats: '9' };
  const input = { index: 0, txid: 'd'.repeat(64), vout: 0, sequence: 0xffff_fffd, amountSats: '10', proof: 'previous-transaction', wallet: null, branch: null, childIndex: null, signedBy: [], paperKey: { fingerprint: '751e76e8', script: 'p2wpkh' } } as const;
  const names = new Map([['w', 'Treasury']]);
  const model = modelOfReport(report({ payments: [{ ...payment, to: { wallet: 'w', branch: 'receive', childIndex: 3 } }, { ...payment, index: 1 }], inputs: [{ ...input, signedBy: [] }] }), names);
  expect(model.payments.map(({ proof }) => proof)).toEqual(['Proven: an address of Treasury, at \u2026/0/3', null]);
  expect(model.inputs[0]?.proof).toBe('Amount proven by the enclosed previous transaction; paper key 751e76e8, P2WPKH');
});
