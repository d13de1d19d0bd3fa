import { expect, test } from 'vitest';
import type { WalletTransaction } from '../../../src/companion/chain-source.ts';
import { privacyNotes, type PrivacyFacts } from '../../../src/companion/payments/privacy-notes.ts';
import type { Spendable } from '../../../src/companion/plan/plan.ts';
import { equalBytes } from '../../../src/domain/bytes.ts';
import { cold, coldOutput, payment, someScripts } from './plan-fixtures.ts';

const changeScript = cold.deriver.derive(1, 0).scriptPubKey;
const [p2wpkh, p2wsh] = someScripts as [Uint8Array, Uint8Array];
const at = (number: number, amountSats: bigint, branch: 0 | 1, index: number): Spendable => ({ ...coldOutput(number, amountSats), own: { branch, index }, scriptPubKey: cold.deriver.derive(branch, index).scriptPubKey });
/** The transaction that made an output. */
const receipt = (output: Spendable, more: Partial<WalletTransaction> = {}): WalletTransaction =>
  ({ txid: output.txid, height: 5, confirmations: 9, received: [{ vout: output.vout, amountSats: output.amountSats, branch: output.own?.branch ?? 0, index: output.own?.index ?? 0 }], spent: [], feeSats: null, ...more });
const notes = (inputs: readonly Spendable[], more: Partial<PrivacyFacts> & { readonly changeSats?: bigint } = {}) => {
  const { changeSats = 12_345n, ...facts } = more;
  return privacyNotes({
    plan: { inputs, changeSats }, payments: [payment(p2wsh, 50_001n)], changeScript, candidates: inputs, transactions: inputs.map((input) => receipt(input)),
    paidBefore: new Set(), sweeps: new Set(), isOwn: () => false, ...facts,
  });
};
const codes = (...args: Parameters<typeof notes>): readonly string[] => notes(...args).map(({ code }) => code);

const one = at(1, 100_000n, 0, 0);
const two = at(2, 200_000n, 0, 1);
const nameOf = ({ txid, vout }: Spendable): string => `${txid}:${vout}`;

test('one input, an odd amount, a change that looks like the payment: nothing to say', () => {
  expect(notes([one])).toEqual([]);
});

test('a payee that was paid before is named by its line', () => {
  const order = payment(p2wsh, 50_001n, 7);
  expect(notes([one], { payments: [order], paidBefore: new Set([order.address]) })).toEqual([{ code: 'privacy.payee-address-reused', lines: [7], outpoints: [] }]);
});

test('an address of ours that was paid twice: the input is named, and what is left behind on it', () => {
  const again = at(3, 30_000n, 0, 0);
  const transactions = [receipt(one), receipt(again)];
  expect(notes([one], { transactions, candidates: [one, again] })).toEqual([
    { code: 'privacy.own-address-reused', lines: [], outpoints: [nameOf(one)] }, { code: 'privacy.address-left-behind', lines: [], outpoints: [nameOf(again)] },
  ]);
  // Both spent together: nothing stays behind.
  expect(codes([one, again], { transactions })).toEqual(['privacy.own-address-reused']);
  // A receipt that was replaced is none.
  expect(codes([one], { transactions: [receipt(one), receipt(again, { confirmations: -1 })] })).toEqual([]);
});

test('a tiny output on a used address may be bait', () => {
  const bait = at(3, 546n, 0, 0);
  expect(codes([one, bait], { transactions: [receipt(one), receipt(bait)] })).toEqual(['privacy.own-address-reused', 'privacy.dust-coin']);
});

test('addresses are joined once: what an earlier spend tied together is no news', () => {
  expect(notes([one, two])).toEqual([{ code: 'privacy.joins-addresses', lines: [], outpoints: [nameOf(one), nameOf(two)].sort() }]);
  const earlier = [at(10, 9_000n, 0, 0), at(11, 9_000n, 0, 1)];
  const joint = { ...receipt(at(12, 1_000n, 1, 4)), spent: earlier.map(({ txid, vout, amountSats }) => ({ txid, vout, amountSats })) };
  expect(codes([one, two], { transactions: [...earlier.map((output) => receipt(output)), receipt(one), receipt(two), joint] })).not.toContain('privacy.joins-addresses');
  // Change is tied to what was spent for it.
  const change = at(12, 1_000n, 1, 4);
  expect(codes([two, change], { transactions: [...earlier.map((output) => receipt(output)), receipt(two), joint] })).not.toContain('privacy.joins-addresses');
  expect(codes([at(5, 9_000n, 0, 7), change], { transactions: [...earlier.map((output) => receipt(output)), joint] })).toContain('privacy.joins-addresses');
});

test('money from a hot wallet beside money that came otherwise links the two', () => {
  expect(codes([one, two], { sweeps: new Set([one.txid]) })).toContain('privacy.links-hot-and-cold');
  expect(codes([one, two], { sweeps: new Set([one.txid, two.txid]) })).not.toContain('privacy.links-hot-and-cold');
  // Our own change is no other source.
  expect(codes([one, at(4, 9_000n, 1, 0)], { sweeps: new Set([one.txid]) })).not.toContain('privacy.links-hot-and-cold');
});

test('round payments, and payments of another type than the change, show which output is the change', () => {
  expect(codes([one], { payments: [payment(p2wsh, 50_000n)] })).toEqual(['privacy.round-amounts']);
  expect(codes([one], { payments: [payment(p2wsh, 50_000n)], changeSats: 12_000n })).toEqual([]);
  expect(codes([one], { payments: [payment(p2wsh, 50_000n)], changeSats: 0n })).toEqual([]);
  expect(codes([one], { payments: [payment(p2wpkh, 50_001n)] })).toEqual(['privacy.change-type']);
  expect(codes([one], { payments: [payment(p2wpkh, 50_001n), payment(p2wsh, 50_001n)] })).toEqual([]);
});

test('a payment to the wallet itself is named', () => {
  expect(codes([one], { isOwn: (script) => equalBytes(script, p2wsh) })).toEqual(['privacy.pays-own-wallet']);
});
