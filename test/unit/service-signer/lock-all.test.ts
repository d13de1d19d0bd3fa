import { beforeEach, expect, test } from 'vitest';
import { toBase64 } from '../../../src/domain/bytes.ts';
import type { Client } from '../../../src/host/contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { signerCoreContract } from '../../../src/host/signer-contract.ts';
import { nativeSlowHashes } from '../../../src/node/signer/slow-hashes.ts';
import { templateSheet } from '../../../src/paper/sheets/template.ts';
import { createSignerService, type SignerService } from '../../../src/service/signer/handlers.ts';
import { preparedSheet } from '../../../src/service/signer/prepared-sheet.ts';
import { SheetJobs } from '../../../src/service/signer/sheet-jobs.ts';
import type { SignerEffects } from '../../../src/service/signer/effects.ts';
import { encryptBip38 } from '../../../src/signer/secrets/bip38.ts';
import { formatWif } from '../../../src/signer/secrets/wif.ts';
import { diceText, mnemonics, noise } from '../signer/fixtures.ts';
import { fakeEffects } from './fake-effects.ts';

/*
 * The screen is locked, the laptop goes to sleep, the page is reloaded: everything that is open is wiped, also what is only
 * about to be open. One test for each thing that a process of the Signer holds.
 */

type Core = typeof signerCoreContract;
type Call = <Name extends keyof Core>(name: Name, input: Parameters<Client<Core>[Name]>[0]) => Promise<Extract<Awaited<ReturnType<Client<Core>[Name]>>, { ok: true }>['value']>;

const passphrase = 'correct horse battery';
const locked = expect.objectContaining({ code: 'key.locked' });
const wif = formatWif({ privateKey: noise('paper', 32), compressed: true }, 'regtest');
const alice = { network: 'regtest' as const, label: 'alice', secrets: [mnemonics.alice], passphrase };

/** What the effects hand out in clear, to look at after it should be gone. */
let plaintexts: Uint8Array[];
/** Runs when a slow effect was begun and has not ended. */
let meanwhile: () => void;
let service: SignerService;
let call: Call;
beforeEach(() => {
  plaintexts = [];
  meanwhile = () => undefined;
  const fake = fakeEffects();
  const slowly = <Given extends unknown[], T>(work: (...given: Given) => Promise<T>) => async (...given: Given): Promise<T> => {
    const done = await work(...given);
    meanwhile();
    return done;
  };
  const effects: SignerEffects = {
    ...fake,
    encryptKeyFile: slowly(fake.encryptKeyFile),
    decryptKeyFile: slowly(async (file, given) => {
      const plaintext = await fake.decryptKeyFile(file, given);
      plaintexts.push(plaintext);
      return plaintext;
    }),
    slow: { scrypt: slowly(fake.slow.scrypt), pbkdf2Sha256: slowly(fake.slow.pbkdf2Sha256) },
  };
  service = createSignerService(effects);
  const dispatch = serve(signerCoreContract, service.handlers, (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  call = (async (name: string, input: unknown) => {
    const reply = await dispatch(name, input, { progress: () => undefined, isCancelled: () => false });
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value;
  }) as Call;
});
const isUsable = (keyHandle: string) => call('key.export', { keyHandle, script: 'p2wsh', account: 0 });
const isLocked = (keyHandle: string) => expect(isUsable(keyHandle)).rejects.toThrow(locked);

test('unlocked keys', async () => {
  const { keyHandle } = await call('key.restore', alice);
  await isUsable(keyHandle);
  service.lockAll();
  await isLocked(keyHandle);
  expect(() => service.wordsOf(keyHandle)).toThrow(locked);
});

test('a key file that is just being opened', async () => {
  const { keyFileBase64 } = await call('key.restore', alice);
  meanwhile = () => service.lockAll();
  const { keyHandle } = await call('key.unlock', { keyFileBase64, passphrase });
  await isLocked(keyHandle);
  meanwhile = () => undefined;
  await isUsable((await call('key.unlock', { keyFileBase64, passphrase })).keyHandle);
  expect(plaintexts.every((plaintext) => plaintext.every((byte) => byte === 0))).toBe(true);
});

test.each([
  ['made', () => call('key.create', { network: 'regtest', label: 'new', words: 24, dice: diceText(99), passphrase })],
  ['restored', () => call('key.restore', alice)],
] as const)('a key that is just being %s: its file is whole, and the key is not open', async (_how, make) => {
  meanwhile = () => service.lockAll();
  const { keyHandle, keyFileBase64, fingerprint } = await make();
  await isLocked(keyHandle);
  expect(await call('key.unlock', { keyFileBase64, passphrase })).toMatchObject({ fingerprint });
});

test('a review, with the key that it was made for', async () => {
  const { keyHandle } = await call('key.restore', alice);
  service.lockAll();
  await expect(call('psbt.sign', { keyHandle, reviewId: '0'.repeat(64), acknowledged: [] })).rejects.toThrow(locked);
});

test('paper keys, and one that is just being opened', async () => {
  const review = (paperKeyHandle: string) => call('sweep.review', { paperKeyHandles: [paperKeyHandle], keyHandle: null, registrations: [], psbtFileBase64: toBase64(new Uint8Array([1])) });
  const open = await call('paper-key.open', { network: 'regtest', secret: wif });
  // The handle still leads to a key: what is wrong is the file.
  await expect(review(open.paperKeyHandle)).rejects.toThrow(expect.objectContaining({ code: 'psbt.malformed' }));
  service.lockAll();
  await expect(review(open.paperKeyHandle)).rejects.toThrow(locked);
  meanwhile = () => service.lockAll();
  const opening = await call('paper-key.open', { network: 'regtest', secret: await encryptBip38({ privateKey: noise('paper', 32), compressed: true }, 'regtest', 'paper', nativeSlowHashes), passphrase: 'paper' });
  await expect(review(opening.paperKeyHandle)).rejects.toThrow(locked);
});

test('sheets, and those that are just being made', () => {
  const jobs = new SheetJobs(fakeEffects());
  const blank = () => ({ sheets: [preparedSheet(templateSheet({ serial: 'BLANK', label: '', network: 'regtest', date: '' }, 'seed-12'), 'a4', null)], handCodes: [] });
  const { job } = jobs.open(blank(), null, () => '');
  const isDropped = jobs.watchDrops();
  expect(isDropped()).toBe(false);
  jobs.dropAll();
  expect(isDropped()).toBe(true);
  expect(jobs.page(job, 0)).toBe(null);
  expect(jobs.watchDrops()()).toBe(false);
});

test('a batch that is just being made ends between two wallets', async () => {
  const jobs = new SheetJobs(fakeEffects());
  const isCancelled = jobs.watchDrops();
  let made = 0;
  const progress = (): void => {
    made += 1;
    if (made === 3) jobs.dropAll();
  };
  const order = { network: 'regtest', script: 'p2wpkh', count: 20, secret: { form: 'wif' }, dice: diceText(99), coins: '', cards: '', typed: '', label: null, serial: null, date: null, pageSize: 'a4' } as const;
  await expect(service.prepareSheets({ what: 'paper-wallets', order }, { progress, isCancelled })).rejects.toThrow(expect.objectContaining({ code: 'host.cancelled' }));
  expect(made).toBeLessThan(6);
});

test('of a drill nothing is left to wipe between its answers: what was brought back lives as long as the comparison', async () => {
  const { keyFileBase64, fingerprint } = await call('key.restore', alice);
  const { drillHandle } = await call('drill.begin', { subject: { fingerprint, network: 'regtest', label: 'alice', registrations: [] }, from: 'backup' });
  meanwhile = () => service.lockAll();
  // The drill's clock goes on: who was called away has not passed, nor failed.
  const { record } = await call('drill.answer', { drillHandle, answer: { from: 'backup', keyFileBase64, passphrase }, by: 'Ada', final: false, monthsToNext: 6 });
  expect(record.outcome).toBe('passed');
  expect(plaintexts.length).toBeGreaterThan(0);
  expect(plaintexts.every((plaintext) => plaintext.every((byte) => byte === 0))).toBe(true);
});
