import type { InferOutput } from 'valibot';
import { toBase64 } from '../../domain/bytes.ts';
import { signerCommandContract } from '../../host/signer-contract.ts';
import { nodeSignerEffects } from '../../node/signer/effects.ts';
import { startSigningThread } from '../../node/signer/signing-process/start-signing-thread.ts';
import { createSignerService } from '../../service/signer/handlers.ts';
import { BUILD, VERSION } from '../shared/build-facts.ts';
import { createCall, type Call } from '../shared/client.ts';
import type { CommandIo } from '../shared/command.ts';

export type SignerCall = Call<typeof signerCommandContract>;
type KeyFacts = InferOutput<(typeof signerCommandContract)['key.unlock']['output']>;

/** An encrypted key file is a few hundred bytes; nothing near this size is one. */
export const KEY_FILE_BYTES = 65_536;

/** The Signer's handlers, for one command line. */
export function openSigner(io: CommandIo): SignerCall {
  return createCall(signerCommandContract, createSignerService(nodeSignerEffects({ version: VERSION, build: BUILD, startSigningProcess: startSigningThread })).commandHandlers, io);
}

/** Opens a key file, does the work, and locks the key again whatever happens. */
export async function withKey<T>(io: CommandIo, keyFile: string, passphraseFile: string | undefined, work: (call: SignerCall, key: KeyFacts) => Promise<T>): Promise<T> {
  const call = openSigner(io);
  // The file first: who named a wrong one should not have to type a passphrase to learn it.
  const keyFileBase64 = toBase64(await io.files.readBytes(keyFile, KEY_FILE_BYTES));
  const passphrase = await io.secrets.existing(passphraseFile, 'Passphrase of the key file', '--passphrase-file');
  io.progress({ fraction: null, activity: 'Opening the key file' });
  const key = await call('key.unlock', { keyFileBase64, passphrase });
  try {
    return await work(call, key);
  } finally {
    await call('key.lock', { keyHandle: key.keyHandle });
  }
}
