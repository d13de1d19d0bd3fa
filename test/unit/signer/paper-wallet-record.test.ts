import { expect, test } from 'vitest';
import { formatPaperWalletRecord, isPaperWalletRecord, paperWalletRecordFileName, parsePaperWalletRecord, type PaperWalletRecord } from '../../../src/signer/entropy/paper-wallet-record.ts';

const record: PaperWalletRecord = {
  serial: 'PW-20261122-3F9A', network: 'mainnet', label: '', addresses: ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', '1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH'],
  sources: [{ source: 'runtime', count: 128, bits: 256 }, { source: 'dice', count: 99, bits: 255 }], health: ['runtime/stuck', 'dice/face'],
  program: 'strongroom-signer', programVersion: '0.1.0', build: 'ab'.repeat(32), madeAt: '2026-11-22T10:00:00.000Z',
};
const malformed = expect.objectContaining({ code: 'entropy.record-malformed' });

test('a record reads back as it was written', () => {
  expect(parsePaperWalletRecord(formatPaperWalletRecord(record))).toEqual(record);
});

test('the largest batch fits: 500 addresses of the longest form', () => {
  const addresses = Array.from({ length: 500 }, (_, index) => `bcrt1p${String(index).padStart(58, 'q')}`);
  const text = formatPaperWalletRecord({ ...record, label: '界'.repeat(60), addresses });
  expect(parsePaperWalletRecord(text).addresses).toHaveLength(500);
  expect(Buffer.byteLength(text)).toBeLessThan(65_536);
});

test.each<[string, (text: string) => string]>([
  ['no JSON', () => 'no'],
  ['null', () => 'null'],
  ['the format of a key\'s record', (text) => text.replace('strongroom-paper-wallet-record', 'strongroom-entropy-record')],
  ['a version that is not known', (text) => text.replace('"version": 1', '"version": 2')],
  ['a field more', (text) => text.replace('"serial"', '"more": 1, "serial"')],
  ['no build', (text) => text.replace('"build"', '"built"')],
  ['no address', (text) => text.replace(/"addresses": \[[^\]]*\]/, '"addresses": []')],
  ['an address that is none', (text) => text.replace('1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH', 'a key: KwDiBf89')],
  ['a serial in small letters', (text) => text.replace('PW-', 'pw-')],
  ['a control character in the label', (text) => text.replace('"label": ""', '"label": "a\\u0007"')],
  ['more than any record has', (text) => text + ' '.repeat(65_536)],
])('%s is no record', (_, change) => {
  const changed = change(formatPaperWalletRecord(record));
  expect(changed).not.toBe(formatPaperWalletRecord(record));
  expect(() => parsePaperWalletRecord(changed)).toThrow(malformed);
});

test('what would not read back is not written', () => {
  expect(() => formatPaperWalletRecord({ ...record, addresses: [] })).toThrow(malformed);
});

test('only its own format makes a text such a record', () => {
  expect([formatPaperWalletRecord(record), '{"format":"strongroom-entropy-record"}', 'null', 'no'].map(isPaperWalletRecord)).toEqual([true, false, false, false]);
});

test('two batches of one serial have two names', () => {
  const [first, second] = [paperWalletRecordFileName(record), paperWalletRecordFileName({ ...record, addresses: [...record.addresses].reverse() })];
  expect(first).toMatch(/^paper-wallets-pw-20261122-3f9a-[0-9a-f]{8}\.entropy\.json$/);
  expect(second).not.toBe(first);
});
