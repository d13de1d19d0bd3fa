import type { InferOutput } from 'valibot';
import { toBase64 } from '../../domain/bytes.ts';
import { signerCommandContract } from '../../host/signer-contract.ts';
import { nodeSignerEffects } from '../../node/signer/effects.ts';
import { startSigningThread } from '../../node/signer/signing-process/start-signing-thread.ts';
import { createSignerService } from '../../service/signer/handlers.ts';
import { BUILD, VERSION } from '../shared/build-facts.ts';
import { createCall, type Call } from '../shared/client.ts';
import type { CommandIo } from '../shared/command.ts';
import { usageError } from '../shared/usage-error.ts';

export type SignerCall = Call<typeof signerCommandContract>;
type KeyFacts = InferOutput<(typeof signerCommandContract)['key.unlock']['output']>;

/** An encrypted key file is a few hundred bytes; nothing near this size is one. */
export const KEY_FILE_BYTES = 65_536;

/** The Signer's handlers, for one command line. */
export function openSigner(io: CommandIo): SignerCall {
  return createCall(signerCommandContract, createSignerService(nodeSignerEffects({ version: VERSION, build: BUILD, startSigningProcess: startSigningThread })).commandHandlers, io);
}

/** Opens a key file, does the work, and locks the key again whatever happens. */
export const withKey = <T>(io: CommandIo, keyFile: string, passphraseFile: string | undefined, work: (call: SignerCall, key: KeyFacts) => Promise<T>): Promise<T> =>
  withKeys(io, [keyFile], passphraseFile === undefined ? [] : [passphraseFile], (call, keys) => work(call, keys[0] as KeyFacts));

/**
 * Opens several key files, does the work, and locks all keys again whatever happens.
 * @param passphraseFiles one for all of them, or one a key file in their order; none to be asked for each
 * @throws StrongroomError `usage.malformed` for another number of passphrases, or a key that is given twice
 */
export async function withKeys<T>(io: CommandIo, keyFiles: readonly string[], passphraseFiles: readonly string[], work: (call: SignerCall, keys: readonly KeyFacts[]) => Promise<T>): Promise<T> {
  if (passphraseFiles.length > 1 && passphraseFiles.length !== keyFiles.length) {
    throw usageError(`There are ${keyFiles.length} --key and ${passphraseFiles.length} --passphrase-file.`, 'Give one passphrase file for all keys, or one for each key in the same order.');
  }
  const call = openSigner(io);
  // The files first: who named a wrong one should not have to type a passphrase to learn it.
  const files: string[] = [];
  for (const keyFile of keyFiles) files.push(toBase64(await io.files.readBytes(keyFile, KEY_FILE_BYTES)));
  const passphraseOf = (file: string | undefined, keyFile: string): Promise<string> =>
    io.secrets.existing(file, keyFiles.length === 1 ? 'Passphrase of the key file' : `Passphrase of ${keyFile}`, '--passphrase-file');
  const [sharedFile] = passphraseFiles;
  const shared = passphraseFiles.length === 1 ? await passphraseOf(sharedFile, '') : null;
  const keys: KeyFacts[] = [];
  try {
    for (const [position, keyFileBase64] of files.entries()) {
      const passphrase = shared ?? (await passphraseOf(passphraseFiles[position], keyFiles[position] as string));
      io.progress({ fraction: null, activity: 'Opening the key file' });
      const key = await call('key.unlock', { keyFileBase64, passphrase });
      keys.push(key);
      if (keys.findIndex(({ fingerprint }) => fingerprint === key.fingerprint) < position) throw usageError(`Key ${key.fingerprint} is given twice.`, 'Give each key once.');
    }
    return await work(call, keys);
  } finally {
    for (const { keyHandle } of keys) await call('key.lock', { keyHandle });
  }
}
