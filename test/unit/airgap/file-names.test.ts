import { expect, test } from 'vitest';
import { anonymousPsbtFileName, keyFileName, keyRecordFileName, nextPsbtFileName, psbtFileName, registrationFileName, transactionFileName, walletFileName } from '../../../src/airgap/file-names.ts';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';

const alice = parseFingerprint('73c5da0a');
const facts = { kind: 'pay', date: '2026-11-22T10:00:00Z', psbtSha256: '3f9a' + '0'.repeat(60), signers: 'cold', step: 'unsigned' } as const;

test('a transaction\'s file says what it is, of which day, and how far it has come', () => {
  expect(psbtFileName(facts)).toBe('pay-2026-11-22-3f9a.cold.unsigned.psbt');
  expect(psbtFileName({ ...facts, kind: 'sweep', signers: 'hot', step: 'final' })).toBe('sweep-2026-11-22-3f9a.hot.final.psbt');
  expect(anonymousPsbtFileName(facts.psbtSha256, 'combined')).toBe('transaction-3f9a.combined.psbt');
});

test('the next step keeps the stem', () => {
  const unsigned = psbtFileName(facts);
  expect(nextPsbtFileName(unsigned, `signed-${alice}`)).toBe('pay-2026-11-22-3f9a.cold.signed-73c5da0a.psbt');
  expect(nextPsbtFileName(nextPsbtFileName(unsigned, `signed-${alice}`), 'combined')).toBe('pay-2026-11-22-3f9a.cold.combined.psbt');
  expect(transactionFileName('gap/pay-2026-11-22-3f9a.cold.combined.psbt')).toBe('pay-2026-11-22-3f9a.cold.tx');
});

test('a name that came from elsewhere cannot lead out of the folder or hide the file', () => {
  expect(nextPsbtFileName('../../etc/passwd', 'combined')).toBe('passwd.combined.psbt');
  expect(nextPsbtFileName('C:\\Users\\me\\.hidden file.psbt', 'combined')).toBe('hidden-file.combined.psbt');
  expect(nextPsbtFileName('...', 'combined')).toBe('transaction.combined.psbt');
  expect(nextPsbtFileName('x'.repeat(500), 'combined')).toHaveLength(134);
});

test('labels become plain names', () => {
  expect(keyFileName('Alice', alice)).toBe('alice-73c5da0a.key.age');
  expect(keyRecordFileName('José Núñez', alice)).toBe('jose-nunez-73c5da0a.key-record.txt');
  expect(keyRecordFileName('Alice', alice, 'p2wsh')).toBe('alice-73c5da0a.key-record.txt');
  expect(keyRecordFileName('Alice', alice, 'p2tr-multi')).toBe('alice-73c5da0a-p2tr-multi.key-record.txt');
  expect(walletFileName('Treasury / Main')).toBe('treasury-main.wallet.json');
  expect(registrationFileName('金庫', alice)).toBe('wallet.registration-73c5da0a.json');
});

test('names that Windows takes for devices get another beginning, or the file would be written to nowhere', () => {
  expect(walletFileName('CON')).toBe('file-con.wallet.json');
  expect(registrationFileName('nul', alice)).toBe('file-nul.registration-73c5da0a.json');
  expect(nextPsbtFileName('AUX.unsigned.psbt', 'combined')).toBe('file-AUX.combined.psbt');
  expect(nextPsbtFileName('com1.x.psbt', 'combined')).toBe('file-com1.x.combined.psbt');
  expect(walletFileName('Console')).toBe('console.wallet.json');
});

test('a sweep of paper wallets says whose keys sign it, and that they have', () => {
  const name = psbtFileName({ kind: 'sweep', date: '2026-11-22', psbtSha256: '3f9a'.repeat(16), signers: 'paper', step: 'unsigned' });
  expect(name).toBe('sweep-2026-11-22-3f9a.paper.unsigned.psbt');
  const signed = nextPsbtFileName(name, 'signed-paper');
  expect(signed).toBe('sweep-2026-11-22-3f9a.paper.signed-paper.psbt');
  expect(transactionFileName(signed)).toBe('sweep-2026-11-22-3f9a.paper.tx');
});
