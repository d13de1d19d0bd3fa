import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { companion, done, practice, requireBuilt } from './programs.ts';
import { makeTreasury, type Treasury } from './treasury.ts';

/* The books on the command line, as finance uses them: list, note, export, close, verify, check, back up, restore. */

let treasury: Treasury;
beforeAll(() => {
  requireBuilt();
  treasury = makeTreasury();
  for (let number = 0; number < 3; number += 1) {
    const { addresses } = done(companion(['wallet', 'address', '--wallet', 'wallet.json', '--index', String(number + 1)], options()));
    done(practice(['faucet', '--folder', 'chain', '--to', addresses[0].address, '--amount-sats', String(10_000 + number)], options()));
  }
  done(companion(['ledger', 'refresh', '--wallet', 'wallet.json', '--node', treasury.node, ...db()], options()));
}, 120_000);
afterAll(() => treasury?.remove());

const options = () => ({ folder: treasury.folder });
const db = (): string[] => ['--db', 'ledger.db'];
const books = (args: readonly string[]) => companion([...args, ...db()], options());

test('list: filters, pages and the place where it goes on', () => {
  const all = done(books(['ledger', 'list']));
  expect(all).toMatchObject({ more: false, next: null });
  expect(all['entries'].map(({ changeSats }: { changeSats: string }) => changeSats)).toEqual(['100000000', '10000', '10001', '10002']);
  const first = done(books(['ledger', 'list', '--limit', '3']));
  expect(first).toMatchObject({ more: true });
  expect(done(books(['ledger', 'list', '--limit', '3', '--after', first['next']]))['entries']).toHaveLength(1);
  expect(done(books(['ledger', 'list', '--search', '0.00010001']))['entries']).toHaveLength(1);
  expect(done(books(['ledger', 'list', '--state', 'replaced']))['entries']).toEqual([]);
});

test('a note is found, shown with its history, and exported; a part-by-part file is the whole document', () => {
  const [, { txid }] = done(books(['ledger', 'list']))['entries'];
  done(books(['ledger', 'annotate', `${txid}:0`, '--reference', 'Rent, November', '--cost-code', '4711', '--by', 'Anna']));
  expect(done(books(['ledger', 'list', '--search', 'november']))['entries']).toMatchObject([{ txid, costCodes: ['4711'] }]);
  expect(done(books(['ledger', 'show', txid]))).toMatchObject({ changes: [{ changedBy: 'Anna', before: null, after: 'Rent, November' }, { after: '4711' }], journal: [{ event: 'confirmed', postings: [{ account: 'outside' }, { account: expect.stringMatching(/^wallet:/) }] }] });
  const printed = done(books(['ledger', 'export', '--format', 'json']));
  const written = done(books(['ledger', 'export', '--format', 'json', '--out', 'books.json']));
  expect(readFileSync(join(treasury.folder, written['out']), 'utf8')).toBe(printed['content']);
  expect(JSON.parse(printed['content'])['entries']).toHaveLength(4);
  expect(books(['ledger', 'export', '--out', 'books.json']).json()['error']['code']).toBe('file.exists');
  expect(books(['ledger', 'annotate', 'ab'.repeat(32), '--reference', 'x']).json()['error']['code']).toBe('ledger.unknown-entry');
  expect(books(['ledger', 'annotate', txid]).exit).toBe(64);
});

test('a close is written as JSON and PDF, named by its hash, and equals what the node alone says', () => {
  const { height } = done(companion(['node', 'check', '--node', treasury.node], options()));
  const closed = books(['ledger', 'close', '--to', String(height), '--wallet', 'wallet.json', '--node', treasury.node, '--out', 'close']);
  // The last block has nothing on it yet.
  expect(closed.exit).toBe(2);
  const { json, pdf, sha256, wallets } = closed.json();
  const content = readFileSync(join(treasury.folder, json), 'utf8');
  expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  expect(readFileSync(join(treasury.folder, pdf)).subarray(0, 5).toString()).toBe('%PDF-');
  expect(wallets).toMatchObject([{ walletName: 'Treasury', openingSats: '0', receiptsSats: '100030003', closingSats: '100030003' }]);
  expect(done(companion(['ledger', 'verify-close', json, '--wallet', 'wallet.json', '--node', treasury.node], options()))).toMatchObject({ equal: true, transactions: 4 });
  expect(done(books(['ledger', 'closes']))['periods']).toMatchObject([{ sha256 }]);
  expect(books(['ledger', 'close', '--to', String(height), '--wallet', 'wallet.json', '--node', treasury.node, '--out', 'again']).json()['error']['code']).toBe('ledger.period');
  expect(done(books(['ledger', 'audit', '--wallet', 'wallet.json', '--node', treasury.node]))).toMatchObject({ agrees: true, waiting: [] });
});

test('a damaged ledger is named; the backup restores it, and the damaged one stays beside it', () => {
  mkdirSync(join(treasury.folder, 'backups'));
  expect(done(books(['ledger', 'check']))).toMatchObject({ whole: true, entries: 4, faults: [] });
  const made = done(books(['ledger', 'backup', '--out', 'backups']));
  const before = done(books(['ledger', 'export']))['content'];
  truncateSync(join(treasury.folder, 'ledger.db'), 20_000);
  expect(books(['ledger', 'list']).json()['error']['code']).toBe('ledger.malformed');
  expect(books(['ledger', 'restore', made['out']]).json()['error']['code']).toBe('file.exists');
  expect(done(books(['ledger', 'restore', made['out'], '--force']))['replaced']).toMatch(/before-restore/);
  expect(done(books(['ledger', 'export']))['content']).toBe(before);
  expect(done(books(['ledger', 'check']))).toMatchObject({ whole: true });
  expect(readdirSync(treasury.folder).filter((name) => name.startsWith('ledger.db'))).toHaveLength(2);
});
