import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { ensureBitcoind } from '../../scripts/lib/bitcoind.mjs';
import { parseBase64, toBase64 } from '../../src/domain/bytes.ts';
import { companionCommandContract } from '../../src/host/companion-contract.ts';
import { serve } from '../../src/host/serve.ts';
import { nodeCompanionEffects } from '../../src/node/companion/effects.ts';
import { openCareNode } from '../../src/node/companion/node-care-node.ts';
import { createCompanionCommandHandlers } from '../../src/service/companion/handlers.ts';
import { requireNoSecretIn } from '../../src/service/companion/private-key-guard.ts';
import { startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';

/* Node care against a real bitcoind: its health, its wallets saved, restored and compared, its repair, and configurations that it takes. */

let node: RegtestNode;
let folder: string;
let effects: ReturnType<typeof nodeCompanionEffects>;
let now = '2026-11-23T10:00:00.000Z';
const PASSPHRASE = 'only a rehearsal passphrase';

/** Asks like the command line: the value, or the error's code. */
async function ask(name: keyof typeof companionCommandContract, input: Record<string, unknown>): Promise<any> {
  const dispatch = serve(companionCommandContract, createCompanionCommandHandlers({ ...effects, now: () => now }), (where, fault) => { throw new Error(`${where}: ${String(fault)}`); }, requireNoSecretIn);
  const reply = await dispatch(name, input, { progress: () => undefined, isCancelled: () => false });
  return reply.ok ? reply.value : { code: reply.error.code, details: reply.error.details };
}

const privateFolders = (): string[] => ['/dev/shm', tmpdir()].flatMap((place) => (existsSync(place) ? readdirSync(place).filter((name) => name.startsWith(`strongroom-private-${process.pid}-`)) : []));

beforeAll(async () => {
  node = await startBitcoind();
  folder = mkdtempSync(join(tmpdir(), 'strongroom-care-'));
  effects = nodeCompanionEffects({ ledgerFile: join(folder, 'ledger.db'), practiceHotWallet: null });
  await node.rpc('createwallet', ['hot']);
  const address = await node.rpc<string>('getnewaddress', [], 'hot');
  await node.rpc('generatetoaddress', [110, address]);
}, 120_000);
afterAll(async () => {
  await effects.close();
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('health', () => {
  test('a healthy regtest node is judged topic by topic, with figures and without any text of its own', async () => {
    const health = await ask('node.health', { node: node.url });
    const of = (topic: string) => health.items.filter((item: { topic: string }) => item.topic === topic).map(({ code, judgement }: { code: string; judgement: string }) => `${code} ${judgement}`);
    expect(of('sync')).toEqual(['health.synced ok']);
    expect(of('peers')).toEqual(['health.peers ok']);
    expect(of('version')[0]).toMatch(/^health\.version-(current|old) /);
    expect(of('wallets')).toEqual(['health.wallet-unencrypted attention']);
    expect(of('disk')[0]).toMatch(/^health\.disk/);
    expect(of('uptime')).toEqual(['health.just-started attention']);
    expect(health.overall).toBe('attention');
    expect(health.facts).toMatchObject({ chain: 'regtest', height: 110, headers: 110, pruned: false, wallets: [{ name: 'hot', kind: 'descriptor', privateKeys: true, encrypted: false, unlocked: false, scanning: false }], clockOffsetSeconds: 0 });
    expect(health.facts.sizeOnDisk).toBeGreaterThan(10_000);
    expect(health.facts.diskFree).toBeGreaterThan(0);
    expect(health.facts.feeRates.map(({ blocks }: { blocks: number }) => blocks)).toEqual([1, 3, 6, 144]);
  });

  test('an encrypted wallet that is unlocked is bad, and locked again is well', async () => {
    await node.rpc('createwallet', { wallet_name: 'locked', passphrase: 'secret' });
    const state = async () => (await ask('node.health', { node: node.url })).items.filter(({ seen }: { seen: string }) => seen.startsWith('locked:')).map(({ code }: { code: string }) => code);
    expect(await state()).toEqual(['health.wallet']);
    await node.rpc('walletpassphrase', ['secret', 60], 'locked');
    expect(await state()).toEqual(['health.wallet-unlocked']);
    await node.rpc('walletlock', [], 'locked');
    expect(await state()).toEqual(['health.wallet']);
    await node.rpc('unloadwallet', ['locked']);
  });

  test('a node that only watches for us is told by its wallets', async () => {
    await node.rpc('createwallet', { wallet_name: 'eyes', disable_private_keys: true });
    const { facts } = await ask('node.health', { node: node.url });
    expect(facts.wallets).toContainEqual({ name: 'eyes', kind: 'descriptor', privateKeys: false, encrypted: null, unlocked: false, scanning: false });
    await node.rpc('unloadwallet', ['eyes']);
  });

  test('other sources are no node to be cared for, and say what they can', async () => {
    expect(await openCareNode('practice:///nowhere').catch((error: { code: string }) => error.code)).toBe('care.not-a-node');
    expect((await ask('node.backup', { node: 'practice:///nowhere', wallet: 'hot', lock: { kind: 'passphrase', passphrase: PASSPHRASE }, fileName: 'a.age' })).code).toBe('care.not-a-node');
  });
});

describe('backups', () => {
  let identity: string;
  let recipient: string;
  let backupBase64: string;

  beforeAll(async () => {
    identity = await generateIdentity();
    recipient = await identityToRecipient(identity);
  });

  test('a wallet is saved encrypted, restores, and agrees with the living one; nothing is left in the private folder', async () => {
    const made = await ask('node.backup', { node: node.url, wallet: 'hot', lock: { kind: 'recipients', recipients: [recipient] }, fileName: 'hot.age' });
    backupBase64 = made.backupBase64;
    expect(made.bytes).toBeGreaterThan(10_000);
    expect(Buffer.from(parseBase64(backupBase64)).subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    expect(Buffer.from(parseBase64(backupBase64)).includes('SQLite format 3')).toBe(false);
    expect(privateFolders()).toEqual([]);
    expect((await ask('node.backups', {})).backups).toMatchObject([{ file: 'hot.age', wallet: 'hot', state: 'untested', lastGoodTest: null }]);

    const tested = await ask('node.backup-test', { node: node.url, wallet: 'hot', backupBase64, fileName: 'hot.age', key: { kind: 'identity', identity } });
    expect(tested).toMatchObject({ good: true, differences: [], outputs: 10, amountSats: '50000000000', restoredSats: '50000000000' });
    expect(tested.addresses).toBeGreaterThan(10);
    expect(privateFolders()).toEqual([]);
    expect(await node.rpc<string[]>('listwallets')).toEqual(['hot']);
    expect((await node.rpc<{ wallets: { name: string }[] }>('listwalletdir')).wallets.map(({ name }) => name).filter((name) => /private|restored/.test(name))).toEqual([]);
    expect((await ask('node.backups', {})).backups).toMatchObject([{ state: 'good', lastGoodTest: now, dueAt: '2026-12-23' }]);
  });

  test('what was received after the backup is found again from the chain by its restored wallet', async () => {
    await node.rpc('generatetoaddress', [1, await node.rpc<string>('getnewaddress', [], 'hot')]);
    expect(await ask('node.backup-test', { node: node.url, wallet: 'hot', backupBase64, fileName: 'hot.age', key: { kind: 'identity', identity } })).toMatchObject({ good: true, outputs: 11 });
  });

  test('thirty days later it is due; one that is of another wallet fails by name and is listed as failed', async () => {
    now = '2026-12-24T10:00:00.000Z';
    expect((await ask('node.backups', {})).backups).toMatchObject([{ state: 'due' }]);
    await node.rpc('createwallet', ['other']);
    const outcome = await ask('node.backup-test', { node: node.url, wallet: 'other', backupBase64, fileName: 'hot.age', key: { kind: 'identity', identity } });
    expect(outcome.good).toBe(false);
    expect(outcome.differences).toEqual(expect.arrayContaining(['descriptors', 'first-addresses', 'outputs']));
    expect((await ask('node.backups', {})).backups).toMatchObject([{ state: 'failed', dueAt: null }]);
    await node.rpc('unloadwallet', ['other']);
    expect(privateFolders()).toEqual([]);
  });

  test('a passphrase opens it too; a wrong key, a damaged file and a file that is no wallet are named, and nothing is left', async () => {
    const lock = { kind: 'passphrase', passphrase: PASSPHRASE };
    const made = await ask('node.backup', { node: node.url, wallet: 'hot', lock, fileName: 'second.age' });
    const input = { node: node.url, wallet: 'hot', backupBase64: made.backupBase64, fileName: 'second.age' };
    expect((await ask('node.backup-test', { ...input, key: lock })).good).toBe(true);
    expect((await ask('node.backup-test', { ...input, key: { kind: 'passphrase', passphrase: 'another passphrase' } })).code).toBe('backup.not-opened');
    const bytes = parseBase64(made.backupBase64);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] as number) ^ 1;
    expect((await ask('node.backup-test', { ...input, backupBase64: toBase64(bytes), key: lock })).code).toBe('backup.not-opened');
    const noWallet = await effects.care.encrypt(Buffer.from('no wallet at all'), { kind: 'passphrase', passphrase: PASSPHRASE });
    expect((await ask('node.backup-test', { ...input, backupBase64: toBase64(noWallet), key: lock })).code).toBe('backup.node-cannot-restore');
    expect((await ask('node.backup', { node: node.url, wallet: 'hot', lock: { kind: 'passphrase', passphrase: 'short' }, fileName: 'x.age' })).code).toBe('backup.passphrase-weak');
    expect((await ask('node.backup', { node: node.url, wallet: 'hot', lock: { kind: 'recipients', recipients: ['age1nobody'] }, fileName: 'x.age' })).code).toBe('backup.recipient');
    expect((await ask('node.backup', { node: node.url, wallet: 'nobody', lock, fileName: 'x.age' })).code).toBe('node.wallet');
    expect(privateFolders()).toEqual([]);
  });

  test('a wallet that an interrupted test left open in the node is unloaded by the next one', async () => {
    const left = join(folder, 'strongroom-private-999999999-0123456789abcdef', 'restored');
    await node.rpc('createwallet', { wallet_name: left, disable_private_keys: true });
    expect(await node.rpc<string[]>('listwallets')).toContain(left);
    expect((await ask('node.backup-test', { node: node.url, wallet: 'hot', backupBase64, fileName: 'hot.age', key: { kind: 'identity', identity } })).good).toBe(true);
    expect(await node.rpc<string[]>('listwallets')).not.toContain(left);
  });

  test('a node that cannot write where we look says so by name', async () => {
    const staged = nodeCompanionEffects({ ledgerFile: join(folder, 'ledger.db'), practiceHotWallet: null, staging: join(folder, 'nowhere') });
    const before = effects;
    effects = staged;
    expect((await ask('node.backup', { node: node.url, wallet: 'hot', lock: { kind: 'passphrase', passphrase: PASSPHRASE }, fileName: 'x.age' })).code).toBe('file.not-found');
    effects = before;
    await staged.close();
    const care = await openCareNode(node.url);
    expect(await care.backUpWallet('hot', '/proc/nowhere/wallet.dat').catch((error: { code: string }) => error.code)).toBe('backup.node-cannot-write');
    care.close();
  });
});

describe('repair', () => {
  test('step by step: notes what waits, compares, scans again, and lists descriptors; out of turn is refused; nothing is deleted', async () => {
    const cold = await node.rpc<string>('getnewaddress', [], 'hot');
    const txid = await node.rpc<string>('sendtoaddress', [cold, 1], 'hot');
    let state = await ask('node.repair', { node: node.url, wallet: 'hot', record: null, action: 'show', step: null, fromHeight: 0 });
    expect(state.next).toBe('note-pending');
    const go = async (action: string, step: string) => {
      const answer = await ask('node.repair', { node: node.url, wallet: 'hot', record: state.record, action, step, fromHeight: 0 });
      if (answer.code === undefined) state = answer;
      return answer;
    };
    expect((await go('run', 'rescan')).code).toBe('repair.order');
    expect((await go('run', 'note-pending')).pending).toMatchObject([{ txid, inMempool: true }]);
    expect((await go('run', 'stop-using')).code).toBe('repair.order');
    await go('done', 'stop-using');
    await go('skip', 'back-up');
    expect((await go('run', 'compare')).steps[3].record.at(-1)).toMatch(/agree|DISAGREE/);
    await node.rpc('generatetoaddress', [1, cold]);
    expect((await go('run', 'rescan')).steps[4].record).toEqual([expect.stringMatching(/^scanned from 0 to 1\d\d$/)]);
    expect((await go('run', 'compare-again')).steps[5].record.at(-1)).toBe('they agree');
    await go('skip', 'restore');
    expect(state.steps[7].commands.join('\n')).toContain('sweep plan --from hot');
    await go('done', 'move-out');
    const descriptors = (await go('run', 'list-descriptors')).steps[8].record as string[];
    expect(descriptors.length).toBeGreaterThan(4);
    expect(descriptors.join()).not.toMatch(/[xt]prv/);
    expect(state.next).toBeNull();
    expect((await ask('node.repair', { node: node.url, wallet: 'hot', record: '{}', action: 'show', step: null, fromHeight: 0 })).code).toBe('repair.malformed');
    expect(await node.rpc<string[]>('listwallets')).toContain('hot');
  });
});

const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer();
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
  });
});

describe('configurations that the real bitcoind starts with', () => {
  const { command } = ensureBitcoind();
  const orders = (['mainnet', 'testnet4', 'signet', 'regtest'] as const).flatMap((network) => (['hot', 'watch', 'audit'] as const).map((use) => ({ network, use, pruneMib: null as number | null })));
  test.each([...orders, { network: 'mainnet', use: 'watch', pruneMib: 550 } as const, { network: 'regtest', use: 'hot', pruneMib: 2000 } as const])('$use on $network, prune $pruneMib: it starts, takes the login and no other, and is what was asked for', async ({ network, use, pruneMib }) => {
    const place = mkdtempSync(join(tmpdir(), 'strongroom-config-'));
    const port = await freePort();
    const made = await ask('node.config', { program: 'bitcoind', network, use, rpcUser: 'strongroom', bind: [], allow: [], rpcPort: port, pruneMib, maxConnections: 24 });
    writeFileSync(join(place, 'bitcoin.conf'), made.config);
    writeFileSync(join(place, 'login.conf'), made.login);
    // No peers: it must not fetch a chain here.
    const child = spawn(command, [`-datadir=${place}`, '-connect=0', '-dnsseed=0', '-printtoconsole=0'], { stdio: 'ignore' });
    try {
      const url = `bitcoind://127.0.0.1:${port}?conf=${join(place, 'login.conf')}`;
      const care = await openCareNode(url, { patienceMs: 30_000 });
      let health: { chain: string; pruned: boolean } | null = null;
      for (let left = 100; left > 0 && health === null; left -= 1) health = await care.health().catch(() => delay(150, null));
      const names = { mainnet: 'main', testnet4: 'testnet4', signet: 'signet', regtest: 'regtest' } as const;
      expect(health).toMatchObject({ chain: names[network], pruned: pruneMib !== null, wallets: use === 'audit' ? null : [] });
      care.close();
      const refused = async (login: string) => (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` }, body: '{"method":"uptime","params":[],"id":1}' })).status;
      expect(await refused('strongroom:wrong')).toBe(401);
      const password = /rpcpassword=(.+)/.exec(readFileSync(join(place, 'login.conf'), 'utf8'))?.[1] as string;
      expect(await refused(`strongroom:${password}`)).toBe(200);
      await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(`strongroom:${password}`).toString('base64')}` }, body: '{"method":"stop","params":[],"id":1}' });
      for (let left = 150; left > 0 && child.exitCode === null; left -= 1) await delay(100);
      expect(child.exitCode).toBe(0);
    } finally {
      child.kill('SIGKILL');
      rmSync(place, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
