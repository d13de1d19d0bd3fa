import { beforeEach, describe, expect, test } from 'vitest';
import { parseBase64, toBase64 } from '../../../src/domain/bytes.ts';
import type { Client, RequestContext } from '../../../src/host/contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { signerCommandContract } from '../../../src/host/signer-contract.ts';
import { checkWordsOf, sheetIdOf } from '../../../src/paper/check-words.ts';
import { layOut } from '../../../src/paper/layout/lay-out.ts';
import { pdfOf } from '../../../src/paper/pdf.ts';
import { seedSheet } from '../../../src/paper/sheets/seed.ts';
import { templateNames } from '../../../src/paper/sheets/template.ts';
import { createSignerService } from '../../../src/service/signer/handlers.ts';
import type { Fingerprint } from '../../../src/domain/fingerprint.ts';
import { parseMnemonic } from '../../../src/signer/mnemonic.ts';
import { wordPlacesOf } from '../../../src/signer/secrets/mnemonic-coding.ts';
import { seedQrDigits } from '../../../src/signer/secrets/seedqr.ts';
import { formatWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { walletDescriptor } from '../../../src/wallet/wallet.ts';
import { mnemonics, walletOf } from '../signer/fixtures.ts';
import { fakeEffects, type FakeEffects } from './fake-effects.ts';

type Core = typeof signerCommandContract;
type Call = <Name extends keyof Core>(name: Name, input: Parameters<Client<Core>[Name]>[0]) => Promise<Extract<Awaited<ReturnType<Client<Core>[Name]>>, { ok: true }>['value']>;
type Order = Parameters<Client<Core>['paper.make']>[0]['order'];

const context: RequestContext = { progress: () => undefined, isCancelled: () => false };
const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const passphrase = 'correct horse battery';
const wallet = walletOf();
const digits = seedQrDigits(parseMnemonic(mnemonics.bob));

let effects: FakeEffects;
let call: Call;
let keyHandle: string;
let registration: string;

beforeEach(async () => {
  effects = fakeEffects();
  const service = createSignerService(effects);
  const dispatch = serve(signerCommandContract, service.commandHandlers, (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  call = (async (name: string, input: unknown) => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value;
  }) as Call;
  ({ keyHandle } = await call('key.restore', { network: 'regtest', label: 'Bob', secrets: [mnemonics.bob], passphrase }));
  ({ registration } = await call('wallet.register', { keyHandle, wallet: formatWalletFile(wallet), policyId: policyIdOf(wallet).words }));
});

const order = (content: Order['content'], changed: Partial<Order> = {}): Order => ({ content, serial: null, date: null, pageSize: 'a4', ...changed });
const seed = (filling: 'printed' | 'by-hand' = 'printed', changed: Partial<Order> = {}): Order => order({ kind: 'seed', keyHandle, filling, label: null }, changed);
const make = (of: Order, format: 'pdf' | 'svg' = 'pdf') => call('paper.make', { order: of, format });
const byCodes = (of: Order, scanned: string[]) => call('paper.check', { order: of, proof: { by: 'codes', scanned } });
const byWords = (of: Order, words: string[]) => call('paper.check', { order: of, proof: { by: 'words', words } });
const printedText = (base64: string): string => Buffer.from(parseBase64(base64)).toString('latin1');

/** The check words as they stand on Bob's seed sheet of the day. */
const seedWords = (date = '2026-11-22'): string => {
  const positions = wordPlacesOf(parseMnemonic(mnemonics.bob));
  const facts = { serial: `SEED-${fingerprint().toUpperCase()}`, label: 'Bob', network: 'regtest', date } as const;
  return checkWordsOf(seedSheet(facts, { words: mnemonics.bob.split(' '), positions, language: 'english', fingerprint: fingerprint(), hasPassphrase: false, filling: 'printed' }), 1, 1);
};
const fingerprint = (): Fingerprint => bobsFingerprint as Fingerprint;
const bobsFingerprint = wallet.cosigners.find(({ label }) => /bob/i.test(label))?.record.masterFingerprint;

test('a cosigner card says the key record in its code, and is dated and numbered by itself', async () => {
  const made = await make(order({ kind: 'cosigner-card', keyHandle, account: 0, label: null }));
  const { keyRecord } = await call('key.export', { keyHandle, script: 'p2wsh', account: 0 });
  expect(made).toMatchObject({ kind: 'cosigner-card', part: 'public', serial: `CARD-${fingerprint().toUpperCase()}-0`, date: '2026-11-22', pages: 1, codes: [{ id: 'key-record', text: keyRecord.trim() }] });
  expect(made.documents.map(({ name }) => name)).toEqual([`sheet-card-${fingerprint()}-0.pdf`]);
  expect(printedText(made.documents[0]?.contentBase64 as string).slice(0, 5)).toBe('%PDF-');
});

test('a wallet sheet says the descriptor, its parts joined', async () => {
  const made = await make(order({ kind: 'wallet', keyHandle, registration, bornAt: 0 }));
  expect(made.codes.map(({ text }) => text).join('')).toBe(walletDescriptor(wallet));
  expect(made).toMatchObject({ part: 'public', serial: `WALLET-${fingerprint().toUpperCase()}` });
});

test('deposit addresses are those of the registration', async () => {
  const made = await make(order({ kind: 'deposit-addresses', keyHandle, registration, index: 3, count: 2 }));
  const { addresses } = await call('wallet.address', { keyHandle, registration, branch: 'receive', index: 3, count: 2 });
  expect(made.codes).toEqual(addresses.map(({ index, address }) => ({ id: `receive-${index}`, text: address })));
  expect(made.serial).toBe(`DEPOSIT-${fingerprint().toUpperCase()}-3`);
});

test.each(templateNames)('template %s is made without a key, and without a date', async (template) => {
  const made = await make(order({ kind: 'template', template, network: 'mainnet', label: null }));
  expect(made).toMatchObject({ kind: 'template', part: template === 'custody-log' ? 'public' : 'secret', serial: `BLANK-${template.toUpperCase()}`, date: '', codes: [] });
});

test('what is answered about a seed sheet, besides its document, holds nothing of the secret and no check words', async () => {
  const { documents, ...answer } = await make(seed());
  expect(documents).toHaveLength(1);
  expect(answer).toMatchObject({ kind: 'seed', part: 'secret', serial: `SEED-${fingerprint().toUpperCase()}`, codes: [{ id: 'seedqr' }] });
  const text = JSON.stringify([answer, documents.map(({ name }) => name)]);
  for (const word of [...mnemonics.bob.split(' '), digits, seedWords()]) expect(text).not.toContain(word);
});

test('a seed sheet to be filled by hand holds no secret: any other words under this fingerprint give the very same sheet', async () => {
  const made = await make(seed('by-hand'));
  const facts = { serial: `SEED-${fingerprint().toUpperCase()}`, label: 'Bob', network: 'regtest', date: '2026-11-22' } as const;
  const other = seedSheet(facts, { words: Array<string>(12).fill('abandon'), positions: Array<number>(12).fill(0), language: 'english', fingerprint: fingerprint(), hasPassphrase: false, filling: 'by-hand' });
  expect(made).toMatchObject({ part: 'secret', codes: [], sheetId: sheetIdOf(other) });
  expect(made.documents[0]?.contentBase64).toBe(toBase64(pdfOf(layOut(other, 'a4'))));
});

test('a seed with a BIP39 passphrase has a sheet of its own and the same code: the passphrase is not on it', async () => {
  const protectedKey = await call('key.restore', { network: 'regtest', label: 'Bob', secrets: [mnemonics.bob], bip39Passphrase: 'sesame', passphrase });
  const sheet = order({ kind: 'seed', keyHandle: protectedKey.keyHandle, filling: 'printed', label: null });
  const without = order({ kind: 'seed', keyHandle, filling: 'printed', label: null });
  expect((await make(sheet)).sheetId).not.toBe((await make(without)).sheetId);
  expect((await byCodes(sheet, [digits])).made).toBe(true);
});

test('an SVG holds one page: a sheet of several has several', async () => {
  expect((await make(seed(), 'svg')).documents.map(({ name }) => name)).toEqual([`sheet-seed-${fingerprint()}.svg`]);
  const long = await make(order({ kind: 'deposit-addresses', keyHandle, registration, index: 0, count: 20 }), 'svg');
  expect(long.pages).toBeGreaterThan(1);
  expect(long.documents.map(({ name }) => name)).toEqual(Array.from({ length: long.pages }, (_, index) => `sheet-deposit-${fingerprint()}-0-${index + 1}.svg`));
  expect(printedText(long.documents[0]?.contentBase64 as string).slice(0, 4)).toBe('<svg');
});

test('the same order makes the same sheet and the same bytes; another date makes another sheet', async () => {
  const first = await make(seed());
  effects.pass(60_000);
  expect(await make(seed())).toEqual(first);
  expect((await make(seed('printed', { date: '2026-11-23' }))).sheetId).not.toBe(first.sheetId);
});

test.each([
  ['a serial in small letters', { serial: 'reserve 1' }],
  ['a serial of 25 characters', { serial: 'A'.repeat(25) }],
  ['a date that is none', { date: '22.11.2026' }],
])('%s makes no sheet', async (_name, changed) => {
  await expect(make(seed('printed', changed))).rejects.toThrow(code('paper.malformed'));
});

test('a registration that another key made, or a locked key, makes no sheet', async () => {
  const other = await call('key.restore', { network: 'regtest', label: 'Alice', secrets: [mnemonics.alice], passphrase });
  await expect(make(order({ kind: 'wallet', keyHandle: other.keyHandle, registration, bornAt: 0 }))).rejects.toThrow(code('registration.forged'));
  await call('key.lock', { keyHandle });
  await expect(make(seed())).rejects.toThrow(code('key.locked'));
  await expect(byWords(seed(), [seedWords()])).rejects.toThrow(code('key.locked'));
});

describe('a print counts as made', () => {
  test('when its code was scanned, however often', async () => {
    const checked = await byCodes(seed(), [digits, digits]);
    expect(checked).toMatchObject({ made: true, by: 'codes', sheetId: (await make(seed())).sheetId, codes: [{ id: 'seedqr' }] });
    expect(JSON.stringify(checked)).not.toContain(digits);
  });

  test('when its check words were typed, in capitals too', async () => {
    expect(await byWords(seed(), [seedWords().toUpperCase()])).toMatchObject({ made: true, by: 'words' });
  });

  test('on a later day, when the date on it is given', async () => {
    effects.pass(24 * 60 * 60 * 1000);
    const again = await call('key.restore', { network: 'regtest', label: 'Bob', secrets: [mnemonics.bob], passphrase });
    keyHandle = again.keyHandle;
    await expect(byWords(seed(), [seedWords()])).rejects.toThrow(code('paper.not-read-back'));
    expect(await byWords(seed('printed', { date: '2026-11-22' }), [seedWords()])).toMatchObject({ made: true });
  });

  test('of several pages only when each page was read', async () => {
    const sheet = order({ kind: 'deposit-addresses', keyHandle, registration, index: 0, count: 20 });
    const texts = (await make(sheet)).codes.map(({ text }) => text as string);
    expect(await byCodes(sheet, texts)).toMatchObject({ made: true });
    await expect(byCodes(sheet, texts.slice(0, -1))).rejects.toMatchObject({ code: 'paper.not-read-back', details: { missing: 'receive-19', foreign: 0 } });
  });
});

describe('a print does not count as made', () => {
  test.each([
    ['nothing was scanned', [], { missing: 'seedqr', foreign: 0 }],
    ['another seed was scanned', [seedQrDigits(parseMnemonic(mnemonics.alice))], { missing: 'seedqr', foreign: 1 }],
    ['another sheet lay beside it', [digits, 'something else'], { missing: '', foreign: 1 }],
  ])('when %s', async (_name, scanned, details) => {
    await expect(byCodes(seed(), scanned)).rejects.toMatchObject({ code: 'paper.not-read-back', details });
  });

  test.each([
    ['no words were typed', []],
    ['words of an older print were typed', ['babab babab babab']],
    ['two of three words were typed', ['babab babab']],
  ])('when %s', async (_name, words) => {
    await expect(byWords(seed(), words)).rejects.toMatchObject({ code: 'paper.not-read-back', details: { missing: '1', foreign: words.length } });
  });

  test('when words of another page were typed besides its own', async () => {
    await expect(byWords(seed(), [seedWords(), 'babab babab babab'])).rejects.toMatchObject({ code: 'paper.not-read-back', details: { missing: '', foreign: 1 } });
  });

  test('by codes where it has none; its check words can be typed', async () => {
    await expect(byCodes(seed('by-hand'), [digits])).rejects.toThrow(code('paper.not-read-back'));
  });

  test('and the error repeats neither what was scanned nor what was typed', async () => {
    const errors: string[] = [];
    const note = (attempt: Promise<unknown>) => attempt.then(() => undefined, (fault: unknown) => void errors.push(JSON.stringify(fault) + String(fault)));
    await note(byCodes(seed(), [digits, 'planted text']));
    await note(byWords(seed(), [seedWords(), 'planted text']));
    expect(errors).toHaveLength(2);
    for (const text of [digits, 'planted', seedWords()]) expect(errors.join()).not.toContain(text);
  });
});
