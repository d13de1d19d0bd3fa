import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureElectrum } from '../../scripts/lib/electrum.mjs';
import { inflateRaw } from '../../src/airgap/inflate.ts';
import { walletScripts, type WalletScript } from '../../src/domain/wallet-script.ts';
import { createAddressDeriver } from '../../src/wallet/address.ts';
import { exportWallet } from '../../src/wallet/dialects/export-wallet.ts';
import { importWallet } from '../../src/wallet/dialects/import-wallet.ts';
import { readForeign } from '../../src/wallet/dialects/read-foreign.ts';
import { normalisedPolicy } from '../../src/wallet/policy-id.ts';
import type { Wallet } from '../../src/wallet/wallet.ts';
import { startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';
import { walletOfScript } from '../unit/wallet/dialects/fixtures.ts';

/* What we write is read by real programs and gives the same first 100 receive and change addresses; what they write is read by us. */
const COUNT = 100;

const firstAddresses = (wallet: Wallet, branch: 0 | 1): string[] => {
  const deriver = createAddressDeriver(wallet);
  return Array.from({ length: COUNT }, (_, index) => deriver.derive(branch, index).address);
};
const importText = (text: string, script: WalletScript | null = null, password: string | null = null): Wallet =>
  importWallet(readForeign(text, { script, password, inflate: inflateRaw }), { name: null, fallbackName: null, network: 'regtest' }).wallet;

describe('bitcoind', () => {
  let node: RegtestNode;
  beforeAll(async () => {
    node = await startBitcoind();
  });
  afterAll(() => node?.stop());

  const addressTypes: Readonly<Record<WalletScript, string>> = {
    p2sh: 'legacy', 'p2sh-p2wsh': 'p2sh-segwit', p2wsh: 'bech32', 'p2tr-multi': 'bech32m', p2pkh: 'legacy', 'p2sh-p2wpkh': 'p2sh-segwit', p2wpkh: 'bech32', p2tr: 'bech32m',
  };

  describe.each(walletScripts)('a wallet of %s', (script) => {
    const wallet = walletOfScript(script, 'regtest');

    test.each(['core', 'descriptor'] as const)('written as %s: importdescriptors takes it and hands out our addresses; listdescriptors is read back', async (format) => {
      const name = `${script}-${format}`;
      await node.rpc('createwallet', { wallet_name: name, disable_private_keys: true, blank: true, load_on_startup: false });
      const { content } = exportWallet(wallet, format);
      const request: unknown = format === 'core' ? JSON.parse(content) : [{ desc: content.trim(), active: true, range: [0, 999], timestamp: 'now' }];
      const answers = await node.rpc<{ success: boolean }[]>('importdescriptors', [request], name);
      expect(answers.map(({ success }) => success)).toEqual(format === 'core' ? [true, true] : [true]);
      const handedOut = async (method: string, params: readonly unknown[]): Promise<string[]> => {
        const addresses: string[] = [];
        for (let index = 0; index < COUNT; index += 1) addresses.push(await node.rpc<string>(method, params, name));
        return addresses;
      };
      expect(await handedOut('getnewaddress', ['', addressTypes[script]])).toEqual(firstAddresses(wallet, 0));
      expect(await handedOut('getrawchangeaddress', [addressTypes[script]])).toEqual(firstAddresses(wallet, 1));
      const listed = await node.rpc('listdescriptors', [], name);
      expect(normalisedPolicy(importText(JSON.stringify(listed)))).toBe(normalisedPolicy(wallet));
      await node.rpc('unloadwallet', [name]);
    });
  });

  /** The descriptors of both branches in files that no node reads whole, taken out by what their formats say and nothing of ours. */
  const descriptorsIn: Readonly<Record<'sparrow' | 'specter' | 'bsms' | 'bip388', (content: string) => readonly [receive: string, change: string | null]>> = {
    sparrow: (content) => content.split('\n').filter((line) => /^[a-z]/.test(line)).slice(1) as [string, string],
    // Specter keeps the receive branch alone.
    specter: (content) => [(JSON.parse(content) as { descriptor: string }).descriptor, null],
    bsms: (content) => {
      const [, template = '', restrictions = ''] = content.split('\n');
      const [receive = '', change = ''] = restrictions.split(',').map((path) => template.replace(/#.*$/, '').replaceAll('/**', path));
      return [receive, change];
    },
    bip388: (content) => {
      const policy = JSON.parse(content) as { descriptor_template: string; keys_info: string[] };
      const filled = policy.descriptor_template.replace(/@(\d+)/g, (_, index: string) => policy.keys_info[Number(index)] as string);
      return [filled.replaceAll('/**', '/0/*'), filled.replaceAll('/**', '/1/*')];
    },
  };
  test.each(Object.keys(descriptorsIn) as (keyof typeof descriptorsIn)[])('what stands in our file for %s derives our first 100 addresses', async (format) => {
    const wallet = walletOfScript('p2wsh', 'regtest');
    for (const [branch, descriptor] of descriptorsIn[format](exportWallet(wallet, format).content).entries()) {
      if (descriptor === null) continue;
      const { checksum } = await node.rpc<{ checksum: string }>('getdescriptorinfo', [descriptor]);
      const derived = await node.rpc<string[]>('deriveaddresses', [`${descriptor.replace(/#.*$/, '')}#${checksum}`, [0, COUNT - 1]]);
      expect(derived).toEqual(firstAddresses(wallet, branch as 0 | 1));
    }
  });

  test('its own wallet of four script types: each is read by its type, and its private descriptors are refused', async () => {
    await node.rpc('createwallet', { wallet_name: 'hot' });
    const listed = JSON.stringify(await node.rpc('listdescriptors', [], 'hot'));
    expect(() => importText(listed)).toThrow(expect.objectContaining({ code: 'wallet.ambiguous' }));
    for (const script of ['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr'] as const) {
      const address = await node.rpc<string>('getnewaddress', ['', addressTypes[script]], 'hot');
      expect(firstAddresses(importText(listed, script), 0)[0]).toBe(address);
    }
    const secret = JSON.stringify(await node.rpc('listdescriptors', [true], 'hot'));
    expect(() => importText(secret)).toThrow(expect.objectContaining({ code: 'wallet.private-key' }));
  });
});

describe('Electrum', () => {
  const { python } = ensureElectrum();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'strongroom-electrum-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Electrum reads a file, brings it up to its own version, and writes it again. */
  function openInElectrum(content: string, name: string, password: string | null): { readonly receive: string[]; readonly change: string[]; readonly written: string } {
    const file = join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    const task = { file, folder, count: COUNT, network: 'regtest', password };
    const result = spawnSync(python, [join(import.meta.dirname, '../support/peers/electrum-read.py')], { encoding: 'utf8', input: JSON.stringify(task), env: { ...process.env, HOME: folder }, timeout: 120_000 });
    if (result.status !== 0) throw new Error(`Electrum ended with ${result.status ?? result.signal}: ${result.stderr.trim().split('\n').slice(-5).join('\n')}`);
    return { ...(JSON.parse(result.stdout.trim().split('\n').at(-1) as string) as { receive: string[]; change: string[] }), written: readFileSync(file, 'utf8') };
  }

  test.each(['p2sh', 'p2sh-p2wsh', 'p2wsh', 'p2pkh', 'p2sh-p2wpkh', 'p2wpkh'] as const)('reads our wallet of %s and gives our addresses; what it writes of it is read by us, also encrypted', (script) => {
    const wallet = walletOfScript(script, 'regtest');
    const { content } = exportWallet(wallet, 'electrum');
    const plain = openInElectrum(content, `${script}-plain`, null);
    expect(plain.receive).toEqual(firstAddresses(wallet, 0));
    expect(plain.change).toEqual(firstAddresses(wallet, 1));
    expect(normalisedPolicy(importText(plain.written))).toBe(normalisedPolicy(wallet));

    const password = 'pässword of the wallet 本';
    const { written } = openInElectrum(content, `${script}-encrypted`, password);
    expect(written.startsWith('QklFMQ')).toBe(true);
    expect(normalisedPolicy(importText(written, null, password))).toBe(normalisedPolicy(wallet));
    for (const wrong of [null, 'another']) expect(() => importText(written, null, wrong)).toThrow(expect.objectContaining({ code: 'wallet.encrypted' }));
  });
});
