import { toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { WalletTransaction } from '../chain-source.ts';
import type { Member } from './members.ts';

/** One fact that every source must state alike, and the outpoint or transaction that it is about. */
export interface Claim {
  readonly about: string;
  readonly text: string;
}

/** What sources say differently: about what, and who is not of the most. */
export interface Difference {
  readonly about: string;
  /** Those that most contradict; all of them where there is no majority. */
  readonly suspects: readonly Member[];
}

/** A confirmed transaction as a claim; what waits is no claim, since nodes hear of it one after the other. */
export function claimOf({ txid, height, received, spent, feeSats }: WalletTransaction): Claim {
  const inputs = spent.map((input) => `${input.txid}:${input.vout}=${input.amountSats}`).sort();
  const outputs = received.map((output) => `${output.vout}=${output.amountSats}@${output.branch}/${output.index}`).sort();
  const first = received[0] === undefined ? spent[0] : { txid, vout: received[0].vout };
  return { about: first === undefined ? txid : `${first.txid}:${first.vout}`, text: `${txid} ${height} in ${inputs.join(',')} out ${outputs.join(',')} fee ${feeSats}` };
}

/** An unspent output as a claim. */
export const outputClaim = (output: { readonly txid: string; readonly vout: number; readonly amountSats: bigint; readonly scriptPubKey: Uint8Array; readonly height: number | null }): Claim =>
  ({ about: `${output.txid}:${output.vout}`, text: `${output.txid}:${output.vout} ${output.amountSats} ${toHex(output.scriptPubKey)} ${output.height}` });

/** The first thing that not all of them say, or `null` where all say the same. */
export function findDifference(claims: ReadonlyMap<Member, readonly Claim[]>): Difference | null {
  const members = [...claims.keys()];
  const said = new Map(members.map((member) => [member, new Set((claims.get(member) ?? []).map(({ text }) => text))]));
  const everything = new Map([...claims.values()].flat().map((claim) => [claim.text, claim.about]));
  for (const [text, about] of [...everything].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const sayers = members.filter((member) => said.get(member)?.has(text) === true);
    if (sayers.length === members.length) continue;
    const others = members.filter((member) => !sayers.includes(member));
    return { about, suspects: sayers.length > others.length ? others : others.length > sayers.length ? sayers : members };
  }
  return null;
}

/** @param about an outpoint, a block or a transaction */
export const disagreement = ({ about, suspects }: Difference, asked: number): StrongroomError =>
  new StrongroomError(
    'node.disagree',
    suspects.length === asked ? `The nodes do not agree about ${about}, and there is no majority.` : `${suspects.map(({ name }) => name).join(', ')} contradicts the other nodes about ${about}.`,
    { node: suspects.map(({ name }) => name).join(', '), outpoint: about },
    'Do not plan on this. Find out which node is wrong; a fresh one of your own decides it.',
  );
