import { expect, test } from 'vitest';
import { machine } from '../../../renderer/host/machine.ts';
import type { SignerContext } from '../../../renderer/signer/context.ts';
import { endWarnings } from '../../../renderer/signer/paper/end-warnings.ts';
import { isCovered, jobOf, jobTransition, pagesOf, printChecks, printProblem, proofs, sheetForWords, type JobEvent, type JobState, type Prepared, type ReadState } from '../../../renderer/signer/paper/job-state.ts';
import { paperActions } from '../../../renderer/signer/paper/paper-actions.ts';
import { noPaper, paperTransition, type PaperEvent, type PaperState } from '../../../renderer/signer/paper/paper-state.ts';
import { codeName, templateTitles } from '../../../renderer/signer/paper/paper-words.ts';
import { actsFor, emptyRegister, filteredSheets, noteProblem, registerTransition, replacementsFor, type CustodySheet, type RegisterState } from '../../../renderer/signer/paper/register-state.ts';
import { templateNames } from '../../../src/paper/sheets/template.ts';
import type { Session } from '../../../renderer/signer/session.ts';

test('every blank form that can be made can be chosen', () => {
  expect(Object.keys(templateTitles).sort()).toEqual([...templateNames].sort());
});

const id = (digit: string): string => digit.repeat(32);
const sheet = (digit: string, part: 'public' | 'secret', pages = 1, codes: readonly string[] = ['address']): Prepared['sheets'][number] =>
  ({ sheetId: id(digit), kind: 'paper-wallet', part, serial: `PW-${digit}`, date: '2026-11-22', pages, label: '', codes: [...codes] });
const page = (digit: string, number: number): Prepared['pages'][number] => ({ sheetId: id(digit), page: number, picture: `held/${id('9')}/${digit}${number}.svg`, widthMm: 210, heightMm: 297 });
const prepared: Prepared = {
  job: id('9'),
  sheets: [sheet('1', 'public'), sheet('2', 'secret', 2, ['secret']), sheet('3', 'secret', 1, [])],
  pages: [page('1', 1), page('2', 1), page('2', 2), page('3', 1)],
  handCodes: [{ serial: 'PW-2', code: 'K7RDXN4APA93' }, { serial: 'PW-3', code: 'ACDEFGHJKLMN' }],
};
const read = (made: readonly string[], part: Partial<ReadState> = {}): ReadState => ({
  sheets: prepared.sheets.map(({ sheetId, codes }) => ({ sheetId, read: made.includes(sheetId) ? codes : [], missing: made.includes(sheetId) ? [] : codes, made: made.includes(sheetId), by: made.includes(sheetId) ? 'codes' as const : null })),
  foreign: 0, seen: 0, ...part,
});
const run = (job: JobState, ...events: readonly JobEvent[]): JobState => events.reduce(jobTransition, job);
const job = jobOf(prepared, 'AB');

const printers = [{ name: 'a', displayName: 'A', isDefault: false, location: '' }, { name: 'b', displayName: 'B', isDefault: true, location: '' }];

test('secret pages are covered until they are shown, and covered again whenever the page is left', () => {
  const looking = run(job, { type: 'part-shown', part: 'secret' });
  expect(isCovered(looking)).toBe(true);
  const shown = run(looking, { type: 'uncovered' });
  expect(isCovered(shown)).toBe(false);
  for (const event of [{ type: 'step', step: 'print' }, { type: 'covered' }, { type: 'part-shown', part: 'secret' }] as const) expect(isCovered(run(shown, event))).toBe(true);
  expect(isCovered(job)).toBe(false);
});

test('a form for handwriting holds no secret yet: it is not covered, and needs no checks', () => {
  const blank = run(jobOf(prepared, 'AB', true), { type: 'part-shown', part: 'secret' }, { type: 'printers-found', printers });
  expect(isCovered(blank)).toBe(false);
  expect(printProblem(blank, 'secret')).toBeNull();
});

test('public and secret pages are apart; pages are counted within their part', () => {
  expect(pagesOf(job, 'secret').map(({ sheetId }) => sheetId)).toEqual([id('2'), id('2'), id('3')]);
  const last = run(job, { type: 'part-shown', part: 'secret' }, { type: 'page-shown', page: 2 });
  expect(last.page).toBe(2);
  expect(run(last, { type: 'page-shown', page: 3 }).page).toBe(2);
  expect(run(last, { type: 'part-shown', part: 'public' }).page).toBe(0);
});


test('secret pages are printed only after every point of the list was checked; public ones need a printer and a name', () => {
  const ready = run(job, { type: 'step', step: 'print' }, { type: 'printers-found', printers });
  expect(ready.printer).toBe('b');
  expect(printProblem(ready, 'public')).toBeNull();
  expect(printProblem(ready, 'secret')).toBe('4 of 4 points to check first.');
  const checked = run(ready, ...printChecks.map((check): JobEvent => ({ type: 'checked', check, is: true })));
  expect(printProblem(checked, 'secret')).toBeNull();
  expect(printProblem(run(checked, { type: 'by-typed', by: ' ' }), 'public')).toBe('Say who prints.');
  expect(printProblem(run(job, { type: 'printers-found', printers: [] }), 'public')).toBe('This laptop knows no printer.');
});

test('what was checked of one printer is not taken for another', () => {
  const checked = run(job, { type: 'printers-found', printers }, ...printChecks.map((check): JobEvent => ({ type: 'checked', check, is: true })), { type: 'printer-chosen', printer: 'a' });
  expect(printProblem(checked, 'secret')).toBe('2 of 4 points to check first.');
});

test('a short code is shown alone, counts as written only when it was shown, and is forgotten then', () => {
  const codes = run(job, { type: 'step', step: 'codes' });
  expect(run(codes, { type: 'code-written' }).codes).toHaveLength(2);
  const one = run(codes, { type: 'code-shown' }, { type: 'code-written' });
  expect(one.codes).toEqual([{ serial: 'PW-3', code: 'ACDEFGHJKLMN' }]);
  expect(one.isCodeShown).toBe(false);
  expect(JSON.stringify(one)).not.toContain('K7RDXN4APA93');
  expect(run(codes, { type: 'code-shown' }, { type: 'step', step: 'prove' }).isCodeShown).toBe(false);
});

test('a sheet is made only when the host says that its print was read back', () => {
  expect(proofs(job).map(({ made }) => made)).toEqual([false, false, false]);
  const some = run(job, { type: 'read', read: read([id('1')]), by: 'camera' });
  expect(proofs(some).map(({ made, missing }) => [made, missing])).toEqual([[true, []], [false, ['secret']], [false, []]]);
});

test('printing a part again takes its read-back away: the new paper was not read', () => {
  const made = run(job, { type: 'read', read: read([id('1'), id('2')]), by: 'camera' });
  const again = run(made, { type: 'sent', part: 'secret', sending: { by: 'printer', to: 'B' } });
  expect(proofs(again).map(({ made: isMade }) => isMade)).toEqual([true, false, false]);
  expect(proofs(run(made, { type: 'sent', part: 'secret', sending: { by: 'file', to: '/x.pdf' } })).map(({ made: isMade }) => isMade)).toEqual([true, true, false]);
});

test('check words are asked of the sheet in the hand, dropped when they fitted, and kept with a warning when not', () => {
  const typing = run(job, { type: 'step', step: 'prove' }, { type: 'way-chosen', way: 'words' }, { type: 'sent', part: 'secret', sending: { by: 'printer', to: 'B' } });
  expect(sheetForWords(typing)?.sheetId).toBe(id('2'));
  const typed = run(typing, { type: 'words-of', sheetId: id('3') }, { type: 'words-typed', page: 0, text: 'a b c' });
  expect(run(typed, { type: 'read', read: read([]), by: 'words' })).toMatchObject({ wordsWrong: true, words: ['a b c'] });
  expect(run(typed, { type: 'read', read: read([id('3')]), by: 'words' })).toMatchObject({ wordsWrong: false, words: [], wordsOf: null });
  expect(run(typed, { type: 'words-typed', page: 2, text: 'z' }).words).toEqual(['a b c', '', 'z']);
});

test('ending a print says what is lost, and nothing when all is made and written down', () => {
  const printed = run(job, { type: 'sent', part: 'secret', sending: { by: 'printer', to: 'B' } });
  expect(endWarnings(printed)).toEqual([
    expect.stringMatching(/^2 printed sheets not read back.*cannot be proven later/), expect.stringMatching(/^1 sheet not printed from here/), expect.stringMatching(/^2 short codes not written down/),
  ]);
  const done = run(printed, { type: 'step', step: 'codes' }, { type: 'code-shown' }, { type: 'code-written' }, { type: 'code-shown' }, { type: 'code-written' }, { type: 'read', read: read([id('1'), id('2'), id('3')]), by: 'camera' });
  expect(endWarnings(done)).toEqual([]);
});

test('names of codes are words', () => {
  expect(['secret', 'descriptor-2', 'receive-0', 'key-record'].map(codeName)).toEqual(['private key', 'descriptor 2', 'receive 0', 'key record']);
});

const state = (...events: readonly PaperEvent[]): PaperState => events.reduce(paperTransition, noPaper);

test('a sheet ordered in Keys is preselected; an order under way is not changed', () => {
  expect(state({ type: 'ordered', keyHandle: id('a'), what: 'shares' }).form).toMatchObject({ what: 'shares', keyHandle: id('a') });
  const preparing = state({ type: 'preparing', progress: { fraction: null, activity: 'x' } });
  expect(paperTransition(preparing, { type: 'ordered', keyHandle: id('a'), what: 'shares' })).toMatchObject({ form: { what: 'seed' }, order: { stage: 'preparing' } });
});

test('secrets of the form are gone when the sheets are prepared, and when the workspace is left', () => {
  const typed = state({ type: 'form-changed', form: { ...noPaper.form, passphrase: 'canary-one', passphraseAgain: 'canary-one', sharePassphrase: 'canary-two', entropy: { ...noPaper.form.entropy, typed: 'canary-three' } } });
  expect(JSON.stringify(paperTransition(typed, { type: 'prepared', prepared }))).not.toContain('canary');
  const left = paperTransition(typed, { type: 'left' });
  expect(JSON.stringify(left)).not.toContain('canary');
  expect(left.wasDropped).toBe(true);
});

test('a job that the host dropped by itself is over, and why is said where a new one is ordered', () => {
  const gone = { code: 'sheet.gone', message: 'm', details: {}, hint: 'h' };
  expect(paperTransition(state({ type: 'prepared', prepared }), { type: 'job-gone', error: gone })).toMatchObject({ view: 'make', job: null, order: { stage: 'form', error: gone } });
});

type Ask = readonly [name: string, input: unknown];

/** The actions over a host that answers from a table and remembers what it was asked. */
function actionsOver(answers: Readonly<Record<string, unknown>>, events: readonly PaperEvent[] = []) {
  const asked: Ask[] = [];
  const host = new Proxy({}, { get: (_, name: string) => async (input: unknown) => { asked.push([name, input]); return answers[name] ?? { ok: true, value: {} }; } });
  const session = machine<Session, never>({ stage: 'ready', shelf: { keys: [], registrations: [], entropyRecords: [] }, unlocked: [], recordsSaved: [], signaturesGiven: 0 }, (same) => same);
  const paper = machine(events.reduce(paperTransition, noPaper), paperTransition);
  const context = { host, session, paper, usualNetwork: 'practice' } as unknown as SignerContext;
  return { actions: paperActions(context), asked, paper };
}

test('one print is open at a time: nothing else is prepared before it was ended', async () => {
  const { actions, asked } = actionsOver({}, [{ type: 'prepared', prepared }]);
  await actions.prepare();
  expect(asked).toEqual([]);
});

test('ending a print makes the host forget it, and reads the register again', async () => {
  const { actions, asked, paper } = actionsOver({ 'custody.list': { ok: true, value: { sheets: [] } } }, [{ type: 'prepared', prepared }]);
  await actions.endJob();
  expect(asked.map(([name]) => name)).toEqual(['sheet.drop', 'custody.list']);
  expect(paper.state.value.job).toBeNull();
});

test('a blank form is prepared for the network of this laptop, and shown', async () => {
  const { actions, asked, paper } = actionsOver({ 'sheet.prepare': { ok: true, value: { ...prepared, handCodes: [] } } }, [{ type: 'form-changed', form: { ...noPaper.form, what: 'template' } }]);
  await actions.prepare();
  expect(asked).toEqual([['sheet.prepare', { order: { what: 'sheet', order: { content: { kind: 'template', template: 'seed-24', network: 'practice', label: null }, serial: null, date: null, pageSize: 'a4' } } }]]);
  expect(paper.state.value).toMatchObject({ view: 'job', job: { step: 'look' } });
});

test('a preparation that was given up is no error', async () => {
  const { actions, paper } = actionsOver({ 'sheet.prepare': { ok: false, error: { code: 'host.cancelled', message: 'm', details: {}, hint: 'h' } } }, [{ type: 'form-changed', form: { ...noPaper.form, what: 'template' } }]);
  await actions.prepare();
  expect(paper.state.value.order).toEqual({ stage: 'form', error: null });
});

test('a picture of a job that is gone ends the job with the host\'s words', async () => {
  const { actions, paper } = actionsOver({ 'sheet.scan': { ok: false, error: { code: 'sheet.gone', message: 'm', details: {}, hint: 'h' } } }, [{ type: 'prepared', prepared }]);
  await actions.scan({ width: 16, height: 16, lumaBase64: 'AA==' });
  expect(paper.state.value).toMatchObject({ job: null, order: { error: { code: 'sheet.gone' } } });
});

test('check words are sent only when every page of the sheet has some', async () => {
  const typing: PaperEvent[] = [{ type: 'prepared', prepared }, { type: 'job', event: { type: 'words-of', sheetId: id('2') } }, { type: 'job', event: { type: 'words-typed', page: 0, text: ' a b c ' } }];
  const half = actionsOver({}, typing);
  await half.actions.checkWords();
  expect(half.asked).toEqual([]);
  const whole = actionsOver({ 'sheet.type-words': { ok: true, value: read([id('2')]) } }, [...typing, { type: 'job', event: { type: 'words-typed', page: 1, text: 'd e f' } }]);
  await whole.actions.checkWords();
  expect(whole.asked).toEqual([['sheet.type-words', { job: prepared.job, words: ['a b c', 'd e f'] }]]);
});

const kept = (digit: string, part: Partial<CustodySheet> = {}): CustodySheet => ({
  sheetId: id(digit), serial: `S-${digit}`, kind: 'seed', part: 'secret', label: '', network: 'mainnet', fingerprint: '73c5da0a', pages: 1, state: 'made', seal: null,
  history: [{ at: `2026-11-2${digit}T10:00:00Z`, event: 'printed', by: 'AB', remark: '' }], ...part,
});
const listed = (...sheets: readonly CustodySheet[]): RegisterState => registerTransition(emptyRegister, { type: 'listed', sheets });

test('a sheet that was not read back cannot be sealed; what is void stays so', () => {
  expect(actsFor('printed')).not.toContain('sealed');
  expect(actsFor('made')).toEqual(['sealed', 'reprinted', 'void']);
  expect(actsFor('void')).toEqual([]);
});

test('the register shows the newest first, and only the states that were asked for', () => {
  const register = listed(kept('1'), kept('3'), kept('2', { state: 'sealed' }));
  expect(filteredSheets(register).map(({ serial }) => serial)).toEqual(['S-3', 'S-2', 'S-1']);
  expect(filteredSheets(registerTransition(register, { type: 'filtered', filter: 'sealed' })).map(({ serial }) => serial)).toEqual(['S-2']);
});

test('only a sheet of the same kind, part and key that still counts can have taken the place of one', () => {
  const register = listed(kept('1'), kept('2'), kept('3', { state: 'void' }), kept('4', { kind: 'share' }), kept('5', { fingerprint: '11112222' }), kept('6', { part: 'public' }));
  expect(replacementsFor(register, kept('1')).map(({ serial }) => serial)).toEqual(['S-2']);
});

test.each([
  [{ act: 'sealed', by: '', seal: '1', remark: '', replacement: '' }, /who/], [{ act: 'sealed', by: 'AB', seal: '', remark: '', replacement: '' }, /number of the bag/],
  [{ act: 'void', by: 'AB', seal: '', remark: ' ', replacement: '' }, /why/], [{ act: 'reprinted', by: 'AB', seal: '', remark: '', replacement: '' }, /took its place/],
] as const)('a note that says too little is not written: %o', (note, problem) => {
  expect(noteProblem(note)).toMatch(problem);
});

test('a note that says enough is', () => {
  expect(noteProblem({ act: 'sealed', by: 'AB', seal: 'B 1042/7', remark: '', replacement: '' })).toBeNull();
});
