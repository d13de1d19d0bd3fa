import { chainParameters, type NetworkName } from '../domain/network.ts';

/** The standard output types by their exact byte patterns. */
export type ScriptType = 'p2pkh' | 'p2sh' | 'p2wpkh' | 'p2wsh' | 'p2tr' | 'op-return' | 'witness-unknown' | 'nonstandard';

/** The type of an output script. @see BIP13, BIP141, BIP341 */
export function scriptTypeOf(script: Uint8Array): ScriptType {
  const [first, second] = script;
  if (script.length === 25 && first === 0x76 && second === 0xa9 && script[2] === 0x14 && script[23] === 0x88 && script[24] === 0xac) return 'p2pkh';
  if (script.length === 23 && first === 0xa9 && second === 0x14 && script[22] === 0x87) return 'p2sh';
  if (script.length === 22 && first === 0x00 && second === 0x14) return 'p2wpkh';
  if (script.length === 34 && first === 0x00 && second === 0x20) return 'p2wsh';
  if (script.length === 34 && first === 0x51 && second === 0x20) return 'p2tr';
  if (first === 0x6a) return 'op-return';
  const isWitnessVersion = first !== undefined && first >= 0x51 && first <= 0x60;
  if (isWitnessVersion && script.length >= 4 && script.length <= 42 && second === script.length - 2) return 'witness-unknown';
  return 'nonstandard';
}

// Dust by Bitcoin's default relay rate of 3 sat/vB: three times the cost of the output and of spending it.
const dustLimits: Readonly<Record<ScriptType, bigint>> = {
  p2pkh: 546n,
  p2sh: 540n,
  p2wpkh: 294n,
  p2wsh: 330n,
  p2tr: 330n,
  'witness-unknown': 330n,
  'op-return': 0n,
  nonstandard: 546n,
};

/** The rate at which the limits above were computed. */
const DUST_RATE_SAT_PER_KVB = 3_000n;

/** The least amount, in satoshis, that a chain's nodes relay in an output of this type. @see Bitcoin Core, policy `GetDustThreshold` */
export function dustLimitSats(type: ScriptType, network: NetworkName): bigint {
  const { dust } = chainParameters(network);
  if ('byRateSatPerKvb' in dust) return (dustLimits[type] * dust.byRateSatPerKvb) / DUST_RATE_SAT_PER_KVB;
  return type === 'op-return' ? 0n : dust.flatSats;
}
