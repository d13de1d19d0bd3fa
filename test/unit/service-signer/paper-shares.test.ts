import { beforeEach, expect, test } from 'vitest';
import { parseBase64 } from '../../../src/domain/bytes.ts';
import type { RequestContext } from '../../../src/host/contract.ts';
import { serve, type Dispatch } from '../../../src/host/serve.ts';
import { signerCommandContract } from '../../../src/host/signer-contract.ts';
import { codesOf } from '../../../src/paper/sheet.ts';
import { createSignerService } from '../../../src/service/signer/handlers.ts';
import { parseReadBackList, readListed } from '../../../src/service/signer/read-back-list.ts';
import { makeShareSheets } from '../../../src/service/signer/share-sheets.ts';
import { prepareSheets, type SheetsOrder } from '../../../src/service/signer/prepared-sheets.ts';
import { UnlockedKeys } from '../../../src/service/signer/unlocked-keys.ts';
import type { KeyFile } from '../../../src/signer/key-file.ts';
import { openSigningKey } from '../../../src/signer/key-file.ts';
import { parseMnemonic } from '../../../src/signer/mnemonic.ts';
import { keyOf, mnemonics } from '../signer/fixtures.ts';
import { fakeEffects } from './fake-effects.ts';

type Order = Extract<SheetsOrder, { what: 'shares' }>['order'];
type Plan = Order['plan'];

const quiet: RequestContext = { progress: () => undefined, isCancelled: () => false };
const passphrase = 'correct horse battery';
const slip39 = (groupThreshold: number, ...groups: readonly (readonly [threshold: number, count: number])[]): Plan => ({ scheme: 'slip39', groupThreshold, groups: groups.map(([threshold, count]) => ({ threshold, count })), passphrase: '' });

let effects: ReturnType<typeof fakeEffects>;
let keys: UnlockedKeys;
let keyHandle: string;

beforeEach(() => {
  effects = fakeEffects();
  keys = new UnlockedKeys(effects, () => undefined);
  const file: KeyFile = { network: 'regtest', label: 'Bob', secret: { kind: 'mnemonic', language: 'english', entropy: parseMnemonic(mnemonics.bob), bip39Passphrase: '' }, createdAt: '2026-11-22T10:00:00Z', createdBy: 'test', sources: ['os'], entropyRecord: null };
  keyHandle = keys.add({ file, key: openSigningKey(file) });
});

const orderOf = (plan: Plan, changed: Partial<Order> = {}): Order => ({ keyHandle, plan, label: null, serial: null, date: null, pageSize: 'a4', ...changed });
const made = (order: Order, context = quiet) => makeShareSheets(order, { effects, keys }, '2026-11-22', context);

test('each share is on a secret sheet of its own, which says how many are needed', async () => {
  const shares = await made(orderOf(slip39(1, [2, 3])));
  const fingerprint = keyOf('bob').fingerprint;
  expect(shares.map(({ prepared: { facts } }) => [facts.serial, facts.kind, facts.part, facts.date])).toEqual(['1', '2', '3'].map((number) => [`SHARE-${fingerprint.toUpperCase()}-${shares[0]?.share.identifier}-${number}`, 'share', 'secret', '2026-11-22']));
  for (const { share, prepared } of shares) {
    expect(codesOf(prepared.sheet).map(({ id, text }) => [id, text])).toEqual([['share', share.text]]);
    expect(prepared.sheet.warning).toBe('2 of these 3 shares are the secret');
    expect(prepared.fingerprint).toBe(fingerprint);
  }
});

test.each<[string, Plan]>([
  ['SLIP-39', slip39(1, [2, 3])],
  ['codex32', { scheme: 'codex32', threshold: 2, count: 3 }],
  ['Seed XOR', { scheme: 'seed-xor', parts: 2 }],
])('two divisions of one key by %s have serials of their own, of 24 characters at most', async (_name, plan) => {
  const serials = [...await made(orderOf(plan)), ...await made(orderOf(plan))].map(({ prepared }) => prepared.facts.serial);
  expect(new Set(serials.map((serial) => serial.replace(/-[0-9]+$/, ''))).size).toBe(2);
  for (const serial of serials) expect(serial).toMatch(/^SHARE-[0-9A-F]{8}-[0-9A-Z]{1,5}-[0-9]$/);
});

test('the largest division keeps its serials within 24 characters', async () => {
  const shares = await made(orderOf(slip39(1, ...Array.from({ length: 7 }, () => [1, 1] as const), [2, 16], [2, 16], [2, 16], [2, 16], [2, 16], [2, 16])));
  expect(shares).toHaveLength(103);
  expect(shares.every(({ prepared }) => prepared.facts.serial.length <= 24)).toBe(true);
});

test('a serial that a person gives is kept', async () => {
  expect((await made(orderOf(slip39(1, [2, 3]), { serial: 'OURS' }))).map(({ prepared }) => prepared.facts.serial)).toEqual(['OURS-1', 'OURS-2', 'OURS-3']);
});

test.each([
  ['one group of several suffices', slip39(1, [2, 3], [3, 5]), '2 of these 3 shares are the secret', 'Brings the secret back together with 1 other of its group. Never keep that many in one place.'],
  ['two groups are needed', slip39(2, [2, 3], [3, 5]), '2 of these 3 shares, and 2 of 2 groups, are the secret', 'Completes its group together with 1 other; 2 complete groups bring the secret back. Never keep those in one place.'],
  ['a group of one is needed among two', slip39(2, [1, 1], [3, 5]), '1 of these 1 shares, and 2 of 2 groups, are the secret', 'Completes its group alone; 2 complete groups bring the secret back. Never keep those in one place.'],
  ['a single share suffices', slip39(1, [1, 1], [3, 5]), 'whoever reads this page has the secret', 'This share alone brings the secret back.'],
  ['every Seed XOR part is needed', { scheme: 'seed-xor', parts: 2 }, '2 of these 2 shares are the secret', 'Brings the secret back together with 1 other. Never keep that many in one place.'],
] as const)('where %s, the sheet says so', async (_name, plan, warning, note) => {
  const [first] = await made(orderOf(plan as Plan));
  expect(first?.prepared.sheet.warning).toBe(warning);
  expect(first?.prepared.sheet.blocks.flatMap((block) => (block.type === 'code' ? [block.note] : []))).toEqual([note]);
});

test('codex32 sheets of a 64-byte seed are laid out and read back on both papers', async () => {
  for (const pageSize of ['a4', 'letter'] as const) {
    const shares = await made(orderOf({ scheme: 'codex32', threshold: 2, count: 2 }, { pageSize, serial: 'CX-1', label: 'Another name' }));
    expect(shares.map(({ prepared: { sheet } }) => [sheet.serial, sheet.label])).toEqual([['CX-1-1', 'Another name'], ['CX-1-2', 'Another name']]);
  }
});

test('the window\'s order for shares gives the same kind of sheets and no hand codes', async () => {
  const { sheets, handCodes } = await prepareSheets({ what: 'shares', order: orderOf({ scheme: 'seed-xor', parts: 4 }) }, { effects, keys }, quiet);
  expect([sheets.length, handCodes]).toEqual([4, []]);
});

test('a person who gives up gets no share', async () => {
  await expect(made(orderOf(slip39(1, [2, 3])), { ...quiet, isCancelled: () => true })).rejects.toMatchObject({ code: 'host.cancelled' });
});

test('a locked key is not divided', async () => {
  keys.lockAll();
  await expect(made(orderOf(slip39(1, [2, 3])))).rejects.toMatchObject({ code: 'key.locked' });
});

test('on the command line each share is a document and a text, and a list without secrets proves their prints', async () => {
  const dispatch: Dispatch = serve(signerCommandContract, createSignerService(effects).commandHandlers, (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  const restored = await dispatch('key.restore', { network: 'regtest', label: 'Bob', secrets: [mnemonics.bob], passphrase }, quiet);
  if (!restored.ok) throw new Error(restored.error.code);
  const reply = await dispatch('key.split', { order: { ...orderOf(slip39(1, [2, 3])), keyHandle: (restored.value as { keyHandle: string }).keyHandle } }, quiet);
  if (!reply.ok) throw new Error(reply.error.code);
  const { shares, readBack } = reply.value as { readBack: { name: string; contentBase64: string }; shares: { share: string; text: string; serial: string; sheetId: string; document: { name: string; contentBase64: string } }[] };
  expect(shares.map(({ share, document }) => [share, document.name])).toEqual(shares.map(({ serial }, index) => [String(index + 1), `sheet-${serial.toLowerCase()}.pdf`]));
  for (const { text, document } of shares) {
    expect(text.split(' ')).toHaveLength(59);
    expect(Buffer.from(parseBase64(document.contentBase64)).subarray(0, 5).toString()).toBe('%PDF-');
  }
  const list = Buffer.from(parseBase64(readBack.contentBase64)).toString();
  expect(readBack.name).toBe('share-b8688df1-9221-read-back.json');
  for (const { text } of shares) expect(list).not.toContain(text.split(' ')[0]);
  expect(readListed(parseReadBackList(list), { scanned: [shares[1]?.text ?? '', 'a poster'], words: [] })).toEqual({
    foreign: 1,
    sheets: shares.map(({ serial, sheetId }, index) => ({ sheetId, serial, kind: 'share', part: 'secret', label: 'Bob', network: 'regtest', fingerprint: 'b8688df1', pages: 1, by: index === 1 ? 'codes' : null })),
  });
});

test('a key that came as a seed is divided by its seed only, and a key without a mnemonic has no seed sheet', async () => {
  const file: KeyFile = { ...keys.use(keyHandle).file, secret: { kind: 'seed', seed: new Uint8Array(32).fill(7), from: 'slip39' } };
  const handle = keys.add({ file, key: openSigningKey(file) });
  const seedSheet: SheetsOrder = { what: 'sheet', order: { content: { kind: 'seed', keyHandle: handle, filling: 'printed', label: null }, serial: null, date: null, pageSize: 'a4' } };
  await expect(prepareSheets(seedSheet, { effects, keys }, quiet)).rejects.toMatchObject({ code: 'key.no-mnemonic' });
  await expect(made({ ...orderOf({ scheme: 'seed-xor', parts: 2 }), keyHandle: handle })).rejects.toMatchObject({ code: 'secret.not-divisible' });
  expect(await made({ ...orderOf(slip39(1, [2, 2])), keyHandle: handle })).toHaveLength(2);
});
