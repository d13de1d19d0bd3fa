import { expect, test } from 'vitest';
import { checkWordsOf, isCheckWords, sheetIdOf } from '../../../src/paper/check-words.ts';
import { codesOf, sheetOf, type Sheet } from '../../../src/paper/sheet.ts';
import { cosignerCard } from '../../../src/paper/sheets/cosigner-card.ts';
import { depositAddressSheet } from '../../../src/paper/sheets/deposit-addresses.ts';
import { batchedPaperWalletSheets, paperWalletSheets } from '../../../src/paper/sheets/paper-wallet.ts';
import { seedSheet } from '../../../src/paper/sheets/seed.ts';
import { shareSheet } from '../../../src/paper/sheets/share.ts';
import { templateNames, templateSheet } from '../../../src/paper/sheets/template.ts';
import { codeParts, walletSheet } from '../../../src/paper/sheets/wallet.ts';
import { createAddressDeriver } from '../../../src/wallet/address.ts';
import { createWallet, walletDescriptor } from '../../../src/wallet/wallet.ts';
import { factsOf, paperWalletOf, recordOf, sampleSheets, seedOf, shareOf, walletOf } from './sheet-samples.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const facts = factsOf('SR-1');
const everything = (sheet: Sheet): string => JSON.stringify(sheet);

test.each(['p2pkh', 'p2wpkh', 'p2tr'] as const)('a %s paper wallet is two sheets: the key is on the secret one alone', (script) => {
  const wallet = paperWalletOf(script, script, 'wif');
  const [publicSheet, secretSheet] = paperWalletSheets(facts, wallet);
  expect([publicSheet.serial, publicSheet.part, secretSheet.serial, secretSheet.part]).toEqual(['SR-1-P', 'public', 'SR-1-S', 'secret']);
  expect(codesOf(publicSheet).map(({ id, text }) => [id, text])).toEqual([['address', wallet.address]]);
  expect(codesOf(secretSheet).map(({ id, text }) => [id, text])).toEqual([['secret', wallet.secret.text]]);
  expect(everything(publicSheet)).not.toContain(wallet.secret.text.slice(0, 12));
});

test('SecurePrint leaves boxes for a code and prints no part of it', () => {
  const [, sheet] = paperWalletSheets(facts, paperWalletOf('a', 'p2wpkh', 'secure-print'));
  expect(sheet.blocks.at(-1)).toEqual({ type: 'boxes', heading: 'Code, copied by hand from the screen (never 0 1 2 5 6 8 B I O Q S U)', count: 12 });
});

test('a wallet of a batch says in serial and title which one it is; one alone is numbered in the serial only', () => {
  const wallet = paperWalletOf('a', 'p2wpkh', 'wif');
  const named = (place: { number: number; total: number }) => batchedPaperWalletSheets(facts, wallet, place).map((sheet) => [sheet.serial, sheet.title, sheet.label]);
  expect(named({ number: 2, total: 500 })).toEqual([['SR-1-002-P', 'Paper wallet 2 of 500: address', 'Reserve 2026'], ['SR-1-002-S', 'Paper wallet 2 of 500: key', 'Reserve 2026']]);
  expect(named({ number: 1, total: 1 })).toEqual([['SR-1-001-P', 'Paper wallet: address', 'Reserve 2026'], ['SR-1-001-S', 'Paper wallet: key', 'Reserve 2026']]);
});

test.each([
  ['an address of another script', () => paperWalletSheets(facts, { ...paperWalletOf('a', 'p2wpkh', 'wif'), script: 'p2tr' }), 'paper.malformed'],
  ['an address of another network', () => paperWalletSheets(factsOf('SR-1', 'regtest'), paperWalletOf('a', 'p2wpkh', 'wif')), 'address.malformed'],
  ['a WIF of another network', () => paperWalletSheets(facts, { ...paperWalletOf('a', 'p2wpkh', 'wif'), secret: paperWalletOf('a', 'p2wpkh', 'wif', 'regtest').secret }), 'paper.malformed'],
  ['a WIF where BIP38 is said', () => paperWalletSheets(facts, { ...paperWalletOf('a', 'p2wpkh', 'wif'), secret: { form: 'bip38', text: paperWalletOf('a', 'p2wpkh', 'wif').secret.text } }), 'paper.malformed'],
  ['a serial with blanks', () => templateSheet({ ...facts, serial: 'SR 1' }, 'seed-12'), 'paper.malformed'],
  ['a date that is none', () => templateSheet({ ...facts, date: '22.11.2026' }, 'seed-12'), 'paper.malformed'],
  ['a label of 61 characters', () => templateSheet({ ...facts, label: 'x'.repeat(61) }, 'seed-12'), 'paper.malformed'],
  ['a label with a line break', () => templateSheet({ ...facts, label: 'a\nb' }, 'seed-12'), 'paper.malformed'],
  ['thirteen words', () => seedSheet(facts, { ...seedOf('a', 12), words: Array.from({ length: 13 }, () => 'zoo') }), 'paper.malformed'],
  ['a word position that no list has', () => seedSheet(facts, { ...seedOf('a', 12), positions: Array.from({ length: 12 }, () => 2048) }), 'paper.malformed'],
  ['a share that is none', () => shareSheet(facts, { ...shareOf('codex32'), text: 'ms12name' }), 'paper.malformed'],
  ['a threshold above the shares', () => shareSheet(facts, { ...shareOf('slip39'), threshold: 4 }), 'paper.malformed'],
  ['a key record of another network', () => cosignerCard(factsOf('SR-1', 'regtest'), recordOf('0'), 'p2wsh'), 'network.mismatch'],
  ['fifty-one addresses', () => depositAddressSheet(facts, walletOf(2, 3), 0, 51), 'paper.malformed'],
  ['addresses past the last index', () => depositAddressSheet(facts, walletOf(2, 3), 999_999, 2), 'paper.malformed'],
  ['a first payment before 1970', () => walletSheet(facts, walletOf(2, 3), -1), 'paper.malformed'],
] as const)('no sheet is made of %s', (_, make, expected) => {
  expect(make).toThrow(code(expected));
});

test('no error of a sheet repeats its secret', () => {
  const wallet = paperWalletOf('a', 'p2wpkh', 'wif', 'regtest');
  let caught: unknown;
  try {
    paperWalletSheets(facts, { ...paperWalletOf('a', 'p2wpkh', 'wif'), secret: wallet.secret });
  } catch (error) {
    caught = error;
  }
  expect(caught).toEqual(code('paper.malformed'));
  expect(`${String(caught)}${JSON.stringify(caught)}`).not.toContain(wallet.secret.text.slice(0, 6));
});

test.each([
  ['a WIF', paperWalletOf('a', 'p2wpkh', 'wif').secret.text],
  ['a BIP38 key', paperWalletOf('a', 'p2wpkh', 'bip38').secret.text],
  ['a mnemonic', seedOf('a', 12).words.join(' ')],
  ['a codex32 share', shareOf('codex32').text],
])('a public sheet with %s in any place is refused', (_, secret) => {
  const [sheet] = paperWalletSheets(facts, paperWalletOf('b', 'p2wpkh', 'wif'));
  expect(() => sheetOf({ ...sheet, blocks: [...sheet.blocks, { type: 'paragraph', text: secret }] })).toThrow(code('wallet.private-key'));
  expect(() => sheetOf({ ...sheet, blocks: [{ type: 'facts', facts: [{ label: 'Note', value: secret, form: 'text' }] }] })).toThrow(code('wallet.private-key'));
});

test('SeedQR is four digits a word, counted from 0000', () => {
  const sheet = seedSheet(facts, seedOf('a', 12, { words: [...Array.from({ length: 11 }, () => 'abandon'), 'about'], positions: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3] }));
  expect(codesOf(sheet).map(({ id, text }) => [id, text])).toEqual([['seedqr', '000000000000000000000000000000000000000000000003']]);
});

test('a seed filled in by hand has no word, digit or code in it', () => {
  const seed = seedOf('hand', 24, { filling: 'by-hand' });
  const sheet = seedSheet(facts, seed);
  expect(codesOf(sheet)).toEqual([]);
  for (const word of seed.words) expect(everything(sheet)).not.toContain(`"${word}"`);
});

test('words that cannot be printed are given by number, with a line to write them on', () => {
  const sheet = sampleSheets()['seed-japanese'] as Sheet;
  const words = sheet.blocks.flatMap((block) => (block.type === 'words' ? block.words : []));
  expect(words).toHaveLength(12);
  expect(words.every(({ word, digits }) => word === null && /^[0-9]{4}$/.test(digits ?? ''))).toBe(true);
  expect(codesOf(sheet)).toEqual([]);
});

test('the descriptor\'s parts are the descriptor, and each fits a code', () => {
  const wallet = walletOf(8, 15);
  const parts = codeParts('descriptor', walletDescriptor(wallet));
  expect(parts.map(({ id }) => id)).toEqual(['descriptor-1', 'descriptor-2', 'descriptor-3', 'descriptor-4', 'descriptor-5', 'descriptor-6']);
  expect(parts.map(({ text }) => text).join('')).toBe(walletDescriptor(wallet));
});

test('a wallet sheet has what restores the wallet: descriptors with checksums for a node, first addresses, policy id', () => {
  const wallet = walletOf(2, 3);
  const sheet = walletSheet({ serial: 'SR-1', date: '2026-11-22' }, wallet, 1_760_000_000);
  const commands = sheet.blocks.flatMap((block) => (block.type === 'commands' ? block.commands : []));
  const imported = JSON.parse((/importdescriptors '(.*)'$/.exec(commands[1] as string) as RegExpExecArray)[1] as string);
  expect(imported).toEqual([
    { desc: walletDescriptor(wallet, 0), active: true, internal: false, range: [0, 999], timestamp: 1_760_000_000 },
    { desc: walletDescriptor(wallet, 1), active: true, internal: true, range: [0, 999], timestamp: 1_760_000_000 },
  ]);
  for (const index of [0, 1, 2]) expect(everything(sheet)).toContain(createAddressDeriver(wallet).derive(0, index).address);
});

test.each([
  ['p2sh', 2, 3, 'P2SH (legacy quorum), keys sorted (BIP67)', 'legacy'], ['p2sh-p2wsh', 2, 3, 'P2SH-P2WSH (segwit quorum inside P2SH), keys sorted (BIP67)', 'p2sh-segwit'],
  ['p2wsh', 2, 3, 'P2WSH (segwit quorum), keys sorted (BIP67)', 'bech32'], ['p2tr-multi', 2, 3, 'P2TR quorum (taproot quorum in one leaf), keys sorted (BIP67)', 'bech32m'],
  ['p2pkh', 1, 1, 'P2PKH (legacy, one key)', 'legacy'], ['p2sh-p2wpkh', 1, 1, 'P2SH-P2WPKH (segwit inside P2SH, one key)', 'p2sh-segwit'],
  ['p2wpkh', 1, 1, 'P2WPKH (segwit, one key)', 'bech32'], ['p2tr', 1, 1, 'P2TR (taproot, one key)', 'bech32m'],
] as const)('the sheet of a %s wallet says so, and asks the node for addresses of that type', (script, required, total, words, addressType) => {
  const sheet = walletSheet({ serial: 'SR-1', date: '2026-11-22' }, createWallet({ ...walletOf(required, total), script }), 0);
  const facts = sheet.blocks.flatMap((block) => (block.type === 'facts' ? block.facts : []));
  expect(facts.find(({ label }) => label === 'Script')?.value).toBe(words);
  expect(facts.find(({ label }) => label === 'Quorum')?.value).toBe(total === 1 ? 'one key' : '2 of 3 signatures');
  expect(sheet.blocks.flatMap((block) => (block.type === 'commands' ? block.commands : [])).slice(2)).toEqual([
    `-rpcwallet=recovered -named getnewaddress address_type=${addressType}`,
    `-rpcwallet=recovered -named getrawchangeaddress address_type=${addressType}`,
  ].map((command) => expect.stringContaining(command)));
});

test('a cosigner card says which type of wallet its record is for', () => {
  expect(everything(cosignerCard(facts, recordOf('0', facts.network), 'p2tr-multi'))).toContain('P2TR quorum (taproot quorum in one leaf)');
});

test('templates hold no secret and no code', () => {
  for (const name of templateNames) expect(codesOf(templateSheet(facts, name))).toEqual([]);
});

test('check words are of this sheet, this page and this number of pages', () => {
  const [sheet] = paperWalletSheets(facts, paperWalletOf('a', 'p2wpkh', 'wif'));
  const words = checkWordsOf(sheet, 1, 1);
  expect(words).toMatch(/^([bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz] ?){3}$/);
  expect(new Set([words, checkWordsOf(sheet, 1, 2), checkWordsOf(sheet, 2, 2), checkWordsOf({ ...sheet, date: '2026-11-23' }, 1, 1)]).size).toBe(4);
  expect(sheetIdOf(sheet)).toMatch(/^[0-9a-f]{32}$/);
  expect(isCheckWords(` ${words.toUpperCase().replaceAll(' ', '-')}\n`, words)).toBe(true);
  expect(isCheckWords(words.slice(0, -1), words)).toBe(false);
  expect(isCheckWords('', words)).toBe(false);
});
