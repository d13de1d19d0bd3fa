/** Files that break the format: no review, no approval; alone, and on top of an attack that the review would find. */
import { sha256 } from '@noble/hashes/sha2.js';
import { afterAll, describe, expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { MAX_PSBT_BYTES } from '../../src/psbt/psbt.ts';
import { approve } from '../../src/review/approve.ts';
import { reviewPsbt } from '../../src/review/review-psbt.ts';
import { Random } from '../fuzz/engine/random.ts';
import { attacks } from '../support/attack/attacks.ts';
import { fileAttacks } from '../support/attack/file-attacks.ts';
import { targets } from '../support/attack/targets.ts';

const { first, others } = targets();
const honest = [...first, ...others.filter((_, position) => position % 4 === 0)];
const seen = new Set<string>();
const seenInPairs = new Set<string>();
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('one attack on the file', () => {
  test.each(fileAttacks.map((attack, number) => [attack.code, attack.name, attack, number] as const))('%s: %s', (expected, _name, attack, number) => {
    let applied = 0;
    for (const [position, spend] of honest.entries()) {
      const bytes = attack.apply(spend, new Random(900 + number, position));
      if (bytes === null) continue;
      applied += 1;
      expect(() => reviewPsbt(bytes, spend.context), `${attack.name} on ${position}: ${spend.name}`).toThrow(code(expected));
      seen.add(toHex(sha256(bytes)));
    }
    expect(applied).toBeGreaterThan(0);
  });
});

describe('an attack on the file over one on its content', () => {
  test.each(fileAttacks.map((attack, number) => [attack.code, attack.name, attack, number] as const))('ends the reading all the same: %s: %s', (expected, _name, attack, number) => {
    for (let further = 0; further < 8; further += 1) {
      const spend = honest[(number + further * 5) % honest.length] as (typeof honest)[number];
      const inner = attacks[(number * 7 + further * 19) % attacks.length]?.apply(spend, new Random(number, further));
      if (inner === null || inner === undefined || inner.spend.psbt.inputs.length === 0 || inner.spend.psbt.outputs.length === 0) continue;
      const bytes = attack.apply(inner.spend, new Random(950 + number, further));
      if (bytes === null) continue;
      expect(() => reviewPsbt(bytes, inner.spend.context)).toThrow(code(expected));
      seenInPairs.add(toHex(sha256(bytes)));
    }
  });
});

test('a file over 16 MiB is refused by its size alone', () => {
  expect(() => reviewPsbt(new Uint8Array(MAX_PSBT_BYTES + 1), (honest[0] as (typeof honest)[number]).context)).toThrow(code('psbt.too-large'));
});

test('bytes that are changed after the review cannot be approved', () => {
  let tried = 0;
  for (const [position, spend] of honest.entries()) {
    const bytes = encodePsbt(spend.psbt);
    const review = reviewPsbt(bytes, spend.context);
    const random = new Random(990, position);
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const at = random.int(bytes.length);
      const other = bytes.map((byte, index) => (index === at ? byte ^ (1 + random.int(255)) : byte));
      expect(() => approve(review, other, [])).toThrow(code('review.stale'));
      tried += 1;
    }
    expect(() => approve({ ...review }, bytes, [])).toThrow(code('review.stale'));
  }
  expect(tried).toBe(honest.length * 20);
});

test('these are at least 2,000 distinct files', () => {
  expect(seen.size).toBeGreaterThan(1_600);
  expect(seen.size + seenInPairs.size).toBeGreaterThan(2_000);
});

afterAll(() => console.info(`${fileAttacks.length} attacks on the file: ${seen.size} distinct PSBTs alone, ${seenInPairs.size} over another attack`));
