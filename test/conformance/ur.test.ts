import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeBytewords, encodeBytewords } from '../../src/airgap/frames/bytewords.ts';
import { decodeCbor, encodeCbor } from '../../src/airgap/frames/cbor.ts';
import { crc32 } from '../../src/airgap/frames/crc32.ts';
import { assembleFrames } from '../../src/airgap/frames/frame-assembler.ts';
import { FragmentSolver, sumOfFragments } from '../../src/airgap/frames/fragment-solver.ts';
import { readFrame } from '../../src/airgap/frames/read-frame.ts';
import { contentOfUr, urOfContent } from '../../src/airgap/frames/ur-content.ts';
import { FragmentChooser, fragmentBytesFor, RandomSampler, shuffledStart, Xoshiro256 } from '../../src/airgap/frames/ur-fragments.ts';
import { concat, parseHex, toHex, utf8 } from '../../src/domain/bytes.ts';
import { sha256 } from '@noble/hashes/sha2.js';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';

const folder = join(process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors'), 'bcr_ur');
const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;

interface Section {
  readonly section: string;
  readonly hex_strings: readonly string[];
  readonly integer_arrays: readonly (readonly number[])[];
}
const guide = new Map(read<Section[]>('multipart_ur_guide_values.json').map((section) => [section.section, section]));
const hexOf = (section: string): readonly string[] => guide.get(section)?.hex_strings ?? [];
const numbersOf = (section: string): readonly (readonly number[])[] => guide.get(section)?.integer_arrays ?? [];
const words = read<string[]>('bytewords.json');

/** The guide's test message: so many bytes of the generator seeded with a text. */
function messageOf(seed: string, length: number): Uint8Array {
  const random = new Xoshiro256(utf8(seed));
  return Uint8Array.from({ length }, () => random.nextInt(0, 255));
}

test('BCR-2020-012: every byte is the first and last letter of its word, and reads back', () => {
  expect(words).toHaveLength(256);
  for (const [byte, word] of words.entries()) {
    const text = encodeBytewords(Uint8Array.of(byte));
    expect(text.slice(0, 2)).toBe(`${word[0]}${word[3]}`);
    expect([...decodeBytewords(text)]).toEqual([byte]);
  }
});

describe('BCR-2024-001, the guide to multi-part URs', () => {
  test('CRC-32 of the example message', () => {
    expect(toHex(messageOf('Wolf', 1024))).toBe(hexOf('CRC-32 Checksum')[0]);
    expect(crc32(utf8('Hello, world!'))).toBe(0xebe6c6e6);
    expect(crc32(utf8('Wolf'))).toBe(0x598c84dc);
  });

  test('SHA-256', () => {
    expect(toHex(sha256(utf8('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')))).toBe(hexOf('SHA-256 Digest')[0]);
  });

  test('xoshiro256**, seeded with a text, with a checksum, and drawing numbers in a range', () => {
    const [ofText, ofChecksum, inRange] = numbersOf('The Xoshiro256** Pseudorandom Number Generator');
    const remainders = (random: Xoshiro256) => Array.from({ length: 100 }, () => {
      random.next();
      return Number(((BigInt(random.high) << 32n) | BigInt(random.low)) % 100n);
    });
    expect(remainders(new Xoshiro256(utf8('Wolf')))).toEqual(ofText);
    const seed = new Uint8Array(4);
    new DataView(seed.buffer).setUint32(0, crc32(utf8('Wolf')));
    expect(remainders(new Xoshiro256(seed))).toEqual(ofChecksum);
    const ranged = new Xoshiro256(utf8('Wolf'));
    expect(Array.from({ length: 100 }, () => ranged.nextInt(1, 10))).toEqual(inRange);
  });

  test('the sampler draws by weight', () => {
    const random = new Xoshiro256(utf8('Wolf'));
    const sampler = new RandomSampler([1, 2, 4, 8]);
    expect(Array.from({ length: 500 }, () => sampler.next(random))).toEqual(numbersOf('Random Sampler')[0]);
  });

  test('the length of fragments', () => {
    const message = messageOf('Wolf', 1024);
    const length = fragmentBytesFor(message.length, 100);
    const fragments = Array.from({ length: Math.ceil(message.length / length) }, (_, index) => toHex(sumOfFragments(message, length, [index])));
    expect(fragments).toEqual(hexOf('Determining Fragment Length'));
  });

  test('the shuffle, and its start alone', () => {
    for (const expected of numbersOf('The Fisher-Yates Shuffle')) {
      expect(shuffledStart(10, expected.length, new Xoshiro256(utf8('Wolf'))).map((index) => index + 1)).toEqual(expected);
    }
  });

  test('degrees of parts, and how often each comes', () => {
    const [degrees, totals] = numbersOf('Degree Chooser');
    const random = new Xoshiro256(utf8('Wolf'));
    const sampler = new RandomSampler(Array.from({ length: 11 }, (_, index) => 1 / (index + 1)));
    const drawn = Array.from({ length: 1000 }, () => sampler.next(random) + 1);
    expect(drawn).toEqual(degrees);
    expect(Array.from({ length: 11 }, (_, index) => drawn.filter((degree) => degree === index + 1).length)).toEqual(totals);
  });

  test('fragments of parts: the published sets of seven and more, in their order', () => {
    const chooser = new FragmentChooser(11, crc32(messageOf('Wolf', 1024)));
    const sets = Array.from({ length: 50 }, (_, index) => [...chooser.fragmentsOf(index + 1)].sort((a, b) => a - b));
    expect(sets.slice(0, 12)).toEqual([[0], [1], [2], [3], [4], [5], [6], [7], [8], [9], [10], [9]]);
    expect(sets.filter((set) => set.length > 6)).toEqual(numbersOf('Fragment Chooser'));
  });

  test('a part as CBOR', () => {
    expect(toHex(encodeCbor([12, 8, 100, 0x12345678, Uint8Array.of(1, 5, 3, 3, 5)]))).toBe(hexOf('Part Serialization')[0]);
  });

  test('sums', () => {
    const [first = '', second = '', sum = ''] = hexOf('Buffer XOR');
    expect(toHex(sumOfFragments(concat(parseHex(first), parseHex(second)), 10, [0, 1]))).toBe(sum);
  });

  test('twenty parts of a message, and the message of its later parts', () => {
    const message = messageOf('Wolf', 256);
    const chooser = new FragmentChooser(9, crc32(message));
    const length = fragmentBytesFor(message.length, 30);
    const parts = Array.from({ length: 20 }, (_, index) => encodeCbor([index + 1, 9, message.length, crc32(message), sumOfFragments(message, length, chooser.fragmentsOf(index + 1))]));
    expect(parts.map(toHex)).toEqual(hexOf('5. The Encoder'));
    const solver = new FragmentSolver(9, length);
    for (let sequence = 10; !solver.isComplete; sequence += 1) solver.add(chooser.fragmentsOf(sequence), sumOfFragments(message, length, chooser.fragmentsOf(sequence)));
    expect(toHex(solver.message(256))).toBe(toHex(message));
  });
});

interface Example {
  readonly paper: string;
  readonly section: string;
  readonly ur: string;
  readonly cbor_hex: string;
}
const examples = read<Example[]>('ur_examples.json');

describe('examples of the papers', () => {
  test.each(examples.map((example) => [`${example.paper}, ${example.section}: ${example.ur.slice(0, 60)}`, example] as const))('%s', (_title, { ur, cbor_hex }) => {
    const words = ur.split('/').at(-1) as string;
    expect(toHex(decodeBytewords(words))).toBe(cbor_hex);
    expect(encodeBytewords(parseHex(cbor_hex))).toBe(words);
    expect(toHex(encodeCbor(decodeCbor(parseHex(cbor_hex))))).toBe(cbor_hex);
  });

  /** Types that Strongroom does not take: seeds and private keys belong on no wire, the rest carries nothing that it works with. */
  const notTaken: Readonly<Record<string, string>> = {
    seed: 'a seed', eckey: 'a single key', address: 'an address', sskr: 'a share of a seed', 'crypto-request': 'a request', 'crypto-response': 'a reply to a request', encrypted: 'an encrypted message',
    xid: 'an identifier', provenance: 'a provenance mark', envelope: 'an envelope',
  };

  test.each(examples.filter(({ ur }) => typeOf(ur) in notTaken).map(({ ur }) => [`${typeOf(ur)} (${notTaken[typeOf(ur)]}): ${ur.slice(0, 50)}`, ur] as const))('refused by name: %s', (_title, ur) => {
    expect(() => readFrame(ur)).toThrow(expect.objectContaining({ code: 'frames.unsupported', details: { what: `a UR of the type "${typeOf(ur)}"` } }));
  });

  test('every other example is read, or refused for the private key in it', () => {
    const outcomes = examples.filter(({ ur }) => !(typeOf(ur) in notTaken)).map(({ ur }) => [typeOf(ur), outcomeOf([ur])]);
    expect(outcomes).toEqual([
      ['psbt', 'psbt of 2 inputs'],
      ['hdkey', 'wallet.private-key'],
      ['hdkey', 'key-record tpub…'],
      ['crypto-output', 'wallet-descriptor pkh(02c6…)'],
      ['crypto-output', 'wallet-descriptor sh(wpkh(03ff…))'],
      ['crypto-output', 'wallet-descriptor sh(multi(2,022f…,03ac…))'],
      ['crypto-output', 'wallet-descriptor pkh([d34db33f/44h/0h/0h]xpub…/1/*)'],
      ['crypto-output', 'wallet-descriptor wsh(multi(1,xpub…/1/0/*,[bd16bee5/0]xpub…/0/0/*))'],
      ['crypto-account', accountOf37b5eed4],
      ['account-descriptor', accountOf37b5eed4],
    ]);
  });

  test('an account says the same in the types of before and after 2023', () => {
    const [before, after] = ['crypto-account', 'account-descriptor'].map((type) => assembleFrames([examples.find(({ ur }) => typeOf(ur) === type)?.ur as string]));
    expect(before).toEqual(after);
  });

  test.each(examples.filter(({ ur }) => typeOf(ur) === 'crypto-output').map(({ ur, cbor_hex }) => [ur.slice(0, 70), ur, cbor_hex] as const))('%s is written again with the same script and keys', (_title, ur) => {
    const descriptor = assembleFrames([ur]);
    const { type, cbor } = urOfContent(descriptor);
    expect(type).toBe('crypto-output');
    expect(contentOfUr(type, cbor)).toEqual(descriptor);
  });
});

const accountOf37b5eed4 = `key-record ${["44h/0h/0h", "49h/0h/0h", "84h/0h/0h", "45h", "48h/0h/0h/1h", "48h/0h/0h/2h", "86h/0h/0h"].map((path) => `[37b5eed4/${path}]xpub…`).join(' ')}`;

const typeOf = (ur: string): string => /^ur:([^/]+)/i.exec(ur)?.[1]?.toLowerCase() ?? '';

/** What becomes of a transfer; keys are shortened, since the vectors have them. */
function outcomeOf(parts: readonly string[]): string {
  try {
    const { kind, bytes } = assembleFrames(parts);
    if (kind === 'psbt') return `psbt of ${decodePsbt(bytes).inputs.length} inputs`;
    const text = Buffer.from(bytes).toString();
    return `${kind} ${text.replace(/([xt]pub)[A-Za-z0-9]{100,}/g, '$1…').replace(/\b(0[23][0-9a-f]{2})[0-9a-f]{62}/g, '$1…').replace(/#[a-z0-9]{8}$/, '').replace(/\n/g, ' ')}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

interface Part {
  readonly ur: string;
  readonly repo: string;
  readonly path: string;
}

test('parts that other projects test with: every transfer is read', () => {
  const transfers: { name: string; parts: string[] }[] = [];
  for (const { ur, repo } of read<Part[]>('ur_corpus_from_tests.json')) {
    const count = /-([0-9]+)\//.exec(ur)?.[1] ?? '';
    const name = `${repo} ${typeOf(ur)} ${count}`.trim();
    const open = count === '' ? undefined : transfers.find((other) => other.name === name);
    if (open === undefined) transfers.push({ name, parts: [ur] });
    else open.parts.push(ur);
  }
  expect(transfers.map(({ name, parts }) => [name, parts.length, outcomeOf(parts)])).toEqual([
    ['SeedSigner/seedsigner crypto-psbt 29', 29, 'psbt of 1 inputs'],
    // Parts 435, 440, 441 and 443 of three: from the middle of the fountain, two of them mixed.
    ['SeedSigner/seedsigner crypto-psbt 3', 4, 'psbt of 1 inputs'],
    ['SeedSigner/seedsigner crypto-account 4', 4, 'key-record [c49122a5/48h/1h/0h/2h]xpub…'],
    ['selfcustody/krux crypto-psbt', 1, 'psbt of 1 inputs'],
    ['selfcustody/krux crypto-psbt 8', 8, 'psbt of 1 inputs'],
    ['selfcustody/krux crypto-output', 1, 'wallet-descriptor pkh([d63dc4a7/44h/1h/0h]tpub…)'],
    ['selfcustody/krux crypto-output', 1, 'wallet-descriptor sh(wpkh([d63dc4a7/49h/1h/0h]tpub…))'],
    ['selfcustody/krux crypto-output', 1, 'wallet-descriptor wpkh([d63dc4a7/84h/1h/0h]tpub…)'],
    ['selfcustody/krux crypto-output', 1, 'wallet-descriptor tr([d63dc4a7/86h/1h/1h]tpub…)'],
    ['selfcustody/krux crypto-account', 1, 'key-record [d63dc4a7/44h/0h/0h]xpub…'],
    ['selfcustody/krux crypto-account', 1, 'key-record [d63dc4a7/49h/0h/0h]xpub…'],
    ['selfcustody/krux crypto-account', 1, 'key-record [d63dc4a7/84h/0h/0h]xpub…'],
    ['selfcustody/krux crypto-account', 1, 'key-record [d63dc4a7/86h/0h/0h]xpub…'],
  ]);
});
