import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { expect, test } from 'vitest';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import { requirePlanned } from '../../../src/psbt/plan-check.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { parseTransaction, serializeTransaction } from '../../../src/psbt/transaction.ts';
import { honestPsbt, signedAs, strangerScript, testWallet, type TestKey } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const planned = honestPsbt({ wallet });
const signed = wallet.keys.slice(0, 2).map((key) => signedAs(planned, wallet, key as TestKey));
const final = extractTransaction(finalizePsbt(combinePsbts(signed, wallet.deriver).psbt, wallet.deriver));
/** The final transaction with one thing changed. */
const changed = (change: (transaction: Transaction) => void): Uint8Array => {
  const { transaction } = parseTransaction(final.bytes);
  change(transaction);
  return serializeTransaction(transaction, true);
};

test('the transaction that was planned passes, signed or not', () => {
  expect(() => requirePlanned(final, planned)).not.toThrow();
  expect(() => requirePlanned({ bytes: serializeTransaction(planned.transaction, false) }, planned)).not.toThrow();
});

const [first, second] = [0, 1].map((at) => planned.transaction.outs[at] as Transaction['outs'][number]) as [Transaction['outs'][number], Transaction['outs'][number]];
test.each<[string, number, (transaction: Transaction) => void]>([
  ['version', 0, (transaction) => { transaction.version = 1; }],
  ['locktime', 0, (transaction) => { transaction.locktime = 7; }],
  ['number of inputs', 0, (transaction) => { transaction.ins.pop(); }],
  ['number of inputs', 0, (transaction) => { transaction.addInput(new Uint8Array(32).fill(9), 0); }],
  ['input', 0, (transaction) => { transaction.ins.reverse(); }],
  ['input', 1, (transaction) => { (transaction.ins[1] as Transaction['ins'][number]).index = 1; }],
  ['input', 1, (transaction) => { (transaction.ins[1] as Transaction['ins'][number]).hash = new Uint8Array(32).fill(9); }],
  ['sequence', 1, (transaction) => { (transaction.ins[1] as Transaction['ins'][number]).sequence = 1; }],
  ['number of outputs', 0, (transaction) => { transaction.outs.pop(); }],
  ['number of outputs', 0, (transaction) => { transaction.addOutput(strangerScript(9), 1n); }],
  ['amount', 0, (transaction) => { (transaction.outs[0] as Transaction['outs'][number]).value += 1n; }],
  ['amount', 1, (transaction) => { (transaction.outs[1] as Transaction['outs'][number]).value -= 1n; }],
  ['destination', 0, (transaction) => { (transaction.outs[0] as Transaction['outs'][number]).script = strangerScript(9); }],
  ['destination', 1, (transaction) => { (transaction.outs[1] as Transaction['outs'][number]).script = strangerScript(9); }],
])('another %s is named (%i)', (what, index, change) => {
  expect(() => requirePlanned({ bytes: changed(change) }, planned)).toThrow(expect.objectContaining({ code: 'psbt.not-the-plan', details: expect.objectContaining({ what, index }) }));
});

test('what was planned and what is there stand in the error', () => {
  expect(() => requirePlanned({ bytes: changed((transaction) => { transaction.outs.reverse(); }) }, planned))
    .toThrow(expect.objectContaining({ details: { what: 'amount', index: 0, planned: String(first.value), final: String(second.value) } }));
});

test('another fee is named, and a plan that proves none is no plan', () => {
  expect(() => requirePlanned({ ...final, feeSats: 999n }, planned)).toThrow(expect.objectContaining({ code: 'psbt.not-the-plan', details: { what: 'fee', index: 0, planned: '1000', final: '999' } }));
  const bare: Psbt = { ...planned, inputs: planned.inputs.map(({ nonWitnessUtxo, ...input }) => input) };
  expect(() => requirePlanned(final, bare)).toThrow(expect.objectContaining({ code: 'psbt.input-unproven' }));
});
