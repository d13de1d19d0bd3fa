import { expect, test } from 'vitest';
import { completePayment, planPayments } from '../../../src/companion/plan/payment-plan.ts';
import { planOutputs, type Plan } from '../../../src/companion/plan/plan.ts';
import { plannedPsbt } from '../../../src/companion/plan/planned-psbt.ts';
import { withNodeSignatures } from '../../../src/companion/plan/hot-signatures.ts';
import { planIdOf, readTransactionFile } from '../../../src/companion/transaction-file.ts';
import { toBase64, toHex, utf8 } from '../../../src/domain/bytes.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import { transactionId } from '../../../src/psbt/transaction.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { contextOf, fundingTransaction, signedAs } from '../support/psbt-builder.ts';
import { cold, coldKind, payment, satPerVb, someScripts } from './plan-fixtures.ts';

const own = cold.deriver.derive(0, 3);
const funding = fundingTransaction([{ scriptPubKey: own.scriptPubKey, amountSats: 1_000_000n }, { scriptPubKey: own.scriptPubKey, amountSats: 250_000n }]);
const change = cold.deriver.derive(1, 2);

function examplePlan(): Plan {
  const draft = planPayments({
    network: 'regtest',
    candidates: [0, 1].map((vout) => ({ txid: funding.txid, vout, amountSats: vout === 0 ? 1_000_000n : 250_000n, scriptPubKey: own.scriptPubKey, address: own.address, confirmations: 3, kind: coldKind, own: { branch: 0, index: 3 } })),
    payments: { payments: [payment(someScripts[0] as Uint8Array, 600_000n), payment(someScripts[2] as Uint8Array, 550_000n)], notes: [] },
    ownKind: coldKind, changeScript: change.scriptPubKey, feeRate: satPerVb(3),
  });
  return completePayment(draft, change);
}
const previous = new Map([[funding.txid, funding.bytes]]);

test('a plan becomes a PSBT that the Signer finds nothing against: full previous transactions, change proven, replaceable, final now', () => {
  const plan = examplePlan();
  const psbt = plannedPsbt(plan, previous, cold.deriver);
  expect(psbt.inputs.every((input) => input.nonWitnessUtxo !== undefined && input.witnessScript !== undefined && input.bip32Derivations.length === 3)).toBe(true);
  expect(psbt.transaction.locktime).toBe(0);
  expect(psbt.transaction.ins.map((input) => input.sequence)).toEqual([0xfffffffd, 0xfffffffd]);
  const review = reviewPsbt(encodePsbt(psbt), contextOf(cold));
  expect(review.verdict).toBe('ready');
  expect(review.findings.map((finding) => finding.code)).toEqual(['rbf.signalled']);
  expect(review.change.map((output) => [output.branch, output.childIndex, output.amountSats])).toEqual([[1, 2, plan.change?.amountSats]]);
  expect(review.feeSats).toBe(plan.feeSats);
});

test('BIP69: inputs and outputs stand in an order that tells nothing of the change', () => {
  const outputs = planOutputs(examplePlan()).map((output) => output.amountSats);
  expect(outputs).toEqual([...outputs].sort((a, b) => (a < b ? -1 : 1)));
});

test('the signed transaction is no larger than planned and pays at least the rate asked for', () => {
  const plan = examplePlan();
  const psbt = plannedPsbt(plan, previous, cold.deriver);
  const { psbt: combined } = combinePsbts([0, 2].map((key) => signedAs(psbt, cold, cold.keys[key] as never)), cold.deriver);
  const final = extractTransaction(finalizePsbt(combined, cold.deriver));
  expect(final.feeSats).toBe(plan.feeSats);
  expect(final.vsizeVb).toBeLessThanOrEqual(plan.vsizeVb);
  expect(final.feeSats * 1000n >= BigInt(final.vsizeVb) * plan.askedFeeRate).toBe(true);
});

test('a previous transaction that is another one, or states another amount, ends the plan', () => {
  const plan = examplePlan();
  const contradicts = expect.objectContaining({ code: 'node.malformed' });
  const other = fundingTransaction([{ scriptPubKey: own.scriptPubKey, amountSats: 2_000_000n }], 5);
  expect(() => plannedPsbt(plan, new Map([[funding.txid, other.bytes]]), cold.deriver)).toThrow(contradicts);
  expect(() => plannedPsbt(plan, new Map(), cold.deriver)).toThrow(contradicts);
  const lied = { ...plan, inputs: plan.inputs.map((input) => ({ ...input, amountSats: input.amountSats + 1n })) };
  expect(() => plannedPsbt(lied, previous, cold.deriver)).toThrow(contradicts);
});

test('a file that would be larger than a PSBT may be is refused before it is made', () => {
  const large = fundingTransaction([{ scriptPubKey: own.scriptPubKey, amountSats: 1_000_000n }, { scriptPubKey: new Uint8Array(17 * 1024 * 1024), amountSats: 0n }]);
  const plan = examplePlan();
  const [input] = plan.inputs as [Plan['inputs'][number]];
  expect(() => plannedPsbt({ ...plan, inputs: [{ ...input, txid: large.txid, vout: 0, amountSats: 1_000_000n }] }, new Map([[large.txid, large.bytes]]), cold.deriver)).toThrow(expect.objectContaining({ code: 'plan.too-large' }));
});

const unsigned = plannedPsbt(examplePlan(), previous, cold.deriver);
const combined = combinePsbts([0, 1].map((key) => signedAs(unsigned, cold, cold.keys[key] as never)), cold.deriver).psbt;
const finalized = finalizePsbt(combined, cold.deriver);
const transaction = extractTransaction(finalized);

test('a final transaction is read as bytes, as hex with blanks, and as a final PSBT in any form', () => {
  const hex = toHex(transaction.bytes);
  const files = [transaction.bytes, utf8(hex), utf8(`${hex.slice(0, 64)}\n${hex.slice(64).toUpperCase()}\n`), encodePsbt(finalized), utf8(toBase64(encodePsbt(finalized)))];
  for (const file of files) {
    const read = readTransactionFile(file);
    expect(read.txid).toBe(transaction.txid);
    expect(toHex(read.bytes)).toBe(hex);
    expect(read.planId).toBe(transactionId(unsigned.transaction));
  }
  expect(planIdOf(transaction.bytes)).toBe(transactionId(unsigned.transaction));
});

test('what is not a final transaction is refused by name', () => {
  const malformed = expect.objectContaining({ code: 'broadcast.malformed' });
  for (const file of [new Uint8Array(0), utf8('hello'), utf8('00'), transaction.bytes.subarray(0, 50), new Uint8Array(100)]) expect(() => readTransactionFile(file)).toThrow(malformed);
  const bare = encodePsbt(unsigned);
  expect(() => readTransactionFile(bare)).toThrow(expect.objectContaining({ code: 'psbt.incomplete' }));
});

test('of what a node signed only the final scripts are taken; another transaction is refused', () => {
  const stripped = { ...finalized, inputs: finalized.inputs.map((input) => ({ ...(input.finalScriptWitness === undefined ? {} : { finalScriptWitness: input.finalScriptWitness }), partialSignatures: [], bip32Derivations: [], otherFields: [] })) };
  const ours = withNodeSignatures(unsigned, decodePsbt(encodePsbt(stripped as never)));
  expect(extractTransaction(ours).txid).toBe(transaction.txid);
  expect(ours.inputs.every((input) => input.nonWitnessUtxo !== undefined)).toBe(true);
  expect(() => withNodeSignatures(unsigned, unsigned)).toThrow(expect.objectContaining({ code: 'psbt.incomplete' }));
  const another = plannedPsbt({ ...examplePlan(), change: null }, previous, cold.deriver);
  expect(() => withNodeSignatures(another, finalized)).toThrow(expect.objectContaining({ code: 'node.malformed' }));
});
