import { describe, expect, test, vi } from 'vitest';
import { parseBase64 } from '../../../src/domain/bytes.ts';
import type { Progress, RequestContext } from '../../../src/host/contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { signerCommandContract } from '../../../src/host/signer-contract.ts';
import { codesOf } from '../../../src/paper/sheet.ts';
import { createSignerService } from '../../../src/service/signer/handlers.ts';
import { prepareSheets, type PreparedSheets, type SheetsOrder } from '../../../src/service/signer/prepared-sheets.ts';
import { parseReadBackList, readListed } from '../../../src/service/signer/read-back-list.ts';
import { readState } from '../../../src/service/signer/print-proof.ts';
import { UnlockedKeys } from '../../../src/service/signer/unlocked-keys.ts';
import { addressBySecondCurve } from '../../../src/signer/paper-wallet-keys.ts';
import { decryptBip38 } from '../../../src/signer/secrets/bip38.ts';
import { parseWif } from '../../../src/signer/secrets/wif.ts';
import { diceText, noise, systemReadings } from '../signer/fixtures.ts';
import { fakeEffects, type FakeEffects } from './fake-effects.ts';

/** Every batch secret and private key that was made, to see afterwards whether it was wiped. */
const { made } = vi.hoisted(() => ({ made: [] as Uint8Array[] }));
const kept = <T extends Uint8Array>(secret: T): T => (made.push(secret), secret);
vi.mock(import('../../../src/signer/entropy/key-entropy.ts'), async (original) => {
  const actual = await original();
  return { ...actual, makeKeyEntropy: (...given: Parameters<typeof actual.makeKeyEntropy>) => {
    const entropy = actual.makeKeyEntropy(...given);
    kept(entropy.entropy);
    return entropy;
  } };
});
vi.mock(import('../../../src/signer/paper-wallet-keys.ts'), async (original) => {
  const actual = await original();
  return { ...actual, paperWalletKey: (...given: Parameters<typeof actual.paperWalletKey>) => kept(actual.paperWalletKey(...given)) };
});

type Order = Extract<SheetsOrder, { what: 'paper-wallets' }>['order'];

const quiet: RequestContext = { progress: () => undefined, isCancelled: () => false };
const orderOf = (changed: Partial<Order> = {}): Order => ({
  network: 'regtest', script: 'p2wpkh', count: 3, secret: { form: 'wif' }, dice: diceText(99), coins: '', cards: '', typed: '', label: 'Reserve', serial: 'SR-7', date: null, pageSize: 'a4', ...changed,
});
const passphrase = 'only a rehearsal passphrase';

function prepare(order: Order, effects: FakeEffects = fakeEffects(), context: RequestContext = quiet): Promise<PreparedSheets> {
  return prepareSheets({ what: 'paper-wallets', order }, { effects, keys: new UnlockedKeys(effects, () => undefined) }, context);
}
/** The texts of the codes, public and secret in turn. */
const pairsOf = ({ sheets }: PreparedSheets): (readonly [address: string, secret: string])[] => {
  const texts = sheets.map(({ sheet }) => codesOf(sheet)[0]?.text as string);
  return Array.from({ length: texts.length / 2 }, (_, index) => [texts[2 * index] as string, texts[2 * index + 1] as string]);
};

describe('new paper wallets', () => {
  test.each(['p2pkh', 'p2wpkh', 'p2tr'] as const)('%s: each address is that of the key on the sheet behind it, and no two are alike', async (script) => {
    const prepared = await prepare(orderOf({ script }));
    expect(prepared.sheets.map(({ facts: { serial, part, kind, pages, date } }) => [serial, part, kind, pages, date])).toEqual(
      ['001', '002', '003'].flatMap((number) => [[`SR-7-${number}-P`, 'public', 'paper-wallet', 1, '2026-11-22'], [`SR-7-${number}-S`, 'secret', 'paper-wallet', 1, '2026-11-22']]),
    );
    const pairs = pairsOf(prepared);
    for (const [address, wif] of pairs) {
      const { privateKey, compressed, realm } = parseWif(wif);
      expect([addressBySecondCurve(privateKey, script, 'regtest'), compressed, realm]).toEqual([address, true, 'test']);
    }
    expect(new Set(pairs.flat()).size).toBe(6);
    expect(prepared.handCodes).toEqual([]);
  });

  test('BIP38 keys open with the passphrase', async () => {
    const effects = fakeEffects();
    const [pair] = pairsOf(await prepare(orderOf({ count: 1, script: 'p2tr', network: 'mainnet', secret: { form: 'bip38', passphrase } }), effects));
    const [address, text] = pair as readonly [string, string];
    expect(addressBySecondCurve((await decryptBip38(text, passphrase, effects.slow)).privateKey, 'p2tr', 'mainnet')).toBe(address);
  });

  test('SecurePrint keys open with a code of their own, which is on no page', async () => {
    const effects = fakeEffects();
    const prepared = await prepare(orderOf({ count: 2, secret: { form: 'secure-print' } }), effects);
    expect(prepared.handCodes.map(({ serial }) => serial)).toEqual(['SR-7-001-S', 'SR-7-002-S']);
    for (const [index, [address, text]] of pairsOf(prepared).entries()) {
      const code = prepared.handCodes[index]?.code as string;
      expect(code).toMatch(/^[ACDEFGHJKLMNPRTVWXYZ3479]{12}$/);
      expect(addressBySecondCurve((await decryptBip38(text, code, effects.slow)).privateKey, 'p2wpkh', 'regtest')).toBe(address);
      expect(JSON.stringify(prepared.sheets)).not.toContain(code);
    }
    expect(new Set(prepared.handCodes.map(({ code }) => code)).size).toBe(2);
  });

  test('SecurePrint codes are the person\'s dice too: a system that gives the same for ever gives other codes by other rolls', async () => {
    const known = () => fakeEffects({ random: (length) => noise('known to others', length) });
    const secret = { form: 'secure-print' } as const;
    const [first, again, other] = [await prepare(orderOf({ count: 2, secret }), known()), await prepare(orderOf({ count: 2, secret }), known()), await prepare(orderOf({ count: 2, secret, dice: diceText(99, 'other') }), known())];
    expect(again.handCodes).toEqual(first.handCodes);
    expect(new Set([...first.handCodes, ...other.handCodes].map(({ code }) => code)).size).toBe(4);
    // Nor by the rolls alone.
    expect((await prepare(orderOf({ count: 2, secret }))).handCodes).not.toEqual(first.handCodes);
  });

  test.each([['wif', { form: 'wif' }], ['secure-print', { form: 'secure-print' }]] as const)('a record names the batch by serial and addresses, and what it was made of (%s); nothing secret', async (_name, secret) => {
    const prepared = await prepare(orderOf({ count: 2, secret }), fakeEffects({ version: '0.3.0', build: 'cd'.repeat(32) }));
    expect(prepared.record).toMatchObject({
      serial: 'SR-7', network: 'regtest', label: 'Reserve', addresses: pairsOf(prepared).map(([address]) => address), programVersion: '0.3.0', build: 'cd'.repeat(32), madeAt: '2026-11-22T10:00:00.000Z',
      sources: [{ source: 'runtime', count: 128, bits: 256 }, { source: 'kernel', count: 128, bits: 256 }, { source: 'dice', count: 99 }],
    });
    expect(prepared.record?.health).toEqual(expect.arrayContaining(['runtime/stuck', 'kernel/device', 'dice/face']));
    for (const text of [...pairsOf(prepared).map(([, key]) => key), ...prepared.handCodes.map(({ code }) => code)]) expect(JSON.stringify(prepared.record)).not.toContain(text.slice(0, 12));
  });

  test('the same chance gives the same wallets, other rolls or another system reading give others', async () => {
    const first = pairsOf(await prepare(orderOf()));
    expect(pairsOf(await prepare(orderOf()))).toEqual(first);
    const otherSystem = fakeEffects({ readSystemEntropy: () => Promise.resolve(systemReadings('another machine')) });
    const others = [...pairsOf(await prepare(orderOf({ dice: diceText(99, 'other') }))), ...pairsOf(await prepare(orderOf(), otherSystem))];
    for (const pair of others) expect(first).not.toContainEqual(pair);
  });

  test('without a serial they are numbered by the day and by the batch', async () => {
    const [first, other] = [await prepare(orderOf({ serial: null, count: 1 })), await prepare(orderOf({ serial: null, count: 1, dice: diceText(99, 'other') }))];
    expect(first.sheets[0]?.facts.serial).toMatch(/^PW-20261122-[0-9A-F]{4}-001-P$/);
    expect(other.sheets[0]?.facts.serial).not.toBe(first.sheets[0]?.facts.serial);
  });

  test('leave no key behind in memory that could be wiped', async () => {
    made.length = 0;
    await prepare(orderOf());
    expect(made).toHaveLength(4);
    for (const secret of made) expect(secret.every((byte) => byte === 0)).toBe(true);
  });

  test.each([
    ['too few rolls', orderOf({ dice: '123456' }), 'entropy.too-little'],
    ['a passphrase of eleven characters', orderOf({ secret: { form: 'bip38', passphrase: '12345678901' } }), 'key.passphrase-weak'],
    ['a serial with blanks', orderOf({ serial: 'SR 7' }), 'paper.malformed'],
    ['a serial that is too long with its number', orderOf({ serial: 'A'.repeat(19) }), 'paper.malformed'],
    ['a date that is none', orderOf({ date: 'today' }), 'paper.malformed'],
  ])('are not made with %s', async (_name, order, expected) => {
    await expect(prepare(order)).rejects.toMatchObject({ code: expected });
  });
});

describe('while a batch is made', () => {
  test('everything else has its turn before each wallet, and progress is told with an honest estimate', async () => {
    const told: Progress[] = [];
    let pauses = 0;
    const effects: FakeEffects = fakeEffects({
      pause: () => {
        pauses += 1;
        effects.pass(2000);
        return Promise.resolve();
      },
    });
    await prepare(orderOf({ count: 4 }), effects, { ...quiet, progress: (progress) => void told.push(progress) });
    expect(pauses).toBe(4);
    expect(told.slice(1)).toEqual([
      { fraction: 0, activity: 'Making paper wallet 1 of 4' },
      { fraction: 0.25, activity: 'Making paper wallet 2 of 4', remainingSeconds: 6 },
      { fraction: 0.5, activity: 'Making paper wallet 3 of 4', remainingSeconds: 4 },
      { fraction: 0.75, activity: 'Making paper wallet 4 of 4', remainingSeconds: 2 },
      { fraction: 1, activity: 'Making paper wallet 4 of 4', remainingSeconds: 0 },
    ]);
  });

  test.each([['wif', { form: 'wif' }, 2], ['secure-print', { form: 'secure-print' }, 4]] as const)('a person who gives up is heard between wallets (%s), and every key is wiped', async (_name, secret, done) => {
    made.length = 0;
    const told: Progress[] = [];
    const context: RequestContext = { progress: (progress) => void told.push(progress), isCancelled: () => told.some(({ fraction }) => fraction !== null && fraction * 8 >= done) };
    await expect(prepare(orderOf({ count: 8, secret }), fakeEffects(), context)).rejects.toMatchObject({ code: 'host.cancelled' });
    expect(told.at(-1)?.fraction).toBe(done / 8);
    // The batch's secret, and each wallet's key.
    expect(made.map((secretBytes) => secretBytes.every((byte) => byte === 0))).toEqual(Array.from({ length: 1 + done }, () => true));
  });
});

describe('the prints of a batch', () => {
  test('are proven one by one: by their codes, or by their check words', async () => {
    const prepared = await prepare(orderOf({ count: 2 }));
    const [first, second, third] = prepared.sheets;
    const scanned = [first, second].map((each) => codesOf(each?.sheet as never)[0]?.text as string);
    const state = readState(prepared, { scanned: [...scanned, ...scanned, 'a poster on the wall'], words: [third?.pages[0]?.checkWords.toUpperCase() as string, 'babab babab babab'] });
    expect(state.sheets.map(({ made, by, read, missing, unproven }) => ({ made, by, read, missing, unproven }))).toEqual([
      { made: true, by: 'codes', read: ['address'], missing: [], unproven: [1] },
      { made: true, by: 'codes', read: ['secret'], missing: [], unproven: [1] },
      { made: true, by: 'words', read: [], missing: ['address'], unproven: [] },
      { made: false, by: null, read: [], missing: ['secret'], unproven: [1] },
    ]);
    expect([state.foreign, state.foreignWords]).toEqual([1, 1]);
  });

  test('of a sheet without codes are proven by check words alone', async () => {
    const effects = fakeEffects();
    const order: SheetsOrder = { what: 'sheet', order: { content: { kind: 'template', template: 'seed-12', network: 'mainnet', label: null }, serial: null, date: null, pageSize: 'a4' } };
    const prepared = await prepareSheets(order, { effects, keys: new UnlockedKeys(effects, () => undefined) }, quiet);
    expect(readState(prepared, { scanned: ['something'], words: [] }).sheets[0]).toMatchObject({ made: false, by: null });
    expect(readState(prepared, { scanned: [], words: [prepared.sheets[0]?.pages[0]?.checkWords as string] }).sheets[0]).toMatchObject({ made: true, by: 'words' });
  });
});

test('on the command line a batch is two documents and a list of addresses; what is said beside holds no secret', async () => {
  const dispatch = serve(signerCommandContract, createSignerService(fakeEffects()).commandHandlers, (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  const reply = await dispatch('paper.wallets', { order: orderOf({ count: 2 }) }, quiet);
  if (!reply.ok) throw new Error(reply.error.code);
  const { publicDocument, secretDocument, addresses, readBack, ...said } = reply.value as Record<string, any>;
  expect([publicDocument.name, secretDocument.name, addresses.name]).toEqual(['paper-wallets-sr-7-addresses.pdf', 'paper-wallets-sr-7-keys.pdf', 'paper-wallets-sr-7-addresses.csv']);
  const rows = Buffer.from(parseBase64(addresses.contentBase64)).toString().trimEnd().split('\n');
  expect(rows).toEqual(['serial,network,script,address', ...said['wallets'].map((wallet: { serial: string; address: string }) => `${wallet.serial},regtest,p2wpkh,${wallet.address}`)]);
  expect(said['sheets'].map((sheet: { codes: unknown }) => sheet.codes)).toEqual([[{ id: 'address', text: said['wallets'][0].address }], [{ id: 'secret' }], [{ id: 'address', text: said['wallets'][1].address }], [{ id: 'secret' }]]);
  const again = await prepare(orderOf({ count: 2 }));
  const secrets = pairsOf(again).map(([, wif]) => wif);
  const list = parseReadBackList(Buffer.from(parseBase64(readBack.contentBase64)).toString());
  expect(readListed(list, { scanned: secrets, words: [again.sheets[0]?.pages[0]?.checkWords.toUpperCase() as string, 'babab babab babab'] })).toMatchObject({
    foreign: 1,
    sheets: [{ serial: 'SR-7-001-P', kind: 'paper-wallet', part: 'public', network: 'regtest', fingerprint: null, pages: 1, by: 'words' }, { serial: 'SR-7-001-S', by: 'codes' }, { by: null }, { by: 'codes' }],
  });
  for (const wif of secrets) expect(JSON.stringify([said, list])).not.toContain(wif.slice(0, 12));
});
