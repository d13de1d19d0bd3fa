import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { openSqliteLedger } from '../../src/node/companion/sqlite-ledger.ts';
import { liveAtRandom } from '../support/books/random-life.ts';
import { bitcoindDriver, type ChainDriver } from '../support/peers/chain-driver.ts';

/* The same lives as in flow/books-random.test.ts, on a real bitcoind. STRONGROOM_BOOK_RUNS_BITCOIND names how many. */

const RUNS = Number(process.env['STRONGROOM_BOOK_RUNS_BITCOIND'] ?? 3);
const STEPS = 8;

const folder = mkdtempSync(join(tmpdir(), 'strongroom-books-'));
let driver: ChainDriver;
beforeAll(async () => {
  driver = await bitcoindDriver();
});
afterAll(async () => {
  await driver?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.for(Array.from({ length: RUNS }, (_, run) => run))(`a real bitcoind, run %i of ${RUNS}: after every step the books equal the node's unspent outputs to the satoshi`, { timeout: 180_000 }, async (run) => {
  const close = openSqliteLedger(join(folder, `close-${run}.db`));
  const far = openSqliteLedger(join(folder, `far-${run}.db`));
  try {
    await liveAtRandom({ driver, seed: 2_000 + run, steps: STEPS, keys: 100 + run * 3, close, far });
  } finally {
    close.close();
    far.close();
  }
});
