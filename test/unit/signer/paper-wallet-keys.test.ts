import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeSlowHashes } from '../../../src/node/signer/slow-hashes.ts';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { addressBySecondCurve, addressOfPaperKey, firstPrivateKey, paperWalletKey, writePaperWallet } from '../../../src/signer/paper-wallet-keys.ts';
import { CODE_ALPHABET, CODE_BITS, CODE_CHARACTERS, newHandCode } from '../../../src/signer/paper-wallet-code.ts';
import { decryptBip38 } from '../../../src/signer/secrets/bip38.ts';
import type { SlowHashes } from '../../../src/signer/secrets/slow-hashes.ts';
import { parseWif } from '../../../src/signer/secrets/wif.ts';
import { paperWalletSheets } from '../../../src/paper/sheets/paper-wallet.ts';
import { factsOf, paperWalletOf } from '../paper/sheet-samples.ts';
import { noise } from './fixtures.ts';

const slow = nodeSlowHashes();
const scripts = ['p2pkh', 'p2wpkh', 'p2tr'] as const;
const ONE = parseHex('0000000000000000000000000000000000000000000000000000000000000001');
/** Bytes 00 to 1f. */
const BATCH = Uint8Array.from({ length: 32 }, (_, index) => index);

// Worked out by a program of a few lines that shares nothing with this one: HKDF, the curve, base58 and bech32 from their standards.
const WORKED = [
  { number: 1, key: '03d870ae5e876c5bb33141207360d2709f696fd47d85a9efc9c96199592c403d', wif: 'KwMBjrsr27NqD8hEEPF4oQuJ4AN5omKrLcmMppG3Xd9CcLD16gy2', p2pkh: '12MjGinpE37CLAMAe2vYhA8fqWJGxmMGJu', p2wpkh: 'bc1qpm3mk20l8mfcl8lcx60n025dvx0zs9s5q79jtd', p2tr: 'bc1pz7yjzm7gm09jjdzaclrte869x276xkdgjz4wcf6a20282k986r7s0k7e45' },
  // Its point has an odd y, which taproot turns over.
  { number: 2, key: '9688abe843a72c618bfe6fc82aebb6014e08901156c65d1618c805063779d534', wif: 'L2GL3D9SzrZUei18kS7zKd8GXut2aQS6YMpRMMpp9BUskVi6AQ8w', p2pkh: '1G5uNHzZXKcbmpC4NFkapgoYbr41mQfeh4', p2wpkh: 'bc1q54m58dyhjueps5c69eksrky0k7rdmv9jahpy59', p2tr: 'bc1pmslyvpa39xjehun89vlk0kac0xt45q4t5z45qshu06vz5y7lenkq3cuvyf' },
  { number: 500, key: '7a0cc10509e26df10401060cc8532037a8ff44420ecd09c7995f8ce02bcedb07', wif: 'L1JxcxrCS27bbSdiG9zCWBcLGJc1RG4CXK8F3WPrXnLW3PqLFtWH', p2pkh: '15nHshT3mNboCEBsKTnU8rEZPmDfojEiH1', p2wpkh: 'bc1qx3c5afy66ssg8tv69ghrvdyq0z8xsq8u9kuakc', p2tr: 'bc1pgaxe89t7c548ljvh3lq9mtqf927rf0ck9ps8x50sky3tkcsp92zqa56yfw' },
];

test.each(WORKED)('key $number of a batch is what HKDF says, and so are its WIF and its addresses', async ({ number, key, wif, ...addresses }) => {
  const privateKey = paperWalletKey(BATCH, number);
  expect(toHex(privateKey)).toBe(key);
  for (const script of scripts) {
    expect(await writePaperWallet(privateKey, { script, network: 'mainnet', writing: { form: 'wif' } }, slow)).toEqual({ address: addresses[script], text: wif });
  }
});

test('test networks have their own prefixes', async () => {
  const privateKey = paperWalletKey(BATCH, 1);
  const written = await writePaperWallet(privateKey, { script: 'p2tr', network: 'practice', writing: { form: 'wif' } }, slow);
  expect(written).toEqual({ address: 'bcrt1pz7yjzm7gm09jjdzaclrte869x276xkdgjz4wcf6a20282k986r7s48zs6p', text: 'cMiBCmshTB56NaAVco4CAjQMgPfVUDRYQeupwEiZ2joCs5JxJY9V' });
  expect(addressOfPaperKey(privateKey, 'p2pkh', 'testnet4')).toBe('mgsgZmso34YT7GpnMbtvX5LzhVtyr34LK5');
});

test('private key 1 has the addresses that everybody knows', () => {
  expect(scripts.map((script) => addressOfPaperKey(ONE, script, 'mainnet'))).toEqual(['1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'bc1pmfr3p9j00pfxjh0zmgp99y8zftmd3s5pmedqhyptwy6lm87hf5sspknck9']);
});

test('both curves find the same address for every key', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom(...scripts), fc.constantFrom('mainnet' as const, 'signet' as const, 'regtest' as const), (seed, script, network) => {
      const key = paperWalletKey(seed, 1);
      expect(addressBySecondCurve(key, script, network)).toBe(addressOfPaperKey(key, script, network));
    }),
    { numRuns: 60 },
  );
});

test('a block that is no private key is left out, not reduced', () => {
  const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
  const zero = '00'.repeat(32);
  const last = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140';
  expect(toHex(firstPrivateKey(parseHex(order + zero + 'ff'.repeat(32) + last)) as Uint8Array)).toBe(last);
  expect(toHex(firstPrivateKey(parseHex(last + order)) as Uint8Array)).toBe(last);
  expect(firstPrivateKey(parseHex(order + zero))).toBeNull();
});

test('keys of one batch, and of two batches, are all different, and the batch secret stays as it was', () => {
  const batch = noise('batch', 32);
  const keys = new Set(Array.from({ length: 500 }, (_, index) => toHex(paperWalletKey(batch, index + 1))));
  keys.add(toHex(paperWalletKey(noise('another', 32), 1)));
  expect(keys.size).toBe(501);
  expect(toHex(batch)).toBe(toHex(noise('batch', 32)));
});

test('BIP38 texts open to the key with their passphrase, in NFC, and lead to the address', async () => {
  const privateKey = paperWalletKey(BATCH, 1);
  const decomposed = 'cafe\u0301 in the morning';
  const { address, text } = await writePaperWallet(privateKey, { script: 'p2wpkh', network: 'mainnet', writing: { form: 'bip38', passphrase: decomposed } }, slow);
  expect(text).toMatch(/^6PY[1-9A-HJ-NP-Za-km-z]{55}$/);
  const opened = await decryptBip38(text, 'caf\u00e9 in the morning', slow);
  expect([toHex(opened.privateKey), opened.compressed, opened.realm, address]).toEqual([WORKED[0]?.key, true, 'main', WORKED[0]?.p2wpkh]);
  expect(parseWif(WORKED[0]?.wif as string).compressed).toBe(true);
});

test('an encryption that does not open again is not given out', async () => {
  let calls = 0;
  const faulty: SlowHashes = {
    ...slow,
    scrypt: async (...given) => {
      calls += 1;
      const hash = await slow.scrypt(...given);
      // One flipped bit in the first run only, as a bad memory makes it.
      if (calls === 1) hash[7] = (hash[7] as number) ^ 4;
      return hash;
    },
  };
  const attempt = writePaperWallet(paperWalletKey(BATCH, 1), { script: 'p2tr', network: 'mainnet', writing: { form: 'bip38', passphrase: 'only a rehearsal' } }, faulty);
  await expect(attempt).rejects.toThrow(expect.objectContaining({ code: 'paper.check-failed' }));
  expect(calls).toBe(2);
});

test('the hand code has 12 characters of 24 that nobody confuses, every one equally likely', () => {
  expect([CODE_CHARACTERS, CODE_ALPHABET.length, new Set(CODE_ALPHABET).size, CODE_BITS]).toEqual([12, 24, 24, Math.floor(12 * Math.log2(24))]);
  expect(CODE_ALPHABET).not.toMatch(/[01258OQISBU6]/);
  // 240 and more would favour the first sixteen characters: such bytes are drawn again.
  const code = newHandCode((length) => Uint8Array.from({ length }, (_, index) => (index % 2 === 0 ? 240 + (index % 16) : index)));
  expect(code).toBe([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23].map((place) => CODE_ALPHABET[place]).join(''));
  const counts = new Map<string, number>();
  let draws = 0;
  for (let round = 0; round < 2000; round += 1) for (const character of newHandCode((length) => noise(`code ${(draws += 1)}`, length))) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect([...counts.keys()].sort().join('')).toBe([...CODE_ALPHABET].sort().join(''));
  // 1000 expected for each; five standard deviations are 155.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(155);
});

test('the sheet says which characters are never in a code: all others', () => {
  const [, secretSheet] = paperWalletSheets(factsOf('SR-1'), paperWalletOf('a', 'p2wpkh', 'secure-print'));
  const [heading = ''] = secretSheet.blocks.flatMap((block) => (block.type === 'boxes' ? [block.heading] : []));
  const never = (/never ([^)]+)\)/.exec(heading)?.[1] ?? '').split(' ');
  expect([...never, ...CODE_ALPHABET].sort().join('')).toBe('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  expect(secretSheet.blocks.flatMap((block) => (block.type === 'boxes' ? [block.count] : []))).toEqual([CODE_CHARACTERS]);
});

test('a random source that is stuck makes no code', () => {
  expect(() => newHandCode((length) => new Uint8Array(length).fill(7))).toThrow(expect.objectContaining({ code: 'entropy.source-failed' }));
});
