import type { DerivationPath } from '../domain/derivation-path.ts';
import { isMoney } from '../domain/amount.ts';
import { toHex } from '../domain/bytes.ts';
import type { FeeRate } from '../domain/fee-rate.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { NetworkName } from '../domain/network.ts';
import { checkOwnInput, checkSignatures, checkTaprootSignature, type CheckedLeafSignature, type CheckedSignature, type CheckedTaprootSignature, type HashForType } from '../psbt/input-signatures.ts';
import { expectedVsize, singleKeyWeight, walletInputWeight } from '../psbt/expected-size.ts';
import { hintsOf, ownScriptsOf } from '../psbt/own-scripts.ts';
import { previousOutputs, type PreviousOutput } from '../psbt/previous-outputs.ts';
import type { Bip32Derivation, Psbt, PsbtInput, PsbtOutput, TxOutput } from '../psbt/psbt.ts';
import { createSighasher, type Sighasher } from '../psbt/sighash.ts';
import { inputOriginsOf, outputOriginsOf } from '../psbt/taproot-fields.ts';
import { txidOfHash } from '../psbt/transaction.ts';
import { addressOfScript, type AddressDeriver, type DerivedAddress } from '../wallet/address.ts';
import { scriptTypeOf, type ScriptType } from '../wallet/script-type.ts';
import { ownSingleKeys, type OwnSingleKey, type ReviewSingleKey } from './single-keys.ts';

/** A wallet that a review may recognise: registered, for the Signer. */
export interface ReviewWallet {
  readonly walletId: string;
  readonly deriver: AddressDeriver;
}

/** The key that is asked to sign, as far as a review needs it. */
export interface ReviewKey {
  readonly fingerprint: Fingerprint;
  /** The public key (33 bytes) at a full path from the master key. */
  publicKeyAt(path: DerivationPath): Uint8Array;
}

export interface ReviewContext {
  /** Wallets that may spend, and get change back. */
  readonly wallets: readonly ReviewWallet[];
  /** Keys of paper wallets that are at hand. Where there are any, the review is one of a sweep. */
  readonly singleKeys?: readonly ReviewSingleKey[];
  /**
   * Registered wallets that a sweep may go to. They spend nothing and get no change: what goes to them stays a payment, and is
   * shown with the address that it was proven to be.
   */
  readonly destinations?: readonly ReviewWallet[];
  readonly network: NetworkName;
  /** `null` where no key is at hand, as in the Companion. */
  readonly thisKey: ReviewKey | null;
  /** Keys that sign in the same step, where a transaction draws on wallets of several keys. */
  readonly furtherKeys?: readonly ReviewKey[];
  /** The rate that the plan states, where it is known. */
  readonly plannedFeeRate?: FeeRate;
  /** Height of the last block, where it is known. */
  readonly tipHeight?: number;
}

/** Every key that is asked to sign. */
export const keysAtHand = ({ thisKey, furtherKeys = [] }: ReviewContext): readonly ReviewKey[] => (thisKey === null ? [] : [thisKey, ...furtherKeys]);

/** A script that was rebuilt from a registered wallet. */
export interface OwnAddress {
  readonly wallet: ReviewWallet;
  readonly derived: DerivedAddress;
}

export interface InputFacts {
  readonly index: number;
  readonly txid: string;
  readonly vout: number;
  readonly sequence: number;
  readonly fields: PsbtInput;
  readonly previous: PreviousOutput;
  /** What is spent, as proven, or else as the witness UTXO claims; `null` where nothing is stated. */
  readonly spent: TxOutput | null;
  readonly own: OwnAddress | null;
  /** The paper key that spends it; never beside `own`. */
  readonly singleKey: OwnSingleKey | null;
  /** ECDSA signatures of an own input, checked against the amount in `spent`; empty for other inputs. */
  readonly signatures: readonly CheckedSignature<{ readonly publicKey: Uint8Array }>[];
  /** The key-path signature of an input that one key spends by taproot. */
  readonly taprootSignature: CheckedTaprootSignature | null;
  /** Signatures for the leaf of an own taproot quorum. */
  readonly leafSignatures: readonly CheckedLeafSignature[];
  /** Key origins that the file states, of both BIPs that have them. */
  readonly origins: readonly Bip32Derivation[];
  /** Counts only where the amount is proven. */
  readonly signedBy: readonly Fingerprint[];
}

export interface OutputFacts {
  readonly index: number;
  readonly scriptPubKey: Uint8Array;
  /** The same in hexadecimal, once for all who show it: a hostile file holds 16 MiB of it. */
  readonly scriptHex: string;
  readonly amountSats: bigint;
  readonly type: ScriptType;
  readonly address: string | null;
  readonly fields: PsbtOutput;
  /** Key origins that the file states, of both BIPs that have them. */
  readonly origins: readonly Bip32Derivation[];
  readonly own: OwnAddress | null;
  /** In a sweep: the registered wallet's address that this was proven to be. */
  readonly to: OwnAddress | null;
  /** Comes back to a wallet out of that wallet's own inputs; every other output is a payment. */
  readonly isChange: boolean;
}

/** Amounts of the transaction. */
export interface Totals {
  /** What the fee is a part of: the payments, or the inputs where nothing leaves (every payment proven to be to an own wallet). */
  readonly feeBase: 'payments' | 'inputs';
  /** Sum of the proven inputs. */
  readonly inputsSats: bigint;
  readonly paymentsSats: bigint;
  readonly changeSats: bigint;
  readonly feeSats: bigint;
  /** The same with claimed amounts where proof is missing; `null` where even a claim is missing. For findings only. */
  readonly claimed: { readonly inputsSats: bigint; readonly feeSats: bigint } | null;
  /** Expected size once signed, vB. */
  readonly vsizeVb: number;
}

/** Everything that the rules judge, computed once. */
export interface ReviewFacts {
  readonly context: ReviewContext;
  readonly psbt: Psbt;
  readonly inputs: readonly InputFacts[];
  readonly outputs: readonly OutputFacts[];
  readonly totals: Totals;
}

/** Gathers the facts. Never throws, whatever a decoded PSBT claims. */
export function gatherFacts(psbt: Psbt, context: ReviewContext): ReviewFacts {
  const inputs = gatherInputs(psbt, context);
  const outputs = gatherOutputs(psbt, context, inputs);
  return { context, psbt, inputs, outputs, totals: sumUp(psbt, inputs, outputs, context.network) };
}

function gatherInputs(psbt: Psbt, context: ReviewContext): InputFacts[] {
  const previous = previousOutputs(psbt);
  const spentOutputs = previous.map((proof, index) => (proof.proof === null ? (psbt.inputs[index]?.witnessUtxo ?? null) : proof.output));
  const sighasher = createSighasher(psbt.transaction, spentOutputs);
  const findSingleKey = ownSingleKeys(context.singleKeys ?? []);
  return psbt.inputs.map((fields, index): InputFacts => {
    const { hash, index: vout, sequence } = psbt.transaction.ins[index] as Psbt['transaction']['ins'][number];
    const proof = previous[index] as PreviousOutput;
    const spent = spentOutputs[index] ?? null;
    const origins = inputOriginsOf(fields);
    const own = spent === null ? null : findOwn(context.wallets, spent.scriptPubKey, origins);
    const singleKey = spent === null || own !== null ? null : findSingleKey(spent.scriptPubKey);
    const signed = signaturesOf(fields, index, own, singleKey, sighasher);
    // What is signed over an amount that nobody proved counts for nothing.
    const signedBy = proof.proof === null ? [] : signed.signedBy;
    return { index, txid: txidOfHash(hash), vout, sequence, fields, origins, previous: proof, spent, own, singleKey, ...signed, signedBy };
  });
}

function signaturesOf(fields: PsbtInput, index: number, own: OwnAddress | null, singleKey: OwnSingleKey | null, sighasher: Sighasher): Pick<InputFacts, 'signatures' | 'taprootSignature' | 'leafSignatures' | 'signedBy'> {
  if (own !== null) return checkOwnInput(fields, own.derived, (type) => sighasher.hash(index, own.derived.rule, type));
  if (singleKey === null) return { signatures: [], taprootSignature: null, leafSignatures: [], signedBy: [] };
  const { key, output } = singleKey;
  const hashFor: HashForType = (type) => sighasher.hash(index, output.rule, type);
  const isTaproot = output.script === 'p2tr';
  const signatures = checkSignatures(fields, isTaproot ? [] : [key], hashFor);
  const taprootSignature = isTaproot ? checkTaprootSignature(fields, output.signingKey, hashFor) : null;
  const isSigned = taprootSignature?.counts === true || signatures.some((signature) => signature.counts);
  return { signatures, taprootSignature, leafSignatures: [], signedBy: isSigned ? [key.fingerprint] : [] };
}

function gatherOutputs(psbt: Psbt, context: ReviewContext, inputs: readonly InputFacts[]): OutputFacts[] {
  const outputs = psbt.outputs.map((fields, index): Omit<OutputFacts, 'isChange'> => {
    const { script, value } = psbt.transaction.outs[index] as { script: Uint8Array; value: bigint };
    const origins = outputOriginsOf(fields);
    const own = findOwn(context.wallets, script, origins);
    const to = own === null ? findOwn(context.destinations ?? [], script, origins) : null;
    return { index, scriptPubKey: script, scriptHex: toHex(script), amountSats: value, type: scriptTypeOf(script), address: addressOfScript(script, context.network), fields, origins, own, to };
  });
  const spentSats = sumByWallet(inputs.map(({ own, spent }) => ({ own, amountSats: spent?.amountSats ?? 0n })), context.network);
  const returnedSats = sumByWallet(outputs, context.network);
  // SECURITY: money that moves to another registered wallet leaves this one's quorum. Were it called change, the treasury's
  // balance could go to a petty-cash wallet of one key without being shown as a payment.
  const isChange = ({ own }: Pick<OutputFacts, 'own'>): boolean => {
    if (own === null) return false;
    const spent = spentSats.get(own.wallet) ?? 0n;
    // A transaction that spends nothing of the wallets (a node's sweep into one of them) takes from none of them.
    return spentSats.size === 0 || (spent > 0n && (returnedSats.get(own.wallet) ?? 0n) <= spent);
  };
  return outputs.map((output) => ({ ...output, isChange: isChange(output) }));
}

function sumByWallet(parts: readonly { readonly own: OwnAddress | null; readonly amountSats: bigint }[], network: NetworkName): Map<ReviewWallet, bigint> {
  const money = moneyOf(network);
  const sums = new Map<ReviewWallet, bigint>();
  for (const { own, amountSats } of parts) {
    if (own !== null) sums.set(own.wallet, (sums.get(own.wallet) ?? 0n) + money(amountSats));
  }
  return sums;
}

// Amounts outside the range of money count as 0; a finding names them, and they must not offset others.
const moneyOf = (network: NetworkName) => (amountSats: bigint): bigint => (isMoney(amountSats, network) ? amountSats : 0n);

function findOwn(wallets: readonly ReviewWallet[], script: Uint8Array, derivations: readonly Bip32Derivation[]): OwnAddress | null {
  for (const wallet of wallets) {
    const derived = ownScriptsOf(wallet.deriver).find(script, hintsOf(derivations));
    if (derived !== null) return { wallet, derived };
  }
  return null;
}

function sumUp(psbt: Psbt, inputs: readonly InputFacts[], outputs: readonly OutputFacts[], network: NetworkName): Totals {
  const money = moneyOf(network);
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
  const inputsSats = sum(inputs.map((input) => (input.previous.proof === null ? 0n : money(input.previous.output.amountSats))));
  const paymentsSats = sum(outputs.map((output) => (output.isChange ? 0n : money(output.amountSats))));
  const changeSats = sum(outputs.map((output) => (output.isChange ? money(output.amountSats) : 0n)));
  const claimedSats = inputs.every((input) => input.spent !== null) ? sum(inputs.map((input) => money((input.spent as TxOutput).amountSats))) : null;
  const leaves = outputs.some((output) => !output.isChange && output.to === null && money(output.amountSats) > 0n);
  return {
    feeBase: leaves ? 'payments' : 'inputs',
    inputsSats,
    paymentsSats,
    changeSats,
    feeSats: inputsSats - paymentsSats - changeSats,
    claimed: claimedSats === null ? null : { inputsSats: claimedSats, feeSats: claimedSats - paymentsSats - changeSats },
    vsizeVb: expectedVsize(psbt.transaction, inputs.map(expectedWitnessWeight)),
  };
}

function expectedWitnessWeight({ own, singleKey, spent }: InputFacts): number {
  if (own !== null) return walletInputWeight(own.wallet.deriver.wallet);
  return spent === null ? 0 : singleKeyWeight(spent.scriptPubKey, singleKey?.key.publicKey.length);
}
