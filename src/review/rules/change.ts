import { equalBytes, toHex } from '../../domain/bytes.ts';
import type { Fingerprint } from '../../domain/fingerprint.ts';
import { claimsTaproot, tapOutputFits } from '../../psbt/taproot-fields.ts';
import { keysAtHand, type OutputFacts, type ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/**
 * Change is only what was rebuilt from a registered wallet. An output that presents itself as the wallet's (an origin with a
 * fingerprint of ours, or an enclosed script) and cannot be rebuilt would be shown as change by a trusting program, and the
 * money would be gone.
 * @see BIP174, PSBT_OUT_WITNESS_SCRIPT and PSBT_OUT_BIP32_DERIVATION; BIP371, PSBT_OUT_TAP_TREE
 */
export function changeFindings(facts: ReviewFacts): Finding[] {
  const { wallets, destinations = [], singleKeys = [] } = facts.context;
  const ours = new Set<Fingerprint>([...wallets, ...destinations].flatMap(({ deriver }) => deriver.wallet.cosigners.map((cosigner) => cosigner.record.masterFingerprint)));
  for (const { fingerprint } of keysAtHand(facts.context)) ours.add(fingerprint);
  // A sweep without a registration shows no output as anybody's own, and has a person compare each address.
  const isJudged = singleKeys.length === 0 || destinations.length > 0;
  return facts.outputs.filter((output) => isJudged && isFraud(output, ours)).map(({ index, amountSats, address, scriptPubKey }) =>
    finding('change.fraud', 'output', index, { amountSats: String(amountSats), destination: address ?? toHex(scriptPubKey.subarray(0, 520)) }));
}

function isFraud({ own, to, fields, origins }: OutputFacts, ours: ReadonlySet<Fingerprint>): boolean {
  const proven = own ?? to;
  const { redeemScript, witnessScript } = fields;
  if (proven !== null) return !isScript(redeemScript, proven.derived.redeemScript) || !isScript(witnessScript, proven.derived.witnessScript) || !tapOutputFits(fields, proven.derived);
  return redeemScript !== undefined || witnessScript !== undefined || claimsTaproot(fields) || origins.some((origin) => ours.has(origin.masterFingerprint));
}

/** An enclosed script is the rebuilt one; it may be left out. */
const isScript = (stated: Uint8Array | undefined, rebuilt: Uint8Array | null): boolean => stated === undefined || (rebuilt !== null && equalBytes(stated, rebuilt));
