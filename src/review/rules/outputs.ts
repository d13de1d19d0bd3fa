import { toHex } from '../../domain/bytes.ts';
import { chainParameters, type NetworkName } from '../../domain/network.ts';
import { addressOfScript } from '../../wallet/address.ts';
import { dustLimitSats } from '../../wallet/script-type.ts';
import type { OutputFacts, ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/** Consensus limit of a script; a longer one can never be spent, and a report must not carry it. */
const MAX_SCRIPT_BYTES = 10_000;
/** Characters that people compare at both ends of an address. */
const SEEN_CHARACTERS = 4;

/**
 * Outputs that nodes do not relay, that nobody can spend, or that a person could mistake for another.
 * @see Bitcoin Core, policy `IsStandard` and `GetDustThreshold`
 */
export function outputFindings(facts: ReviewFacts): Finding[] {
  return [...facts.outputs.flatMap((output) => kindFindings(output, facts.context.network)), ...similarAddresses(facts), ...reusedAddresses(facts)];
}

function kindFindings({ index, type, address, scriptPubKey, scriptHex, amountSats }: OutputFacts, network: NetworkName): Finding[] {
  const findings: Finding[] = [];
  const limit = dustLimitSats(type, network);
  if (amountSats >= 0n && amountSats < limit) findings.push(finding('output.dust', 'output', index, { amountSats: String(amountSats), dustLimitSats: String(limit) }));
  // Witness versions without rules can be spent by anybody today (BIP141), so they are no destination either; a taproot output
  // whose key is no point (BIP341) can be spent by nobody. Neither has an address.
  if ((address === null && type !== 'op-return') || scriptPubKey.length > MAX_SCRIPT_BYTES) {
    findings.push(finding('output.nonstandard', 'output', index, { scriptHex: scriptHex.slice(0, 2 * 520), scriptBytes: scriptPubKey.length }));
  }
  if (type === 'op-return') {
    findings.push(finding('output.unspendable', 'output', index, { dataHex: scriptHex.slice(2, 2 * MAX_SCRIPT_BYTES), amountSats: String(amountSats) }));
  }
  return findings;
}

/**
 * Addresses made to look like one that is known: people compare the ends, and forgers grind for them. Known here are all
 * addresses of this transaction, its inputs' too.
 */
function similarAddresses(facts: ReviewFacts): Finding[] {
  const { bech32 } = chainParameters(facts.context.network);
  const seenPart = (address: string): string => {
    const start = bech32 !== null && address.startsWith(`${bech32}1`) ? `${bech32}1q`.length : 1;
    return `${address.slice(start, start + SEEN_CHARACTERS)}…${address.slice(-SEEN_CHARACTERS)}`;
  };
  const known = new Map<string, Set<string>>();
  const add = (address: string | null): void => {
    if (address === null) return;
    const part = seenPart(address);
    known.set(part, (known.get(part) ?? new Set()).add(address));
  };
  facts.outputs.forEach((output) => add(output.address));
  facts.inputs.forEach((input) => add(input.spent === null ? null : addressOfScript(input.spent.scriptPubKey, facts.context.network)));
  return facts.outputs.flatMap(({ index, address }) => {
    const alike = address === null ? undefined : known.get(seenPart(address));
    const other = alike === undefined || address === null ? undefined : otherThan(alike, address);
    return address === null || other === undefined ? [] : [finding('output.similar-address', 'output', index, { address, similarTo: other })];
  });
}

/** Without a copy of the set: a forger can make all of 10,000 addresses alike. */
function otherThan(addresses: ReadonlySet<string>, address: string): string | undefined {
  for (const other of addresses) if (other !== address) return other;
  return undefined;
}

/** An output to an address that this transaction spends from or has paid already: the second payment names its owner. */
function reusedAddresses(facts: ReviewFacts): Finding[] {
  const used = new Set(facts.inputs.flatMap((input) => (input.spent === null ? [] : [toHex(input.spent.scriptPubKey)])));
  return facts.outputs.flatMap(({ index, address, scriptHex: script }) => {
    if (address === null) return [];
    if (used.has(script)) return [finding('output.reused', 'output', index, { address })];
    used.add(script);
    return [];
  });
}
