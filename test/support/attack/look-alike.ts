/** Segwit addresses that share head and tail with another: what people compare. @see BIP173, "Checksum design"; BIP350 */
import { addressOfScript } from '../../../src/wallet/address.ts';
import type { Random } from '../../fuzz/engine/random.ts';

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const PREFIX = 'bcrt1';
const PREFIX_SYMBOLS = [3, 3, 3, 3, 0, 2, 3, 18, 20];
/** The end that people compare: 4 of the 6 characters of the checksum. */
const TAIL_BITS = 20;
/** Characters whose bits are solved for: more bits than the tail has. */
const SOLVED = 5;
const MOST_TRIES = 100;

export const isWitnessProgram = (script: Uint8Array): boolean => addressOfScript(script, 'regtest')?.startsWith(PREFIX) === true;

function step(checksum: number, symbol: number): number {
  const top = checksum >>> 25;
  let next = ((checksum & 0x1ff_ffff) << 5) ^ symbol;
  for (let bit = 0; bit < 5; bit += 1) if (((top >>> bit) & 1) === 1) next ^= GENERATOR[bit] as number;
  return next >>> 0;
}
const checksumOf = (data: readonly number[]): number => [...PREFIX_SYMBOLS, ...data, 0, 0, 0, 0, 0, 0].reduce(step, 1) & (2 ** TAIL_BITS - 1);

/**
 * Another witness program whose regtest address begins and ends with the same four characters. Forgers need not even try: the checksum
 * is linear, so that the characters before it are solved for those that people compare.
 */
export function lookAlike(scriptPubKey: Uint8Array, random: Random): Uint8Array {
  const address = addressOfScript(scriptPubKey, 'regtest') as string;
  const symbols = Array.from(address.slice(PREFIX.length), (character) => ALPHABET.indexOf(character));
  const wanted = checksumOf(symbols.slice(0, -6));
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const data = symbols.slice(0, -6);
    // Other characters than the first four after the version, and not the last, which padding restricts.
    for (let at = 5; at < data.length - 1; at += 1) data[at] = random.int(32);
    const solved = solve(data, wanted);
    const script = solved === null ? null : Uint8Array.from([scriptPubKey[0] as number, scriptPubKey.length - 2, ...bytesOf(solved.slice(1))]);
    // Of taproot keys, every second one is no point on the curve.
    if (script !== null && addressOfScript(script, 'regtest') !== null) return script;
  }
  throw new Error('no address looks like this one');
}

/** The symbols with those before the last changed so that they have this checksum, by elimination; `null` where there are none. */
function solve(data: readonly number[], wanted: number): number[] | null {
  const start = data.length - 1 - SOLVED;
  const own = checksumOf(data);
  // What each bit does to the checksum, and which bits were put together for it.
  const rows = Array.from({ length: 5 * SOLVED }, (_, bit) => ({ effect: checksumOf(flippedAt(data, start, 1 << bit)) ^ own, bits: 1 << bit }));
  let missing = wanted ^ own;
  let chosen = 0;
  for (let bit = 0; bit < TAIL_BITS; bit += 1) {
    const at = rows.findIndex(({ effect }) => ((effect >>> bit) & 1) === 1);
    if (at < 0) {
      if (((missing >>> bit) & 1) === 1) return null;
      continue;
    }
    const [pivot] = rows.splice(at, 1) as [(typeof rows)[number]];
    for (const row of rows) {
      if (((row.effect >>> bit) & 1) === 0) continue;
      row.effect ^= pivot.effect;
      row.bits ^= pivot.bits;
    }
    if (((missing >>> bit) & 1) === 0) continue;
    missing ^= pivot.effect;
    chosen ^= pivot.bits;
  }
  return missing === 0 ? flippedAt(data, start, chosen) : null;
}

const flippedAt = (data: readonly number[], start: number, bits: number): number[] =>
  data.map((symbol, at) => (at >= start && at < start + SOLVED ? symbol ^ ((bits >>> (5 * (at - start))) & 31) : symbol));

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
