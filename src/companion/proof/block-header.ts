import { reversed, toHex } from '../../domain/bytes.ts';
import { doubleSha256 } from '../../psbt/transaction.ts';
import { falseProof } from './refusals.ts';

/** A block's header as far as proofs need it. Hashes are hexadecimal in display order. */
export interface BlockHeader {
  readonly hash: string;
  readonly previousHash: string;
  readonly merkleRoot: string;
  /** Seconds since 1970, as the miner stated it. */
  readonly time: number;
  /** The target in its short form. */
  readonly bits: number;
}

export const HEADER_BYTES = 80;

/**
 * @param raw 80 bytes
 * @throws StrongroomError `node.proof`
 */
export function parseHeader(raw: Uint8Array): BlockHeader {
  if (raw.length !== HEADER_BYTES) throw falseProof('header-size');
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return {
    hash: toHex(reversed(doubleSha256(raw))),
    previousHash: toHex(reversed(raw.subarray(4, 36))),
    merkleRoot: toHex(reversed(raw.subarray(36, 68))),
    time: view.getUint32(68, true),
    bits: view.getUint32(72, true),
  };
}

/**
 * The number that a block's hash must not exceed.
 * @returns `null` for a negative target, zero, or one beyond 256 bits
 * @see Bitcoin Core, `arith_uint256::SetCompact`
 */
export function targetOfBits(bits: number): bigint | null {
  const exponent = bits >>> 24;
  const mantissa = bits & 0x007f_ffff;
  if ((bits & 0x0080_0000) !== 0 || mantissa === 0) return null;
  const target = exponent <= 3 ? BigInt(mantissa) >> BigInt(8 * (3 - exponent)) : BigInt(mantissa) << BigInt(8 * (exponent - 3));
  return target === 0n || target >= 1n << 256n ? null : target;
}

/** The short form of a target. @see Bitcoin Core, `arith_uint256::GetCompact` */
export function bitsOfTarget(target: bigint): number {
  let size = 0;
  for (let rest = target; rest > 0n; rest >>= 8n) size += 1;
  let mantissa = Number(size <= 3 ? target << BigInt(8 * (3 - size)) : target >> BigInt(8 * (size - 3)));
  // The highest bit is a sign.
  if ((mantissa & 0x0080_0000) !== 0) {
    mantissa >>= 8;
    size += 1;
  }
  return ((size << 24) | mantissa) >>> 0;
}

/** How many hashes a block of this target takes on average. */
export const workOfTarget = (target: bigint): bigint => (1n << 256n) / (target + 1n);

export const hashAsNumber = (hash: string): bigint => BigInt(`0x${hash}`);
