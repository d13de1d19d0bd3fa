/** Reviews of sweeps: inputs of paper keys, a destination that is proven, and what an attacker would change. */
import { describe, expect, test } from 'vitest';
import { concat, parseHex } from '../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { withTapKeySignature } from '../../../src/psbt/taproot-fields.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { toReviewReport } from '../../../src/review/review-report.ts';
import { reviewPsbt, type ReviewContext } from '../../../src/review/review-psbt.ts';
import { ReviewReport } from '../../../src/host/wire.ts';
import * as v from 'valibot';
import { fundingTransaction, hashOfTxid, strangerScript, testWallet } from '../support/psbt-builder.ts';
import { arrival, claimedOnly, cold, everyScript, FEE, paperSweep, testPaper, withInput, type PaperInput } from '../support/paper-sweep-builder.ts';

const all = everyScript();
const papers = all.map(({ paper }) => paper);
const context = (more: Partial<ReviewContext> = {}): ReviewContext => ({ wallets: [], singleKeys: papers, destinations: [cold], network: 'regtest', thisKey: null, ...more });
const review = (psbt: Psbt, more: Partial<ReviewContext> = {}) => reviewPsbt(encodePsbt(psbt), context(more));
const codes = (psbt: Psbt, more: Partial<ReviewContext> = {}): string[] => review(psbt, more).findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code);
const field = (keyType: number, value: Uint8Array, keyData: Uint8Array = new Uint8Array(0)) => ({ keyType, keyData, value });
const [P2PKH, NESTED, P2WPKH, P2TR] = [0, 1, 2, 3];

describe('an honest sweep of every script and form', () => {
  const honest = paperSweep(all);

  test('is ready; its inputs are named by key and script, and its one payment is proven to be the registered wallet\'s', () => {
    const reviewed = review(honest);
    expect(reviewed.verdict).toBe('ready');
    expect(reviewed.findings.map(({ code }) => code)).toEqual(['rbf.signalled']);
    expect(reviewed.inputs.map(({ singleKey, proof, walletId }) => [singleKey?.fingerprint, singleKey?.script, proof, walletId])).toEqual(all.map(({ paper, script }) => [paper.fingerprint, script, 'previous-transaction', null]));
    expect(reviewed.payments).toMatchObject([{ address: arrival.address, amountSats: 600_000n - FEE, to: { walletId: cold.walletId, branch: 0, childIndex: 4 } }]);
    expect(reviewed).toMatchObject({ inputsSats: 600_000n, changeSats: 0n, change: [], feeSats: FEE, walletIds: [cold.walletId], quorum: { required: 6, total: 6, signed: [], thisKey: null, stillNeeded: 6 } });
  });

  test('says so across the boundary: the payment with its wallet, the inputs with their keys', () => {
    const report = v.parse(ReviewReport, toReviewReport(review(honest)));
    expect(report.payments[0]?.to).toEqual({ wallet: cold.walletId, branch: 'receive', childIndex: 4 });
    expect(report.inputs[P2TR]).toMatchObject({ wallet: null, branch: null, paperKey: { fingerprint: papers[P2TR]?.fingerprint, script: 'p2tr' } });
    expect(report.feePercent).toBe('0.25');
  });

  test('weighs an uncompressed key as 32 bytes more than a compressed one', () => {
    const vsize = (input: PaperInput) => review(paperSweep([input]), { singleKeys: [input.paper] });
    const rateOf = (compressed: boolean) => vsize({ paper: testPaper(9, compressed), script: 'p2pkh' }).feeRate;
    const vsizeOf = (rate: bigint): number => Number((FEE * 1000n) / rate);
    expect(vsizeOf(rateOf(false)) - vsizeOf(rateOf(true))).toBe(32);
  });

  test('goes by keys at hand: what one of them cannot spend is foreign', () => {
    expect(codes(honest, { singleKeys: papers.slice(1) })).toEqual(['input.foreign']);
  });

  test('an uncompressed key spends nothing of segwit: the same number compressed is another key', () => {
    const compressed = testPaper(5, true);
    for (const script of ['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr'] as const) {
      expect(codes(paperSweep([{ paper: compressed, script }]), { singleKeys: [testPaper(5, false)] })).toEqual(['input.foreign']);
      expect(codes(paperSweep([{ paper: compressed, script }]), { singleKeys: [compressed] })).toEqual([]);
    }
  });

  test('is refused where the paper key\'s network is not the wallet\'s', () => {
    expect(codes(honest, { destinations: [testWallet(2, 3, 'practice')] })).toContain('network.mismatch');
  });
});

describe('the destination', () => {
  test('without a registration a person must compare the address; the enclosed scripts of the cold wallet alone refuse nothing', () => {
    const reviewed = review(paperSweep(all), { destinations: [] });
    expect(reviewed.verdict).toBe('judgement');
    expect(reviewed.payments[0]?.to).toBeNull();
    expect(codes(paperSweep(all), { destinations: [] })).toEqual(['sweep.unproven-destination']);
  });

  test('a stranger\'s address is not proven', () => {
    expect(codes(paperSweep(all, strangerScript()))).toEqual(['sweep.unproven-destination']);
  });

  test('a stranger\'s address that passes for the registered wallet\'s is fraud', () => {
    const disguised = { ...paperSweep(all, strangerScript()), outputs: paperSweep(all).outputs };
    expect(codes(disguised)).toEqual(['change.fraud', 'sweep.unproven-destination']);
    const origins = paperSweep(all).outputs.map(({ bip32Derivations }) => ({ bip32Derivations, otherFields: [] }));
    expect(codes({ ...paperSweep(all, strangerScript()), outputs: origins })).toEqual(['change.fraud', 'sweep.unproven-destination']);
  });

  test('another witness script beside the wallet\'s own address is fraud', () => {
    const psbt = paperSweep(all);
    expect(codes({ ...psbt, outputs: psbt.outputs.map((output) => ({ ...output, witnessScript: cold.deriver.derive(0, 5).witnessScript as Uint8Array })) })).toEqual(['change.fraud']);
  });

  test('money of a registered wallet is not swept along: a sweep is of papers alone', () => {
    const funding = fundingTransaction([{ scriptPubKey: cold.deriver.derive(0, 0).scriptPubKey, amountSats: 100_000n }], 900);
    const psbt = paperSweep(all.slice(0, 2));
    const transaction = psbt.transaction.clone();
    transaction.ins[1]!.hash = hashOfTxid(funding.txid);
    const other = withInput({ ...psbt, transaction }, 1, (input) => ({ ...input, nonWitnessUtxo: funding.bytes }));
    expect(codes(other)).toEqual(['input.foreign']);
  });

  test('a fee is judged against the inputs where nothing leaves, against the payments where something does', () => {
    const small = [{ paper: papers[2]!, script: 'p2wpkh' as const, amountSats: 31_000n }];
    const to = (script?: Uint8Array) => review(paperSweep(small, script), { singleKeys: [papers[2]!] });
    // 1,500 of 31,000 are 4.83 %; of the 29,500 that arrive they are 5.08 %.
    expect(to().feeBasisPoints).toBe(483n);
    expect(to().findings.map(({ code }) => code)).not.toContain('fee.high');
    expect(to(strangerScript()).feeBasisPoints).toBe(508n);
    expect(to(strangerScript()).findings.map(({ code }) => code)).toContain('fee.high');
  });

  test('an open key that nothing is spent from is told, not refused', () => {
    const reviewed = review(paperSweep(all.slice(0, 4)));
    expect(reviewed.verdict).toBe('ready');
    expect(reviewed.findings.find(({ code }) => code === 'sweep.key-unused')?.details).toEqual({ count: 2, fingerprints: `${papers[4]?.fingerprint} ${papers[5]?.fingerprint}` });
  });
});

describe('attacks on inputs', () => {
  const honest = paperSweep(all);

  test('a nested input whose redeem script is another key\'s', () => {
    expect(codes(withInput(honest, NESTED, (input) => ({ ...input, redeemScript: papers[2]!.output('p2wpkh').scriptPubKey })))).toEqual(['input.script-hash']);
    expect(codes(withInput(honest, NESTED, (input) => ({ ...input, redeemScript: papers[1]!.output('p2wpkh').scriptPubKey })))).toEqual([]);
  });

  test('a redeem script on an input that has none, a witness script on any', () => {
    const script = papers[2]!.output('p2wpkh').scriptPubKey;
    for (const index of [P2PKH, P2WPKH, P2TR]) expect(codes(withInput(honest, index, (input) => ({ ...input, redeemScript: script })))).toEqual(['input.script-hash']);
    for (const index of all.keys()) expect(codes(withInput(honest, index, (input) => ({ ...input, witnessScript: script })))).toEqual(['input.script-hash']);
  });

  test('amounts lied about: by another previous transaction, by a witness UTXO beside the right one', () => {
    for (const [index, { paper, script }] of all.entries()) {
      const lie = { scriptPubKey: paper.output(script).scriptPubKey, amountSats: 90_000n };
      expect(codes(withInput(honest, index, (input) => ({ ...input, nonWitnessUtxo: fundingTransaction([lie], 500 + index).bytes })))).toContain('input.prevtx-hash');
      const beside = codes(withInput(honest, index, (input) => ({ ...input, witnessUtxo: lie })));
      expect(beside).toContain('input.utxo-conflict');
      expect(beside.includes('input.legacy-witness-utxo')).toBe(script === 'p2pkh');
    }
  });

  test('every input but taproot needs its previous transaction, and so does taproot beside any other', () => {
    for (const index of all.keys()) {
      const claimed = withInput(honest, index, (input) => ({ ...claimedOnly(input), witnessUtxo: { scriptPubKey: all[index]!.paper.output(all[index]!.script).scriptPubKey, amountSats: 100_000n } }));
      expect(codes(claimed)).toContain('input.prevtx-missing');
    }
  });

  test('taproot alone proves its amounts by its signatures: a witness UTXO is enough, and is said to be the proof', () => {
    const taproot = paperSweep([all[3]!, all[5]!]);
    const claimed = { ...taproot, inputs: taproot.inputs.map(claimedOnly) };
    const keys = [papers[3]!, papers[5]!];
    expect(codes(claimed, { singleKeys: keys })).toEqual([]);
    expect(review(claimed, { singleKeys: keys }).inputs.map(({ proof, amountSats }) => [proof, amountSats])).toEqual([['taproot', 100_000n], ['taproot', 100_000n]]);
    // One with its previous transaction, the other without.
    expect(review(withInput(taproot, 1, claimedOnly), { singleKeys: keys }).inputs.map(({ proof }) => proof)).toEqual(['previous-transaction', 'taproot']);
    // A previous transaction that is another one proves nothing, whatever stands beside it.
    expect(codes(withInput(claimed, 0, (input) => ({ ...input, nonWitnessUtxo: fundingTransaction([{ scriptPubKey: strangerScript(), amountSats: 1n }]).bytes })), { singleKeys: keys })).toEqual(expect.arrayContaining(['input.prevtx-hash', 'input.prevtx-missing']));
  });

  test('taproot fields of a script path', () => {
    const leaf = [field(0x18, new Uint8Array(32).fill(3)), field(0x15, parseHex('51c0'), concat(Uint8Array.of(0xc0), new Uint8Array(32).fill(4))), field(0x14, new Uint8Array(64).fill(5), new Uint8Array(64).fill(6))];
    for (const each of leaf) {
      for (const index of all.keys()) expect(codes(withInput(honest, index, (input) => ({ ...input, otherFields: [each] })))).toContain('taproot.script-path');
    }
  });

  test('a taproot internal key that is another key\'s', () => {
    expect(codes(withInput(honest, P2TR, (input) => ({ ...input, otherFields: [field(0x17, papers[5]!.publicKey.subarray(1))] })))).toEqual(['input.script-hash']);
    expect(codes(withInput(honest, P2WPKH, (input) => ({ ...input, otherFields: [field(0x17, papers[2]!.publicKey.subarray(1))] })))).toEqual(['input.script-hash']);
    const own = review(withInput(honest, P2TR, (input) => ({ ...input, otherFields: [field(0x17, papers[3]!.publicKey.subarray(1))] })));
    expect(own.findings.map(({ code }) => code)).toEqual(['rbf.signalled']);
  });

  test('sighash types: ALL for every input, DEFAULT for taproot alone, nothing else', () => {
    const asks = (index: number, sighashType: number): string[] => codes(withInput(honest, index, (input) => ({ ...input, sighashType })));
    for (const index of all.keys()) {
      expect(asks(index, 1)).toEqual([]);
      expect(asks(index, 0)).toEqual(all[index]!.script === 'p2tr' ? [] : ['sighash.forbidden']);
      for (const sighashType of [2, 3, 0x81, 0x83, 0x100]) expect(asks(index, sighashType)).toEqual(['sighash.forbidden']);
    }
  });

  test('signatures that are there and are none: by anybody, of any kind, on any input', () => {
    const garbage = new Uint8Array(64).fill(7);
    for (const index of all.keys()) {
      expect(codes(withInput(honest, index, (input) => withTapKeySignature(input, garbage)))).toEqual(['signature.invalid']);
      expect(codes(withInput(honest, index, (input) => ({ ...input, partialSignatures: [{ publicKey: papers[index]!.publicKey, signature: new Uint8Array(70) }] })))).toEqual(['signature.invalid']);
    }
    expect(codes(withInput(honest, P2TR, (input) => withTapKeySignature(input, concat(garbage, Uint8Array.of(0x83)))))).toEqual(['sighash.forbidden', 'signature.invalid']);
    expect(codes(withInput(honest, P2TR, (input) => withTapKeySignature(input, concat(garbage, Uint8Array.of(0x00)))))).toEqual(['sighash.forbidden', 'signature.invalid']);
  });

  test('one outpoint twice, an input that is final, outputs above inputs', () => {
    const twice = { ...honest, transaction: honest.transaction.clone() };
    twice.transaction.ins[5] = twice.transaction.ins[3]!;
    expect(codes({ ...twice, inputs: honest.inputs.map((input, at) => (at === 5 ? honest.inputs[3]! : input)) })).toContain('input.duplicate');
    expect(codes(withInput(honest, P2PKH, (input) => ({ ...input, finalScriptSig: Uint8Array.of(0x51) })))).toEqual(['input.already-final']);
    const more = { ...honest, transaction: honest.transaction.clone() };
    more.transaction.outs[0]!.value = 600_001n;
    expect(codes(more)).toEqual(['fee.negative']);
  });
});
