import { toHex } from '../domain/bytes.ts';
import type { DerivationPath } from '../domain/derivation-path.ts';
import { MAX_ADDRESS_INDEX, type AddressDeriver, type Branch, type DerivedAddress } from '../wallet/address.ts';
import { scriptTypeOf, type ScriptType } from '../wallet/script-type.ts';
import type { WalletScript } from '../domain/wallet-script.ts';
import type { Wallet } from '../wallet/wallet.ts';
import type { Bip32Derivation } from './psbt.ts';

/** Most addresses of each branch that are tried where no hint leads to a script. */
const MOST_SCANNED = 1000;
/** Point additions that such a search may take, of each cosigner one an address: about half a second. */
const SCAN_ADDITIONS = 3000;

/**
 * How many addresses of each branch are tried where no hint leads to the script. Wallets without key origins, and programs
 * that rewrite origins as their own (seen with Electrum), leave hints that lead nowhere. Depends on the wallet alone, so that every
 * review of one file comes to the same.
 */
export const scanLimit = ({ cosigners }: Wallet): number => Math.min(MOST_SCANNED, Math.floor(SCAN_ADDITIONS / (2 * cosigners.length)));

/** What outputs of a wallet's script look like from outside. */
const outputTypes: Readonly<Record<WalletScript, ScriptType>> = {
  p2pkh: 'p2pkh', 'p2sh-p2wpkh': 'p2sh', p2wpkh: 'p2wpkh', p2tr: 'p2tr', p2sh: 'p2sh', 'p2sh-p2wsh': 'p2sh', p2wsh: 'p2wsh', 'p2tr-multi': 'p2tr',
};
/** Distinct hints that are tried for one script: honest files have one, and each costs a derivation of every cosigner. */
const MAX_HINTS = 3;
/**
 * Hints in all that may lead to another script before hints are no longer followed, so that a file of 20,000 false ones costs
 * seconds and not minutes. Honest hints lead to their script; those of another registered wallet count as strays here.
 */
const MAX_STRAY_HINTS = 4000;

/** Which scripts are a wallet's own: proven by rebuilding them from its descriptor, never by what a file says. */
export interface OwnScripts {
  /**
   * The address whose script this is, or `null`.
   * @param paths key origins that the file states for it: hints where to look first, and nothing more
   */
  find(scriptPubKey: Uint8Array, paths: readonly DerivationPath[]): DerivedAddress | null;
}

const byDeriver = new WeakMap<AddressDeriver, OwnScripts>();

/** The wallet's own scripts; what was found once is remembered as long as the deriver lives. */
export function ownScriptsOf(deriver: AddressDeriver): OwnScripts {
  const known = byDeriver.get(deriver);
  if (known !== undefined) return known;
  const own = createOwnScripts(deriver);
  byDeriver.set(deriver, own);
  return own;
}

/** The paths of key origins, as hints for `find`. */
export const hintsOf = (derivations: readonly Bip32Derivation[]): DerivationPath[] => derivations.map((derivation) => derivation.path);

function createOwnScripts(deriver: AddressDeriver): OwnScripts {
  const found = new Map<string, DerivedAddress>();
  const limit = scanLimit(deriver.wallet);
  const outputType = outputTypes[deriver.wallet.script];
  let scanned = 0;
  let strays = 0;
  return {
    find(scriptPubKey, paths) {
      // Outputs of another type cost nothing.
      if (scriptTypeOf(scriptPubKey) !== outputType) return null;
      const wanted = toHex(scriptPubKey);
      const known = found.get(wanted);
      if (known !== undefined) return known;
      for (const [branch, index] of strays < MAX_STRAY_HINTS ? distinctTails(paths) : []) {
        // What the scan has passed is in `found` already.
        if (index < scanned) continue;
        const derived = deriver.derive(branch, index);
        if (toHex(derived.scriptPubKey) === wanted) {
          found.set(wanted, derived);
          return derived;
        }
        strays += 1;
      }
      // Lazily, and each address once for all scripts: a file of 10,000 strange outputs costs one scan.
      while (scanned < limit) {
        for (const branch of [0, 1] as const) {
          const derived = deriver.derive(branch, scanned);
          found.set(toHex(derived.scriptPubKey), derived);
        }
        scanned += 1;
        const derived = found.get(wanted);
        if (derived !== undefined) return derived;
      }
      return null;
    },
  };
}

function distinctTails(paths: readonly DerivationPath[]): readonly (readonly [Branch, number])[] {
  const tails = new Map<string, readonly [Branch, number]>();
  for (const path of paths) {
    const [branch, index] = path.slice(-2);
    if ((branch !== 0 && branch !== 1) || index === undefined || index > MAX_ADDRESS_INDEX) continue;
    tails.set(`${branch}/${index}`, [branch, index]);
    if (tails.size === MAX_HINTS) break;
  }
  return [...tails.values()];
}
