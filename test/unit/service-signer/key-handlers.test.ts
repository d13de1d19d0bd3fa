import { utf8 as text } from '@scure/base';
import { beforeEach, expect, test } from 'vitest';
import { parseBase64, toBase64, utf8 } from '../../../src/domain/bytes.ts';
import type { Handlers, RequestContext } from '../../../src/host/contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { signerCoreContract } from '../../../src/host/signer-contract.ts';
import { createKeyHandlers } from '../../../src/service/signer/key-handlers.ts';
import { UnlockedKeys } from '../../../src/service/signer/unlocked-keys.ts';
import { shownWords } from '../../../src/signer/kept-secret.ts';
import { diceText, mnemonics } from '../signer/fixtures.ts';
import { fakeEffects, type FakeEffects } from './fake-effects.ts';

/* Keys as files: made, restored, derived, opened, and put under another passphrase. */

const passphrase = 'correct horse battery';
const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const context: RequestContext = { progress: () => undefined, isCancelled: () => false };

let effects: FakeEffects;
let keys: UnlockedKeys;
let call: (name: keyof ReturnType<typeof createKeyHandlers>, input: object) => Promise<any>;

function start(changed: Partial<FakeEffects> = {}): void {
  effects = { ...fakeEffects(), ...changed };
  keys = new UnlockedKeys(effects, () => undefined);
  const dispatch = serve(signerCoreContract, createKeyHandlers(effects, keys) as Handlers<typeof signerCoreContract>, (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  call = async (name, input) => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value;
  };
}
beforeEach(() => start());

const restore = (secrets: readonly string[], more: object = {}) => call('key.restore', { network: 'regtest', label: 'Alice', secrets, passphrase, ...more });

test('a new key\'s entropy record stands in its file and beside it, and holds nothing secret', async () => {
  const made = await call('key.create', { network: 'regtest', label: 'Alice', words: 24, dice: diceText(99), passphrase });
  expect(made).toMatchObject({
    secret: 'mnemonic', words: 24, language: 'english', hasBip39Passphrase: false, suggestedName: `alice-${made.fingerprint}.key.age`, recordName: `alice-${made.fingerprint}.entropy.json`,
    entropyRecord: { format: 'strongroom-entropy-record', version: 1, fingerprint: made.fingerprint, network: 'regtest', label: 'Alice', mode: 'mixed', program: 'strongroom-signer', programVersion: '0.1.0', build: 'source', madeAt: '2026-11-22T10:00:00.000Z' },
  });
  const words = shownWords(keys.use(made.keyHandle).file.secret);
  expect(words).toHaveLength(24);
  expect(JSON.stringify(made.entropyRecord)).not.toContain(diceText(99).slice(0, 10));
  expect((await call('key.unlock', { keyFileBase64: made.keyFileBase64, passphrase })).entropyRecord).toEqual(made.entropyRecord);
});

test.each([
  ['a mnemonic', [mnemonics.alice], {}, { secret: 'mnemonic', words: 12, language: 'english', fingerprint: '73c5da0a', sources: ['mnemonic'] }],
  ['a SeedQR', ['000000000000000000000000000000000000000000000003'], {}, { secret: 'mnemonic', words: 12, fingerprint: '73c5da0a', sources: ['seedqr'] }],
  ['codex32 shares', ['MS12NAMEA320ZYXWVUTSRQPNMLKJHGFEDCAXRPP870HKKQRM', 'MS12NAMECACDEFGHJKLMNPQRSTUVWXYZ023FTR2GDZMPY6PN'], {}, { secret: 'seed', words: null, language: null, sources: ['codex32:2'] }],
  // BIP32, test vector 1: its master key's identifier begins with 3442193e.
  ['an xprv', ['xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi'], { network: 'mainnet' }, { secret: 'master-key', words: null, fingerprint: '3442193e', sources: ['xprv'] }],
])('%s becomes a key file that says what it keeps and that its entropy is not known', async (_, secrets, more, facts) => {
  const made = await restore(secrets, more);
  expect(made).toMatchObject({ ...facts, entropyRecord: { mode: 'restored', fingerprint: made.fingerprint, health: [] } });
  expect(made.entropyRecord.sources.every(({ bits }: { bits: number }) => bits === 0)).toBe(true);
  const { keyHandle, ...again } = await call('key.unlock', { keyFileBase64: made.keyFileBase64, passphrase });
  expect(made).toMatchObject(again);
  expect(keyHandle).not.toBe(made.keyHandle);
});

test('what leads to no key restores nothing and leaves nothing unlocked', async () => {
  await expect(restore(['5KN7MzqK5wt2TP1fQCYyHBtDrXdJuXbUzm4A9rKAteGu3Qi5CVR'])).rejects.toThrow(code('key.secret-unsupported'));
  await expect(restore([mnemonics.bob, mnemonics.carol])).rejects.toThrow(code('secret.parameters'));
  await expect(restore([mnemonics.bob], { language: 'french' })).rejects.toThrow(code('mnemonic.malformed'));
  expect(effects.timers()).toBe(0);
});

test('a child key is BIP85\'s, in a file of its own that names its parent', async () => {
  // BIP85's own master key; its child of 12 words at index 0 is published there.
  const parent = await restore(['xprv9s21ZrQH143K2LBWUUQRFXhucrQqBpKdRRxNVq2zBqsx8HVqFk2uYo8kmbaLLHRdqtQpUm98uKfu3vca1LqdGhUtyoFnCNkfmXRyPXLjbKb'], { network: 'mainnet' });
  const child = await call('key.child', { keyHandle: parent.keyHandle, words: 12, index: 0, label: 'Child', passphrase });
  expect(shownWords(keys.use(child.keyHandle).file.secret).join(' ')).toBe('girl mad pet galaxy egg matter matrix prison refuse sense ordinary nose');
  expect(child).toMatchObject({ network: 'mainnet', label: 'Child', words: 12, sources: [`bip85-${parent.fingerprint}`], entropyRecord: { mode: 'derived', sources: [{ source: `bip85-${parent.fingerprint}`, count: 0, bits: 0 }] } });
  const next = await call('key.child', { keyHandle: parent.keyHandle, words: 24, index: 2_147_483_647, label: 'Child', passphrase });
  expect(next).toMatchObject({ words: 24, entropyRecord: { sources: [{ count: 2_147_483_647 }] } });
  expect(next.fingerprint).not.toBe(child.fingerprint);
});

test('a child needs an unlocked parent, a place that exists and a strong passphrase', async () => {
  const { keyHandle } = await restore([mnemonics.alice]);
  const child = (more: object) => call('key.child', { keyHandle, words: 12, index: 0, label: 'C', passphrase, ...more });
  await expect(child({ passphrase: 'short' })).rejects.toThrow(code('key.passphrase-weak'));
  await expect(child({ index: 2_147_483_648 })).rejects.toThrow(code('host.bad-request'));
  await expect(child({ words: 15 })).rejects.toThrow(code('host.bad-request'));
  await expect(child({ keyHandle: 'f'.repeat(32) })).rejects.toThrow(code('key.locked'));
});

test('another passphrase changes nothing but the passphrase', async () => {
  const made = await restore([mnemonics.alice]);
  const next = 'another passphrase';
  const changed = await call('key.change-passphrase', { keyFileBase64: made.keyFileBase64, passphrase, newPassphrase: next });
  expect(changed.fingerprint).toBe('73c5da0a');
  expect(await effects.decryptKeyFile(parseBase64(changed.keyFileBase64), next)).toEqual(await effects.decryptKeyFile(parseBase64(made.keyFileBase64), passphrase));
  await expect(call('key.unlock', { keyFileBase64: changed.keyFileBase64, passphrase })).rejects.toThrow(code('key.passphrase-wrong'));
  expect((await call('key.unlock', { keyFileBase64: changed.keyFileBase64, passphrase: next })).entropyRecord).toEqual(made.entropyRecord);
});

test('the passphrase is not changed with a wrong old one, to a weak new one, or of what is no key file', async () => {
  const { keyFileBase64 } = await restore([mnemonics.alice]);
  const change = (more: object) => call('key.change-passphrase', { keyFileBase64, passphrase, newPassphrase: 'another passphrase', ...more });
  await expect(change({ passphrase: 'wrong' })).rejects.toThrow(code('key.passphrase-wrong'));
  await expect(change({ newPassphrase: 'short' })).rejects.toThrow(code('key.passphrase-weak'));
  const other = toBase64(await effects.encryptKeyFile(utf8('{"format":"other"}'), passphrase));
  await expect(change({ keyFileBase64: other })).rejects.toThrow(code('key.file-malformed'));
});

test('what does not open again is not given out: not for a new key, not under another passphrase', async () => {
  const { keyFileBase64 } = await restore([mnemonics.alice]);
  const { encryptKeyFile } = effects;
  start({ encryptKeyFile: async (plaintext, secret) => (await encryptKeyFile(plaintext, secret)).map((byte, index, all) => (index === all.length - 1 ? byte ^ 1 : byte)) });
  await expect(restore([mnemonics.alice])).rejects.toThrow(code('key.file-malformed'));
  await expect(call('key.change-passphrase', { keyFileBase64, passphrase, newPassphrase: 'another passphrase' })).rejects.toThrow(code('key.file-malformed'));
  expect(effects.timers()).toBe(0);
});

test('the plaintext of a key file is wiped when the step is over', async () => {
  const seen: Uint8Array[] = [];
  const fake = fakeEffects();
  start({ encryptKeyFile: (plaintext, secret) => (seen.push(plaintext), fake.encryptKeyFile(plaintext, secret)), decryptKeyFile: async (file, secret) => (seen.push(await fake.decryptKeyFile(file, secret)), seen.at(-1) as Uint8Array) });
  const made = await restore([mnemonics.alice]);
  await call('key.unlock', { keyFileBase64: made.keyFileBase64, passphrase });
  await call('key.change-passphrase', { keyFileBase64: made.keyFileBase64, passphrase, newPassphrase: 'another passphrase' });
  expect(seen.length).toBeGreaterThanOrEqual(6);
  for (const plaintext of seen) expect(text.encode(plaintext)).toMatch(/^\0*$/);
});
