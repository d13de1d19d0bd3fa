import { expect, test, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleRolls } from '../support/app/ceremony.ts';
import { ask, launchEdition } from '../support/app/edition.ts';

/** What the apps keep for themselves: key files, registrations, wallets, settings. */

type Answer = { ok: boolean; value: Record<string, unknown>; error: { code: string } };
const value = async (page: Page, name: string, input: unknown): Promise<Record<string, unknown>> => {
  const answer = (await ask(page, name, input)) as Answer;
  expect(answer).toMatchObject({ ok: true });
  return answer.value;
};
const refusal = async (page: Page, name: string, input: unknown): Promise<string> => ((await ask(page, name, input)) as Answer).error.code;

const newKey = { network: 'practice', label: 'alice', words: 12, dice: exampleRolls(50, 77), passphrase: 'correct horse battery' };

test('signer: a key file is kept across starts, readable by its owner only, and never overwritten', async () => {
  const userData = mkdtempSync(join(tmpdir(), 'strongroom-shelf-'));
  const first = await launchEdition('signer', { userData });
  let name = '';
  let fingerprint: unknown;
  try {
    const made = await value(first.page, 'key.create', newKey);
    name = made['suggestedName'] as string;
    fingerprint = made['fingerprint'];
    expect(await value(first.page, 'shelf.add-key', { name, keyFileBase64: made['keyFileBase64'] })).toEqual({ name });
    expect(statSync(join(userData, 'keys', name)).mode & 0o077).toBe(0);
    expect(readFileSync(join(userData, 'keys', name), 'utf8')).toMatch(/^age-encryption\.org\/v1\n/);
    expect(await refusal(first.page, 'shelf.add-key', { name, keyFileBase64: made['keyFileBase64'] })).toBe('file.exists');
    expect(await refusal(first.page, 'shelf.add-key', { name: 'other.key.age', keyFileBase64: 'AAAA' })).toBe('key.file-malformed');
    expect(await refusal(first.page, 'shelf.add-key', { name: 'alice.txt', keyFileBase64: made['keyFileBase64'] })).toBe('host.bad-request');
    expect(await refusal(first.page, 'shelf.add-key', { name: '../alice.key.age', keyFileBase64: made['keyFileBase64'] })).toBe('host.bad-request');
    expect(readdirSync(join(userData, 'keys'))).toEqual([name]);
  } finally {
    await first.close();
  }
  const second = await launchEdition('signer', { userData });
  try {
    const kept = (await value(second.page, 'shelf.list', {})) as { keys: { name: string; contentBase64: string }[]; registrations: unknown[]; damaged: unknown[] };
    expect(kept.keys.map((key) => key.name)).toEqual([name]);
    expect(kept.damaged).toEqual([]);
    expect(await value(second.page, 'key.unlock', { keyFileBase64: kept.keys[0]?.contentBase64, passphrase: newKey.passphrase })).toMatchObject({ fingerprint, label: 'alice' });
    expect(await refusal(second.page, 'key.unlock', { keyFileBase64: kept.keys[0]?.contentBase64, passphrase: 'another passphrase' })).toBe('key.passphrase-wrong');
  } finally {
    await second.close();
  }
});

test('signer: a damaged file on the shelf is named beside the others, not hidden', async () => {
  const running = await launchEdition('signer');
  try {
    expect(await refusal(running.page, 'shelf.add-registration', { name: 'x.registration.json', registration: '{}' })).toBe('registration.malformed');
    mkdirSync(join(running.userData, 'registrations'), { recursive: true });
    writeFileSync(join(running.userData, 'registrations', 'broken.registration-00000000.json'), '{');
    writeFileSync(join(running.userData, 'registrations', 'notes.txt'), 'not ours');
    expect(await value(running.page, 'shelf.list', {})).toEqual({ keys: [], registrations: [], entropyRecords: [], damaged: [{ name: 'broken.registration-00000000.json', code: 'registration.malformed' }] });
  } finally {
    await running.close();
  }
});

test('signer: the words of a key are given while it is unlocked; reloading the page locks it', async () => {
  const running = await launchEdition('signer');
  try {
    const { keyHandle } = await value(running.page, 'key.create', newKey);
    expect(((await value(running.page, 'key.words', { keyHandle }))['words'] as string[]).length).toBe(12);
    const reloaded = running.page.waitForEvent('load');
    await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload());
    await reloaded;
    expect(await refusal(running.page, 'key.words', { keyHandle })).toBe('key.locked');
  } finally {
    await running.close();
  }
});

test('signer: locking the screen and going to sleep lock every key', async () => {
  const running = await launchEdition('signer');
  try {
    for (const moment of ['lock-screen', 'suspend']) {
      const { keyHandle } = await value(running.page, 'key.create', newKey);
      await running.app.evaluate(({ powerMonitor }, name) => {
        powerMonitor.emit(name);
      }, moment);
      expect(await refusal(running.page, 'key.words', { keyHandle })).toBe('key.locked');
    }
  } finally {
    await running.close();
  }
});

test('signer: long work tells how far it is', async () => {
  const running = await launchEdition('signer');
  try {
    const told = await running.page.evaluate(async (input) => {
      const bridge = Reflect.get(window, 'strongroom') as { commands: Record<string, (input: unknown, onProgress: (progress: { activity: string }) => void) => { reply: Promise<unknown> }> };
      const activities: string[] = [];
      await bridge.commands['key.create']?.(input, (progress) => activities.push(progress.activity)).reply;
      return activities;
    }, newKey);
    expect(told).toEqual(['Reading the system\'s random sources', 'Encrypting the key file']);
  } finally {
    await running.close();
  }
});

test('companion: settings are kept; damaged ones are an error, not a silent return to none', async () => {
  const running = await launchEdition('companion');
  try {
    expect(await value(running.page, 'settings.read', {})).toEqual({ node: null, hotWallet: null });
    const settings = { node: 'bitcoind://127.0.0.1:18443?cookie=/tmp/.cookie', hotWallet: 'hot' };
    await value(running.page, 'settings.write', settings);
    expect(await value(running.page, 'settings.read', {})).toEqual(settings);
    writeFileSync(join(running.userData, 'settings.json'), '{"node":1}');
    expect(await refusal(running.page, 'settings.read', {})).toBe('file.unreadable');
    await value(running.page, 'settings.write', settings);
    expect(await value(running.page, 'settings.read', {})).toEqual(settings);
  } finally {
    await running.close();
  }
});

test('companion: blocks can be asked of a practice node only; a wallet that is none is not kept', async () => {
  const running = await launchEdition('companion');
  try {
    expect(await refusal(running.page, 'practice.mine', { blocks: 1 })).toBe('node.url');
    await value(running.page, 'settings.write', { node: `practice://${join(running.userData, 'nowhere')}`, hotWallet: null });
    expect(await refusal(running.page, 'practice.mine', { blocks: 1 })).toBe('file.not-found');
    expect(await refusal(running.page, 'shelf.add-wallet', { name: 'x.wallet.json', wallet: '{}' })).toBe('wallet.malformed');
    expect(await value(running.page, 'shelf.list', {})).toEqual({ wallets: [], damaged: [] });
  } finally {
    await running.close();
  }
});
