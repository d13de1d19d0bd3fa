import type { Wallet } from '../../wallet/wallet.ts';
import type { BlockPoint, ChainSource, ChainWork, WalletChanges, WalletTransaction } from '../chain-source.ts';
import { laggingNode } from '../proof/refusals.ts';
import { claimOf, disagreement, findDifference } from './compare.ts';
import type { Member, Members } from './members.ts';

/** How long sources may take to come to the same block and the same history. */
export interface AgreementPatience {
  readonly patienceMs: number;
  readonly pollMs: number;
}

export interface AgreementTask {
  readonly wallet: Wallet;
  readonly since: BlockPoint | null;
  readonly work: ChainWork;
  readonly patience: AgreementPatience;
}

/**
 * What every source says of a wallet, at the same block. Each is asked again for a while where they differ: blocks and their
 * transactions reach nodes one after the other.
 * @throws StrongroomError `node.lagging`, `node.disagree`, and what `Members.askAll` throws
 */
export async function agreedChanges(members: Members, read: (source: ChainSource) => Promise<WalletChanges>, { wallet, since, work, patience }: AgreementTask): Promise<WalletChanges> {
  const deadline = members.clock.now() + patience.patienceMs;
  for (;;) {
    const answers = await members.askAll(read);
    for (const [member, { tip }] of answers) members.note(member, { height: tip.height });
    const isLate = members.clock.now() >= deadline || work.isCancelled();

    const tips = new Set([...answers.values()].map(({ tip }) => tip.hash));
    if (tips.size > 1) {
      if (isLate) throw apart(members, answers);
    } else {
      const widened = widen(answers, wallet);
      const difference = widened ? null : findDifference(new Map([...answers].map(([member, changes]) => [member, confirmedAfter(changes, since)])));
      if (difference !== null && isLate) {
        for (const member of difference.suspects) members.note(member, { state: 'disagrees', code: 'node.disagree' });
        throw disagreement(difference, answers.size);
      }
      if (difference === null && !widened) {
        for (const member of answers.keys()) members.note(member, { state: 'agrees', code: null });
        return merge([...answers.values()]);
      }
      if (widened) continue;
    }
    await members.clock.delay(patience.pollMs);
  }
}

/** One that stopped answering keeps its name; of those that answered, who is behind or on a branch of its own. */
function apart(members: Members, answers: ReadonlyMap<Member, WalletChanges>): Error {
  const highest = Math.max(...[...answers.values()].map(({ tip }) => tip.height));
  const behind = [...answers].filter(([, { tip }]) => tip.height < highest).map(([member]) => member);
  if (behind.length > 0) {
    for (const member of behind) members.note(member, { state: 'lagging', code: 'node.lagging' });
    return laggingNode(behind.map(({ name }) => name).join(', '), { height: highest });
  }
  const difference = findDifference(new Map([...answers].map(([member, { tip }]) => [member, [{ about: `block ${tip.height}`, text: tip.hash }]])));
  for (const member of difference?.suspects ?? []) members.note(member, { state: 'disagrees', code: 'node.disagree' });
  return disagreement(difference ?? { about: `block ${highest}`, suspects: [...answers.keys()] }, answers.size);
}

/** Has sources that search up to a gap look as far as the others found something. @returns whether one of them has to look again */
function widen(answers: ReadonlyMap<Member, WalletChanges>, wallet: Wallet): boolean {
  const highest = (branch: 0 | 1, changes: Iterable<WalletChanges>): number => {
    let most = -1;
    for (const { transactions } of changes) for (const { received } of transactions) for (const output of received) if (output.branch === branch) most = Math.max(most, output.index);
    return most;
  };
  const all = [highest(0, answers.values()), highest(1, answers.values())] as const;
  let isWider = false;
  for (const [{ source }, changes] of answers) {
    if (source.watchTo === undefined || (highest(0, [changes]) === all[0] && highest(1, [changes]) === all[1])) continue;
    // Only once: where it was told already and still finds nothing, it differs.
    isWider = source.watchTo(wallet, all) || isWider;
  }
  return isWider;
}

const confirmedAfter = ({ transactions }: WalletChanges, since: BlockPoint | null) =>
  transactions.filter(({ height, confirmations }) => confirmations > 0 && height !== null && (since === null || height > since.height)).map(claimOf);

/**
 * One answer of several that agree on all that is confirmed. Of what waits, money that arrives counts where every source has it,
 * money that leaves where any has it.
 */
function merge(answers: readonly WalletChanges[]): WalletChanges {
  const first = answers[0] as WalletChanges;
  // Where some give everything and some what is new, what is new is common to all.
  const isWhole = answers.every((each) => each.isWhole);
  const base = isWhole ? first : (answers.find((each) => !each.isWhole) as WalletChanges);
  const confirmed = base.transactions.filter(({ confirmations }) => confirmations > 0);
  const confirmedIds = new Set(confirmed.map(({ txid }) => txid));
  const loose = new Map<string, WalletTransaction[]>();
  for (const transaction of answers.flatMap(({ transactions }) => transactions)) {
    if (transaction.confirmations > 0 || confirmedIds.has(transaction.txid)) continue;
    loose.set(transaction.txid, [...(loose.get(transaction.txid) ?? []), transaction]);
  }
  const waiting = [...loose.values()].flatMap((seen) => {
    const live = seen.filter(({ confirmations }) => confirmations === 0);
    // Gone for some and unknown to the rest: gone.
    if (live.length === 0) return seen.slice(0, 1);
    const leaves = live.some(({ spent }) => spent.length > 0);
    return leaves || live.length === answers.length ? live.slice(0, 1) : [];
  });
  return { transactions: [...confirmed, ...waiting], isWhole, tip: first.tip };
}
