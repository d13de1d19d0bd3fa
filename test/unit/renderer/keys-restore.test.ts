import { expect, test } from 'vitest';
import { passphraseWarnings, remarksOn } from '../../../renderer/signer/keys/passphrase-words.ts';
import { filledPositions, newRestoreForm, restoreProblem, secretsOf, withForm, withTextAt, withWordCount, wordsIn, wordsText, type RestoreForm } from '../../../renderer/signer/keys/restore-form.ts';
import { newRestore, repaired, restoreTransition, unknownWords, type PassphraseCharacters, type Restore, type RestoreEvent, type ShareSet, type WordCheck } from '../../../renderer/signer/keys/restore-state.ts';
import { setWords } from '../../../renderer/signer/keys/share-words.ts';
import { createdKey, wireError } from './key-fixtures.ts';

const form: RestoreForm = { ...newRestoreForm('practice'), label: 'Alice', first: 'a long passphrase', second: 'a long passphrase' };
const twelve = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
type Typing = Extract<Restore, { step: 'typing' }>;
const at = (part: Partial<RestoreForm>, ...events: readonly RestoreEvent[]): Typing =>
  [{ type: 'changed', form: { ...form, ...part } } as const, ...events].reduce(restoreTransition, newRestore('practice')) as Typing;
const check = (part: Partial<WordCheck>): WordCheck => ({ language: 'english', words: [], checksum: 'open', repairs: [], ...part });
const set = (have: number, need: number): ShareSet => ({ form: 'slip39', identifier: '4711', shares: [], groups: [{ group: 1, have, need }], groupsComplete: have >= need ? 1 : 0, groupsNeeded: 1, isComplete: have >= need });

test('words come out of a pasted text, whatever parts them: blanks, lines, the sheet\'s numbers, Japanese blanks, none in Chinese', () => {
  expect(wordsIn(' abandon\n ability  able ')).toEqual(['abandon', 'ability', 'able']);
  expect(wordsIn('1. abandon 2. ability')).toEqual(['abandon', 'ability']);
  expect(wordsIn('あいこくしん\u3000あいさつ')).toEqual(['あいこくしん', 'あいさつ']);
  expect(wordsIn('的一是在')).toEqual(['的', '一', '是', '在']);
});

test('a whole mnemonic that is pasted sets the number of fields; a piece fills those that follow', () => {
  const whole = withTextAt(form, 0, twelve);
  expect(whole.wordCount).toBe(12);
  expect(wordsText(whole)).toBe(twelve);
  const piece = withTextAt(form, 22, 'zoo wrong too many');
  expect(piece.wordCount).toBe(24);
  expect(piece.words.slice(21)).toEqual(['', 'zoo', 'wrong']);
});

test('fewer fields keep the words that fit', () => {
  expect(withWordCount(withTextAt(form, 0, twelve), 15).words.slice(10)).toEqual(['abandon', 'about', '', '', '']);
});

test('the form says what is missing, form by form', () => {
  expect(restoreProblem({ ...form, label: ' ' }, false)).toBe('Give the key a label.');
  expect(restoreProblem(form, false)).toBe('24 of 24 words are still to be typed.');
  expect(restoreProblem(withTextAt(form, 0, twelve), false)).toBeNull();
  expect(restoreProblem({ ...withTextAt(form, 0, twelve), second: '' }, false)).toBe('Type the passphrase a second time.');
  expect(restoreProblem({ ...form, form: 'seedqr', text: '0000 1111' }, false)).toMatch(/^8 digits/);
  expect(restoreProblem({ ...form, form: 'seedqr', text: '0'.repeat(48) }, false)).toBeNull();
  expect(restoreProblem({ ...form, form: 'seedqr', text: `a${'0'.repeat(31)}` }, false)).toBeNull();
  expect(restoreProblem({ ...form, form: 'xprv', text: '' }, false)).toBe('Type the extended private key.');
  expect(restoreProblem({ ...form, form: 'slip39', shares: ['one'] }, false)).toBe('More shares are needed.');
  expect(restoreProblem({ ...form, form: 'slip39', shares: ['one', 'two'] }, true)).toBeNull();
  expect(restoreProblem({ ...form, form: 'slip39', shares: ['one', 'two'], share: 'three' }, true)).toMatch(/^Take the share/);
  expect(restoreProblem({ ...form, form: 'seed-xor', shares: ['one'] }, false)).toMatch(/^1 of at least 2 parts/);
});

test('the host gets one text, or the shares that were taken', () => {
  expect(secretsOf(withTextAt(form, 0, twelve))).toEqual([twelve]);
  expect(secretsOf({ ...form, form: 'codex32', shares: ['MS1A', 'MS1B'], share: 'MS1C' })).toEqual(['MS1A', 'MS1B']);
  expect(secretsOf({ ...form, form: 'xprv', text: ' xprv ' })).toEqual(['xprv']);
});

test('another form of secret drops what was typed in the one before', () => {
  const other = withForm({ ...withTextAt(form, 0, twelve), bip39Passphrase: 'extra' }, 'slip39');
  expect(JSON.stringify(other)).not.toMatch(/abandon|extra/);
  expect(other).toMatchObject({ form: 'slip39', label: 'Alice', first: 'a long passphrase' });
});

test('unknown words are told by their field, though the host counts only those that are filled', () => {
  const words = Array.from({ length: 24 }, (_, index) => (index === 4 ? 'abandn' : index === 7 ? 'zoo' : ''));
  expect(filledPositions({ ...form, words })).toEqual([4, 7]);
  const found = check({ words: [{ position: 1, known: false, suggestions: ['abandon'] }, { position: 2, known: true, suggestions: [] }] });
  const restore = at({ words }, { type: 'words-checked', text: 'abandn zoo', language: null, found });
  expect(unknownWords(restore)).toEqual([{ position: 4, suggestions: ['abandon'] }]);
});

test('what the host said of other words than those in the fields is not used', () => {
  const restore = at({ words: withTextAt(form, 0, 'zoo').words }, { type: 'words-checked', text: 'abandon', language: null, found: check({}) });
  expect(restore.check).toBeNull();
  const checked = at(withTextAt(form, 0, 'zoo'), { type: 'words-checked', text: 'zoo', language: null, found: check({}) });
  expect(checked.check).not.toBeNull();
  expect((restoreTransition(checked, { type: 'changed', form: withTextAt(checked.form, 1, 'zoo') }) as Typing).check).toBeNull();
});

test('a repair changes one word, or puts two in each other\'s place', () => {
  const filled = withTextAt(form, 0, twelve);
  expect(repaired(filled, { kind: 'word', position: 12, word: 'above', distance: 2 }).words[11]).toBe('above');
  expect(repaired(filled, { kind: 'swap', positions: [11, 12] }).words.slice(10)).toEqual(['about', 'abandon']);
});

test('words that fit several languages leave the choice to the person', () => {
  const ambiguous = at(withTextAt(form, 0, twelve), { type: 'failed', error: wireError('mnemonic.ambiguous', { languages: 'english, french' }) });
  expect(ambiguous.languages).toEqual(['english', 'french']);
  expect((restoreTransition(ambiguous, { type: 'changed', form: { ...ambiguous.form, language: 'french' } }) as Typing)).toMatchObject({ languages: ['english', 'french'], error: null });
});

test('last words are those of the words before them', () => {
  const eleven = withTextAt(withWordCount(form, 12), 0, twelve.split(' ').slice(0, 11).join(' '));
  const found = at(eleven, { type: 'last-words-found', text: twelve.split(' ').slice(0, 11).join(' '), words: ['about'] });
  expect(found.lastWords).toMatchObject({ words: ['about'] });
  expect((restoreTransition(found, { type: 'changed', form: withTextAt(found.form, 0, 'zoo') }) as Typing).lastWords).toBeNull();
});

test('a share is taken once, and its text leaves the field', () => {
  const typed = at({ form: 'slip39', share: ' one\n two ' });
  const taken = restoreTransition(typed, { type: 'share-taken', share: 'one two', set: set(1, 2) }) as Typing;
  expect(taken).toMatchObject({ form: { shares: ['one two'], share: '' }, set: { isComplete: false } });
  expect(restoreTransition(taken, { type: 'share-taken', share: 'one two', set: set(1, 2) })).toMatchObject({ form: { shares: ['one two'] } });
  expect(restoreTransition(taken, { type: 'share-removed', position: 0, set: null })).toMatchObject({ form: { shares: [] }, set: null });
});

test('how far a set is, in words', () => {
  expect(setWords(set(2, 3))).toBe('2 of 3 shares given');
  expect(setWords({ ...set(2, 2), groups: [{ group: 1, have: 2, need: 2 }, { group: 3, have: 1, need: 2 }], groupsNeeded: 2 })).toBe('1 of 2 groups complete (group 1: 2 of 2, group 3: 1 of 2)');
});

test('leaving the page drops every secret and keeps what is none', () => {
  const left = restoreTransition(at({ ...withTextAt(form, 0, twelve), form: 'words', bip39Passphrase: 'canary 1', shares: ['canary 2'], share: 'canary 3', text: 'canary 4', sharePassphrase: 'canary 5' }), { type: 'hidden' });
  expect(JSON.stringify(left)).not.toMatch(/abandon|canary|a long passphrase/);
  expect(left).toMatchObject({ step: 'typing', form: { label: 'Alice', network: 'practice', wordCount: 12 } });
});

test('a share that was checked while the page was left is not put back', () => {
  const typed = at({ form: 'slip39', share: 'one two' }, { type: 'working' }, { type: 'hidden' });
  expect(restoreTransition(typed, { type: 'share-taken', share: 'one two', set: set(1, 2) })).toMatchObject({ form: { shares: [] }, set: null, isBusy: false });
});

test('a restored key is compared before it is kept, and nothing that was typed is left', () => {
  const compared = restoreTransition(at(withTextAt(form, 0, twelve), { type: 'working' }), { type: 'restored', key: createdKey() });
  expect(compared).toMatchObject({ step: 'comparing', key: { fingerprint: '73c5da0a' } });
  expect(JSON.stringify(compared)).not.toMatch(/abandon|a long passphrase/);
});

const character = (part: Partial<PassphraseCharacters[number]>): PassphraseCharacters[number] => ({ position: 1, codePoint: 'U+0041', shown: 'A', kind: 'letter', name: null, combining: false, invisible: false, edgeBlank: false, nonAscii: false, normalised: false, ...part });

test('what no eye sees in a passphrase is said in words', () => {
  expect(passphraseWarnings([character({})])).toEqual([]);
  expect(passphraseWarnings([character({ edgeBlank: true }), character({ position: 2, invisible: true, nonAscii: true }), character({ position: 3, nonAscii: true })])).toEqual([
    'A blank at its beginning or end (place 1): it counts, and is easily lost in writing down.',
    'Characters that no screen shows (place 2): they often come with copied text, and count.',
    'Characters outside ASCII (place 3): another keyboard may make them differently, or not at all.',
  ]);
  expect(remarksOn(character({ combining: true, normalised: true }))).toEqual(['joins the character before it', 'BIP39 keeps it in another form']);
});
