import type { WalletScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { parseScriptDescriptor, type DescriptorOptions } from '../expression/script-expression.ts';
import { describedWallet, type DescribedWallet, type NamedBranches } from '../expression/wallet-expression.ts';
import { formatKeyRecord, type KeyRecord } from '../key-record.ts';
import { malformedFile, type ForeignWallet, type Loss } from './foreign.ts';

/** More lines than a node with every script type lists. */
const MAX_DESCRIPTORS = 64;

export interface DescriptorsRead {
  readonly script: WalletScript;
  readonly required: number;
  readonly keys: readonly KeyRecord[];
  readonly losses: readonly Loss[];
}

/**
 * The one wallet that descriptors together describe: one of both branches, a pair of receive and change, or both ways of saying it.
 * @param choice the script type that is meant, where there are several
 * @throws StrongroomError `wallet.ambiguous`, `wallet.malformed`, `wallet.checksum`, `wallet.descriptor-unsupported`,
 * `wallet.unsorted`, and what keys are refused for
 */
export function readDescriptors(texts: readonly string[], choice: WalletScript | null, options: DescriptorOptions = {}): DescriptorsRead {
  if (texts.length === 0 || texts.length > MAX_DESCRIPTORS) throw malformedFile(`it holds ${texts.length} descriptors`);
  const groups = new Map<string, { readonly wallet: DescribedWallet; readonly named: Set<NamedBranches> }>();
  for (const text of texts) {
    const wallet = describedWallet(parseScriptDescriptor(text, options));
    if (choice !== null && wallet.script !== choice && texts.length > 1) continue;
    const name = nameOf(wallet);
    const group = groups.get(name) ?? { wallet, named: new Set() };
    group.named.add(wallet.branches);
    groups.set(name, group);
  }
  const [group, ...others] = groups.values();
  if (group === undefined) throw new StrongroomError('wallet.ambiguous', `None of the ${texts.length} descriptors is of the script type that was asked for.`, { script: choice ?? '' }, 'Choose another script type.');
  if (others.length > 0) {
    const scripts = [group, ...others].map(({ wallet }) => wallet.script);
    throw new StrongroomError('wallet.ambiguous', `The file describes ${groups.size} wallets: ${scripts.join(', ')}.`, { wallets: groups.size, scripts: scripts.join(' ') }, 'Say which one by its script type, or export one wallet alone.');
  }
  const { script, required, keys } = group.wallet;
  return { script, required, keys, losses: branchLosses(group.named) };
}

/** Equal for descriptors of one wallet, whatever branch they name. */
function nameOf({ script, required, keys }: DescribedWallet): string {
  return [script, required, ...keys.map((key) => formatKeyRecord(key, key.realm === 'main' ? 'mainnet' : 'testnet4')).sort()].join('\n');
}

function branchLosses(named: ReadonlySet<NamedBranches>): readonly Loss[] {
  if (named.has('both') || (named.has('receive') && named.has('change'))) return [];
  if (named.has('receive')) return [{ code: 'branches', text: 'The file names the receive branch (0) alone; branch 1 was taken for change.' }];
  if (named.has('none')) return [{ code: 'branches', text: 'The file names no branches; 0 was taken for receive and 1 for change.' }];
  throw malformedFile('it names the change branch and no receive branch');
}

/** A wallet of descriptors with no names beside them. */
export const unnamedWallet = ({ script, required, keys, losses }: DescriptorsRead, format: ForeignWallet['format'], more: Partial<ForeignWallet> = {}): ForeignWallet => ({
  kind: 'wallet', format, name: null, networks: [], script, required, cosigners: keys.map((record) => ({ label: null, record })), firstReceive: null, firstChange: null, losses, ...more,
});

/**
 * Descriptors as text, one a line; lines that begin with # are remarks. Core, Sparrow, Nunchuk and others write them so.
 * `addwallet NAME&DESCRIPTOR` is how Specter's own device takes them.
 */
export function readDescriptorText(text: string, choice: WalletScript | null): ForeignWallet {
  const [, name, rest] = /^addwallet ([^&\n]{1,200})&([\s\S]*)$/.exec(text.trim()) ?? [null, null, text];
  const lines = (rest as string).split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  return unnamedWallet(readDescriptors(lines, choice, { shorthand: true }), 'descriptor', { name: name ?? null });
}
