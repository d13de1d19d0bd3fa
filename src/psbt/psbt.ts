import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import type { DerivationPath } from '../domain/derivation-path.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';

/** One key-value pair of a PSBT map, as it stood in the file (BIP174, "Specification"). */
export interface KeyValue {
  readonly keyType: number;
  readonly keyData: Uint8Array;
  readonly value: Uint8Array;
}

export interface Bip32Derivation {
  readonly publicKey: Uint8Array;
  readonly masterFingerprint: Fingerprint;
  readonly path: DerivationPath;
}

export interface PartialSignature {
  readonly publicKey: Uint8Array;
  /** DER signature followed by one byte of sighash type. */
  readonly signature: Uint8Array;
}

/** An output as a transaction holds it. */
export interface TxOutput {
  readonly scriptPubKey: Uint8Array;
  /** As the file says: may be negative or above 21 million BTC until it was checked. */
  readonly amountSats: bigint;
}

/**
 * What every map of a PSBT has. `fieldOrder` is given only for a map whose fields did not stand in rising order of their
 * types: the keys in file order, so that encoding gives the file back byte for byte.
 */
interface PsbtMap {
  readonly fieldOrder?: readonly string[];
}

export interface PsbtInput extends PsbtMap {
  /** The full previous transaction's bytes. */
  readonly nonWitnessUtxo?: Uint8Array;
  readonly witnessUtxo?: TxOutput;
  readonly partialSignatures: readonly PartialSignature[];
  readonly sighashType?: number;
  readonly redeemScript?: Uint8Array;
  readonly witnessScript?: Uint8Array;
  readonly bip32Derivations: readonly Bip32Derivation[];
  readonly finalScriptSig?: Uint8Array;
  /** Witness stack items. */
  readonly finalScriptWitness?: readonly Uint8Array[];
  /** Known taproot fields (BIP371) and every field without a meaning here, in file order; kept byte for byte. */
  readonly otherFields: readonly KeyValue[];
}

export interface PsbtOutput extends PsbtMap {
  readonly redeemScript?: Uint8Array;
  readonly witnessScript?: Uint8Array;
  readonly bip32Derivations: readonly Bip32Derivation[];
  readonly otherFields: readonly KeyValue[];
}

/** What an input of version 2 says that a transaction cannot. @see BIP370, per-input types */
export interface Version2Input {
  /** False where the file leaves the sequence number out, which means the final one. */
  readonly statesSequence: boolean;
  /** Unix time, 500,000,000 or later: what the transaction's locktime must at least be. */
  readonly requiredTimeLocktime?: number;
  /** Block height, 1 to 499,999,999: what the transaction's locktime must at least be. */
  readonly requiredHeightLocktime?: number;
}

/** What a file of version 2 says that a transaction cannot. @see BIP370 */
export interface Version2Fields {
  /** The locktime where no input requires one; 0 where absent. */
  readonly fallbackLocktime?: number;
  /** Bits: what others may still change. See `modifiable.ts`. */
  readonly modifiable?: number;
  /** One for each input. */
  readonly inputs: readonly Version2Input[];
}

/**
 * A PSBT as data, of either version. What it says is a claim of whoever wrote it; nothing here is proven. Never written to.
 *
 * Version 2 spreads the transaction over its maps. It is put together when the file is read, so that every role works on
 * `transaction` and knows no versions; only what no transaction can hold is kept beside it (docs/adr/0011).
 */
export interface Psbt extends PsbtMap {
  /** Of the file that was read, and of the file that is written unless another version is asked for. */
  readonly version: 0 | 2;
  /** The unsigned transaction. */
  readonly transaction: Transaction;
  /** Present exactly where a file of version 2 was read. */
  readonly version2?: Version2Fields;
  /**
   * Global fields that are not of the transaction: extended public keys, proprietary, unknown; in version 0 also a version
   * that is stated as 0.
   */
  readonly globalFields: readonly KeyValue[];
  readonly inputs: readonly PsbtInput[];
  readonly outputs: readonly PsbtOutput[];
}

declare const stage: unique symbol;
/** Stages are types: an illegal order does not compile. Each is made by one function in one file. */
type Staged<Name extends string> = Psbt & { readonly [stage]: Name };
export type CreatedPsbt = Staged<'created'>;
export type UpdatedPsbt = Staged<'updated'>;
export type SignedPsbt = Staged<'signed'>;
export type CombinedPsbt = Staged<'combined'>;
export type FinalizedPsbt = Staged<'finalized'>;

/** A transaction that can be broadcast. */
export interface FinalTransaction {
  readonly txid: string;
  /** Network serialisation. */
  readonly bytes: Uint8Array;
  readonly vsizeVb: number;
  readonly feeSats: bigint;
}

/** Caps of BIP174 files here; checked before anything is allocated. */
export const MAX_PSBT_BYTES = 16 * 1024 * 1024;
export const MAX_PSBT_INPUTS = 10_000;
export const MAX_PSBT_OUTPUTS = 10_000;
export const MAX_PSBT_VALUE_BYTES = 4 * 1024 * 1024;
/** Key-value pairs and witness items together; 16 MiB of honest fields are fewer. */
export const MAX_PSBT_ITEMS = 350_000;
