import { expect, test } from 'vitest';
import { emptyForm, orderOf, orderProblem, wholeNumber, withoutSecrets, type OrderForm } from '../../../renderer/signer/paper/order-form.ts';
import { planSentence, sheetCount } from '../../../renderer/signer/paper/share-plan-words.ts';

const rolls = '123456254361'.repeat(9);
const form = (part: Partial<OrderForm>): OrderForm => ({ ...emptyForm, ...part });
const open = { keyHandle: 'a'.repeat(32), registration: '{"r":1}' };
const chosen = { ...open, network: 'mainnet' as const };

test('nothing secret can be ordered without an open key, nothing of a wallet without a registered one', () => {
  expect(orderProblem(form({ what: 'seed' }), { keyHandle: null, registration: null })).toMatch(/Unlock the key/);
  expect(orderProblem(form({ what: 'wallet' }), { ...open, registration: null })).toMatch(/No wallet is registered/);
  expect(orderProblem(form({ what: 'deposit-addresses' }), open)).toBeNull();
  expect(orderProblem(form({ what: 'template' }), { keyHandle: null, registration: null })).toBeNull();
});

test('a batch that has no chance of a person in it cannot be ordered', () => {
  const batch = form({ what: 'paper-wallets', walletCount: '20', secret: 'wif' });
  expect(orderProblem(batch, open)).toMatch(/Nothing was thrown/);
  expect(orderProblem({ ...batch, entropy: { ...batch.entropy, dice: rolls } }, open)).toBeNull();
  expect(orderProblem({ ...batch, walletCount: '501', entropy: { ...batch.entropy, dice: rolls } }, open)).toBe('Choose 1 to 500 paper wallets.');
});

test('a passphrase for BIP38 is long enough and typed twice alike', () => {
  const batch = form({ what: 'paper-wallets', secret: 'bip38', entropy: { ...emptyForm.entropy, dice: rolls } });
  expect(orderProblem({ ...batch, passphrase: 'short', passphraseAgain: 'short' }, open)).toMatch(/12 characters/);
  expect(orderProblem({ ...batch, passphrase: 'correct horse battery', passphraseAgain: 'correct horse batter' }, open)).toMatch(/not the same/);
  expect(orderProblem({ ...batch, passphrase: 'correct horse battery', passphraseAgain: 'correct horse battery' }, open)).toBeNull();
});

test.each([
  ['template', 'A'.repeat(24), null], ['template', 'A'.repeat(25), /1 to 24/], ['shares', 'A'.repeat(22), /1 to 21/], ['template', 'A_1', /capitals, digits/], ['template', '-A', /capitals, digits/],
] as const)('a serial of %s: %s', (what, serial, problem) => {
  const found = orderProblem(form({ what, serial }), open);
  if (problem === null) expect(found).toBeNull();
  else expect(found).toMatch(problem);
});

test.each([['2026-11-22', true], ['2026-02-30', false], ['2026-13-01', false], ['22.11.2026', false]])('a date that the calendar has is taken: %s, %s', (date, fits) => {
  expect(orderProblem(form({ what: 'template', date }), open) === null).toBe(fits);
});

test.each([
  [{ groups: [{ threshold: 3, count: 2 }] }, /Group 1 needs more/], [{ groups: [{ threshold: 1, count: 3 }] }, /copies/],
  [{ groups: [{ threshold: 2, count: 3 }], groupThreshold: 2 }, /More groups/], [{ scheme: 'codex32', codexThreshold: 4, codexCount: 3 }, /More sheets/],
] as const)('a plan that restores nothing is refused in words: %o', (part, problem) => {
  expect(orderProblem(form({ what: 'shares', ...(part as Partial<OrderForm>) }), open)).toMatch(problem);
});

test('what is empty is left to the host: serial, date and label', () => {
  expect(orderOf(form({ what: 'seed', filling: 'by-hand' }), chosen)).toEqual({ what: 'sheet', order: { content: { kind: 'seed', keyHandle: open.keyHandle, filling: 'by-hand', label: null }, serial: null, date: null, pageSize: 'a4' } });
});

test('the day before the first payment is UTC midnight in seconds; empty scans everything', () => {
  expect(orderOf(form({ what: 'wallet', bornAt: '2026-11-22' }), chosen)).toMatchObject({ order: { content: { bornAt: 1795305600 } } });
  expect(orderOf(form({ what: 'wallet' }), chosen)).toMatchObject({ order: { content: { bornAt: 0 } } });
});

test('a batch of paper wallets carries what was thrown, and its passphrase only where one is used', () => {
  const entropy = { dice: '1', coins: 'H', cards: 'AS', typed: 'x' };
  expect(orderOf(form({ what: 'paper-wallets', walletCount: '20', secret: 'secure-print', passphrase: 'left over', entropy }), chosen))
    .toEqual({ what: 'paper-wallets', order: { network: 'mainnet', script: 'p2wpkh', count: 20, secret: { form: 'secure-print' }, ...entropy, label: null, serial: null, date: null, pageSize: 'a4' } });
});

test.each([
  [{ groups: [{ threshold: 2, count: 3 }] }, 'Any 2 of these 3 sheets bring the key back. 1 sheet may be lost. 1 sheet alone says nothing.', 3],
  [{ scheme: 'seed-xor', xorParts: 3 }, 'All 3 sheets bring the key back. If one is lost, the key is lost. 2 sheets alone say nothing.', 3],
  [{ scheme: 'codex32', codexThreshold: 3, codexCount: 5 }, 'Any 3 of these 5 sheets bring the key back. 2 sheets may be lost. 2 sheets alone say nothing.', 5],
  [{ groups: [{ threshold: 2, count: 3 }, { threshold: 1, count: 1 }], groupThreshold: 2 }, 'All 2 groups are needed: of group 1 any 2 of these 3 sheets; of group 2 the one sheet.', 4],
] as const)('a plan in a sentence', (part, sentence, sheets) => {
  expect(planSentence(form(part as Partial<OrderForm>))).toBe(sentence);
  expect(sheetCount(form(part as Partial<OrderForm>))).toBe(sheets);
});

test('numbers are whole, within bounds, and nothing else', () => {
  expect([wholeNumber('0', 0, 9), wholeNumber(' 7 ', 0, 9), wholeNumber('10', 0, 9), wholeNumber('1e3', 0, 9999), wholeNumber('-1', 0, 9), wholeNumber('', 0, 9)]).toEqual([0, 7, null, null, null, null]);
});

test('a form that is kept for later has no secret in it', () => {
  const full = form({ label: 'Cold box', passphrase: 'p', passphraseAgain: 'p', sharePassphrase: 's', entropy: { dice: '1', coins: 'H', cards: 'AS', typed: 'x' } });
  expect(withoutSecrets(full)).toEqual(form({ label: 'Cold box' }));
});
