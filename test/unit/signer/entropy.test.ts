import fc from 'fast-check';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { concat, parseHex, toHex, utf8 } from '../../../src/domain/bytes.ts';
import { mixEntropy } from '../../../src/signer/entropy/mix.ts';
import { requireHealthy, type SystemReading } from '../../../src/signer/entropy/system-entropy.ts';
import { leastFaces, parseCoins, parseDice } from '../../../src/signer/entropy/user-entropy.ts';
import { coinText, diceText, noise, systemReadings } from './fixtures.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

test('dice are digits 1 to 6, with whatever blanks and commas people put between them', () => {
  const plain = diceText(50);
  const spaced = `${plain.slice(0, 10)}, ${plain.slice(10, 20)};\n\t${plain.slice(20)}\r\n`;
  expect(parseDice(spaced, 12)).toEqual(parseDice(plain, 12));
  expect(parseDice(plain, 12).faces).toHaveLength(50);
});

test.each(['0', '7', '9', 'x', '-', '１'])('"%s" is no face of a die, and the error names its place alone', (wrong) => {
  const text = `${diceText(50)}${wrong}`;
  expect(() => parseDice(text, 12)).toThrow(expect.objectContaining({ code: 'entropy.malformed', details: { source: 'dice', position: 51 } }));
});

test('coins are 0 and 1 or t and h, one notation at a time', () => {
  const digits = coinText(128);
  const letters = [...digits].map((digit, index) => (digit === '1' ? (index % 2 ? 'h' : 'H') : index % 3 ? 't' : 'T')).join('');
  expect(parseCoins(letters, 12).faces).toEqual(parseCoins(digits, 12).faces);
  expect(() => parseCoins(`${digits}h`, 12)).toThrow(code('entropy.malformed'));
  expect(() => parseCoins(`${letters}2`, 12)).toThrow(code('entropy.malformed'));
});

test('a name that every object has is no face', () => {
  expect(() => parseCoins(`${'th'.repeat(64)}constructor`, 12)).toThrow(code('entropy.malformed'));
});

test('the floors are 50 and 99 rolls, 128 and 256 flips', () => {
  expect([leastFaces('dice', 12), leastFaces('dice', 24), leastFaces('coins', 12), leastFaces('coins', 24)]).toEqual([50, 99, 128, 256]);
  expect(() => parseDice(diceText(49), 12)).toThrow(code('entropy.too-little'));
  expect(() => parseDice(diceText(98), 24)).toThrow(code('entropy.too-little'));
  expect(parseDice(diceText(99), 24).faces).toHaveLength(99);
  expect(() => parseCoins(coinText(127), 12)).toThrow(code('entropy.too-little'));
  expect(() => parseCoins(coinText(255), 24)).toThrow(code('entropy.too-little'));
});

test('one face over 30 % of the rolls is no chance', () => {
  const fair = diceText(60, 'fair');
  const loaded = [...fair].map((face, index) => (index % 4 === 0 ? '6' : face)).join('');
  expect(() => parseDice(loaded, 12)).toThrow(expect.objectContaining({ code: 'entropy.weak', details: { source: 'dice', pattern: 'face' } }));
});

test.each(['123456', '162534', '112233445566', '6251436', '12345612345665432165432'])('the cycle %s is no chance', (cycle) => {
  expect(() => parseDice(cycle.repeat(20), 12)).toThrow(code('entropy.weak'));
});

test('a cycle with a slip of the hand now and then is still found', () => {
  const rolls = [...'123456'.repeat(12)];
  for (const slip of [5, 17, 30, 44, 61]) rolls[slip] = '2';
  expect(() => parseDice(rolls.join(''), 12)).toThrow(code('entropy.weak'));
});

test.each(['1'.repeat(200), '0'.repeat(200), '01'.repeat(100), '0011'.repeat(50), '0110100'.repeat(30)])('regular flips are refused', (flips) => {
  expect(() => parseCoins(flips, 12)).toThrow(code('entropy.weak'));
});

test('flips of a fair coin and rolls of a fair die pass', () => {
  let refused = 0;
  for (let run = 0; run < 300; run += 1) {
    parseCoins(coinText(128, `c${run}`), 12);
    try {
      parseDice(diceText(99, `d${run}`), 24);
    } catch {
      refused += 1;
    }
  }
  expect(refused).toBeLessThan(10);
});

test('the mix is HKDF-SHA256 over named fields with their lengths, replayable by hand', () => {
  const [runtime, kernel] = systemReadings() as [SystemReading, SystemReading];
  const dice = parseDice(diceText(50), 12);
  const length = (count: number): Uint8Array => Uint8Array.of(0, 0, count >> 8, count & 0xff);
  const field = (name: string, bytes: Uint8Array): Uint8Array => concat(length(name.length), utf8(name), length(bytes.length), bytes);
  const material = concat(
    field('system/runtime/1', runtime.first), field('system/runtime/2', runtime.second),
    field('system/kernel/1', kernel.first), field('system/kernel/2', kernel.second), field('dice', dice.faces),
  );
  const expected = hkdf(sha256, material, utf8('strongroom key entropy 1'), utf8('mnemonic 12'), 16);
  expect(toHex(mixEntropy(12, systemReadings(), [parseDice(diceText(50), 12)]).entropy)).toBe(toHex(expected));
});

test('a mix is fixed for ever: the same sources make the same key', () => {
  const { entropy, sources } = mixEntropy(24, systemReadings(), [parseCoins(coinText(256), 24), parseDice(diceText(99), 24)]);
  expect(toHex(entropy)).toMatchInlineSnapshot(`"6ae6987be67d6d77208ccc4f6e13dec5b810fadb4e22d6ec3e8730ef46cd247d"`);
  expect(sources).toEqual(['os', 'dice:99', 'coins:256']);
});

test('without dice or coins the record says that the system was the only source', () => {
  const { entropy, sources } = mixEntropy(12, systemReadings(), []);
  expect(entropy).toHaveLength(16);
  expect(sources).toEqual(['os']);
});

const keyFrom = (system: string, dice: string): string => toHex(mixEntropy(24, systemReadings(system), [parseDice(dice, 24)]).entropy);

test('each roll matters: a dropped, changed or swapped roll makes another key', () => {
  const dice = diceText(120);
  const key = keyFrom('a', dice);
  fc.assert(
    fc.property(fc.nat(119), fc.integer({ min: 1, max: 5 }), (position, step) => {
      const other = String(((Number(dice[position]) - 1 + step) % 6) + 1);
      expect(keyFrom('a', dice.slice(0, position) + other + dice.slice(position + 1))).not.toBe(key);
    }),
    { numRuns: 40 },
  );
  expect(keyFrom('a', dice.slice(1))).not.toBe(key);
  expect(keyFrom('a', dice.slice(0, -1))).not.toBe(key);
});

test('either source alone suffices: with the other known, it still decides the key', () => {
  expect(keyFrom('a', diceText(99))).not.toBe(keyFrom('b', diceText(99)));
  expect(keyFrom('a', diceText(99, 'x'))).not.toBe(keyFrom('a', diceText(99, 'y')));
});

test('each of the four system reads decides the key', () => {
  const keys = [0, 1, 2, 3, 4].map((changed) => {
    const [runtime, kernel] = systemReadings() as [SystemReading, SystemReading];
    const reads = [runtime.first, runtime.second, kernel.first, kernel.second];
    if (changed < 4) (reads[changed] as Uint8Array)[7]! ^= 1;
    return toHex(mixEntropy(12, [runtime, kernel], []).entropy);
  });
  expect(new Set(keys).size).toBe(5);
});

test('dice and coins with the same faces make different keys, and so do both in either length', () => {
  const ones = Uint8Array.from(parseCoins(coinText(256), 12).faces);
  const as = (source: 'dice' | 'coins') => toHex(mixEntropy(12, systemReadings(), [{ source, faces: Uint8Array.from(ones) }]).entropy);
  expect(as('dice')).not.toBe(as('coins'));
  const long = toHex(mixEntropy(24, systemReadings(), []).entropy);
  expect(long.startsWith(toHex(mixEntropy(12, systemReadings(), []).entropy))).toBe(false);
});

test('what was mixed is wiped', () => {
  const system = systemReadings();
  const dice = parseDice(diceText(50), 12);
  mixEntropy(12, system, [dice]);
  const left = [...system.flatMap(({ first, second }) => [first, second]), dice.faces];
  expect(left.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
});

const constant = (byte: number): Uint8Array => new Uint8Array(64).fill(byte);
const reading = (first: Uint8Array, second: Uint8Array, source: SystemReading['source'] = 'runtime'): SystemReading => ({ source, first, second });
const good = (name: string): Uint8Array => noise(name, 64);

test.each<[string, SystemReading[]]>([
  ['no runtime reading', [reading(good('1'), good('2'), 'kernel')]],
  ['nothing at all', []],
  ['all zero', [reading(constant(0), good('2'))]],
  ['all 0xff', [reading(good('1'), constant(0xff))]],
  ['a constant kernel', [reading(good('1'), good('2')), reading(constant(7), constant(7), 'kernel')]],
  ['the same bytes at every read', [reading(good('1'), good('1'))]],
  ['a kernel that copies the runtime', [reading(good('1'), good('2')), reading(good('2'), good('3'), 'kernel')]],
  ['a counter', [reading(Uint8Array.from({ length: 64 }, (_, index) => index), good('2'))]],
  ['steps of 37', [reading(Uint8Array.from({ length: 64 }, (_, index) => (index * 37) & 0xff), good('2'))]],
  ['eight bytes again and again', [reading(concat(...Array.from({ length: 8 }, () => noise('x', 8))), good('2'))]],
  ['a run of six', [reading(concat(good('1').subarray(0, 58), new Uint8Array(6).fill(9)), good('2'))]],
  ['text', [reading(utf8('0123456789abcdef'.repeat(4)), good('2'))]],
  ['too short', [reading(good('1').subarray(0, 32), good('2'))]],
])('a system source is refused: %s', (_, readings) => {
  expect(() => mixEntropy(12, readings, [])).toThrow(code('entropy.source-failed'));
  expect(() => mixEntropy(24, readings, [parseDice(diceText(99), 24)])).toThrow(code('entropy.source-failed'));
});

test('healthy readings pass, thousands of them', () => {
  for (let run = 0; run < 2000; run += 1) requireHealthy(systemReadings(`run ${run}`));
  expect(() => requireHealthy([reading(good('1'), good('2'))])).not.toThrow();
});

test('an entropy error holds no roll and no byte', () => {
  const secret = diceText(49);
  const fault = (() => {
    try {
      return parseDice(secret, 12);
    } catch (error) {
      return error as Error;
    }
  })();
  expect(JSON.stringify({ ...fault, message: (fault as Error).message })).not.toContain(secret.slice(0, 6));
  expect(parseHex('00')).toHaveLength(1);
});
