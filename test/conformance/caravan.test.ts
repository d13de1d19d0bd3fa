import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inflateRaw } from '../../src/airgap/inflate.ts';
import { createAddressDeriver } from '../../src/wallet/address.ts';
import { exportWallet } from '../../src/wallet/dialects/export-wallet.ts';
import { importWallet } from '../../src/wallet/dialects/import-wallet.ts';
import { readForeign } from '../../src/wallet/dialects/read-foreign.ts';
import { formatExtendedPublicKey, formatPrefixedKey, parseExtendedPublicKey } from '../../src/wallet/extended-public-key.ts';

const folder = join(process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors'), 'caravan');
const filesIn = (name: string): readonly string[] => readdirSync(join(folder, name)).map((file) => join(folder, name, file));
const importFile = (text: string) => importWallet(readForeign(text, { script: null, password: null, inflate: inflateRaw }), { name: null, fallbackName: null, network: null });
const { xpubs, addresses } = JSON.parse(readFileSync(join(folder, 'multisig_values.json'), 'utf8')) as { readonly xpubs: readonly string[]; readonly addresses: readonly string[] };

const addressesOf = ({ wallet }: ReturnType<typeof importFile>): readonly string[] => {
  const deriver = createAddressDeriver(wallet);
  return ([0, 1] as const).flatMap((branch) => [0, 1, 2].map((index) => deriver.derive(branch, index).address));
};

describe('wallet configurations', () => {
  for (const file of [...filesIn('fixtures/caravan'), ...filesIn('public/fixtureConfigs')]) {
    test(file.split('/').slice(-2).join('/'), () => {
      const text = readFileSync(file, 'utf8');
      const stated = JSON.parse(text) as { addressType: string; network: string; extendedPublicKeys: { name: string }[] };
      const imported = importFile(text);
      expect(imported.wallet).toMatchObject({ script: stated.addressType.toLowerCase(), network: stated.network === 'mainnet' ? 'mainnet' : 'testnet4', required: 2 });
      expect(imported.wallet.cosigners.map(({ label }) => label)).toEqual(stated.extendedPublicKeys.map(({ name }) => name));
      expect(imported.losses.map(({ code }) => code)).toEqual(stated.network === 'mainnet' ? [] : ['network']);
      // Written again by us it is the same wallet.
      expect(addressesOf(importFile(exportWallet(imported.wallet, 'caravan').content))).toEqual(addressesOf(imported));
    });
  }
});

describe('setup files for Coldcard give the wallets of the configurations beside them', () => {
  for (const file of filesIn('fixtures/coldcard')) {
    test(file.split('/').at(-1) as string, () => {
      const match = /wc-(p2sh-p2wsh|p2sh|p2wsh)_([mt])/.exec(file);
      const configuration = `bitcoin-2-of-2-${(match?.[1] ?? '').toUpperCase()}_${match?.[2] === 'm' ? 'MAINNET' : 'TESTNET'}.json`;
      const fromText = importFile(readFileSync(file, 'utf8'));
      expect(addressesOf(fromText)).toEqual(addressesOf(importFile(readFileSync(join(folder, 'fixtures/caravan', configuration), 'utf8'))));
      expect(addressesOf(importFile(exportWallet(fromText.wallet, 'coldcard').content))).toEqual(addressesOf(fromText));
    });
  }
});

describe('extended public keys of every prefix are read, and written with it again', () => {
  for (const text of xpubs) {
    test(text.slice(0, 12), () => {
      const { key, realm, prefixScript } = parseExtendedPublicKey(text);
      const network = realm === 'main' ? 'mainnet' : 'testnet4';
      expect(prefixScript === null ? formatExtendedPublicKey(key, network) : formatPrefixedKey(key, network, prefixScript)).toBe(text);
    });
  }
});

test('the published addresses have scripts on one of the networks', async () => {
  const { addressOfScript, scriptOfAddress } = await import('../../src/wallet/address.ts');
  for (const address of addresses) {
    const network = /^(bc1|[13])/.test(address) ? 'mainnet' : 'testnet4';
    expect(addressOfScript(scriptOfAddress(address, network), network)).toBe(address);
  }
});
