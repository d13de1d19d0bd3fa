import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { readMultisig, readPushes } from '../../../src/psbt/script-pushes.ts';

const items = (hex: string): readonly string[] | null => readPushes(parseHex(hex))?.map(toHex) ?? null;

test('pushes of every length form are read', () => {
  expect(items('')).toEqual([]);
  expect(items('00')).toEqual(['']);
  expect(items('51')).toEqual(['01']);
  expect(items('60')).toEqual(['10']);
  expect(items('0211ff')).toEqual(['11ff']);
  expect(items(`4c4c${'ab'.repeat(76)}`)).toEqual(['ab'.repeat(76)]);
  expect(items(`4d0001${'cd'.repeat(256)}`)).toEqual(['cd'.repeat(256)]);
});

test.each([
  ['a longer form than needed', '4c0111'],
  ['a two-byte length that fits one', `4d4c00${'ab'.repeat(76)}`],
  ['a small number pushed as data', '0105'],
  ['minus one pushed as data', '0181'],
  ['a push past the end', '0311'],
  ['a length past the end', '4c'],
  ['a two-byte length past the end', '4d01'],
  ['a four-byte length', '4e0100000011'],
  ['an opcode that is no push', '76'],
])('%s is no push script', (_, hex) => {
  expect(items(hex)).toBeNull();
});

const keyHex = (last: number): string => `02${'00'.repeat(31)}${last.toString(16).padStart(2, '0')}`;

test('a multisig script says how many of which keys', () => {
  const multisig = readMultisig(parseHex(`5121${keyHex(1)}21${keyHex(2)}52ae`));
  expect(multisig?.required).toBe(1);
  expect(multisig?.publicKeys.map(toHex)).toEqual([keyHex(1), keyHex(2)]);
});

test.each([
  ['no keys', '5150ae'],
  ['more required than keys', `5221${keyHex(1)}51ae`],
  ['none required', `5021${keyHex(1)}51ae`],
  ['a key too few', `5121${keyHex(1)}52ae`],
  ['another last opcode', `5121${keyHex(1)}51af`],
  ['an uncompressed key\'s prefix', `512104${'00'.repeat(32)}51ae`],
  ['a trailing byte', `5121${keyHex(1)}51ae00`],
  ['nothing', ''],
])('%s: no multisig script', (_, hex) => {
  expect(readMultisig(parseHex(hex))).toBeNull();
});
