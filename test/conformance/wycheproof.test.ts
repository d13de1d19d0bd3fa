import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { concat, equalBytes, parseHex, toHex } from '../../src/domain/bytes.ts';
import { isValidEcdsa, readEcdsaSignature } from '../../src/psbt/ecdsa-signature.ts';
import { slowHashesInJavaScript } from '../../src/signer/secrets/slow-hashes.ts';
import { nativeSlowHashes } from '../unit/signer/secrets/native-slow-hashes.ts';

interface Case { tcId: number; comment: string; flags: string[]; result: 'valid' | 'invalid' | 'acceptable'; [field: string]: unknown }
interface Group<T> { tests: (Case & T)[]; publicKey: { uncompressed: string }; ivSize: number; tagSize: number }
const folder = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'wycheproof');
const groupsOf = <T>(name: string): Group<T>[] => JSON.parse(readFileSync(join(folder, `${name}_test.json`), 'utf8')).testGroups;

/** Every case of which our answer is another than the published one, by number and flags. */
function deviations<T>(name: string, accepts: (each: Case & T, group: Group<T>) => boolean): string[] {
  return groupsOf<T>(name).flatMap((group) => group.tests.flatMap((each) => (accepts(each, group) === (each.result === 'valid') ? [] : [`${each.tcId} ${each.result}: ${each.flags.join(', ')}`])));
}
const countOf = (name: string): number => groupsOf(name).reduce((sum, { tests }) => sum + tests.length, 0);

/** Files of the suite that hold nothing that Strongroom uses. */
const unused: Readonly<Record<string, string>> = {
  aes_gcm: 'no AES-GCM anywhere: age has ChaCha20-Poly1305, BIP38 has single blocks of AES',
  ecdh_secp256k1: 'no key agreement',
  xchacha20_poly1305: 'age has ChaCha20-Poly1305 with a nonce of 96 bits',
};
const used: Readonly<Record<string, number>> = {
  chacha20_poly1305: 325, ecdsa_secp256k1_sha256: 476, ecdsa_secp256k1_sha256_bitcoin: 463, hkdf_sha256: 86, hkdf_sha512: 83,
  hmac_sha256: 174, hmac_sha512: 174, pbkdf2_hmacsha256: 60, pbkdf2_hmacsha512: 58,
};

test('every file is used or listed with the reason', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('_test.json')).map((name) => name.replace('_test.json', ''));
  expect(files.sort()).toEqual([...Object.keys(used), ...Object.keys(unused)].sort());
  expect(Object.fromEntries(Object.keys(used).map((name) => [name, countOf(name)]))).toEqual(used);
});

const acceptsEcdsa = ({ msg, sig }: { msg: string; sig: string }, { publicKey }: { publicKey: { uncompressed: string } }): boolean => {
  // As it stands in a script: with a byte of sighash type.
  const signature = readEcdsaSignature(concat(parseHex(sig), Uint8Array.of(1)));
  return signature !== null && isValidEcdsa(sha256(parseHex(msg)), parseHex(publicKey.uncompressed), signature.compact);
};

test('ECDSA on secp256k1 by bitcoin\'s rules (strict DER, low s): every case', () => {
  expect(deviations('ecdsa_secp256k1_sha256_bitcoin', acceptsEcdsa)).toEqual([]);
});

/** Valid by the plain standard, with an s in the upper half: nodes do not relay such signatures (BIP146), and we take them for invalid. */
const highS: readonly number[] = [
  1, 2, 5, 297, 298, 299, 301, 302, 303, 305, 307, 309, 310, 311, 313, 316, 318, 320, 322, 323, 324, 325, 330, 331,
  332, 335, 337, 347, 348, 350, 352, 363, 364, 365, 392, 393, 396, 397, 398, 399, 401, 402, 406, 412, 413, 417, 421,
  423, 425, 427, 431, 432, 437, 438, 447, 448, 449, 450, 452, 453, 454, 455, 456, 458, 459, 460, 461, 462, 463, 467,
  471, 476,
];

test('ECDSA on secp256k1: every case but those listed, each of which has a high s and is valid with the low one', () => {
  const refused = groupsOf<{ msg: string; sig: string }>('ecdsa_secp256k1_sha256').flatMap((group) =>
    group.tests.filter((each) => acceptsEcdsa(each, group) !== (each.result === 'valid')).map((each) => ({ ...each, ...group.publicKey })));
  expect(refused.map(({ tcId }) => tcId)).toEqual(highS);
  for (const { msg, sig, uncompressed } of refused) {
    const { compact } = readEcdsaSignature(concat(parseHex(sig), Uint8Array.of(1))) as { compact: Uint8Array };
    const s = secp256k1.Point.Fn.fromBytes(compact.subarray(32));
    expect(s > secp256k1.Point.Fn.ORDER / 2n).toBe(true);
    const low = concat(compact.subarray(0, 32), secp256k1.Point.Fn.toBytes(secp256k1.Point.Fn.ORDER - s));
    expect(isValidEcdsa(sha256(parseHex(msg)), parseHex(uncompressed), low)).toBe(true);
  }
});

test.each([['hmac_sha256', sha256], ['hmac_sha512', sha512]] as const)('%s: every case', (name, hash) => {
  const accepts = ({ key, msg, tag }: { key: string; msg: string; tag: string }, { tagSize }: { tagSize: number }): boolean =>
    toHex(hmac(hash, parseHex(key), parseHex(msg))).slice(0, tagSize / 4) === tag;
  expect(deviations(name, accepts)).toEqual([]);
});

test.each([['hkdf_sha256', sha256], ['hkdf_sha512', sha512]] as const)('%s: every case', (name, hash) => {
  const accepts = ({ ikm, salt, info, size, okm }: { ikm: string; salt: string; info: string; size: number; okm: string }): boolean => {
    try {
      return toHex(hkdf(hash, parseHex(ikm), parseHex(salt), parseHex(info), size)) === okm;
    } catch {
      return false;
    }
  };
  expect(deviations(name, accepts)).toEqual([]);
});

interface Pbkdf2Case { password: string; salt: string; iterationCount: number; dkLen: number; dk: string }
test.each([['pbkdf2_hmacsha256', sha256], ['pbkdf2_hmacsha512', sha512]] as const)('%s: every case', (name, hash) => {
  const accepts = ({ password, salt, iterationCount, dkLen, dk }: Pbkdf2Case): boolean => toHex(pbkdf2(hash, parseHex(password), parseHex(salt), { c: iterationCount, dkLen })) === dk;
  expect(deviations(name, accepts)).toEqual([]);
});

test('the slow hashes that the Signer takes as an effect: every case of PBKDF2 with SHA-256, in JavaScript and natively', async () => {
  for (const each of groupsOf<Pbkdf2Case>('pbkdf2_hmacsha256').flatMap(({ tests }) => tests).filter(({ iterationCount }) => iterationCount <= 4096)) {
    for (const slow of [slowHashesInJavaScript, nativeSlowHashes]) {
      expect(toHex(await slow.pbkdf2Sha256(parseHex(each.password), parseHex(each.salt), each.iterationCount, each.dkLen))).toBe(each.dk);
    }
  }
});

test('ChaCha20-Poly1305 as age has it: every case', () => {
  interface Aead { key: string; iv: string; aad: string; msg: string; ct: string; tag: string }
  const accepts = ({ key, iv, aad, msg, ct, tag }: Aead): boolean => {
    try {
      const cipher = chacha20poly1305(parseHex(key), parseHex(iv), parseHex(aad));
      const opened = cipher.decrypt(concat(parseHex(ct), parseHex(tag)));
      const sealed = chacha20poly1305(parseHex(key), parseHex(iv), parseHex(aad)).encrypt(parseHex(msg));
      return equalBytes(opened, parseHex(msg)) && toHex(sealed) === ct + tag;
    } catch {
      return false;
    }
  };
  expect(deviations('chacha20_poly1305', accepts)).toEqual([]);
});
