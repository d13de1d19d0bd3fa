import { expect, test } from 'vitest';
import { filesTransition, handedFact, noFiles, sizeWords, useOfDropped, type FileUses } from '../../../renderer/files/files-state.ts';
import { makeProblem, messageFileName, messagesTransition, noMessage } from '../../../renderer/messages/messages-state.ts';

const use = { name: 'Review', take: () => undefined };
const uses: FileUses = { psbt: use, transaction: null, wallet: null, registration: null, 'key-record': null, key: null, payments: null };

test('dropped files are taken where their kind belongs: by name, all of one kind', () => {
  expect(useOfDropped([{ name: 'a.psbt' }, { name: 'b.psbt' }], uses)).toBe(use);
  expect(useOfDropped([{ name: 'a.psbt' }, { name: 'b.wallet.json' }], uses)).toBeNull();
  expect(useOfDropped([{ name: 'notes.txt' }], uses)).toBeNull();
  expect(useOfDropped([{ name: 'b.wallet.json' }], uses)).toBeNull();
});

test('the sidebar says how many files were handed over, and nothing where none were', () => {
  const file = { file: '0'.repeat(32), name: 'a.psbt', kind: 'psbt' as const, sizeBytes: 1, modifiedAt: '' };
  expect(handedFact(noFiles)).toBeUndefined();
  expect(handedFact(filesTransition(noFiles, { type: 'listed', list: { handed: [file], refused: [], drives: [] } }))).toBe('1');
  expect([sizeWords(12), sizeWords(51_200), sizeWords(8_388_608)]).toEqual(['12 bytes', '51 kB', '8.4 MB']);
});

const made = { address: 'bcrt1q', signed: ['73c5da0a'], stillNeeded: 1, signature: null, psbtBase64: '' };

test('what was signed is dropped with any change of message, address or files', () => {
  const signed = messagesTransition(messagesTransition(noMessage('practice'), { type: 'form-changed', part: { message: 'We hold this.' } }), { type: 'made', made });
  expect(signed.made).toBe(made);
  expect(messagesTransition(signed, { type: 'form-changed', part: { message: 'We hold that.' } }).made).toBeNull();
  expect(messagesTransition(signed, { type: 'files-taken', files: [{ name: 'b.psbt', contentBase64: 'AA==' }] }).made).toBeNull();
  expect(messagesTransition(signed, { type: 'failed', error: { code: 'x', message: '', details: {}, hint: '' } }).made).toBeNull();
});

test('nothing is signed without wallet, index and message; nothing is brought together without files', () => {
  const form = { ...noMessage('practice').form, choice: 'a', message: 'm' };
  expect(makeProblem({ ...form, choice: '' }, false)).toMatch(/wallet/);
  expect(makeProblem({ ...form, index: '1000000' }, false)).toMatch(/index/);
  expect(makeProblem({ ...form, message: '  ' }, false)).toMatch(/message/);
  expect(makeProblem(form, true)).toMatch(/files/);
  expect(makeProblem(form, false)).toBeNull();
});

test('a finished signature is checked as it is, and a file says who signed', () => {
  const done = messagesTransition(messagesTransition(noMessage('mainnet'), { type: 'made', made: { ...made, stillNeeded: 0, signature: 'smpAA' } }), { type: 'to-verify', network: 'practice' });
  expect(done).toMatchObject({ view: 'verify', verify: { network: 'practice', address: 'bcrt1q', signature: 'smpAA' } });
  const place = { branch: 'receive' as const, index: '4' };
  expect([messageFileName('Trésor, kalt', made, place), messageFileName('本', { ...made, stillNeeded: 0 }, place)]).toEqual(['tresor-kalt.message-receive-4.signed-73c5da0a.psbt', 'wallet.message-receive-4.complete.psbt']);
});
