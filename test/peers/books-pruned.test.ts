import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChainSource } from '../../src/companion/chain-source.ts';
import { openChainSource } from '../../src/node/companion/chain-sources.ts';
import { booksPlace, type BooksPlace } from '../support/books/books-place.ts';
import { startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';
import type { ChainDriver } from '../support/peers/chain-driver.ts';

/* A real node that discarded the blocks of a wallet's past before it knew the wallet. */

let node: RegtestNode;
let source: ChainSource;
let place: BooksPlace;
beforeAll(async () => {
  node = await startBitcoind(['-prune=1', '-fastprune']);
  source = await openChainSource(node.url);
  place = booksPlace({ network: 'regtest', source } as ChainDriver);
}, 120_000);
afterAll(async () => {
  place?.close();
  await source?.close();
  await node?.stop();
});

test('pruned-history: the set of unspent outputs knows the money, the node\'s blocks do not', { timeout: 120_000 }, async () => {
  const cold = place.wallet(1);
  await node.rpc('createwallet', ['bank']);
  const bank = await node.rpc<string>('getnewaddress', [], 'bank');
  await node.rpc('generatetoaddress', [110, bank]);
  await node.rpc('sendtoaddress', { address: cold.deriver.derive(0, 0).address, amount: '0.5', fee_rate: 5 }, 'bank');
  await node.rpc('generatetoaddress', [800, bank]);
  await node.rpc('pruneblockchain', [500]);
  expect(await source.status()).toMatchObject({ pruned: true });
  const audit = await place.audit(cold);
  expect(audit).toMatchObject({ agrees: false, nodeSats: '50000000', ledgerSats: '0', differences: [{ kind: 'missing-in-ledger', class: 'pruned-history', repair: { code: 'use-full-node' } }] });
  // The first scan of the wallet says the same.
  await expect(place.refresh(cold)).rejects.toMatchObject({ code: 'node.pruned' });
});
