import * as v from 'valibot';
import { formatPath, parsePath } from '../../domain/derivation-path.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import type { NetworkName } from '../../domain/network.ts';
import type { WalletScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { formatExtendedPublicKey, parseExtendedPublicKey } from '../extended-public-key.ts';
import { recordWithoutOrigin, requireDepth, requirePrefix, type KeyRecord } from '../key-record.ts';
import type { Wallet } from '../wallet.ts';
import { unsupportedDescriptor } from '../expression/reader.ts';
import { malformedFile, networksOfName, type ForeignWallet, type Loss } from './foreign.ts';

const Text = v.pipe(v.string(), v.maxLength(400));
const CaravanFile = v.looseObject({
  name: v.optional(Text),
  addressType: Text,
  network: Text,
  quorum: v.looseObject({ requiredSigners: v.number(), totalSigners: v.number() }),
  extendedPublicKeys: v.pipe(v.array(v.looseObject({ name: v.optional(Text), bip32Path: v.optional(Text), xpub: Text, xfp: v.optional(Text) })), v.minLength(1), v.maxLength(20)),
  startingAddressIndex: v.optional(v.number()),
});
/** The types of addresses by Caravan's names. */
const addressTypes: Readonly<Record<string, WalletScript>> = { P2SH: 'p2sh', 'P2SH-P2WSH': 'p2sh-p2wsh', P2WSH: 'p2wsh' };

export const isCaravan = (file: object): boolean => Object.hasOwn(file, 'extendedPublicKeys') && Object.hasOwn(file, 'quorum');

/**
 * Caravan's wallet configuration, which Unchained's programs and Sparrow read and write too.
 * @throws StrongroomError `wallet.malformed`, `wallet.depth-path`, `key.origin-missing`, `wallet.prefix-script`, and what keys are
 * refused for
 */
export function readCaravan(file: object): ForeignWallet {
  const parsed = v.safeParse(CaravanFile, file);
  if (!parsed.success) throw malformedFile('it is no wallet configuration of Caravan', 'Download the wallet details in Caravan again.');
  const { name, addressType, network, quorum, extendedPublicKeys, startingAddressIndex = 0 } = parsed.output;
  const script = Object.hasOwn(addressTypes, addressType) ? (addressTypes[addressType] as WalletScript) : null;
  if (script === null) throw unsupportedDescriptor(`Caravan's address type ${addressType.slice(0, 20)}`);
  if (quorum.totalSigners !== extendedPublicKeys.length) throw malformedFile(`it says ${quorum.totalSigners} keys and has ${extendedPublicKeys.length}`);
  const losses: Loss[] = startingAddressIndex === 0 ? [] : [{ code: 'start-index', text: `Caravan counts this wallet's addresses from ${startingAddressIndex}; here they are counted from 0.` }];
  return {
    kind: 'wallet', format: 'caravan', name: name ?? null, networks: networksOfName(network), script, required: quorum.requiredSigners,
    cosigners: extendedPublicKeys.map((key) => ({ label: key.name ?? null, record: recordOf(key, script) })),
    firstReceive: null, firstChange: null, losses,
  };
}

interface CaravanKey {
  readonly xpub: string;
  readonly bip32Path?: string | undefined;
  readonly xfp?: string | undefined;
}

function recordOf({ xpub, bip32Path, xfp }: CaravanKey, script: WalletScript): KeyRecord {
  const { key, realm, prefixScript } = parseExtendedPublicKey(xpub);
  requirePrefix(prefixScript, script);
  // "Unknown" is what Caravan writes for a key that came as text.
  const isKnown = /^[0-9a-fA-F]{8}$/.test(xfp ?? '') && /^m(\/|$)/.test(bip32Path ?? '');
  return isKnown ? requireDepth({ masterFingerprint: parseFingerprint(xfp as string), path: parsePath(bip32Path as string), key, realm }) : recordWithoutOrigin(key, realm);
}

/** The most keys that Caravan's pages offer. */
export const CARAVAN_COSIGNERS = 7;
export const isCaravanScript = (script: WalletScript): boolean => Object.values(addressTypes).includes(script);
/** By the names that Caravan knows. */
const networkNames: Partial<Readonly<Record<NetworkName, string>>> = { mainnet: 'mainnet', testnet3: 'testnet', testnet4: 'testnet', signet: 'signet', regtest: 'regtest', practice: 'regtest' };

/** @throws StrongroomError `wallet.export-limit` for a script that Caravan has no name for */
export function formatCaravan(wallet: Wallet): string {
  const addressType = Object.keys(addressTypes).find((name) => addressTypes[name] === wallet.script);
  if (addressType === undefined) throw new StrongroomError('wallet.export-limit', `Caravan has no wallets of ${wallet.script}.`, { format: 'caravan', script: wallet.script }, 'Choose another format.');
  const file = {
    name: wallet.name,
    addressType,
    network: networkNames[wallet.network],
    client: { type: 'public' },
    quorum: { requiredSigners: wallet.required, totalSigners: wallet.cosigners.length },
    extendedPublicKeys: wallet.cosigners.map(({ label, record }) => ({
      name: label, bip32Path: pathOf(record), xpub: formatExtendedPublicKey(record.key, wallet.network), xfp: record.masterFingerprint, method: 'text',
    })),
    startingAddressIndex: 0,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** `m/48'/0'/0'/2'`, as programs write paths that do not know h. */
export const pathOf = (record: KeyRecord): string => ['m', ...(record.path.length === 0 ? [] : [formatPath(record.path).replaceAll('h', "'")])].join('/');
