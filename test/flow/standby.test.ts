import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { companionCommandContract } from '../../src/host/companion-contract.ts';
import { serve } from '../../src/host/serve.ts';
import { nodeCompanionEffects } from '../../src/node/companion/effects.ts';
import { createPracticeNetwork, payFromFaucet } from '../../src/node/practice/practice-network.ts';
import { readPracticeKeys } from '../../src/node/practice/practice-seed-file.ts';
import { PracticeStore } from '../../src/node/companion/practice-store.ts';
import { createCompanionCommandHandlers } from '../../src/service/companion/handlers.ts';
import { requireNoSecretIn } from '../../src/service/companion/private-key-guard.ts';
import { formatWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { coldKeys } from '../support/peers/cold-keys.ts';
import { companion, done, requireBuilt } from './programs.ts';

/*
 * Two machines, one truth: what one Companion has is unpacked by another and agrees with the node; an older state overwrites nothing; and
 * what two machines did without each other is named.
 */

const cold = coldKeys('practice', 7);
const walletText = formatWalletFile(cold.wallet);
let folder: string;
let chain: PracticeStore;
let keys: Awaited<ReturnType<typeof readPracticeKeys>>;
let identity: string;
let lock: { kind: 'recipients'; recipients: string[] };
const node = (): string => `practice://${join(folder, 'chain')}`;
let now = Date.parse('2026-11-23T10:00:00.000Z');

/** One machine's Companion, by the folder of its data. */
async function on(machine: string, name: keyof typeof companionCommandContract, input: Record<string, unknown>): Promise<any> {
  const effects = nodeCompanionEffects({ ledgerFile: join(folder, machine, 'ledger.db'), practiceHotWallet: null });
  try {
    now += 1000;
    const at = new Date(now).toISOString();
    const reply = await serve(companionCommandContract, createCompanionCommandHandlers({ ...effects, now: () => at }), (where, fault) => { throw new Error(`${where}: ${String(fault)}`); }, requireNoSecretIn)(name, input, { progress: () => undefined, isCancelled: () => false });
    return reply.ok ? reply.value : { code: reply.error.code, details: reply.error.details };
  } finally {
    await effects.close();
  }
}
const key = () => ({ kind: 'identity', identity });
const exported = (machine: string) => on(machine, 'standby.export', { wallets: [walletText], settings: '{"node":null,"hotWallet":null}', lock });
const imported = (machine: string, bundleBase64: string, force = false) => on(machine, 'standby.import', { bundleBase64, key: key(), into: join(folder, machine), force });
const refresh = (machine: string) => on(machine, 'ledger.refresh', { wallets: [walletText], node: node() });
const plan = (machine: string, sats: number) => on(machine, 'pay.plan', { wallet: walletText, paymentsCsv: `address,amount_sats,reference\n${cold.deriver.derive(0, 0).address},${sats},run\n`, node: node(), feeRate: '2', payAgain: true });

beforeAll(async () => {
  requireBuilt();
  folder = mkdtempSync(join(tmpdir(), 'strongroom-standby-'));
  for (const name of ['a', 'b', 'c']) mkdirSync(join(folder, name));
  await createPracticeNetwork(join(folder, 'chain'));
  keys = await readPracticeKeys(join(folder, 'chain'));
  chain = new PracticeStore(join(folder, 'chain'));
  payFromFaucet(chain, keys, { amountSats: 900_000n, to: cold.deriver.derive(0, 0).address, outputs: 3, mine: true });
  identity = await generateIdentity();
  lock = { kind: 'recipients', recipients: [await identityToRecipient(identity)] };
  await refresh('a');
});
afterAll(() => {
  chain.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a bundle holds wallets, books and settings, encrypted; a second machine unpacks it and agrees with the node', async () => {
  expect((await plan('a', 100_000)).plan.feeSats).toMatch(/^\d+$/);
  const bundle = await exported('a');
  expect(bundle).toMatchObject({ encrypted: true, entries: 1, wallets: [{ name: 'Cold 7' }], tips: [{ network: 'practice' }] });
  expect(Buffer.from(bundle.bundleBase64, 'base64').includes('Cold 7')).toBe(false);
  expect((await on('b', 'standby.verify', { bundleBase64: bundle.bundleBase64, key: key(), node: node() })).agrees).toBe(true);

  const first = await imported('b', bundle.bundleBase64);
  expect(first).toMatchObject({ order: 'first', conflicts: [] });
  expect(readdirSync(join(folder, 'b')).sort()).toEqual(['ledger.db', 'manifest.json', 'settings.json', 'wallets']);
  expect(await on('c', 'standby.verify-folder', { folder: join(folder, 'b'), node: node() })).toMatchObject({ agrees: true, conflicts: [], wallets: [{ confirmedSats: '900000', nodeSats: '900000', differences: [] }] });
  // The plan and the address that it holds came along.
  const next = async (machine: string) => (await on(machine, 'wallet.sync', { wallet: walletText, node: node() })).nextReceive;
  expect(await next('b')).toEqual(await next('a'));
  expect((await imported('b', bundle.bundleBase64)).order).toBe('same');
});

test('an older bundle does not overwrite newer books unless it is said, and then the newer ones stay beside it', async () => {
  const old = (await exported('a')).bundleBase64;
  payFromFaucet(chain, keys, { amountSats: 50_000n, to: cold.deriver.derive(0, 1).address, outputs: 1, mine: true });
  await refresh('a');
  const fresh = (await exported('a')).bundleBase64;
  expect((await imported('b', fresh)).order).toBe('newer');
  const held = readFileSync(join(folder, 'b', 'ledger.db'));
  expect(await imported('b', old)).toMatchObject({ code: 'standby.older' });
  expect(readFileSync(join(folder, 'b', 'ledger.db')).equals(held)).toBe(true);
  expect((await imported('b', old, true)).order).toBe('older');
  expect(readFileSync(join(folder, 'b', 'ledger.db.previous')).equals(held)).toBe(true);
  expect((await imported('b', fresh)).order).toBe('newer');
});

test('where both machines planned, nothing is overwritten, and the plans and the address that both gave out are named', async () => {
  await plan('a', 120_000);
  await plan('b', 130_000);
  const bundle = (await exported('a')).bundleBase64;
  const refused = await imported('b', bundle);
  expect(refused).toMatchObject({ code: 'standby.conflict', details: { own: 1, other: 1, addressesTwice: true } });
  expect(refused.details.plans).toMatch(/^own [0-9a-f]{16} change\/\d+ TWICE; other [0-9a-f]{16} change\/\d+ TWICE$/);
  const seen = await on('b', 'standby.verify', { bundleBase64: bundle, key: key(), node: node() });
  expect(seen.conflicts).toMatchObject([{ side: 'own', addressTwice: true }, { side: 'other', addressTwice: true }]);
  expect((await imported('b', bundle, true)).conflicts).toHaveLength(2);
});

test('books that say something else than the node are found out, also where the bundle itself is whole', async () => {
  cpSync(join(folder, 'a', 'ledger.db'), join(folder, 'c', 'ledger.db'));
  const database = new DatabaseSync(join(folder, 'c', 'ledger.db'));
  database.exec('PRAGMA ignore_check_constraints = ON');
  database.prepare('UPDATE output SET amount_sats = amount_sats + 1 WHERE (entry, vout) = (SELECT entry, vout FROM output ORDER BY entry LIMIT 1)').run();
  database.close();
  const lying = await exported('c');
  if (lying.code === undefined) {
    const seen = await on('b', 'standby.verify', { bundleBase64: lying.bundleBase64, key: key(), node: node() });
    expect(seen).toMatchObject({ agrees: false });
    expect(seen.wallets[0].differences).toEqual(expect.arrayContaining(['outputs']));
  } else expect(lying.code).toBe('ledger.malformed');
});

test('a wrong key, a changed file and another file are named, and nothing is written', async () => {
  const bundle = (await exported('a')).bundleBase64;
  expect((await on('b', 'standby.import', { bundleBase64: bundle, key: { kind: 'identity', identity: await generateIdentity() }, into: join(folder, 'new'), force: false })).code).toBe('backup.not-opened');
  const plain = await on('a', 'standby.export', { wallets: [walletText], settings: null, lock: null });
  const bytes = Buffer.from(plain.bundleBase64, 'base64');
  bytes[bytes.length - 3000] = (bytes[bytes.length - 3000] as number) ^ 1;
  expect((await on('b', 'standby.import', { bundleBase64: bytes.toString('base64'), key: null, into: join(folder, 'new'), force: false })).code).toBe('standby.malformed');
  expect((await on('b', 'standby.import', { bundleBase64: Buffer.from('no bundle').toString('base64'), key: null, into: join(folder, 'new'), force: false })).code).toBe('standby.malformed');
  expect((await on('b', 'standby.verify-folder', { folder: join(folder, 'nowhere'), node: node() })).code).toBe('standby.malformed');
  expect(readdirSync(folder)).not.toContain('new');
});

test('the built program does the same, and tar opens what it wrote', () => {
  writeFileSync(join(folder, 'wallet.json'), walletText);
  writeFileSync(join(folder, 'passphrase.txt'), 'only a rehearsal passphrase\n');
  const options = { folder };
  done(companion(['standby', 'export', '--wallet', 'wallet.json', '--db', 'a/ledger.db', '--out', 'bundle.tar.age', '--passphrase-file', 'passphrase.txt'], options));
  done(companion(['standby', 'import', 'bundle.tar.age', '--into', 'second', '--passphrase-file', 'passphrase.txt'], options));
  expect(done(companion(['standby', 'verify', 'second', '--node', 'practice://chain', '--db', 'second/ledger.db'], options))).toMatchObject({ agrees: true, conflicts: [] });
  expect(done(companion(['standby', 'verify', 'bundle.tar.age', '--node', 'practice://chain', '--passphrase-file', 'passphrase.txt', '--db', 'second/ledger.db'], options))).toMatchObject({ agrees: true });
  const made = done(companion(['standby', 'export', '--wallet', 'wallet.json', '--db', 'a/ledger.db', '--out', 'bundle.tar'], options));
  expect(made).toMatchObject({ encrypted: false });
  const listed = spawnSync('tar', ['-tf', 'bundle.tar'], { cwd: folder, encoding: 'utf8' });
  expect(listed.stdout.trim().split('\n')).toEqual(['manifest.json', expect.stringMatching(/^wallets\/.+\.wallet\.json$/), 'ledger.db']);
});
