import { auditOutputs, classifyDifference, repairs, type Audit, type AuditDifference, type RepairCode } from '../../companion/ledger/audit.ts';
import type { ChainSource, ChainWork, UtxoSetScan } from '../../companion/chain-source.ts';
import type { BookedTransaction, Ledger } from '../../companion/ledger/ledger.ts';
import { equalBytes } from '../../domain/bytes.ts';
import { formatOutpoint, parseOutpoint } from '../../domain/outpoint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { parseTransaction } from '../../psbt/transaction.ts';
import { createAddressDeriver, MAX_ADDRESS_INDEX, type AddressDeriver, type Branch } from '../../wallet/address.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { usableStatus } from './chain-access.ts';

/** A transaction that waits longer than this is looked at: about a day, both ways of counting. */
const LONG_BLOCKS = 144;
const LONG_MS = 24 * 3600 * 1000;
/** How far a script that a source says is the wallet's is searched for. */
const SEARCHED_AHEAD = 2_500;

/** The books of one wallet against one source: what the books say is in the chain, and the source's own set of unspent outputs. */
export async function auditSource(source: ChainSource, ledger: Ledger, wallet: Wallet, work: ChainWork) {
  const status = await usableStatus(source, wallet.network);
  const { walletId } = policyIdOf(wallet);
  const scan = await source.scanUtxoSet(wallet, work);
  const audit = auditOutputs(ledger.books.unspent(walletId), scan.utxos.map((utxo) => ({ outpoint: formatOutpoint(utxo), amountSats: utxo.amountSats })));
  const differences = audit.agrees ? [] : await explain({ source, ledger, wallet, walletId, scan, work, pruned: status.pruned }, audit);
  return { ledgerSats: audit.ledgerSats, nodeSats: audit.nodeSats, agrees: audit.agrees, height: scan.height, blockHash: scan.blockHash, differences };
}

interface Explained {
  readonly source: ChainSource;
  readonly ledger: Ledger;
  readonly wallet: Wallet;
  readonly walletId: string;
  readonly scan: UtxoSetScan;
  readonly work: ChainWork;
  readonly pruned: boolean;
}

async function explain(task: Explained, audit: Audit) {
  const { source, ledger, wallet, walletId, scan } = task;
  const deriver = createAddressDeriver(wallet);
  const listed = await listedIds(task);
  const fork = await forkHeight(source, ledger, walletId);
  const highest = new Map<Branch, number>();
  for (const branch of [0, 1] as const) highest.set(branch, ledger.books.highestIndex(walletId, branch));
  const explained: (AuditDifference & { readonly class: string; readonly repair: { readonly code: RepairCode; readonly text: string }; readonly place?: Place })[] = [];
  for (const difference of audit.differences) {
    const outpoint = parseOutpoint(difference.outpoint);
    const inSet = scan.utxos.find((utxo) => utxo.txid === outpoint.txid && utxo.vout === outpoint.vout);
    const booked = ledger.books.entry(walletId, outpoint.txid);
    const place = inSet === undefined ? null : placeOf(deriver, inSet);
    const status = await source.transactionStatus(outpoint.txid);
    const found = classifyDifference({
      kind: difference.kind,
      isDerived: inSet !== undefined ? place !== null : await isDerivedAsBooked(source, deriver, booked, outpoint.vout),
      addressesAhead: place === null ? 0 : Math.max(0, place.index - (highest.get(place.branch) ?? -1)),
      isListed: listed.has(outpoint.txid),
      isOurs: (listed.get(outpoint.txid) ?? false) || booked !== null || ledger.intent(outpoint.txid) !== null || ledger.plan(outpoint.txid) !== null,
      isAboveFork: booked?.height != null && booked.height > fork,
      isInChain: status.state === 'confirmed',
      isPruned: task.pruned,
    });
    explained.push({ ...difference, class: found.class, repair: { code: found.repair, text: repairs[found.repair] }, ...(place === null ? {} : { place }) });
  }
  return explained;
}

/** What the source's own wallet lists, and whether each spends of ours. Nothing where it does not watch the wallet. */
async function listedIds({ source, wallet, work }: Explained): Promise<ReadonlyMap<string, boolean>> {
  try {
    return new Map((await source.transactions(wallet, work)).map(({ txid, spent }) => [txid, spent.length > 0]));
  } catch (error) {
    if (error instanceof StrongroomError && (error.code === 'node.wallet' || error.code === 'node.pruned')) return new Map();
    throw error;
  }
}

/** The highest block that books and source have in common; below it nothing can have been reorganised. */
async function forkHeight(source: ChainSource, ledger: Ledger, walletId: string): Promise<number> {
  const checkpoints = ledger.books.checkpoints(walletId);
  for (const point of checkpoints) if ((await source.blockHash(point.height)) === point.hash) return point.height;
  return checkpoints.length === 0 ? Number.MAX_SAFE_INTEGER : -1;
}

interface Place {
  readonly branch: Branch;
  readonly index: number;
}

/** Where the wallet derives an output's script: where the source looked for it, if it is there, or wherever it is found. */
function placeOf(deriver: AddressDeriver, { scriptPubKey, place }: UtxoSetScan['utxos'][number]): Place | null {
  if (place !== undefined && place.index <= MAX_ADDRESS_INDEX && equalBytes(deriver.derive(place.branch, place.index).scriptPubKey, scriptPubKey)) return place;
  return findScript(deriver, scriptPubKey);
}

function findScript(deriver: AddressDeriver, script: Uint8Array): Place | null {
  for (let index = 0; index < SEARCHED_AHEAD; index += 1) {
    for (const branch of [0, 1] as const) if (equalBytes(deriver.derive(branch, index).scriptPubKey, script)) return { branch, index };
  }
  return null;
}

/** Whether an output that is booked has the script that the wallet derives at the place where it was booked. */
async function isDerivedAsBooked(source: ChainSource, deriver: AddressDeriver, booked: BookedTransaction | null, vout: number): Promise<boolean | null> {
  const output = booked?.received.find((received) => received.vout === vout);
  if (booked === null || output === undefined) return null;
  try {
    const script = parseTransaction(await source.rawTransaction(booked.txid, booked.height ?? undefined)).transaction.outs[vout]?.script;
    return script !== undefined && equalBytes(deriver.derive(output.branch, output.index).scriptPubKey, script);
  } catch (error) {
    if (error instanceof StrongroomError && ['node.rejected', 'node.pruned', 'node.malformed'].includes(error.code)) return null;
    throw error;
  }
}

/** Entries that wait for longer than a day. */
export function waitingTooLong(ledger: Ledger, walletId: string, tipHeight: number, now: string) {
  return ledger.books.openEntries(walletId, Number.MAX_SAFE_INTEGER).filter((entry) => entry.live && entry.state !== 'confirmed').flatMap((entry) => {
    const blocks = entry.seenHeight === undefined ? null : tipHeight - entry.seenHeight;
    if ((blocks ?? 0) < LONG_BLOCKS && Date.parse(now) - Date.parse(entry.bookedAt) < LONG_MS) return [];
    const changeSats = entry.received.reduce((sum, { amountSats }) => sum + amountSats, 0n) - entry.spent.reduce((sum, { amountSats }) => sum + amountSats, 0n);
    const code: RepairCode = entry.spent.length > 0 ? 'bump-fee' : 'ask-sender';
    return [{ txid: entry.txid, changeSats: String(changeSats), bookedAt: entry.bookedAt, blocks, class: 'unconfirmed-too-long' as const, repair: { code, text: repairs[code] } }];
  });
}
