import { describe, expect, test } from 'vitest';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { nativeSlowHashes } from '../../../src/node/signer/slow-hashes.ts';
import { masterKeyOfKept } from '../../../src/signer/kept-secret.ts';
import { checkedEntropy, mnemonicIn, mnemonicOf, parseMnemonic, readMnemonic } from '../../../src/signer/mnemonic.ts';
import { restoreSecret, restoreWithSource, type GivenSecret } from '../../../src/signer/restored-secret.ts';
import { formatCodex32, splitCodex32 } from '../../../src/signer/secrets/codex32/codex32.ts';
import { formatExtendedPrivateKey } from '../../../src/signer/secrets/extended-private-key.ts';
import { mnemonicLanguages, wordListOf } from '../../../src/signer/secrets/mnemonic-languages.ts';
import { splitSeedXor } from '../../../src/signer/secrets/seed-xor.ts';
import { seedQrDigits } from '../../../src/signer/secrets/seedqr.ts';
import { splitSlip39 } from '../../../src/signer/secrets/slip39/slip39.ts';
import { mnemonics, noise } from './fixtures.ts';

const slow = nativeSlowHashes;
const code = (expected: string, details: object = {}): unknown => expect.objectContaining({ code: expected, details: expect.objectContaining(details) });
const restore = (secrets: string | readonly string[], given: Partial<GivenSecret> = {}, network: 'mainnet' | 'regtest' = 'regtest') =>
  restoreWithSource({ secrets: typeof secrets === 'string' ? [secrets] : secrets, language: null, bip39Passphrase: '', sharePassphrase: '', ...given }, network, slow);
let draws = 0;
const random = (length: number): Uint8Array => {
  draws += 1;
  return noise(`draw ${draws}`, length);
};

describe('a mnemonic', () => {
  test.each([mnemonics.alice, mnemonics.bob, mnemonicOf(Uint8Array.from({ length: 32 }, (_, index) => 200 + index))])('as words, SeedQR and CompactSeedQR it is one secret', async (mnemonic) => {
    const secret = { kind: 'mnemonic', language: 'english', entropy: parseMnemonic(mnemonic), bip39Passphrase: '' };
    expect(await restore(mnemonic)).toEqual({ secret, source: { source: 'mnemonic', count: 1, bits: 0 } });
    expect(await restore(` ${seedQrDigits(parseMnemonic(mnemonic))}\n`)).toEqual({ secret, source: { source: 'seedqr', count: 1, bits: 0 } });
    expect(await restore(toHex(parseMnemonic(mnemonic)).toUpperCase())).toEqual({ secret, source: { source: 'compact-seedqr', count: 1, bits: 0 } });
  });

  test.each(mnemonicLanguages.flatMap((language) => [16, 20, 24, 28, 32].map((bytes) => [language, bytes] as const)))('in %s, of %d bytes, with its language stated or not', async (language, bytes) => {
    const entropy = noise(`${language} ${bytes}`, bytes);
    const text = mnemonicIn(language, entropy);
    expect((await restore(text, { language })).secret).toEqual({ kind: 'mnemonic', language, entropy, bip39Passphrase: '' });
    // Where every character is in both Chinese lists, it is said to be simplified, which makes no difference to the key.
    const { secret } = await restore(text);
    expect(secret).toMatchObject({ kind: 'mnemonic', entropy });
    expect([language, 'chinese-simplified']).toContain(secret.kind === 'mnemonic' && secret.language);
  });

  test('its words may stand on several lines', async () => {
    const text = mnemonics.alice.split(' ').join('\n');
    expect((await restore(text)).secret).toMatchObject({ kind: 'mnemonic', entropy: new Uint8Array(16) });
  });

  test('its BIP39 passphrase is kept in the form that seeds are made from', async () => {
    expect((await restore(mnemonics.alice, { bip39Passphrase: 'caf\u00e9' })).secret).toMatchObject({ bip39Passphrase: 'cafe\u0301' });
  });

  test('one that is valid in English and in French needs its language stated', async () => {
    const text = validInBoth();
    expect(() => readMnemonic(text)).toThrow(code('mnemonic.ambiguous'));
    await expect(restore(text)).rejects.toThrow(code('mnemonic.ambiguous'));
    for (const language of ['english', 'french'] as const) {
      expect((await restore(text, { language })).secret).toMatchObject({ language, entropy: readMnemonic(text, language).entropy });
    }
  });

  test('one of another language than stated is refused, by the words of the stated one', async () => {
    await expect(restore(mnemonics.alice, { language: 'spanish' })).rejects.toThrow(code('mnemonic.malformed', { language: 'spanish' }));
    await expect(restore(`${'abandon '.repeat(11)}zzzz`, { language: 'french' })).rejects.toThrow(code('mnemonic.malformed', { language: 'french' }));
  });

  test('a SeedQR is English, whatever is stated', async () => {
    await expect(restore(seedQrDigits(new Uint8Array(16)), { language: 'italian' })).rejects.toThrow(code('secret.parameters', { reason: 'language' }));
    expect((await restore(seedQrDigits(new Uint8Array(16)), { language: 'english' })).source.source).toBe('seedqr');
  });
});

// BIP32, test vector 1.
const xprv = 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi';
const child = 'xprv9uHRZZhk6KAJC1avXpDAp4MDc3sQKNxDiPvvkX8Br5ngLNv1TxvUxt4cV1rGL5hj6KCesnDYUhd7oWgT11eZG7XnxHrnYeSvkzY7d2bhkJ7';

describe('an extended private key', () => {
  test('at depth 0 is a master key', async () => {
    const { secret, source } = await restore(xprv, {}, 'mainnet');
    expect(source).toEqual({ source: 'xprv', count: 1, bits: 0 });
    expect(formatExtendedPrivateKey(masterKeyOfKept(secret), 'mainnet')).toBe(xprv);
  });
  test('of another network is refused', async () => expect(restore(xprv)).rejects.toThrow(code('key.network')));
  test('below its master is no master key', async () => expect(restore(child, {}, 'mainnet')).rejects.toThrow(code('secret.not-a-master', { depth: 1 })));
});

describe('codex32', () => {
  // BIP93, test vectors 1 to 3.
  const vector1 = 'ms10testsxxxxxxxxxxxxxxxxxxxxxxxxxx4nzvca9cmczlw';
  const vector2 = ['MS12NAMEA320ZYXWVUTSRQPNMLKJHGFEDCAXRPP870HKKQRM', 'MS12NAMECACDEFGHJKLMNPQRSTUVWXYZ023FTR2GDZMPY6PN'];
  test('an unshared secret', async () => {
    expect(await restore(vector1)).toEqual({ secret: { kind: 'seed', seed: parseHex('318c6318c6318c6318c6318c6318c631'), from: 'codex32' }, source: { source: 'codex32', count: 1, bits: 0 } });
  });
  test('its shares, as several texts or one a line', async () => {
    for (const given of [vector2, vector2.join('\n'), `\r\n${vector2.join('\r\n\r\n')}\r\n`]) {
      const { secret, source } = await restore(given);
      expect(secret.kind === 'seed' && toHex(secret.seed)).toBe('d1808e096b35b209ca12132b264662a5');
      expect(source).toEqual({ source: 'codex32', count: 2, bits: 0 });
    }
  });
  test('too few, twice the same, and of two sets', async () => {
    await expect(restore(vector2[0] as string)).rejects.toThrow(code('share.too-few', { have: 1, need: 2 }));
    await expect(restore([vector2[0] as string, vector2[0] as string])).rejects.toThrow(code('share.mismatch'));
    const [other] = splitCodex32(noise('seed', 16), { identifier: 'cash', threshold: 2, count: 2 }, random);
    await expect(restore([vector2[0] as string, formatCodex32(other as never)])).rejects.toThrow(code('share.mismatch'));
  });
  test('a whole secret beside shares is another set', async () => expect(restore([vector1, ...vector2])).rejects.toThrow(code('share.mismatch')));
});

describe('SLIP-39', () => {
  // SLIP-39, vector 1.
  const vector1 = 'duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode duke ajar critical decision keyboard';
  test('a set of one share', async () => {
    const { secret, source } = await restore(vector1, { sharePassphrase: 'TREZOR' });
    expect(secret).toMatchObject({ kind: 'seed', from: 'slip39' });
    expect(secret.kind === 'seed' && toHex(secret.seed)).toBe('bb54aac4b89dc868ba37d9cc21b2cece');
    expect(source).toEqual({ source: 'slip39', count: 1, bits: 0 });
  });
  test('two of three, of a seed of 64 bytes, as texts or one a line', async () => {
    const seed = noise('a seed', 64);
    const [shares] = await splitSlip39(seed, { groupThreshold: 1, groups: [{ threshold: 2, count: 3 }], passphrase: 'open', iterationExponent: 0, extendable: true }, random, slow);
    const [first, , third] = shares as [string, string, string];
    for (const given of [[first, third], `${third}\n${first}\n`]) {
      expect(await restore(given, { sharePassphrase: 'open' })).toEqual({ secret: { kind: 'seed', seed, from: 'slip39' }, source: { source: 'slip39', count: 2, bits: 0 } });
    }
    await expect(restore(first)).rejects.toThrow(code('share.too-few'));
    await expect(restore([first, vector1])).rejects.toThrow(code('share.mismatch'));
    await expect(restore([first, mnemonics.bob])).rejects.toThrow(code('share.mismatch'));
    await expect(restore([mnemonics.bob, first])).rejects.toThrow(code('share.mismatch'));
  });
});

describe('Seed XOR', () => {
  const whole = noise('whole', 32);
  const parts = splitSeedXor(whole, 3, random).map(mnemonicOf);
  test('all parts lead to the mnemonic, when it is said that they are parts', async () => {
    for (const given of [parts, parts.join('\n')]) {
      expect(await restore(given, { seedXor: true, bip39Passphrase: 'x' })).toEqual({ secret: { kind: 'mnemonic', language: 'english', entropy: whole, bip39Passphrase: 'x' }, source: { source: 'seed-xor', count: 3, bits: 0 } });
    }
    const qrs = parts.map((part) => seedQrDigits(parseMnemonic(part)));
    expect((await restore(qrs, { seedXor: true })).secret).toMatchObject({ entropy: whole });
  });
  test('nothing tells that mnemonics are parts: several are refused until it is said', async () => {
    await expect(restore(parts)).rejects.toThrow(expect.objectContaining({ code: 'secret.parameters', details: { reason: 'several' }, hint: expect.stringContaining('Seed XOR') }));
  });
  test('one part, a part twice, parts of two lengths or languages, and what is no mnemonic', async () => {
    const refused = [[parts[0]], [parts[0], parts[0]], [parts[0], mnemonics.bob], [parts[0], mnemonicIn('spanish', noise('s', 32))], [parts[0], xprv]] as string[][];
    for (const given of refused) await expect(restore(given, { seedXor: true })).rejects.toThrow(code('secret.malformed', { form: 'seed-xor' }));
  });
});

test.each<[string, string, readonly string[], Partial<GivenSecret>]>([
  ['a BIP39 passphrase for an xprv', 'secret.parameters', [xprv], { bip39Passphrase: 'x' }],
  ['a BIP39 passphrase for a share', 'secret.parameters', ['ms10testsxxxxxxxxxxxxxxxxxxxxxxxxxx4nzvca9cmczlw'], { bip39Passphrase: 'x' }],
  ['a share passphrase for a mnemonic', 'secret.parameters', [mnemonics.bob], { sharePassphrase: 'x' }],
  ['a share passphrase for Seed XOR', 'secret.parameters', [mnemonics.bob, mnemonics.carol], { sharePassphrase: 'x', seedXor: true }],
  ['two xprvs', 'secret.parameters', [xprv, xprv], {}],
  ['nothing', 'secret.unknown', ['', ' \n '], {}],
  ['a word', 'secret.unknown', ['what'], {}],
  ['two words', 'mnemonic.malformed', ['abandon about'], {}],
  ['a wrong checksum', 'mnemonic.malformed', ['abandon '.repeat(12)], {}],
  ['a SeedQR with a wrong checksum', 'secret.malformed', ['0'.repeat(48)], {}],
  // BIP38, "Test vectors".
  ['a single private key', 'key.secret-unsupported', ['5KN7MzqK5wt2TP1fQCYyHBtDrXdJuXbUzm4A9rKAteGu3Qi5CVR'], {}],
  ['an encrypted single private key', 'key.secret-unsupported', ['6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg'], {}],
])('%s restores nothing, and no part of it is repeated (%s)', async (_, expected, secrets, given) => {
  const fault: unknown = await restore(secrets, given, 'mainnet').catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: expected });
  const said = `${JSON.stringify(fault)}${String(fault)}`;
  for (const part of secrets.flatMap((text) => text.split(/\s/)).filter((text) => text.length > 4)) expect(said).not.toContain(part);
});

test('restoreSecret is the secret alone', async () => {
  expect(await restoreSecret({ secrets: [mnemonics.alice], language: null, bip39Passphrase: '', sharePassphrase: '' }, 'regtest', slow)).toEqual({ kind: 'mnemonic', language: 'english', entropy: new Uint8Array(16), bip39Passphrase: '' });
});

/** Words of both lists, drawn until both checksums fit: one in 256 does. */
function validInBoth(): string {
  const [english, french] = [wordListOf('english'), wordListOf('french')];
  const both = english.filter((word) => french.includes(word));
  for (let attempt = 0; attempt < 5000; attempt += 1) {
    const words = Array.from(noise(`words ${attempt}`, 12), (byte) => both[byte % both.length] as string);
    if (checkedEntropy(words, english) !== null && checkedEntropy(words, french) !== null) return words.join(' ');
  }
  throw new Error('none found');
}
