import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askedPositions, ceremonyTransition, newCeremony, passphraseProblem, type Ceremony, type CeremonyEvent, type CreatedKey } from '../../../renderer/signer/keys/ceremony-state.ts';
import { evenness, faceCounts, onlyRolls, rollsNeeded } from '../../../renderer/signer/keys/dice.ts';
import { keysTransition, restoreProblem, shelfStage } from '../../../renderer/signer/keys/keys-state.ts';

const key: CreatedKey = {
  keyHandle: '0'.repeat(32), fingerprint: '73c5da0a', network: 'practice', label: 'Alice', createdBy: 'x', createdAt: '2026-11-22T00:00:00Z', words: 24, sources: ['os', 'dice:99'],
  keyFileBase64: 'AA==', suggestedName: 'alice-73c5da0a.key.age',
};
const run = (...events: readonly CeremonyEvent[]): Ceremony => events.reduce(ceremonyTransition, newCeremony('practice'));
const error = { code: 'entropy.weak', message: 'm', details: {}, hint: 'h' };

const toPassphrase: readonly CeremonyEvent[] = [
  { type: 'about-changed', about: { network: 'practice', label: 'Alice', words: 24 } }, { type: 'next' },
  { type: 'rolls-changed', rolls: '123456'.repeat(17) }, { type: 'next' },
];
const toWords: readonly CeremonyEvent[] = [...toPassphrase, { type: 'passphrase-changed', first: 'a long passphrase', second: 'a long passphrase' }, { type: 'making' }, { type: 'made', key }];

test('the ceremony goes step by step in its physical order', () => {
  expect(run().step).toBe('about');
  expect(run(...toPassphrase).step).toBe('passphrase');
  expect(run(...toWords).step).toBe('words');
  expect(run(...toWords, { type: 'check-begun', asked: [1, 5, 9] }, { type: 'checking' }, { type: 'checked', wrong: [] }).step).toBe('save');
});

test('going back before the key is made keeps the rolls and drops the passphrase', () => {
  const back = run(...toPassphrase, { type: 'passphrase-changed', first: 'secret secret', second: 'secret' }, { type: 'back' });
  expect(back).toEqual({ step: 'dice', about: { network: 'practice', label: 'Alice', words: 24 }, rolls: '123456'.repeat(17) });
  expect(JSON.stringify(back)).not.toContain('secret');
});

test('once the key is made, rolls and passphrase are no longer in the window', () => {
  const made = JSON.stringify(run(...toWords));
  expect(made).not.toContain('123456123456');
  expect(made).not.toContain('a long passphrase');
});

test('words stand in the window only while they are uncovered', () => {
  const uncovered = run(...toWords, { type: 'uncovered', words: ['abandon', 'ability'] });
  expect(uncovered).toMatchObject({ step: 'words', uncovered: ['abandon', 'ability'], hasSeen: true });
  const covered = ceremonyTransition(uncovered, { type: 'covered' });
  expect(JSON.stringify(covered)).not.toContain('abandon');
  expect(JSON.stringify(ceremonyTransition(uncovered, { type: 'check-begun', asked: [0, 1, 2] }))).not.toContain('abandon');
  expect(covered).toMatchObject({ hasSeen: true });
});

test('a word that is not on the paper holds the ceremony at the check', () => {
  const checked = run(...toWords, { type: 'check-begun', asked: [1, 5, 9] }, { type: 'answer-changed', position: 0, answer: ' Ability ' }, { type: 'checking' }, { type: 'checked', wrong: [0, 2] });
  expect(checked).toMatchObject({ step: 'check', answers: ['ability', '', ''], wrong: [0, 2], isBusy: false });
  expect(ceremonyTransition(checked, { type: 'answer-changed', position: 0, answer: 'able' })).toMatchObject({ wrong: [2] });
});

test('an error leaves the step where it is, and what was typed', () => {
  expect(run(...toPassphrase, { type: 'making' }, { type: 'failed', error })).toMatchObject({ step: 'passphrase', isBusy: false, error: { code: 'entropy.weak' }, rolls: '123456'.repeat(17) });
});

test('an answer of the host that comes after the step was left changes nothing', () => {
  const about = run();
  for (const event of [{ type: 'made', key }, { type: 'uncovered', words: ['abandon'] }, { type: 'checked', wrong: [] }, { type: 'failed', error }] as const) {
    expect(ceremonyTransition(about, event)).toBe(about);
  }
});

test('three different words are asked for, in ascending order, whatever chance says', () => {
  fc.assert(fc.property(fc.constantFrom(12, 24), fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), (words, chance) => {
    let turn = 0;
    const asked = askedPositions(words, (below) => (chance[turn++] as number) % below);
    expect(new Set(asked).size).toBe(3);
    expect([...asked].sort((a, b) => a - b)).toEqual(asked);
    expect(asked.every((position) => position >= 0 && position < words)).toBe(true);
  }));
});

test('a passphrase is long and typed twice alike', () => {
  expect(passphraseProblem('short', '')).toBe('At least 12 characters; 7 more.');
  expect(passphraseProblem('long enough it is', '')).toBe('Type it a second time.');
  expect(passphraseProblem('long enough it is', 'long enough it iz')).toBe('The two are not the same.');
  expect(passphraseProblem('long enough it is', 'long enough it is')).toBeNull();
});

test('dice: only faces count, and as many rolls are asked for as would do alone', () => {
  expect(onlyRolls('1 2,7a6\n0')).toBe('126');
  expect(faceCounts('1126')).toEqual([2, 1, 0, 0, 0, 1]);
  expect([rollsNeeded(12), rollsNeeded(24)]).toEqual([50, 99]);
});

test('a loaded die is seen', () => {
  expect(evenness('1234')).toBe('too-few');
  expect(evenness('123456'.repeat(6))).toBe('even');
  expect(evenness(`${'6'.repeat(12)}${'123456'.repeat(4)}`)).toBe('uneven');
});

test('a passphrase that failed, or another key, is not kept in the field', () => {
  const typed = keysTransition(shelfStage('alice.key.age'), { type: 'passphrase-typed', passphrase: 'my secret phrase' });
  expect(keysTransition(typed, { type: 'failed', error })).toMatchObject({ passphrase: '', error: { code: 'entropy.weak' } });
  expect(keysTransition(typed, { type: 'selected', fileName: 'bruno.key.age' })).toMatchObject({ selected: 'bruno.key.age', passphrase: '' });
  expect(keysTransition(typed, { type: 'done', fileName: 'alice.key.age' })).toEqual(shelfStage('alice.key.age'));
});

test('stopping a restoration forgets the words', () => {
  const begun = keysTransition(shelfStage(null), { type: 'restore-begun', network: 'practice' });
  const form = { network: 'practice' as const, label: 'A', mnemonic: 'abandon abandon', bip39Passphrase: '', first: '', second: '' };
  const typed = keysTransition(begun, { type: 'restore-changed', form });
  expect(restoreProblem(form)).toBe('2 words typed; a sheet has 12 or 24.');
  expect(JSON.stringify(keysTransition(typed, { type: 'left' }))).not.toContain('abandon');
});
