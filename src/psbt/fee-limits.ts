import { chainParameters, type NetworkName } from '../domain/network.ts';

/**
 * Whether a fee is above what is ever meant: over 25 % of the inputs and over the chain's limit (of Bitcoin 100,000 sats), or over its
 * limit by rate (of Bitcoin 5,000 sat/vB). The review refuses it before signing and the extractor again before broadcast.
 */
export function isExcessiveFee(feeSats: bigint, inputsSats: bigint, vsizeVb: number, network: NetworkName): boolean {
  const { excessiveSats, excessiveSatPerVb } = chainParameters(network).fees;
  return (feeSats * 4n > inputsSats && feeSats > excessiveSats) || feeSats > excessiveSatPerVb * BigInt(vsizeVb);
}
