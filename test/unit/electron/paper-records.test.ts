import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepPaperRecord } from '../../../electron/signer/paper-records.ts';
import { openSignerShelves } from '../../../electron/signer/shelf-handlers.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { parsePaperWalletRecord, type PaperWalletRecord } from '../../../src/signer/entropy/paper-wallet-record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-papers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = (address: string): PaperWalletRecord => ({
  serial: 'SR-7', network: 'regtest', label: 'Reserve', addresses: [address], sources: [{ source: 'dice', count: 99, bits: 255 }], health: ['dice/face'],
  program: 'strongroom-signer', programVersion: '0.1.0', build: 'source', madeAt: '2026-11-22T10:00:00.000Z',
});

test('each batch has one record in the folder papers, however often it is printed, and whatever its serial', async () => {
  const { papers } = openSignerShelves(folder);
  const [first, second] = [record('bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080'), record('mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn')];
  for (const each of [first, first, second]) await keepPaperRecord(papers, each);
  const kept = readdirSync(join(folder, 'papers')).map((name) => parsePaperWalletRecord(readFileSync(join(folder, 'papers', name), 'utf8')));
  expect(kept).toHaveLength(2);
  expect(kept).toEqual(expect.arrayContaining([first, second]));
  expect(readdirSync(join(folder, 'papers')).every((name) => /^paper-wallets-sr-7-[0-9a-f]{8}\.entropy\.json$/.test(name))).toBe(true);
});

test('a record that cannot be kept is an error, so that nothing is printed', async () => {
  const full = { add: () => Promise.reject(new StrongroomError('file.disk-full', 'full', {}, '')) };
  await expect(keepPaperRecord(full, record('mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn'))).rejects.toMatchObject({ code: 'file.disk-full' });
});
