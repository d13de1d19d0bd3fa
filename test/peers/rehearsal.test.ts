import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bitcoindChain } from '../../scripts/lib/rehearsal-bitcoind.mjs';
import { createLook } from '../../scripts/lib/rehearsal-look.mjs';
import { rehearse } from '../../scripts/rehearsal.mjs';
import { environmentFor, requireBuilt } from '../flow/programs.ts';
import { startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';

/* The whole ceremony by the built programs against a real bitcoind: the sweep is signed by the node's own wallet. */

let node: RegtestNode;
const place = mkdtempSync(join(tmpdir(), 'strongroom-peers-'));
beforeAll(async () => {
  requireBuilt();
  node = await startBitcoind();
});
afterAll(async () => {
  await node?.stop();
  rmSync(place, { recursive: true, force: true });
});

async function ceremony(name: string): Promise<Record<string, any>> {
  return rehearse({
    folder: join(place, name),
    environment: environmentFor(place),
    chain: await bitcoindChain(node.url, 'rehearsal-hot'),
    look: createLook({ write: () => true }, {}),
  });
}

test('ends confirmed, and the ledger\'s balance equals the node\'s own scan of the UTXO set by descriptor', async () => {
  const facts = await ceremony('first');
  expect(facts['scanSats']).toMatch(/^[1-9][0-9]+$/);
  expect(facts['ledgerSats']).toBe(facts['scanSats']);
  expect(facts['nodeSats']).toBe(facts['scanSats']);
  expect(facts['entries'].map((entry: { state: string }) => entry.state)).toEqual(['confirmed', 'confirmed']);
  // Asked of the wallets that paid and were paid; the node keeps no index of every transaction.
  for (const [txid, wallet] of [[facts['sweepTxid'], 'rehearsal-hot'], [facts['payTxid'], 'rehearsal-suppliers']]) {
    expect((await node.rpc<{ confirmations: number }>('gettransaction', [txid], wallet)).confirmations).toBeGreaterThanOrEqual(1);
  }
});

test('can be rehearsed again on the same chain: new keys, the same hot wallet', async () => {
  const facts = await ceremony('second');
  expect(facts['ledgerSats']).toBe(facts['scanSats']);
});
