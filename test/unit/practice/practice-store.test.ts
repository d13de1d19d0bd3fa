import { DatabaseSync } from 'node:sqlite';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ChainWork } from '../../../src/companion/chain-source.ts';
import { openPracticeChainSource } from '../../../src/node/companion/practice-chain-source.ts';
import { minePracticeBlocks, mineInto, reorganise } from '../../../src/node/companion/practice-mining.ts';
import { PracticeStore } from '../../../src/node/companion/practice-store.ts';
import { createPracticeNetwork, payFromFaucet } from '../../../src/node/practice/practice-network.ts';
import { readPracticeKeys } from '../../../src/node/practice/practice-seed-file.ts';
import { coldKeys } from '../../support/peers/cold-keys.ts';

const work: ChainWork = { progress: () => undefined, isCancelled: () => false };
let parent: string;
let folder: string;
const open: { close(): unknown }[] = [];
const opened = <T extends { close(): unknown }>(thing: T): T => {
  open.push(thing);
  return thing;
};

beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), 'strongroom-store-'));
  folder = join(parent, 'net');
  await createPracticeNetwork(folder);
});
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
  rmSync(parent, { recursive: true, force: true });
});

const fund = async (store: PracticeStore, to: string | null, mine: boolean): Promise<string> =>
  payFromFaucet(store, await readPracticeKeys(folder), { amountSats: 1_000_000n, to, outputs: 1, mine }).txid;

test('a new practice network has money to give, and a chain id of its own', async () => {
  const other = join(parent, 'other');
  const { chainId, height } = await createPracticeNetwork(other);
  expect(height).toBe(200);
  expect(chainId).not.toBe(opened(new PracticeStore(folder)).fact('chain_id'));
});

test('the chain is there again after the program ended', async () => {
  const first = new PracticeStore(folder);
  const waiting = await fund(first, null, false);
  const tip = first.read((chain) => chain.tip.hash);
  first.close();
  const second = opened(new PracticeStore(folder));
  expect(second.read((chain) => [chain.tip.hash, chain.height, chain.mempool.get(waiting)?.feeSats])).toEqual([tip, 200, expect.any(BigInt)]);
});

test('what one program does, another sees at once: payments, blocks and reorganisations', async () => {
  const one = opened(new PracticeStore(folder));
  const two = opened(new PracticeStore(folder));
  const txid = await fund(one, null, false);
  expect(two.read((chain) => chain.find(txid)?.height)).toBeNull();
  mineInto(two, 2);
  expect(one.read((chain) => [chain.height, chain.find(txid)?.height])).toEqual([202, 201]);
  reorganise(one, 2, 3);
  expect(two.read((chain) => [chain.height, chain.find(txid)?.height])).toEqual([203, null]);
  expect(one.read((chain) => chain.tip.hash)).toBe(two.read((chain) => chain.tip.hash));
  mineInto(two, 1);
  mineInto(one, 1);
  expect(two.read((chain) => [chain.height, chain.find(txid)?.height])).toEqual([205, 204]);
});

test('a change that fails leaves the chain as it was, in memory and on disk', async () => {
  const store = opened(new PracticeStore(folder));
  const txid = await fund(store, null, false);
  const scriptPubKey = new Uint8Array(Buffer.from(store.fact('faucet_script'), 'hex'));
  expect(() =>
    store.write((chain) => {
      chain.mine({ scriptPubKey, time: 0, includeMempool: true });
      throw new Error('struck by lightning');
    }),
  ).toThrow('struck by lightning');
  for (const view of [store, opened(new PracticeStore(folder))]) expect(view.read((chain) => [chain.height, chain.find(txid)?.height])).toEqual([200, null]);
  expect(mineInto(store, 1)).toBe(201);
});

test('what was driven out is remembered across programs', async () => {
  const source = opened(openPracticeChainSource({ folder, hotWallet: null }));
  const cold = coldKeys('practice', 1);
  await source.watch(cold.wallet, work);
  const txid = await fund(opened(new PracticeStore(folder)), cold.deriver.derive(0, 0).address, true);
  const [coin] = await source.utxos(cold.wallet);
  if (coin === undefined) throw new Error('not funded');
  const spend = (feeSats: bigint): Uint8Array => cold.spend({ inputs: [coin], outputs: [{ scriptPubKey: cold.deriver.derive(1, 0).scriptPubKey, amountSats: coin.amountSats - feeSats }] });
  const first = await source.broadcast(spend(1_000n));
  const second = await source.broadcast(spend(5_000n));
  const again = opened(openPracticeChainSource({ folder, hotWallet: null }));
  expect((await again.transactions(cold.wallet)).map((entry) => [entry.txid, entry.confirmations])).toEqual([[txid, 1], [second, 0], [first, -1]]);
});

test('a payment past the first addresses is found when those before it were used', async () => {
  const source = opened(openPracticeChainSource({ folder, hotWallet: null }));
  const cold = coldKeys('practice', 2);
  await source.watch(cold.wallet, work);
  const store = opened(new PracticeStore(folder));
  await fund(store, cold.deriver.derive(0, 150).address, true);
  await source.utxos(cold.wallet);
  await fund(store, cold.deriver.derive(0, 320).address, true);
  expect((await source.utxos(cold.wallet)).map((utxo) => utxo.index)).toEqual([150, 320]);
});

test('minePracticeBlocks finds blocks in a folder and says how high the chain is', () => {
  expect(minePracticeBlocks(folder, 3)).toBe(203);
});

test('more blocks than there are cannot be taken back', () => {
  const store = opened(new PracticeStore(folder));
  expect(() => reorganise(store, 201, 0)).toThrow(expect.objectContaining({ code: 'usage.malformed' }));
  expect(store.read((chain) => chain.height)).toBe(200);
});

test('a folder that is not there', () => {
  expect(() => new PracticeStore(join(parent, 'nowhere'))).toThrow(expect.objectContaining({ code: 'file.not-found' }));
});

test('a folder without a practice network, and one with something else under its name', () => {
  const empty = join(parent, 'empty');
  mkdirSync(empty);
  expect(() => new PracticeStore(empty)).toThrow(expect.objectContaining({ code: 'practice.malformed' }));
  writeFileSync(join(empty, 'practice.sqlite'), 'not a database, but as long as the header of one and then some more text'.repeat(20));
  expect(() => new PracticeStore(empty)).toThrow(expect.objectContaining({ code: 'practice.malformed' }));
  rmSync(join(empty, 'practice.sqlite'));
  new DatabaseSync(join(empty, 'practice.sqlite')).close();
  expect(() => new PracticeStore(empty)).toThrow(expect.objectContaining({ code: 'practice.malformed' }));
  expect(readdirSync(empty).filter((name) => !name.startsWith('practice.sqlite'))).toEqual([]);
});

test.each([
  ['a transaction was altered', "UPDATE block_transaction SET bytes = zeroblob(100) WHERE height = 100"],
  ['a block hash was altered', "UPDATE block SET hash = 'ff' WHERE height = 100"],
  ['a block is missing', 'DELETE FROM block WHERE height = 100'],
  ['the chain id is of another chain', `UPDATE meta SET value = '${'ab'.repeat(32)}' WHERE name = 'chain_id'`],
  ['the chain id is none', "UPDATE meta SET value = 'x' WHERE name = 'chain_id'"],
  ['the mempool holds something else', "INSERT INTO mempool (position, txid, bytes) VALUES (0, 'x', zeroblob(60))"],
])('damage is noticed: %s', (_, sql) => {
  const database = new DatabaseSync(join(folder, 'practice.sqlite'));
  database.exec(sql);
  database.close();
  expect(() => opened(new PracticeStore(folder)).read((chain) => chain.height)).toThrow(expect.objectContaining({ code: 'practice.malformed' }));
});

test('a version of the format that is not known is refused', () => {
  const database = new DatabaseSync(join(folder, 'practice.sqlite'));
  database.exec("UPDATE meta SET value = '2' WHERE name = 'version'");
  database.close();
  expect(() => new PracticeStore(folder)).toThrow(expect.objectContaining({ code: 'practice.malformed' }));
});

test('a second network is not made over the first', async () => {
  const before = readFileSync(join(folder, 'practice.sqlite'));
  await expect(createPracticeNetwork(folder)).rejects.toMatchObject({ code: 'file.exists' });
  expect(readFileSync(join(folder, 'practice.sqlite')).equals(before)).toBe(true);
});

test('where a network cannot be made, nothing is left behind', async () => {
  const file = join(parent, 'file');
  writeFileSync(file, '');
  await expect(createPracticeNetwork(join(file, 'net'))).rejects.toMatchObject({ code: expect.stringMatching(/^file\./) });
  expect(readdirSync(parent).sort()).toEqual(['file', 'net']);
});

test('the seed is readable by its owner alone and says that it is for practice', () => {
  const name = readdirSync(folder).find((candidate) => candidate.endsWith('.json')) as string;
  const path = join(folder, name);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toMatch(/PRACTICE ONLY/);
  expect(name).toMatch(/practice-only/);
});

test('the seed stands nowhere else in the folder', () => {
  const { seedHex } = JSON.parse(readFileSync(join(folder, 'hot-wallet.practice-only.json'), 'utf8')) as { seedHex: string };
  for (const name of readdirSync(folder).filter((candidate) => !candidate.endsWith('.json'))) {
    const content = readFileSync(join(folder, name));
    expect(content.includes(seedHex)).toBe(false);
    expect(content.includes(Buffer.from(seedHex, 'hex'))).toBe(false);
  }
});

test('a damaged seed file is named so', async () => {
  writeFileSync(join(folder, 'hot-wallet.practice-only.json'), '{}');
  await expect(readPracticeKeys(folder)).rejects.toMatchObject({ code: 'practice.malformed' });
  rmSync(join(folder, 'hot-wallet.practice-only.json'));
  await expect(readPracticeKeys(folder)).rejects.toMatchObject({ code: 'practice.malformed' });
});

test('the faucet gives no dust and not more than it has', async () => {
  const store = opened(new PracticeStore(folder));
  const keys = await readPracticeKeys(folder);
  expect(() => payFromFaucet(store, keys, { amountSats: 1_000n, to: null, outputs: 10, mine: true })).toThrow(expect.objectContaining({ code: 'plan.dust' }));
  expect(() => payFromFaucet(store, keys, { amountSats: 505_000_000_000n, to: null, outputs: 1, mine: true })).toThrow(expect.objectContaining({ code: 'plan.insufficient-funds' }));
  expect(() => payFromFaucet(store, keys, { amountSats: 1_000_000n, to: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', outputs: 1, mine: true })).toThrow(expect.objectContaining({ code: 'address.malformed' }));
  expect(store.read((chain) => [chain.height, chain.mempool.size])).toEqual([200, 0]);
});

test('the faucet splits an amount without losing a satoshi', async () => {
  const store = opened(new PracticeStore(folder));
  const { outputs } = payFromFaucet(store, await readPracticeKeys(folder), { amountSats: 1_000_001n, to: null, outputs: 3, mine: true });
  expect(outputs.map((output) => output.amountSats)).toEqual([333_333n, 333_333n, 333_335n]);
  expect(new Set(outputs.map((output) => output.address)).size).toBe(3);
});

test('without its program the hot wallet does not sign; with a wrong one neither', async () => {
  for (const hotWallet of [null, { command: join(parent, 'nowhere'), args: [], env: {} }, { command: process.execPath, args: ['-e', 'process.stdout.write("hello")', '--'], env: {} }]) {
    const source = opened(openPracticeChainSource({ folder, hotWallet }));
    await expect(source.hotSign('hot', new Uint8Array(10))).rejects.toMatchObject({ code: 'practice.wallet-unavailable' });
  }
  const liar = { command: process.execPath, args: ['-e', 'process.stdout.write(JSON.stringify({ ok: true, psbtBase64: 5 }))', '--'], env: {} };
  await expect(opened(openPracticeChainSource({ folder, hotWallet: liar })).hotSign('hot', new Uint8Array(10))).rejects.toMatchObject({ code: 'node.malformed' });
});
