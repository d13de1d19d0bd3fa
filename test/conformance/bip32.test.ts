import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../src/domain/bytes.ts';
import { HARDENED, parsePath } from '../../src/domain/derivation-path.ts';
import { seedOfMnemonic } from '../../src/signer/mnemonic.ts';
import { derivePrivatePath, masterKeyOf, neuter, type ExtendedPrivateKey } from '../../src/signer/private-derivation.ts';
import { derivePublicPath, formatExtendedPublicKey, parseExtendedPublicKey } from '../../src/wallet/extended-public-key.ts';

const folder = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip32');
const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const base58check = createBase58check(sha256);

/** The product never writes an extended private key; this is the specification's form of one. */
function xprvOf(key: ExtendedPrivateKey): string {
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0x0488ade4);
  head[4] = key.depth;
  view.setUint32(5, key.parentFingerprint);
  view.setUint32(9, key.childNumber);
  return base58check.encode(concat(head, key.chainCode, Uint8Array.of(0), key.privateKey));
}

interface Vectors {
  valid: { seed: string; chains: { path: string; xpub: string; xprv: string }[] }[];
  invalid: { key: string; reason: string }[];
}
const { valid, invalid } = read<Vectors>('bip32_vectors.json');
const chains = valid.flatMap(({ seed, chains: each }) => each.map((chain) => ({ seed, ...chain })));

test('the vectors are there', () => {
  expect([chains.length, invalid.length]).toEqual([17, 16]);
});

test.each(chains)('BIP32: $seed $path', ({ seed, path, xpub, xprv }) => {
  const key = derivePrivatePath(masterKeyOf(parseHex(seed)), parsePath(path));
  expect(xprvOf(key)).toBe(xprv);
  expect(formatExtendedPublicKey(neuter(key), 'mainnet')).toBe(xpub);
  expect(formatExtendedPublicKey(parseExtendedPublicKey(xpub).key, 'mainnet')).toBe(xpub);
});

test('BIP32: where the last step is not hardened, the parent\'s public key leads to the same child', () => {
  let compared = 0;
  for (const { chains: each } of valid) {
    for (const [position, { path, xpub }] of each.entries()) {
      const last = parsePath(path).at(-1);
      const parent = each[position - 1];
      if (last === undefined || last >= HARDENED || parent === undefined) continue;
      expect(formatExtendedPublicKey(derivePublicPath(parseExtendedPublicKey(parent.xpub).key, [last]), 'mainnet')).toBe(xpub);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(3);
});

test.each(invalid)('BIP32: an extended key is refused: $reason ($key)', ({ key }) => {
  expect(() => parseExtendedPublicKey(key)).toThrow(expect.objectContaining({ code: key.startsWith('xprv') ? expect.stringMatching(/^(key\.record-malformed|wallet\.private-key)$/) : 'key.record-malformed' }));
});

interface HwiVector { mnemonic: string; master_xpub: string; vectors: { path: string; xpub: string }[] }
test.each(read<HwiVector[]>('hwi_bip32_vectors.json'))('HWI: $mnemonic', ({ mnemonic, vectors }) => {
  const master = masterKeyOf(seedOfMnemonic(mnemonic, ''));
  for (const { path, xpub } of vectors) expect(formatExtendedPublicKey(neuter(derivePrivatePath(master, parsePath(path))), 'mainnet')).toBe(xpub);
});

interface Serialised { xpub: string; deser: { is_testnet: boolean; depth: number; parent_fingerprint: string; child_num: number; chaincode: string; pubkey: string } }
test.each(read<{ serialization: Serialised[] }>('test_bip32.json').serialization)('HWI serialisation: $xpub', ({ xpub, deser }) => {
  const { key, realm } = parseExtendedPublicKey(xpub);
  expect(realm).toBe(deser.is_testnet ? 'test' : 'main');
  expect([key.depth, key.childNumber]).toEqual([deser.depth, deser.child_num]);
  expect(key.parentFingerprint.toString(16).padStart(8, '0')).toBe(deser.parent_fingerprint);
  expect([toHex(key.chainCode), toHex(key.publicKey)]).toEqual([deser.chaincode, deser.pubkey]);
});
