import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equalBytes, utf8 } from '../../domain/bytes.ts';
import { malformedSecret, unfitParameters } from './malformed-secret.ts';
import { takeRandom, type RandomSource } from './random-source.ts';
import { wipe } from './wipe.ts';

/** Bytes of entropy of mnemonics that Seed XOR knows: 12, 18 and 24 words. */
const SIZES: readonly number[] = [16, 24, 32];

/**
 * Splits a mnemonic's entropy into 2 to 4 parts, each the entropy of a mnemonic of the same length and by itself a wallet
 * like any other. ALL parts are needed: one lost part is the loss of everything.
 * @param source fresh randomness, or `deterministic`: then the parts follow from the secret alone, are the same each time
 * and the same as COLDCARD's. Deterministic parts are no weaker against whoever lacks a part and cannot guess the secret.
 * @returns secrets: wipe them after use
 * @throws StrongroomError `secret.parameters`
 * @see Coinkite, "Seed XOR"
 */
export function splitSeedXor(entropy: Uint8Array, parts: number, source: RandomSource | 'deterministic'): readonly Uint8Array[] {
  if (!SIZES.includes(entropy.length)) throw unfitParameters('Seed XOR takes mnemonics of 12, 18 or 24 words');
  if (!Number.isInteger(parts) || parts < 2 || parts > 4) throw unfitParameters('Seed XOR makes 2, 3 or 4 parts');
  const masks = Array.from({ length: parts - 1 }, (_, index) => (source === 'deterministic' ? deterministicMask(entropy, index, parts) : takeRandom(source, entropy.length)));
  const all = [...masks, xorAll([entropy, ...masks])];
  requireDistinct(all);
  return all;
}

/**
 * The entropy behind all parts, in any order. Nothing tells whether a part is missing or of another set: compare the result's
 * fingerprint or its last word.
 * @returns a secret: wipe it after use
 * @throws StrongroomError `secret.malformed`
 */
export function joinSeedXor(parts: readonly Uint8Array[]): Uint8Array {
  const size = parts[0]?.length ?? 0;
  if (parts.length < 2 || parts.length > 4) throw malformedSecret('seed-xor', 'it has not 2, 3 or 4 parts', { parts: parts.length });
  if (!SIZES.includes(size) || parts.some((part) => part.length !== size)) throw malformedSecret('seed-xor', 'its parts are not all of 12, all of 18 or all of 24 words');
  requireDistinct(parts);
  const entropy = xorAll(parts);
  if (entropy.every((byte) => byte === 0)) throw malformedSecret('seed-xor', 'its parts cancel out');
  return entropy;
}

/** A part given twice cancels itself and would leave another wallet than was split. */
function requireDistinct(parts: readonly Uint8Array[]): void {
  if (parts.some((part, index) => parts.slice(0, index).some((other) => equalBytes(part, other)))) throw malformedSecret('seed-xor', 'a part was given twice');
}

function deterministicMask(entropy: Uint8Array, index: number, parts: number): Uint8Array {
  const text = concat(utf8('Batshitoshi '), entropy, utf8(`${index} of ${parts} parts`));
  const once = sha256(text);
  const twice = sha256(once);
  const mask = twice.slice(0, entropy.length);
  wipe(text, once, twice);
  return mask;
}

function xorAll(parts: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array((parts[0] as Uint8Array).length);
  for (const part of parts) for (const [index, byte] of part.entries()) sum[index] = (sum[index] as number) ^ byte;
  return sum;
}
