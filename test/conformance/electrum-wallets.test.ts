import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inflateRaw } from '../../src/airgap/inflate.ts';
import { createAddressDeriver } from '../../src/wallet/address.ts';
import { electrumWithPatches, readElectrum } from '../../src/wallet/dialects/electrum.ts';
import { importWallet } from '../../src/wallet/dialects/import-wallet.ts';
import { readForeign } from '../../src/wallet/dialects/read-foreign.ts';

/*
 * 64 wallet files of Electrum 1.9 to 4.6. Nearly all hold their seeds in the clear, which stops everything; the test takes the
 * secrets out and reads what is left, so that the public parts and their addresses are compared all the same.
 */
const folder = join(process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors'), 'electrum/test_storage_upgrade');
const code = (expected: string, details: object = {}): unknown => expect.objectContaining({ code: expected, details: expect.objectContaining(details) });
const choices = { name: null, fallbackName: null, network: null };

type Fields = Record<string, unknown>;
const isSecretName = (name: string): boolean => ['seed', 'xprv', 'passphrase', 'master_private_keys', 'keypairs'].includes(name);
const withoutSecrets = (file: Fields): Fields =>
  Object.fromEntries(Object.entries(file).filter(([name]) => !isSecretName(name)).map(([name, value]) => [name, /^(keystore|x[0-9]+\/?)$/.test(name) && typeof value === 'object' ? withoutSecrets(value as Fields) : value]));

/** What becomes of a file without its secrets: the wallet's script, or the reason for which none is made. */
const unsupported = (what: string) => ({ error: 'wallet.descriptor-unsupported', details: { what } });
const originMissing = { error: 'key.origin-missing', details: {} };
function expectedOf(name: string): { readonly script: string } | { readonly error: string; readonly details: object } {
  // Watched addresses and imported keys have no extended key.
  if (/watchaddresses|importedkeys/.test(name)) return unsupported(/2_[0-6]_|watch/.test(name) ? 'Electrum\'s wallet type imported' : 'Electrum\'s key store of the type imported');
  // Electrum's own key scheme of before BIP32.
  if (name.includes('old_seeded')) return unsupported('Electrum\'s key store of the type old');
  if (/2_[0-6]_.*trezor/.test(name)) return unsupported('Electrum\'s wallet type trezor');
  // Hardware wallets' files of before 4.0 do not say the master key's fingerprint.
  if (/trezor|ledger/.test(name)) return originMissing;
  if (name.includes('multisig')) return { script: 'p2sh' };
  return { script: /3_3_8|4_0_1|4_6_0|4_5_2/.test(name) ? 'p2wpkh' : 'p2pkh' };
}

describe.each(readdirSync(folder).sort())('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const file = parse(text);

  test(holdsSecrets(name) ? 'its private keys stop everything' : 'holds no private key and is judged by its content', () => {
    const read = () => importWallet(readForeign(text, { script: null, password: null, inflate: inflateRaw }), choices);
    if (holdsSecrets(name)) return expect(read).toThrow(code('wallet.private-key'));
    const expected = expectedOf(name);
    if ('error' in expected) expect(read).toThrow(code(expected.error, expected.details));
    else expect(read().wallet.script).toBe(expected.script);
  });

  if (file !== null) {
    test('its public part gives its addresses, or is refused by name', () => {
      const read = () => readElectrum(withoutSecrets(file));
      const expected = expectedOf(name);
      if ('error' in expected) return expect(read).toThrow(code(expected.error, expected.details));
      const { wallet } = importWallet(read(), choices);
      expect(wallet.script).toBe(expected.script);
      const { receiving = [], change = [] } = (file['addresses'] ?? {}) as { receiving?: unknown[]; change?: unknown[] };
      const stated = [receiving, change].map((list) => list.filter((address) => typeof address === 'string'));
      const deriver = createAddressDeriver(wallet);
      for (const [branch, list] of stated.entries()) expect(list.map((_, index) => deriver.derive(branch as 0 | 1, index).address)).toEqual(list);
    });
  }
});

/** All but hardware wallets, watched addresses and one made of an extended public key. */
const holdsSecrets = (name: string): boolean => !/trezor|ledger|watchaddresses|_xpub_/.test(name);

function parse(text: string): Fields | null {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    // Electrum 1.9 wrote Python; 4.5 appends patches.
    return text.startsWith("{'") ? null : (electrumWithPatches(JSON.parse(`[${text}]`) as unknown[]) as Fields);
  }
}
