import * as v from 'valibot';
import type { WalletScript } from '../../domain/wallet-script.ts';
import { isQuorumScript } from '../../domain/wallet-script.ts';
import { parsePath } from '../../domain/derivation-path.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { parseExtendedPublicKey } from '../extended-public-key.ts';
import { parseKeyRecord, requireDepth, requirePrefix, type KeyRecord } from '../key-record.ts';
import { walletDescriptor, type Wallet } from '../wallet.ts';
import { readDescriptors, unnamedWallet } from './descriptor-text.ts';
import { cleanLabel, malformedFile, type ForeignKey, type ForeignKeys, type ForeignWallet, type Loss } from './foreign.ts';

const DescriptorText = v.pipe(v.string(), v.maxLength(16_384));
const WalletFile = v.looseObject({
  label: v.optional(v.string()),
  name: v.optional(v.string()),
  descriptor: v.optional(DescriptorText),
  recv_descriptor: v.optional(DescriptorText),
  change_descriptor: v.optional(DescriptorText),
  blockheight: v.optional(v.number()),
  devices: v.optional(v.array(v.union([v.string(), v.looseObject({ label: v.optional(v.string()) })]))),
});
const DeviceKey = v.looseObject({ original: v.optional(v.string()), xpub: v.optional(v.string()), fingerprint: v.optional(v.string()), derivation: v.optional(v.string()), type: v.optional(v.nullable(v.string())) });
const DeviceFile = v.looseObject({ name: v.optional(v.string()), keys: v.pipe(v.array(DeviceKey), v.minLength(1), v.maxLength(64)) });

/** What Specter calls scripts. */
const keyTypes: Readonly<Record<string, WalletScript>> = { wpkh: 'p2wpkh', 'sh-wpkh': 'p2sh-p2wpkh', wsh: 'p2wsh', 'sh-wsh': 'p2sh-p2wsh', sh: 'p2sh', pkh: 'p2pkh', tr: 'p2tr' };

export const isSpecterWallet = (file: object): boolean => (['descriptor', 'recv_descriptor'] as const).some((name) => typeof (file as Record<string, unknown>)[name] === 'string');
export const isSpecterDevice = (file: object): boolean => v.is(DeviceFile, file) && Object.hasOwn(file, 'name') && Object.hasOwn(file, 'type');

/**
 * Specter's export of a wallet ("export to wallet software") or its own wallet file; Sparrow, Fully Noded and others write the first too.
 * @throws StrongroomError as `readDescriptors`
 */
export function readSpecterWallet(file: object): ForeignWallet {
  const parsed = v.safeParse(WalletFile, file);
  if (!parsed.success) throw malformedFile('it is no wallet of Specter');
  const { label, name, descriptor, recv_descriptor: receive, change_descriptor: change, devices = [], blockheight = 0 } = parsed.output;
  const texts = [descriptor, receive, change].filter((text) => text !== undefined);
  const read = readDescriptors(texts, null);
  // The export's one descriptor is that of the receive branch, and the format fixes where change goes.
  const losses: Loss[] = blockheight > 0 ? [{ code: 'rescan', text: `Specter scans from block ${blockheight}; the first scan here begins at the first block.` }] : [];
  const labels = devices.map((device) => (typeof device === 'string' ? device : (device.label ?? null)));
  const cosigners = read.keys.map((record, position) => ({ label: labels.length === read.keys.length ? (labels[position] ?? null) : null, record }));
  return unnamedWallet({ ...read, losses: [...read.losses, ...losses] }, 'specter', { name: label ?? name ?? null, cosigners });
}

/**
 * Specter's device file: every key that a device gave it.
 * @throws StrongroomError `wallet.malformed`, and what keys are refused for
 */
export function readSpecterDevice(file: object): ForeignKeys {
  const { name, keys } = v.parse(DeviceFile, file);
  return { kind: 'keys', format: 'specter', keys: keys.map((key) => deviceKey(key, cleanLabel(name))) };
}

function deviceKey({ original, xpub, fingerprint, derivation, type }: v.InferOutput<typeof DeviceKey>, label: string | null): ForeignKey {
  const script = type === null || type === undefined || !Object.hasOwn(keyTypes, type) ? null : (keyTypes[type] as WalletScript);
  if (original?.startsWith('[') === true && !original.includes('*')) {
    const { prefixScript } = parseExtendedPublicKey(original.slice(original.indexOf(']') + 1).trim());
    return { record: parseKeyRecord(original), script: agreed(prefixScript, script), label };
  }
  const text = xpub ?? original;
  if (text === undefined || fingerprint === undefined || derivation === undefined) throw malformedFile('a key of the device lacks its fingerprint or path');
  const { key, realm, prefixScript } = parseExtendedPublicKey(text);
  const record: KeyRecord = requireDepth({ masterFingerprint: parseFingerprint(fingerprint), path: parsePath(derivation), key, realm });
  return { record, script: agreed(prefixScript, script), label };
}

function agreed(prefixScript: WalletScript | null, script: WalletScript | null): WalletScript | null {
  if (script !== null) requirePrefix(prefixScript, script);
  return script ?? prefixScript;
}

/** "Export to wallet software": the descriptor of the receive branch. */
export function formatSpecter(wallet: Wallet): string {
  const file = { label: wallet.name, blockheight: 0, descriptor: walletDescriptor(wallet, 0), devices: wallet.cosigners.map(({ label }) => ({ type: 'other', label })) };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Specter Desktop has no taproot quorums. */
export const isSpecterScript = (script: WalletScript): boolean => !isQuorumScript(script) || script !== 'p2tr-multi';
