import { randomBytes } from 'node:crypto';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { base64nopad } from '@scure/base';
import { Decrypter, Encrypter, Stanza } from 'age-encryption';
import { concat, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { malformed, MAX_KEY_FILE_BYTES } from '../../signer/key-file.ts';
import { scrypt32 } from './scrypt.ts';
import { LEAST_WORK_FACTOR_LOG2, MOST_WORK_FACTOR_LOG2 } from './work-factor.ts';

/**
 * Below, a passphrase is guessed too cheaply. Above 2^20 (1 GiB) the work needs single allocations of 2 GiB and more, which
 * Electron's allocator answers by ending the process: a planted file could close the Signer.
 */
const WORK_FACTOR_BOUNDS: WorkFactorBounds = { least: LEAST_WORK_FACTOR_LOG2, most: MOST_WORK_FACTOR_LOG2 };

export interface WorkFactorBounds {
  readonly least: number;
  readonly most: number;
}

const SCRYPT_LABEL = utf8('age-encryption.org/v1/scrypt');
// Each key wraps one file key only, so the nonce is fixed (age, "scrypt recipient stanza").
const ZERO_NONCE = new Uint8Array(12);

/**
 * Encrypts bytes as an age file under a passphrase, which `age --decrypt` opens.
 * @param passphrase normalised to NFC, which is what terminals send
 * @param scrypt an argument for the tests
 * @param workFactorLog2 where this machine has not enough memory for it, the next lower one that it has, and never less than 2^18
 * @throws StrongroomError `key.work-factor` where the memory does not reach for that either
 * @see https://age-encryption.org/v1, "The scrypt recipient type"
 */
export async function encryptAgeFile(plaintext: Uint8Array, passphrase: string, workFactorLog2: number, scrypt: typeof scrypt32 = scrypt32): Promise<Uint8Array> {
  try {
    return await encryptWith(plaintext, passphrase, workFactorLog2, scrypt);
  } catch (fault) {
    const isTooMuch = fault instanceof StrongroomError && fault.code === 'key.work-factor' && workFactorLog2 > WORK_FACTOR_BOUNDS.least;
    if (!isTooMuch) throw fault;
    return encryptAgeFile(plaintext, passphrase, workFactorLog2 - 1, scrypt);
  }
}

function encryptWith(plaintext: Uint8Array, passphrase: string, workFactorLog2: number, scrypt: typeof scrypt32): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient({
    wrapFileKey: async (fileKey) => {
      const salt = Uint8Array.from(randomBytes(16));
      const body = await withWrappingKey(passphrase, salt, workFactorLog2, scrypt, (key) => chacha20poly1305(key, ZERO_NONCE).encrypt(fileKey));
      return [new Stanza(['scrypt', base64nopad.encode(salt), String(workFactorLog2)], body)];
    },
  });
  return encrypter.encrypt(plaintext);
}

/**
 * The plaintext of an age file that has a passphrase. The stated work factor is checked before any work is done.
 * @throws StrongroomError `key.file-malformed`, `key.work-factor`, `key.passphrase-wrong`
 */
export async function decryptAgeFile(file: Uint8Array, passphrase: string, bounds: WorkFactorBounds = WORK_FACTOR_BOUNDS): Promise<Uint8Array> {
  if (file.length > MAX_KEY_FILE_BYTES) throw malformed('it is too large');
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: (stanzas: Stanza[]) => unwrapFileKey(stanzas, passphrase, bounds) });
  try {
    return await decrypter.decrypt(file);
  } catch (fault) {
    // The library's own texts stay inside: they could quote the file.
    throw fault instanceof StrongroomError ? fault : malformed('it is no intact age file');
  }
}

async function unwrapFileKey(stanzas: readonly Stanza[], passphrase: string, bounds: WorkFactorBounds): Promise<Uint8Array> {
  const [stanza] = stanzas;
  // A passphrase stanza stands alone, or somebody else could open the file too (age, "The scrypt recipient type").
  if (stanza === undefined || stanzas.length !== 1 || stanza.args[0] !== 'scrypt' || stanza.args.length !== 3) {
    throw malformed('it is not encrypted with a passphrase alone');
  }
  const salt = base64nopad.decode(stanza.args[1] as string);
  const workFactor = stanza.args[2] as string;
  if (salt.length !== 16 || stanza.body.length !== 32 || !/^[1-9][0-9]*$/.test(workFactor)) throw malformed('its header is damaged');
  const workFactorLog2 = workFactor.length > 2 ? Number.POSITIVE_INFINITY : Number(workFactor);
  if (workFactorLog2 < bounds.least || workFactorLog2 > bounds.most) {
    throw new StrongroomError('key.work-factor', `The key file demands a work factor outside 2^${bounds.least} to 2^${bounds.most}.`, { least: bounds.least, most: bounds.most, given: workFactor.slice(0, 8) }, 'Strongroom makes no such files. Use another copy of the key file; if you made this one yourself, the age tool opens it.');
  }
  return withWrappingKey(passphrase, salt, workFactorLog2, scrypt32, (key) => {
    try {
      return chacha20poly1305(key, ZERO_NONCE).decrypt(stanza.body);
    } catch {
      throw new StrongroomError('key.passphrase-wrong', 'The passphrase does not open the key file.', {}, 'Type it again; mind capitals and the keyboard\'s language. A damaged header looks the same.');
    }
  });
}

/** Lends the key that scrypt makes of a passphrase; it is wiped afterwards. */
async function withWrappingKey<T>(passphrase: string, salt: Uint8Array, workFactorLog2: number, scrypt: typeof scrypt32, use: (key: Uint8Array) => T): Promise<T> {
  const secret = utf8(passphrase.normalize('NFC'));
  try {
    const key = await scrypt(secret, concat(SCRYPT_LABEL, salt), workFactorLog2);
    try {
      return use(key);
    } finally {
      key.fill(0);
    }
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    throw new StrongroomError('key.work-factor', `This machine has not enough memory for a work factor of 2^${workFactorLog2}.`, { given: String(workFactorLog2) }, 'Close other programs, or open the key file on a machine with more memory.');
  } finally {
    secret.fill(0);
  }
}
