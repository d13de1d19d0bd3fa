import { describe, expect, test } from 'vitest';
import { secretShapeOf, secretShapeOfBytes } from '../../../src/companion/private-key-shapes.ts';
import { harmless, secrets } from '../../support/secret-samples.ts';

describe('private keys are told by their shape, without a word list', () => {
  test.each(secrets)('$name', ({ text, shape }) => {
    expect(secretShapeOf(text)).toBe(shape);
    expect(secretShapeOfBytes(Buffer.from(text, 'utf8'))).toBe(shape);
  });
  test.each(secrets.filter(({ shape }) => shape !== 'key-file' && shape !== 'wallet-dump' && shape !== 'mini-key'))('$name, amid other things', ({ text, shape }) => {
    expect(secretShapeOf(`name: x\r\nvalue = ${text.replaceAll('\n', ' ')}\r\nend`)).toBe(shape);
    expect(secretShapeOf(JSON.stringify({ a: [{ b: text }] }))).toBe(shape);
  });
  test('a list with a word in each entry is a mnemonic', () => {
    expect(secretShapeOf(JSON.stringify({ words: 'legal winner thank year wave sausage worth useful legal winner thank yellow'.split(' ') }))).toBe('mnemonic');
  });
  test('UTF-16, as Windows writes it, is read', () => {
    expect(secretShapeOfBytes(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('legal winner thank year wave sausage worth useful legal winner thank yellow', 'utf16le')]))).toBe('mnemonic');
  });
  test('wallet databases are told by their beginning', () => {
    expect(secretShapeOfBytes(Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(100)]))).toBe('wallet-database');
    expect(secretShapeOfBytes(Buffer.concat([Buffer.alloc(12), Buffer.from([0x62, 0x31, 0x05, 0x00]), Buffer.alloc(100)]))).toBe('wallet-database');
  });
  test.each(harmless)('not taken for one: $name', ({ text }) => {
    expect(secretShapeOf(text)).toBeNull();
  });
  test('prose of many short words is no mnemonic where people write to each other', () => {
    const prose = 'These words come from some person who wrote them down quite late, after lunch, in a hurry.';
    expect(secretShapeOf(prose, 'prose')).toBeNull();
    expect(secretShapeOf('legal winner thank year wave sausage worth useful legal winner thank yellow', 'prose')).toBe('mnemonic');
  });
});
