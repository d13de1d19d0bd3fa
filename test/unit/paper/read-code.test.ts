import fc from 'fast-check';
import { expect, test } from 'vitest';
import { qrModules, type QrModules } from '../../../src/airgap/qr-image.ts';
import { readCode } from '../../../src/paper/qr-reading/read-code.ts';

/** The code with one module turned over. */
const damaged = ({ size, isDark }: QrModules, damagedRow: number, damagedColumn: number): QrModules => ({
  size,
  isDark: (row, column) => isDark(row, column) !== (row === damagedRow && column === damagedColumn),
});

/** The most bytes that each version holds. @see ISO/IEC 18004, "Data capacity" */
const capacities = {
  Q: [11, 20, 32, 46, 60, 74, 86, 108, 130, 151, 177, 203, 241, 258, 292, 322, 364, 394, 442, 482, 509, 565, 611, 661, 715, 751, 805, 868, 908, 982, 1030, 1112, 1168, 1228, 1283, 1351, 1423, 1499, 1579, 1663],
  H: [7, 14, 24, 34, 44, 58, 64, 84, 98, 119, 137, 155, 177, 194, 220, 250, 280, 310, 338, 382, 403, 439, 461, 511, 535, 593, 625, 658, 698, 742, 790, 842, 898, 958, 983, 1051, 1093, 1139, 1219, 1273],
} as const;

test.each(['Q', 'H'] as const)('reads what the encoder wrote in all forty versions, level %s, full to the last byte', (correction) => {
  capacities[correction].forEach((capacity, index) => {
    const text = 'secret!'.repeat(300).slice(0, capacity);
    const modules = qrModules(text, correction);
    expect((modules.size - 17) / 4).toBe(index + 1);
    expect(readCode(modules)).toBe(text);
  });
});

test('reads digits, capitals and mixtures of everything', () => {
  const printable = fc.string({ unit: fc.constantFrom(...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))), minLength: 1, maxLength: 200 });
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 120 });
  const capitals = fc.string({ unit: fc.constantFrom(...'ABCXYZ0189 $%*+-./:'), minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(fc.oneof(printable, digits, capitals, fc.tuple(digits, printable, capitals).map((parts) => parts.join('').slice(0, 300))), fc.constantFrom('Q', 'H'), (text, correction) => {
      expect(readCode(qrModules(text, correction))).toBe(text);
    }),
    { numRuns: 60 },
  );
});

test('a code with a single wrong module is refused, wherever the module is', () => {
  const modules = qrModules('L1aW4aubDFB7yfras2S1mN3bqg9nwySY8nkoLmJebSLD5BWv3ENZ', 'Q');
  const { size } = modules;
  let remainder = 0;
  for (let row = 0; row < size; row += 1) for (let column = 0; column < size; column += 1) if (readCode(damaged(modules, row, column)) !== null) remainder += 1;
  // The last bits of the placement that no codeword fills carry nothing: 7 in versions 2 to 6.
  expect(remainder).toBe(7);
});

test.each(['L', 'M'] as const)('correction level %s is not for paper', (correction) => {
  expect(readCode(qrModules('strongroom', correction))).toBeNull();
});

test('what is no code is refused', () => {
  expect(readCode({ size: 21, isDark: () => false })).toBeNull();
  expect(readCode({ size: 22, isDark: () => true })).toBeNull();
});
