/** Spends whose signatures are valid and that still do not spend what they should: another key, script or sighash type. */
import * as secp from 'tiny-secp256k1';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { describe, expect, test } from 'vitest';
import { concat, parseHex } from '../../../src/domain/bytes.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import { extractTransaction, requireFinalized } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import type { FinalizedPsbt, Psbt, PsbtInput } from '../../../src/psbt/psbt.ts';
import { createSighasher } from '../../../src/psbt/sighash.ts';
import { createSighasherV0 } from '../../../src/psbt/sighash-v0.ts';
import { checkSpend } from '../../../src/psbt/spend-check.ts';
import { hash160 } from '../../../src/wallet/extended-public-key.ts';
import { derSignature, fundingTransaction, honestPsbt, signedAs, strangerScript, testWallet } from '../support/psbt-builder.ts';
import { p2wshScript, sortedMultisigScript } from '../../../src/wallet/locking-script.ts';

const code = (text: string) => expect.objectContaining({ code: text });
const keyPair = (fill: number) => {
  const secret = new Uint8Array(32).fill(fill);
  return { secret, publicKey: secp.pointFromScalar(secret, true) as Uint8Array };
};
const owner = keyPair(7);
const thief = keyPair(8);
const p2pkhOf = (publicKey: Uint8Array): Uint8Array => concat(parseHex('76a914'), hash160(publicKey), parseHex('88ac'));
const p2wpkhOf = (publicKey: Uint8Array): Uint8Array => concat(parseHex('0014'), hash160(publicKey));
const p2shOf = (script: Uint8Array): Uint8Array => concat(parseHex('a914'), hash160(script), parseHex('87'));
const push = (bytes: Uint8Array): Uint8Array => concat(Uint8Array.of(bytes.length), bytes);

/** How `checkSpend` judges a spend of one output of 10,000 sats. */
function judged(scriptPubKey: Uint8Array, finalsOf: (transaction: Transaction) => { readonly script?: Uint8Array; readonly witness?: Uint8Array[] }): string {
  const transaction = new Transaction();
  transaction.version = 2;
  transaction.ins.push({ hash: new Uint8Array(32).fill(1), index: 0, script: new Uint8Array(0), sequence: 0xffff_ffff, witness: [] });
  transaction.outs.push({ script: strangerScript(), value: 9000n });
  const { script, witness } = finalsOf(transaction);
  const input = transaction.ins[0]!;
  if (script !== undefined) input.script = script;
  if (witness !== undefined) input.witness = witness;
  const spent = { scriptPubKey, amountSats: 10_000n };
  return checkSpend(transaction, 0, spent, createSighasher(transaction, [spent]));
}
const v0 = (transaction: Transaction, scriptCode: Uint8Array, secret: Uint8Array, sighashType = 1): Uint8Array =>
  derSignature(secp.sign(createSighasherV0(transaction).hash(0, scriptCode, 10_000n, sighashType), secret), sighashType);

describe('a key\'s own valid signature spends only what is the key\'s', () => {
  test('P2WPKH', () => {
    const by = ({ secret, publicKey }: typeof owner, sighashType = 1) => judged(p2wpkhOf(owner.publicKey), (transaction) => ({ witness: [v0(transaction, p2pkhOf(owner.publicKey), secret, sighashType), publicKey] }));
    expect(by(owner)).toBe('valid');
    expect(by(thief)).toBe('invalid');
    for (const sighashType of [2, 3, 0x81]) expect(by(owner, sighashType)).toBe('invalid');
  });

  test('P2SH-P2WPKH: the redeem script must be the one that is spent', () => {
    const by = ({ secret, publicKey }: typeof owner) => judged(p2shOf(p2wpkhOf(owner.publicKey)), (transaction) => ({ script: push(p2wpkhOf(publicKey)), witness: [v0(transaction, p2pkhOf(publicKey), secret), publicKey] }));
    expect(by(owner)).toBe('valid');
    expect(by(thief)).toBe('invalid');
  });

  test('P2PKH: a witness beside it makes it invalid', () => {
    const finals = (transaction: Transaction): Uint8Array => concat(push(derSignature(secp.sign(transaction.hashForSignature(0, p2pkhOf(owner.publicKey), 1), owner.secret))), push(owner.publicKey));
    expect(judged(p2pkhOf(owner.publicKey), (transaction) => ({ script: finals(transaction) }))).toBe('valid');
    expect(judged(p2pkhOf(owner.publicKey), (transaction) => ({ script: finals(transaction), witness: [Uint8Array.of(1)] }))).toBe('invalid');
  });

  test('P2WSH: neither another script with its own signatures nor another sighash type', () => {
    const scriptOf = ({ publicKey }: typeof owner): Uint8Array => sortedMultisigScript(1, [publicKey]);
    const by = (pair: typeof owner, sighashType = 1, extra: Uint8Array[] = []) => judged(p2wshScript(scriptOf(owner)), (transaction) => ({ witness: [new Uint8Array(0), ...extra, v0(transaction, scriptOf(pair), pair.secret, sighashType), scriptOf(pair)] }));
    expect(by(owner)).toBe('valid');
    expect(by(thief)).toBe('invalid');
    for (const sighashType of [2, 3, 0x81]) expect(by(owner, sighashType)).toBe('invalid');
    expect(by(owner, 1, [new Uint8Array(0)])).toBe('invalid');
  });
});

test('a SIGHASH_ALL signature with another type written behind it is none', () => {
  const relabelled = (signature: Uint8Array): Uint8Array => Uint8Array.from(signature, (byte, at) => (at === signature.length - 1 ? 3 : byte));
  const script = sortedMultisigScript(1, [owner.publicKey]);
  expect(judged(p2wshScript(script), (transaction) => ({ witness: [new Uint8Array(0), relabelled(v0(transaction, script, owner.secret)), script] }))).toBe('invalid');
  expect(judged(p2wpkhOf(owner.publicKey), (transaction) => ({ witness: [relabelled(v0(transaction, p2pkhOf(owner.publicKey), owner.secret)), owner.publicKey] }))).toBe('invalid');
});

const wallet = testWallet(2, 3);
const [alice, bob] = wallet.keys as [typeof wallet.keys[0] & {}, typeof wallet.keys[0] & {}];
const unsigned = honestPsbt({ wallet });
const withInput = (psbt: Psbt, change: (input: PsbtInput) => PsbtInput): Psbt => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === 0 ? change(input) : input)) });
const final = finalizePsbt(combinePsbts([signedAs(unsigned, wallet, alice), signedAs(unsigned, wallet, bob)], wallet.deriver).psbt, wallet.deriver);

describe('combining and extracting what others made final', () => {
  test('a final witness with another script, or with more signatures than keys, is refused', () => {
    const items = final.inputs[0]!.finalScriptWitness!;
    const changed = (witness: readonly Uint8Array[]): Psbt => withInput(final, (input) => ({ ...input, finalScriptWitness: witness }));
    const lower = sortedMultisigScript(1, wallet.deriver.derive(0, 0).keys.map((key) => key.publicKey));
    expect(() => combinePsbts([changed([...items.slice(0, -1), lower])], wallet.deriver)).toThrow(code('psbt.signature-invalid'));
    expect(() => combinePsbts([changed([items[0]!, items[1]!, items[2]!, items[1]!, items[2]!, items[3]!])], wallet.deriver)).toThrow(code('psbt.signature-invalid'));
  });

  test('a signature that verifies but is not of SIGHASH_ALL does not count a cosigner as having signed', () => {
    expect(() => combinePsbts([signedAs(unsigned, wallet, alice, 3)], wallet.deriver)).toThrow(code('psbt.signature-invalid'));
  });

  test('the extractor takes no transaction of which an input is open', () => {
    const open = { ...final, inputs: [final.inputs[0]!, unsigned.inputs[1]!] } as unknown as FinalizedPsbt;
    expect(() => extractTransaction(open)).toThrow(code('psbt.incomplete'));
  });

  test('the extractor takes no amount out of range, however it is signed', () => {
    const minted = (amountSats: bigint, outputSats: bigint): Psbt => {
      const script = p2wpkhOf(owner.publicKey);
      const funding = fundingTransaction([{ scriptPubKey: script, amountSats }]);
      const psbt = createPsbt({ inputs: [{ txid: funding.txid, vout: 0, sequence: 0xffff_ffff }], outputs: [{ scriptPubKey: strangerScript(), amountSats: 1n }], locktime: 0 });
      psbt.transaction.outs[0]!.value = outputSats;
      const signature = derSignature(secp.sign(createSighasherV0(psbt.transaction).hash(0, p2pkhOf(owner.publicKey), amountSats, 1), owner.secret));
      return { ...psbt, inputs: [{ ...psbt.inputs[0]!, nonWitnessUtxo: funding.bytes, finalScriptWitness: [signature, owner.publicKey] }] };
    };
    expect(extractTransaction(requireFinalized(minted(10_000n, 9000n))).feeSats).toBe(1000n);
    expect(() => extractTransaction(requireFinalized(minted(2_100_000_000_000_001n, 2_100_000_000_000_000n)))).toThrow(code('psbt.input-unproven'));
    expect(() => extractTransaction(requireFinalized(minted(10_000n, -90_000n)))).toThrow(code('psbt.outputs-exceed-inputs'));
  });

  test('a taproot claim stands only where the previous transaction is missing, not where it is another one', () => {
    const script = concat(parseHex('5120'), owner.publicKey.subarray(1));
    const funding = fundingTransaction([{ scriptPubKey: script, amountSats: 10_000n }]);
    const psbt = createPsbt({ inputs: [{ txid: funding.txid, vout: 0, sequence: 0xffff_ffff }], outputs: [{ scriptPubKey: strangerScript(), amountSats: 9000n }], locktime: 0 });
    const signature = secp.signSchnorr(psbt.transaction.hashForWitnessV1(0, [script], [10_000n], 0), owner.publicKey[0] === 2 ? owner.secret : secp.privateNegate(owner.secret), new Uint8Array(32));
    const signed: Psbt = { ...psbt, inputs: [{ ...psbt.inputs[0]!, witnessUtxo: { scriptPubKey: script, amountSats: 10_000n }, finalScriptWitness: [signature] }] };
    expect(extractTransaction(requireFinalized(signed)).feeSats).toBe(1000n);
    const other = fundingTransaction([{ scriptPubKey: script, amountSats: 10_000n }], 5);
    expect(() => extractTransaction(requireFinalized(withInput(signed, (input) => ({ ...input, nonWitnessUtxo: other.bytes }))))).toThrow(code('psbt.input-unproven'));
  });
});

test('a finalizer given another wallet\'s inputs refuses them', () => {
  const combined = combinePsbts([signedAs(unsigned, wallet, alice), signedAs(unsigned, wallet, bob)], wallet.deriver).psbt;
  expect(() => finalizePsbt(combined, testWallet(2, 3, 'regtest', 9).deriver)).toThrow(code('psbt.foreign-input'));
});
