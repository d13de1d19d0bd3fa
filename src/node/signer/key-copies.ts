import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { keyCopiesFileName } from '../../airgap/file-names.ts';
import { utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { asOfNow, formatKeyCopies, knownCopies, parseKeyCopies, stateOf, withCopy, type KeyCopies, type KeyCopy } from '../../signer/key-copies.ts';
import { malformed, MAX_KEY_FILE_BYTES } from '../../signer/key-file.ts';
import { writeFileAtomically } from '../shared/atomic-file.ts';
import { fileError } from '../shared/file-fault.ts';
import { readInputFile } from '../shared/input-file.ts';

/** A manifest of 64 places with long names. */
const MANIFEST_BYTES = 524_288;
const AGE_HEADER = 'age-encryption.org/v1\n';

/** What `copyKeyFile` may do and must know. */
export interface CopyOrder {
  /** The list so far, or `null`: what it says was written to a place may be replaced there. */
  readonly list: KeyCopies | null;
  /** Whether any file of this name may be replaced; its last generation then stays beside it. */
  readonly overwrite: boolean;
  /** The time, ISO 8601, UTC. */
  readonly at: string;
}

export interface MadeCopy {
  readonly list: KeyCopies;
  readonly copy: KeyCopy;
  /** It lies on the disk that the key file lies on, and is lost with it. */
  readonly sameDisk: boolean;
}

/** Where the list of a key file's copies lies: beside it. */
export const copiesPathOf = (keyFile: string): string => join(dirname(keyFile), keyCopiesFileName(basename(keyFile)));

/**
 * The list beside a key file, against what the key file holds now: after a change of its passphrase no copy counts as intact.
 * The copies themselves are not looked at.
 * @returns `null` where no copy was ever made
 * @throws StrongroomError `key.copies-malformed`, `file.*`; `key.file-malformed` for a key file that is no age file
 */
export async function readCopies(keyFile: string): Promise<KeyCopies | null> {
  const bytes = await readInputFile(copiesPathOf(keyFile), { maxBytes: MANIFEST_BYTES }).catch((fault: unknown) => {
    if (fault instanceof StrongroomError && fault.code === 'file.not-found') return null;
    throw fault;
  });
  // What is not UTF-8 becomes replacement characters, which no hash and no JSON survives unnoticed.
  return bytes === null ? null : asOfNow(parseKeyCopies(new TextDecoder().decode(bytes)), (await readKeyFile(keyFile)).sha256);
}

/** How safe a key file is from the loss of one disk, as far as is known. */
export interface CopiesFacts {
  /** Files with what the key file holds now, the key file itself among them. */
  readonly copies: number;
  /** Whether there is no other. */
  readonly onlyCopy: boolean;
}

/** @throws StrongroomError as `readCopies` */
export async function copiesFacts(keyFile: string): Promise<CopiesFacts> {
  return factsOf(await readCopies(keyFile), (await readKeyFile(keyFile)).sha256);
}

/** Of a list that was just made or checked. */
export const factsOf = (list: KeyCopies | null, keyFileSha256: string): CopiesFacts => {
  const copies = knownCopies(list, keyFileSha256);
  return { copies, onlyCopy: copies < 2 };
};

/** Keeps the list beside the key file. @throws StrongroomError `file.*` */
export const writeCopies = (keyFile: string, list: KeyCopies): Promise<void> => writeFileAtomically(copiesPathOf(keyFile), utf8(formatKeyCopies(list)), { overwrite: true });

/**
 * Writes a copy of a key file into a folder, reads it back from there, and compares it by SHA-256. A file of the same name is
 * replaced only when it is a copy that the list knows, or on the person's word.
 * @param keyFile its path @param folder one that exists, for example a memory stick's
 * @returns the list with the copy, which the caller keeps (`writeCopies`)
 * @throws StrongroomError `key.file-malformed` for what is no age file, `key.copy-is-original`, `file.*` (`file.exists`,
 * `file.disk-full`, `file.not-found`, ...)
 */
export async function copyKeyFile(keyFile: string, folder: string, { list, overwrite, at }: CopyOrder): Promise<MadeCopy> {
  const { bytes, sha256 } = await readKeyFile(keyFile);
  const place = join(resolve(folder), basename(keyFile));
  await refuseOriginal(keyFile, place);
  const present = await look(place);
  if (typeof present === 'string' || present.sha256 !== sha256) {
    const isOwn = typeof present !== 'string' && list?.copies.some((copy) => copy.place === place && copy.sha256 === present.sha256) === true;
    await writeFileAtomically(place, bytes, { overwrite: overwrite || isOwn });
  }
  const readBack = await look(place);
  if (typeof readBack === 'string' || readBack.sha256 !== sha256) {
    throw fileError('file.read-back', place, 'what was written reads back differently.', 'Do not use this disk. Copy to another one.');
  }
  const copy: KeyCopy = { place, sha256, madeAt: at, checkedAt: at, state: 'intact' };
  return { list: withCopy({ name: basename(keyFile), sha256, copies: list?.copies ?? [] }, copy), copy, sameDisk: await onOneDisk(keyFile, place) };
}

/**
 * Reads every copy again and the key file itself, and says how each is.
 * @param keyFile its path; a copy counts as intact when it holds what the key file holds now
 * @returns the list as of now, which the caller keeps (`writeCopies`)
 * @throws StrongroomError `file.*` and `key.file-malformed` about the key file itself; never about a copy
 */
export async function checkCopies(keyFile: string, list: KeyCopies | null, at: string): Promise<KeyCopies> {
  const { sha256 } = await readKeyFile(keyFile);
  const copies: KeyCopy[] = [];
  for (const copy of list?.copies ?? []) {
    const state = stateOf(await look(copy.place), sha256);
    copies.push({ ...copy, ...(state === 'intact' ? { sha256 } : {}), checkedAt: at, state });
  }
  return { name: basename(keyFile), sha256, copies };
}

async function readKeyFile(path: string): Promise<{ readonly bytes: Uint8Array; readonly sha256: string }> {
  const bytes = await readInputFile(path, { maxBytes: MAX_KEY_FILE_BYTES });
  if (new TextDecoder('latin1').decode(bytes.subarray(0, AGE_HEADER.length)) !== AGE_HEADER) throw malformed('it is no age file');
  return { bytes, sha256: sha256Of(bytes) };
}

/** What stands in a place, without ever failing. */
async function look(place: string): Promise<{ readonly sha256: string } | 'absent' | 'unreadable'> {
  try {
    return { sha256: sha256Of(await readInputFile(place, { maxBytes: MAX_KEY_FILE_BYTES })) };
  } catch (fault) {
    const code = fault instanceof StrongroomError ? fault.code : '';
    // What is too large to be a key file was read as far as it matters.
    return code === 'file.not-found' ? 'absent' : code === 'file.too-large' ? { sha256: '' } : 'unreadable';
  }
}

/** A file that is its own copy protects nothing. @throws StrongroomError `key.copy-is-original` */
async function refuseOriginal(keyFile: string, place: string): Promise<void> {
  const [original, present] = await Promise.all([identityOf(keyFile), identityOf(place)]);
  if (original !== null && original.dev === present?.dev && original.ino === present.ino) {
    const name = basename(keyFile);
    throw new StrongroomError('key.copy-is-original', `${name}: this is the folder that the key file itself lies in.`, { name }, 'Choose a folder on another disk or a memory stick.');
  }
}

async function onOneDisk(keyFile: string, place: string): Promise<boolean> {
  const [original, copy] = await Promise.all([identityOf(keyFile), identityOf(place)]);
  return original !== null && original.dev === copy?.dev;
}

const identityOf = (path: string): Promise<{ readonly dev: bigint; readonly ino: bigint } | null> => stat(path, { bigint: true }).then(({ dev, ino }) => ({ dev, ino }), () => null);
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
