import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askedPositions, ceremonyTransition, newCeremony, type Ceremony, type CeremonyEvent } from '../../../renderer/signer/keys/ceremony-state.ts';
import { passphraseProblem } from '../../../renderer/signer/keys/passphrase-problem.ts';
import { createdKey, wireError } from './key-fixtures.ts';

const key = createdKey();
const about = { network: 'practice', label: 'Alice', words: 24, mode: 'mixed' } as const;
const rolls = '123456'.repeat(17);
const run = (...events: readonly CeremonyEvent[]): Ceremony => events.reduce(ceremonyTransition, newCeremony('practice'));

const toChance: readonly CeremonyEvent[] = [{ type: 'about-changed', about }, { type: 'next' }];
const toPassphrase: readonly CeremonyEvent[] = [...toChance, { type: 'thrown', source: 'dice', text: rolls }, { type: 'thrown', source: 'coins', text: 'hhtt' }, { type: 'next' }];
const toWords: readonly CeremonyEvent[] = [...toPassphrase, { type: 'passphrase-changed', first: 'a long passphrase', second: 'a long passphrase' }, { type: 'making' }, { type: 'made', key }];
const toUncovered: readonly CeremonyEvent[] = [...toWords, { type: 'uncovering' }, { type: 'uncovered', words: ['abandon', 'ability'] }];

test('the ceremony goes step by step in its physical order', () => {
  expect(run().step).toBe('about');
  expect(run(...toChance)).toMatchObject({ step: 'chance', source: 'dice', wasDropped: false });
  expect(run(...toPassphrase).step).toBe('passphrase');
  expect(run(...toWords).step).toBe('words');
  expect(run(...toWords, { type: 'check-begun', asked: [1, 5, 9] }, { type: 'checking' }, { type: 'checked', wrong: [] }).step).toBe('save');
});

test('several sources stand beside each other, each with what counts of it', () => {
  const both = run(...toChance, { type: 'thrown', source: 'dice', text: '1 2,7a6' }, { type: 'source-chosen', source: 'coins' }, { type: 'thrown', source: 'coins', text: 'h1t0x' });
  expect(both).toMatchObject({ source: 'coins', texts: { dice: '126', coins: 'HHTT', cards: '', typed: '' } });
});

test('dice only: no other source can be opened', () => {
  const diceOnly = run({ type: 'about-changed', about: { ...about, mode: 'dice-only' } }, { type: 'next' });
  expect(ceremonyTransition(diceOnly, { type: 'source-chosen', source: 'typed' })).toBe(diceOnly);
});

test('going back before the key is made keeps what was thrown and drops the passphrase', () => {
  const back = run(...toPassphrase, { type: 'passphrase-changed', first: 'secret secret', second: 'secret' }, { type: 'back' });
  expect(back).toEqual({ step: 'chance', about, source: 'dice', texts: { dice: rolls, coins: 'HHTT', cards: '', typed: '' }, wasDropped: false });
});

test('once the key is made, rolls and passphrase are no longer in the window', () => {
  const made = JSON.stringify(run(...toWords));
  expect(made).not.toContain('123456123456');
  expect(made).not.toContain('HHTT');
  expect(made).not.toContain('a long passphrase');
});

test('leaving the page drops whatever is secret on it, in every step', () => {
  const left = (...events: readonly CeremonyEvent[]): Ceremony => run(...events, { type: 'hidden' });
  expect(left(...toChance, { type: 'thrown', source: 'cards', text: 'AS' })).toMatchObject({ step: 'chance', texts: { cards: '' }, wasDropped: true });
  expect(left(...toChance)).toMatchObject({ step: 'chance', wasDropped: false });
  expect(left(...toPassphrase, { type: 'passphrase-changed', first: 'secret secret', second: 'secret' })).toEqual({ step: 'chance', about, source: 'dice', texts: { dice: '', coins: '', cards: '', typed: '' }, wasDropped: true });
  expect(left(...toUncovered)).toMatchObject({ step: 'words', uncovered: null, hasSeen: true });
  expect(left(...toWords, { type: 'check-begun', asked: [1, 5, 9] }, { type: 'answer-changed', position: 0, answer: 'ability' })).toMatchObject({ step: 'check', answers: ['', '', ''] });
});

test('a key that is being made while the page is left still comes; a failure then begins anew', () => {
  const away = run(...toPassphrase, { type: 'passphrase-changed', first: 'a long passphrase', second: 'a long passphrase' }, { type: 'making' }, { type: 'hidden' });
  expect(JSON.stringify(away)).not.toMatch(/123456123456|a long passphrase/);
  expect(ceremonyTransition(away, { type: 'made', key })).toMatchObject({ step: 'words' });
  expect(ceremonyTransition(away, { type: 'failed', error: wireError('entropy.source-failed') })).toMatchObject({ step: 'chance', wasDropped: true });
});

test('words stand in the window only while they are uncovered', () => {
  const uncovered = run(...toUncovered);
  expect(uncovered).toMatchObject({ step: 'words', uncovered: ['abandon', 'ability'], hasSeen: true });
  const covered = ceremonyTransition(uncovered, { type: 'covered' });
  expect(JSON.stringify(covered)).not.toContain('abandon');
  expect(JSON.stringify(ceremonyTransition(uncovered, { type: 'check-begun', asked: [0, 1, 2] }))).not.toContain('abandon');
  expect(covered).toMatchObject({ hasSeen: true });
});

test('words that come after the page was covered again are not shown', () => {
  const late = run(...toWords, { type: 'uncovering' }, { type: 'hidden' }, { type: 'uncovered', words: ['abandon'] });
  expect(late).toMatchObject({ uncovered: null, hasSeen: false });
});

test('a word that is not on the paper holds the ceremony at the check', () => {
  const checked = run(...toWords, { type: 'check-begun', asked: [1, 5, 9] }, { type: 'answer-changed', position: 0, answer: ' Ability ' }, { type: 'checking' }, { type: 'checked', wrong: [0, 2] });
  expect(checked).toMatchObject({ step: 'check', answers: ['ability', '', ''], wrong: [0, 2], isBusy: false });
  expect(ceremonyTransition(checked, { type: 'answer-changed', position: 0, answer: 'able' })).toMatchObject({ wrong: [2] });
});

test('an error leaves the step where it is, and what was typed', () => {
  expect(run(...toPassphrase, { type: 'making' }, { type: 'failed', error: wireError('entropy.weak') })).toMatchObject({ step: 'passphrase', isBusy: false, error: { code: 'entropy.weak' }, texts: { dice: rolls } });
});

test('an answer of the host that comes after the step was left changes nothing', () => {
  const at = run();
  for (const event of [{ type: 'made', key }, { type: 'uncovered', words: ['abandon'] }, { type: 'checked', wrong: [] }, { type: 'failed', error: wireError('entropy.weak') }] as const) {
    expect(ceremonyTransition(at, event)).toBe(at);
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
  expect(passphraseProblem('', '')).toBe('Choose a passphrase of at least 12 characters.');
  expect(passphraseProblem('short', '')).toBe('The passphrase: at least 12 characters; 7 more.');
  expect(passphraseProblem('long enough it is', '')).toBe('Type the passphrase a second time.');
  expect(passphraseProblem('long enough it is', 'long enough it iz')).toBe('The two passphrases are not the same.');
  expect(passphraseProblem('long enough it is', 'long enough it is')).toBeNull();
});
