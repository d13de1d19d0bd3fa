import { Decrypter, Encrypter } from 'age-encryption';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { AgeKey, AgeLock } from '../../service/companion/care-effects.ts';
import { passphraseIdentity, passphraseRecipient } from './node-care-passphrase.ts';

/** Of 2^18: a second of work for each guess, as for key files. */
const WORK_FACTOR_LOG2 = 18;
/** age's own recipients (X25519); others need curves that the Companion does not have. */
const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;
const IDENTITY = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/;
const LEAST_CHARACTERS = 12;

/**
 * Encrypts bytes as an age file, which `age --decrypt` opens.
 * @throws StrongroomError `backup.recipient`, `backup.passphrase-weak`
 */
export async function encryptWithAge(plaintext: Uint8Array, lock: AgeLock): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  if (lock.kind === 'passphrase') {
    if ([...lock.passphrase].length < LEAST_CHARACTERS) throw new StrongroomError('backup.passphrase-weak', `The passphrase has fewer than ${LEAST_CHARACTERS} characters.`, { least: LEAST_CHARACTERS }, 'Use six or more words by chance; they guard everything in the file.');
    encrypter.addRecipient(passphraseRecipient(lock.passphrase, WORK_FACTOR_LOG2));
  } else {
    for (const recipient of lock.recipients) {
      try {
        if (!RECIPIENT.test(recipient)) throw new Error('form');
        encrypter.addRecipient(recipient);
      } catch {
        throw new StrongroomError('backup.recipient', 'A recipient is no public key of age.', {}, 'Give what age-keygen printed as "Public key": age1 and 58 letters.');
      }
    }
  }
  return encrypter.encrypt(plaintext);
}

/**
 * What an age file holds.
 * @throws StrongroomError `backup.not-opened`
 */
export async function decryptWithAge(file: Uint8Array, key: AgeKey): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  try {
    if (key.kind === 'passphrase') decrypter.addIdentity(passphraseIdentity(key.passphrase));
    else {
      // An identity file has comments and may have several.
      const identities = key.identity.split(/\r?\n/).map((line) => line.trim()).filter((line) => IDENTITY.test(line));
      if (identities.length === 0) throw new Error('none');
      for (const identity of identities) decrypter.addIdentity(identity);
    }
    return await decrypter.decrypt(file);
  } catch {
    // The library's own texts stay inside: they could quote the file.
    throw new StrongroomError('backup.not-opened', 'The file does not open with this passphrase or key, or is damaged.', {}, 'Check which key or passphrase it was encrypted for; the age tool says more. If another copy opens, replace this one.');
  }
}
