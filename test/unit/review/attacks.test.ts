/** One attack or fault for each finding code: an honest file with one thing changed. */
import { describe, expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { HARDENED, parsePath } from '../../../src/domain/derivation-path.ts';
import { parseFeeRate } from '../../../src/domain/fee-rate.ts';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt, PsbtInput, PsbtOutput } from '../../../src/psbt/psbt.ts';
import { findingCatalog, type FindingCode } from '../../../src/review/finding.ts';
import { reviewPsbt, type ReviewContext } from '../../../src/review/review-psbt.ts';
import { createAddressDeriver } from '../../../src/wallet/address.ts';
import { contextOf, fundingTransaction, honestPsbt, signedAs, strangerScript, testKey, testWallet, type HonestSpend } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const [alice, bob, carol] = wallet.keys as [typeof wallet.keys[0] & {}, typeof wallet.keys[0] & {}, typeof wallet.keys[0] & {}];
const stranger = testWallet(2, 3, 'regtest', 50);

const honest = (spend: Partial<HonestSpend> = {}): Psbt => honestPsbt({ wallet, ...spend });
const withInput = (psbt: Psbt, index: number, change: (input: PsbtInput) => PsbtInput): Psbt => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === index ? change(input) : input)) });
const withOutput = (psbt: Psbt, index: number, change: (output: PsbtOutput) => PsbtOutput): Psbt => ({ ...psbt, outputs: psbt.outputs.map((output, at) => (at === index ? change(output) : output)) });
/** A copy of the transaction that may be altered. */
const withTransaction = (psbt: Psbt, alter: (transaction: Psbt['transaction']) => void): Psbt => {
  const transaction = psbt.transaction.clone();
  alter(transaction);
  return { ...psbt, transaction };
};
const payment = (scriptHex: string, amountSats = 1_500_000n) => [{ scriptPubKey: parseHex(scriptHex), amountSats }];
const review = (psbt: Psbt, context: Partial<ReviewContext> = {}) => reviewPsbt(encodePsbt(psbt), contextOf(wallet, alice, context));
const codes = (psbt: Psbt, context: Partial<ReviewContext> = {}): string[] => review(psbt, context).findings.map((finding) => finding.code);
const claimed = { amountSats: 9_000_000n, scriptPubKey: wallet.deriver.derive(0, 0).scriptPubKey };
const foreignFunding = fundingTransaction([{ scriptPubKey: strangerScript(), amountSats: 1_000_000n }], 77);
const tail = (path: readonly number[], branch: number, index: number): number[] => [...path.slice(0, -2), branch, index];
const other = stranger.deriver.derive(1, 7);

/** Two P2WPKH scripts whose addresses agree in the first and last four characters after the prefix. */
const similar = ['00140000000020bd5ef69e629c299cebb132138caeff', '001400000000ce5121fd974847753900d8777a1300f1'] as const;

const paper = { fingerprint: parseFingerprint('0a0b0c0d'), publicKey: other.keys[0]!.publicKey };

interface Attack {
  readonly code: FindingCode;
  readonly title: string;
  readonly psbt: () => Psbt;
  readonly context?: Partial<ReviewContext>;
  /** Other findings that the same change must give. */
  readonly also?: readonly FindingCode[];
}

const attacks: readonly Attack[] = [
  { code: 'input.prevtx-missing', title: 'an input with a witness UTXO only', psbt: () => withInput(honest(), 1, ({ nonWitnessUtxo: _, ...rest }) => rest) },
  { code: 'input.prevtx-missing', title: 'an input without any UTXO', psbt: () => withInput(honest(), 1, ({ nonWitnessUtxo: _, witnessUtxo: __, ...rest }) => rest), also: ['input.foreign'] },
  { code: 'input.prevtx-hash', title: 'a previous transaction that pays more than the real one', psbt: () => withInput(honest(), 0, (input) => ({ ...input, nonWitnessUtxo: fundingTransaction([claimed], 0).bytes, witnessUtxo: claimed })) },
  { code: 'input.prevtx-vout', title: 'an output number that the previous transaction does not have', psbt: () => withTransaction(honest(), (transaction) => { transaction.ins[0]!.index = 1; }) },
  { code: 'input.utxo-conflict', title: 'a witness UTXO of another amount', psbt: () => withInput(honest(), 0, (input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, amountSats: 999_999n } })) },
  { code: 'input.utxo-conflict', title: 'a witness UTXO of another script', psbt: () => withInput(honest(), 0, (input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, scriptPubKey: wallet.deriver.derive(0, 1).scriptPubKey } })) },
  { code: 'input.legacy-witness-utxo', title: 'a P2SH input without a redeem script and with a witness UTXO only', psbt: () => withInput(honest(), 0, ({ nonWitnessUtxo: _, ...rest }) => ({ ...rest, witnessUtxo: { amountSats: 1_000_000n, scriptPubKey: parseHex(`a914${'11'.repeat(20)}87`) } })), also: ['input.foreign', 'input.prevtx-missing'] },
  { code: 'input.legacy-witness-utxo', title: 'a P2PKH input with a witness UTXO only', psbt: () => withInput(honest(), 0, ({ nonWitnessUtxo: _, ...rest }) => ({ ...rest, witnessUtxo: { amountSats: 1_000_000n, scriptPubKey: parseHex(`76a914${'11'.repeat(20)}88ac`) } })), also: ['input.foreign', 'input.prevtx-missing'] },
  { code: 'input.script-hash', title: 'another witness script', psbt: () => withInput(honest(), 0, (input) => ({ ...input, witnessScript: wallet.deriver.derive(0, 1).witnessScript as Uint8Array })) },
  { code: 'input.script-hash', title: 'a redeem script on a P2WSH input', psbt: () => withInput(honest(), 0, (input) => ({ ...input, redeemScript: input.witnessUtxo!.scriptPubKey })) },
  { code: 'input.script-hash', title: 'a redeem script that is not a P2SH input\'s', psbt: () => claimedScript(`a914${'11'.repeat(20)}87`, { redeemScript: Uint8Array.of(0x51) }), also: ['input.foreign'] },
  { code: 'input.script-hash', title: 'a redeem script on a foreign input that is no P2SH', psbt: () => claimedScript(toHex(strangerScript()), { redeemScript: Uint8Array.of(0x51) }), also: ['input.foreign'] },
  { code: 'input.script-hash', title: 'a witness script that is not a foreign P2WSH input\'s', psbt: () => claimedScript(`0020${'11'.repeat(32)}`, { witnessScript: Uint8Array.of(0x51) }), also: ['input.foreign'] },
  { code: 'input.script-hash', title: 'a redeem script that is not of the witness script beside it, with no UTXO at all', psbt: () => withInput(honest(), 0, ({ nonWitnessUtxo: _, witnessUtxo: __, ...rest }) => ({ ...rest, redeemScript: Uint8Array.of(0x51) })), also: ['input.prevtx-missing'] },
  { code: 'input.foreign', title: 'an input of another wallet, with its own proof', psbt: () => {
    const psbt = withInput(honest(), 1, (input) => ({ ...input, nonWitnessUtxo: foreignFunding.bytes, witnessUtxo: { scriptPubKey: strangerScript(), amountSats: 1_000_000n } }));
    return withTransaction(psbt, (transaction) => { transaction.ins[1]!.hash = parseHex(foreignFunding.txid).reverse(); });
  } },
  { code: 'input.duplicate', title: 'one outpoint twice, not side by side', psbt: () => {
    const psbt = honest({ inputs: [0, 1, 2].map((index) => ({ branch: 0, index, amountSats: 1_000_000n })) });
    const twice = withTransaction(psbt, (transaction) => { transaction.ins[2] = transaction.ins[0]!; });
    return { ...twice, inputs: [twice.inputs[0]!, twice.inputs[1]!, twice.inputs[0]!] };
  } },
  { code: 'input.origin-lie', title: 'an origin that claims this key with another public key', psbt: () => withInput(honest(), 0, (input) => ({ ...input, bip32Derivations: input.bip32Derivations.map((derivation) => (derivation.masterFingerprint === alice.fingerprint ? { ...derivation, publicKey: other.keys[0]!.publicKey } : derivation)) })) },
  { code: 'input.origin-lie', title: 'an origin that claims another cosigner with another public key', psbt: () => withInput(honest(), 0, (input) => ({ ...input, bip32Derivations: input.bip32Derivations.map((derivation) => (derivation.masterFingerprint === bob.fingerprint ? { ...derivation, publicKey: other.keys[0]!.publicKey } : derivation)) })) },
  { code: 'input.origin-lie', title: 'an origin of this key deeper than BIP32 goes', psbt: () => withInput(honest(), 0, (input) => ({ ...input, bip32Derivations: [{ publicKey: other.keys[0]!.publicKey, masterFingerprint: alice.fingerprint, path: Array<number>(300).fill(0) }] })) },
  { code: 'input.amount-range', title: 'a proven amount above 21 million BTC', psbt: () => honestWithAmounts([2_100_000_000_000_001n, 1_000_000n]) },
  { code: 'input.amount-range', title: 'a negative proven amount', psbt: () => honestWithAmounts([-1n, 2_000_000n]) },
  { code: 'input.amount-range', title: 'amounts whose sum passes 21 million BTC', psbt: () => honest({ inputs: [0, 1].map((index) => ({ branch: 0, index, amountSats: 2_000_000_000_000_000n })) }) },
  { code: 'input.amount-range', title: 'a claimed amount above 21 million BTC beside a proven one', psbt: () => withInput(honest(), 0, (input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, amountSats: 2_100_000_000_000_001n } })), also: ['input.utxo-conflict'] },
  { code: 'input.already-final', title: 'an empty final scriptSig', psbt: () => withInput(honest(), 0, (input) => ({ ...input, finalScriptSig: new Uint8Array(0) })) },
  { code: 'input.already-final', title: 'a final witness', psbt: () => withInput(honest(), 0, (input) => ({ ...input, finalScriptWitness: [new Uint8Array(0)] })) },
  { code: 'output.amount-range', title: 'an output above 21 million BTC', psbt: () => withTransaction(honest(), (transaction) => { transaction.outs[0]!.value = 2_100_000_000_000_001n; }) },
  { code: 'output.amount-range', title: 'a negative output that would pay for another', psbt: () => withTransaction(honest(), (transaction) => { transaction.outs[0]!.value = -5n; }) },
  { code: 'output.amount-range', title: 'outputs in range whose sum passes 21 million BTC', psbt: () => withTransaction(honest(), (transaction) => { for (const output of transaction.outs) output.value = 2_000_000_000_000_000n; }), also: ['fee.negative'] },
  { code: 'sighash.forbidden', title: 'a request for SIGHASH_NONE', psbt: () => withInput(honest(), 0, (input) => ({ ...input, sighashType: 2 })) },
  { code: 'sighash.forbidden', title: 'a request for SIGHASH_ALL|ANYONECANPAY', psbt: () => withInput(honest(), 0, (input) => ({ ...input, sighashType: 0x81 })) },
  { code: 'sighash.forbidden', title: 'a request for DEFAULT, which is taproot\'s', psbt: () => withInput(honest(), 0, (input) => ({ ...input, sighashType: 0 })) },
  { code: 'sighash.forbidden', title: 'a valid signature of SIGHASH_SINGLE', psbt: () => signedAs(honest(), wallet, bob, 3) },
  { code: 'signature.invalid', title: 'a signature with one byte changed', psbt: () => withInput(signedAs(honest(), wallet, bob), 0, (input) => ({ ...input, partialSignatures: input.partialSignatures.map((partial) => ({ ...partial, signature: flipped(partial.signature, 40) })) })) },
  { code: 'signature.invalid', title: 'a signature by a stranger\'s key', psbt: () => withInput(honest(), 0, (input) => ({ ...input, partialSignatures: [{ publicKey: other.keys[0]!.publicKey, signature: signedAs(honest(), wallet, bob).inputs[0]!.partialSignatures[0]!.signature }] })) },
  { code: 'signature.invalid', title: 'a signature of one cosigner under another\'s key', psbt: () => withInput(honest(), 0, (input) => ({ ...input, partialSignatures: [{ publicKey: wallet.deriver.derive(0, 0).keys[2]!.publicKey, signature: signedAs(honest(), wallet, bob).inputs[0]!.partialSignatures[0]!.signature }] })) },
  { code: 'signature.invalid', title: 'bytes that are no DER', psbt: () => withInput(honest(), 0, (input) => ({ ...input, partialSignatures: [{ publicKey: wallet.deriver.derive(0, 0).keys[2]!.publicKey, signature: new Uint8Array(70) }] })) },
  { code: 'signature.invalid', title: 'a signature made before the payment was altered', psbt: () => withTransaction(signedAs(honest(), wallet, bob), (transaction) => { transaction.outs[0]!.value -= 1n; }) },
  { code: 'change.fraud', title: 'change to a stranger, with our origins beside it', psbt: () => withTransaction(honest(), (transaction) => { transaction.outs[1]!.script = other.scriptPubKey; }) },
  { code: 'change.fraud', title: 'change to a script of ours and a stranger\'s key', psbt: () => {
    const mixed = createAddressDeriver({ ...wallet.wallet, cosigners: [...wallet.wallet.cosigners.slice(0, 2), stranger.wallet.cosigners[0]!] }).derive(1, 7);
    const psbt = withTransaction(honest(), (transaction) => { transaction.outs[1]!.script = mixed.scriptPubKey; });
    return withOutput(psbt, 1, (output) => ({ ...output, witnessScript: mixed.witnessScript as Uint8Array }));
  } },
  { code: 'change.fraud', title: 'change to a lower quorum of our own keys', psbt: () => {
    const lower = createAddressDeriver({ ...wallet.wallet, required: 1 }).derive(1, 7);
    const psbt = withTransaction(honest(), (transaction) => { transaction.outs[1]!.script = lower.scriptPubKey; });
    return withOutput(psbt, 1, (output) => ({ ...output, witnessScript: lower.witnessScript as Uint8Array }));
  } },
  { code: 'change.fraud', title: 'a payment with one origin of ours', psbt: () => withOutput(honest(), 0, (output) => ({ ...output, bip32Derivations: [{ publicKey: other.keys[0]!.publicKey, masterFingerprint: carol.fingerprint, path: parsePath('48h/1h/0h/2h/1/3') }] })) },
  { code: 'change.fraud', title: 'own change with another witness script beside it', psbt: () => withOutput(honest(), 1, (output) => ({ ...output, witnessScript: other.witnessScript as Uint8Array })) },
  { code: 'change.fraud', title: 'own change with a redeem script beside it', psbt: () => withOutput(honest(), 1, (output) => ({ ...output, redeemScript: other.witnessScript as Uint8Array })) },
  { code: 'change.fraud', title: 'a payment with nothing but a redeem script', psbt: () => withOutput(honest(), 0, (output) => ({ ...output, redeemScript: other.witnessScript as Uint8Array })) },
  { code: 'change.fraud', title: 'a payment with an origin of this key, which is in no registered wallet', psbt: () => withOutput(honest(), 0, (output) => ({ ...output, bip32Derivations: [{ publicKey: other.keys[0]!.publicKey, masterFingerprint: testKey(60).fingerprint, path: parsePath('48h/1h/0h/2h/1/3') }] })), context: { thisKey: testKey(60).reviewKey } },
  { code: 'path.out-of-range', title: 'change on branch 2', psbt: () => withOutput(honest(), 1, (output) => ({ ...output, bip32Derivations: output.bip32Derivations.map((derivation) => ({ ...derivation, path: tail(derivation.path, 2, 7) })) })) },
  { code: 'path.out-of-range', title: 'change at an index that no scan would ever reach', psbt: () => {
    const psbt = withOutput(honest(), 1, (output) => ({ ...output, bip32Derivations: output.bip32Derivations.map((derivation) => ({ ...derivation, path: tail(derivation.path, 1, 1_000_000) })) }));
    return withTransaction(psbt, (transaction) => { transaction.outs[1]!.script = other.scriptPubKey; });
  }, also: ['change.fraud'] },
  { code: 'path.out-of-range', title: 'a hardened tail on an input', psbt: () => withInput(honest(), 0, (input) => ({ ...input, bip32Derivations: input.bip32Derivations.map((derivation) => ({ ...derivation, path: tail(derivation.path, 0, HARDENED) })) })) },
  { code: 'path.out-of-range', title: 'cosigners on different tails', psbt: () => withOutput(honest(), 1, (output) => ({ ...output, bip32Derivations: output.bip32Derivations.map((derivation, at) => ({ ...derivation, path: tail(derivation.path, 1, 7 + at) })) })) },
  { code: 'network.mismatch', title: 'a wallet of another network', psbt: honest, context: { network: 'practice' } },
  { code: 'network.mismatch', title: 'an extended key of mainnet', psbt: () => ({ ...honest(), globalFields: [{ keyType: 1, keyData: concat(parseHex('0488b21e'), new Uint8Array(74)), value: parseHex('00000000') }] }) },
  { code: 'network.mismatch', title: 'an input origin with mainnet\'s coin type', psbt: () => withInput(honest(), 0, (input) => ({ ...input, bip32Derivations: [{ publicKey: other.keys[0]!.publicKey, masterFingerprint: parseFingerprint('01020304'), path: parsePath('48h/0h/0h/2h/0/0') }] })) },
  { code: 'tx.version', title: 'version 0', psbt: () => withTransaction(honest(), (transaction) => { transaction.version = 0; }) },
  { code: 'tx.version', title: 'version 4', psbt: () => withTransaction(honest(), (transaction) => { transaction.version = 4; }) },
  { code: 'sweep.unproven-destination', title: 'a payment beside an open paper key, to no registered wallet', psbt: honest, context: { singleKeys: [paper] }, also: ['sweep.key-unused'] },
  { code: 'sweep.key-unused', title: 'an open paper key that nothing is spent from', psbt: honest, context: { singleKeys: [paper] }, also: ['sweep.unproven-destination'] },
  { code: 'tx.empty', title: 'no inputs', psbt: () => ({ ...withTransaction(honest(), (transaction) => { transaction.ins = []; }), inputs: [] }) },
  { code: 'tx.empty', title: 'no outputs', psbt: () => ({ ...withTransaction(honest(), (transaction) => { transaction.outs = []; }), outputs: [] }) },
  { code: 'fee.negative', title: 'outputs worth more than the inputs', psbt: () => withTransaction(honest(), (transaction) => { transaction.outs[0]!.value = 5_000_000n; }) },
  { code: 'fee.excessive', title: 'over a quarter of the inputs and over 100,000 sats', psbt: () => honest({ change: null, payments: payment(toHex(strangerScript()), 1_499_999n) }), also: ['fee.high'] },
  { code: 'fee.excessive', title: 'over 5,000 sat/vB', psbt: () => honest({ inputs: [{ branch: 0, index: 0, amountSats: 100_000_000n }], payments: payment(toHex(strangerScript()), 99_000_000n), change: null }), also: ['fee.high'] },
  { code: 'fee.excessive', title: 'even where an amount is only claimed', psbt: () => withInput(honest({ change: null, payments: payment(toHex(strangerScript()), 1_000_000n) }), 0, ({ nonWitnessUtxo: _, ...rest }) => rest), also: ['input.prevtx-missing', 'fee.high'] },
  { code: 'fee.high', title: 'over 5 % of the payments', psbt: () => honest({ payments: payment(toHex(strangerScript()), 10_000n), change: { branch: 1, index: 7, amountSats: 1_989_499n } }) },
  { code: 'fee.high', title: 'over 5 % of the inputs when nothing leaves', psbt: () => honest({ inputs: [{ branch: 0, index: 0, amountSats: 100_000n }], payments: [], change: { branch: 1, index: 7, amountSats: 94_999n } }) },
  { code: 'fee.high', title: 'over 3 times the planned rate', psbt: honest, context: { plannedFeeRate: parseFeeRate('0.9') } },
  { code: 'fee.high', title: 'over 500 sat/vB', psbt: () => honest({ inputs: [{ branch: 0, index: 0, amountSats: 100_000_000n }], payments: payment(toHex(strangerScript()), 99_900_000n), change: null }) },
  { code: 'fee.below-relay', title: 'under 1 sat/vB', psbt: () => honest({ change: { branch: 1, index: 7, amountSats: 499_900n } }) },
  { code: 'output.dust', title: 'a payment of 293 sats to P2WPKH', psbt: () => honest({ payments: [...payment(toHex(strangerScript())), { scriptPubKey: strangerScript(2), amountSats: 293n }], change: { branch: 1, index: 7, amountSats: 498_707n } }) },
  { code: 'output.unspendable', title: 'an OP_RETURN output', psbt: () => honest({ payments: [...payment(toHex(strangerScript())), ...payment('6a0568656c6c6f', 0n)] }) },
  { code: 'output.nonstandard', title: 'a bare public key', psbt: () => honest({ payments: payment(`21${'02'.repeat(33)}ac`) }) },
  { code: 'output.nonstandard', title: 'a witness version without rules, which anybody can spend', psbt: () => honest({ payments: payment(`5220${'11'.repeat(32)}`) }) },
  { code: 'output.nonstandard', title: 'data beyond what a script may have', psbt: () => honest({ payments: [...payment(toHex(strangerScript())), ...payment(`6a${'00'.repeat(10_001)}`, 0n)] }), also: ['output.unspendable'] },
  { code: 'output.similar-address', title: 'two addresses with the same ends', psbt: () => honest({ payments: [...payment(similar[0], 750_000n), ...payment(similar[1], 750_000n)] }) },
  { code: 'output.reused', title: 'change back to the address that is spent', psbt: () => honest({ change: { branch: 0, index: 0, amountSats: 499_000n } }) },
  { code: 'output.reused', title: 'one address paid twice', psbt: () => honest({ payments: [...payment(toHex(strangerScript()), 750_000n), ...payment(toHex(strangerScript()), 750_000n)] }) },
  { code: 'output.similar-address', title: 'an address with the ends of one that is spent', psbt: () => {
    const psbt = withInput(honest({ payments: payment(similar[0]) }), 0, ({ nonWitnessUtxo: _, ...rest }) => ({ ...rest, witnessUtxo: { amountSats: 1_000_000n, scriptPubKey: parseHex(similar[1]) } }));
    return psbt;
  }, also: ['input.foreign'] },
  { code: 'locktime.future', title: 'a height that is not known as reached', psbt: () => honest({ locktime: 800_000, inputs: [{ branch: 0, index: 0, amountSats: 2_000_000n, sequence: 0xffff_fffe }] }) },
  { code: 'locktime.future', title: 'a height after the next block', psbt: () => honest({ locktime: 101, inputs: [{ branch: 0, index: 0, amountSats: 2_000_000n, sequence: 0xffff_fffe }] }), context: { tipHeight: 100 } },
  { code: 'locktime.future', title: 'a date', psbt: () => honest({ locktime: 1_900_000_000, inputs: [{ branch: 0, index: 0, amountSats: 2_000_000n, sequence: 0xffff_fffe }] }), context: { tipHeight: 100 } },
  { code: 'sequence.relative', title: 'a lock of 144 blocks', psbt: () => honest({ inputs: [{ branch: 0, index: 0, amountSats: 2_000_000n, sequence: 144 }] }), also: ['rbf.signalled'] },
  { code: 'rbf.signalled', title: 'a replaceable transaction', psbt: () => honest({ inputs: [{ branch: 0, index: 0, amountSats: 2_000_000n, sequence: 0xffff_fffd }] }) },
  { code: 'taproot.script-path', title: 'a merkle root on an input', psbt: () => withInput(honest(), 0, (input) => ({ ...input, otherFields: [{ keyType: 0x18, keyData: new Uint8Array(0), value: new Uint8Array(32) }] })), also: ['psbt.unknown-field'] },
  ...[1, 2, 3, 7, 8].map((modifiable) => ({
    code: 'psbt.modifiable' as const, title: `flags ${modifiable}: what others may change after the signature`,
    psbt: (): Psbt => ({ ...honest(), version: 2, version2: { modifiable, inputs: honest().inputs.map(() => ({ statesSequence: true })) } }),
  })),
  { code: 'psbt.unknown-field', title: 'a field of type 0xf0 in an output', psbt: () => withOutput(honest(), 0, (output) => ({ ...output, otherFields: [{ keyType: 0xf0, keyData: Uint8Array.of(1), value: Uint8Array.of(2) }] })) },
  { code: 'psbt.unknown-field', title: 'a global field of type 0xf0', psbt: () => ({ ...honest(), globalFields: [{ keyType: 0xf0, keyData: Uint8Array.of(1), value: Uint8Array.of(2) }] }) },
  { code: 'quorum.not-a-cosigner', title: 'a key of nobody here', psbt: honest, context: { thisKey: testKey(60).reviewKey } },
  { code: 'quorum.not-a-cosigner', title: 'a key with a cosigner\'s fingerprint only', psbt: honest, context: { thisKey: { fingerprint: alice.fingerprint, publicKeyAt: testKey(60).reviewKey.publicKeyAt } }, also: ['input.origin-lie'] },
  { code: 'quorum.already-signed', title: 'this key\'s signature on every input', psbt: () => signedAs(honest(), wallet, alice) },
  { code: 'quorum.complete', title: 'two of three signatures', psbt: () => signedAs(signedAs(honest(), wallet, bob), wallet, carol) },
];

/** The first input with a claimed script instead of its proof. */
const claimedScript = (scriptHex: string, scripts: Pick<PsbtInput, 'redeemScript' | 'witnessScript'>): Psbt =>
  withInput(honest(), 0, ({ nonWitnessUtxo: _, witnessScript: __, ...rest }) => ({ ...rest, ...scripts, witnessUtxo: { amountSats: 1_000_000n, scriptPubKey: parseHex(scriptHex) } }));

const flipped = (bytes: Uint8Array, position: number): Uint8Array => bytes.map((byte, at) => (at === position ? byte ^ 1 : byte));

/** Amounts that no honest updater takes, inside previous transactions that hash correctly. */
function honestWithAmounts(amounts: readonly bigint[]): Psbt {
  const psbt = honest();
  const fundings = amounts.map((amountSats, index) => fundingTransaction([{ scriptPubKey: psbt.inputs[index]!.witnessUtxo!.scriptPubKey, amountSats }], 40 + index));
  const altered = withTransaction(psbt, (transaction) => fundings.forEach((funding, index) => { transaction.ins[index]!.hash = parseHex(funding.txid).reverse(); }));
  return { ...altered, inputs: altered.inputs.map((input, index) => ({ ...input, nonWitnessUtxo: fundings[index]!.bytes, witnessUtxo: { ...input.witnessUtxo!, amountSats: amounts[index]! } })) };
}


describe('every attack gives its finding', () => {
  test.each(attacks)('$code: $title', ({ code, psbt, context, also = [] }) => {
    const reviewed = review(psbt(), context);
    const found = reviewed.findings.map((finding) => finding.code);
    for (const expected of [code, ...also]) expect(found).toContain(expected);
    const severities = reviewed.findings.map((finding) => finding.severity);
    expect(reviewed.verdict).toBe(severities.includes('refuse') ? 'refused' : severities.includes('acknowledge') ? 'judgement' : 'ready');
    expect(findingCatalog[code].severity === 'refuse' ? reviewed.verdict : 'refused').toBe('refused');
  });

  test('every finding code has an attack', () => {
    const covered = new Set<string>(attacks.map((attack) => attack.code));
    expect(Object.keys(findingCatalog).filter((code) => !covered.has(code))).toEqual([]);
  });
});

describe('what is harmless gives no finding', () => {
  test('a height that the next block reaches is no lock', () => {
    expect(codes(honest({ locktime: 100, inputs: [{ branch: 0, index: 0, amountSats: 2_000_000n, sequence: 0xffff_fffe }] }), { tipHeight: 100 })).toEqual([]);
  });

  test('a locktime that no input enforces is no lock', () => {
    expect(codes(honest({ locktime: 800_000 }))).toEqual([]);
  });

  test('a fee of exactly 5 % of the payments is not high', () => {
    expect(codes(honest({ payments: payment(toHex(strangerScript()), 20_000n), change: { branch: 1, index: 7, amountSats: 1_979_000n } }))).toEqual([]);
  });

  test('a fee of exactly 1 sat/vB is relayed, one satoshi less is not', () => {
    const vsize = 293n;
    const feeOf = (feeSats: bigint) => honest({ change: { branch: 1, index: 7, amountSats: 500_000n - feeSats } });
    expect(review(feeOf(vsize)).feeRate).toBe(1000n);
    expect(codes(feeOf(vsize))).toEqual([]);
    expect(codes(feeOf(vsize - 1n))).toEqual(['fee.below-relay']);
  });

  test('an output at its dust limit is no dust', () => {
    expect(codes(honest({ payments: [...payment(toHex(strangerScript())), { scriptPubKey: strangerScript(2), amountSats: 294n }], change: { branch: 1, index: 7, amountSats: 498_706n } }))).toEqual([]);
  });

  test('BIP68: version 1, and a lock of nothing, lock nothing', () => {
    const locked = honest({ inputs: [{ branch: 0, index: 0, amountSats: 2_000_000n, sequence: 144 }] });
    expect(codes(withTransaction(locked, (transaction) => { transaction.version = 1; }))).toEqual(['rbf.signalled']);
    for (const sequence of [0, 0x0040_0000]) expect(codes(honest({ inputs: [{ branch: 0, index: 0, amountSats: 2_000_000n, sequence }] }))).toEqual(['rbf.signalled']);
  });

  test('a key that signed one of two inputs has not signed', () => {
    const half = withInput(signedAs(honest(), wallet, alice), 1, (input) => ({ ...input, partialSignatures: [] }));
    expect(codes(half)).toEqual([]);
    expect(review(half).quorum).toMatchObject({ signed: [], stillNeeded: 2 });
  });

  test('a fee is excessive only beyond both limits: a quarter of the inputs and 100,000 sats', () => {
    expect(codes(honest({ change: { branch: 1, index: 7, amountSats: 399_999n } }))).toEqual(['fee.high']);
    const small = { inputs: [{ branch: 0 as const, index: 0, amountSats: 200_000n }], change: null };
    expect(codes(honest({ ...small, payments: payment(toHex(strangerScript()), 100_000n) }))).toEqual(['fee.high']);
    expect(codes(honest({ ...small, payments: payment(toHex(strangerScript()), 99_999n) }))).toEqual(['fee.excessive', 'fee.high']);
  });

  test('an output to the wallet\'s receive branch is its own too, and no payment', () => {
    const reviewed = review(honest({ payments: [], change: { branch: 0, index: 9, amountSats: 1_999_000n } }));
    expect(reviewed.findings).toEqual([]);
    expect(reviewed).toMatchObject({ paymentsSats: 0n, changeSats: 1_999_000n, payments: [] });
    expect(reviewed.change).toMatchObject([{ branch: 0, childIndex: 9 }]);
  });

  test('origins that another program rewrote are hints only: the wallet still finds its own inputs and change', () => {
    const rewritten = { masterFingerprint: parseFingerprint('0a0b0c0d'), path: [0, 0] };
    const psbt = honest();
    const electrum: Psbt = {
      ...psbt,
      inputs: psbt.inputs.map((input) => ({ ...input, bip32Derivations: input.bip32Derivations.map((derivation) => ({ ...derivation, ...rewritten })) })),
      outputs: psbt.outputs.map((output) => ({ ...output, bip32Derivations: output.bip32Derivations.map((derivation) => ({ ...derivation, ...rewritten })) })),
    };
    const reviewed = review(electrum);
    expect(reviewed.findings).toEqual([]);
    expect(reviewed.change).toMatchObject([{ branch: 1, childIndex: 7 }]);
  });

  test('change without any origin or script is found by scanning', () => {
    const bare = withOutput(honest(), 1, () => ({ bip32Derivations: [], otherFields: [] }));
    expect(review(bare)).toMatchObject({ verdict: 'ready', changeSats: 499_000n });
  });

  test('change past the scan is found by its hint', () => {
    expect(review(honest({ change: { branch: 1, index: 999_999, amountSats: 499_000n } })).change).toMatchObject([{ childIndex: 999_999 }]);
  });
});

describe('one bad thing never hides another', () => {
  test('five attacks in one file give five findings', () => {
    let psbt = withInput(honest(), 0, ({ nonWitnessUtxo: _, ...rest }) => ({ ...rest, sighashType: 0x83, partialSignatures: [{ publicKey: other.keys[0]!.publicKey, signature: new Uint8Array(70) }] }));
    psbt = withTransaction(psbt, (transaction) => { transaction.outs[1]!.script = other.scriptPubKey; transaction.version = 9; });
    expect(new Set(codes(psbt))).toEqual(new Set(['input.prevtx-missing', 'sighash.forbidden', 'signature.invalid', 'change.fraud', 'tx.version']));
  });

  test('a signature that is not proven does not count, even when it verifies against the claimed amount', () => {
    const signed = signedAs(honest(), wallet, bob);
    const reviewed = review(withInput(signed, 0, ({ nonWitnessUtxo: _, ...rest }) => rest));
    expect(reviewed.quorum).toMatchObject({ signed: [], stillNeeded: 2 });
    expect(reviewed.inputs[0]).toMatchObject({ amountSats: 0n, proof: null, signedBy: [] });
  });

  test('what is unproven or out of range counts as nothing, so it cannot offset anything', () => {
    expect(review(withInput(honest(), 1, ({ nonWitnessUtxo: _, ...rest }) => rest))).toMatchObject({ inputsSats: 1_000_000n, feeSats: -999_000n });
    expect(review(withTransaction(honest(), (transaction) => { transaction.outs[0]!.value = -1_500_000n; }))).toMatchObject({ paymentsSats: 0n, changeSats: 499_000n });
    expect(codes(withTransaction(honest(), (transaction) => { transaction.outs[0]!.value = -1_500_000n; }))).not.toContain('output.dust');
  });

  test('a signature that verifies but is of another sighash type does not count towards the quorum', () => {
    expect(review(signedAs(honest(), wallet, bob, 3)).quorum).toMatchObject({ signed: [], stillNeeded: 2 });
  });

  test('a proof of one input is not taken for another input of the same transaction that encloses something else', () => {
    const together = honest({ oneFunding: true });
    const altered = withInput(together, 1, (input) => ({ ...input, nonWitnessUtxo: foreignFunding.bytes }));
    expect(review(altered).inputs.map((input) => input.proof)).toEqual(['previous-transaction', null]);
    expect(codes(altered)).toContain('input.prevtx-hash');
  });

  test('an input is the wallet\'s by what is proven, not by what the witness UTXO claims', () => {
    const lying = withInput(honest(), 0, (input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, scriptPubKey: wallet.deriver.derive(1, 3).scriptPubKey } }));
    expect(review(lying).inputs[0]).toMatchObject({ branch: 0, childIndex: 0, amountSats: 1_000_000n });
  });

  test('a wallet that nothing is spent from needs all of its signatures', () => {
    const theirs = honestPsbt({ wallet: stranger });
    expect(review(theirs).quorum).toMatchObject({ required: 2, signed: [], stillNeeded: 2 });
    expect(codes(theirs)).not.toContain('quorum.complete');
  });

  test('a relative lock says blocks or seconds', () => {
    const detailsOf = (sequence: number): unknown => review(honest({ inputs: [{ branch: 0, index: 0, amountSats: 2_000_000n, sequence }] })).findings.find((finding) => finding.code === 'sequence.relative')?.details;
    expect(detailsOf(144)).toEqual({ blocks: 144 });
    expect(detailsOf(0x0040_0002)).toEqual({ seconds: 1024 });
  });

  test('what a hostile file holds by the thousand is listed by the dozen', () => {
    const keyOf = (index: number): Uint8Array => concat(Uint8Array.of(3, index), new Uint8Array(31).fill(9));
    const many = withInput(honest(), 0, (input) => ({
      ...input,
      partialSignatures: Array.from({ length: 200 }, (_, index) => ({ publicKey: keyOf(index), signature: new Uint8Array(70) })),
      otherFields: Array.from({ length: 200 }, (_, index) => ({ keyType: 0xf0, keyData: concat(Uint8Array.of(index), new Uint8Array(500)), value: new Uint8Array(0) })),
    }));
    const found = review(many).findings;
    expect(found.filter((finding) => finding.code === 'signature.invalid')).toHaveLength(20);
    const [unknown] = found.filter((finding) => finding.code === 'psbt.unknown-field');
    expect(unknown?.details['count']).toBe(200);
    expect(String(unknown?.details['keys']).length).toBeLessThan(20 * 140);
  });

  test('origins of this key deeper than any wallet, or more than an input can honestly have, are not derived', () => {
    const asked: number[] = [];
    const thisKey = { ...alice.reviewKey, publicKeyAt: (path: readonly number[]) => { asked.push(path.length); return alice.reviewKey.publicKeyAt(path); } };
    const claim = (index: number, depth: number) => ({ publicKey: concat(Uint8Array.of(2, index), new Uint8Array(31).fill(9)), masterFingerprint: alice.fingerprint, path: [...Array<number>(depth - 1).fill(0), index] });
    const flooded = withInput(honest(), 0, (input) => ({ ...input, bip32Derivations: [claim(0, 11), ...Array.from({ length: 40 }, (_, index) => claim(index + 1, 5))] }));
    expect(codes(flooded, { thisKey })).toContain('input.origin-lie');
    expect(Math.max(...asked)).toBeLessThanOrEqual(10);
    expect(asked.filter((depth) => depth === 5).length).toBeLessThanOrEqual(20);
  });

  test('two wallets in one transaction are judged together when both are registered', () => {
    const second = testWallet(1, 2, 'regtest', 20);
    const theirs = honestPsbt({ wallet: second, inputs: [{ branch: 0, index: 3, amountSats: 700_000n }], payments: [], change: { branch: 1, index: 0, amountSats: 699_000n } });
    const ours = honest();
    const psbt = withTransaction({ ...ours, inputs: [...ours.inputs, ...theirs.inputs], outputs: [...ours.outputs, ...theirs.outputs] }, (transaction) => {
      transaction.ins.push(...theirs.transaction.ins);
      transaction.outs.push(...theirs.transaction.outs);
    });
    const reviewed = review(psbt, { wallets: [wallet, second] });
    expect(reviewed).toMatchObject({ verdict: 'ready', walletIds: [wallet.walletId, second.walletId], inputsSats: 2_700_000n, changeSats: 1_198_000n, quorum: { required: 2, stillNeeded: 2 } });
    expect(codes(psbt)).toContain('input.foreign');
    expect(codes(psbt)).toContain('change.fraud');
  });
});
