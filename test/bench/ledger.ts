import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import type { ChainSource, ChainWork, WalletChanges } from '../../src/companion/chain-source.ts';
import { auditOutputs } from '../../src/companion/ledger/audit.ts';
import { closeFile } from '../../src/companion/ledger/close-file.ts';
import { closePdf } from '../../src/companion/ledger/close-pages.ts';
import type { Ledger } from '../../src/companion/ledger/ledger.ts';
import { backupLedger, checkLedger } from '../../src/node/companion/ledger-copies.ts';
import { openSqliteLedger } from '../../src/node/companion/sqlite-ledger.ts';
import { refreshBooks } from '../../src/service/companion/books.ts';
import { periodReport } from '../../src/service/companion/closing.ts';
import { ledgerHandlers } from '../../src/service/companion/ledger-handlers.ts';
import { policyIdOf } from '../../src/wallet/policy-id.ts';
import { coldKeys } from '../support/peers/cold-keys.ts';

/*
 * node ledger.ts ENTRIES SQLITE3: books with many entries, asked as the window and the command line ask, beside the same questions
 * in the sqlite3 shell, which answers with rows and nothing else. Milliseconds, the least of several; one JSON object.
 */

const [entries, shell] = [Number(process.argv[2] ?? 1_000_000), process.argv[3] ?? 'sqlite3'];
const RUNS = 3;
const folder = mkdtempSync(join(tmpdir(), 'strongroom-bench-ledger-'));
const path = join(folder, 'ledger.db');
const wallet = coldKeys('regtest', 1).wallet;
const { walletId } = policyIdOf(wallet);
const wallets = [walletId, 'second', 'third'];
const TIP = 100_000;
const work: ChainWork = { progress: () => undefined, isCancelled: () => false };
const NOW = '2026-11-23T12:00:00.000Z';
const hash = (height: number): string => height.toString(16).padStart(64, '0');
// Found by nobody: ids of real transactions are as good as random.
const txidOf = (number: string): string => `printf('%08x%056x', ((${number}) * 2654435761) % 4294967296, ${number})`;

/** Pairs of a receipt and its spend; one receipt in 101 is left, every thousandth entry waits; a third have a reference. */
function generate(): void {
  const ledger = openSqliteLedger(path);
  wallets.forEach((id, index) => ledger.saveWallet({ walletId: id, name: `Wallet ${index + 1}`, network: 'regtest' }));
  ledger.saveTip({ network: 'regtest', height: TIP, refreshedAt: NOW });
  for (const id of wallets) ledger.books.saveCheckpoint(id, { height: TIP, hash: hash(TIP) });
  ledger.close();
  const raw = new DatabaseSync(path);
  raw.exec(`
    PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF; BEGIN;
    CREATE TEMP TABLE made AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${entries})
      SELECT i, ${txidOf('i')} AS txid, ${txidOf('i - 1')} AS parent, CASE (i / 2) % 10 WHEN 0 THEN 'third' WHEN 1 THEN 'second' ELSE '${walletId}' END AS wallet,
        i % 2 = 0 AND (i / 2) % 101 <> 0 AS spends, i % 2000 < 2 AND i > 1 AS waits, 10000 + (i / 2) % 90000000 AS amount, (i * ${TIP}) / ${entries + 1} AS height FROM n;
    INSERT INTO wallet_transaction (id, txid, wallet_id, kind, state, live, height, fee_sats, booked_at, change_sats, block_hash)
      SELECT i, txid, CASE WHEN i % 2 = 0 THEN wallet ELSE CASE ((i + 1) / 2) % 10 WHEN 0 THEN 'third' WHEN 1 THEN 'second' ELSE '${walletId}' END END,
        CASE WHEN spends THEN CASE i % 3 WHEN 0 THEN 'sweep' ELSE 'pay' END ELSE 'receive' END, CASE WHEN waits THEN 'broadcast' ELSE 'confirmed' END, 1, CASE WHEN waits THEN NULL ELSE height END,
        CASE WHEN spends THEN 500 END, strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + i * 60, 'unixepoch'), CASE WHEN spends THEN -(10000 + (i / 2) % 90000000) ELSE 10000 + ((i + 1) / 2) % 90000000 END,
        CASE WHEN waits THEN NULL ELSE printf('%064x', height) END FROM made;
    INSERT INTO output (entry, vout, amount_sats, branch, child) SELECT id, 0, change_sats, 0, id % 1000 FROM wallet_transaction WHERE change_sats > 0;
    INSERT INTO spend (entry, txid, vout, amount_sats) SELECT t.id, m.parent, 0, -t.change_sats FROM wallet_transaction t JOIN made m ON m.i = t.id WHERE t.change_sats < 0;
    INSERT INTO entry_reference (entry, position, text) SELECT id, 0, 'Invoice ' || (id * 7 % 1000003) FROM wallet_transaction WHERE id % 3 = 0;
    INSERT INTO account (network, name, layer) SELECT 'regtest', name, layer FROM (SELECT 'wallet:' || wallet_id AS name FROM wallet UNION SELECT 'outside' UNION SELECT 'fees'), (SELECT 'settled' AS layer UNION SELECT 'waiting') WHERE true ON CONFLICT DO NOTHING;
    INSERT INTO posting (journal, account, amount_sats)
      SELECT p.id, a.id, p.sats FROM (
        SELECT id, 'wallet:' || wallet_id AS name, state, change_sats AS sats FROM wallet_transaction
        UNION ALL SELECT id, 'fees', state, fee_sats FROM wallet_transaction WHERE fee_sats IS NOT NULL
        UNION ALL SELECT id, 'outside', state, -change_sats - coalesce(fee_sats, 0) FROM wallet_transaction
      ) p JOIN account a ON a.name = p.name AND a.network = 'regtest' AND a.layer = CASE p.state WHEN 'confirmed' THEN 'settled' ELSE 'waiting' END;
    INSERT INTO journal (id, network, txid, event, height, block_hash, booked_at) SELECT id, 'regtest', txid, CASE state WHEN 'confirmed' THEN 'confirmed' ELSE 'seen' END, height, block_hash, booked_at FROM wallet_transaction;
    INSERT INTO unspent (wallet_id, txid, vout, amount_sats, height)
      SELECT t.wallet_id, t.txid, 0, t.change_sats, t.height FROM wallet_transaction t WHERE t.change_sats > 0 AND t.state = 'confirmed'
        AND NOT EXISTS (SELECT 1 FROM spend s CROSS JOIN wallet_transaction u ON u.id = s.entry WHERE s.txid = t.txid AND s.vout = 0 AND +u.wallet_id = t.wallet_id AND +u.state = 'confirmed');
    COMMIT`);
  raw.close();
}

async function least(run: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < RUNS; count += 1) {
    const began = performance.now();
    await run();
    times.push(performance.now() - began);
  }
  return Number(Math.min(...times).toFixed(2));
}

/** The shell's own time for a question, its answer thrown away. */
function shellTime(sql: string): number {
  const script = `.output /dev/null\n.timer on\n${`${sql};\n`.repeat(RUNS + 1)}`;
  const ended = spawnSync(shell, ['-batch', '-init', '/dev/null', path], { input: script, encoding: 'utf8', maxBuffer: 1 << 30 });
  // `.timer` writes to standard output, past `.output`, in some versions and to the file in others.
  const times = [...`${ended.stdout}${ended.stderr}`.matchAll(/real ([\d.]+)/g)].map(([, seconds]) => Number(seconds) * 1_000);
  if (times.length < RUNS) {
    const began = performance.now();
    for (let count = 0; count < RUNS; count += 1) spawnSync(shell, ['-batch', '-init', '/dev/null', path, sql], { maxBuffer: 1 << 30 });
    return Number(((performance.now() - began) / RUNS).toFixed(2));
  }
  return Number(Math.min(...times).toFixed(2));
}

const since = (began: number): number => Number((performance.now() - began).toFixed(0));

/** A node that says what it is told to. */
function sourceWith(changes: WalletChanges): ChainSource {
  const status = { network: 'regtest', chain: 'regtest', height: changes.tip.height, headers: changes.tip.height, pruned: false, synced: true, version: '1', minimumFeeRate: 1_000n };
  return { status: async () => status, watch: async () => undefined, blockHash: async (height: number) => (height > changes.tip.height ? null : hash(height)), changesSince: async () => changes } as unknown as ChainSource;
}

async function measure() {
  let began = performance.now();
  generate();
  const generatedMs = since(began);
  const opened = await least(() => openSqliteLedger(path).close());
  const ledger: Ledger = openSqliteLedger(path);
  const handlers = ledgerHandlers({ openChainSource: async () => sourceWith({ transactions: [], isWhole: false, tip: { height: TIP, hash: hash(TIP) } }), ledger: async () => ledger, begunLedger: async () => ledger, now: () => NOW } as unknown as Parameters<typeof ledgerHandlers>[0]);
  const list = (more: object) => () => handlers['ledger.list']({ walletId: null, limit: 100, ...more }, work);
  const someId = ledger.books.page({ limit: 1, fromHeight: 51_234 }).entries[0]?.txid ?? '';
  const rows = (condition: string, order = 'id') => `SELECT t.*, (SELECT group_concat(text, '; ') FROM entry_reference WHERE entry = t.id) FROM wallet_transaction t WHERE ${condition} ORDER BY ${order} LIMIT 101`;
  const month = [Math.floor(TIP * 0.9), Math.floor(TIP * (0.9 + 1 / 12))] as const;
  const source = sourceWith({ transactions: [], isWhole: false, tip: { height: TIP, hash: hash(TIP) } });
  const unspent = ledger.books.unspent(walletId);
  const questions: readonly (readonly [string, () => unknown, string])[] = [
    ['list, first 100', list({}), rows('true')],
    ['list, newest 100', list({ newestFirst: true }), rows('true', 'id DESC')],
    ['list, from the middle on', list({ after: String(Math.floor(entries / 2)) }), rows(`id > ${Math.floor(entries / 2)}`)],
    ['filter by wallet', list({ walletId: 'third', newestFirst: true }), rows('wallet_id = \'third\'', 'id DESC')],
    ['filter by kind and wallet', list({ walletId: 'third', kind: 'sweep', newestFirst: true }), rows('wallet_id = \'third\' AND kind = \'sweep\'', 'id DESC')],
    ['filter by state', list({ state: 'broadcast', newestFirst: true }), rows('state = \'broadcast\'', 'id DESC')],
    ['filter by state that none has', list({ state: 'reorganised', walletId }), rows(`state = 'reorganised' AND wallet_id = '${walletId}'`)],
    ['filter by date', list({ fromDate: '2024-05-01', toDate: '2024-05-02' }), rows('booked_at >= \'2024-05-01\' AND booked_at <= \'2024-05-02T23:59:59.999Z\'', 'booked_at, id')],
    ['filter by height', list({ fromHeight: 50_000, toHeight: 60_000, kind: 'pay' }), rows('height BETWEEN 50000 AND 60000 AND kind = \'pay\'', 'height, id')],
    ['search a transaction id', list({ text: someId }), rows(`txid = '${someId}'`)],
    ['search an amount', list({ text: '123456' }), rows('id IN (SELECT entry FROM entry_reference WHERE text LIKE \'%123456%\' UNION SELECT id FROM wallet_transaction WHERE change_sats IN (123456, -123456, 12345600000000, -12345600000000))')],
    ['search a reference', list({ text: 'Invoice 77777' }), rows('id IN (SELECT entry FROM entry_reference WHERE text LIKE \'%Invoice 77777%\')')],
    ['search what is not there', list({ text: 'no such words' }), rows('id IN (SELECT entry FROM entry_reference WHERE text LIKE \'%no such words%\')')],
    ['balances of three wallets', () => wallets.map((id) => ledger.books.balance(id)), 'SELECT name, layer, balance_sats FROM account'],
    ['balance at a block', () => ledger.books.balanceAt(walletId, 54_321), `SELECT sum(change_sats) FROM wallet_transaction WHERE wallet_id = '${walletId}' AND live = 1 AND state = 'confirmed' AND height <= 54321`],
    [`audit, books against ${unspent.length} unspent outputs`, () => auditOutputs(ledger.books.unspent(walletId), unspent), `SELECT txid, vout, amount_sats FROM unspent WHERE wallet_id = '${walletId}'`],
    ['close of a month, sums', () => ledger.books.balanceAt(walletId, month[0] - 1) + [...ledger.books.periodEntries(wallets, month[0], month[1])].reduce((sum, { changeSats }) => sum + changeSats, 0n),
      `SELECT (SELECT sum(change_sats) FROM wallet_transaction WHERE wallet_id = '${walletId}' AND live = 1 AND state = 'confirmed' AND height < ${month[0]}); SELECT t.txid, t.wallet_id, t.height, t.block_hash, t.kind, t.change_sats, t.fee_sats, (SELECT group_concat(text) FROM entry_reference WHERE entry = t.id), (SELECT group_concat(text) FROM annotation a WHERE a.txid = t.txid) FROM wallet_transaction t WHERE t.height BETWEEN ${month[0]} AND ${month[1]} AND t.live = 1 AND t.state = 'confirmed' ORDER BY t.height, t.txid, t.wallet_id`],
  ];
  const measured: { name: string; ms: number; shellMs: number }[] = [];
  for (const [name, run, sql] of questions) {
    const ms = await least(run);
    // Two statements of one question are timed apart.
    const parts = sql.split('; SELECT').map((part, index) => (index === 0 ? part : `SELECT${part}`));
    measured.push({ name, ms, shellMs: Number(parts.reduce((sum, part) => sum + shellTime(part), 0).toFixed(2)) });
  }

  const idle = await least(() => refreshBooks(source, ledger, [wallet], 'regtest', NOW, work));
  const batch = (height: number) => sourceWith({
    transactions: Array.from({ length: 100 }, (_, index) => ({ txid: `ab${height.toString(16)}${index.toString(16)}`.padEnd(64, '0'), height, blockHash: hash(height), confirmations: 1, received: [{ vout: 0, amountSats: 1_000n, branch: 0 as const, index: 1 }], spent: [], feeSats: null })),
    isWhole: false, tip: { height, hash: hash(height) },
  });
  let next = TIP;
  const busy = await least(() => refreshBooks(batch((next += 1)), ledger, [wallet], 'regtest', NOW, work));

  began = performance.now();
  const report = await periodReport(sourceWith({ transactions: [], isWhole: false, tip: { height: next, hash: hash(next) } }), ledger, [wallet], String(month[0]), String(month[1]));
  const file = closeFile(report);
  const closeMs = since(began);
  began = performance.now();
  const pdf = closePdf(report, file.sha256, 'a4');
  const pdfMs = since(began);
  began = performance.now();
  let exportedBytes = 0;
  for (let after: string | null = null; ; ) {
    const part = await handlers['ledger.export']({ format: 'csv', after }, work);
    exportedBytes += part.content.length;
    if (part.next == null) break;
    after = part.next;
  }
  const exportMs = since(began);
  began = performance.now();
  const { faults } = await checkLedger(path);
  const checkMs = since(began);
  if (faults.length > 0) throw new Error(`The books of the measurement are not whole: ${JSON.stringify(faults.slice(0, 3))}`);
  began = performance.now();
  await backupLedger(path, join(folder, 'copy.db'), false);
  const backupMs = since(began);
  ledger.close();
  return {
    entries, fileBytes: statSync(path).size, generatedMs, openMs: opened, questions: measured,
    refresh: { nothingNewMs: idle, hundredNewMs: busy },
    close: { transactions: report.transactions.length, reportMs: closeMs, pdfMs, pdfBytes: pdf.length, jsonBytes: file.content.length },
    wholeFile: { exportMs, exportedBytes, checkMs, backupMs }, residentMiB: Math.round(process.memoryUsage().rss / 1_048_576),
  };
}

try {
  console.log(JSON.stringify(await measure()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
