import { beforeEach, expect, test } from 'vitest';
import { toBase64, utf8 } from '../../../src/domain/bytes.ts';
import type { Client, RequestContext } from '../../../src/host/contract.ts';
import { rehearsalFaults } from '../../../src/host/drill-wire.ts';
import { serve } from '../../../src/host/serve.ts';
import { signerCoreContract } from '../../../src/host/signer-contract.ts';
import { createDrillHandlers } from '../../../src/service/signer/drill-handlers.ts';
import type { SignerEffects } from '../../../src/service/signer/effects.ts';
import { encodeKeyFile } from '../../../src/signer/key-file.ts';
import { parseMnemonic } from '../../../src/signer/mnemonic.ts';
import { registerWallet } from '../../../src/signer/registration.ts';
import { formatDrillRecord } from '../../../src/signer/drills/drill-record.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { formatRegistration } from '../../../src/wallet/registration.ts';
import { passedRecord } from '../signer/drills/drill-fixtures.ts';
import { keyOf, mnemonics, walletOf } from '../signer/fixtures.ts';
import { fakeEffects, type FakeEffects } from './fake-effects.ts';

const contract = {
  'drill.begin': signerCoreContract['drill.begin'],
  'drill.answer': signerCoreContract['drill.answer'],
  'drill.abandon': signerCoreContract['drill.abandon'],
  'drill.due': signerCoreContract['drill.due'],
  'drill.rehearse': signerCoreContract['drill.rehearse'],
} as const;
type Drills = typeof contract;
type Call = <Name extends keyof Drills>(name: Name, input: Parameters<Client<Drills>[Name]>[0]) => Promise<Extract<Awaited<ReturnType<Client<Drills>[Name]>>, { ok: true }>['value']>;

const context: RequestContext = { progress: () => undefined, isCancelled: () => false };
const alice = keyOf('alice');
const wallet = walletOf();
const registration = formatRegistration(registerWallet(alice, wallet, policyIdOf(wallet).words));
const subject = { fingerprint: alice.fingerprint, network: 'regtest' as const, label: 'alice', registrations: [registration] };
const how = { by: 'Ada', final: false, monthsToNext: 6 };
const paper = (words: string) => ({ from: 'paper' as const, secrets: [words] });

let effects: FakeEffects;
let call: Call;
let steady: number;
let decrypted: Uint8Array[];

/** The handlers behind the real boundary, so that every reply is checked against the contract too. */
beforeEach(() => {
  steady = 5000;
  decrypted = [];
  const fake = fakeEffects();
  const decryptKeyFile: SignerEffects['decryptKeyFile'] = async (file, passphrase) => {
    const plaintext = await fake.decryptKeyFile(file, passphrase);
    decrypted.push(plaintext);
    return plaintext;
  };
  effects = { ...fake, decryptKeyFile };
  const dispatch = serve(contract, createDrillHandlers({ ...effects, steadyMs: () => steady }), (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  call = (async (name: string, input: unknown) => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value;
  }) as Call;
});

const wait = (milliseconds: number): void => {
  steady += milliseconds;
  effects.pass(milliseconds);
};

test('a drill from paper: begun, answered wrongly, answered, over', async () => {
  const { drillHandle, startedAt } = await call('drill.begin', { subject, from: 'paper' });
  expect(startedAt).toBe('2026-11-22T10:00:00.000Z');
  wait(90_000);
  const tried = await call('drill.answer', { drillHandle, answer: paper(`${mnemonics.alice.slice(0, -5)} zebra`), ...how });
  expect(tried).toMatchObject({ isOver: false, record: { outcome: 'failed', failure: 'mnemonic.malformed', scores: [], attempts: 1 } });
  wait(30_000);
  const passed = await call('drill.answer', { drillHandle, answer: paper(mnemonics.alice), ...how });
  expect(passed).toMatchObject({ isOver: true, record: { outcome: 'passed', seconds: 120, attempts: 2, failure: null, by: 'Ada', label: 'alice', from: 'paper', nextDue: '2027-05-22' } });
  expect(passed.record.scores.map(({ what }) => what)).toEqual(['fingerprint', 'registration', 'first-receive', 'first-change']);
  await expect(call('drill.answer', { drillHandle, answer: paper(mnemonics.alice), ...how })).rejects.toMatchObject({ code: 'drill.unknown' });
});

test('the last wrong answer ends the drill', async () => {
  const { drillHandle } = await call('drill.begin', { subject, from: 'paper' });
  expect(await call('drill.answer', { drillHandle, answer: paper(mnemonics.bob), ...how, final: true })).toMatchObject({ isOver: true, record: { outcome: 'failed', failure: null, nextDue: '2026-11-22' } });
  await expect(call('drill.abandon', { drillHandle, by: 'Ada' })).rejects.toMatchObject({ code: 'drill.unknown' });
});

test('the record holds no word of the answer', async () => {
  const { drillHandle } = await call('drill.begin', { subject, from: 'paper' });
  for (const words of [mnemonics.dave, 'letter advice cage absurd amount doctor acoustic avoid letter advice cage', 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi']) {
    const text = JSON.stringify(await call('drill.answer', { drillHandle, answer: paper(words), ...how }));
    for (const word of words.split(' ')) expect(text).not.toContain(word);
  }
});

test('a backup is decrypted, compared and wiped; a wrong passphrase is an answer too', async () => {
  const content = encodeKeyFile({ network: 'regtest', label: 'alice', secret: { kind: 'mnemonic', language: 'english', entropy: parseMnemonic(mnemonics.alice), bip39Passphrase: '' }, createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'test', sources: ['os'], entropyRecord: null }, alice.fingerprint);
  const keyFileBase64 = toBase64(await effects.encryptKeyFile(content, 'right'));
  const { drillHandle } = await call('drill.begin', { subject, from: 'backup' });
  const answer = (passphrase: string, file = keyFileBase64) => call('drill.answer', { drillHandle, answer: { from: 'backup', keyFileBase64: file, passphrase }, ...how });
  expect(await answer('wrong')).toMatchObject({ isOver: false, record: { failure: 'key.passphrase-wrong' } });
  expect(await answer('right', 'no base64!')).toMatchObject({ isOver: false, record: { failure: 'input.not-base64' } });
  expect(await answer('right', toBase64(utf8('right\0nothing')))).toMatchObject({ isOver: false, record: { failure: 'key.file-malformed' } });
  expect(await answer('right')).toMatchObject({ isOver: true, record: { outcome: 'passed', attempts: 4, from: 'backup' } });
  expect(decrypted.map((plaintext) => plaintext.every((byte) => byte === 0))).toEqual([true, true]);
});

test('a drill from paper takes no backup, or its record would say something untrue', async () => {
  const { drillHandle } = await call('drill.begin', { subject, from: 'paper' });
  await expect(call('drill.answer', { drillHandle, answer: { from: 'backup', keyFileBase64: '', passphrase: '' }, ...how })).rejects.toMatchObject({ code: 'drill.other-source' });
  expect((await call('drill.abandon', { drillHandle, by: 'Ada' })).record).toMatchObject({ outcome: 'abandoned', attempts: 0 });
});

test('a name that no record can hold stops the answer before the secret is looked at, and the drill goes on', async () => {
  const { drillHandle } = await call('drill.begin', { subject, from: 'paper' });
  await expect(call('drill.answer', { drillHandle, answer: paper(mnemonics.alice), ...how, by: 'A\nda' })).rejects.toMatchObject({ code: 'drill.record-malformed' });
  expect(await call('drill.answer', { drillHandle, answer: paper(mnemonics.alice), ...how })).toMatchObject({ isOver: true, record: { attempts: 1 } });
});

test('two answers at once: one ends the drill, the other finds it over', async () => {
  const { drillHandle } = await call('drill.begin', { subject, from: 'paper' });
  const answers = await Promise.allSettled([1, 2].map(() => call('drill.answer', { drillHandle, answer: paper(mnemonics.alice), ...how })));
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a drill that nobody ended is forgotten when sixteen others were begun', async () => {
  const first = await call('drill.begin', { subject, from: 'paper' });
  const second = await call('drill.begin', { subject, from: 'paper' });
  for (let other = 0; other < 15; other += 1) await call('drill.begin', { subject, from: 'paper' });
  await expect(call('drill.abandon', { drillHandle: first.drillHandle, by: '' })).rejects.toMatchObject({ code: 'drill.unknown' });
  expect((await call('drill.abandon', { drillHandle: second.drillHandle, by: '' })).record.outcome).toBe('abandoned');
});

test('a registration of another key begins no drill', async () => {
  await expect(call('drill.begin', { subject: { ...subject, fingerprint: keyOf('bob').fingerprint }, from: 'paper' })).rejects.toMatchObject({ code: 'registration.forged' });
});

test('what is due is told for the keys asked about and for those of the records', async () => {
  const records = [formatDrillRecord(passedRecord({ nextDue: '2026-11-01' }))];
  const bob = { fingerprint: keyOf('bob').fingerprint, network: null, label: 'bob' };
  const due = await call('drill.due', { records, keys: [bob], today: null });
  expect(due.today).toBe('2026-11-22');
  expect(due.keys.map(({ label, state, nextDue }) => ({ label, state, nextDue }))).toEqual([{ label: 'alice', state: 'overdue', nextDue: '2026-11-01' }, { label: 'bob', state: 'never', nextDue: null }]);
  expect((await call('drill.due', { records, keys: [{ fingerprint: '73c5da0a', network: null, label: 'A' }], today: '2026-05-01' })).keys).toMatchObject([{ label: 'A', state: 'later' }]);
});

test('a record that cannot be read hides no other, and is named', async () => {
  const due = await call('drill.due', { records: ['{}', formatDrillRecord(passedRecord()), 'x'], keys: [], today: '2026-05-01' });
  expect(due).toMatchObject({ malformed: [0, 2], keys: [{ fingerprint: '73c5da0a', state: 'later', last: { outcome: 'passed' } }] });
});

test.each(rehearsalFaults)('the rehearsal of %s ends as predicted with the handlers\' own ways back', async (fault) => {
  expect(await call('drill.rehearse', { fault })).toMatchObject({ fault, asPredicted: true });
});
