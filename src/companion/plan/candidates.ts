import { scriptTypeOf } from '../../wallet/script-type.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { HotUtxo, WalletUtxo } from '../chain-source.ts';
import type { Spendable } from './plan.ts';
import type { HotCandidate } from './sweep-plan.ts';
import type { SpendKind } from './vsize.ts';

/** The kind of the wallet's own inputs. */
export const ownKind = (wallet: Wallet): SpendKind => ({ type: 'p2wsh', required: wallet.required, total: wallet.cosigners.length });

/** A cold wallet's unspent outputs as candidates. */
export const ownCandidates = (wallet: Wallet, utxos: readonly WalletUtxo[]): readonly Spendable[] =>
  utxos.map(({ branch, index, ...output }) => ({ ...output, kind: ownKind(wallet), own: { branch, index } }));

/**
 * A hot wallet's unspent outputs as candidates. A P2SH output is taken for P2SH-P2WPKH, the only one that chain sources call
 * spendable.
 */
export const hotCandidates = (utxos: readonly HotUtxo[]): readonly HotCandidate[] =>
  utxos.map(({ spendable, ...output }) => ({ ...output, kind: spendable ? hotKind(output.scriptPubKey) : null, own: null }));

function hotKind(scriptPubKey: Uint8Array): SpendKind | null {
  const type = scriptTypeOf(scriptPubKey);
  switch (type) {
    case 'p2pkh':
    case 'p2wpkh':
    case 'p2tr':
      return { type };
    case 'p2sh':
      return { type: 'p2sh-p2wpkh' };
    default:
      return null;
  }
}
