import { equalBytes, toHex } from '../../domain/bytes.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { parseTransaction } from '../../psbt/transaction.ts';
import { createAddressDeriver } from '../../wallet/address.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { ChainSource, ChainWork, HotUtxo, ScriptUtxo, UtxoSetScan, WalletTransaction, WalletUtxo } from '../chain-source.ts';
import { COINBASE_MATURITY } from '../proof/proven-history.ts';
import { laggingNode } from '../proof/refusals.ts';
import type { AgreementPatience } from './agreed-changes.ts';
import { disagreement, findDifference, outputClaim, type Claim } from './compare.ts';
import { isAbsent, type Member, type Members } from './members.ts';

const noWork: ChainWork = { progress: () => undefined, isCancelled: () => false };

/** Unspent outputs of an agreed history. */
export async function unspentOf(source: ChainSource, wallet: Wallet, transactions: readonly WalletTransaction[], tip: number): Promise<readonly WalletUtxo[]> {
  const live = transactions.filter(({ confirmations }) => confirmations >= 0);
  const spent = new Set(live.flatMap((transaction) => transaction.spent.map(formatOutpoint)));
  const deriver = createAddressDeriver(wallet);
  const utxos: WalletUtxo[] = [];
  for (const { txid, height, received } of live) {
    const confirmations = height === null ? 0 : tip - height + 1;
    const own = received.filter(({ vout }) => !spent.has(formatOutpoint({ txid, vout })));
    // A block's young reward cannot be spent; only the transaction itself says whether it is one.
    const isYoung = own.length > 0 && height !== null && confirmations < COINBASE_MATURITY;
    if (isYoung && parseTransaction(await source.rawTransaction(txid, height)).transaction.isCoinbase()) continue;
    for (const { vout, amountSats, branch, index } of own) {
      const { address, scriptPubKey } = deriver.derive(branch, index);
      utxos.push({ txid, vout, amountSats, scriptPubKey, address, branch, index, confirmations });
    }
  }
  return utxos;
}

/** Scans at the same block; those that are behind are asked again. */
export async function commonScans(members: Members, read: (source: ChainSource) => Promise<UtxoSetScan>, work: ChainWork, { patienceMs, pollMs }: AgreementPatience): Promise<UtxoSetScan> {
  const deadline = members.clock.now() + patienceMs;
  for (;;) {
    const answers = await members.askAll(read);
    const scans = [...answers];
    for (const [member, { height }] of scans) members.note(member, { height });
    const highest = scans.reduce((most, [, { height }]) => Math.max(most, height), 0);
    const behind = scans.filter(([, { height }]) => height < highest).map(([member]) => member);
    const claims = new Map(scans.map(([member, scan]) => [member, [{ about: `block ${scan.height}`, text: scan.blockHash }, ...scan.utxos.map(outputClaim)]]));
    const difference = behind.length > 0 ? null : findDifference(await withoutGaps(members, claims, scans.flatMap(([, { utxos }]) => utxos), work));
    if (behind.length === 0 && difference === null) {
      for (const [member] of scans) members.note(member, { state: 'agrees', code: null });
      return scans.reduce((most, [, scan]) => (scan.utxos.length > most.utxos.length ? scan : most), (scans[0] as [Member, UtxoSetScan])[1]);
    }
    if (members.clock.now() >= deadline) {
      for (const member of behind) members.note(member, { state: 'lagging', code: 'node.lagging' });
      for (const member of difference?.suspects ?? []) members.note(member, { state: 'disagrees', code: 'node.disagree' });
      throw difference === null ? laggingNode(behind.map(({ name }) => name).join(', '), { height: highest }) : disagreement(difference, answers.size);
    }
    await members.clock.delay(pollMs);
  }
}

/** A source that searches up to a gap is asked for the very scripts that others found beyond, before it is called a liar. */
async function withoutGaps(members: Members, claims: ReadonlyMap<Member, readonly Claim[]>, found: UtxoSetScan['utxos'], work: ChainWork): Promise<ReadonlyMap<Member, readonly Claim[]>> {
  const completed = new Map<Member, readonly Claim[]>();
  for (const [member, own] of claims) {
    const said = new Set(own.map(({ text }) => text));
    const missing = found.filter((output) => !said.has(outputClaim(output).text));
    const isBounded = member.source.watchTo !== undefined;
    const scripts = [...new Map(missing.map(({ scriptPubKey }) => [toHex(scriptPubKey), scriptPubKey])).values()];
    const more = !isBounded || scripts.length === 0 ? [] : await members.ask(member, (each) => each.scriptUtxos(scripts, work));
    completed.set(member, [...own, ...more.filter(({ height }) => height !== null).map(outputClaim).filter(({ text }) => !said.has(text))]);
  }
  return completed;
}

/** That the others hold each confirmed output which one node says its wallet has. */
export async function requireConfirmed(members: Members, keeper: Member, held: readonly HotUtxo[]): Promise<void> {
  const confirmed = held.filter(({ confirmations }) => confirmations > 0);
  const scripts = [...new Map(confirmed.map(({ scriptPubKey }) => [toHex(scriptPubKey), scriptPubKey])).values()];
  if (scripts.length === 0) return;
  for (const member of members.awake()) {
    if (member === keeper) continue;
    let found: readonly ScriptUtxo[];
    try {
      found = await members.ask(member, (each) => each.scriptUtxos(scripts, noWork));
    } catch (error) {
      if (!isAbsent(error)) throw error;
      continue;
    }
    const known = new Map(found.map((output) => [formatOutpoint(output), output]));
    for (const output of confirmed) {
      const other = known.get(formatOutpoint(output));
      if (other !== undefined && other.amountSats === output.amountSats && equalBytes(other.scriptPubKey, output.scriptPubKey)) continue;
      for (const each of [keeper, member]) members.note(each, { state: 'disagrees', code: 'node.disagree' });
      throw disagreement({ about: formatOutpoint(output), suspects: [keeper, member] }, 2);
    }
  }
}
