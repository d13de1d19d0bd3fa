import { StrongroomError } from '../../errors/strongroom-error.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { furthestReach, type ChainSource, type ChainWork, type TestAccept, type WatchReach } from '../chain-source.ts';
import { agreedChanges, type AgreementPatience } from './agreed-changes.ts';
import { commonScans, requireConfirmed, unspentOf } from './agreed-outputs.ts';
import { commonStatus, commonStatusOf, confirmedClaim, mergeScriptUtxos, noteStanding, widestEntry } from './combine.ts';
import { disagreement, findDifference, outputClaim, type Claim } from './compare.ts';
import { isAbsent, Members, type Member, type SourceClock } from './members.ts';

export interface AgreedSourceOptions {
  readonly clock: SourceClock;
  /** How many must answer before anything is stated of a wallet: all but one, where nothing else is said. */
  readonly least?: number;
  readonly patience?: AgreementPatience;
}

const defaultPatience: AgreementPatience = { patienceMs: 20_000, pollMs: 500 };
const noWork: ChainWork = { progress: () => undefined, isCancelled: () => false };

/**
 * Several sources as one. What proves itself or harms nobody is taken from whoever answers first; what money is counted and planned
 * by is stated only where everybody who can be reached says the same at the same block. Who differs, lags or is missing is named.
 * @param all two or more
 */
export function agreedSource(all: readonly Member[], { clock, least = Math.max(1, all.length - 1), patience = defaultPatience }: AgreedSourceOptions): ChainSource {
  const members = new Members(all, clock, least);
  /** Repeats until `compare` finds no difference, for a while. */
  const agreed = async <T, R>(read: (source: ChainSource) => Promise<T>, claims: (answer: T) => readonly Claim[], combine: (answers: readonly T[]) => R, least?: number): Promise<R> => {
    const deadline = clock.now() + patience.patienceMs;
    for (;;) {
      const answers = await members.askAll(read, least);
      const difference = findDifference(new Map([...answers].map(([member, answer]) => [member, claims(answer)])));
      if (difference === null) return combine([...answers.values()]);
      if (clock.now() >= deadline) {
        for (const member of difference.suspects) members.note(member, { state: 'disagrees', code: 'node.disagree' });
        throw disagreement(difference, answers.size);
      }
      await clock.delay(patience.pollMs);
    }
  };

  /** How far each wallet is watched, for whoever was not there when it was asked. */
  const watched = new Map<string, WatchReach | undefined>();

  /** The member that keeps a wallet of its node's own. */
  const withKeeper = async <T>(work: (source: ChainSource) => Promise<T>): Promise<{ readonly keeper: Member; readonly value: T }> => {
    const faults: unknown[] = [];
    for (const keeper of all) {
      try {
        return { keeper, value: await members.ask(keeper, work) };
      } catch (error) {
        if (!(error instanceof StrongroomError) || (error.code !== 'node.wallet' && !isAbsent(error))) throw error;
        faults.push(error);
      }
    }
    throw faults.find((fault) => isAbsent(fault)) ?? faults[0];
  };

  const source: ChainSource = {
    async status() {
      const answers = await members.askAll((each) => each.status());
      const common = commonStatus(members, answers);
      await noteStanding(members, answers, common.height);
      return common;
    },

    async watch(wallet, work, reach) {
      const fractions = new Map<string, number>();
      const report = (name: string, fraction: number | null, activity: string): void => {
        fractions.set(name, fraction ?? 0);
        const total = [...fractions.values()].reduce((sum, each) => sum + each, 0);
        work.progress({ fraction: fraction === null ? null : total / all.length, activity: `${name}: ${activity}` });
      };
      const counts = [...(await members.askAll((each, { name }) => each.watch(wallet, { isCancelled: work.isCancelled, progress: ({ fraction, activity }) => report(name, fraction, activity) }, reach))).values()];
      const { walletId } = policyIdOf(wallet);
      watched.set(walletId, furthestReach(watched.get(walletId), reach));
      // What all of them watch.
      return [Math.min(...counts.map(([receive]) => receive)), Math.min(...counts.map(([, change]) => change))];
    },
    // From the agreed history, which says of each output where it came from and whether it is gone.
    async utxos(wallet) {
      const { transactions, tip } = await source.changesSince(wallet, null, noWork);
      return unspentOf(source, wallet, transactions, tip.height);
    },
    transactions: async (wallet, work = noWork) => (await source.changesSince(wallet, null, work)).transactions,
    changesSince: (wallet, since, work) =>
      agreedChanges(members, async (each) => {
        try {
          return await each.changesSince(wallet, since, work);
        } catch (error) {
          // Whoever was not there when the wallet was first watched, and is there now, watches it first.
          const isNew = error instanceof StrongroomError && error.code === 'node.wallet' && watched.has(policyIdOf(wallet).walletId);
          if (!isNew) throw error;
          await each.watch(wallet, work, watched.get(policyIdOf(wallet).walletId));
          return each.changesSince(wallet, since, work);
        }
      }, { wallet, since, work, patience }),
    blockHash: (height) => agreed((each) => each.blockHash(height), (hash) => [{ about: `block ${height}`, text: String(hash) }], ([hash]) => hash ?? null),
    blockTime: async (height) => agreed(async (each) => (each.blockTime === undefined ? null : { time: await each.blockTime(height) }), () => [], (times) => {
      // By whoever can tell; a source that cannot says nothing.
      const known = times.filter((each) => each !== null);
      const [first] = known;
      if (first === undefined) return null;
      if (known.some(({ time }) => time !== first.time)) throw disagreement({ about: `block ${height}`, suspects: all }, all.length);
      return first.time;
    }),

    rawTransaction: (txid, height) => members.first((each) => each.rawTransaction(txid, height)),
    async rawTransactions(wanted) {
      const found = new Map<string, Uint8Array>();
      for (const member of members.awake()) {
        const missing = wanted.filter(({ txid }) => !found.has(txid));
        if (missing.length === 0) break;
        try {
          const answer = await members.ask(member, async (each) => each.rawTransactions?.(missing) ?? new Map<string, Uint8Array>());
          for (const [txid, bytes] of answer) found.set(txid, bytes);
        } catch (error) {
          // They prove themselves, so whoever fails is passed over; `ask` has noted it.
          if (!(error instanceof StrongroomError)) throw error;
        }
      }
      return found;
    },
    transactionStatus: async (txid) => agreed((each) => each.transactionStatus(txid), confirmedClaim(txid), commonStatusOf),
    mempoolEntry: (txid) => agreed((each) => each.mempoolEntry(txid), () => [], (entries) => widestEntry(entries, txid, all)),

    async hotUtxos(walletName) {
      const { keeper, value } = await withKeeper((each) => each.hotUtxos(walletName));
      await requireConfirmed(members, keeper, value);
      return value;
    },
    hotChangeAddress: async (walletName) => (await withKeeper((each) => each.hotChangeAddress(walletName))).value,
    hotReceiveAddress: async (walletName) => (await withKeeper((each) => each.hotReceiveAddress?.(walletName) ?? each.hotChangeAddress(walletName))).value,
    hotSign: async (walletName, psbt) => (await withKeeper((each) => each.hotSign(walletName, psbt))).value,

    async estimateFeeRate(targetBlocks) {
      const answers = await members.askAll((each) => each.estimateFeeRate(targetBlocks), 1);
      const rates = [...answers.values()].filter((rate) => rate !== null).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      // The middle one, the lower of two: nobody alone can drive a fee up.
      return rates[Math.floor((rates.length - 1) / 2)] ?? null;
    },
    async testAccept(transaction) {
      const answers = [...(await members.askAll((each) => each.testAccept(transaction), 1)).values()];
      return answers.find(({ accepted }) => accepted === true) ?? answers.find(({ accepted }) => accepted === false) ?? (answers[0] as TestAccept);
    },
    async broadcast(transaction) {
      const outcomes = await Promise.allSettled(members.awake().map((member) => members.ask(member, (each) => each.broadcast(transaction))));
      const taken = outcomes.find((outcome) => outcome.status === 'fulfilled');
      if (taken?.status === 'fulfilled') return taken.value;
      const faults = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      // Nothing was sent only where everybody refused; where one is silent, it may have been.
      throw faults.find((fault) => !(fault instanceof StrongroomError && fault.code === 'broadcast.refused')) ?? faults[0];
    },

    scanUtxoSet: (wallet, work, reach) => commonScans(members, (each) => each.scanUtxoSet(wallet, work, reach), work, patience),
    scriptUtxos(scripts, work) {
      return agreed((each) => each.scriptUtxos(scripts, work), (found) => found.filter(({ height }) => height !== null).map(outputClaim), mergeScriptUtxos);
    },

    sources: () => members.reports(),
    async close() {
      await Promise.all(all.map(({ source: each }) => each.close()));
    },
  };
  return source;
}
