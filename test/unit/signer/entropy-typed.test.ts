import { expect, test } from 'vitest';
import { parseTyped } from '../../../src/signer/entropy/typed.ts';
import { keysText } from './entropy-samples.ts';
import { noise } from './fixtures.ts';

const weak = (pattern: string): unknown => expect.objectContaining({ code: 'entropy.weak', details: { source: 'typed', pattern } });
/** As many characters as a text gives when it is typed again and again. */
const upTo = (count: number, text: string): string => text.repeat(Math.ceil(count / text.length)).slice(0, count);

test('a character counts one bit at most: 128 of them for 12 words, 256 for 24', () => {
  expect(parseTyped(keysText(127), 12)).toMatchObject({ count: 127, bits: 0, reachesFloor: false, health: [] });
  expect(parseTyped(keysText(128), 12)).toMatchObject({ count: 128, bits: 128, reachesFloor: true });
  expect(parseTyped(keysText(255), 24).reachesFloor).toBe(false);
  expect(parseTyped(keysText(300), 24)).toMatchObject({ bits: 300, reachesFloor: true });
});

test('a character counts half of its min-entropy where that is less: a hand that repeats itself types more', () => {
  // Three keys of ten are those of seven places before: a guess that is right in about 30 % leaves 1.7 bits, of which half count.
  const typed: string[] = [];
  [...keysText(400)].forEach((key, place) => typed.push(place > 7 && place % 10 < 3 ? (typed[place - 7] as string) : key));
  const judged = parseTyped(typed.slice(0, 128).join(''), 12);
  expect(judged.bits).toBeLessThan(128);
  expect(judged.reachesFloor).toBe(false);
  expect(parseTyped(typed.slice(0, 256).join(''), 12).reachesFloor).toBe(true);
});

test('blanks and line breaks do not count; capitals change what is mixed and not how it is judged', () => {
  const plain = keysText(130);
  expect(parseTyped(`${plain.slice(0, 60)} \n\t${plain.slice(60)}\r\n`, 12)).toEqual(parseTyped(plain, 12));
  const shouted = parseTyped(plain.toUpperCase(), 12);
  expect(shouted.bits).toBe(parseTyped(plain, 12).bits);
  expect(shouted.content).not.toEqual(parseTyped(plain, 12).content);
});

test('a letter with an accent is one character, however the keyboard sends it; UTF-8 is mixed', () => {
  expect(parseTyped('e\u0301\u00fc', 12)).toMatchObject({ count: 2, content: Uint8Array.of(0xc3, 0xa9, 0xc3, 0xbc) });
});

test.each(['\u0000', '\u0007', '\u200b', '\ud800'])('a character that no key types is refused by its place alone', (odd) => {
  expect(() => parseTyped(`abc${odd}d`, 12)).toThrow(expect.objectContaining({ code: 'entropy.malformed', details: { source: 'typed', position: 4 } }));
});

test.each<[string, string, string]>([
  ['one key', 'few', 'a'],
  ['two keys', 'few', 'ab'],
  ['the home row under eight fingers', 'few', 'asdfjkl;'],
  ['one key too often', 'face', 'axbxcxdxexfxgxhxixjxkxlx'],
  ['QWERTY, row by row', 'cycle', 'qwertyuiopasdfghjklzxcvbnm'],
  ['a passphrase again and again', 'cycle', 'correcthorsebatterystaple'],
  ['the alphabet', 'cycle', 'abcdefghijklmnopqrstuvwxyz'],
])('refused for what it repeats: %s', (_, pattern, text) => {
  expect(() => parseTyped(upTo(140, text), 12)).toThrow(weak(pattern));
});

/** Parts in an order that looks like chance, so that neither a cycle nor a face gives them away. */
const inAnyOrder = (parts: readonly string[]): string => [...keysText(150, 'order', 'abcdefghijklmnopqrstuvwxyz')].map((letter) => parts[letter.charCodeAt(0) % parts.length]).join('').slice(0, 160);

/** From each key to one beside, above or below it, by chance. */
function stroll(count: number): string {
  const rows = ['1234567890', 'qwertyuiop', 'asdfghjkl;', 'zxcvbnm,./'];
  let [row, place, text] = [1, 4, ''];
  for (const turn of noise('stroll', count)) {
    const [down, right] = ([[0, 1], [0, -1], [1, 0], [-1, 0]] as const)[turn & 3] as readonly [number, number];
    [row, place] = [(row + down + 4) % 4, Math.max(0, Math.min(9, place + right))];
    text += (rows[row] as string)[place];
  }
  return text;
}

test.each<[string, string, string]>([
  ['columns of QWERTY', 'walk', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/zaq1xsw2cde3vfr4bgt5nhy6mju7,ki8.lo9/;p0qazwsxedcrfvtgbyhnujm1234567890poiuytrewqasdfghjkl;'],
  ['rows of QWERTZ, now forwards, now backwards', 'walk', inAnyOrder(['qwertzuiopü', 'asdfghjklöä', 'yxcvbnm,.-', 'üpoiuztrewq', 'äölkjhgfdsa', '-.,mnbvcxy'])],
  ['rows of AZERTY', 'walk', inAnyOrder(['azertyuiop', 'qsdfghjklm', 'wxcvbn,;:!', 'poiuytreza', 'mlkjhgfdsq', '!:;,nbvcxw'])],
  ['diagonals of QWERTY', 'walk', inAnyOrder(['zse4', 'xdr5', 'cft6', 'vgy7', 'bhu8', 'nji9', 'mko0', '4esz', '5rdx', '6tfc', '7ygv', '8uhb'])],
  ['pieces of the alphabet, up and down', 'walk', inAnyOrder(['abcdefg', 'hijklmn', 'opqrstu', 'vwxyz', 'gfedcba', 'nmlkjih', 'utsrqpo'])],
  ['digits up and down', 'walk', inAnyOrder(['12345', '67890', '54321', '09876', '3456', '8765', '2345', '98765'])],
  ['a stroll from key to neighbouring key', 'walk', stroll(128)],
  ['some words in any order', 'chunk', inAnyOrder(['password', 'bitcoin', 'treasury', 'dragon', 'letmein', 'sunshine'])],
])('refused for what can be guessed: %s', (_, pattern, text) => {
  expect(() => parseTyped(text.slice(0, 128), 12)).toThrow(weak(pattern));
});

test('prose is not told from chance, and is credited with no more than prose holds', () => {
  // The opening of the declaration of independence of the United States, 1776.
  const prose = 'When in the course of human events it becomes necessary for one people to dissolve the political bands which have connected them with another and to assume among the powers of the earth';
  const { count, bits } = parseTyped(prose, 12);
  expect(bits).toBeLessThanOrEqual(count);
});

test('keys hit at random pass, on the whole keyboard and on letters alone', () => {
  for (let run = 0; run < 300; run += 1) {
    expect(parseTyped(keysText(128, `k${run}`), 12).reachesFloor).toBe(true);
    expect(parseTyped(keysText(256, `l${run}`, 'abcdefghijklmnopqrstuvwxyz'), 24).reachesFloor).toBe(true);
  }
});
