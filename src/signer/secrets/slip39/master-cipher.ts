import { concat, utf8 } from '../../../domain/bytes.ts';
import type { SlowHashes } from '../slow-hashes.ts';
import { wipe } from '../wipe.ts';

/** What of a set of shares goes into the encryption of its master secret. */
export interface CipherSettings {
  /** 15 bits. */
  readonly identifier: number;
  /** Whether more sets can be made later of the same encrypted secret: then the identifier is left out of it. */
  readonly extendable: boolean;
  /** 0 to 15: 10,000 * 2^e rounds of PBKDF2. */
  readonly iterationExponent: number;
}

const ROUNDS = [0, 1, 2, 3] as const;
const BASE_ITERATIONS = 10_000;

/** @see SLIP-39, "Encryption of the master secret" */
export const encryptMasterSecret = (secret: Uint8Array, passphrase: Uint8Array, settings: CipherSettings, slow: SlowHashes): Promise<Uint8Array> =>
  feistel(secret, passphrase, settings, ROUNDS, slow);

/** Every passphrase decrypts, to another secret each. @see SLIP-39, "Encryption of the master secret" */
export const decryptMasterSecret = (encrypted: Uint8Array, passphrase: Uint8Array, settings: CipherSettings, slow: SlowHashes): Promise<Uint8Array> =>
  feistel(encrypted, passphrase, settings, ROUNDS.toReversed(), slow);

async function feistel(input: Uint8Array, passphrase: Uint8Array, { identifier, extendable, iterationExponent }: CipherSettings, rounds: readonly number[], slow: SlowHashes): Promise<Uint8Array> {
  const half = input.length / 2;
  const salt = extendable ? new Uint8Array(0) : concat(utf8('shamir'), Uint8Array.of(identifier >> 8, identifier & 0xff));
  let left = input.slice(0, half);
  let right = input.slice(half);
  for (const round of rounds) {
    const password = concat(Uint8Array.of(round), passphrase);
    const mask = await slow.pbkdf2Sha256(password, concat(salt, right), (BASE_ITERATIONS << iterationExponent) / ROUNDS.length, half);
    const mixed = left.map((byte, index) => byte ^ (mask[index] as number));
    wipe(password, mask, left);
    left = right;
    right = mixed;
  }
  const output = concat(right, left);
  wipe(left, right);
  return output;
}
