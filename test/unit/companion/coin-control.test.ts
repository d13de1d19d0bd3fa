import fc from 'fast-check';
import { expect, test } from 'vitest';
import { controlCoins, NO_COIN_CONTROL, type CoinControl, type CoinFacts } from '../../../src/companion/coins/coin-control.ts';
import { coldOutput } from './plan-fixtures.ts';

const outputs = [1, 2, 3, 4].map((number) => coldOutput(number, 10_000n));
const names = outputs.map(({ txid, vout }) => `${txid}:${vout}`) as [string, string, string, string];
const facts = (more: Partial<CoinFacts> = {}): CoinFacts => ({ frozen: new Set(), tags: new Map(), reserved: new Set(), ...more });
const reasons = (control: Partial<CoinControl>, more: Partial<CoinFacts> = {}) => controlCoins(outputs, { ...NO_COIN_CONTROL, ...control }, facts(more)).map(({ leftBecause }) => leftBecause ?? null);

test('only what was named, without what was left out, and never what is frozen or held', () => {
  expect(reasons({})).toEqual([null, null, null, null]);
  expect(reasons({ only: [names[0], names[2]], exclude: [names[2]] })).toEqual([null, 'excluded', 'excluded', 'excluded']);
  expect(reasons({}, { frozen: new Set([names[1]]), reserved: new Set([names[1], names[3]]) })).toEqual([null, 'frozen', null, 'reserved']);
});

test('tags choose and leave out', () => {
  const tags = new Map([[names[0], ['a', 'b']], [names[1], ['b']]]);
  expect(reasons({ tags: ['a', 'c'] }, { tags })).toEqual([null, 'excluded', 'excluded', 'excluded']);
  expect(reasons({ excludeTags: ['b'] }, { tags })).toEqual(['excluded', 'excluded', null, null]);
});

test('what is not there, and what is frozen, cannot be named', () => {
  expect(() => reasons({ only: [`${'ab'.repeat(32)}:0`] })).toThrow(expect.objectContaining({ code: 'coins.unknown' }));
  expect(() => reasons({ exclude: [`${'ab'.repeat(32)}:0`] })).toThrow(expect.objectContaining({ code: 'coins.unknown' }));
  expect(() => reasons({ only: [names[0]] }, { frozen: new Set([names[0]]) })).toThrow(expect.objectContaining({ code: 'coins.frozen' }));
});

test('property: a frozen output is never free, whatever else is asked for', () => {
  const some = fc.subarray([...names]);
  fc.assert(fc.property(some, some, fc.subarray(['a', 'b']), some, (frozen, exclude, tags, reserved) => {
    const left = controlCoins(outputs, { only: null, exclude, tags: tags.length === 0 ? null : tags, excludeTags: [] }, facts({ frozen: new Set(frozen), reserved: new Set(reserved), tags: new Map(names.map((name) => [name, ['a']])) }));
    left.forEach(({ leftBecause }, index) => {
      if (frozen.includes(names[index] as string)) expect(leftBecause).toBe('frozen');
      else if (exclude.includes(names[index] as string) || reserved.includes(names[index] as string)) expect(leftBecause).not.toBeUndefined();
    });
  }));
});
