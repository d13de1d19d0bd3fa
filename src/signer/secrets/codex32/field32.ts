/**
 * GF(32) as bech32 has it: five bits with the reduction x^5 + x^3 + 1. Codex32's shares and its checksum are linear over it.
 * @see BIP93, "Recovering Secret"
 */

/** Product in GF(32). Without tables and branches, so that its time and its memory say nothing of a secret factor. */
export function multiply32(a: number, b: number): number {
  let product = 0;
  let left = a;
  for (let bit = 0; bit < 5; bit += 1) {
    product ^= left & -((b >> bit) & 1);
    left = (left << 1) ^ (0x29 & -((left >> 4) & 1));
  }
  return product;
}

/** Inverse in GF(32), as the 30th power; of 0 it is 0. */
export function inverse32(a: number): number {
  let result = 1;
  for (let bit = 4; bit >= 0; bit -= 1) {
    result = multiply32(result, result);
    if ((30 >> bit) & 1) result = multiply32(result, a);
  }
  return result;
}
