import { describe, expect, test } from 'vitest';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { pushOf, readMultisig, readMultisigLeaf, readPushes } from '../../../src/psbt/script-pushes.ts';

const items = (hex: string): readonly string[] | null => readPushes(parseHex(hex))?.map(toHex) ?? null;

test('pushes of every length form are read', () => {
  expect(items('')).toEqual([]);
  expect(items('00')).toEqual(['']);
  expect(items('51')).toEqual(['01']);
  expect(items('60')).toEqual(['10']);
  expect(items('0211ff')).toEqual(['11ff']);
  expect(items(`4c4c${'ab'.repeat(76)}`)).toEqual(['ab'.repeat(76)]);
  expect(items(`4d0001${'cd'.repeat(256)}`)).toEqual(['cd'.repeat(256)]);
  expect(items(`4b${'ab'.repeat(75)}`)).toEqual(['ab'.repeat(75)]);
  expect(items(`4cff${'ab'.repeat(255)}`)).toEqual(['ab'.repeat(255)]);
  expect(items(`4d0102${'cd'.repeat(513)}`)).toEqual(['cd'.repeat(513)]);
  expect(items('0051600111')).toEqual(['', '01', '10', '11']);
});

test('one byte is pushed as data where it is no number from 1 to 16 and not minus one', () => {
  expect(items('010001110180018201ff')).toEqual(['00', '11', '80', '82', 'ff']);
});

test.each([
  ['a longer form than needed', '4c0111'],
  ['a two-byte length that fits one', `4d4c00${'ab'.repeat(76)}`],
  ['a small number pushed as data', '0105'],
  ['minus one pushed as data', '0181'],
  ['a push past the end', '0311'],
  ['a length past the end', '4c'],
  ['a two-byte length past the end', '4d01'],
  ['a two-byte length that is cut off', '4d00'],
  ['data of 255 bytes with a two-byte length', `4dff00${'ab'.repeat(255)}`],
  ['data of 75 bytes with a length of one', `4c4b${'ab'.repeat(75)}`],
  ['one pushed as data', '0101'],
  ['sixteen pushed as data', '0110'],
  ['a push with a byte too few', `4c4c${'ab'.repeat(75)}`],
  ['minus one by its opcode', '4f'],
  ['a reserved opcode below the numbers', '50'],
  ['an opcode above the numbers', '61'],
  ['a push, and then something else', '0211ff76'],
  ['a four-byte length', '4e0100000011'],
  ['a four-byte length that reads as one of two', `4e0001${'cd'.repeat(256)}`],
  ['an opcode that is followed by what reads as a two-byte length', `610001${'cd'.repeat(256)}`],
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

test('a multisig script has up to 20 keys, of either prefix; numbers above 16 are pushed as data', () => {
  const keys = Array.from({ length: 20 }, (_, index) => `${index % 2 === 0 ? '02' : '03'}${'00'.repeat(31)}${index.toString(16).padStart(2, '0')}`);
  const pushes = (count: number): string => keys.slice(0, count).map((key) => `21${key}`).join('');
  expect(readMultisig(parseHex(`60${pushes(16)}60ae`))?.required).toBe(16);
  expect(readMultisig(parseHex(`0111${pushes(17)}0111ae`))?.required).toBe(17);
  const most = readMultisig(parseHex(`0114${pushes(20)}0114ae`));
  expect(most?.required).toBe(20);
  expect(most?.publicKeys.map(toHex)).toEqual(keys);
  for (const script of [`0110${pushes(16)}0110ae`, `51${pushes(16)}0110ae`, `51${pushes(20)}21${keyHex(1)}0115ae`, `0115${pushes(20)}0114ae`, `0114${pushes(20)}0114ae00`, `0214${pushes(20)}0114ae`]) expect(readMultisig(parseHex(script))).toBeNull();
});

test.each([
  ['no keys', '5150ae'],
  ['a last key that is cut off', `5121${keyHex(1)}21${keyHex(2).slice(0, -2)}`],
  ['a last key with nothing behind it', `5121${keyHex(1)}`],
  ['a number behind the keys that is none', `5121${keyHex(1)}61ae`],
  ['nothing behind its number of keys', `5121${keyHex(1)}51`],
  ['a first number that is none', `6121${keyHex(1)}51ae`],
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

describe('a multisig leaf: <key> CHECKSIG, <key> CHECKSIGADD for each further one, a number, NUMEQUAL', () => {
  const key = (fill: string): string => fill.repeat(32);
  const leaf = (hex: string) => readMultisigLeaf(parseHex(hex));

  test('says how many of which keys', () => {
    const two = leaf(`20${key('11')}ac20${key('22')}ba20${key('33')}ba529c`);
    expect(two?.required).toBe(2);
    expect(two?.publicKeys.map(toHex)).toEqual([key('11'), key('22'), key('33')]);
    expect(leaf(`20${key('11')}ac519c`)).toMatchObject({ required: 1, publicKeys: { length: 1 } });
    const many = Array.from({ length: 19 }, () => `20${key('22')}ba`).join('');
    expect(leaf(`20${key('11')}ac${many}01149c`)).toMatchObject({ required: 20, publicKeys: { length: 20 } });
  });

  test.each([
    ['nothing', ''],
    ['no keys', '519c'],
    ['more required than keys', `20${key('11')}ac529c`],
    ['none required', `20${key('11')}ac009c`],
    ['no number', `20${key('11')}ac9c`],
    ['CHECKSIGADD for the first key', `20${key('11')}ba519c`],
    ['CHECKSIG for the second', `20${key('11')}ac20${key('22')}ac529c`],
    ['a key of 33 bytes', `2102${key('11')}ac519c`],
    ['NUMEQUALVERIFY', `20${key('11')}ac519d`],
    ['a byte behind it', `20${key('11')}ac519c00`],
    ['a byte before its last opcode', `20${key('11')}ac51009c`],
    ['a key of another length that is as long', `21${key('11')}ac519c`],
    ['another opcode in the place of a second key\'s push', `20${key('11')}ac4c${key('22')}ba529c`],
    ['a key that is cut off', `20${key('11')}`],
  ])('%s: no multisig leaf', (_, hex) => {
    expect(leaf(hex)).toBeNull();
  });
});

test('data are pushed in the shortest way', () => {
  const head = (length: number): string => toHex(pushOf(new Uint8Array(length).fill(0xee)).subarray(0, pushOf(new Uint8Array(length)).length - length));
  expect([0, 1, 0x4b, 0x4c, 0xff, 0x100, 520, 0x1234].map(head)).toEqual(['00', '01', '4b', '4c4c', '4cff', '4d0001', '4d0802', '4d3412']);
  for (const length of [0, 0x4b, 0x4c, 0xff, 0x100, 600]) expect(readPushes(pushOf(new Uint8Array(length).fill(0xee)))?.[0]).toEqual(new Uint8Array(length).fill(0xee));
});
