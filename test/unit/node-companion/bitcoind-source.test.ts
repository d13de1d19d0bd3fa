import { afterEach, expect, test } from 'vitest';
import type { ChainSource, ChainWork } from '../../../src/companion/chain-source.ts';
import { formatBtc } from '../../../src/domain/amount.ts';
import { toBase64, toHex } from '../../../src/domain/bytes.ts';
import { bitcoindSource } from '../../../src/node/companion/bitcoind/bitcoind-source.ts';
import { rejectReason } from '../../../src/node/companion/bitcoind/mempool.ts';
import { watchWalletName } from '../../../src/node/companion/bitcoind/watch-wallet.ts';
import { walletDescriptor } from '../../../src/wallet/wallet.ts';
import { fundingTransaction, strangerScript, testWallet } from '../support/psbt-builder.ts';
import { fakeNode, methods, type FakeNode } from './fake-node.ts';

const { wallet, deriver } = testWallet(2, 3);
const own = deriver.derive(0, 7);
const hintOf = (branch: number, index: number): string => `wsh(multi(2,[73c5da0a/48h/1h/0h/2h/${branch}/${index}]02aa,[73c5da0b/48h/1h/0h/2h/${branch}/${index}]03bb))#abcdefgh`;
const funding = fundingTransaction([{ scriptPubKey: own.scriptPubKey, amountSats: 123_456n }, { scriptPubKey: strangerScript(), amountSats: 5n }]);
const quiet: ChainWork = { progress: () => undefined, isCancelled: () => false };
const name = watchWalletName(wallet);

const chain = (more = '') => `{"chain":"regtest","blocks":120,"headers":120,"initialblockdownload":true,"pruned":false${more}}`;
const descriptors = JSON.stringify({ descriptors: ([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet, branch).replaceAll('h', '\''), range: [0, 1499] })) });

const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});
async function source(answers: Parameters<typeof methods>[0]): Promise<{ chain: ChainSource; peer: FakeNode; asked: () => string[] }> {
  const peer = await fakeNode(methods({ getblockchaininfo: chain(), ...answers }));
  const opened = bitcoindSource(await peer.open(), null);
  open.push(peer, opened);
  return { chain: opened, peer, asked: () => peer.requests.flatMap((request) => request.calls.map((call) => call.method)) };
}
const unspentOf = (script: Uint8Array, desc: string | null): string =>
  `[{"txid":"${funding.txid}","vout":0,"scriptPubKey":"${toHex(script)}","amount":${formatBtc(123_456n)},"confirmations":3,"spendable":true,"solvable":true,"safe":true${desc === null ? '' : `,"desc":"${desc}"`}}]`;

test('what a node says of itself: exact least fee rate, version without its own text, regtest is synced whatever it thinks', async () => {
  const { chain: node } = await source({ getnetworkinfo: '{"version":290500,"subversion":"/SECRET/"}', getmempoolinfo: '{"mempoolminfee":0.00001234,"minrelaytxfee":0.00001000}' });
  expect(await node.status()).toEqual({ network: 'regtest', chain: 'regtest', height: 120, headers: 120, pruned: false, synced: true, version: '29.5.0', minimumFeeRate: 1234n });
});

test('a mainnet node that is catching up is not synced; a chain that is not served is refused', async () => {
  const facts = { getnetworkinfo: '{"version":290500}', getmempoolinfo: '{"mempoolminfee":0.00001,"minrelaytxfee":0.00001}' };
  expect(await (await source({ ...facts, getblockchaininfo: chain().replace('regtest', 'main') })).chain.status()).toMatchObject({ network: 'mainnet', synced: false });
  expect(await (await source({ ...facts, getblockchaininfo: chain().replace('regtest', 'test') })).chain.status()).toMatchObject({ network: 'testnet3', chain: 'test' });
  await expect((await source({ ...facts, getblockchaininfo: chain().replace('regtest', 'practice') })).chain.status()).rejects.toMatchObject({ code: 'network.mismatch' });
});

test('a wallet of another network than the node\'s is refused before the node hears of it', async () => {
  const { chain: node, asked } = await source({ getblockchaininfo: chain().replace('regtest', 'signet') });
  for (const work of [() => node.watch(wallet, quiet), () => node.utxos(wallet), () => node.transactions(wallet), () => node.scanUtxoSet(wallet, quiet)]) await expect(work()).rejects.toMatchObject({ code: 'network.mismatch' });
  expect(new Set(asked())).toEqual(new Set(['getblockchaininfo', 'getblockhash']));
});

test('unspent outputs are found where the node points and we derive the same script', async () => {
  const { chain: node, peer } = await source({ listunspent: unspentOf(own.scriptPubKey, hintOf(0, 7)) });
  expect(await node.utxos(wallet)).toEqual([{ txid: funding.txid, vout: 0, amountSats: 123_456n, scriptPubKey: own.scriptPubKey, address: own.address, branch: 0, index: 7, confirmations: 3 }]);
  expect(peer.requests.at(-1)?.path).toBe(`/wallet/${name}`);
});

test('a node that counts a foreign output to the wallet is found out', async () => {
  for (const [script, hint] of [[strangerScript(), hintOf(0, 7)], [own.scriptPubKey, hintOf(0, 8)], [own.scriptPubKey, hintOf(1, 7)], [own.scriptPubKey, null], [own.scriptPubKey, hintOf(0, 9_999_999)]] as const) {
    await expect((await source({ listunspent: unspentOf(script, hint) })).chain.utxos(wallet)).rejects.toMatchObject({ code: 'node.malformed' });
  }
});

test('amounts of the history come from the transactions\' own bytes, whatever the node states beside them', async () => {
  const listed = `{"transactions":[{"txid":"${funding.txid}","category":"receive","address":"${own.address}","vout":0,"amount":999}],"removed":[],"lastblock":"${'ab'.repeat(32)}"}`;
  const answers = { getblockheader: '{"height":120,"time":1,"mediantime":1,"confirmations":1}', listsinceblock: listed, gettransaction: `{"txid":"${funding.txid}","confirmations":3,"blockheight":118,"hex":"${toHex(funding.bytes)}"}`, getaddressinfo: `{"ismine":true,"desc":"${hintOf(0, 7)}"}` };
  const history = [{ txid: funding.txid, height: 118, confirmations: 3, received: [{ vout: 0, amountSats: 123_456n, branch: 0, index: 7 }], spent: [], feeSats: null }];
  expect(await (await source(answers)).chain.transactions(wallet)).toEqual(history);
  expect(await (await source({ ...answers, gettransaction: answers.gettransaction.replace('3,"blockheight":118', '-2') })).chain.transactions(wallet)).toEqual([{ ...history[0], height: null, confirmations: -1 }]);
  const other = fundingTransaction([{ scriptPubKey: own.scriptPubKey, amountSats: 1n }], 9);
  for (const lie of [{ gettransaction: answers.gettransaction.replace(toHex(funding.bytes), toHex(other.bytes)) }, { getaddressinfo: `{"ismine":true,"desc":"${hintOf(0, 8)}"}` }, { listsinceblock: listed.replace('"vout":0', '"vout":1') }, { listsinceblock: listed.replace('"vout":0', '"vout":9') }]) {
    await expect((await source({ ...answers, ...lie })).chain.transactions(wallet)).rejects.toMatchObject({ code: 'node.malformed' });
  }
});

test('an unconfirmed transaction that is not in the mempool was replaced or dropped, and does not count as waiting', async () => {
  const answers = {
    listsinceblock: `{"transactions":[{"txid":"${funding.txid}","category":"receive","address":"${own.address}","vout":0}],"lastblock":"${'ab'.repeat(32)}"}`, getblockheader: '{"height":120,"time":1,"mediantime":1,"confirmations":1}',
    gettransaction: `{"txid":"${funding.txid}","confirmations":0,"hex":"${toHex(funding.bytes)}"}`, getaddressinfo: `{"ismine":true,"desc":"${hintOf(0, 7)}"}`,
  };
  const confirmationsWith = async (getmempoolentry: string | number) => (await (await source({ ...answers, getmempoolentry })).chain.transactions(wallet))[0]?.confirmations;
  expect(await confirmationsWith('{"vsize":141}')).toBe(0);
  expect(await confirmationsWith(-5)).toBe(-1);
  await expect(confirmationsWith(-1)).rejects.toMatchObject({ code: 'node.rejected' });
});

const watchable = {
  listwallets: JSON.stringify([name]), getwalletinfo: '{"private_keys_enabled":false,"scanning":false}', listdescriptors: descriptors, importdescriptors: '[{"success":true},{"success":true}]', setlabel: 'null',
  getblockchaininfo: chain(), getaddressinfo: '{"ismine":true,"labels":[]}', rescanblockchain: '{"start_height":0,"stop_height":120}',
};

test('a wallet that is watched already, its past scanned, costs no import', async () => {
  const { chain: node, asked } = await source({ ...watchable, getaddressinfo: '{"ismine":true,"labels":["strongroom: past scanned"]}' });
  await node.watch(wallet, quiet);
  expect(asked()).not.toContain('importdescriptors');
});

test('a first scan that was interrupted is made again: descriptors without the mark do not count, and are not imported twice', async () => {
  let scanned: unknown;
  const { chain: node, asked } = await source({ ...watchable, rescanblockchain: (params) => ((scanned = params), '{"start_height":0,"stop_height":120}') });
  await node.watch(wallet, quiet);
  expect(scanned).toEqual([0]);
  expect(asked()).not.toContain('importdescriptors');
  expect(asked().filter((method) => method === 'setlabel')).toHaveLength(2);
});

test('a first scan goes on after the last block that is marked as done, slice by slice, and marks each', async () => {
  const marks: unknown[] = [];
  const slices: unknown[] = [];
  const { chain: node } = await source({
    ...watchable, getblockchaininfo: chain().replaceAll('120', '6000'),
    getaddressinfo: () => JSON.stringify({ ismine: true, labels: [marks.at(-1) ?? 'strongroom: past scanned to block 1499'] }),
    setlabel: (params) => (marks.push((params as unknown as string[])[1]), 'null'),
    rescanblockchain: (params) => (slices.push(params), JSON.stringify({ start_height: (params as unknown as number[])[0], stop_height: (params as unknown as number[])[1] ?? 6000 })),
  });
  const seen: (number | null)[] = [];
  await node.watch(wallet, { progress: ({ fraction }) => seen.push(fraction), isCancelled: () => false });
  expect(slices).toEqual([[1500, 2499], [2500, 4499], [4500]]);
  expect(marks).toEqual(['strongroom: past scanned to block 2499', 'strongroom: past scanned to block 4499', 'strongroom: past scanned to block 6000', 'strongroom: past scanned']);
  expect(seen.every((fraction, position) => fraction !== null && fraction <= 1 && fraction >= (seen[position - 1] ?? 0))).toBe(true);
});

test('a first scan that is stopped between slices says so and keeps its marks', async () => {
  const marks: unknown[] = [];
  let isCancelled = false;
  const { chain: node } = await source({
    ...watchable, getblockchaininfo: chain().replaceAll('120', '6000'), setlabel: (params) => (marks.push((params as unknown as string[])[1]), 'null'),
    rescanblockchain: () => ((isCancelled = true), '{"start_height":0,"stop_height":999}'),
  });
  await expect(node.watch(wallet, { progress: () => undefined, isCancelled: () => isCancelled })).rejects.toMatchObject({ code: 'host.cancelled' });
  expect(marks).toEqual(['strongroom: past scanned to block 999']);
});

test('a node that is set to look only a little ahead is told to look further, and the past is scanned for what is new', async () => {
  let next = 900;
  const marks: unknown[] = [];
  const imported: unknown[] = [];
  const range = (): number => (imported.length === 0 ? 999 : 1899);
  const { chain: node } = await source({
    ...watchable, setlabel: (params) => (marks.push((params as unknown as string[])[1]), 'null'),
    getaddressinfo: () => JSON.stringify({ ismine: true, labels: [marks.at(-1) ?? 'strongroom: past scanned'] }),
    listdescriptors: () => JSON.stringify({ descriptors: ([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet, branch), range: [0, range()], next })) }),
    importdescriptors: (params) => (imported.push((params as unknown as { range: unknown }[][])[0]?.map((item) => item.range)), '[{"success":true},{"success":true}]'),
  });
  await node.watch(wallet, quiet);
  expect(imported).toEqual([[[0, 1899], [0, 1899]]]);
  expect(marks).toEqual(['strongroom: past to be scanned', 'strongroom: past scanned to block 120', 'strongroom: past scanned']);
  next = 901;
  await node.watch(wallet, quiet);
  expect(imported).toHaveLength(1);
});

/** A node whose wallet watches 0 to `last` of each branch, and carries the mark. */
function markedNode(last: number, mark: string) {
  const node = { last, marks: [mark], imported: [] as unknown[], slices: [] as unknown[] };
  const answers = {
    ...watchable, setlabel: (params: never) => (node.marks.push((params as unknown as string[])[1] as string), 'null'),
    getaddressinfo: () => JSON.stringify({ ismine: true, labels: [node.marks.at(-1)] }),
    listdescriptors: () => JSON.stringify({ descriptors: ([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet, branch), range: [0, node.last], next: 0 })) }),
    importdescriptors: (params: never) => {
      const [requests] = params as unknown as [{ range: [number, number] }[]];
      node.imported.push(requests.map(({ range }) => range));
      node.last = requests[0]?.range[1] ?? 0;
      return '[{"success":true},{"success":true}]';
    },
    rescanblockchain: (params: never) => (node.slices.push(params), '{"start_height":0,"stop_height":120}'),
  };
  return { node, answers };
}

test('a wallet is watched further where somebody asks for it: imported, its past scanned from the start, and remembered by the node', async () => {
  const { node, answers } = markedNode(999, 'strongroom: past scanned');
  const { chain: opened } = await source(answers);
  expect(await opened.watch(wallet, quiet, { to: 1_300 })).toEqual([1_301, 1_301]);
  expect(node.imported).toEqual([[[0, 1300], [0, 1300]]]);
  expect(node.slices).toEqual([[0]]);
  expect(node.marks.slice(1)).toEqual(['strongroom: past to be scanned for 1301 addresses', 'strongroom: past scanned to block 120 for 1301 addresses', 'strongroom: past scanned for 1301 addresses']);
  // Asked for the same, for less, or for nothing: nothing is done, and nothing becomes narrower.
  for (const reach of [{ to: 1_300 }, { to: 5 }, undefined]) expect(await opened.watch(wallet, quiet, reach)).toEqual([1_301, 1_301]);
  expect([node.imported.length, node.slices.length]).toEqual([1, 1]);
});

test('a range that grew by what was paid in it was not there when the past was scanned: it is scanned again, and not imported', async () => {
  const { node, answers } = markedNode(1_999, 'strongroom: past scanned');
  const { chain: opened } = await source(answers);
  expect(await opened.watch(wallet, quiet, { to: 1_300 })).toEqual([2_000, 2_000]);
  expect([node.imported, node.slices]).toEqual([[], [[0]]]);
  expect(node.marks.at(-1)).toBe('strongroom: past scanned for 1301 addresses');
});

test('a scan for more addresses that was stopped goes on where it was, and for as many addresses, whoever looks next', async () => {
  const { node, answers } = markedNode(1_300, 'strongroom: past scanned to block 99 for 1301 addresses');
  const { chain: opened } = await source(answers);
  await opened.watch(wallet, quiet);
  expect([node.imported, node.slices, node.marks.at(-1)]).toEqual([[], [[100]], 'strongroom: past scanned for 1301 addresses']);
  // A scan for fewer that was under way does not count for more: it begins anew.
  const fewer = markedNode(999, 'strongroom: past scanned to block 99');
  await (await source(fewer.answers)).chain.watch(wallet, quiet, { to: 1_300 });
  expect([fewer.node.imported, fewer.node.slices]).toEqual([[[[0, 1300], [0, 1300]]], [[0]]]);
});

test('a new wallet of the node is made without private keys; one that could hold them is not ours', async () => {
  let created: unknown;
  const { chain: node } = await source({ ...watchable, listwallets: '[]', listwalletdir: '{"wallets":[]}', createwallet: (params) => ((created = params), '{}'), listdescriptors: '{"descriptors":[]}' });
  await node.watch(wallet, quiet);
  expect(created).toEqual({ wallet_name: name, disable_private_keys: true, blank: true, descriptors: true, load_on_startup: true });
  const foreign = { ...watchable, getwalletinfo: '{"private_keys_enabled":true,"scanning":false}', listwallets: '[]', listwalletdir: `{"wallets":[{"name":"${name}"}]}`, loadwallet: -4 };
  await expect((await source({ ...foreign, loadwallet: -4 })).chain.watch(wallet, quiet)).rejects.toMatchObject({ code: 'node.wallet' });
  await expect((await source({ ...foreign, listwallets: JSON.stringify([name]) })).chain.watch(wallet, quiet)).rejects.toMatchObject({ code: 'node.wallet' });
});

test('an import that fails in part leaves no mark', async () => {
  const { chain: node, asked } = await source({ ...watchable, listdescriptors: '{"descriptors":[]}', getaddressinfo: '{"ismine":false}', importdescriptors: '[{"success":true},{"success":false,"error":{"code":-1,"message":"SECRET"}}]' });
  await expect(node.watch(wallet, quiet)).rejects.toMatchObject({ code: 'node.rejected' });
  expect(asked()).not.toContain('setlabel');
});

test('a scan that somebody stops ends as cancelled', async () => {
  const { chain: node } = await source({ ...watchable, getwalletinfo: '{"private_keys_enabled":false,"scanning":{"duration":1,"progress":0.25}}' });
  const seen: unknown[] = [];
  await expect(node.watch(wallet, { progress: ({ fraction }) => seen.push(fraction), isCancelled: () => true })).rejects.toMatchObject({ code: 'host.cancelled' });
  expect(seen).toEqual([0.25]);
});

test('a pruned node that lacks the blocks of the wallet\'s past is refused; one that has them scans from there', async () => {
  const scanned = (height: number): string => `{"success":true,"height":120,"bestblock":"${'ab'.repeat(32)}","unspents":[{"txid":"${funding.txid}","vout":0,"scriptPubKey":"${toHex(own.scriptPubKey)}","desc":"${hintOf(0, 7)}","amount":0.00123456,"height":${height}}]}`;
  let imported: unknown;
  let slice: unknown;
  const pruned = {
    ...watchable, getblockchaininfo: chain(',"pruneheight":100').replace('"pruned":false', '"pruned":true'), listdescriptors: '{"descriptors":[]}', getaddressinfo: '{"ismine":false}',
    importdescriptors: (params: never) => ((imported = params), '[{"success":true},{"success":true}]'), rescanblockchain: (params: never) => ((slice = params), '{"start_height":110,"stop_height":120}'),
  };
  await expect((await source({ ...pruned, scantxoutset: scanned(90) })).chain.watch(wallet, quiet)).rejects.toMatchObject({ code: 'node.pruned' });
  await (await source({ ...pruned, scantxoutset: scanned(110) })).chain.watch(wallet, quiet);
  expect(imported).toEqual([([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet, branch), range: [0, 999], timestamp: 'now', active: false, internal: branch === 1 }))]);
  expect(slice).toEqual([110]);
  slice = null;
  await (await source({ ...pruned, scantxoutset: `{"success":true,"height":120,"bestblock":"${'ab'.repeat(32)}","unspents":[]}` })).chain.watch(wallet, quiet);
  expect(slice).toBeNull();
});

test('the audit\'s scan reaches as far as the node watches, and believes only what we derive', async () => {
  let targets: unknown;
  const answer = (script: Uint8Array) => `{"success":true,"height":120,"bestblock":"${'ab'.repeat(32)}","unspents":[{"txid":"${funding.txid}","vout":0,"scriptPubKey":"${toHex(script)}","desc":"${hintOf(0, 7)}","amount":0.00123456,"height":118}]}`;
  const { chain: node } = await source({ listdescriptors: descriptors, scantxoutset: (params) => ((targets = params), answer(own.scriptPubKey)) });
  expect(await node.scanUtxoSet(wallet, quiet)).toEqual({ height: 120, blockHash: 'ab'.repeat(32), utxos: [{ txid: funding.txid, vout: 0, amountSats: 123_456n, scriptPubKey: own.scriptPubKey, height: 118, place: { branch: 0, index: 7 } }] });
  expect(targets).toEqual(['start', [{ desc: walletDescriptor(wallet, 0), range: [0, 2499] }, { desc: walletDescriptor(wallet, 1), range: [0, 2499] }]]);
  await node.scanUtxoSet(wallet, quiet, { to: 3_000 });
  expect(targets).toEqual(['start', [0, 1].map((branch) => ({ desc: walletDescriptor(wallet, branch as 0 | 1), range: [0, 4000] }))]);
  await expect((await source({ listdescriptors: -18, scantxoutset: answer(strangerScript()) })).chain.scanUtxoSet(wallet, quiet)).rejects.toMatchObject({ code: 'node.malformed' });
  await expect((await source({ listdescriptors: -18, scantxoutset: -8 })).chain.scanUtxoSet(wallet, quiet)).rejects.toMatchObject({ code: 'node.not-ready' });
});

test('a previous transaction comes from the chain, else from a wallet of the node, and must be the one asked for', async () => {
  const hex = toHex(funding.bytes);
  expect(await (await source({ getrawtransaction: `"${hex}"` })).chain.rawTransaction(funding.txid)).toEqual(funding.bytes);
  const held = { getrawtransaction: -5, listwallets: '["hot"]', gettransaction: `{"txid":"${funding.txid}","confirmations":3,"blockheight":118,"hex":"${hex}"}` };
  const { chain: node, peer } = await source(held);
  expect(await node.rawTransaction(funding.txid)).toEqual(funding.bytes);
  expect(peer.requests.at(-1)?.path).toBe('/wallet/hot');
  expect(await node.transactionStatus(funding.txid)).toEqual({ state: 'confirmed', height: 118, confirmations: 3 });
  await expect((await source({ getrawtransaction: `"${toHex(fundingTransaction([], 3).bytes)}"` })).chain.rawTransaction(funding.txid)).rejects.toMatchObject({ code: 'node.malformed' });
  await expect((await source({ ...held, gettransaction: -5 })).chain.rawTransaction(funding.txid)).rejects.toMatchObject({ code: 'node.rejected' });
});

test('a node without a transaction index finds a transaction by the height of its block; a pruned one says that it cannot', async () => {
  const hex = toHex(funding.bytes);
  const blockHash = 'ab'.repeat(32);
  let asked: unknown;
  const byBlock = { listwallets: '[]', getblockhash: (params: never) => ((asked = params), `"${blockHash}"`), getrawtransaction: (params: never) => ((params as unknown[])[2] === blockHash ? `"${hex}"` : -5) };
  expect(await (await source(byBlock)).chain.rawTransaction(funding.txid, 118)).toEqual(funding.bytes);
  expect(asked).toEqual([118]);
  await expect((await source(byBlock)).chain.rawTransaction(funding.txid)).rejects.toMatchObject({ code: 'node.rejected' });
  const gone = { ...byBlock, getrawtransaction: -5 };
  await expect((await source({ ...gone, getblockchaininfo: chain('') })).chain.rawTransaction(funding.txid, 118)).rejects.toMatchObject({ code: 'node.rejected' });
  await expect((await source({ ...gone, getblockchaininfo: chain(',"pruneheight":100').replace('"pruned":false', '"pruned":true') })).chain.rawTransaction(funding.txid, 118)).rejects.toMatchObject({ code: 'node.pruned' });
});

test('outputs of scripts: each script is asked for once, and what the mempool spends or is too young is marked', async () => {
  const script = strangerScript(3);
  let targets: unknown;
  const unspent = (vout: number, height: number, of = script) => `{"txid":"${funding.txid}","vout":${vout},"scriptPubKey":"${toHex(of)}","desc":"raw(00)#00000000","amount":0.00123456,"height":${height}}`;
  const held = (more: string, of = script) => `{"confirmations":3,"value":0.00123456${more},"scriptPubKey":{"hex":"${toHex(of)}"}}`;
  const scan = (unspents: string): string => `{"success":true,"height":120,"bestblock":"${'ab'.repeat(32)}","unspents":[${unspents}]}`;
  const all = scan([unspent(0, 118), unspent(1, 21), unspent(2, 21), unspent(3, 22)].join(','));
  const now: Record<number, string> = { 0: held(''), 1: 'null', 2: held(',"coinbase":true'), 3: held(',"coinbase":true') };
  const { chain: node } = await source({ scantxoutset: (params: never) => ((targets = params), all), gettxout: (params: never) => now[(params as number[])[1] as number] as string });
  const found = await node.scriptUtxos([script, script], quiet);
  expect(targets).toEqual(['start', [{ desc: `raw(${toHex(script)})` }]]);
  expect(found.map(({ vout, confirmations, state }) => [vout, confirmations, state])).toEqual([[0, 3, 'free'], [1, 100, 'spent'], [2, 100, 'free'], [3, 99, 'immature']]);
  expect(found[0]).toEqual({ txid: funding.txid, vout: 0, amountSats: 123_456n, scriptPubKey: script, height: 118, confirmations: 3, state: 'free' });
  const lies = [
    { scantxoutset: scan(unspent(0, 118, strangerScript(4))), gettxout: held('', strangerScript(4)) },
    { scantxoutset: scan(unspent(0, 118)), gettxout: held('').replace('0.00123456', '0.00123457') },
    { scantxoutset: scan(unspent(0, 118)), gettxout: held('', strangerScript(4)) },
    { scantxoutset: '{"success":false,"height":120,"unspents":[]}' },
  ];
  for (const lie of lies) await expect((await source(lie)).chain.scriptUtxos([script], quiet)).rejects.toMatchObject({ code: 'node.malformed' });
  await expect((await source({ scantxoutset: -8 })).chain.scriptUtxos([script], quiet)).rejects.toMatchObject({ code: 'node.not-ready' });
});

test('where a transaction stands: mempool, chain, or nowhere', async () => {
  expect(await (await source({ getrawtransaction: '{"hex":"00"}' })).chain.transactionStatus(funding.txid)).toEqual({ state: 'mempool' });
  expect(await (await source({ getrawtransaction: `{"blockhash":"${'ab'.repeat(32)}","confirmations":4}`, getblockheader: '{"height":117,"time":1,"mediantime":1,"confirmations":4}' })).chain.transactionStatus(funding.txid)).toEqual({ state: 'confirmed', height: 117, confirmations: 4 });
  expect(await (await source({ getrawtransaction: -5, listwallets: '[]' })).chain.transactionStatus(funding.txid)).toEqual({ state: 'unknown' });
});

test.each([
  ['txn-already-in-mempool', 'already-known'], ['missing-inputs', 'inputs-missing-or-spent'], ['txn-mempool-conflict', 'inputs-missing-or-spent'], ['min relay fee not met, 1 < 2', 'fee-too-low'],
  ['insufficient fee, rejecting replacement', 'fee-too-low'], ['max-fee-exceeded', 'fee-too-high'], ['non-BIP68-final', 'non-final'], ['mandatory-script-verify-flag-failed (SECRET)', 'invalid'], ['dust', 'policy'], ['', 'policy'],
])('"%s" is a refusal because of %s', async (reason, word) => {
  expect(rejectReason(reason)).toBe(word);
  const { chain: node } = await source({ testmempoolaccept: JSON.stringify([{ txid: funding.txid, allowed: false, 'reject-reason': reason }]) });
  expect(await node.testAccept(funding.bytes)).toEqual({ accepted: false, reason: word });
});

test('bytes that the node cannot read are invalid, and a refusal to send is named', async () => {
  expect(await (await source({ testmempoolaccept: -22 })).chain.testAccept(funding.bytes)).toEqual({ accepted: false, reason: 'invalid' });
  expect(await (await source({ testmempoolaccept: '[{"allowed":true}]' })).chain.testAccept(funding.bytes)).toEqual({ accepted: true });
  expect(await (await source({ sendrawtransaction: `"${funding.txid}"` })).chain.broadcast(funding.bytes)).toBe(funding.txid);
  await expect((await source({ sendrawtransaction: -27 })).chain.broadcast(funding.bytes)).rejects.toMatchObject({ code: 'broadcast.refused', details: { reason: 'already-known' } });
  await expect((await source({ sendrawtransaction: -25 })).chain.broadcast(funding.bytes)).rejects.toMatchObject({ code: 'broadcast.refused' });
});

test('the node\'s estimate is taken exactly; none is none', async () => {
  expect(await (await source({ estimatesmartfee: '{"feerate":0.00004567,"blocks":6}' })).chain.estimateFeeRate(6)).toBe(4567n);
  expect(await (await source({ estimatesmartfee: '{"errors":["SECRET"],"blocks":6}' })).chain.estimateFeeRate(6)).toBeNull();
});

test('of a hot wallet, outputs of unknown size, unsafe or locked ones are shown as not spendable', async () => {
  const key = `02${'ab'.repeat(32)}`;
  const output = (more: string): string => `{"txid":"${funding.txid}","vout":1,"scriptPubKey":"${toHex(strangerScript())}","amount":0.1,"confirmations":3,"spendable":true,"solvable":true,${more}}`;
  const listed = [`"safe":true,"desc":"wpkh([73c5da0a/84h/1h/0h/0/1]${key})#x"`, `"safe":false,"desc":"wpkh(${key})#x"`, `"safe":true,"desc":"sh(multi(1,${key}))#x"`, `"safe":true,"desc":"pkh(04${'ab'.repeat(64)})#x"`, '"safe":true'];
  const answers = { listwallets: '["hot"]', listunspent: `[${listed.map(output).join(',')}]`, listlockunspent: `[{"txid":"${funding.txid}","vout":2}]`, gettxout: `{"confirmations":9,"value":0.2,"scriptPubKey":{"hex":"${toHex(strangerScript())}"}}` };
  const utxos = await (await source(answers)).chain.hotUtxos('hot');
  expect(utxos.map((utxo) => [utxo.vout, utxo.amountSats, utxo.spendable])).toEqual([[1, 10_000_000n, true], [1, 10_000_000n, false], [1, 10_000_000n, false], [1, 10_000_000n, false], [1, 10_000_000n, false], [2, 20_000_000n, false]]);
});

test('a hot wallet that is not there, locked, or cannot sign all is named', async () => {
  const psbt = Uint8Array.of(1, 2, 3);
  await expect((await source({ listwallets: '[]', listwalletdir: '{"wallets":[]}' })).chain.hotUtxos('hot')).rejects.toMatchObject({ code: 'node.wallet' });
  await expect((await source({ listwallets: '["hot"]', walletprocesspsbt: -13 })).chain.hotSign('hot', psbt)).rejects.toMatchObject({ code: 'node.wallet' });
  await expect((await source({ listwallets: '["hot"]', walletprocesspsbt: '{"psbt":"AQ==","complete":false}' })).chain.hotSign('hot', psbt)).rejects.toMatchObject({ code: 'psbt.incomplete' });
  await expect((await source({ listwallets: '["hot"]', walletprocesspsbt: '{"psbt":"%%","complete":true}' })).chain.hotSign('hot', psbt)).rejects.toMatchObject({ code: 'node.malformed' });
  const { chain: node, peer } = await source({ listwallets: '["hot"]', walletprocesspsbt: `{"psbt":"${toBase64(psbt)}","complete":true}`, getrawchangeaddress: '"bcrt1qx"' });
  expect(await node.hotSign('hot', psbt)).toEqual(psbt);
  expect(peer.requests.at(-1)?.calls[0]?.params).toEqual({ psbt: 'AQID', sign: true, bip32derivs: false, finalize: true });
  expect(await node.hotChangeAddress('hot')).toBe('bcrt1qx');
  expect(peer.requests.at(-1)?.calls[0]?.params).toEqual(['bech32']);
});
