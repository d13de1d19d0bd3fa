/** Every attack by itself on honest PSBTs of every script type, quorum and state: exactly the expected findings, no signature. */
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../fuzz/engine/random.ts';
import { attacks } from '../support/attack/attacks.ts';
import { expectFound } from '../support/attack/judge.ts';
import { targets } from '../support/attack/targets.ts';

/** STRONGROOM_ATTACKS=full tries every attack on everything; otherwise, of what comes after the first, on one in so many. */
const ONE_IN = process.env['STRONGROOM_ATTACKS'] === 'full' ? 1 : 2;
const LEAST_DISTINCT = 8_000;

const { first, others } = targets();
const honest = [...first, ...others];
const seen = new Set<string>();

describe('one attack', () => {
  test.each(attacks.map((attack, number) => [attack.code, attack.name, attack, number] as const))('%s: %s', (_code, name, attack, number) => {
    let applied = 0;
    for (const [position, spend] of honest.entries()) {
      const random = new Random(number, position);
      if (position >= first.length && !random.oneIn(ONE_IN)) continue;
      const made = attack.apply(spend, random);
      if (made === null) continue;
      applied += 1;
      expect(made.codes).toContain(attack.code);
      expectFound(`${name} on ${position}: ${spend.name}`, made, seen);
    }
    expect(applied).toBeGreaterThan(0);
  });
});

test(`these are at least ${LEAST_DISTINCT} distinct files`, () => {
  expect(seen.size).toBeGreaterThan(LEAST_DISTINCT);
});

afterAll(() => console.info(`${attacks.length} attacks alone on ${honest.length} honest PSBTs: ${seen.size} distinct files`));
