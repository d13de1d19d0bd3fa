import { afterEach, expect, test } from 'vitest';
import type { ChainWork } from '../../../src/companion/chain-source.ts';
import { bitcoindSource } from '../../../src/node/companion/bitcoind/bitcoind-source.ts';
import { attemptWithNewer } from '../../../src/node/companion/bitcoind/older-nodes.ts';
import { watchWalletName } from '../../../src/node/companion/bitcoind/watch-wallet.ts';
import { walletDescriptor } from '../../../src/wallet/wallet.ts';
import { testWallet } from '../support/psbt-builder.ts';
import { fakeNode, methods } from './fake-node.ts';

/** A node whose wallets hold scripts and no descriptors, as Litecoin Core 0.21 and Bitcoin Core before 22. */

const { wallet, deriver } = testWallet(2, 3);
const name = watchWalletName(wallet);
const quiet: ChainWork = { progress: () => undefined, isCancelled: () => false };
const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});
async function source(answers: Parameters<typeof methods>[0]) {
  const peer = await fakeNode(methods({ getblockchaininfo: '{"chain":"regtest","blocks":120,"headers":120,"initialblockdownload":true,"pruned":false}', ...answers }));
  const client = await peer.open();
  const opened = bitcoindSource(client, null);
  open.push(peer, opened);
  return { node: opened, client, calls: (method: string) => peer.requests.flatMap(({ calls }) => calls.filter((call) => call.method === method).map(({ params }) => params)) };
}

/** Watches what was imported, up to the ends that were asked for; pays what the test says. */
function scriptWallet(paid: readonly (readonly [branch: 0 | 1, index: number])[], isHonest = true) {
  const ends = [0, 0];
  let label = '';
  const place = new Map([...paid.map(([branch, index]) => [deriver.derive(branch, index).address, [branch, index] as const] as const)]);
  return {
    answers: {
      listwallets: '[]', listwalletdir: '{"wallets":[]}', createwallet: '{}', getwalletinfo: '{"private_keys_enabled":false,"scanning":false}', setlabel: (params: never) => ((label = (params as unknown as string[])[1] as string), 'null'),
      listreceivedbyaddress: () => JSON.stringify(paid.filter(([branch, index]) => index < (ends[branch] as number)).map(([branch, index]) => ({ address: deriver.derive(branch, index).address }))),
      importmulti: (params: never) => {
        const [requests] = params as unknown as [{ range: [number, number] }[]];
        if (isHonest) requests.forEach(({ range }, branch) => (ends[branch] = range[1] + 1));
        return '[{"success":true},{"success":true}]';
      },
      getaddressinfo: (params: never) => {
        const [address] = params as unknown as [string];
        const [branch, index] = place.get(address) ?? ([0, 1].flatMap((each) => [999, 1_999, 2_999, 3_999, 0].map((at) => [each as 0 | 1, at] as const)).find(([each, at]) => deriver.derive(each, at).address === address) ?? [0, Number.POSITIVE_INFINITY]);
        const isWatched = index < (ends[branch] as number);
        return JSON.stringify({ ismine: false, iswatchonly: isWatched, labels: label === '' ? [] : [label], desc: `wsh(multi(2,[73c5da0a/48h/1h/0h/2h/${branch}/${index}]02aa))#abcdefgh` });
      },
    },
    ends,
  };
}

test('a wallet of scripts is made where the node cannot list descriptors; both branches are imported as received, and marked', async () => {
  const held = scriptWallet([]);
  const { node, calls } = await source(held.answers);
  await node.watch(wallet, quiet);
  expect(calls('createwallet')).toEqual([{ wallet_name: name, disable_private_keys: true, blank: true, descriptors: false, load_on_startup: true }]);
  expect(calls('importmulti')).toEqual([[([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet, branch), range: [0, 999], timestamp: 0, internal: false, watchonly: true })), { rescan: true }]]);
  expect(calls('setlabel')).toEqual([[deriver.derive(0, 0).address, 'strongroom: past scanned']]);
  // Watched already: nothing more is imported.
  await node.watch(wallet, quiet);
  expect(calls('importmulti')).toHaveLength(1);
});

test('what is paid near the end of what is watched widens it, one branch at a time, until nothing more is found', async () => {
  const held = scriptWallet([[0, 998], [0, 1_500], [1, 3]]);
  const { node, calls } = await source(held.answers);
  await node.watch(wallet, quiet);
  expect(calls('importmulti').map((params) => (params as [{ range: unknown }[]])[0].map(({ range }) => range))).toEqual([[[0, 999], [0, 999]], [[0, 1_999], [0, 1_999]], [[0, 2_999], [0, 1_999]]]);
});

test('it is watched further where somebody asks for it, once', async () => {
  const held = scriptWallet([[1, 998]]);
  const { node, calls } = await source(held.answers);
  for (const reach of [{ to: 1_999 }, { to: 1_999 }, { to: 7 }, undefined]) expect(await node.watch(wallet, quiet, reach)).toEqual([2_000, 2_000]);
  expect(calls('setlabel')).toEqual([[deriver.derive(0, 0).address, 'strongroom: past scanned for 2000 addresses']]);
  expect(calls('importmulti').map((params) => (params as [{ range: unknown }[]])[0].map(({ range }) => range))).toEqual([[[0, 1_999], [0, 1_999]]]);
});

test('a node that says that it imported and does not watch is found out', async () => {
  const { node } = await source(scriptWallet([], false).answers);
  await expect(node.watch(wallet, quiet)).rejects.toMatchObject({ code: 'node.malformed' });
});

test('parameters that the node does not know are left out, once for all', async () => {
  const { client, calls } = await source({ listsinceblock: (params: never) => ('include_change' in (params as object) ? -8 : '{}') });
  for (let round = 0; round < 2; round += 1) expect(await attemptWithNewer(client, 'listsinceblock', { include_removed: false }, { include_change: true }, {})).toMatchObject({ ok: true });
  expect(calls('listsinceblock')).toEqual([{ include_removed: false, include_change: true }, { include_removed: false }, { include_removed: false }]);
});

test('another refusal is not mistaken for an unknown parameter, and a call that is refused either way stays refused', async () => {
  const { client, calls } = await source({ listsinceblock: -5, walletprocesspsbt: -8 });
  expect(await attemptWithNewer(client, 'listsinceblock', {}, { include_change: true }, {})).toEqual({ ok: false, errorCode: -5 });
  expect(calls('listsinceblock')).toHaveLength(1);
  for (let round = 0; round < 2; round += 1) expect(await attemptWithNewer(client, 'walletprocesspsbt', {}, { finalize: true }, {})).toEqual({ ok: false, errorCode: -8 });
  expect(calls('walletprocesspsbt')).toHaveLength(4);
});

test.each([
  ['another coin\'s', '"530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9"', 'network.mismatch'],
  ['nobody\'s', `"${'11'.repeat(32)}"`, 'network.mismatch'],
  ['none', -8, 'node.rejected'],
] as const)('the coin is known by block 0, whatever the chain is called: %s', async (_, block, expected) => {
  const { node } = await source({ 'block 0': block });
  await expect(node.watch(wallet, quiet)).rejects.toMatchObject({ code: expected });
});
