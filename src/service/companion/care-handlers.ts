import { writeConfig } from '../../companion/node-care/config.ts';
import { judgeHealth, overallJudgement } from '../../companion/node-care/health.ts';
import { FEE_TARGETS, type HealthFacts } from '../../companion/node-care/health-facts.ts';
import { formatVersion } from '../../companion/node-care/known-versions.ts';
import { describeStep, formatRepair, isOwnStep, newRepair, nextStep, parseRepair, requireTurn, withStep, type RepairPlan, type RepairStep } from '../../companion/node-care/repair-plan.ts';
import { loginFile, makeRpcLogin, RPC_LOGIN_BYTES } from '../../companion/node-care/rpcauth.ts';
import { confirmed } from '../../companion/node-care/backup-comparison.ts';
import type { CareNode, NodeOutput, PendingTransaction } from '../../companion/node-care/care-node.ts';
import type { ChainWork } from '../../companion/chain-source.ts';
import { sumSats } from '../../domain/amount.ts';
import { toHex } from '../../domain/bytes.ts';
import { formatFeeRate, type FeeRate } from '../../domain/fee-rate.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import type { CompanionEffects } from './effects.ts';

type Core = Handlers<typeof companionCoreContract>;
type CareHandlers = Pick<Core, 'node.health' | 'node.config' | 'node.repair'>;

/** Runs work with a node and closes it, whatever happens. */
export async function withCareNode<T>(effects: CompanionEffects, url: string, work: (node: CareNode) => Promise<T>): Promise<T> {
  const node = await effects.care.openNode(url);
  try {
    return await work(node);
  } finally {
    node.close();
  }
}

export const careHandlers = (effects: CompanionEffects): CareHandlers => ({
  'node.health': async ({ node: url }) => {
    const facts = await healthOf(effects, url);
    const items = judgeHealth(facts, Math.floor(Date.parse(effects.now()) / 1000));
    const { version, mempool, feeRates, wallets, isTestChain: _, ...plain } = facts;
    return {
      overall: overallJudgement(items),
      items: items.map((item) => ({ ...item })),
      facts: {
        ...plain,
        version: version === null ? null : formatVersion(version),
        wallets: wallets === null ? null : wallets.map((wallet) => ({ ...wallet })),
        mempool: mempool === null ? null : { ...mempool, minimumFeeRate: formatFeeRate(mempool.minimumFeeRate) },
        feeRates: feeRates.map(({ blocks, rate }) => ({ blocks, rate: rate === null ? null : formatFeeRate(rate) })),
      },
    };
  },

  'node.config': ({ program, network, use, rpcUser, bind, allow, rpcPort, pruneMib, maxConnections }) => {
    const random = effects.care.random(RPC_LOGIN_BYTES);
    try {
      const login = makeRpcLogin(rpcUser, random);
      const { text, lines, fileName } = writeConfig({ program, network, use, rpcauth: login.rpcauth, bind, allow, rpcPort, pruneMib, maxConnections });
      return { config: text, suggestedName: fileName, login: loginFile(login), loginName: `${fileName.replace(/\.conf$/, '')}-login.conf`, lines: lines.map((line) => ({ ...line })) };
    } finally {
      random.fill(0);
    }
  },

  'node.repair': async ({ node: url, wallet, record, action, step, fromHeight }, context) => {
    const now = effects.now();
    const plan = record === null ? newRepair(wallet, now) : parseRepair(record);
    if (plan.wallet !== wallet) throw new StrongroomError('repair.malformed', 'The record is of another wallet\'s repair.', {}, 'Name the file of this wallet\'s repair, or a new one.');
    if (action === 'show') return reported(plan, url, []);
    const chosen = step ?? nextStep(plan);
    if (chosen === null) return reported(plan, url, []);
    requireTurn(plan, chosen);
    if (action !== 'run') return reported(withStep(plan, chosen, action === 'done' ? 'done' : 'skipped', [], now), url, []);
    if (!isOwnStep(chosen)) throw new StrongroomError('repair.order', `The step "${chosen}" is for a person to do.`, { step: chosen }, 'Give its commands, then record it with --done.');
    return withCareNode(effects, url, async (node) => {
      const { lines, pending } = await runStep(node, chosen, wallet, fromHeight, context);
      return reported(withStep(plan, chosen, 'done', lines, now), url, pending);
    });
  },
});

/** Of a node that can be asked for all of it; of other sources, what they know. */
async function healthOf(effects: CompanionEffects, url: string): Promise<HealthFacts> {
  try {
    return await withCareNode(effects, url, (node) => node.health());
  } catch (error) {
    if (!(error instanceof StrongroomError) || error.code !== 'care.not-a-node') throw error;
  }
  const source = await effects.openChainSource(url);
  try {
    const status = await source.status();
    const feeRates: { readonly blocks: number; readonly rate: FeeRate | null }[] = [];
    for (const blocks of FEE_TARGETS) feeRates.push({ blocks, rate: await source.estimateFeeRate(blocks) });
    return {
      chain: status.chain, isTestChain: status.network !== 'mainnet', height: status.height, headers: status.headers, initialDownload: !status.synced, pruned: status.pruned,
      tipTime: null, program: null, version: null, peers: null, networkActive: true, clockOffsetSeconds: null, wallets: null, sizeOnDisk: null, diskFree: null, mempool: null,
      feeRates, uptimeSeconds: null, hasWarnings: null,
    };
  } finally {
    await source.close();
  }
}

async function runStep(node: CareNode, step: RepairStep, wallet: string, fromHeight: number, work: ChainWork): Promise<{ readonly lines: readonly string[]; readonly pending: readonly PendingTransaction[] }> {
  switch (step) {
    case 'note-pending': {
      const pending = await node.pending(wallet);
      return { lines: pending.map(({ txid, inMempool }) => `${txid} ${inMempool ? 'in the mempool' : 'NOT in the mempool'}`), pending };
    }
    case 'rescan': {
      const done = await node.rescan(wallet, fromHeight, work);
      return { lines: [`scanned from ${done.fromHeight} to ${done.toHeight}`], pending: [] };
    }
    case 'compare':
    case 'compare-again':
      return { lines: await comparison(node, wallet, work), pending: [] };
    case 'list-descriptors':
      return { lines: (await node.viewWallet(wallet)).descriptors.map(({ descriptor }) => descriptor), pending: [] };
    default:
      return { lines: [], pending: [] };
  }
}

/** The wallet's confirmed outputs against the chain's; every difference by its outpoint. */
async function comparison(node: CareNode, wallet: string, work: ChainWork): Promise<readonly string[]> {
  const inChain = await node.scanOutputs(wallet, work);
  const inWallet = confirmed((await node.viewWallet(wallet)).outputs);
  const only = (from: readonly NodeOutput[], other: readonly NodeOutput[]): readonly NodeOutput[] => {
    const known = new Set(other.map(({ outpoint }) => outpoint));
    return from.filter(({ outpoint }) => !known.has(outpoint));
  };
  const sats = (outputs: readonly NodeOutput[]): bigint => sumSats(outputs.map(({ amountSats }) => amountSats));
  const missing = only(inChain, inWallet);
  const extra = only(inWallet, inChain);
  return [
    `wallet: ${inWallet.length} outputs, ${sats(inWallet)} sat`,
    `chain: ${inChain.length} outputs, ${sats(inChain)} sat`,
    ...missing.map(({ outpoint, amountSats }) => `the wallet lacks ${outpoint} ${amountSats} sat`),
    ...extra.map(({ outpoint, amountSats }) => `the chain lacks ${outpoint} ${amountSats} sat: spent by a transaction that waits, or not of its descriptors`),
    missing.length === 0 && extra.length === 0 ? 'they agree' : 'THEY DISAGREE',
  ];
}

const reported = (plan: RepairPlan, url: string, pending: readonly PendingTransaction[]) => ({
  record: formatRepair(plan),
  next: nextStep(plan),
  steps: plan.steps.map((item) => {
    const { purpose, commands } = describeStep(item.step, plan.wallet, url);
    return { ...item, purpose, commands: [...commands], byProgram: isOwnStep(item.step) };
  }),
  pending: pending.map(({ txid, transaction, inMempool }) => ({ txid, transactionHex: toHex(transaction), inMempool })),
});
