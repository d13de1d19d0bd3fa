import { chainParameters, networkNames, type NetworkName } from '../../domain/network.ts';
import type { WalletScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { KeyRecord } from '../key-record.ts';

/** The formats that wallets and key records of other programs come in. `strongroom` is our own. */
export const foreignFormats = ['strongroom', 'descriptor', 'bip388', 'coldcard', 'coldcard-export', 'bsms', 'specter', 'caravan', 'electrum', 'core', 'ur'] as const;
export type ForeignFormat = (typeof foreignFormats)[number];

/** What a conversion leaves behind or takes for granted. Codes are stable; see docs/dialects.md. */
export const lossCodes = ['labels', 'name', 'policy-id', 'branches', 'network', 'settings', 'history', 'start-index', 'order', 'origin', 'rescan'] as const;
export interface Loss {
  readonly code: (typeof lossCodes)[number];
  /** One sentence for a person. */
  readonly text: string;
}

export interface ForeignCosigner {
  /** `null` where the file has no name for it. */
  readonly label: string | null;
  readonly record: KeyRecord;
}

/** A wallet as a file states it, before a network is settled and anything is compared. */
export interface ForeignWallet {
  readonly kind: 'wallet';
  readonly format: ForeignFormat;
  readonly name: string | null;
  /** The networks that it can be of, the likeliest first; empty where the file says nothing but the keys' prefixes. */
  readonly networks: readonly NetworkName[];
  readonly script: WalletScript;
  readonly required: number;
  readonly cosigners: readonly ForeignCosigner[];
  /** The first addresses that the file states, to be compared. */
  readonly firstReceive: string | null;
  readonly firstChange: string | null;
  readonly losses: readonly Loss[];
}

export interface ForeignKey {
  readonly record: KeyRecord;
  /** What it is meant for, by the file's own word or the key's prefix; `null` where nothing says. */
  readonly script: WalletScript | null;
  readonly label: string | null;
}

/** Public keys as a file hands them out: one, or one for each script type. */
export interface ForeignKeys {
  readonly kind: 'keys';
  readonly format: ForeignFormat;
  readonly keys: readonly ForeignKey[];
}

export type ForeignFile = ForeignWallet | ForeignKeys;

/** The largest file: an Electrum wallet with a long history. */
export const MAX_FOREIGN_CHARACTERS = 8 * 1024 * 1024;

/** Bitcoin's: what programs that know one coin call test networks. */
export const testNetworks: readonly NetworkName[] = networkNames.filter((name) => chainParameters(name).isTest && chainParameters(name).coin === 'bitcoin');

/** What other programs call networks. `testnet` is said of any test network by those that know no other word. */
export function networksOfName(name: string): readonly NetworkName[] {
  const known: Readonly<Record<string, readonly NetworkName[]>> = {
    main: ['mainnet'], mainnet: ['mainnet'], bitcoin: ['mainnet'], btc: ['mainnet'],
    test: testNetworks, testnet: testNetworks, testnet3: ['testnet3'], xtn: testNetworks, testnet4: ['testnet4'],
    signet: ['signet'], regtest: ['regtest', 'practice'], xrt: ['regtest', 'practice'],
  };
  const lowered = name.trim().toLowerCase();
  const found = Object.hasOwn(known, lowered) ? known[lowered] : undefined;
  if (found === undefined) throw malformedFile(`it names a network that is not known: "${name.slice(0, 20)}"`);
  return found;
}

export const malformedFile = (reason: string, hint = 'Export the wallet or key record again from the program that holds it.'): StrongroomError =>
  new StrongroomError('wallet.malformed', `The file is not one that Strongroom reads: ${reason}.`, { reason }, hint);

/** A text as a name or label of ours: without control characters, at most 60 characters; `null` where nothing is left. */
export function cleanLabel(text: string | null | undefined): string | null {
  const clean = (text ?? '').replace(/\p{C}/gu, ' ').replace(/\s+/g, ' ').trim().slice(0, 60).trim();
  return clean === '' ? null : clean;
}
