import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChainSource } from '../../src/node/companion/chain-sources.ts';
import { watchWalletName } from '../../src/node/companion/bitcoind/watch-wallet.ts';
import { startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';
import { coldKeys } from '../support/peers/cold-keys.ts';

/*
 * The first scan of a wallet whose past is long: progress, a stop in the middle, and a second scan that goes on where the first one was.
 */

const BLOCKS = 2_600;
/** Nobody's: the bank need not look at every block. */
const nobody = coldKeys('regtest', 78).deriver.derive(0, 0).address;
const cold = coldKeys('regtest', 77);
let node: RegtestNode;

beforeAll(async () => {
  node = await startBitcoind();
  // Years ago, or the import would scan all of it at once: the node looks at the last two hours by itself.
  const begun = Math.floor(Date.now() / 1000) - 4 * 365 * 86_400;
  await node.rpc('setmocktime', [begun]);
  // Now, so that the blocks are not older than it.
  await node.rpc('createwallet', ['bank']);
  const bank = await node.rpc<string>('getnewaddress', [], 'bank');
  const mine = (blocks: number) => node.rpc('generatetoaddress', [blocks, nobody]);
  await node.rpc('generatetoaddress', [5, bank]);
  await mine(115);
  await node.rpc('syncwithvalidationinterfacequeue');
  await node.rpc('sendtoaddress', { address: cold.deriver.derive(0, 5).address, amount: 1, fee_rate: 5 }, 'bank');
  await mine(BLOCKS - 420);
  for (const [index, amount] of [[900, 2], [1_200, 4]] as const) {
    await node.rpc('sendtoaddress', { address: cold.deriver.derive(0, index).address, amount, fee_rate: 5 }, 'bank');
    await mine(1);
  }
  await mine(286);
  await node.rpc('setmocktime', [Math.floor(Date.now() / 1000)]);
  // The median of eleven blocks is what a node takes for its time.
  await mine(12);
}, 240_000);
afterAll(async () => {
  await node?.stop();
});

test('a first scan that is stopped goes on where it was, and ends with the whole past, beyond the first thousand addresses too', async () => {
  const source = await openChainSource(node.url);
  const name = watchWalletName(cold.wallet);
  const first = cold.deriver.derive(0, 0).address;
  const marks = async (): Promise<string[]> => (await node.rpc<{ labels: string[] }>('getaddressinfo', [first], name)).labels;
  const fractions: number[] = [];
  let isCancelled = false;
  const stopAfter = { progress: ({ fraction }: { fraction: number | null }) => {
    fractions.push(fraction ?? -1);
    // Stopped once the first slice is marked.
    if ((fraction ?? 0) > 0.2) isCancelled = true;
  }, isCancelled: () => isCancelled };
  await expect(source.watch(cold.wallet, stopAfter)).rejects.toMatchObject({ code: 'host.cancelled' });
  const stopped = await marks();
  expect(stopped).toEqual([expect.stringMatching(/^strongroom: past scanned to block \d+$/)]);
  const done = Number(stopped[0]?.match(/\d+$/)?.[0]);
  expect(done).toBeGreaterThanOrEqual(999);
  expect(done).toBeLessThan(BLOCKS);
  // Nobody scans on behind the person's back.
  expect((await node.rpc<{ scanning: unknown }>('getwalletinfo', [], name)).scanning).toBe(false);

  const resumed: number[] = [];
  await source.watch(cold.wallet, { progress: ({ fraction }) => resumed.push(fraction ?? -1), isCancelled: () => false });
  // It did not begin anew: what was done counts from the first report on.
  expect(resumed[0]).toBeGreaterThanOrEqual((done + 1) / (BLOCKS + 1) - 0.01);
  expect(resumed.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  expect(await marks()).toEqual(['strongroom: past scanned']);
  // Address 1,200 lies past the first thousand: 900 was paid, so that it is looked further. This node is set to look only 50 ahead by itself.
  const utxos = await source.utxos(cold.wallet);
  expect(utxos.map(({ index, amountSats }) => [index, amountSats]).sort((x, y) => Number(x[0]) - Number(y[0]))).toEqual([[5, 100_000_000n], [900, 200_000_000n], [1_200, 400_000_000n]]);
  await source.close();
}, 240_000);
