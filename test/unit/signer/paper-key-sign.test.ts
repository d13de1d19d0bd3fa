import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { describe, expect, test, vi } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { finalizeSingleKeys } from '../../../src/psbt/single-key-finalizer.ts';
import { tapKeySignatureOf, withTapKeySignature } from '../../../src/psbt/taproot-fields.ts';
import { approve, type Approval } from '../../../src/review/approve.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import type { Curves } from '../../../src/signer/ecdsa-signer.ts';
import type { PaperKey } from '../../../src/signer/paper-key.ts';
import { signWithPaperKeys } from '../../../src/signer/paper-key-sign.ts';
import { arrival, claimedOnly, cold, everyScript, FEE, paperSweep, testPaper, withInput, type PaperInput } from '../support/paper-sweep-builder.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const curves: Curves = { first: libsecp256k1, second: nobleCurves };
const all = everyScript();
const unsigned = encodePsbt(paperSweep(all));

function approvalOf(bytes: Uint8Array, inputs: readonly PaperInput[] = all): Approval {
  const review = reviewPsbt(bytes, { wallets: [], singleKeys: inputs.map(({ paper }) => paper), destinations: [cold], network: 'regtest', thisKey: null });
  return approve(review, bytes, review.findings.map((finding) => finding.code));
}
const keysOf = (inputs: readonly PaperInput[]): PaperKey[] => inputs.map(({ paper }) => paper.paperKey);
const sign = (bytes: Uint8Array, inputs: readonly PaperInput[] = all, by: Curves = curves): Psbt => signWithPaperKeys(approvalOf(bytes, inputs), keysOf(inputs), by);

describe('what is signed', () => {
  const signed = sign(unsigned);

  test('every input by its own key: a whole transaction that verifies, with the exact scripts of each type', () => {
    const final = extractTransaction(finalizeSingleKeys(decodePsbt(encodePsbt(signed))));
    expect(final.feeSats).toBe(FEE);
    const { ins } = Transaction.fromBuffer(final.bytes);
    expect(ins.map(({ script, witness }) => [script.length > 0, witness.length])).toEqual([[true, 0], [true, 2], [false, 2], [false, 1], [true, 0], [false, 1]]);
    expect(ins[3]?.witness[0]).toHaveLength(64);
    expect(toHex(ins[1]?.script ?? new Uint8Array(0))).toBe(`16${toHex(all[1]!.paper.output('p2wpkh').scriptPubKey)}`);
    expect(toHex(ins[4]?.script ?? new Uint8Array(0)).endsWith(`41${toHex(all[4]!.paper.publicKey)}`)).toBe(true);
  });

  test('nothing else changes, but for the nested script that other programs need to finalize', () => {
    const without = signed.inputs.map((input, index) => {
      const { redeemScript, ...rest } = input;
      expect(redeemScript === undefined ? null : toHex(redeemScript)).toBe(index === 1 ? toHex(all[1]!.paper.output('p2wpkh').scriptPubKey) : null);
      return { ...rest, partialSignatures: [], otherFields: [] };
    });
    expect(toHex(encodePsbt({ ...signed, inputs: without }))).toBe(toHex(unsigned));
  });

  test('is the same every time', () => {
    expect(toHex(encodePsbt(sign(unsigned)))).toBe(toHex(encodePsbt(signed)));
  });

  test('what is signed already stays; a file that is signed throughout needs nothing', () => {
    const half = encodePsbt({ ...signed, inputs: signed.inputs.map((input, index) => (index < 3 ? input : paperSweep(all).inputs[index]!)) });
    expect(toHex(encodePsbt(sign(half)))).toBe(toHex(encodePsbt(signed)));
    expect(() => sign(encodePsbt(signed))).toThrow(code('sign.nothing'));
  });

  test('taproot signs DEFAULT in 64 bytes, and ALL in 65 where that is asked for', () => {
    const input = [all[3]!];
    const asking = (sighashType?: number): Uint8Array => encodePsbt(withInput(paperSweep(input), 0, (each) => ({ ...each, ...(sighashType === undefined ? {} : { sighashType }) })));
    const signatures = [undefined, 0, 1].map((sighashType) => tapKeySignatureOf(sign(asking(sighashType), input).inputs[0]!) as Uint8Array);
    expect(signatures.map((signature) => signature.length)).toEqual([64, 64, 65]);
    expect(signatures[2]?.[64]).toBe(1);
    for (const sighashType of [0, 1]) expect(extractTransaction(finalizeSingleKeys(sign(asking(sighashType), input))).feeSats).toBe(FEE);
  });

  test('a transaction of taproot alone needs no previous transaction', () => {
    const inputs = [all[3]!, all[5]!];
    const psbt = paperSweep(inputs);
    const claimed = encodePsbt({ ...psbt, inputs: psbt.inputs.map(claimedOnly) });
    expect(extractTransaction(finalizeSingleKeys(sign(claimed, inputs))).feeSats).toBe(FEE);
  });

  test('one key signs all of its own inputs', () => {
    const paper = testPaper(8);
    const inputs = (['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr'] as const).map((script) => ({ paper, script }));
    expect(extractTransaction(finalizeSingleKeys(sign(encodePsbt(paperSweep(inputs)), inputs))).feeSats).toBe(FEE);
  });
});

describe('what is not signed', () => {
  test('an approval of other bytes, or one that was not made here', () => {
    const approval = approvalOf(unsigned);
    const other = encodePsbt(paperSweep(all, arrival.scriptPubKey.map((byte, at) => (at === 33 ? byte ^ 1 : byte))));
    expect(() => signWithPaperKeys({ ...approval, psbtBytes: other } as Approval, keysOf(all), curves)).toThrow(code('review.stale'));
    expect(() => signWithPaperKeys(structuredClone({ ...approval }) as Approval, keysOf(all), curves)).toThrow(code('review.stale'));
  });

  test('inputs whose key is not among those that sign, though the review knew it', () => {
    expect(() => signWithPaperKeys(approvalOf(unsigned), keysOf(all.slice(1)), curves)).toThrow(code('review.stale'));
    expect(() => signWithPaperKeys(approvalOf(unsigned), keysOf([...all.slice(0, 5), { paper: testPaper(7), script: 'p2tr' }]), curves)).toThrow(code('review.stale'));
  });

  test('anything with a key that was wiped', () => {
    const paper = testPaper(30);
    const inputs: PaperInput[] = [{ paper, script: 'p2wpkh' }];
    const approval = approvalOf(encodePsbt(paperSweep(inputs)), inputs);
    paper.paperKey.wipe();
    expect(() => signWithPaperKeys(approval, keysOf(inputs), curves)).toThrow(code('key.locked'));
  });

  test('anything that two implementations do not sign or hash alike', () => {
    const liar = { ...libsecp256k1, name: 'liar', signSchnorr: (hash: Uint8Array, key: Uint8Array) => libsecp256k1.signSchnorr(hash, key, new Uint8Array(32).fill(9)) };
    expect(() => sign(unsigned, all, { first: liar, second: nobleCurves })).toThrow(code('sign.disagreement'));
    const approval = approvalOf(unsigned);
    for (const method of ['hashForSignature', 'hashForWitnessV0', 'hashForWitnessV1'] as const) {
      const asked = vi.spyOn(Transaction.prototype, method).mockImplementation(() => new Uint8Array(32).fill(1));
      const never = { name: 'never', sign: () => { throw new TypeError('asked to sign'); }, signSchnorr: () => { throw new TypeError('asked to sign'); } };
      try {
        expect(() => signWithPaperKeys(approval, keysOf(all), { first: never, second: never })).toThrow(code('sign.disagreement'));
      } finally {
        asked.mockRestore();
      }
    }
  });
});

describe('finalizing', () => {
  const signed = sign(unsigned);
  const broken = (index: number, change: (input: Psbt['inputs'][number]) => Psbt['inputs'][number]): Psbt => withInput(signed, index, change);

  test('an input without its signature is named', () => {
    for (const index of all.keys()) {
      const open = broken(index, (input) => ({ ...input, partialSignatures: [], otherFields: [] }));
      expect(() => finalizeSingleKeys(open)).toThrow(expect.objectContaining({ code: 'psbt.incomplete', details: { inputs: String(index), required: 1 } }));
    }
  });

  test('a signature that does not verify, or of another sighash type, stops it', () => {
    const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte));
    for (const index of all.keys()) {
      const isTaproot = all[index]!.script === 'p2tr';
      const other = broken(index, (input) => (isTaproot
        ? withTapKeySignature({ ...input, otherFields: [] }, flipped(tapKeySignatureOf(input) as Uint8Array))
        : { ...input, partialSignatures: input.partialSignatures.map((partial) => ({ ...partial, signature: flipped(partial.signature) })) }));
      expect(() => finalizeSingleKeys(other)).toThrow(code('psbt.signature-invalid'));
    }
  });

  test('a signature of a key that does not lead to the script, or several, are of no single key', () => {
    const [one] = signed.inputs[0]!.partialSignatures;
    expect(() => finalizeSingleKeys(broken(2, (input) => ({ ...input, partialSignatures: [one!] })))).toThrow(code('psbt.foreign-input'));
    expect(() => finalizeSingleKeys(broken(2, (input) => ({ ...input, partialSignatures: [...input.partialSignatures, one!] })))).toThrow(code('psbt.foreign-input'));
    expect(() => finalizeSingleKeys(broken(2, (input) => ({ ...input, partialSignatures: [{ ...one!, publicKey: Uint8Array.of(2, ...new Uint8Array(32).fill(255)) }] })))).toThrow(code('psbt.foreign-input'));
  });

  test('an input of a quorum wallet is none of a single key', () => {
    const psbt = paperSweep([all[2]!]);
    const funding = paperSweep([{ ...all[2]!, amountSats: 5_000n }]);
    expect(() => finalizeSingleKeys(withInput(psbt, 0, (input) => ({ ...input, nonWitnessUtxo: funding.inputs[0]!.nonWitnessUtxo! })))).toThrow(code('psbt.input-unproven'));
  });
});
