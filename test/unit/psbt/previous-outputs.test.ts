/** What proves the output that an input spends. */
import { describe, expect, test } from 'vitest';
import { createPsbt } from '../../../src/psbt/creator.ts';
import { previousOutputs } from '../../../src/psbt/previous-outputs.ts';
import type { Psbt, PsbtInput, TxOutput } from '../../../src/psbt/psbt.ts';
import { parseHex } from '../../../src/domain/bytes.ts';
import { fundingTransaction, strangerScript } from '../support/psbt-builder.ts';

const segwit: TxOutput = { scriptPubKey: strangerScript(), amountSats: 5_000n };
const taproot: TxOutput = { scriptPubKey: parseHex(`5120${'11'.repeat(32)}`), amountSats: 6_000n };
const funding = fundingTransaction([segwit, taproot, segwit, taproot], 1);
const other = fundingTransaction([segwit, taproot], 2);
const input = (more: Partial<PsbtInput> = {}): PsbtInput => ({ partialSignatures: [], bip32Derivations: [], otherFields: [], ...more });
/** Inputs that spend outputs of `funding`, with what they state. */
const spending = (...inputs: readonly (readonly [vout: number, stated: Partial<PsbtInput>, txid?: string])[]): Psbt =>
  ({ ...createPsbt({ inputs: inputs.map(([vout, , txid]) => ({ txid: txid ?? funding.txid, vout, sequence: 0 })), outputs: [segwit], locktime: 0 }), inputs: inputs.map(([, stated]) => input(stated)) });
const proven = (output: TxOutput) => ({ proof: 'previous-transaction', output });
const unproven = (problem: string) => ({ proof: null, problem });

describe('the previous transaction', () => {
  test('proves the output that its input names', () => {
    expect(previousOutputs(spending([0, { nonWitnessUtxo: funding.bytes }], [1, { nonWitnessUtxo: funding.bytes }]))).toEqual([proven(segwit), proven(taproot)]);
  });

  test('proves nothing where it is missing, is another one, or has no such output', () => {
    expect(previousOutputs(spending([0, {}]))).toEqual([unproven('missing')]);
    expect(previousOutputs(spending([0, { nonWitnessUtxo: other.bytes }]))).toEqual([unproven('hash')]);
    expect(previousOutputs(spending([4, { nonWitnessUtxo: funding.bytes }]))).toEqual([unproven('vout')]);
  });

  test('of one input proves nothing of another that encloses something else', () => {
    const mixed = spending([0, { nonWitnessUtxo: funding.bytes }], [1, { nonWitnessUtxo: other.bytes }], [3, { nonWitnessUtxo: funding.bytes }], [0, { nonWitnessUtxo: other.bytes }, other.txid]);
    expect(previousOutputs(mixed)).toEqual([proven(segwit), unproven('hash'), proven(taproot), proven(segwit)]);
  });
});

describe('a witness UTXO', () => {
  test('proves taproot where every input is taproot: all of it is signed by all', () => {
    expect(previousOutputs(spending([0, { witnessUtxo: taproot }], [1, { witnessUtxo: taproot }]))).toEqual([{ proof: 'taproot', output: taproot }, { proof: 'taproot', output: taproot }]);
    expect(previousOutputs(spending([0, { witnessUtxo: taproot }], [1, { nonWitnessUtxo: funding.bytes }]))).toEqual([{ proof: 'taproot', output: taproot }, proven(taproot)]);
  });

  test('proves nothing beside one other input, proven or not, nor where that is unknown', () => {
    expect(previousOutputs(spending([1, { witnessUtxo: taproot }], [0, { nonWitnessUtxo: funding.bytes }]))).toEqual([unproven('missing'), proven(segwit)]);
    expect(previousOutputs(spending([1, { witnessUtxo: taproot }], [0, { witnessUtxo: segwit }]))).toEqual([unproven('missing'), unproven('missing')]);
    expect(previousOutputs(spending([1, { witnessUtxo: taproot }], [0, {}]))).toEqual([unproven('missing'), unproven('missing')]);
    expect(previousOutputs(spending([0, { witnessUtxo: segwit }]))).toEqual([unproven('missing')]);
  });

  test('proves nothing beside a previous transaction that is another one or has no such output, and spoils the others\' proof', () => {
    expect(previousOutputs(spending([0, { witnessUtxo: taproot, nonWitnessUtxo: other.bytes }], [1, { witnessUtxo: taproot }]))).toEqual([unproven('hash'), unproven('missing')]);
    expect(previousOutputs(spending([4, { witnessUtxo: taproot, nonWitnessUtxo: funding.bytes }]))).toEqual([unproven('vout')]);
  });

  test('does not stand against the previous transaction', () => {
    expect(previousOutputs(spending([1, { witnessUtxo: { ...taproot, amountSats: 1n }, nonWitnessUtxo: funding.bytes }]))).toEqual([proven(taproot)]);
  });
});

test('a transaction without inputs spends nothing', () => {
  const psbt = spending([0, {}]);
  expect(previousOutputs({ ...psbt, inputs: [] })).toEqual([]);
});
