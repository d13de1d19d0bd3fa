import type { Fingerprint } from '../domain/fingerprint.ts';
import type { WalletScript } from '../domain/wallet-script.ts';

/** How far a transaction has come, as its file name says. */
export type PsbtStep = 'unsigned' | 'combined' | 'final' | `signed-${Fingerprint}` | 'signed-paper';

export interface PsbtFileFacts {
  readonly kind: 'sweep' | 'pay';
  /** ISO 8601 date, `2026-11-22`; from the clock of whoever calls. */
  readonly date: string;
  /** SHA-256 of the unsigned PSBT's bytes, hex; the first four digits tell files of one day apart. */
  readonly psbtSha256: string;
  /** Whose keys sign: the node's hot wallet, the cosigners of the cold one, or those of paper wallets. */
  readonly signers: 'hot' | 'cold' | 'paper';
  readonly step: PsbtStep;
}

/** `pay-2026-11-22-3f9a.cold.unsigned.psbt`: sorted by day in a folder, and readable without opening it. */
export function psbtFileName(facts: PsbtFileFacts): string {
  return `${facts.kind}-${facts.date.slice(0, 10)}-${facts.psbtSha256.slice(0, 4)}.${facts.signers}.${facts.step}.psbt`;
}

/** The name for the next step of a file, from the name that it came with: `….unsigned.psbt` to `….signed-73c5da0a.psbt`. */
export function nextPsbtFileName(fileName: string, step: PsbtStep): string {
  return `${stemOf(fileName)}.${step}.psbt`;
}

/** The name of the final transaction that a PSBT became: `pay-2026-11-22-3f9a.cold.tx`. */
export const transactionFileName = (psbtFileName: string): string => `${stemOf(psbtFileName)}.tx`;

/** The name of a PSBT when nothing but its bytes is known: `transaction-3f9a.combined.psbt`. */
export const anonymousPsbtFileName = (psbtSha256: string, step: PsbtStep): string => `transaction-${psbtSha256.slice(0, 4)}.${step}.psbt`;

/** Without folder, extension and step; at most 120 characters, none that a file system could misread. */
function stemOf(fileName: string): string {
  const base = fileName.split(/[/\\]/).at(-1) ?? '';
  const withoutStep = base.replace(/\.(psbt|txt|base64|hex|tx)$/i, '').replace(/\.(unsigned|combined|final|signed-(?:[0-9a-f]{8}|paper))$/i, '');
  const safe = withoutStep.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '').slice(0, 120);
  return safe === '' ? 'transaction' : usable(safe);
}

/** `alice-73c5da0a.key.age` */
export const keyFileName = (label: string, fingerprint: Fingerprint): string => `${slug(label, 'key')}-${fingerprint}.key.age`;
/** Beside a key file: how its key came to be. `alice-73c5da0a.entropy.json` */
export const entropyRecordFileName = (keyFileName: string): string => `${keyStem(keyFileName)}.entropy.json`;
/** Beside a key file: where its copies lie. `alice-73c5da0a.copies.json` */
export const keyCopiesFileName = (keyFileName: string): string => `${keyStem(keyFileName)}.copies.json`;
/** A key file's name without what says that it is one; a person may have given it any name. */
const keyStem = (keyFileName: string): string => keyFileName.replace(/(\.key)?\.age$/, '');
/** `alice-73c5da0a.key-record.txt`, and `alice-73c5da0a-p2tr.key-record.txt` of another script type than the usual one. */
export const keyRecordFileName = (label: string, fingerprint: Fingerprint, script: WalletScript = 'p2wsh'): string =>
  `${slug(label, 'key')}-${fingerprint}${script === 'p2wsh' ? '' : `-${script}`}.key-record.txt`;
/** `treasury.wallet.json` */
export const walletFileName = (walletName: string): string => `${slug(walletName, 'wallet')}.wallet.json`;
/** The wallet in another program's format: `treasury.coldcard.txt`. @param extension with its dot */
export const foreignWalletFileName = (walletName: string, extension: string): string => `${slug(walletName, 'wallet')}${extension}`;
/** `treasury.registration-73c5da0a.json` */
export const registrationFileName = (walletName: string, ownKey: Fingerprint): string => `${slug(walletName, 'wallet')}.registration-${ownKey}.json`;

/**
 * A label as part of a file name: lower-case a-z, digits and hyphens, at most 40. Accents are dropped; where nothing is left
 * (another script), the fallback stands in, since some removable media know ASCII names only.
 */
function slug(label: string, fallback: string): string {
  const plain = label.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const joined = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '').slice(0, 40).replace(/-+$/, '');
  return joined === '' ? fallback : usable(joined);
}

/** Windows takes these for devices, with any extension: what is written to them is gone. */
const usable = (stem: string): string => (/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i.test(stem) ? `file-${stem}` : stem);
