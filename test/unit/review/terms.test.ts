import { expect, test } from 'vitest';
import { sequenceText, termsText } from '../../../src/review/terms.ts';

const inputs = (...sequences: number[]): { sequence: number }[] => sequences.map((sequence) => ({ sequence }));

test('a final transaction is valid at once and cannot be replaced', () => {
  expect(termsText({ transactionVersion: 2, locktime: 0, inputs: inputs(0xffff_ffff, 0xffff_ffff) })).toEqual([
    ['valid', 'at once: no locktime'], ['replaceable', 'no'], ['sequence', '0xffffffff on every input'], ['version', '2'],
  ]);
});

test('BIP65: a locktime below 500,000,000 is a height, from there on a time, and has no effect where every sequence is final', () => {
  const valid = (locktime: number, sequence: number): string | undefined => termsText({ transactionVersion: 1, locktime, inputs: inputs(sequence) })[0]?.[1];
  expect(valid(499_999_999, 0xffff_fffe)).toBe('after block 499999999 (locktime)');
  expect(valid(500_000_000, 0xffff_fffe)).toBe('after 1985-11-05T00:53:20.000Z (locktime)');
  expect(valid(800_000, 0xffff_ffff)).toBe('at once: its locktime, block 800000, has no effect');
  expect(termsText({ transactionVersion: 2, locktime: 9, inputs: inputs(0xffff_ffff, 0xffff_fffe) })[0]?.[1]).toBe('after block 9 (locktime)');
});

test('BIP125: one input below 0xfffffffe makes the transaction replaceable; different sequences are counted', () => {
  expect(termsText({ transactionVersion: 3, locktime: 0, inputs: inputs(0xffff_fffd, 0xffff_ffff) }).slice(1)).toEqual([
    ['replaceable', 'yes, until it is confirmed'], ['sequence', '2 different ones; see the inputs'], ['version', '3'],
  ]);
  expect(termsText({ transactionVersion: 2, locktime: 0, inputs: inputs(0xffff_fffe) })[1]).toEqual(['replaceable', 'no']);
  expect(sequenceText(1)).toBe('0x00000001');
});
