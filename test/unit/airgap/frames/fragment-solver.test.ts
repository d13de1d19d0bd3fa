import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FragmentSolver, sumOfFragments } from '../../../../src/airgap/frames/fragment-solver.ts';
import { toHex } from '../../../../src/domain/bytes.ts';
import { noise } from './noise.ts';

describe('fragments from sums of them', () => {
  test('a sum makes the last of its fragments known once the others are', () => {
    const message = noise(30);
    const solver = new FragmentSolver(3, 10);
    const add = (...fragments: number[]): boolean => solver.add(fragments, sumOfFragments(message, 10, fragments));
    const known = (): number[] => [0, 1, 2].filter((fragment) => solver.isKnown(fragment));
    expect(add(0, 1, 2)).toBe(true);
    expect(known()).toEqual([]);
    expect(add(1, 2)).toBe(true);
    expect(known()).toEqual([0]);
    expect(add(0)).toBe(false);
    expect(add(2)).toBe(true);
    expect(known()).toEqual([0, 1, 2]);
    expect([solver.rank, solver.isComplete, toHex(solver.message(30))]).toEqual([3, true, toHex(message)]);
  });

  test('it is complete exactly when the sums are enough, whichever they are', () => {
    const sums = fc.integer({ min: 1, max: 40 }).chain((count) => fc.tuple(fc.constant(count), fc.array(fc.uniqueArray(fc.nat({ max: count - 1 }), { minLength: 1, maxLength: count }), { maxLength: 60 }), fc.integer({ min: 1, max: 9 })));
    fc.assert(fc.property(sums, ([count, sets, fragmentBytes]) => {
      const message = noise(count * fragmentBytes - (fragmentBytes >> 1));
      const solver = new FragmentSolver(count, fragmentBytes);
      // Independent: rows as large numbers, reduced by their highest bits.
      const basis: bigint[] = [];
      for (const set of sets) {
        let row = set.reduce((sum, fragment) => sum | (1n << BigInt(fragment)), 0n);
        for (const other of basis) row = (row ^ other) < row ? row ^ other : row;
        expect(solver.add(set, sumOfFragments(message, fragmentBytes, set))).toBe(row !== 0n);
        if (row !== 0n) basis.push(row);
        basis.sort((a, b) => (a < b ? 1 : -1));
      }
      expect(solver.rank).toBe(basis.length);
      expect(solver.isComplete).toBe(basis.length === count);
      if (solver.isComplete) expect(toHex(solver.message(message.length))).toBe(toHex(message));
    }), { numRuns: 200 });
  });

  test('a sum that contradicts the others is refused and changes nothing', () => {
    const solver = new FragmentSolver(2, 2);
    solver.add([0, 1], Uint8Array.of(1, 1));
    expect(() => solver.add([0, 1], Uint8Array.of(1, 2))).toThrow(expect.objectContaining({ code: 'frames.checksum' }));
    expect(solver.add([1], Uint8Array.of(7, 7))).toBe(true);
    expect([...solver.message(4)]).toEqual([6, 6, 7, 7]);
  });
});
