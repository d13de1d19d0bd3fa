import { lstat, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { InferOutput } from 'valibot';
import { entropyRecordFileName } from '../../airgap/file-names.ts';
import { parseBase64 } from '../../domain/bytes.ts';
import type { NewKeyFile } from '../../host/key-wire.ts';
import { PREVIOUS_SUFFIX } from '../../node/shared/atomic-file.ts';
import type { CommandIo } from '../shared/command.ts';
import type { OutputPlace } from '../shared/command-files.ts';

type NewKey = InferOutput<typeof NewKeyFile>;

/** Where a new key file and the record beside it go, looked at before anything is made. */
export interface NewKeyPlaces {
  readonly keyFile: OutputPlace;
  readonly record: OutputPlace;
}

/**
 * @param out a file, or an existing folder that takes both under suggested names
 * @throws StrongroomError `file.exists`, `file.not-found`
 */
export async function placeNewKey(io: CommandIo, out: string, overwrite: boolean): Promise<NewKeyPlaces> {
  const keyFile = await io.files.place(out, overwrite);
  // A folder gives each name a path of its own.
  const isFolder = keyFile.path('1') !== keyFile.path('2');
  return { keyFile, record: isFolder ? keyFile : await io.files.place(join(dirname(out), entropyRecordFileName(basename(out))), overwrite) };
}

/** Writes both, and says what every command that makes a key file says. */
export async function writeNewKey(io: CommandIo, places: NewKeyPlaces, key: NewKey): Promise<{ readonly json: Readonly<Record<string, unknown>>; readonly facts: readonly (readonly [string, string])[]; readonly lines: readonly string[] }> {
  // The record first: a key file that is there has its record.
  const before = await lstat(places.record.path(key.recordName)).then(() => true, () => false);
  const record = await io.files.write(places.record, key.recordName, `${JSON.stringify(key.entropyRecord, null, 2)}\n`);
  const out = await io.files.write(places.keyFile, key.suggestedName, parseBase64(key.keyFileBase64)).catch(async (fault: unknown) => {
    // The key file that was to be replaced is there still: it gets its own record back, by which it would be recalled.
    if (before) await rename(`${record}${PREVIOUS_SUFFIX}`, record).catch(() => undefined);
    throw fault;
  });
  return {
    json: { fingerprint: key.fingerprint, network: key.network, label: key.label, secret: key.secret, words: key.words, language: key.language, sources: key.sources, out, record, copies: 1, onlyCopy: true },
    facts: [['key file', out], ['entropy record', record]],
    lines: [io.style.bold(ONLY_COPY), copyHint(out)],
  };
}

export const ONLY_COPY = 'This key file is the only copy that is known. A lost or broken disk loses it.';
export const copyHint = (keyFile: string): string => `Next: key copy --key ${keyFile} --to FOLDER writes it to memory sticks and reads it back.`;

/** What a key file keeps, in words. */
export function secretInWords({ secret, words, language, hasBip39Passphrase }: Pick<NewKey, 'secret' | 'words' | 'language' | 'hasBip39Passphrase'>): string {
  if (secret === 'seed') return 'a seed that came as shares';
  if (secret === 'master-key') return 'a master key (xprv)';
  return `${words} words (${language})${hasBip39Passphrase ? ' and a BIP39 passphrase' : ''}`;
}
