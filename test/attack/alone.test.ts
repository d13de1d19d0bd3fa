/** Every attack by itself on honest PSBTs of every quorum, script type and state: exactly the expected findings, no signature. */
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../fuzz/engine/random.ts';
import { attacks } from '../support/attack/attacks.ts';
import { expectFound, targets } from '../support/attack/judge.ts';

const honest = targets();
/** How often an attack is tried on one honest PSBT, each time at another place and with other values. */
const TRIES = 2;
const LEAST_DISTINCT = 5_000;

const seen = new Set<string>();

describe('one attack', () => {
  test.each(attacks.map((attack, number) => [attack.code, attack.name, attack, number] as const))('%s: %s', (_code, name, attack, number) => {
    let applied = 0;
    for (const [position, spend] of honest.entries()) {
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const made = attack.apply(spend, new Random(number, position * TRIES + attempt));
        if (made === null) continue;
        applied += 1;
        expect(made.codes).toContain(attack.code);
        expectFound(`${name} on ${position}: ${spend.name}`, made, seen);
      }
    }
    expect(applied).toBeGreaterThan(0);
  });
});

test(`these are at least ${LEAST_DISTINCT} distinct files`, () => {
  expect(seen.size).toBeGreaterThan(LEAST_DISTINCT);
});

afterAll(() => console.info(`${attacks.length} attacks alone: ${seen.size} distinct PSBTs`));
