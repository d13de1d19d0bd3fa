import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { unreachable } from '../domain/unreachable.ts';
import type { SigningRule } from '../wallet/signing-rule.ts';
import type { TxOutput } from './psbt.ts';
import { createSighasherLegacy } from './sighash-legacy.ts';
import { createSighasherTaproot, type SighasherTaproot } from './sighash-taproot.ts';
import { createSighasherV0 } from './sighash-v0.ts';

/** Hashes that signatures of one transaction sign, of every kind; what inputs share is computed once. */
export interface Sighasher {
  /** @returns `null` where an amount or script that would be signed is not known, or the type has no meaning */
  hash(inputIndex: number, rule: SigningRule, sighashType: number): Uint8Array | null;
}

/** @param spent what each input spends; `null` where that is not known */
export function createSighasher(transaction: Transaction, spent: readonly (TxOutput | null)[]): Sighasher {
  const legacy = createSighasherLegacy(transaction);
  const segwit = createSighasherV0(transaction);
  const known = spent.filter((output) => output !== null);
  const taproot: SighasherTaproot | null = known.length === spent.length ? createSighasherTaproot(transaction, known) : null;
  return {
    hash(inputIndex, rule, sighashType) {
      switch (rule.kind) {
        case 'legacy':
          return legacy.hash(inputIndex, rule.scriptCode, sighashType);
        case 'segwit-v0': {
          const output = spent[inputIndex];
          return output === null || output === undefined ? null : segwit.hash(inputIndex, rule.scriptCode, output.amountSats, sighashType);
        }
        case 'taproot-key':
          return taproot?.hash(inputIndex, sighashType, null) ?? null;
        case 'taproot-leaf':
          return taproot?.hash(inputIndex, sighashType, rule.leafHash) ?? null;
        default:
          return unreachable(rule);
      }
    },
  };
}
