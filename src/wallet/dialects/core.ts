import * as v from 'valibot';
import type { WalletScript } from '../../domain/wallet-script.ts';
import { walletDescriptor, type Wallet } from '../wallet.ts';
import { readDescriptors, unnamedWallet } from './descriptor-text.ts';
import { malformedFile, type ForeignWallet, type Loss } from './foreign.ts';

const Entry = v.looseObject({ desc: v.pipe(v.string(), v.maxLength(16_384)), active: v.optional(v.boolean()), internal: v.optional(v.boolean()), label: v.optional(v.string()) });
const Entries = v.pipe(v.array(Entry), v.minLength(1), v.maxLength(64));
const Listing = v.looseObject({ wallet_name: v.optional(v.string()), descriptors: Entries });

/** The array that `importdescriptors` takes, or the object that `listdescriptors` answers. */
export const isCore = (file: unknown): boolean => v.is(Listing, file) || v.is(Entries, file);

/**
 * Bitcoin Core's descriptors: what `importdescriptors` takes or `listdescriptors` answers. `listdescriptors true` holds private
 * keys and is refused before this is asked.
 * @param choice the script type that is meant: a node's wallet has several
 * @throws StrongroomError as `readDescriptors`; `wallet.malformed` where `internal` contradicts the branch
 */
export function readCore(file: unknown, choice: WalletScript | null): ForeignWallet {
  const listing = v.safeParse(Listing, file);
  const entries = listing.success ? listing.output.descriptors : v.parse(Entries, file);
  // What a node has retired says nothing of where change goes now.
  const active = entries.filter((entry) => entry.active !== false);
  const chosen = active.length > 0 ? active : entries;
  for (const { desc, internal } of chosen) {
    const branch = /\/([01])\/\*[^/]*$/.exec(desc)?.[1];
    if (internal !== undefined && branch !== undefined && internal !== (branch === '1')) throw malformedFile('it calls branch 0 change, or branch 1 no change');
  }
  const read = readDescriptors(chosen.map((entry) => entry.desc), choice);
  const name = listing.success ? (listing.output.wallet_name?.split('/').at(-1) ?? null) : null;
  return unnamedWallet(read, 'core', { name });
}

/** Where a node begins to look for a wallet's payments: the first block. `now` would hide what was paid before. */
const FROM_THE_FIRST_BLOCK = 0;
/** As many addresses ahead as the Companion watches. */
const RANGE: readonly [number, number] = [0, 999];

/** The argument of `importdescriptors`: both branches apart, for nodes older than BIP389. */
export function formatCore(wallet: Wallet): string {
  const entries = ([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet, branch), active: true, internal: branch === 1, range: RANGE, timestamp: FROM_THE_FIRST_BLOCK }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}

export const coreLosses: readonly Loss[] = [{ code: 'rescan', text: 'The file says no time of the first payment: the node scans the whole chain once. Set "timestamp" to a time before it to spare that.' }];
