import * as secp from 'tiny-secp256k1';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { toHex, utf8 } from '../../../src/domain/bytes.ts';
import { openPaperKey, PaperKey } from '../../../src/signer/paper-key.ts';
import { encryptBip38 } from '../../../src/signer/secrets/bip38.ts';
import { formatWif } from '../../../src/signer/secrets/wif.ts';
import { mnemonics } from './fixtures.ts';
import { nativeSlowHashes } from './secrets/native-slow-hashes.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const privateKey = utf8('a paper of a test, 32 bytes long');
const wif = (compressed: boolean): string => formatWif({ privateKey, compressed }, 'regtest');
const open = (text: string, passphrase = '', network: 'regtest' | 'mainnet' = 'regtest') => openPaperKey(text, passphrase, network, nativeSlowHashes);

test('a WIF says in which form its key is used, and so which addresses it has', async () => {
  const compressed = await open(wif(true));
  expect(compressed).toMatchObject({ form: 'wif', compressed: true, network: 'regtest' });
  expect(compressed.addresses().map(({ script }) => script)).toEqual(['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr']);
  const uncompressed = await open(wif(false));
  expect(uncompressed).toMatchObject({ compressed: false });
  expect(uncompressed.addresses().map(({ script }) => script)).toEqual(['p2pkh']);
  expect(uncompressed.addresses()[0]?.address).not.toBe(compressed.addresses()[0]?.address);
  expect(uncompressed.fingerprint).not.toBe(compressed.fingerprint);
});

test('BIP38 opens with its passphrase, in either form', async () => {
  for (const compressed of [true, false]) {
    const text = await encryptBip38({ privateKey, compressed }, 'regtest', 'on the paper', nativeSlowHashes);
    expect(await open(text, 'on the paper')).toMatchObject({ form: 'bip38', compressed, fingerprint: (await open(wif(compressed))).fingerprint });
    await expect(open(text, 'on the papyrus')).rejects.toThrow(code('secret.passphrase-wrong'));
  }
});

test('a key that was copied in groups, over lines, is the same key', async () => {
  const grouped = `${wif(true).slice(0, 20).replace(/(.{4})/g, '$1 ')}\n ${wif(true).slice(20)}\r\n`;
  expect((await open(grouped)).fingerprint).toBe((await open(wif(true))).fingerprint);
});

test('a key of the other realm is refused', async () => {
  await expect(open(wif(true), '', 'mainnet')).rejects.toThrow(code('key.network'));
});

test('a damaged key is malformed; anything else is no single key', async () => {
  const damaged = `${wif(true).slice(0, 30)}${wif(true)[30] === 'a' ? 'b' : 'a'}${wif(true).slice(31)}`;
  await expect(open(damaged)).rejects.toThrow(code('secret.malformed'));
  for (const other of ['', 'word', mnemonics.alice, 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi', '0'.repeat(52), 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080']) {
    await expect(open(other)).rejects.toThrow(code('secret.not-a-single-key'));
  }
});

test('the private key is lent and wiped, of taproot tweaked; after wipe() nothing is lent', async () => {
  const key = await open(wif(true));
  const lent: Uint8Array[] = [];
  for (const output of key.outputs) {
    key.usePrivateKeyFor(output, (loan) => {
      lent.push(loan);
      const own = secp.pointFromScalar(loan, true) as Uint8Array;
      expect(toHex(output.script === 'p2tr' ? own.subarray(1) : own)).toBe(toHex(output.signingKey));
      expect(toHex(loan) === toHex(privateKey)).toBe(output.script !== 'p2tr');
    });
  }
  expect(lent.map(toHex)).toEqual(Array<string>(4).fill('00'.repeat(32)));
  key.wipe();
  expect(() => key.usePrivateKeyFor(key.outputs[0]!, () => undefined)).toThrow(code('key.locked'));
});

test('no inspection, JSON or spread shows the secret', () => {
  const key = new PaperKey({ privateKey, compressed: true }, 'regtest', 'wif');
  for (const shown of [inspect(key, { depth: 9, showHidden: true }), JSON.stringify(key), JSON.stringify({ ...key }), JSON.stringify(structuredClone({ ...key }))]) {
    expect(shown).not.toContain(toHex(privateKey));
    expect(shown).not.toContain(String([...privateKey.subarray(0, 8)]));
  }
});
