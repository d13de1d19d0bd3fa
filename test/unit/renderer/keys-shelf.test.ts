import { expect, test } from 'vitest';
import { healthWords, momentText, sourceWords } from '../../../renderer/signer/keys/entropy-record-words.ts';
import { copiesSentence, keptAs } from '../../../renderer/signer/keys/key-words.ts';
import { copiesOfKey, keysTransition, shelfStage, type KeyCopies, type KeysState } from '../../../renderer/signer/keys/keys-state.ts';
import { childIndex, childTask, passphraseTask, taskProblem, taskTransition, type KeyTask } from '../../../renderer/signer/keys/task-state.ts';
import { createdKey, record, wireError } from './key-fixtures.ts';

const copy = (state: KeyCopies['copies'][number]['state']): KeyCopies['copies'][number] => ({ place: '/media/stick', madeAt: '2026-11-22T19:50:02.000Z', checkedAt: '2026-11-22T19:50:02.000Z', state });
const copies: KeyCopies = { name: 'alice.key.age', sha256: 'a'.repeat(64), copies: [copy('intact')] };
type Shelf = Extract<KeysState, { stage: 'shelf' }>;

test('a passphrase that failed, or another key, is not kept in the field', () => {
  const typed = keysTransition(shelfStage('alice.key.age'), { type: 'passphrase-typed', passphrase: 'my secret phrase' });
  expect(keysTransition(typed, { type: 'failed', error: wireError('key.passphrase-wrong') })).toMatchObject({ passphrase: '', error: { code: 'key.passphrase-wrong' } });
  expect(keysTransition(typed, { type: 'selected', fileName: 'bruno.key.age' })).toMatchObject({ selected: 'bruno.key.age', passphrase: '' });
  expect(keysTransition(typed, { type: 'done', fileName: 'alice.key.age' })).toEqual(shelfStage('alice.key.age'));
  expect(keysTransition(typed, { type: 'hidden' })).toMatchObject({ passphrase: '' });
});

test('words of an open key stand in the window only while they are asked for, and not after the key was changed or left', () => {
  const asked = keysTransition(shelfStage('a'), { type: 'words-asked' });
  const shown = keysTransition(asked, { type: 'words-uncovered', words: ['abandon'] });
  expect(shown).toMatchObject({ words: { step: 'uncovered', words: ['abandon'] } });
  for (const event of [{ type: 'words-covered' }, { type: 'hidden' }, { type: 'selected', fileName: 'b' }, { type: 'task-begun', task: childTask('h') }] as const) {
    expect(JSON.stringify(keysTransition(shown, event)), event.type).not.toContain('abandon');
  }
  expect(keysTransition(keysTransition(asked, { type: 'hidden' }), { type: 'words-uncovered', words: ['abandon'] })).toMatchObject({ words: null });
});

test('a public record stands in the window only under the script type that it was exported for', () => {
  const keyRecord = { keyRecord: 'r', fingerprint: '73c5da0a', path: '48h/1h/0h/2h', xpub: 'x', suggestedName: 'n' };
  const shown = keysTransition(shelfStage('a'), { type: 'record-shown', record: keyRecord, script: 'p2wsh', format: 'descriptor' });
  expect(shown).toMatchObject({ script: 'p2wsh', record: keyRecord });
  const chosen = keysTransition(shown, { type: 'script-chosen', script: 'p2tr' });
  expect(chosen).toMatchObject({ script: 'p2tr', record: null, savedAs: null });
  // The answer to the question before.
  expect(keysTransition(chosen, { type: 'record-shown', record: keyRecord, script: 'p2wsh', format: 'descriptor' })).toMatchObject({ record: null, isBusy: false });
});

test('leaving the workspace reaches the ceremony and the restoration as well', () => {
  const creating = keysTransition(shelfStage(null), { type: 'create-begun', network: 'practice' });
  const thrown = [{ type: 'next' }, { type: 'thrown', source: 'dice', text: '123' }].reduce<KeysState>((state, event) => keysTransition(state, { type: 'ceremony', event: event as never }), creating);
  expect(JSON.stringify(keysTransition(thrown, { type: 'hidden' }))).not.toContain('123');
  const restoring = keysTransition(shelfStage(null), { type: 'restore-begun', network: 'practice' });
  expect(keysTransition(restoring, { type: 'hidden' })).toMatchObject({ stage: 'restoring', restore: { step: 'typing' } });
});

test('copies are known by the name of the key file, and stay known while another key is looked at', () => {
  const read = keysTransition(shelfStage('alice.key.age'), { type: 'copies-read', copies: [copies] });
  const other = keysTransition(read, { type: 'selected', fileName: 'bruno.key.age' }) as Shelf;
  expect(copiesOfKey(other, 'alice.key.age')).toEqual(copies);
  expect(copiesOfKey(other, 'bruno.key.age')).toBeNull();
  const checked = keysTransition(other, { type: 'copies-changed', copies: { ...copies, copies: [copy('absent')] } }) as Shelf;
  expect(copiesOfKey(checked, 'alice.key.age')?.copies).toEqual([copy('absent')]);
  expect(keysTransition({ ...other, isBusy: true }, { type: 'copies-changed', copies: null })).toMatchObject({ isBusy: false, copies: [copies] });
});

test('an only copy is never passed over in silence; a copy that is not there is no copy', () => {
  expect(copiesSentence([])).toEqual({ isSafe: false, words: 'This file is the only copy. If this laptop is lost, the key comes back from paper or not at all.' });
  expect(copiesSentence([copy('absent')])).toEqual({ isSafe: false, words: 'No copy is known to be the same as this file. Copy it again.' });
  expect(copiesSentence([copy('absent'), copy('changed')]).words).toMatch(/before the passphrase was changed, or damaged/);
  expect(copiesSentence([copy('absent'), copy('intact')])).toEqual({ isSafe: true, words: 'One copy besides this file.' });
});

const typed = taskTransition(passphraseTask('alice.key.age'), { type: 'changed', passphrase: { old: 'the old passphrase', first: 'a new passphrase', second: 'a new passphrase' } });

test('a new passphrase needs the old one and must be another', () => {
  expect(taskProblem(passphraseTask('a'))).toMatch(/^Type the passphrase that opens/);
  expect(taskProblem(typed)).toBeNull();
  expect(taskProblem(taskTransition(typed, { type: 'changed', passphrase: { old: 'a new passphrase' } }))).toBe('The new passphrase is the old one.');
});

test('a dialog drops its passphrases when it is done, when it failed, and when the page is left', () => {
  for (const event of [{ type: 'done' }, { type: 'hidden' }, { type: 'failed', error: wireError('key.passphrase-wrong') }] as const) {
    expect(JSON.stringify(taskTransition(typed, event)), event.type).not.toMatch(/old passphrase|new passphrase/);
  }
  const child = taskTransition(childTask('h'), { type: 'child-changed', child: { label: 'Till', first: 'a new passphrase', second: 'a new passphrase' } });
  expect(JSON.stringify(taskTransition(child, { type: 'hidden' }))).not.toContain('a new passphrase');
  expect(taskProblem(child)).toBeNull();
});

test('a child has a number from 0 to 2,147,483,647', () => {
  expect(['0', ' 7 ', '2147483647'].map(childIndex)).toEqual([0, 7, 2_147_483_647]);
  expect(['', '-1', '1.5', '2147483648', 'one'].map(childIndex)).toEqual([null, null, null, null, null]);
  expect(taskProblem({ ...(childTask('h') as Extract<KeyTask, { kind: 'child' }>), label: 'Till', index: 'x' })).toMatch(/whole number/);
});

test('what a key file holds is said in words', () => {
  expect(keptAs(createdKey())).toBe('24 words, English');
  expect(keptAs(createdKey({ secret: 'seed', words: null, language: null }))).toBe('a seed that came as shares; no words lead to it');
});

test('the entropy record is read in words: sources, what they are worth, checks', () => {
  expect(record.sources.map(sourceWords)).toEqual(['128 bytes of the runtime\'s generator, worth 256 bits', '99 rolls of dice, worth 255 bits or more']);
  expect(sourceWords({ source: 'coins', count: 1, bits: 0 })).toBe('1 flip of a coin, too few to be counted');
  expect(sourceWords({ source: 'slip39', count: 2, bits: 0 })).toBe('From SLIP-39, 2 shares or parts');
  expect(sourceWords({ source: 'moon', count: 2, bits: 1 })).toBe('moon: 2, 1 bits');
  expect(healthWords(record.health)).toEqual(['runtime: not stuck', 'dice: no face too often, no repetition at a fixed distance']);
  expect(momentText(record.madeAt)).toBe('2026-11-22 19:50 UTC');
});
