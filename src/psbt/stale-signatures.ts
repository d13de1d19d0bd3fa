import { previousOutputs } from './previous-outputs.ts';
import type { HashForType } from './input-signatures.ts';
import { spentOutpoints, type PaymentVersion } from './payment-versions.ts';
import type { TxOutput } from './psbt.ts';
import { createSighasher, type Sighasher } from './sighash.ts';
import type { SigningRule } from '../wallet/signing-rule.ts';

/**
 * Finds the version of a payment that a signature was made for: somebody may have copied it out of the reply to a version that was
 * replaced. Such a signature is worthless here and still good for the old version, which is another matter than a damaged one.
 */
export interface VersionHashes {
  /** Each version that spends an output, with the hashes that its signatures for it sign. */
  hashesFor(outpoint: string, rule: SigningRule): Iterable<{ readonly version: PaymentVersion; readonly hashFor: HashForType }>;
}

interface PreparedVersion {
  readonly version: PaymentVersion;
  readonly outpoints: readonly string[];
  readonly sighasher: Sighasher;
}

/**
 * @param known what outputs are worth and pay, by outpoint, as the current version proves it
 */
export function versionHashes(versions: readonly PaymentVersion[], known: ReadonlyMap<string, TxOutput>): VersionHashes {
  const prepared: PreparedVersion[] = [];
  const prepare = (position: number): PreparedVersion => {
    const done = prepared[position];
    if (done !== undefined) return done;
    const version = versions[position] as PaymentVersion;
    const { psbt } = version;
    const outpoints = spentOutpoints(psbt.transaction);
    const own = previousOutputs(psbt);
    const spent = outpoints.map((outpoint, index): TxOutput | null => {
      const previous = own[index];
      return known.get(outpoint) ?? (previous === undefined || previous.proof === null ? (psbt.inputs[index]?.witnessUtxo ?? null) : previous.output);
    });
    const made = { version, outpoints, sighasher: createSighasher(psbt.transaction, spent) };
    prepared[position] = made;
    return made;
  };
  return {
    *hashesFor(outpoint, rule) {
      for (let position = 0; position < versions.length; position += 1) {
        const { version, outpoints, sighasher } = prepare(position);
        const index = outpoints.indexOf(outpoint);
        if (index >= 0) yield { version, hashFor: (sighashType) => sighasher.hash(index, rule, sighashType) };
      }
    },
  };
}
