import { chainParameters, networkNames, takesKeysOf, type NetworkName } from '../../domain/network.ts';
import type { WalletScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { createAddressDeriver } from '../address.ts';
import { isOtherCoinPath, isOwnCoinPath, requirePrefix, type KeyRecord } from '../key-record.ts';
import { createWallet, type Wallet } from '../wallet.ts';
import { cleanLabel, malformedFile, testNetworks, type ForeignFile, type ForeignFormat, type ForeignKey, type ForeignKeys, type ForeignWallet, type Loss } from './foreign.ts';

export interface ImportChoices {
  /** What people shall call the wallet; the file's own name where `null`. */
  readonly name: string | null;
  /** What stands in where neither says: from the file's name, say. */
  readonly fallbackName: string | null;
  /** The network; the file's own where `null`. */
  readonly network: NetworkName | null;
  /** The one that is taken where the file leaves several open. */
  readonly preferredNetwork?: NetworkName | null | undefined;
}

export interface ImportedWallet {
  readonly wallet: Wallet;
  readonly format: ForeignFormat;
  readonly losses: readonly Loss[];
}

const UNNAMED = 'Imported wallet';

/**
 * A wallet of ours from what a file states, after its first addresses were compared.
 * @throws StrongroomError `wallet.malformed` for a file of keys; `network.mismatch`; `wallet.first-address`; and what `createWallet`
 * throws
 */
export function importWallet(file: ForeignFile, choices: ImportChoices): ImportedWallet {
  if (file.kind === 'keys') throw malformedFile('it holds public keys and no wallet', 'Make a wallet of it and the other cosigners\' records.');
  const losses: Loss[] = [...file.losses];
  const network = networkOf(file, choices, losses);
  const stated = (choices.name ?? file.name)?.trim() ?? '';
  const name = cleanLabel(stated) ?? cleanLabel(choices.fallbackName) ?? UNNAMED;
  if (stated !== '' && name !== stated) losses.push({ code: 'name', text: `The wallet's name was changed to "${name}": names have at most 60 characters, none of them invisible.` });
  if (file.cosigners.some(({ label }) => label !== null && cleanLabel(label) !== label.trim() && label.trim() !== '')) losses.push({ code: 'labels', text: 'Names of cosigners were changed: they have at most 60 characters, none of them invisible.' });
  const wallet = createWallet({
    name, network, script: file.script, required: file.required,
    cosigners: file.cosigners.map(({ label, record }, position) => ({ label: cleanLabel(label) ?? `Cosigner ${position + 1}`, record })),
  });
  requireFirstAddresses(wallet, file);
  return { wallet, format: file.format, losses };
}

function networkOf(file: ForeignWallet, { network: choice, preferredNetwork }: ImportChoices, losses: Loss[]): NetworkName {
  const [record] = file.cosigners.map((cosigner) => cosigner.record);
  const realm = record?.realm ?? 'main';
  const stated = file.networks.length > 0 ? file.networks : networksOfKey(record, file.firstReceive ?? file.firstChange);
  if (choice !== null) {
    if (!takesKeysOf(choice, realm) || (file.networks.length > 0 && !file.networks.includes(choice))) throw otherNetwork(choice, stated);
    return choice;
  }
  if (preferredNetwork !== null && preferredNetwork !== undefined && stated.includes(preferredNetwork)) return preferredNetwork;
  const [network = 'mainnet'] = stated;
  if (!takesKeysOf(network, realm)) throw otherNetwork(network, stated);
  if (stated.length > 1) losses.push({ code: 'network', text: `The file does not tell the test networks apart (${stated.join(', ')}); ${network} was taken.` });
  return network;
}

/**
 * The networks that keys can be of, the likeliest first. Litecoin's have Bitcoin's version bytes as a rule, so that their path's coin
 * type tells them apart; where neither does, Bitcoin is meant.
 */
function networksOfKey(record: KeyRecord | undefined, address: string | null): readonly NetworkName[] {
  const realm = record?.realm ?? 'main';
  if (realm === 'test') return networksOfAddress(address);
  const taking = networkNames.filter((network) => takesKeysOf(network, realm));
  const byPath = taking.filter((network) => record !== undefined && isOwnCoinPath(record.path, network));
  return byPath.length > 0 ? byPath : realm === 'main' ? ['mainnet'] : taking;
}

/** Keys of the test networks look the same on all of them; an address tells at least some apart. */
function networksOfAddress(address: string | null): readonly NetworkName[] {
  const prefixed = networkNames.filter((network) => {
    const { isTest, bech32 } = chainParameters(network);
    return isTest && bech32 !== null && address?.toLowerCase().startsWith(`${bech32}1`) === true;
  });
  return prefixed.length > 0 ? prefixed : testNetworks;
}

const otherNetwork = (network: NetworkName, stated: readonly NetworkName[]): StrongroomError =>
  new StrongroomError('network.mismatch', `The file's wallet is of ${stated[0] ?? 'another network'}, not of ${network}.`, { network, stated: stated.join(' ') }, 'Choose the network that the wallet was made for.');

/** SECURITY: an address that the file's maker saw and that these keys do not give means that one of the two is not what it says. */
function requireFirstAddresses(wallet: Wallet, { firstReceive, firstChange }: ForeignWallet): void {
  const deriver = createAddressDeriver(wallet);
  const compared = [['receive', firstReceive, 0], ['change', firstChange, 1]] as const;
  for (const [branch, stated, number] of compared) {
    if (stated === null) continue;
    const derived = deriver.derive(number, 0).address;
    if (stated !== derived && stated.toLowerCase() !== derived) {
      throw new StrongroomError('wallet.first-address', `The file states ${stated.slice(0, 100)} as the first ${branch} address; its keys give ${derived}.`, { branch, stated: stated.slice(0, 100), derived }, 'Do not use this file. Compare the first address on a device that has the wallet, and find out which of the two is wrong.');
    }
  }
}

/**
 * The key of a file that a wallet of this script type is made of.
 * @throws StrongroomError `wallet.malformed` for a file that holds a wallet, or no such key; `wallet.ambiguous`; `wallet.prefix-script`
 */
export function chooseKey(file: ForeignFile, script: WalletScript, network: NetworkName): ForeignKey {
  if (file.kind === 'wallet') throw malformedFile('it holds a wallet and no single key', 'Choose the key record of one cosigner.');
  const [only, ...others] = file.keys;
  if (only !== undefined && others.length === 0) {
    // A file of one key says what it is for by its prefix or section, which must not be another than what is asked for.
    requirePrefix(only.script, script);
    return only;
  }
  const fitting = file.keys.filter((key) => key.script === script && isOfNetwork(key.record, network));
  const [key, second] = fitting;
  if (key === undefined) throw malformedFile(`it has no key for ${script}; it has ${scriptsIn(file)}`, 'Choose another script type, or export the key for this one.');
  if (second !== undefined) throw new StrongroomError('wallet.ambiguous', `The file has ${fitting.length} keys for ${script}.`, { keys: fitting.length, script }, 'Export the one key that is meant.');
  return key;
}

const isOfNetwork = (record: KeyRecord, network: NetworkName): boolean => takesKeysOf(network, record.realm) && !isOtherCoinPath(record.path, network);
const scriptsIn = (file: ForeignKeys): string => [...new Set(file.keys.map((key) => key.script ?? 'keys of no said type'))].join(', ');
