/** Two attacks in one file: both are found, neither hides the other, and no signature is given. */
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../fuzz/engine/random.ts';
import type { Attack, Attacked } from '../support/attack/attack.ts';
import { attacks } from '../support/attack/attacks.ts';
import { expectFound, pairOf } from '../support/attack/judge.ts';
import { targets } from '../support/attack/targets.ts';

/** STRONGROOM_ATTACKS=full takes every pair; otherwise one in so many, the same ones each time. */
const ONE_IN = process.env['STRONGROOM_ATTACKS'] === 'full' ? 1 : 8;
const LEAST_DISTINCT = 2_000;

// A file from which nothing is paid weighs its fee against everything: one payment put in changes what the other attack does.
const { first: ofScripts, others } = targets();
const honest = [...ofScripts, ...others.filter(({ treasuries }) => treasuries.length > 1)].filter((spend) => spend.kind === 'sweep' || spend.payments.length > 0);
const seen = new Set<string>();

/** Pairs that mean something: what one changes the other leaves alone. */
const areApart = (a: Attack, b: Attack): boolean => ![a, b].some(({ touches }) => touches.includes('everything')) && !a.touches.some((touch) => b.touches.includes(touch));

const groups = attacks.map((first, number) => {
  const seconds = attacks.slice(number + 1).map((second, further) => ({ second, stream: number * 1000 + further }));
  return { first, pairs: seconds.filter(({ second, stream }) => areApart(first, second) && new Random(7, stream).int(ONE_IN) === 0) };
}).filter(({ pairs }) => pairs.length > 0);
/** Pairs for which no honest file has both things to attack, such as a sweep's and a quorum's. */
let apart = 0;

describe('two attacks', () => {
  test.each(groups.map(({ first, pairs }) => [first.code, first.name, pairs.length, first, pairs] as const))('%s: %s, with %i others', (_code, _name, _count, first, pairs) => {
    for (const { second, stream } of pairs) {
      const random = new Random(8, stream);
      const made = honest.map((_, tried) => honest[(stream + tried) % honest.length] as (typeof honest)[number]).reduce<Made | null>((found, spend) => found ?? madeOf(spend, pairOf(first, second, spend, random)), null);
      if (made === null) apart += 1;
      else expectFound(`${first.name} + ${second.name} on ${made.name}`, made.attacked, seen);
      expect(made?.attacked.codes ?? [first.code, second.code]).toEqual(expect.arrayContaining([first.code, second.code]));
    }
  });

  test('most pairs were made', () => {
    const pairs = groups.reduce((sum, group) => sum + group.pairs.length, 0);
    expect(apart).toBeLessThan(pairs / 5);
  });
});

interface Made { readonly name: string; readonly attacked: Attacked }
const madeOf = ({ name }: { readonly name: string }, attacked: Attacked | null): Made | null => (attacked === null ? null : { name, attacked });

test(`these are at least ${LEAST_DISTINCT} distinct files`, () => {
  expect(seen.size).toBeGreaterThan(LEAST_DISTINCT);
});

afterAll(() => console.info(`attacks in pairs: ${seen.size} distinct PSBTs`));
