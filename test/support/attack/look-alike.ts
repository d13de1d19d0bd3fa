/** Segwit addresses that share head and tail with another: what people compare. @see BIP173, "Checksum design" */
import { addressOfScript } from '../../../src/wallet/address.ts';
import type { Random } from '../../fuzz/engine/random.ts';

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** Characters of an address between version and checksum that are tried through: 2^25 addresses, of which about 2^5 fit. */
const TRIED = 5;
/** The end that people compare: 4 of the 6 characters of the checksum. */
const TAIL_MASK = 0xf_ffff;

function step(checksum: number, symbol: number): number {
  const top = checksum >>> 25;
  let next = ((checksum & 0x1ff_ffff) << 5) ^ symbol;
  for (let bit = 0; bit < 5; bit += 1) if (((top >>> bit) & 1) === 1) next ^= GENERATOR[bit] as number;
  return next >>> 0;
}

/**
 * Another witness program of version 0 whose regtest address begins and ends with the same four characters. Made as forgers make them, by
 * trying; the checksum of what stands before and behind the tried characters is computed once.
 */
export function lookAlike(scriptPubKey: Uint8Array, random: Random): Uint8Array {
  const address = addressOfScript(scriptPubKey, 'regtest') as string;
  const symbols = Array.from(address.slice('bcrt1'.length), (character) => ALPHABET.indexOf(character));
  const data = symbols.slice(0, -6);
  // Other characters than the first four after the version, and not those that padding restricts.
  for (let at = 5; at < data.length - TRIED - 1; at += 1) data[at] = random.int(32);
  const wanted = symbols.slice(-4).reduce((sum, symbol) => sum * 32 + symbol, 0);
  const start = data.length - TRIED - 1;
  const head = [3, 3, 3, 3, 0, 2, 3, 18, 20, ...data.slice(0, start)].reduce(step, 1);
  const last = data.at(-1) as number;
  for (let tried = 0; tried < 2 ** (5 * TRIED); tried += 1) {
    let checksum = head;
    for (let at = TRIED - 1; at >= 0; at -= 1) checksum = step(checksum, (tried >>> (5 * at)) & 31);
    checksum = step(checksum, last);
    for (let zero = 0; zero < 6; zero += 1) checksum = step(checksum, 0);
    if (((checksum ^ 1) & TAIL_MASK) !== wanted) continue;
    for (let at = 0; at < TRIED; at += 1) data[start + at] = (tried >>> (5 * (TRIED - 1 - at))) & 31;
    return Uint8Array.from([0x00, scriptPubKey.length - 2, ...bytesOf(data.slice(1))]);
  }
  throw new Error('no address looks like this one');
}

/** Groups of five bits as bytes; what is left over is padding. */
function bytesOf(symbols: readonly number[]): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const symbol of symbols) {
    held = (held << 5) | symbol;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >>> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return bytes;
}
