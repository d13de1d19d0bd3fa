import { beforeAll, describe, expect, test } from 'vitest';
import type { Client, RequestContext } from '../../../../src/host/contract.ts';
import { companionCoreContract } from '../../../../src/host/companion-contract.ts';
import { serve } from '../../../../src/host/serve.ts';
import { keyRecordFormats } from '../../../../src/host/dialect-wire.ts';
import { signerCoreContract } from '../../../../src/host/signer-contract.ts';
import { createCompanionHandlers } from '../../../../src/service/companion/handlers.ts';
import { noCare } from '../../service-companion/no-care.ts';
import { createSignerService } from '../../../../src/service/signer/handlers.ts';
import { exportWallet } from '../../../../src/wallet/dialects/export-wallet.ts';
import { formatWalletFile } from '../../../../src/wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../../../src/wallet/policy-id.ts';
import { walletDescriptor, type Wallet } from '../../../../src/wallet/wallet.ts';
import { fakeEffects } from '../../service-signer/fake-effects.ts';
import { mnemonics } from '../../signer/fixtures.ts';
import { addressesOf, walletOfScript } from './fixtures.ts';

type Companion = typeof companionCoreContract;
type Signer = typeof signerCoreContract;
type Ask<C extends Companion | Signer> = <Name extends keyof C & keyof Client<C>>(name: Name, input: Parameters<Client<C>[Name]>[0]) => Promise<Extract<Awaited<ReturnType<Client<C>[Name]>>, { ok: true }>['value']>;

const context: RequestContext = { progress: () => undefined, isCancelled: () => false };
const never = () => {
  throw new Error('not for this');
};
/** Behind the real boundary, so that every question and answer is checked against its contract. */
function ask<C extends Companion | Signer>(dispatch: ReturnType<typeof serve>): Ask<C> {
  return (async (name: string, input: unknown) => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value;
  }) as Ask<C>;
}
const onFault = (name: string, fault: unknown): never => {
  throw new Error(`fault in ${name}`, { cause: fault });
};
const companion = ask<Companion>(serve(companionCoreContract, createCompanionHandlers({ openChainSource: never, ledger: never, begunLedger: async () => null, now: () => '2026-11-22T12:00:00.000Z', care: noCare }), onFault));
const signer = ask<Signer>(serve(signerCoreContract, createSignerService(fakeEffects()).handlers, onFault));
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

const wallet = walletOfScript('p2wsh', 'practice');
const facts = (each: Wallet) => ({ policyId: policyIdOf(each).words, firstReceive: addressesOf(each)[0] });

describe('the Companion', () => {
  test.each(['descriptor', 'bip388', 'coldcard', 'bsms', 'specter', 'sparrow', 'caravan', 'electrum', 'core', 'ur'] as const)('exports %s, and imports it again with its losses', async (format) => {
    const exported = await companion('wallet.export', { wallet: formatWalletFile(wallet), format });
    expect(exported.suggestedName).toMatch(/^treasury\.[a-z.]+$/);
    expect(exported.losses.map((loss) => loss.code)).toContain('policy-id');
    const imported = await companion('wallet.import', { file: exported.content, network: 'practice', fallbackName: 'treasury' });
    expect(imported).toMatchObject({ ...facts(wallet), format: format === 'sparrow' ? 'descriptor' : format, network: 'practice' });
    expect(await companion('wallet.policy', { wallet: imported.wallet })).toMatchObject(facts(wallet));
    expect(await companion('wallet.policy', { wallet: exported.content, network: 'practice' })).toMatchObject(facts(wallet));
  });

  test('UR names no branches, since many of its readers know no pair of them', async () => {
    const { content, losses } = await companion('wallet.export', { wallet: formatWalletFile(wallet), format: 'ur' });
    expect(content).toMatch(/^UR:CRYPTO-OUTPUT\//);
    expect(losses.map((loss) => loss.code)).toEqual(['name', 'labels', 'policy-id', 'network', 'branches']);
    expect((await companion('wallet.import', { file: content })).losses.map((loss) => loss.code)).toEqual(['branches', 'network']);
  });

  test('keys that claim one master are named', async () => {
    const other = walletOfScript('p2sh-p2wsh', 'practice');
    const [first, second] = [wallet.cosigners[0], other.cosigners[0]];
    const records = [first, second].map((cosigner) => walletDescriptor({ ...wallet, cosigners: [cosigner as NonNullable<typeof cosigner>], required: 1 }).replace(/^wsh\(sortedmulti\(1,(.*)\/<0;1>.*$/, '$1'));
    const made = await companion('wallet.create', { name: 'Twice', network: 'practice', script: 'p2wsh', required: 2, cosigners: records.map((record, index) => ({ label: `Cosigner ${index + 1}`, record })) });
    expect(made.notes).toEqual([{ code: 'wallet.same-fingerprint', text: expect.stringContaining('Cosigner 1 and Cosigner 2') }]);
  });
});

describe('the Signer', () => {
  let keyHandle: string;
  beforeAll(async () => {
    keyHandle = (await signer('key.restore', { network: 'practice', label: 'Alice', secrets: [mnemonics.alice], passphrase: 'correct horse battery' })).keyHandle;
  });

  test.each(keyRecordFormats)('key export as %s makes the same wallet', async (format) => {
    const names = { descriptor: 'alice-73c5da0a.key-record.txt', coldcard: 'alice-73c5da0a.key-record.json', bsms: 'alice-73c5da0a.key-record.bsms', ur: 'alice-73c5da0a.key-record.ur.txt' };
    const exported = await signer('key.export', { keyHandle, script: 'p2wsh', account: 0, format });
    expect(exported.suggestedName).toBe(names[format]);
    const others = wallet.cosigners.slice(1).map(({ label, record }) => ({ label, record: walletDescriptor({ ...wallet, cosigners: [{ label, record }], required: 1 }).replace(/^wsh\(sortedmulti\(1,(.*)\/<0;1>.*$/, '$1') }));
    const made = await companion('wallet.create', { name: 'Treasury', network: 'practice', script: 'p2wsh', required: 2, cosigners: [{ label: 'alice', record: exported.keyRecord }, ...others] });
    expect(made).toMatchObject(facts(wallet));
  });

  test('a record for another script is refused by its prefix or section', async () => {
    const { keyRecord } = await signer('key.export', { keyHandle, script: 'p2wsh', account: 0, format: 'coldcard' });
    await expect(companion('wallet.create', { name: 'x', network: 'practice', script: 'p2sh', required: 1, cosigners: [{ label: 'alice', record: keyRecord }] })).rejects.toThrow(code('wallet.prefix-script'));
  });

  test('a wallet of another program is shown and registered; its network is the key\'s where the file does not tell', async () => {
    for (const format of ['coldcard', 'bsms', 'descriptor', 'electrum'] as const) {
      const { content } = exportWallet(wallet, format);
      expect(await signer('wallet.policy', { wallet: content, network: 'practice' })).toMatchObject(facts(wallet));
      const { policyId } = facts(wallet);
      const done = await signer('wallet.register', { keyHandle, wallet: content, policyId, fallbackName: 'treasury' });
      expect(done).toMatchObject({ ...facts(wallet), ownKey: '73c5da0a', quorum: { required: 2, total: 3 } });
      const { addresses } = await signer('wallet.address', { keyHandle, registration: done.registration, branch: 'change', index: 0, count: 3 });
      expect(addresses.map((each) => each.address)).toEqual(addressesOf(wallet).slice(3));
    }
  });

  test.each([
    ['own key missing', (text: string) => text.replace(/^73C5DA0A: .*\n/m, '').replace('2 of 3', '2 of 2'), 'wallet.own-key-missing'],
    ['one key swapped under our fingerprint', (text: string) => text.replace(/^73C5DA0A: (.*)\n(.*): .*$/m, '$2: $1'), 'wallet.malformed'],
    ['the same key under another label', (text: string) => text.replace(/^73C5DA0A: (.*)\n(.*): .*$/m, '73C5DA0A: $1\n$2: $1'), 'wallet.duplicate-key'],
    ['threshold lowered', (text: string) => text.replace('2 of 3', '1 of 3'), 'wallet.policy-mismatch'],
    ['an xprv inside', (text: string) => `# xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi\n${text}`, 'wallet.private-key'],
  ])('an attack on a setup file is refused: %s', async (_, change, expected) => {
    const text = exportWallet(wallet, 'coldcard').content;
    expect(change(text)).not.toBe(text);
    await expect(signer('wallet.register', { keyHandle, wallet: change(text), policyId: facts(wallet).policyId })).rejects.toThrow(code(expected));
  });

  test('a wrong first address is refused', async () => {
    const { content } = exportWallet(wallet, 'bsms');
    const wrong = content.replace(addressesOf(wallet)[0] as string, addressesOf(wallet)[1] as string);
    await expect(signer('wallet.register', { keyHandle, wallet: wrong, policyId: facts(wallet).policyId })).rejects.toThrow(code('wallet.first-address'));
  });
});
