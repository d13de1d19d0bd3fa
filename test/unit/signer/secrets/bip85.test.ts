import { expect, test } from 'vitest';
import { toHex } from '../../../../src/domain/bytes.ts';
import { childBytes, childDice, childMasterKey, childMnemonicEntropy, childPassword, childPrivateKey } from '../../../../src/signer/secrets/bip85.ts';
import { keyOf } from '../fixtures.ts';

const key = keyOf('alice');
const unfit = expect.objectContaining({ code: 'secret.parameters' });

test('a signing key is what children come from; another index, length or language is another child', () => {
  const one = childMnemonicEntropy(key, { language: 'english', words: 12, index: 0 });
  expect(one).toHaveLength(16);
  const others = [
    childMnemonicEntropy(key, { language: 'english', words: 12, index: 1 }),
    childMnemonicEntropy(key, { language: 'czech', words: 12, index: 0 }),
    childMnemonicEntropy(key, { language: 'english', words: 24, index: 0 }).slice(0, 16),
    childPrivateKey(key, 0).slice(0, 16),
    childMasterKey(key, 0).privateKey.slice(0, 16),
    childBytes(key, 16, 0),
  ];
  expect(new Set([one, ...others].map(toHex)).size).toBe(7);
  expect(childMnemonicEntropy(key, { language: 'english', words: 12, index: 0 })).toEqual(one);
});

test('parameters out of the standard\'s bounds are refused', () => {
  for (const index of [-1, 0.5, 2 ** 31]) expect(() => childPrivateKey(key, index)).toThrow(unfit);
  for (const length of [15, 65]) expect(() => childBytes(key, length, 0)).toThrow(unfit);
  for (const length of [19, 87]) expect(() => childPassword(key, 'base64', length, 0)).toThrow(unfit);
  for (const length of [9, 81]) expect(() => childPassword(key, 'base85', length, 0)).toThrow(unfit);
  for (const [sides, rolls] of [[1, 1], [2 ** 31, 1], [6, 0], [6, 10_001]] as const) expect(() => childDice(key, sides, rolls, 0)).toThrow(unfit);
});

test.each([2, 6, 10, 256, 257, 65_537, 2 ** 31 - 1])('a die of %i sides shows its faces only', (sides) => {
  const rolls = childDice(key, sides, 300, 7);
  expect(rolls).toHaveLength(300);
  expect(rolls.every((roll) => Number.isInteger(roll) && roll >= 0 && roll < sides)).toBe(true);
  expect(new Set(rolls).size).toBeGreaterThan(Math.min(sides, 100) * 0.9);
});

test('passwords have the length that was asked for', () => {
  expect(childPassword(key, 'base64', 86, 0)).toMatch(/^[A-Za-z0-9+/]{86}$/);
  expect(childPassword(key, 'base85', 80, 0)).toHaveLength(80);
});

test('a locked key has no children', () => {
  const locked = keyOf('bob');
  locked.wipe();
  expect(() => childPrivateKey(locked, 0)).toThrow(expect.objectContaining({ code: 'key.locked' }));
});
