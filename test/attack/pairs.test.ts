/** Two attacks in one file: both are found, neither hides the other, and no signature is given. */
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../fuzz/engine/random.ts';
import type { Attack } from '../support/attack/attack.ts';
import { attacks } from '../support/attack/attacks.ts';
import { expectFound, pairOf, targets } from '../support/attack/judge.ts';

/** STRONGROOM_ATTACKS=full takes every pair; otherwise one in so many, the same ones each time. */
const ONE_IN = process.env['STRONGROOM_ATTACKS'] === 'full' ? 1 : 4;
const LEAST_DISTINCT = 2_000;

// A file from which nothing is paid weighs its fee against everything: one payment put in changes what the other attack does.
const honest = targets().filter((spend) => spend.kind === 'sweep' || spend.payments.length > 0).filter(({ sources }) => sources.length < 9);
const seen = new Set<string>();

/** Pairs that mean something: what one changes the other leaves alone. */
const areApart = (a: Attack, b: Attack): boolean => ![a, b].some(({ touches }) => touches.includes('everything')) && !a.touches.some((touch) => b.touches.includes(touch));

describe('two attacks', () => {
  test.each(attacks.map((attack, number) => [attack.code, attack.name, attack, number] as const))('%s with all that come after it: %s', (_code, _name, first, number) => {
    attacks.slice(number + 1).forEach((second, further) => {
      const stream = number * 1000 + further;
      const random = new Random(7, stream);
      if (!areApart(first, second) || random.int(ONE_IN) !== 0) return;
      for (let tried = 0; tried < honest.length; tried += 1) {
        const spend = honest[(stream + tried) % honest.length] as (typeof honest)[number];
        const made = pairOf(first, second, spend, random);
        if (made === null) continue;
        for (const { code } of [first, second]) expect(made.codes).toContain(code);
        expectFound(`${first.name} + ${second.name} on ${spend.name}`, made, seen);
        return;
      }
    });
  });
});

test(`these are at least ${LEAST_DISTINCT} distinct files`, () => {
  expect(seen.size).toBeGreaterThan(LEAST_DISTINCT);
});

afterAll(() => console.info(`attacks in pairs: ${seen.size} distinct PSBTs`));
