import { isQuorumScript } from '../../domain/wallet-script.ts';
import { scriptTypeOf } from '../../wallet/script-type.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { HotUtxo, ScriptUtxo, WalletUtxo } from '../chain-source.ts';
import type { Spendable } from './plan.ts';
import type { HotCandidate } from './sweep-plan.ts';
import type { SpendKind } from './vsize.ts';

/** The kind of the wallet's own inputs. */
export const ownKind = ({ script, required, cosigners }: Wallet): SpendKind => (isQuorumScript(script) ? { type: script, required, total: cosigners.length } : { type: script });

/** A cold wallet's unspent outputs as candidates. */
export const ownCandidates = (wallet: Wallet, utxos: readonly WalletUtxo[]): readonly Spendable[] =>
  utxos.map(({ branch, index, ...output }) => ({ ...output, kind: ownKind(wallet), own: { branch, index } }));

/** The unspent outputs of a hot wallet that Strongroom watches, as candidates of a plan that pays to another wallet. */
export const watchedHotCandidates = (wallet: Wallet, walletId: string, utxos: readonly WalletUtxo[]): readonly HotCandidate[] =>
  utxos.map(({ branch, index, ...output }) => ({ ...output, kind: ownKind(wallet), own: { branch, index, walletId } }));

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

/**
 * What paper wallets hold, as candidates. An address does not tell everything that spends it: a P2PKH key is taken for an
 * uncompressed one, the larger, so that the rate asked for is kept; a P2SH output for P2SH-P2WPKH, the only one that one key
 * spends.
 */
export const paperCandidates = (utxos: readonly ScriptUtxo[], addressOf: (scriptPubKey: Uint8Array) => string | null): readonly HotCandidate[] =>
  utxos.map(({ state, height, ...output }) => ({
    ...output,
    ...(height === null ? {} : { height }),
    ...(state === 'free' ? {} : { leftBecause: state }),
    address: addressOf(output.scriptPubKey),
    kind: paperKind(output.scriptPubKey),
    own: null,
  }));

function paperKind(scriptPubKey: Uint8Array): SpendKind | null {
  const kind = hotKind(scriptPubKey);
  return kind?.type === 'p2pkh' ? { type: 'p2pkh-uncompressed' } : kind;
}
