import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChainSource } from '../../src/node/companion/chain-sources.ts';
import { booksPlace, type BooksPlace } from '../support/books/books-place.ts';
import { work } from '../support/books/random-life.ts';
import { bitcoindDriver, type ChainDriver } from '../support/peers/chain-driver.ts';

/* Money on an address further out than a real bitcoind watches: the audit names it, widening reaches it, and it lasts. */

let driver: ChainDriver;
let place: BooksPlace;
beforeAll(async () => {
  driver = await bitcoindDriver();
  place = booksPlace(driver);
});
afterAll(async () => {
  place?.close();
  await driver?.stop();
});

test('a real bitcoind: paid at 1,300, named by the audit, watched, booked, and seen by whoever looks later', async () => {
  const cold = place.wallet(900);
  await driver.source.watch(cold.wallet, work);
  await driver.pay(cold.deriver.derive(0, 0).address, 1_000_000n);
  await driver.mine(1);
  await driver.pay(cold.deriver.derive(0, 1_300).address, 70_000n);
  await driver.mine(1);
  await place.refresh(cold);
  const audit = await place.audit(cold);
  expect(audit).toMatchObject({ agrees: false, ledgerSats: '1000000', nodeSats: '1070000', differences: [{ kind: 'missing-in-ledger', class: 'beyond-gap-limit', repair: { code: 'widen-watch' }, place: { branch: 'receive', index: 1_300 } }] });

  // Stopped before it began to scan: nothing is remembered as done, and nothing stands in the way.
  await expect(place.handlers['wallet.widen']({ wallet: cold.file, node: 'node', to: 1_300 }, { ...work, isCancelled: () => true })).rejects.toMatchObject({ code: 'host.cancelled' });
  expect(place.ledger.watchedTo(audit.walletId)).toBe(-1);

  // The stopped one had its addresses imported already; what it had not done is looked through now.
  const widened = await place.widen(cold, 1_300);
  expect(widened.to.receive).toBeGreaterThanOrEqual(1_300);
  expect(widened).toMatchObject({ to: { change: 1_300 }, found: { outputs: 1, amountSats: '70000', unspentSats: '70000' } });
  await place.refresh(cold);
  expect(await place.audit(cold)).toMatchObject({ agrees: true, ledgerSats: '1070000' });

  // The node remembers it, for a source that is opened anew and for books that know nothing.
  await driver.pay(cold.deriver.derive(1, 1_299).address, 5_000n);
  await driver.mine(1);
  const later = await openChainSource(driver.nodeUrl as string);
  await later.watch(cold.wallet, work);
  expect((await later.utxos(cold.wallet)).map(({ branch, index }) => [branch, index]).sort()).toEqual([[0, 0], [0, 1_300], [1, 1_299]]);
  await later.close();
  await place.refresh(cold);
  expect(await place.audit(cold)).toMatchObject({ agrees: true, ledgerSats: '1075000' });
  expect(await place.widen(cold, 1_300)).toMatchObject({ addresses: 0, found: { outputs: 0, amountSats: '0' } });
}, 180_000);
