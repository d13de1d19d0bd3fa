import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 as utf8Codec } from '@scure/base';
import * as v from 'valibot';
import { toHex, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { readTar, writeTar, type BundleFile } from './tar.ts';

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Manifest = v.strictObject({
  format: v.literal('strongroom-standby'),
  version: v.literal(1),
  madeAt: v.pipe(v.string(), v.maxLength(40)),
  /** The block that the books were last compared with, of each network. */
  tips: v.array(v.strictObject({ network: v.pipe(v.string(), v.maxLength(40)), height: v.pipe(v.number(), v.integer(), v.minValue(0)), refreshedAt: v.pipe(v.string(), v.maxLength(40)) })),
  wallets: v.array(v.strictObject({ walletId: v.pipe(v.string(), v.maxLength(100)), name: v.pipe(v.string(), v.maxLength(60)), file: v.pipe(v.string(), v.maxLength(200)) })),
  files: v.pipe(v.array(v.strictObject({ path: v.pipe(v.string(), v.maxLength(100)), bytes: v.pipe(v.number(), v.integer(), v.minValue(0)), sha256: Sha256 })), v.maxLength(2_000)),
});
export type Manifest = v.InferOutput<typeof Manifest>;

export const MANIFEST_PATH = 'manifest.json';
// As they lie in the window's own data folder, so that an unpacked bundle is one.
export const BOOKS_PATH = 'ledger.db';
export const SETTINGS_PATH = 'settings.json';
export const BACKUPS_PATH = 'backups.json';

/** Everything that a Companion needs to go on where another one stopped. */
export interface StandbyContent {
  readonly madeAt: string;
  readonly tips: Manifest['tips'];
  /** The wallets' own files, as texts. */
  readonly wallets: readonly string[];
  /** The ledger's file: books, plans, reserved addresses, labels, queue, schedules. `null` where none was begun. */
  readonly books: Uint8Array | null;
  /** Settings and the list of backups, where there are any. */
  readonly settings: string | null;
  readonly backups: string | null;
}

export interface StandbyBundle extends StandbyContent {
  readonly manifest: Manifest;
}

/**
 * A standby bundle: a manifest and what it lists, in a fixed order. The same content gives the same bytes.
 * @throws StrongroomError `wallet.*` for a text that is no wallet
 */
export function writeBundle({ madeAt, tips, wallets, books, settings, backups }: StandbyContent): { readonly bytes: Uint8Array; readonly manifest: Manifest } {
  const named = wallets.map((text) => {
    const wallet = parseWalletFile(text);
    const { walletId } = policyIdOf(wallet);
    return { walletId, name: wallet.name, file: `wallets/${walletId}.wallet.json`, bytes: utf8(text) };
  }).sort((a, b) => (a.walletId < b.walletId ? -1 : a.walletId > b.walletId ? 1 : 0)).filter(({ walletId }, index, all) => all[index - 1]?.walletId !== walletId);
  const files: readonly BundleFile[] = [
    ...named.map(({ file, bytes }) => ({ path: file, bytes })),
    ...(books === null ? [] : [{ path: BOOKS_PATH, bytes: books }]),
    ...(settings === null ? [] : [{ path: SETTINGS_PATH, bytes: utf8(settings) }]),
    ...(backups === null ? [] : [{ path: BACKUPS_PATH, bytes: utf8(backups) }]),
  ];
  const manifest: Manifest = {
    format: 'strongroom-standby', version: 1, madeAt, tips: [...tips],
    wallets: named.map(({ walletId, name, file }) => ({ walletId, name, file })),
    files: files.map(({ path, bytes }) => ({ path, bytes: bytes.length, sha256: toHex(sha256(bytes)) })),
  };
  return { bytes: writeTar([{ path: MANIFEST_PATH, bytes: utf8(`${JSON.stringify(manifest, null, 2)}\n`) }, ...files]), manifest };
}

/** @throws StrongroomError `standby.malformed` */
export const readBundle = (bytes: Uint8Array): StandbyBundle => bundleOfFiles(readTar(bytes));

/**
 * A bundle of its files, which may lie in a folder. Everything that the manifest lists must be there with its hash, and nothing else.
 * @param living files that have their own life since they were unpacked; their content may be another by now
 * @throws StrongroomError `standby.malformed`, `wallet.*`
 */
export function bundleOfFiles(files: readonly BundleFile[], living: ReadonlySet<string> = new Set()): StandbyBundle {
  const [first, ...rest] = files;
  if (first?.path !== MANIFEST_PATH) throw malformed('manifest');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Manifest), textOf(first.bytes));
  if (!parsed.success) throw malformed('manifest');
  const manifest = parsed.output;
  if (manifest.files.length !== rest.length) throw malformed('files');
  manifest.files.forEach(({ path, bytes: size, sha256: hash }, index) => {
    const file = rest[index] as BundleFile;
    const isAsMade = file.bytes.length === size && toHex(sha256(file.bytes)) === hash;
    if (file.path !== path || (!isAsMade && !living.has(path))) throw malformed(`files: ${path}`.slice(0, 120));
  });
  const byPath = new Map(rest.map(({ path, bytes }) => [path, bytes]));
  const text = (path: string): string | null => {
    const bytes = byPath.get(path);
    return bytes === undefined ? null : textOf(bytes);
  };
  const wallets = manifest.wallets.map(({ walletId, file }) => {
    const content = text(file);
    if (content === null || policyIdOf(parseWalletFile(content)).walletId !== walletId) throw malformed('wallets');
    return content;
  });
  const known = new Set([BOOKS_PATH, SETTINGS_PATH, BACKUPS_PATH, ...manifest.wallets.map(({ file }) => file)]);
  if (rest.some(({ path }) => !known.has(path))) throw malformed('files');
  return { manifest, madeAt: manifest.madeAt, tips: manifest.tips, wallets, books: byPath.get(BOOKS_PATH) ?? null, settings: text(SETTINGS_PATH), backups: text(BACKUPS_PATH) };
}

function textOf(bytes: Uint8Array): string {
  try {
    return utf8Codec.encode(bytes);
  } catch {
    throw malformed('text');
  }
}

const malformed = (part: string): StrongroomError =>
  new StrongroomError('standby.malformed', 'The file is not a standby bundle, or was changed since it was made.', { part }, 'Use another copy, or export the bundle again on the machine that has the books.');
