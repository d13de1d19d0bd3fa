import { expect, test } from 'vitest';
import { machine } from '../../../renderer/host/machine.ts';
import { rehearsalFaults } from '../../../src/host/drill-wire.ts';
import { MnemonicLanguageName } from '../../../src/host/key-wire.ts';
import type { SignerContext } from '../../../renderer/signer/context.ts';
import { backupProblem, draftShare, emptyPaper, paperProblem, secretsOf, shareWords, typeWord, withoutSecrets, withShare, withWordCount, wordLanguages, type PaperEntry, type ShareSet } from '../../../renderer/signer/drills/drill-entry.ts';
import { drillKeys, type DrillKey } from '../../../renderer/signer/drills/drill-keys.ts';
import { dueWords, durationWords, faultNames, faults, recordFaultWords, trialWords } from '../../../renderer/signer/drills/drill-texts.ts';
import { drillsActions } from '../../../renderer/signer/drills/drills-actions.ts';
import { drillsTransition, noDrill, rehearsalVerdict, type DrillPage, type DrillRecord, type DrillsEvent, type DrillsState } from '../../../renderer/signer/drills/drills-state.ts';
import { sessionTransition, type Session } from '../../../renderer/signer/session.ts';

const SECRET = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const key: DrillKey = { id: 'regtest/73c5da0a', fingerprint: '73c5da0a', network: 'regtest', label: 'alice', registrations: [{ wallet: 'Treasury', text: '{}' }] };
const record = (part: Partial<DrillRecord> = {}): DrillRecord => ({
  format: 'strongroom-drill', version: 1, fingerprint: '73c5da0a', network: 'regtest', label: 'alice', from: 'paper', by: 'Ada', startedAt: '2026-03-01T09:00:00.000Z', seconds: 312.4,
  outcome: 'passed', scores: [], failure: null, attempts: 1, nextDue: '2026-09-01', ...part,
});
const after = (events: readonly DrillsEvent[], from: DrillsState = noDrill): DrillsState => events.reduce(drillsTransition, from);
const begun: DrillsEvent = { type: 'begun', drillHandle: 'd', startedAt: '2026-03-01T09:00:00.000Z', key, from: 'paper' };
type Page<Stage extends DrillPage['stage']> = Extract<DrillPage, { stage: Stage }>;
const pageOf = <Stage extends DrillPage['stage']>(state: DrillsState, stage: Stage): Page<Stage> => {
  expect(state.page.stage).toBe(stage);
  return state.page as Page<Stage>;
};
const filled: PaperEntry = { ...emptyPaper(12), words: SECRET.split(' '), text: SECRET, shares: [SECRET], draft: SECRET, bip39Passphrase: SECRET, sharePassphrase: SECRET };
const typed = after([begun, { type: 'paper-typed', paper: filled }]);
const withBackup = after([{ ...begun, from: 'backup' }, { type: 'backup-chosen', file: { name: 'a.key.age', contentBase64: 'c2VjcmV0' } }, { type: 'passphrase-typed', passphrase: 'winner takes all' }]);
const wordsIn = (state: DrillsState): readonly string[] => SECRET.split(' ').filter((word) => JSON.stringify(state).includes(word));

test.each([
  ['the page was left', { type: 'left' }],
  ['the drill was passed', { type: 'over', drillHandle: 'd', record: record() }],
  ['the drill failed', { type: 'over', drillHandle: 'd', record: record({ outcome: 'failed' }) }],
  ['the host forgot the drill', { type: 'failed', error: { code: 'drill.unknown', message: 'm', details: {}, hint: 'h' } }],
] as const)('nothing that was typed is left once %s', (_, event) => {
  expect(wordsIn(typed).length).toBeGreaterThan(0);
  expect(wordsIn(after([event], typed))).toEqual([]);
  expect(wordsIn(withBackup)).not.toEqual([]);
  expect(wordsIn(after([event], withBackup))).toEqual([]);
});

test('the help is a part of the secret and goes with the page, and with the next letter', () => {
  const check = { language: 'english', words: [{ position: 1, known: false, suggestions: ['winner'] }], checksum: 'open', repairs: [] } as const;
  const helped = after([{ type: 'checked', paper: filled, check: check as never }], typed);
  expect(pageOf(helped, 'running').check).toEqual(check);
  expect(pageOf(after([{ type: 'left' }], helped), 'running').check).toBeNull();
  expect(pageOf(after([{ type: 'paper-typed', paper: emptyPaper() }], helped), 'running').check).toBeNull();
});

test('leaving the page ends no drill: its clock runs on, and the form stays as the sheet is', () => {
  const page = pageOf(after([{ type: 'left' }, { type: 'closed' }], typed), 'running');
  expect(page).toMatchObject({ drillHandle: 'd', startedAt: '2026-03-01T09:00:00.000Z' });
  expect(page.paper.words).toHaveLength(12);
});

test('help about words that were changed meanwhile is not shown', () => {
  expect(pageOf(after([{ type: 'checked', paper: emptyPaper(), check: { language: null, words: [], checksum: 'fits', repairs: [] } }], typed), 'running').check).toBeNull();
});

test('the answer to another drill changes nothing', () => {
  expect(after([{ type: 'over', drillHandle: 'other', record: record() }], typed).page.stage).toBe('running');
});

test('a wrong answer keeps what was typed, to be corrected', () => {
  const page = pageOf(after([{ type: 'working' }, { type: 'tried', drillHandle: 'd', record: record({ outcome: 'failed' }) }], typed), 'running');
  expect([page.paper.words, page.isBusy, page.lastTry?.outcome]).toEqual([filled.words, false, 'failed']);
});

test('a result goes back to its key; events of other pages are ignored', () => {
  const result = after([{ type: 'over', drillHandle: 'd', record: record() }, { type: 'kept', name: 'r.drill.json' }], typed);
  expect(pageOf(result, 'result').keptAs).toBe('r.drill.json');
  expect(pageOf(after([{ type: 'closed' }], result), 'list').selected).toBe('regtest/73c5da0a');
  expect(after([{ type: 'kept', name: 'x' }, { type: 'rehearsal-started' }, { type: 'paper-typed', paper: filled }]).page).toEqual(noDrill.page);
});

test('the rehearsal says nothing before all of it was tried, and the worst at once', () => {
  const good = { fault: 'none', what: '', predicted: 'passed', happened: 'passed', asPredicted: true } as const;
  let state = after([{ type: 'rehearsal-opened', faults: ['none', 'another-key'] }, { type: 'rehearsal-started' }]);
  const verdict = () => rehearsalVerdict(pageOf(state, 'rehearsal').lines);
  expect(verdict()).toBeNull();
  state = after([{ type: 'rehearsed', fault: 'none', outcome: good }], state);
  expect(verdict()).toBeNull();
  expect(rehearsalVerdict(pageOf(after([{ type: 'rehearsed', fault: 'another-key', outcome: { ...good, fault: 'another-key' } }], state), 'rehearsal').lines)).toBe('as-predicted');
  expect(rehearsalVerdict(pageOf(after([{ type: 'rehearsed', fault: 'another-key', outcome: { ...good, fault: 'another-key', asPredicted: false } }], state), 'rehearsal').lines)).toBe('surprise');
  expect(rehearsalVerdict(pageOf(after([{ type: 'rehearsed', fault: 'another-key', outcome: { code: 'entropy.source-failed', message: '', details: {}, hint: '' } }], state), 'rehearsal').lines)).toBe('surprise');
});

test('the window rehearses every fault that the host knows, and knows every language', () => {
  expect(faults).toEqual(rehearsalFaults);
  expect(Object.keys(faultNames).sort()).toEqual([...rehearsalFaults].sort());
  expect(wordLanguages.slice(1).map(({ value }) => value)).toEqual(MnemonicLanguageName.options);
});

test('words go one into a field; a whole mnemonic that is pasted fills and stretches the form', () => {
  expect(typeWord(emptyPaper(12), 2, 'thank ').words[2]).toBe('thank');
  expect(typeWord(emptyPaper(24), 0, SECRET).words).toEqual(SECRET.split(' '));
  expect(typeWord(emptyPaper(12), 10, 'thank yellow more than fits').words.slice(9)).toEqual(['', 'thank', 'yellow']);
  expect(withWordCount({ ...emptyPaper(12), words: SECRET.split(' ') }, 15).words.slice(11)).toEqual(['yellow', '', '', '']);
});

test('an entry says what it stands for and what is missing', () => {
  expect(secretsOf({ ...filled, way: 'words' })).toEqual([SECRET]);
  expect(secretsOf({ ...filled, way: 'text', text: ' 0001\n 0002 ' })).toEqual(['0001 0002']);
  expect(paperProblem({ ...filled, words: filled.words.with(3, '') })).toBe('1 of 12 words are still empty.');
  expect(paperProblem(filled)).toBeNull();
  expect(paperProblem({ ...filled, way: 'text', text: ' ' })).toMatch(/^Type or paste/);
  expect(backupProblem({ file: null, passphrase: 'x' })).toMatch(/^Choose/);
  expect(backupProblem({ file: { name: 'a', contentBase64: '' }, passphrase: '' })).toMatch(/^Type the passphrase/);
  expect(withoutSecrets({ ...filled, way: 'shares', seedXor: true })).toMatchObject({ way: 'shares', seedXor: true, shares: [], draft: '', words: Array(12).fill('') });
});

const shareSet = (part: Partial<ShareSet>): ShareSet => ({ form: 'slip39', identifier: '7', shares: [], groups: [{ group: 1, have: 2, need: 3 }], groupsComplete: 0, groupsNeeded: 1, isComplete: false, ...part });

test('shares are counted as they are put down', () => {
  const shares = { ...emptyPaper(), way: 'shares' as const };
  expect(shareWords(shares)).toBe('No share given yet.');
  const two = withShare(withShare(shares, 'a', shareSet({})), 'b', shareSet({}));
  expect(shareWords(two)).toBe('2 of 3 given.');
  expect(paperProblem(two)).toBe('2 of 3 given.');
  expect(paperProblem({ ...two, draft: 'c' })).toBe('Put the typed share down first.');
  expect(paperProblem(withShare(two, 'c', shareSet({ isComplete: true })))).toBeNull();
  expect(shareWords({ ...two, shareSet: shareSet({ groups: [{ group: 1, have: 2, need: 2 }, { group: 3, have: 1, need: 2 }], groupsComplete: 1, groupsNeeded: 2 }) })).toBe('group 1: 2 of 2 given, group 3: 1 of 2 given; 1 of 2 groups complete.');
  expect(paperProblem(withShare({ ...shares, seedXor: true }, 'a', null))).toBe('Give every part.');
  expect(draftShare({ ...shares, draft: ' academic  acid\n acne ' })).toBe('academic acid acne');
});

test('due states are told in words with a sign', () => {
  expect(dueWords({ state: 'overdue', nextDue: '2026-09-01' })).toMatchObject({ words: 'overdue since 2026-09-01', icon: 'caution' });
  expect((['never', 'failed', 'overdue', 'due', 'later'] as const).map((state) => dueWords({ state, nextDue: 'x' }).words)).toHaveLength(new Set(['never', 'failed', 'overdue', 'due', 'later']).size);
  expect([59.9, 60, 312.4, 3600].map(durationWords)).toEqual(['59 s', '1 min 0 s', '5 min 12 s', '1 h 0 min']);
  expect(trialWords('share.too-few')).toBe('share.too-few');
});

const policy = { walletId: 'w', policyId: 'p', name: 'Treasury', network: 'regtest', script: 'p2wsh', quorum: { required: 1, total: 1 }, cosigners: [{ label: 'Alice', fingerprint: '73c5da0a', path: 'm', xpub: 'x' }], descriptor: 'd', firstReceive: 'a', firstChange: 'b' } as const;
const session: Session = sessionTransition({ stage: 'reading' }, {
  type: 'shelf-read',
  shelf: {
    keys: [{ name: 'alice-73c5da0a.key.age', contentBase64: '' }, { name: 'bob-11111111.key.age', contentBase64: '' }, { name: 'foreign.key.age', contentBase64: '' }],
    registrations: [{ name: 't.registration-73c5da0a.json', registration: '{"r":1}', policy: policy as never, ownKey: '73c5da0a' }],
    entropyRecords: [],
  },
});

test('keys to drill are known from the shelf without opening it', () => {
  expect(drillKeys(session, [record({ fingerprint: '22222222', label: 'gone' })], 'practice')).toEqual([
    { id: 'regtest/73c5da0a', fingerprint: '73c5da0a', network: 'regtest', label: 'Alice', registrations: [{ wallet: 'Treasury', text: '{"r":1}' }] },
    { id: 'practice/11111111', fingerprint: '11111111', network: 'practice', label: 'bob', registrations: [] },
    { id: 'regtest/22222222', fingerprint: '22222222', network: 'regtest', label: 'gone', registrations: [] },
  ]);
});

/** A workspace over a host that answers from a list and remembers what it was asked. */
function workspaceOver(answers: Readonly<Record<string, unknown>>, state: DrillsState = noDrill) {
  const asked: { readonly name: string; readonly input: any }[] = [];
  const host = new Proxy({}, {
    get: (_, name: string) => async (input: unknown) => {
      asked.push({ name, input });
      const answer = answers[name];
      return answer === undefined ? { ok: false, error: { code: 'host.unknown', message: name, details: {}, hint: '' } } : { ok: true, value: answer };
    },
  });
  const drills = machine<DrillsState, DrillsEvent>(state, drillsTransition);
  const context = { host, drills, session: machine(session, sessionTransition), usualNetwork: 'practice' } as unknown as SignerContext;
  return { actions: drillsActions(context), drills, asked };
}
const setup: DrillsEvent = { type: 'setup-changed', setup: { by: ' Ada ', monthsToNext: 3 } };

test('a drill that ends is kept without being asked, whatever came of it', async () => {
  const failed = record({ outcome: 'failed', failure: 'mnemonic.malformed' });
  const { actions, drills, asked } = workspaceOver({ 'drill.answer': { record: failed, isOver: true }, 'drill.keep': { name: 'kept.drill.json' }, 'drill.list': { records: [failed] }, 'drill.due': { today: '', malformed: [], keys: [] } }, after([setup], typed));
  await actions.answer(true);
  expect(asked[0]).toEqual({ name: 'drill.answer', input: { drillHandle: 'd', answer: { from: 'paper', secrets: [SECRET], language: null, bip39Passphrase: SECRET, sharePassphrase: '', seedXor: false }, by: 'Ada', final: true, monthsToNext: 3 } });
  expect(asked.map(({ name }) => name)).toEqual(['drill.answer', 'drill.keep', 'drill.list', 'drill.due']);
  expect(pageOf(drills.state.value, 'result')).toMatchObject({ keptAs: 'kept.drill.json', record: failed });
  expect(wordsIn(drills.state.value)).toEqual([]);
});

test('a record that could not be kept stays on the screen and can be kept again', async () => {
  const { actions, drills } = workspaceOver({ 'drill.abandon': { record: record({ outcome: 'abandoned' }) } }, typed);
  await actions.giveUp();
  expect(pageOf(drills.state.value, 'result')).toMatchObject({ keptAs: null, isBusy: false, error: { code: 'host.unknown' } });
});

test('a drill is begun with every registration of its key', async () => {
  const { actions, drills, asked } = workspaceOver({ 'drill.begin': { drillHandle: 'd', startedAt: '2026-03-01T09:00:00.000Z' } });
  await actions.begin(key, 'backup');
  expect(asked[0]?.input).toEqual({ subject: { fingerprint: '73c5da0a', network: 'regtest', label: 'alice', registrations: ['{}'] }, from: 'backup' });
  expect(pageOf(drills.state.value, 'running')).toMatchObject({ drillHandle: 'd', from: 'backup' });
});

test('a share is put down only after the host found it whole; a bad one stays in its field', async () => {
  const shares = after([{ type: 'paper-typed', paper: { ...emptyPaper(), way: 'shares', shares: ['one'], draft: 'two ' } }], typed);
  const good = workspaceOver({ 'share.check': shareSet({}) }, shares);
  await good.actions.takeShare();
  expect(good.asked[0]?.input).toEqual({ secrets: ['one', 'two'] });
  expect(pageOf(good.drills.state.value, 'running').paper).toMatchObject({ shares: ['one', 'two'], draft: '' });
  const bad = workspaceOver({}, shares);
  await bad.actions.takeShare();
  expect(pageOf(bad.drills.state.value, 'running')).toMatchObject({ paper: { shares: ['one'], draft: 'two ' }, error: { code: 'host.unknown' } });
});

test('help is asked for with empty fields marked, so that positions stay', async () => {
  const { actions, asked } = workspaceOver({ 'mnemonic.check-words': { language: null, words: [], checksum: 'open', repairs: [] } }, after([{ type: 'paper-typed', paper: typeWord(emptyPaper(12), 2, 'thank') }], typed));
  await actions.checkWords();
  expect(asked[0]?.input).toEqual({ text: '? ? thank ? ? ? ? ? ? ? ? ?', language: null });
});

test('the rehearsal tries one fault after the other', async () => {
  const { actions, drills, asked } = workspaceOver({}, after([{ type: 'rehearsal-opened', faults }]));
  await actions.rehearse();
  expect(asked.map(({ input }) => input.fault)).toEqual(rehearsalFaults);
  expect(pageOf(drills.state.value, 'rehearsal').isBusy).toBe(false);
});

test('a record that cannot be read is named beside those that can, with its reason in words', async () => {
  const one = record({});
  const { actions, drills, asked } = workspaceOver({ 'drill.list': { records: [one], damaged: [{ name: 'bad.drill.json', code: 'drill.record-malformed' }] }, 'drill.due': { today: '', malformed: [], keys: [] } });
  await actions.readRecords();
  expect(drills.state.value).toMatchObject({ records: [one], damaged: [{ name: 'bad.drill.json', code: 'drill.record-malformed' }], page: { error: null } });
  expect(asked.at(-1)?.input.records).toEqual([JSON.stringify(one)]);
  expect(recordFaultWords('drill.record-malformed')).toBe('it was changed, or is no record of a drill');
  expect(recordFaultWords('file.unreadable')).toBe('it cannot be read from the disk');
});
