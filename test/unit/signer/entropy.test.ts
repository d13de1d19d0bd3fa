import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex, utf8 } from '../../../src/domain/bytes.ts';
import { makeKeyEntropy, type KeyEntropyOrder } from '../../../src/signer/entropy/key-entropy.ts';
import { mixEntropy } from '../../../src/signer/entropy/mix.ts';
import type { SystemReading } from '../../../src/signer/entropy/system-entropy.ts';
import { parseTyped } from '../../../src/signer/entropy/typed.ts';
import { parseCoins, parseDice } from '../../../src/signer/entropy/user-entropy.ts';
import { leastCount } from '../../../src/signer/entropy/user-source.ts';
import { cardText, keysText } from './entropy-samples.ts';
import { coinText, diceText, systemReadings } from './fixtures.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const order = (given: Partial<KeyEntropyOrder>): KeyEntropyOrder => ({ words: 24, mode: 'mixed', dice: '', coins: '', cards: '', typed: '', ...given });
const make = (given: Partial<KeyEntropyOrder>, system = 'a') => makeKeyEntropy(order(given), systemReadings(system));
const keyFrom = (given: Partial<KeyEntropyOrder>, system = 'a'): string => toHex(make(given, system).entropy);

test('dice are digits 1 to 6, with whatever blanks and commas people put between them', () => {
  const plain = diceText(50);
  const spaced = `${plain.slice(0, 10)}, ${plain.slice(10, 20)};\n\t${plain.slice(20)}\r\n`;
  expect(parseDice(spaced, 12)).toEqual(parseDice(plain, 12));
  expect(parseDice(plain, 12)).toMatchObject({ count: 50, bits: 129, reachesFloor: true, health: ['dice/face', 'dice/cycle', 'dice/step', 'dice/chunk'] });
});

test.each(['0', '7', '9', 'x', '-', '１'])('"%s" is no face of a die, and the error names its place alone', (wrong) => {
  const text = `${diceText(50)}${wrong}`;
  expect(() => parseDice(text, 12)).toThrow(expect.objectContaining({ code: 'entropy.malformed', details: { source: 'dice', position: 51 } }));
});

test('coins are 0 and 1 or t and h, one notation at a time', () => {
  const digits = coinText(128);
  const letters = [...digits].map((digit, index) => (digit === '1' ? (index % 2 ? 'h' : 'H') : index % 3 ? 't' : 'T')).join('');
  expect(parseCoins(letters, 12).content).toEqual(parseCoins(digits, 12).content);
  expect(() => parseCoins(`${digits}h`, 12)).toThrow(code('entropy.malformed'));
  expect(() => parseCoins(`${letters}2`, 12)).toThrow(code('entropy.malformed'));
});

test('a name that every object has is no face', () => {
  expect(() => parseCoins(`${'th'.repeat(64)}constructor`, 12)).toThrow(code('entropy.malformed'));
});

test('the floors are 50 and 99 rolls, 128 and 256 flips, 25 and 58 cards, 128 and 256 keys', () => {
  expect((['dice', 'coins', 'cards', 'typed'] as const).map((source) => [leastCount(source, 12), leastCount(source, 24)])).toEqual([[50, 99], [128, 256], [25, 58], [128, 256]]);
});

test.each<[string, Partial<KeyEntropyOrder>, { readonly source: string; readonly given: number; readonly least: number }]>([
  ['no source of one\'s own', {}, { source: 'none', given: 0, least: 99 }],
  ['blanks', { dice: ' \n', words: 12 }, { source: 'none', given: 0, least: 50 }],
  ['98 rolls', { dice: diceText(98) }, { source: 'dice', given: 98, least: 99 }],
  ['49 rolls', { dice: diceText(49), words: 12 }, { source: 'dice', given: 49, least: 50 }],
  ['255 flips', { coins: coinText(255) }, { source: 'coins', given: 255, least: 256 }],
  ['57 cards', { cards: cardText(57) }, { source: 'cards', given: 57, least: 58 }],
  ['255 keys', { typed: keysText(255) }, { source: 'typed', given: 255, least: 256 }],
  ['98 rolls and 255 flips: each must do alone', { dice: diceText(98), coins: coinText(255) }, { source: 'dice', given: 98, least: 99 }],
])('too little for a key: %s', (_, given, details) => {
  for (const mode of given.coins === undefined && given.cards === undefined && given.typed === undefined ? (['mixed', 'dice-only'] as const) : (['mixed'] as const)) {
    expect(() => make({ ...given, mode })).toThrow(expect.objectContaining({ code: 'entropy.too-little', details }));
  }
});

test('each source does alone when it reaches its floor', () => {
  for (const given of [{ dice: diceText(99) }, { coins: coinText(256) }, { cards: cardText(58) }, { typed: keysText(256) }]) expect(make(given).entropy).toHaveLength(32);
});

test('a shorter source beside one that does is mixed in, counts for nothing and is not judged', () => {
  const made = make({ dice: diceText(99), coins: '1111' });
  expect(made.sources.find(({ source }) => source === 'coins')).toEqual({ source: 'coins', count: 4, bits: 0 });
  expect(made.health.filter((check) => check.startsWith('coins/'))).toEqual([]);
  expect(toHex(made.entropy)).not.toBe(keyFrom({ dice: diceText(99) }));
  expect(toHex(made.entropy)).not.toBe(keyFrom({ dice: diceText(99), coins: '1110' }));
});

test('one face over 30 % of the rolls is no chance', () => {
  // 16 of 53 are more, 16 of 54 are not.
  const others = [...diceText(200, 'fair')].filter((face) => face !== '6');
  const withSixes = (rolls: number): string => Array.from({ length: rolls }, (_, place) => (place % 3 === 1 && place < 48 ? '6' : (others[place] as string))).join('');
  expect(() => parseDice(withSixes(53), 12)).toThrow(expect.objectContaining({ code: 'entropy.weak', details: { source: 'dice', pattern: 'face' } }));
  expect(parseDice(withSixes(54), 12).reachesFloor).toBe(true);
});

test.each(['123456', '162534', '112233445566', '6251436', '12345612345665432165432'])('the cycle %s is no chance', (cycle) => {
  expect(() => parseDice(cycle.repeat(20), 12)).toThrow(code('entropy.weak'));
});

/** Every other roll is one more than the roll before. */
const climbing = (rolls: string): string => [...rolls].map((face, place) => (place % 2 === 0 ? face : String((Number(rolls[place - 1]) % 6) + 1))).join('');

test.each<[string, string, string]>([
  ['a cycle with slips of the hand', 'cycle', [...'123456'.repeat(12)].map((face, place) => ([5, 17, 30, 44, 61].includes(place) ? '2' : face)).join('')],
  ['up and up with pauses', 'step', climbing(diceText(80))],
  ['one piece at odd distances', 'chunk', `35142${'6'}35142${'12'}35142${'443'}35142${'6'}35142${'21'}35142${'5'}35142${'3'}35142`.padEnd(60, '35142')],
])('%s is found', (_, pattern, rolls) => {
  expect(() => parseDice(rolls, 12)).toThrow(expect.objectContaining({ code: 'entropy.weak', details: { source: 'dice', pattern } }));
});

test.each(['1'.repeat(200), '0'.repeat(200), '01'.repeat(100), '0011'.repeat(50), '0110100'.repeat(30)])('regular flips are refused', (flips) => {
  expect(() => parseCoins(flips, 12)).toThrow(code('entropy.weak'));
});

test('flips of a fair coin and rolls of a fair die pass: 3 % of short rolls and 1 % of the rest may have to roll on', () => {
  const refused = { dice50: 0, dice99: 0, coins128: 0, coins256: 0 };
  const count = (name: keyof typeof refused, parse: () => unknown): void => {
    try {
      parse();
    } catch {
      refused[name] += 1;
    }
  };
  for (let run = 0; run < 500; run += 1) {
    count('dice50', () => parseDice(diceText(50, `d${run}`), 12));
    count('dice99', () => parseDice(diceText(99, `d${run}`), 24));
    count('coins128', () => parseCoins(coinText(128, `c${run}`), 12));
    count('coins256', () => parseCoins(coinText(256, `c${run}`), 24));
  }
  expect(refused.dice50).toBeLessThan(30);
  for (const name of ['dice99', 'coins128', 'coins256'] as const) expect(refused[name]).toBeLessThan(6);
});

const all = { dice: diceText(99), coins: coinText(256), cards: cardText(58), typed: keysText(256) };

test('the mix is HKDF-SHA256 over named fields with their lengths, in the documented order, replayed by another library', () => {
  const [runtime, kernel] = systemReadings() as [SystemReading, SystemReading];
  const length = (count: number): Buffer => Buffer.from([0, 0, count >> 8, count & 0xff]);
  const field = (name: string, content: Uint8Array): Buffer => Buffer.concat([length(name.length), Buffer.from(name), length(content.length), content]);
  const digits = (text: string): Buffer => Buffer.from([...text].map(Number));
  const material = Buffer.concat([
    field('system/runtime/1', runtime.first), field('system/runtime/2', runtime.second), field('system/kernel/1', kernel.first), field('system/kernel/2', kernel.second),
    field('dice', digits(all.dice)), field('coins', digits(all.coins)), field('cards', Buffer.from(`${all.cards.slice(0, 104)}/${all.cards.slice(104)}`)), field('typed', Buffer.from(all.typed)),
  ]);
  const replayed = (words: number, bytes: number): string => Buffer.from(hkdfSync('sha256', material, 'strongroom key entropy 1', `mnemonic ${words}`, bytes)).toString('hex');
  expect(keyFrom({ ...all, words: 24 })).toBe(replayed(24, 32));
  expect(keyFrom({ ...all, words: 12 })).toBe(replayed(12, 16));
});

test('a mix is fixed for ever: the same sources make the same key', () => {
  expect(keyFrom({ dice: diceText(99), coins: coinText(256) })).toBe('6ae6987be67d6d77208ccc4f6e13dec5b810fadb4e22d6ec3e8730ef46cd247d');
  expect(keyFrom(all)).toBe('7738a624d8d5d1f431030fecad434e9df6d66a429956fff751b4b7c020b81ccb');
});

test('each roll matters: a dropped, changed or swapped roll makes another key', () => {
  const dice = diceText(120);
  const key = keyFrom({ dice });
  fc.assert(
    fc.property(fc.nat(119), fc.integer({ min: 1, max: 5 }), (position, step) => {
      const other = String(((Number(dice[position]) - 1 + step) % 6) + 1);
      expect(keyFrom({ dice: dice.slice(0, position) + other + dice.slice(position + 1) })).not.toBe(key);
    }),
    { numRuns: 40 },
  );
  expect(keyFrom({ dice: dice.slice(1) })).not.toBe(key);
  expect(keyFrom({ dice: dice.slice(0, -1) })).not.toBe(key);
});

test('either source alone suffices: with the other known, it still decides the key', () => {
  const dice = diceText(99);
  expect(keyFrom({ dice }, 'a')).not.toBe(keyFrom({ dice }, 'b'));
  expect(keyFrom({ dice })).not.toBe(keyFrom({ dice: diceText(99, 'y') }));
});

test('each of the four system reads decides the key', () => {
  const keys = [0, 1, 2, 3, 4].map((changed) => {
    const [runtime, kernel] = systemReadings() as [SystemReading, SystemReading];
    const reads = [runtime.first, runtime.second, kernel.first, kernel.second];
    if (changed < 4) (reads[changed] as Uint8Array)[7]! ^= 1;
    return toHex(makeKeyEntropy(order({ dice: diceText(99) }), [runtime, kernel]).entropy);
  });
  expect(new Set(keys).size).toBe(5);
});

test('the same content under another source\'s name makes another key, and so does another length', () => {
  const as = (source: 'dice' | 'coins' | 'cards' | 'typed', words: 12 | 24 = 24): string => toHex(mixEntropy(words, systemReadings(), [{ source, content: utf8('1212') }]));
  expect(new Set([as('dice'), as('coins'), as('cards'), as('typed')]).size).toBe(4);
  expect(as('dice').startsWith(as('dice', 12))).toBe(false);
});

test('the record names every source with its worth, and every check that was passed', () => {
  const { sources, health, sourceNames, mode } = make(all);
  expect(mode).toBe('mixed');
  expect(sources).toEqual([
    { source: 'runtime', count: 128, bits: 256 }, { source: 'kernel', count: 128, bits: 256 },
    { source: 'dice', count: 99, bits: 255 }, { source: 'coins', count: 256, bits: 256 }, { source: 'cards', count: 58, bits: 259 }, { source: 'typed', count: 256, bits: 256 },
  ]);
  expect(sourceNames).toEqual(['os', 'dice:99', 'coins:256', 'cards:58', 'typed:256']);
  expect(health).toEqual([
    'runtime/length', 'runtime/stuck', 'runtime/repeated', 'runtime/counter', 'kernel/device', 'kernel/length', 'kernel/stuck', 'kernel/repeated', 'kernel/counter',
    'dice/face', 'dice/cycle', 'dice/step', 'dice/chunk', 'coins/face', 'coins/cycle', 'coins/chunk', 'cards/once-a-deck', 'cards/step', 'cards/cycle',
    'typed/few', 'typed/face', 'typed/cycle', 'typed/walk', 'typed/step', 'typed/chunk',
  ]);
});

test('a system with one source says so', () => {
  const [runtime] = systemReadings() as [SystemReading];
  const made = makeKeyEntropy(order({ dice: diceText(99) }), [runtime]);
  expect(made.sources.map(({ source }) => source)).toEqual(['runtime', 'dice']);
});

test('what was read is wiped, whether a key was made or not', () => {
  for (const given of [{ dice: diceText(99) }, { dice: diceText(99), mode: 'dice-only' as const }, { dice: '1'.repeat(99) }, {}]) {
    const system = systemReadings();
    try {
      makeKeyEntropy(order(given), system);
    } catch {
      // Refused: the readings were for nothing, and are secrets all the same.
    }
    expect(system.flatMap(({ first, second }) => [...first, ...second]).every((byte) => byte === 0)).toBe(true);
  }
  const dice = parseDice(diceText(50), 12);
  mixEntropy(12, systemReadings(), [dice]);
  expect(dice.content.every((byte) => byte === 0)).toBe(true);
});

test('no entropy error holds a roll, a card or a key', () => {
  const secrets: [string, () => unknown][] = [
    [diceText(49), () => make({ dice: diceText(49) })],
    ['123456'.repeat(20), () => make({ dice: '123456'.repeat(20) })],
    [cardText(20), () => make({ cards: `${cardText(20)}${cardText(1)}` })],
    ['qwertyuiop'.repeat(30), () => parseTyped('qwertyuiop'.repeat(30), 24)],
    [`${keysText(100)}\u0007`, () => parseTyped(`${keysText(100)}\u0007`, 12)],
  ];
  for (const [secret, run] of secrets) {
    expect(run).toThrow(expect.objectContaining({ code: expect.stringMatching(/^entropy\./) }));
    try {
      run();
    } catch (fault) {
      expect(JSON.stringify({ ...(fault as Error), message: (fault as Error).message })).not.toContain(secret.slice(0, 4));
    }
  }
});
