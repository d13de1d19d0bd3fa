import { statfs } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import * as v from 'valibot';
import { FEE_TARGETS, type HealthFacts, type HealthWallet } from '../../../companion/node-care/health-facts.ts';
import { programOf } from '../../../companion/node-care/known-versions.ts';
import { feeRateFromSatPerKvb } from '../../../domain/fee-rate.ts';
import { Amount, Count, FeeEstimate, Text, Txid, WalletNames } from './answers.ts';
import { ExactNumber } from './exact-json.ts';
import { readResult, type RpcClient, type RpcOutcome } from './rpc-client.ts';

// Shapes of what a node says of itself, as far as its health is judged by it.

const SignedCount = v.pipe(v.instance(ExactNumber), v.check((number) => /^-?[0-9]{1,15}$/.test(number.source)), v.transform((number) => Number(number.source)));
/** A text or, since Core 28, a list of them. */
const Warnings = v.union([Text, v.pipe(v.array(Text), v.maxLength(100))]);
const Chain = v.looseObject({ chain: Text, blocks: Count, headers: Count, initialblockdownload: v.boolean(), pruned: v.boolean(), size_on_disk: v.optional(Count), warnings: v.optional(Warnings), bestblockhash: Txid });
const Network = v.looseObject({
  version: Count, subversion: Text, connections: Count, connections_in: v.optional(Count), connections_out: v.optional(Count), networkactive: v.optional(v.boolean(), true),
  timeoffset: v.optional(SignedCount), warnings: v.optional(Warnings),
});
const Mempool = v.looseObject({ loaded: v.optional(v.boolean(), true), size: Count, bytes: Count, mempoolminfee: Amount, minrelaytxfee: v.optional(Amount) });
const Header = v.looseObject({ time: Count });
const RpcInfo = v.looseObject({ logpath: v.optional(Text) });
const Wallet = v.looseObject({ descriptors: v.optional(v.boolean(), false), private_keys_enabled: v.optional(v.boolean(), true), unlocked_until: v.optional(Count), scanning: v.optional(v.union([v.literal(false), v.looseObject({})])) });

const isWarned = (warnings: string | readonly string[] | undefined): boolean => warnings !== undefined && warnings.length > 0;
const optional = <Schema extends v.GenericSchema>(schema: Schema, outcome: RpcOutcome | undefined): v.InferOutput<Schema> | null => {
  if (outcome === undefined || !outcome.ok) return null;
  const parsed = v.safeParse(schema, outcome.result);
  return parsed.success ? parsed.output : null;
};

/**
 * Everything that a node's health is judged by. What an older node cannot say is `null`.
 * @param isLocal whether the node's disk is this machine's
 * @throws StrongroomError `node.*`
 */
export async function readHealth(rpc: RpcClient, isLocal: boolean): Promise<HealthFacts> {
  const [chainAnswer, networkAnswer, mempoolAnswer, uptimeAnswer, infoAnswer, namesAnswer, ...feeAnswers] = await rpc.batch([
    { method: 'getblockchaininfo', params: [] }, { method: 'getnetworkinfo', params: [] }, { method: 'getmempoolinfo', params: [] }, { method: 'uptime', params: [] },
    { method: 'getrpcinfo', params: [] }, { method: 'listwallets', params: [] },
    ...FEE_TARGETS.map((blocks) => ({ method: 'estimatesmartfee', params: [blocks, 'conservative'] })),
  ]);
  const chain = readResult(Chain, 'getblockchaininfo', chainAnswer as RpcOutcome);
  const network = readResult(Network, 'getnetworkinfo', networkAnswer as RpcOutcome);
  const mempool = readResult(Mempool, 'getmempoolinfo', mempoolAnswer as RpcOutcome);
  const header = optional(Header, await rpc.attempt('getblockheader', [chain.bestblockhash]));
  const names = optional(WalletNames, namesAnswer);
  const minimum = mempool.minrelaytxfee !== undefined && mempool.minrelaytxfee > mempool.mempoolminfee ? mempool.minrelaytxfee : mempool.mempoolminfee;
  const logFile = optional(RpcInfo, infoAnswer)?.logpath;
  return {
    chain: /^[a-z0-9]{1,20}$/.test(chain.chain) ? chain.chain : 'other',
    isTestChain: chain.chain !== 'main',
    height: chain.blocks,
    headers: chain.headers,
    initialDownload: chain.initialblockdownload,
    pruned: chain.pruned,
    tipTime: header?.time ?? null,
    program: programOf(network.subversion),
    version: network.version,
    peers: { inbound: network.connections_in ?? null, outbound: network.connections_out ?? null, total: network.connections },
    networkActive: network.networkactive,
    clockOffsetSeconds: network.timeoffset ?? null,
    wallets: names === null ? null : await readWallets(rpc, names),
    sizeOnDisk: chain.size_on_disk ?? null,
    diskFree: isLocal && logFile !== undefined ? await freeBytes(dirname(logFile)) : null,
    mempool: { loaded: mempool.loaded, count: mempool.size, bytes: mempool.bytes, minimumFeeRate: feeRateFromSatPerKvb(minimum) },
    feeRates: FEE_TARGETS.map((blocks, position) => {
      const rate = optional(FeeEstimate, feeAnswers[position])?.feerate;
      return { blocks, rate: rate === undefined ? null : feeRateFromSatPerKvb(rate) };
    }),
    uptimeSeconds: optional(Count, uptimeAnswer),
    hasWarnings: isWarned(chain.warnings) || isWarned(network.warnings),
  };
}

async function readWallets(rpc: RpcClient, names: readonly string[]): Promise<readonly HealthWallet[]> {
  const wallets: HealthWallet[] = [];
  for (const name of names) {
    const info = optional(Wallet, await rpc.attempt('getwalletinfo', [], { wallet: name }));
    // Unloaded since the list was made.
    if (info === null) continue;
    wallets.push({
      name: name.replace(/\p{C}/gu, '').slice(0, 200),
      kind: info.descriptors ? 'descriptor' : 'legacy',
      privateKeys: info.private_keys_enabled,
      encrypted: info.private_keys_enabled ? info.unlocked_until !== undefined : null,
      unlocked: (info.unlocked_until ?? 0) > 0,
      scanning: info.scanning !== undefined && info.scanning !== false,
    });
  }
  return wallets;
}

/** Bytes free where a node on this machine keeps its files; the path is its own word, so it is only asked about, never opened. */
async function freeBytes(folder: string): Promise<number | null> {
  if (!isAbsolute(folder)) return null;
  try {
    const facts = await statfs(folder, { bigint: true });
    return Number(facts.bavail * facts.bsize);
  } catch {
    return null;
  }
}
