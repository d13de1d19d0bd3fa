import { sha256 } from '@noble/hashes/sha2.js';
import type { MnemonicLength } from '../mnemonic.ts';
import { rollsText } from './user-entropy.ts';
import { keyBits, type UserEntropy } from './user-source.ts';

/**
 * Key entropy from dice and nothing else: SHA-256 of the rolls as ASCII digits without anything between them or after them;
 * all 32 bytes for 24 words, the first 16 for 12. Any machine replays it: `printf '%s' "$ROLLS" | sha256sum`.
 *
 * This is what Coldcard (docs/rolls.py for 24 words and docs/rolls12.py for 12) and SeedSigner (docs/dice_verification.md)
 * do, so either gives the same mnemonic for the same rolls. SeedSigner takes exactly 50 or 99 rolls; more of them give
 * another key here, as they do on a Coldcard.
 * @param dice as `parseDice` gives it; wiped
 * @returns 16 or 32 bytes. A secret: wipe it after use.
 */
export function diceOnlyEntropy(dice: UserEntropy, words: MnemonicLength): Uint8Array {
  const text = rollsText(dice.content);
  const hash = sha256(text);
  const entropy = hash.slice(0, keyBits(words) / 8);
  for (const secret of [text, hash, dice.content]) secret.fill(0);
  return entropy;
}
