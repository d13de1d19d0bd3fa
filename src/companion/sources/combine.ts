import { formatOutpoint } from '../../domain/outpoint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { MempoolEntry, NodeStatus, ScriptUtxo, TransactionStatus } from '../chain-source.ts';
import { disagreement, findDifference, type Claim } from './compare.ts';
import type { Member, Members } from './members.ts';

/** What several nodes are together. @throws StrongroomError `network.mismatch` */
export function commonStatus(members: Members, answers: ReadonlyMap<Member, NodeStatus>): NodeStatus {
  const statuses = [...answers.values()];
  const first = statuses[0] as NodeStatus;
  for (const [member, status] of answers) {
    if (status.network !== first.network) {
      throw new StrongroomError('network.mismatch', `The nodes are of several networks: ${first.network} and ${status.network}.`, { node: member.name, network: status.network }, 'Name nodes of one network.');
    }
    members.note(member, { height: status.height, ...(status.synced ? {} : { state: 'lagging' as const, code: 'node.lagging' as const }) });
  }
  return {
    network: first.network, chain: first.chain,
    // What all of them have.
    height: statuses.reduce((lowest, { height }) => Math.min(lowest, height), first.height),
    headers: statuses.reduce((highest, { headers }) => Math.max(highest, headers), 0),
    pruned: statuses.some(({ pruned }) => pruned),
    synced: statuses.every(({ synced }) => synced),
    version: statuses.map(({ version }) => version).join(', ').slice(0, 200),
    minimumFeeRate: statuses.reduce((highest, { minimumFeeRate }) => (minimumFeeRate > highest ? minimumFeeRate : highest), first.minimumFeeRate),
  };
}

/** Blocks by which a node may be behind while news travels. */
const USUAL_LAG = 2;

/** Notes for people how the nodes stand to each other: the same block at a height that all have, and how far each is. States nothing. */
export async function noteStanding(members: Members, statuses: ReadonlyMap<Member, NodeStatus>, height: number): Promise<void> {
  const claims = new Map<Member, readonly Claim[]>();
  const highest = [...statuses.values()].reduce((most, status) => Math.max(most, status.height), 0);
  for (const member of statuses.keys()) {
    // Whoever fails here has its failure noted by `ask`.
    const hash = await members.ask(member, (source) => source.blockHash(height)).catch(() => undefined);
    if (hash !== undefined) claims.set(member, [{ about: `block ${height}`, text: String(hash) }]);
  }
  const suspects = findDifference(claims)?.suspects ?? [];
  for (const member of claims.keys()) {
    const status = statuses.get(member) as NodeStatus;
    if (suspects.includes(member)) members.note(member, { state: 'disagrees', code: 'node.disagree' });
    else if (!status.synced || status.height < highest - USUAL_LAG) members.note(member, { state: 'lagging', code: 'node.lagging' });
    else members.note(member, { state: 'agrees', code: null });
  }
}

/** That a transaction is in a block is a claim; that it waits is not, since nodes hear of it one after the other. */
export const confirmedClaim = (txid: string) => (status: TransactionStatus): readonly Claim[] => (status.state === 'confirmed' ? [{ about: txid, text: `${txid} ${status.height}` }] : []);

/** Waiting only where every source has it: sent once more, it does no harm; believed to be sent, it might. */
export function commonStatusOf(statuses: readonly TransactionStatus[]): TransactionStatus {
  const confirmed = statuses.flatMap((status) => (status.state === 'confirmed' ? [status] : []));
  const [first] = confirmed;
  if (first !== undefined) return { ...first, confirmations: confirmed.reduce((least, { confirmations }) => Math.min(least, confirmations), first.confirmations) };
  return statuses.every(({ state }) => state === 'mempool') ? { state: 'mempool' } : { state: 'unknown' };
}

/** Fee and size are the transaction's own; of its relatives, whoever knows the most. */
export function widestEntry(entries: readonly (MempoolEntry | null)[], txid: string, all: readonly Member[]): MempoolEntry | null {
  const known = entries.filter((entry) => entry !== null);
  const [first] = known;
  if (first === undefined) return null;
  if (known.some(({ feeSats, vsizeVb }) => feeSats !== first.feeSats || vsizeVb !== first.vsizeVb)) throw disagreement({ about: txid, suspects: all }, all.length);
  const widest = (side: 'ancestors' | 'descendants') => known.map((entry) => entry[side]).reduce((most, each) => (each.count > most.count ? each : most));
  return { ...first, ancestors: widest('ancestors'), descendants: widest('descendants') };
}

/** Confirmed outputs, which all agree on; spent or immature where anybody says so; waiting ones where all have them. */
export function mergeScriptUtxos(answers: readonly (readonly ScriptUtxo[])[]): readonly ScriptUtxo[] {
  const states = new Map<string, Set<ScriptUtxo['state']>>();
  const seen = new Map<string, number>();
  for (const found of answers) {
    for (const output of found) {
      const outpoint = formatOutpoint(output);
      states.set(outpoint, (states.get(outpoint) ?? new Set()).add(output.state));
      seen.set(outpoint, (seen.get(outpoint) ?? 0) + 1);
    }
  }
  return (answers[0] ?? []).filter((output) => seen.get(formatOutpoint(output)) === answers.length).map((output) => {
    const said = states.get(formatOutpoint(output));
    return { ...output, state: said?.has('spent') === true ? 'spent' : said?.has('immature') === true ? 'immature' : 'free' };
  });
}
