import { describe, expect, test } from 'vitest';
import { parseFingerprint } from '../../../../src/domain/fingerprint.ts';
import { walletScripts } from '../../../../src/domain/wallet-script.ts';
import { exportWallet, writtenFormats, type WrittenFormat } from '../../../../src/wallet/dialects/export-wallet.ts';
import { childPublicKey } from '../../../../src/wallet/extended-public-key.ts';
import { normalisedPolicy } from '../../../../src/wallet/policy-id.ts';
import { createWallet } from '../../../../src/wallet/wallet.ts';
import { addressesOf, code, importText, walletOfScript } from './fixtures.ts';

/** What each format's programs have no wallets of. */
const cannot: Partial<Readonly<Record<WrittenFormat, readonly string[]>>> = {
  coldcard: ['p2tr-multi', 'p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr'],
  bsms: ['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr'],
  specter: ['p2tr-multi'],
  caravan: ['p2tr-multi', 'p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr'],
  electrum: ['p2tr-multi', 'p2tr'],
};
/** What a file is read as, where that is not the format that it was written in: Sparrow's is descriptors. */
const readAs = (format: WrittenFormat): string => (format === 'sparrow' ? 'descriptor' : format);

describe.each(writtenFormats)('%s', (format) => {
  for (const script of walletScripts) {
    if (cannot[format]?.includes(script) === true) {
      test(`${script} is refused by name, since its readers have no such wallets`, () => {
        expect(() => exportWallet(walletOfScript(script), format)).toThrow(code('wallet.export-limit', { format, script }));
      });
      continue;
    }
    test(`a wallet of ${script}, written and read again, has the same policy and addresses`, () => {
      for (const network of ['mainnet', 'practice'] as const) {
        const wallet = walletOfScript(script, network);
        const again = importText(exportWallet(wallet, format).content, { network });
        expect(again.format).toBe(readAs(format));
        expect(normalisedPolicy(again.wallet)).toBe(normalisedPolicy(wallet));
        expect(addressesOf(again.wallet)).toEqual(addressesOf(wallet));
      }
    });
  }
});

test('losses are declared: what each format has no place for', () => {
  const losses = (format: WrittenFormat, script: (typeof walletScripts)[number] = 'p2wsh', network: 'mainnet' | 'signet' = 'mainnet') => exportWallet(walletOfScript(script, network), format).losses.map((loss) => loss.code);
  expect(Object.fromEntries(writtenFormats.map((format) => [format, losses(format)]))).toEqual({
    strongroom: [],
    descriptor: ['name', 'labels', 'policy-id'],
    bip388: ['labels', 'policy-id'],
    coldcard: ['labels', 'policy-id', 'branches'],
    bsms: ['name', 'labels', 'policy-id'],
    specter: ['policy-id', 'branches'],
    sparrow: ['name', 'labels', 'policy-id'],
    caravan: ['policy-id', 'branches'],
    electrum: ['name', 'labels', 'policy-id', 'branches'],
    core: ['name', 'labels', 'policy-id', 'rescan'],
  });
  // Of one key there are no labels; a test network is told apart by Caravan alone.
  expect(losses('descriptor', 'p2wpkh')).toEqual(['name', 'policy-id']);
  expect(losses('descriptor', 'p2wsh', 'signet')).toEqual(['name', 'labels', 'policy-id', 'network']);
  expect(losses('caravan', 'p2wsh', 'signet')).toEqual(['policy-id', 'branches']);
});

test('what is lost is lost: names and labels come back only where the format has them', () => {
  const wallet = walletOfScript('p2wsh');
  const back = (format: WrittenFormat) => {
    const { wallet: again } = importText(exportWallet(wallet, format).content, { fallbackName: 'from the file' });
    return [again.name, ...again.cosigners.map(({ label }) => label)];
  };
  expect(back('specter')).toEqual(['Treasury', 'alice', 'bob', 'carol']);
  expect(back('caravan')).toEqual(['Treasury', 'alice', 'bob', 'carol']);
  expect(back('coldcard')).toEqual(['Treasury', 'Cosigner 1', 'Cosigner 2', 'Cosigner 3']);
  expect(back('bsms')).toEqual(['from the file', 'Cosigner 1', 'Cosigner 2', 'Cosigner 3']);
});

describe('limits of the targets', () => {
  const many = (count: number) => {
    const wallet = walletOfScript('p2wsh');
    const [alice] = wallet.cosigners;
    if (alice === undefined) throw new TypeError('fixture');
    // Another point for each, at the same place of another master.
    const cosigners = Array.from({ length: count }, (_, index) => ({
      label: `Cosigner ${index + 1}`,
      record: { ...alice.record, masterFingerprint: parseFingerprint(index.toString(16).padStart(8, '0')), key: { ...alice.record.key, publicKey: childPublicKey(alice.record.key, index) } },
    }));
    return createWallet({ ...wallet, cosigners });
  };

  test('Coldcard and Electrum have at most 15 keys, Caravan 7; a descriptor takes all 20', () => {
    for (const [format, most] of [['coldcard', 15], ['electrum', 15], ['caravan', 7]] as const) {
      expect(exportWallet(many(most), format).content).not.toBe('');
      expect(() => exportWallet(many(most + 1), format)).toThrow(code('wallet.export-limit', { format, most, keys: most + 1 }));
    }
    expect(exportWallet(many(20), 'descriptor').losses.map((loss) => loss.code)).toEqual(['name', 'labels', 'policy-id']);
  });

  test('Coldcard\'s screen shows 20 characters of ASCII: a longer name is shortened, and that is said', () => {
    const { content, losses } = exportWallet(walletOfScript('p2wsh', 'mainnet', 'Schätze der Stiftung für Übermut'), 'coldcard');
    expect(content).toContain('Name: Schatze der Stiftung\n');
    expect(losses.at(-1)?.code).toBe('name');
  });

  test('mixed paths are written before each key, and named', () => {
    const wallet = walletOfScript('p2wsh');
    const nested = walletOfScript('p2sh-p2wsh');
    const mixed = createWallet({ ...wallet, cosigners: [wallet.cosigners[0], nested.cosigners[1], wallet.cosigners[2]].flatMap((each) => each ?? []) });
    const { content, losses } = exportWallet(mixed, 'coldcard');
    expect(content.match(/^Derivation: .*$/gm)).toEqual(["Derivation: m/48'/0'/0'/2'", "Derivation: m/48'/0'/0'/1'", "Derivation: m/48'/0'/0'/2'"]);
    expect(losses.map((loss) => loss.code)).toContain('settings');
    expect(addressesOf(importText(content).wallet)).toEqual(addressesOf(mixed));
  });
});

