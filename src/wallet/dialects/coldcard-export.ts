import * as v from 'valibot';
import { parsePath } from '../../domain/derivation-path.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { chainParameters, type NetworkName } from '../../domain/network.ts';
import type { SingleKeyScript, WalletScript } from '../../domain/wallet-script.ts';
import { isQuorumScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { addressOfScript } from '../address.ts';
import { childPublicKey, deriveChild, formatExtendedPublicKey, parseExtendedPublicKey } from '../extended-public-key.ts';
import { requireDepth, requirePrefix, type KeyRecord } from '../key-record.ts';
import { lockingScript } from '../locking-script.ts';
import { pathOf } from './caravan.ts';
import { malformedFile, networksOfName, type ForeignKey, type ForeignKeys } from './foreign.ts';

const KeyText = v.pipe(v.string(), v.maxLength(120));
const Fingerprint = v.pipe(v.string(), v.regex(/^[0-9a-fA-F]{8}$/));
const PathText = v.pipe(v.string(), v.maxLength(200));

const Section = v.looseObject({ name: v.optional(v.string()), deriv: PathText, xpub: KeyText, first: v.optional(v.string()) });
const Generic = v.looseObject({ xfp: Fingerprint, chain: v.optional(v.string()) });

/** The sections of a generic export, by the purpose of their paths. */
const sections: Readonly<Record<string, WalletScript>> = {
  bip44: 'p2pkh', bip49: 'p2sh-p2wpkh', bip84: 'p2wpkh', bip86: 'p2tr', bip45: 'p2sh', bip48_1: 'p2sh-p2wsh', bip48_2: 'p2wsh', bip48_3: 'p2tr-multi',
};
/** Members of a multisig key export (`ccxp-….json`) that hold a key; `p2wsh_p2sh` is an older name. */
const members: Readonly<Record<string, WalletScript>> = { p2sh: 'p2sh', p2sh_p2wsh: 'p2sh-p2wsh', p2wsh_p2sh: 'p2sh-p2wsh', p2wsh: 'p2wsh', p2tr: 'p2tr-multi' };

const present = (file: object, names: Readonly<Record<string, unknown>>): string[] => Object.keys(names).filter((name) => Object.hasOwn(file, name));

/** A generic JSON export has sections by purpose. */
export const isGenericExport = (file: object): boolean => Object.hasOwn(file, 'xfp') && present(file, sections).length > 0;
/** A multisig key export has a key and its path for each script type. */
export const isMultisigKeyExport = (file: object): boolean => Object.hasOwn(file, 'xfp') && present(file, members).some((name) => Object.hasOwn(file, `${name}_deriv`));

/**
 * Coldcard's generic JSON (`coldcard-export.json`), which Passport, Jade, Krux and others write too: an account of each script type.
 * @throws StrongroomError `wallet.malformed`, `wallet.depth-path`, `wallet.prefix-script`, `wallet.first-address`, and what keys are
 * refused for
 */
export function readGenericExport(file: object): ForeignKeys {
  const head = v.safeParse(Generic, file);
  if (!head.success) throw malformedFile('it is no key export: it lacks a fingerprint');
  const networks = head.output.chain === undefined ? [] : networksOfName(head.output.chain);
  const keys = present(file, sections).map((name): ForeignKey => {
    const script = sections[name] as WalletScript;
    const section = v.safeParse(Section, (file as Record<string, unknown>)[name]);
    if (!section.success) throw malformedFile(`its section ${name} lacks a path or a key`);
    const key = keyAt(head.output.xfp, section.output.deriv, section.output.xpub, script);
    if (section.output.first !== undefined && !isQuorumScript(script)) requireFirst(key.record, script, section.output.first, networks);
    return key;
  });
  return { kind: 'keys', format: 'coldcard-export', keys };
}

/**
 * Coldcard's key export for multisig wallets (`ccxp-0f056943.json`).
 * @throws StrongroomError as `readGenericExport`
 */
export function readMultisigKeyExport(file: object): ForeignKeys {
  const fields = file as Record<string, unknown>;
  const xfp = v.safeParse(Fingerprint, fields['xfp']);
  if (!xfp.success) throw malformedFile('it is no key export: it lacks a fingerprint');
  const keys = present(file, members).map((name): ForeignKey => {
    const path = v.safeParse(PathText, fields[`${name}_deriv`]);
    const key = v.safeParse(KeyText, fields[name]);
    if (!path.success || !key.success) throw malformedFile(`its key ${name} lacks a path`);
    return keyAt(xfp.output, path.output, key.output, members[name] as WalletScript);
  });
  return { kind: 'keys', format: 'coldcard-export', keys };
}

function keyAt(fingerprint: string, path: string, text: string, script: WalletScript): ForeignKey {
  const { key, realm, prefixScript } = parseExtendedPublicKey(text);
  requirePrefix(prefixScript, script);
  return { record: requireDepth({ masterFingerprint: parseFingerprint(fingerprint), path: parsePath(path), key, realm }), script, label: null };
}

/**
 * An account's key as Coldcard exports it: for a quorum as `ccxp-….json`, for one key as a section of the generic JSON.
 * @throws StrongroomError `wallet.export-limit` for a script type that it has no name for
 */
export function formatColdcardKey(record: KeyRecord, script: WalletScript, network: NetworkName, account: number): string {
  if (chainParameters(network).coin !== 'bitcoin') throw new StrongroomError('wallet.export-limit', 'Coldcard knows Bitcoin alone.', { format: 'coldcard', network }, 'Export the key as a descriptor.');
  const xfp = record.masterFingerprint.toUpperCase();
  const xpub = formatExtendedPublicKey(record.key, network);
  if (script === 'p2tr-multi') throw new StrongroomError('wallet.export-limit', 'Coldcard\'s key exports have no taproot quorums.', { format: 'coldcard', script }, 'Export the key as a descriptor.');
  if (isQuorumScript(script)) {
    const name = script.replace('-', '_');
    return `${JSON.stringify({ [`${name}_deriv`]: pathOf(record), [name]: xpub, account: String(account), xfp }, null, 2)}\n`;
  }
  const [section] = Object.entries(sections).find(([, each]) => each === script) as [string, WalletScript];
  const chain = network === 'mainnet' ? 'BTC' : network === 'regtest' || network === 'practice' ? 'XRT' : 'XTN';
  const { scriptPubKey } = lockingScript(script, 1, [childPublicKey(deriveChild(record.key, 0), 0)]);
  return `${JSON.stringify({ chain, xfp, account, [section]: { name: script, deriv: pathOf(record), xpub, first: addressOfScript(scriptPubKey, network) } }, null, 2)}\n`;
}

/** The first receive address that the device says belongs to the key. */
function requireFirst(record: KeyRecord, script: WalletScript, first: string, networks: ReturnType<typeof networksOfName>): void {
  const { scriptPubKey } = lockingScript(script as SingleKeyScript, 1, [childPublicKey(deriveChild(record.key, 0), 0)]);
  const possible = networks.length > 0 ? networks : record.realm === 'main' ? (['mainnet'] as const) : (['testnet4', 'regtest'] as const);
  if (!possible.some((network) => addressOfScript(scriptPubKey, network) === first)) {
    throw new StrongroomError('wallet.first-address', `The file states a first address of ${script} that its key does not give.`, { script, stated: first.slice(0, 100) }, 'Do not use this file. Export the key again on the device, and compare it on the device\'s screen.');
  }
}
