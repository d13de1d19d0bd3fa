import { beforeEach, expect, test } from 'vitest';
import { parseBase64, toBase64, utf8 } from '../../../src/domain/bytes.ts';
import type { Client, RequestContext } from '../../../src/host/contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { signerCoreContract } from '../../../src/host/signer-contract.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { createSignerService, type SignerService } from '../../../src/service/signer/handlers.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { formatWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import { coinText, diceText, mnemonics, noise, walletOf, type Person } from '../signer/fixtures.ts';
import { unsignedSpend } from '../signer/spend-fixture.ts';
import { fakeEffects, type FakeEffects } from './fake-effects.ts';

type Core = typeof signerCoreContract;
type Call = <Name extends keyof Core>(name: Name, input: Parameters<Client<Core>[Name]>[0]) => Promise<Extract<Awaited<ReturnType<Client<Core>[Name]>>, { ok: true }>['value']>;

const passphrase = 'correct horse battery';
const wallet = walletOf();
const walletFile = formatWalletFile(wallet);
const policyId = policyIdOf(wallet).words;
const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const context: RequestContext = { progress: () => undefined, isCancelled: () => false };

let effects: FakeEffects;
let service: SignerService;
let call: Call;

/** A service behind the real boundary, so that every reply is checked against the contract too. */
function start(changed: Parameters<typeof fakeEffects>[0] = {}): void {
  effects = fakeEffects(changed);
  service = createSignerService(effects);
  const dispatch = serve(signerCoreContract, service.handlers, (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  call = (async (name: string, input: unknown) => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value;
  }) as Call;
}
beforeEach(() => start());

const create = (changed: object = {}) => call('key.create', { network: 'regtest', label: 'Alice', words: 24, dice: diceText(99), coins: '', passphrase, ...changed });
const restore = (person: Person, network: 'regtest' | 'practice' = 'regtest') =>
  call('key.restore', { network, label: person, secrets: [mnemonics[person]], passphrase });
async function registered(person: Person): Promise<{ keyHandle: string; registration: string }> {
  const { keyHandle } = await restore(person);
  const { registration } = await call('wallet.register', { keyHandle, wallet: walletFile, policyId });
  return { keyHandle, registration };
}
const fileOf = (bytes: Uint8Array): string => toBase64(bytes);

test('a new key says who made it, when, and of what', async () => {
  const made = await create({ coins: coinText(256) });
  expect(made).toMatchObject({
    network: 'regtest', label: 'Alice', words: 24, sources: ['os', 'dice:99', 'coins:256'],
    createdBy: 'strongroom-signer 0.1.0', createdAt: '2026-11-22T10:00:00.000Z',
  });
  expect(made.suggestedName).toBe(`alice-${made.fingerprint}.key.age`);
  expect(service.wordsOf(made.keyHandle)).toHaveLength(24);
});

test('the system alone makes no key', async () => {
  await expect(create({ dice: '', words: 12 })).rejects.toThrow(code('entropy.too-little'));
});

test('two keys from the same dice are different, since the system\'s entropy is mixed in', async () => {
  expect((await create()).fingerprint).not.toBe((await create()).fingerprint);
});

test.each([
  ['entropy.too-little', { dice: diceText(98) }],
  ['entropy.malformed', { dice: `${diceText(99)}0` }],
  ['entropy.weak', { dice: '123456'.repeat(20) }],
  ['entropy.too-little', { dice: '', coins: coinText(255) }],
  ['key.passphrase-weak', { passphrase: 'elevenchars' }],
])('%s: no key is made', async (expected, changed) => {
  await expect(create(changed)).rejects.toThrow(code(expected));
  expect(effects.timers()).toBe(0);
});

test('a constant system source makes no key, however good the dice', async () => {
  const constant = () => new Uint8Array(64).fill(5);
  start({ readSystemEntropy: () => Promise.resolve([{ source: 'runtime', first: constant(), second: constant() }]) });
  await expect(create()).rejects.toThrow(code('entropy.source-failed'));
});

test('a key file that cannot be encrypted leaves no key unlocked', async () => {
  start({ encryptKeyFile: () => Promise.reject(new RangeError('planted')) });
  const dispatch = serve(signerCoreContract, service.handlers, () => undefined);
  const reply = await dispatch('key.create', { network: 'regtest', label: 'A', words: 12, dice: diceText(50), passphrase }, context);
  expect(reply).toMatchObject({ ok: false, error: { code: 'host.unknown' } });
  expect(effects.timers()).toBe(0);
});

test('a restored key is the mnemonic\'s, and its file opens with its passphrase alone', async () => {
  const made = await restore('alice');
  expect(made).toMatchObject({ fingerprint: '73c5da0a', words: 12, sources: ['mnemonic'] });
  const again = await call('key.unlock', { keyFileBase64: made.keyFileBase64, passphrase });
  expect(again).toMatchObject({ fingerprint: '73c5da0a', label: 'alice', sources: ['mnemonic'] });
  expect(again.keyHandle).not.toBe(made.keyHandle);
  expect(service.wordsOf(again.keyHandle).join(' ')).toBe(mnemonics.alice);
  await expect(call('key.unlock', { keyFileBase64: made.keyFileBase64, passphrase: 'another passphrase' })).rejects.toThrow(code('key.passphrase-wrong'));
});

test('a BIP39 passphrase makes another key and is kept in the file', async () => {
  const made = await call('key.restore', { network: 'mainnet', label: 'a', secrets: [mnemonics.alice], bip39Passphrase: 'TREZOR', passphrase });
  expect(made.fingerprint).toBe('b4e3f5ed');
  expect((await call('key.unlock', { keyFileBase64: made.keyFileBase64, passphrase })).fingerprint).toBe('b4e3f5ed');
});

test('a wrong mnemonic or a weak passphrase restores nothing', async () => {
  await expect(call('key.restore', { network: 'regtest', label: 'a', secrets: ['abandon about'], passphrase })).rejects.toThrow(code('mnemonic.malformed'));
  await expect(call('key.restore', { network: 'regtest', label: 'a', secrets: [mnemonics.bob], passphrase: 'short' })).rejects.toThrow(code('key.passphrase-weak'));
});

test('the key record is what the other programs read', async () => {
  const { keyHandle } = await restore('alice');
  expect(await call('key.export', { keyHandle, script: 'p2wsh', account: 0 })).toEqual({
    keyRecord: '[73c5da0a/48h/1h/0h/2h]tpubDFH9dgzveyD8zTbPUFuLrGmCydNvxehyNdUXKJAQN8x4aZ4j6UZqGfnqFrD4NqyaTVGKbvEW54tsvPTK2UoSbCC1PJY8iCNiwTL3RWZEheQ',
    fingerprint: '73c5da0a',
    path: '48h/1h/0h/2h',
    xpub: 'tpubDFH9dgzveyD8zTbPUFuLrGmCydNvxehyNdUXKJAQN8x4aZ4j6UZqGfnqFrD4NqyaTVGKbvEW54tsvPTK2UoSbCC1PJY8iCNiwTL3RWZEheQ',
    suggestedName: 'alice-73c5da0a.key-record.txt',
  });
  expect(await call('key.export', { keyHandle, script: 'p2tr', account: 0 })).toMatchObject({ path: '86h/1h/0h' });
});

test('a wallet is registered after its policy id was typed, and addresses come from the registration', async () => {
  const { keyHandle } = await restore('alice');
  await expect(call('wallet.register', { keyHandle, wallet: walletFile, policyId: 'no such words' })).rejects.toThrow(code('wallet.policy-mismatch'));
  const made = await call('wallet.register', { keyHandle, wallet: walletFile, policyId: ` ${policyId.toUpperCase()} ` });
  expect(made).toMatchObject({ policyId, quorum: { required: 2, total: 3 }, ownKey: '73c5da0a', suggestedName: 'treasury.registration-73c5da0a.json' });
  const { addresses } = await call('wallet.address', { keyHandle, registration: made.registration, branch: 'receive', index: 0, count: 2 });
  expect(addresses.map(({ branch, index }) => [branch, index])).toEqual([['receive', 0], ['receive', 1]]);
  expect(addresses[0]?.address).toBe(made.firstReceive);
  expect((await call('wallet.address', { keyHandle, registration: made.registration, branch: 'change', index: 0, count: 1 })).addresses[0]?.address).toBe(made.firstChange);
  await expect(call('wallet.address', { keyHandle, registration: made.registration, branch: 'change', index: 999_999, count: 2 })).rejects.toThrow(code('wallet.index-range'));
  const policy = await call('wallet.policy', { wallet: walletFile });
  expect(policy).toMatchObject({ policyId, walletId: made.walletId, firstReceive: made.firstReceive, firstChange: made.firstChange });
});

test('a registration of another key gives no address and no review', async () => {
  const { registration } = await registered('bob');
  const { keyHandle } = await restore('alice');
  await expect(call('wallet.address', { keyHandle, registration, branch: 'receive', index: 0, count: 1 })).rejects.toThrow(code('registration.forged'));
  await expect(call('psbt.review', { keyHandle, psbtFileBase64: fileOf(unsignedSpend(wallet)), registrations: [registration] })).rejects.toThrow(code('registration.forged'));
});

test('a key of another network registers nothing', async () => {
  const { keyHandle } = await restore('alice', 'practice');
  await expect(call('wallet.register', { keyHandle, wallet: walletFile, policyId })).rejects.toThrow(code('key.network'));
});

test('review, then sign: two people reach the quorum', async () => {
  const first = await registered('alice');
  const review = await call('psbt.review', { keyHandle: first.keyHandle, psbtFileBase64: fileOf(unsignedSpend(wallet)), registrations: [first.registration] });
  expect(review).toMatchObject({ inputsSats: '190000', paymentsSats: '150000', changeSats: '39000', feeSats: '1000', quorum: { required: 2, signed: [], thisKey: '73c5da0a', stillNeeded: 2 } });
  const acknowledged = review.findings.map((finding) => finding.code);
  const signed = await call('psbt.sign', { keyHandle: first.keyHandle, reviewId: review.reviewId, acknowledged });
  expect(signed).toMatchObject({ signedInputs: 2, quorum: { signed: ['73c5da0a'], stillNeeded: 1 }, findings: review.findings });

  const second = await registered('bob');
  // A PSBT may come as text as well.
  const file = toBase64(utf8(signed.psbtBase64));
  const again = await call('psbt.review', { keyHandle: second.keyHandle, psbtFileBase64: file, registrations: [second.registration] });
  expect(again.reviewId).toBe(signed.psbtSha256);
  const complete = await call('psbt.sign', { keyHandle: second.keyHandle, reviewId: again.reviewId, acknowledged: again.findings.map((finding) => finding.code) });
  expect(complete.quorum.stillNeeded).toBe(0);
  expect(decodePsbt(parseBase64(complete.psbtBase64)).inputs.map((input) => input.partialSignatures.length)).toEqual([2, 2]);
});

test('a key that signed already has nothing to sign', async () => {
  const { keyHandle, registration } = await registered('alice');
  const review = await call('psbt.review', { keyHandle, psbtFileBase64: fileOf(unsignedSpend(wallet)), registrations: [registration] });
  const acknowledged = review.findings.map((finding) => finding.code);
  const signed = await call('psbt.sign', { keyHandle, reviewId: review.reviewId, acknowledged });
  const again = await call('psbt.review', { keyHandle, psbtFileBase64: signed.psbtBase64, registrations: [registration] });
  await expect(call('psbt.sign', { keyHandle, reviewId: again.reviewId, acknowledged })).rejects.toThrow(code('sign.nothing'));
});

test('every finding that needs judgement must be acknowledged by its own code', async () => {
  const { keyHandle, registration } = await registered('alice');
  const review = await call('psbt.review', { keyHandle, psbtFileBase64: fileOf(unsignedSpend(wallet, 150_000n, 20_000n)), registrations: [registration] });
  expect(review.verdict).toBe('judgement');
  for (const acknowledged of [[], ['rbf.signalled'], ['fee.nonsense'], ['toString']]) {
    await expect(call('psbt.sign', { keyHandle, reviewId: review.reviewId, acknowledged })).rejects.toThrow(code('review.not-acknowledged'));
  }
  expect((await call('psbt.sign', { keyHandle, reviewId: review.reviewId, acknowledged: ['fee.high'] })).signedInputs).toBe(2);
});

test('a refused transaction is not signed, whatever is acknowledged', async () => {
  const { keyHandle, registration } = await registered('alice');
  const foreign = unsignedSpend(walletOf(['bob', 'carol', 'dave']));
  const review = await call('psbt.review', { keyHandle, psbtFileBase64: fileOf(foreign), registrations: [registration] });
  expect(review.verdict).toBe('refused');
  await expect(call('psbt.sign', { keyHandle, reviewId: review.reviewId, acknowledged: review.findings.map((finding) => finding.code) })).rejects.toThrow(code('review.refused'));
});

test('only what this key reviewed is signed', async () => {
  const alice = await registered('alice');
  const bob = await registered('bob');
  const review = await call('psbt.review', { keyHandle: alice.keyHandle, psbtFileBase64: fileOf(unsignedSpend(wallet)), registrations: [alice.registration] });
  await expect(call('psbt.sign', { keyHandle: bob.keyHandle, reviewId: review.reviewId, acknowledged: [] })).rejects.toThrow(code('review.stale'));
  await expect(call('psbt.sign', { keyHandle: alice.keyHandle, reviewId: '00'.repeat(32), acknowledged: [] })).rejects.toThrow(code('review.stale'));
});

test('a lying implementation of signing is refused through the boundary too', async () => {
  start({ curves: { first: libsecp256k1, second: { ...libsecp256k1, name: 'liar', sign: (hash, key) => libsecp256k1.sign(hash, key, noise('nonce', 32)) } } });
  const { keyHandle, registration } = await registered('alice');
  const review = await call('psbt.review', { keyHandle, psbtFileBase64: fileOf(unsignedSpend(wallet)), registrations: [registration] });
  await expect(call('psbt.sign', { keyHandle, reviewId: review.reviewId, acknowledged: review.findings.map((finding) => finding.code) })).rejects.toThrow(code('sign.disagreement'));
});

test.each([
  ['psbt.malformed', utf8('not a psbt')],
  ['psbt.malformed', unsignedSpend(wallet).subarray(0, 200)],
])('%s: an unreadable file is no review', async (expected, bytes) => {
  const { keyHandle, registration } = await registered('alice');
  await expect(call('psbt.review', { keyHandle, psbtFileBase64: fileOf(bytes), registrations: [registration] })).rejects.toThrow(code(expected));
});

const MINUTE = 60_000;
test('a key locks itself after ten idle minutes, and each use starts them again', async () => {
  const { keyHandle } = await restore('alice');
  for (let use = 0; use < 3; use += 1) {
    effects.pass(9 * MINUTE);
    await call('key.export', { keyHandle, script: 'p2wsh', account: 0 });
  }
  effects.pass(10 * MINUTE);
  expect(effects.timers()).toBe(0);
  await expect(call('key.export', { keyHandle, script: 'p2wsh', account: 0 })).rejects.toThrow(code('key.locked'));
  expect(() => service.wordsOf(keyHandle)).toThrow(code('key.locked'));
});

test('a laptop that slept, or whose clock was set back, finds its keys locked', async () => {
  const slept = await restore('alice');
  effects.pass(11 * MINUTE, true);
  await expect(call('key.export', { keyHandle: slept.keyHandle, script: 'p2wsh', account: 0 })).rejects.toThrow(code('key.locked'));
  const setBack = await restore('alice');
  effects.pass(-1, true);
  await expect(call('key.export', { keyHandle: setBack.keyHandle, script: 'p2wsh', account: 0 })).rejects.toThrow(code('key.locked'));
});

test('locking forgets the key and its reviews; locking twice is no error', async () => {
  const { keyHandle, registration } = await registered('alice');
  const review = await call('psbt.review', { keyHandle, psbtFileBase64: fileOf(unsignedSpend(wallet)), registrations: [registration] });
  expect(await call('key.lock', { keyHandle })).toEqual({});
  expect(await call('key.lock', { keyHandle })).toEqual({});
  await expect(call('psbt.sign', { keyHandle, reviewId: review.reviewId, acknowledged: [] })).rejects.toThrow(code('key.locked'));
});

test('all keys lock together', async () => {
  const handles = [(await restore('alice')).keyHandle, (await restore('bob')).keyHandle];
  service.lockAll();
  for (const handle of handles) expect(() => service.wordsOf(handle)).toThrow(code('key.locked'));
  expect(effects.timers()).toBe(0);
});

test('no secret stands in any error of a key\'s life', async () => {
  const texts: string[] = [];
  const note = async (work: Promise<unknown>): Promise<void> => {
    await work.catch((fault: { message: string; details: unknown; hint: string }) => texts.push(`${fault.message}${JSON.stringify(fault.details)}${fault.hint}`));
  };
  const made = await restore('bob');
  await note(call('key.unlock', { keyFileBase64: made.keyFileBase64, passphrase: 'hunter2 hunter2' }));
  await note(call('key.restore', { network: 'regtest', label: 'a', secrets: [`${mnemonics.bob} winner`], bip39Passphrase: 'sesame', passphrase }));
  await note(create({ dice: '6'.repeat(99) }));
  await note(create({ passphrase: 'sesame' }));
  expect(texts).toHaveLength(4);
  expect(texts.join('\n')).not.toMatch(/hunter2|winner|sesame|666|battery/);
});
