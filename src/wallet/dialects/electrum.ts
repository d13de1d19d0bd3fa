import * as v from 'valibot';
import { parsePath } from '../../domain/derivation-path.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { isQuorumScript, type WalletScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { formatExtendedPublicKey, formatPrefixedKey, parseExtendedPublicKey, type PrefixScript } from '../extended-public-key.ts';
import { unsupportedDescriptor } from '../expression/reader.ts';
import { recordWithoutOrigin, requireDepth, type KeyRecord } from '../key-record.ts';
import type { Wallet } from '../wallet.ts';
import { pathOf } from './caravan.ts';
import { cleanLabel, malformedFile, type ForeignCosigner, type ForeignWallet, type Loss } from './foreign.ts';
import { privateKeyFound } from './private-keys.ts';

const Text = v.nullish(v.pipe(v.string(), v.maxLength(4096)));
const Keystore = v.looseObject({ type: v.pipe(v.string(), v.maxLength(40)), xpub: Text, xprv: Text, seed: Text, passphrase: Text, derivation: Text, root_fingerprint: Text, label: Text });
type Keystore = v.InferOutput<typeof Keystore>;
const Addresses = v.looseObject({ receiving: v.optional(v.array(v.unknown())), change: v.optional(v.array(v.unknown())) });

/** An Electrum wallet's JSON, of whatever age. */
export const isElectrum = (file: object): boolean => ['wallet_type', 'seed_version', 'master_public_keys'].some((name) => Object.hasOwn(file, name));

/** What a wallet whose file was changed after it was last written whole carries behind it (JSON patches, RFC 6902). */
export function electrumWithPatches([file, ...patches]: readonly unknown[]): object | null {
  if (typeof file !== 'object' || file === null || !isElectrum(file)) return null;
  const Patch = v.looseObject({ op: v.string(), path: v.string() });
  const touchesKeys = patches.some((patch) => !v.is(Patch, patch) || /^\/(keystore|x[0-9]+|wallet_type|use_encryption|seed)/.test(patch.path));
  if (touchesKeys) throw malformedFile('its keys were changed after it was last written whole', 'Open the wallet in Electrum and close it again, which writes the file anew.');
  return file;
}

/**
 * The public part of an Electrum wallet: standard and multisig. Encrypted private keys in it are left alone; private keys in the
 * clear stop everything.
 * @throws StrongroomError `wallet.private-key`, `wallet.malformed`, `wallet.descriptor-unsupported`, `key.origin-missing`, and what
 * keys are refused for
 */
export function readElectrum(file: object): ForeignWallet {
  const fields = file as Record<string, unknown>;
  const stated = fields['wallet_type'] ?? (fields['keystore'] === undefined ? 'old' : 'standard');
  const type = typeof stated === 'string' ? stated : 'of no name';
  const isEncrypted = fields['use_encryption'] === true;
  for (const name of ['seed', 'master_private_keys', 'keypairs']) if (isSecret(fields[name]) && !isEncrypted) throw privateKeyFound();
  const quorum = /^([1-9][0-9]?)of([1-9][0-9]?)$/.exec(type);
  if (quorum === null && type !== 'standard') throw unsupportedDescriptor(`Electrum's wallet type ${type.slice(0, 20)}`, 'Make a standard or multisig wallet in Electrum, or export its keys.');
  const total = quorum === null ? 1 : Number(quorum[2]);
  const stores = Array.from({ length: total }, (_, position) => keystoreAt(fields, quorum === null ? null : position + 1));
  for (const store of stores) if (!isEncrypted && [store.xprv, store.seed, store.passphrase, store['keypairs']].some(isSecret)) throw privateKeyFound();
  const keys = stores.map(keyOf);
  const scripts = new Set(keys.map(({ prefixScript }) => scriptOf(prefixScript, quorum !== null)));
  const [script] = scripts;
  if (script === undefined || scripts.size > 1) throw malformedFile('its keys are for different script types');
  const addresses = v.safeParse(Addresses, fields['addresses']);
  const first = (branch: 'receiving' | 'change'): string | null => {
    const address = addresses.success ? addresses.output[branch]?.[0] : undefined;
    return typeof address === 'string' ? address : null;
  };
  const losses: Loss[] = [{ code: 'history', text: 'Electrum\'s history, labels of payments and settings stay behind.' }];
  return {
    kind: 'wallet', format: 'electrum', name: null, networks: [], script, required: quorum === null ? 1 : Number(quorum[1]),
    cosigners: keys.map(({ cosigner }) => cosigner), firstReceive: first('receiving'), firstChange: first('change'), losses,
  };
}

const isSecret = (value: unknown): boolean => (typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null && Object.keys(value).length > 0);

/** @param position from 1 in a multisig wallet; `null` for the one of a standard wallet */
function keystoreAt(fields: Record<string, unknown>, position: number | null): Keystore {
  const names = position === null ? ['keystore'] : [`x${position}/`, `x${position}`];
  const found = names.map((name) => fields[name]).find((value) => value !== undefined);
  const parsed = v.safeParse(Keystore, found);
  if (parsed.success) return parsed.output;
  // Before 2.7 the keys stood in one table.
  const table = fields['master_public_keys'];
  const xpub = typeof table === 'object' && table !== null ? (table as Record<string, unknown>)[position === null ? 'x/' : `x${position}/`] : undefined;
  if (typeof xpub !== 'string') throw malformedFile(position === null ? 'it has no key' : `it lacks key ${position}`, 'Open the wallet in a current Electrum and close it again, which writes the file anew.');
  return { type: 'bip32', xpub };
}

function keyOf(store: Keystore): { readonly cosigner: ForeignCosigner; readonly prefixScript: PrefixScript | null } {
  if (store.type === 'imported' || store.type === 'old') throw unsupportedDescriptor(`Electrum's key store of the type ${store.type}`, 'Its keys have no extended public key: pay the money to a new wallet.');
  if (typeof store.xpub !== 'string') throw malformedFile('a key in it is none');
  const { key, realm, prefixScript } = parseExtendedPublicKey(store.xpub);
  const isOriginKnown = typeof store.root_fingerprint === 'string' && typeof store.derivation === 'string' && /^m(\/|$)/.test(store.derivation);
  const record: KeyRecord = isOriginKnown
    ? requireDepth({ masterFingerprint: parseFingerprint(store.root_fingerprint as string), path: parsePath(store.derivation as string), key, realm })
    : recordWithoutOrigin(key, realm);
  return { cosigner: { label: cleanLabel(store.label), record }, prefixScript };
}

/** Electrum knows scripts by the keys' prefixes alone. */
function scriptOf(prefix: PrefixScript | null, isQuorum: boolean): WalletScript {
  if (prefix === null) return isQuorum ? 'p2sh' : 'p2pkh';
  if (isQuorumScript(prefix) !== isQuorum) throw malformedFile('its keys are for another kind of wallet');
  return prefix;
}

export const ELECTRUM_COSIGNERS = 15;
export const isElectrumScript = (script: WalletScript): boolean => script !== 'p2tr' && script !== 'p2tr-multi';
/** The first version of the file that keeps key origins: every Electrum from 4.0 brings it up to its own, and drops those of older ones. */
const SEED_VERSION = 20;

/** A watch-only wallet file. @throws StrongroomError `wallet.export-limit` for taproot */
export function formatElectrum(wallet: Wallet): string {
  const { script } = wallet;
  if (!isElectrumScript(script)) throw new StrongroomError('wallet.export-limit', `Electrum has no wallets of ${script}.`, { format: 'electrum', script }, 'Choose another format.');
  const stores = wallet.cosigners.map(({ record }) => ({
    type: 'bip32',
    xpub: script === 'p2sh' || script === 'p2pkh' ? formatExtendedPublicKey(record.key, wallet.network) : formatPrefixedKey(record.key, wallet.network, script as PrefixScript),
    xprv: null,
    derivation: pathOf(record),
    root_fingerprint: record.masterFingerprint,
    pw_hash_version: 1,
  }));
  const keys = isQuorumScript(script) ? Object.fromEntries(stores.map((store, position) => [`x${position + 1}/`, store])) : { keystore: stores[0] };
  const wallet_type = isQuorumScript(script) ? `${wallet.required}of${stores.length}` : 'standard';
  return `${JSON.stringify({ wallet_type, seed_version: SEED_VERSION, use_encryption: false, ...keys }, null, 4)}\n`;
}
