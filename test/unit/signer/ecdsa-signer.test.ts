import { BIP32Factory } from 'bip32';
import fc from 'fast-check';
import * as ecc from 'tiny-secp256k1';
import { expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import { signAgreed, signLowR, type Curves, type EcdsaSigner } from '../../../src/signer/ecdsa-signer.ts';
import { noise } from './fixtures.ts';

const curves: Curves = { first: libsecp256k1, second: nobleCurves };
const privateKeys = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => ecc.isPrivate(bytes));
const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const publicKeyOf = (privateKey: Uint8Array): Uint8Array => ecc.pointFromScalar(privateKey, true) as Uint8Array;

test('both implementations make the same low-R, low-S signature for every hash and key, and a library agrees', () => {
  const node = BIP32Factory(ecc);
  fc.assert(
    fc.property(hashes, privateKeys, (hash, privateKey) => {
      const signature = signAgreed(curves, hash, privateKey, publicKeyOf(privateKey));
      expect(signature[0]).toBeLessThan(0x80);
      expect(ecc.verify(hash, publicKeyOf(privateKey), signature, true)).toBe(true);
      expect(toHex(signature)).toBe(toHex(node.fromPrivateKey(privateKey, new Uint8Array(32)).sign(hash, true)));
    }),
    { numRuns: 60 },
  );
});

test('grinding begins without extra entropy and goes on with the counter 1, 2, ... as 32 little-endian bytes', () => {
  const seen: (string | undefined)[] = [];
  const highR: EcdsaSigner = {
    name: 'double',
    sign: (_, __, extraEntropy) => {
      seen.push(extraEntropy && toHex(extraEntropy));
      return new Uint8Array(64).fill(seen.length < 4 ? 0x80 : 0x7f);
    },
  };
  signLowR(highR, noise('hash', 32), noise('key', 32));
  expect(seen).toEqual([undefined, `01${'00'.repeat(31)}`, `02${'00'.repeat(31)}`, `03${'00'.repeat(31)}`]);
});

test('an implementation that never finds a low r is stopped', () => {
  const stuck: EcdsaSigner = { name: 'stuck', sign: () => new Uint8Array(64).fill(0xff) };
  expect(() => signLowR(stuck, noise('hash', 32), noise('key', 32))).toThrow(expect.objectContaining({ code: 'sign.disagreement' }));
});

const hash = noise('hash', 32);
const privateKey = noise('key', 32);
const order = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n;
const bytesOf = (value: bigint): Uint8Array => Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));
const highS = (signature: Uint8Array): Uint8Array => {
  const s = BigInt(`0x${toHex(signature.subarray(32))}`);
  return Uint8Array.from([...signature.subarray(0, 32), ...bytesOf(order - s)]);
};

const lies: [string, EcdsaSigner['sign']][] = [
  ['signs another hash', (_, key, extra) => libsecp256k1.sign(noise('other', 32), key, extra)],
  ['signs with another key', (message, _, extra) => libsecp256k1.sign(message, noise('other', 32), extra)],
  ['answers with a high s', (message, key, extra) => highS(libsecp256k1.sign(message, key, extra))],
  ['answers with zeros', () => new Uint8Array(64)],
  ['answers with 63 bytes', () => new Uint8Array(63)],
  ['answers with nothing', () => new Uint8Array(0)],
];
const publicKey = publicKeyOf(privateKey);
const refused = expect.objectContaining({ code: 'sign.disagreement' });

test.each(lies)('a double that %s is refused on either side, and on both', (_, sign) => {
  const liar: EcdsaSigner = { name: 'liar', sign };
  expect(() => signAgreed({ first: liar, second: nobleCurves }, hash, privateKey, publicKey)).toThrow(refused);
  expect(() => signAgreed({ first: libsecp256k1, second: liar }, hash, privateKey, publicKey)).toThrow(refused);
  expect(() => signAgreed({ first: liar, second: liar }, hash, privateKey, publicKey)).toThrow(refused);
});

test('a double that takes its nonce from elsewhere makes valid signatures that leak the key, and is refused on either side', () => {
  const liar: EcdsaSigner = { name: 'liar', sign: (message, key, extra) => libsecp256k1.sign(message, key, noise(`nonce ${extra?.[0]}`, 32)) };
  expect(ecc.verify(hash, publicKey, signLowR(liar, hash, privateKey), true)).toBe(true);
  expect(() => signAgreed({ first: liar, second: nobleCurves }, hash, privateKey, publicKey)).toThrow(refused);
  expect(() => signAgreed({ first: libsecp256k1, second: liar }, hash, privateKey, publicKey)).toThrow(refused);
});

test('a signature for another public key than the private one is refused', () => {
  expect(() => signAgreed(curves, hash, privateKey, publicKeyOf(noise('other', 32)))).toThrow(refused);
});
