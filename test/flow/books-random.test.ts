import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqliteLedger } from '../../src/node/companion/sqlite-ledger.ts';
import { liveAtRandom } from '../support/books/random-life.ts';
import { practiceDriver, type ChainDriver } from '../support/peers/chain-driver.ts';

/* STRONGROOM_BOOK_RUNS names how many; each run has the same wallets live another life. */

const RUNS = Number(process.env['STRONGROOM_BOOK_RUNS'] ?? 10);
const STEPS = 24;

const folder = mkdtempSync(join(tmpdir(), 'strongroom-books-'));
let driver: ChainDriver;
const done: Record<string, number> = {};
beforeAll(async () => {
  driver = await practiceDriver();
});
afterAll(async () => {
  await driver?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.for(Array.from({ length: RUNS }, (_, run) => run))(`the practice chain, run %i of ${RUNS}: after every step the books equal the node's unspent outputs to the satoshi`, { timeout: 120_000 }, async (run) => {
  const close = openSqliteLedger(join(folder, `close-${run}.db`));
  const far = openSqliteLedger(join(folder, `far-${run}.db`));
  try {
    if (run > 0 && run % 10 === 0) {
      // The practice chain scans all of its history for each question: a young one answers sooner.
      await driver.stop();
      driver = await practiceDriver();
    }
    const counts = await liveAtRandom({ driver, seed: 1_000 + run, steps: STEPS, keys: 100 + run * 3, close, far });
    for (const [name, count] of Object.entries(counts)) done[name] = (done[name] ?? 0) + count;
  } finally {
    close.close();
    far.close();
  }
});

test('every kind of thing happened', () => {
  expect(Object.keys(done).sort()).toEqual(RUNS < 5 ? expect.any(Array) : ['chain', 'child', 'mine', 'payBatch', 'receive', 'refill', 'reorganise', 'replace', 'sweep']);
});
