import { formatFeeRate } from '../../domain/fee-rate.ts';
import type { HealthFacts } from './health-facts.ts';
import { formatVersion, judgeVersion } from './known-versions.ts';

export const healthTopics = ['sync', 'tip', 'peers', 'version', 'wallets', 'disk', 'mempool', 'fees', 'uptime', 'warnings', 'clock'] as const;
export type HealthTopic = (typeof healthTopics)[number];

/** `unknown`: this source cannot say. It is no fault, and nothing is to be relied on for it. */
export type Judgement = 'ok' | 'attention' | 'bad' | 'unknown';

/** One judgement of a node's health. Codes are stable; what they mean is in docs/node-care.md. */
export interface HealthItem {
  readonly topic: HealthTopic;
  readonly judgement: Judgement;
  readonly code: string;
  /** What was seen, for people. */
  readonly seen: string;
  /** What to do; empty where nothing is. */
  readonly todo: string;
}

const GIB = 1_073_741_824;
/** Blocks come every ten minutes; one in ten thousand takes longer than this. */
const QUIET_SECONDS = 90 * 60;
const LONG_QUIET_SECONDS = 4 * 3600;

/**
 * A node's health, topic by topic. Every topic is judged, also where nothing can be said.
 * @param now seconds since 1970
 */
export function judgeHealth(facts: HealthFacts, now: number): readonly HealthItem[] {
  return [
    judgeSync(facts), judgeTip(facts, now), judgePeers(facts), judgeProgram(facts), ...judgeWallets(facts), judgeDisk(facts),
    judgeMempool(facts), judgeFees(facts), judgeUptime(facts), judgeWarnings(facts), judgeClock(facts),
  ];
}

/** The worst of all; what is unknown counts for nothing. */
export function overallJudgement(items: readonly HealthItem[]): 'ok' | 'attention' | 'bad' {
  if (items.some((item) => item.judgement === 'bad')) return 'bad';
  return items.some((item) => item.judgement === 'attention') ? 'attention' : 'ok';
}

const item = (topic: HealthTopic, judgement: Judgement, code: string, seen: string, todo = ''): HealthItem => ({ topic, judgement, code: `health.${code}`, seen, todo });
const unknown = (topic: HealthTopic): HealthItem => item(topic, 'unknown', `${topic}-unknown`, 'not known of this source');

function judgeSync({ height, headers, initialDownload, isTestChain, pruned }: HealthFacts): HealthItem {
  const seen = `${height} of ${headers} blocks${pruned ? ', pruned' : ''}`;
  // A test chain thinks that it is syncing whenever its last block is a day old.
  if (height >= headers && (!initialDownload || isTestChain)) return item('sync', 'ok', 'synced', seen);
  if (headers - height <= 2 && !initialDownload) return item('sync', 'attention', 'catching-up', seen, 'Wait a minute: it is reading the latest blocks. Nothing is planned meanwhile.');
  return item('sync', 'bad', 'syncing', seen, 'Wait until it has all blocks. What it says of balances until then is not the present.');
}

function judgeTip({ tipTime, isTestChain }: HealthFacts, now: number): HealthItem {
  if (tipTime === null) return unknown('tip');
  const age = Math.max(0, now - tipTime);
  const seen = `last block ${span(age)} ago`;
  if (isTestChain || age < QUIET_SECONDS) return item('tip', 'ok', 'tip-fresh', seen);
  if (age < LONG_QUIET_SECONDS) return item('tip', 'attention', 'tip-quiet', seen, 'Blocks can be that far apart. Look again in half an hour; compare the height with another node.');
  return item('tip', 'bad', 'tip-stale', seen, 'The node hears of no new blocks: check its connection, its peers and its clock. Do not plan with what it says.');
}

function judgePeers({ peers, networkActive, isTestChain }: HealthFacts): HealthItem {
  if (!networkActive) return item('peers', 'bad', 'network-off', 'its network is switched off', 'Switch it on: bitcoin-cli setnetworkactive true.');
  if (peers === null) return unknown('peers');
  const seen = peers.inbound === null || peers.outbound === null ? `${peers.total} peers` : `${peers.outbound} outbound, ${peers.inbound} inbound`;
  if (isTestChain) return item('peers', 'ok', 'peers', seen);
  const chosen = peers.outbound ?? peers.total;
  if (chosen === 0) return item('peers', 'bad', 'no-peers', seen, 'The node has found nobody: check its connection and firewall. What it shows may be old.');
  // Core keeps eight outbound connections of full relay; with few of them, one liar has more weight.
  if (chosen < 4) return item('peers', 'attention', 'few-peers', seen, 'It should have eight to ten peers that it chose itself: check firewall, proxy and "connect=" in its configuration.');
  return item('peers', 'ok', 'peers', seen);
}

function judgeProgram({ program, version }: HealthFacts): HealthItem {
  if (version === null) return unknown('version');
  const seen = `${program ?? 'other'} ${formatVersion(version)}`;
  switch (judgeVersion(program, version)) {
    case 'current': return item('version', 'ok', 'version-current', seen);
    case 'old': return item('version', 'attention', 'version-old', seen, 'Its makers repair newer releases only: plan an upgrade, after a backup of its wallets.');
    case 'flawed': return item('version', 'bad', 'version-flawed', seen, 'This release can delete wallets while it migrates one: back up now, migrate nothing, and upgrade.');
    case 'dangerous': return item('version', 'bad', 'version-dangerous', seen, 'Others on the network can stop this release or exhaust its machine: back up its wallets and upgrade.');
    case 'unknown': return item('version', 'unknown', 'version-unknown', seen, 'Strongroom does not know this program\'s releases: look at its maker\'s page.');
  }
}

function judgeWallets({ wallets, program }: HealthFacts): readonly HealthItem[] {
  if (wallets === null) return [unknown('wallets')];
  if (wallets.length === 0) return [item('wallets', 'ok', 'no-wallets', 'no wallet is loaded')];
  return wallets.map(({ name, kind, privateKeys, encrypted, unlocked, scanning }) => {
    const seen = `${name === '' ? '(unnamed)' : name}: ${kind}, ${privateKeys ? 'private keys enabled' : 'watches only'}${encrypted === true ? ', encrypted' : ''}`;
    if (scanning) return item('wallets', 'attention', 'wallet-scanning', seen, 'It is scanning the chain; wait until it is done.');
    if (unlocked) return item('wallets', 'bad', 'wallet-unlocked', seen, 'Its keys are open to whoever reaches the node: lock it (bitcoin-cli walletlock), and unlock it only for a signature.');
    if (privateKeys && encrypted === false) return item('wallets', 'attention', 'wallet-unencrypted', seen, 'Encrypt it on the node (encryptwallet) and back it up again afterwards: whoever copies the file has its money.');
    // Core 30 opens no more legacy wallets; the others still do.
    if (kind === 'legacy' && program === 'core') return item('wallets', 'attention', 'wallet-legacy', seen, 'Newer nodes cannot open this kind: back it up and test the backup, then migrate it (migratewallet), or sweep it to the cold wallet.');
    return item('wallets', 'ok', 'wallet', seen);
  });
}

function judgeDisk({ sizeOnDisk, diskFree, pruned }: HealthFacts): HealthItem {
  if (sizeOnDisk === null) return unknown('disk');
  const blocks = `blocks take ${gib(sizeOnDisk)} GiB`;
  if (diskFree === null) return item('disk', 'unknown', 'disk-unknown', `${blocks}; what is free is known of a node on this machine only`);
  const seen = `${blocks}, ${gib(diskFree)} GiB free`;
  if (diskFree < 2 * GIB) return item('disk', 'bad', 'disk-full', seen, 'The node stops when the disk is full, and its databases may be damaged: make room now.');
  // A year of blocks is 50 to 100 GiB.
  if (!pruned && diskFree < 30 * GIB) return item('disk', 'attention', 'disk-low', seen, 'Room for months, not for years: plan a larger disk, or prune.');
  return item('disk', 'ok', 'disk', seen);
}

function judgeMempool({ mempool, isTestChain }: HealthFacts): HealthItem {
  if (mempool === null) return unknown('mempool');
  const seen = `${mempool.count} transactions, ${mempool.bytes} vB, at least ${formatFeeRate(mempool.minimumFeeRate)} sat/vB`;
  if (!mempool.loaded) return item('mempool', 'attention', 'mempool-loading', seen, 'The node still reads what waited when it stopped; fee rates are rough until then.');
  if (mempool.count === 0 && !isTestChain) return item('mempool', 'attention', 'mempool-empty', seen, 'The node hears of no transactions: fee rates cannot be estimated. Is it set to blocks only?');
  return item('mempool', 'ok', 'mempool', seen);
}

function judgeFees({ feeRates, isTestChain }: HealthFacts): HealthItem {
  const seen = feeRates.map(({ blocks, rate }) => `${blocks}: ${rate === null ? '-' : formatFeeRate(rate)}`).join(', ');
  if (feeRates.every(({ rate }) => rate !== null) || isTestChain) return item('fees', 'ok', 'fees', `sat/vB by blocks ${seen}`);
  if (feeRates.every(({ rate }) => rate === null)) return item('fees', 'attention', 'no-fee-rates', 'it has no estimate', 'It has watched the mempool for too short a time: give fee rates yourself for some hours.');
  return item('fees', 'attention', 'some-fee-rates', `sat/vB by blocks ${seen}`, 'It cannot say for every target yet; give fee rates yourself where it does not.');
}

function judgeUptime({ uptimeSeconds }: HealthFacts): HealthItem {
  if (uptimeSeconds === null) return unknown('uptime');
  const seen = `running for ${span(uptimeSeconds)}`;
  return uptimeSeconds < 600 ? item('uptime', 'attention', 'just-started', seen, 'It was started minutes ago: if nobody did that, look into its log for why it stopped.') : item('uptime', 'ok', 'uptime', seen);
}

function judgeWarnings({ hasWarnings }: HealthFacts): HealthItem {
  if (hasWarnings === null) return unknown('warnings');
  return hasWarnings ? item('warnings', 'attention', 'warnings', 'the node warns of something', 'Read it on the node itself: bitcoin-cli getnetworkinfo, under "warnings". It may be new rules that it does not know, or a damaged disk.') : item('warnings', 'ok', 'no-warnings', 'none');
}

function judgeClock({ clockOffsetSeconds }: HealthFacts): HealthItem {
  if (clockOffsetSeconds === null) return unknown('clock');
  const seen = `${clockOffsetSeconds} s from its peers' clocks`;
  const off = Math.abs(clockOffsetSeconds);
  if (off < 30) return item('clock', 'ok', 'clock', seen);
  // Blocks more than two hours ahead are refused; Core warns from ten minutes.
  if (off < 600) return item('clock', 'attention', 'clock-off', seen, 'Set the machine\'s clock, and have it kept by time servers.');
  return item('clock', 'bad', 'clock-wrong', seen, 'Set the machine\'s clock now: with a wrong one the node refuses good blocks.');
}

const gib = (bytes: number): string => (bytes / GIB).toFixed(1);

function span(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} days`;
}
