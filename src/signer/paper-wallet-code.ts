import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '../domain/bytes.ts';
import { takeRandom, type RandomSource } from './secrets/random-source.ts';
import { wipe } from './secrets/wipe.ts';

/**
 * Capitals and digits of which no two look alike when written by hand: of each group that people confuse (0 O Q D, 1 I L, 2 Z, 5 S,
 * 6 G, 8 B, U V) one at most.
 */
export const CODE_ALPHABET = 'ACDEFGHJKLMNPRTVWXYZ3479';
/** As many as the sheet has boxes. */
export const CODE_CHARACTERS = 12;

/**
 * What SecurePrint's code is worth: 12 characters of 24, 55 bits. That is far below a key's 128, and enough only because BIP38
 * makes each guess a scrypt of 16 MiB eight times over: a million guesses a second, a large machine built for it, would take
 * about 570 years for one sheet on average. The sheet must still be locked away like any other; the code keeps what printers,
 * their queues and their memories have seen from being enough to spend.
 */
export const CODE_BITS = 55;

/**
 * A fresh code, every one equally likely: a byte that would favour some characters is drawn again.
 * @returns 12 characters. A secret.
 * @throws StrongroomError `entropy.source-failed`
 */
export function newHandCode(random: RandomSource): string {
  const fair = 256 - (256 % CODE_ALPHABET.length);
  let code = '';
  while (code.length < CODE_CHARACTERS) {
    for (const byte of takeRandom(random, 2 * CODE_CHARACTERS)) {
      if (byte < fair && code.length < CODE_CHARACTERS) code += CODE_ALPHABET[byte % CODE_ALPHABET.length];
    }
  }
  return code;
}

const DRAWN_BYTES = 32;

/**
 * What one wallet's code is drawn from: HKDF-SHA256(fresh bytes of the system, then the batch secret; salt "strongroom hand code
 * 1", info "paper wallet <number>, draw <n>"). Who knows the system's bytes does not know the code, since the batch secret has
 * the person's dice in it; and the code tells nothing of the keys, which come of that secret by another salt.
 * @param batchSecret 32 bytes; it is neither kept nor wiped
 */
export function handCodeSource(random: RandomSource, batchSecret: Uint8Array, number: number): RandomSource {
  let draws = 0;
  return (length) => {
    draws += 1;
    const drawn = takeRandom(random, DRAWN_BYTES);
    const material = concat(drawn, batchSecret);
    try {
      return hkdf(sha256, material, utf8('strongroom hand code 1'), utf8(`paper wallet ${number}, draw ${draws}`), length);
    } finally {
      wipe(drawn, material);
    }
  };
}
