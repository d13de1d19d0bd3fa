/** Several keys in one step: whose registration is whose, one review of all wallets, and each key signs its own. */
import { beforeEach, describe, expect, test } from 'vitest';
import { parseBase64, toBase64 } from '../../../src/domain/bytes.ts';
import type { Client, RequestContext } from '../../../src/host/contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { signerCoreContract } from '../../../src/host/signer-contract.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { createSignerService } from '../../../src/service/signer/handlers.ts';
import { registerWallet } from '../../../src/signer/registration.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { formatRegistration } from '../../../src/wallet/registration.ts';
import type { Wallet } from '../../../src/wallet/wallet.ts';
import { daves, treasury, twoWalletsSpend } from '../../support/two-wallets-spend.ts';
import { keyOf, mnemonics, type Person } from '../signer/fixtures.ts';
import { unsignedSpend } from '../signer/spend-fixture.ts';
import { fakeEffects } from './fake-effects.ts';

type Core = typeof signerCoreContract;
type Call = <Name extends keyof Core>(name: Name, input: Parameters<Client<Core>[Name]>[0]) => Promise<Extract<Awaited<ReturnType<Client<Core>[Name]>>, { ok: true }>['value']>;
const context: RequestContext = { progress: () => undefined, isCancelled: () => false };
const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const registrationOf = (person: Person, wallet: Wallet): string => formatRegistration(registerWallet(keyOf(person), wallet, policyIdOf(wallet).words));
const made = { alice: registrationOf('alice', treasury), bob: registrationOf('bob', treasury), dave: registrationOf('dave', daves) };
const psbtFileBase64 = toBase64(twoWalletsSpend());
const [alice, bob, dave] = (['alice', 'bob', 'dave'] as const).map((person) => String(keyOf(person).fingerprint)) as [string, string, string];

let call: Call;
beforeEach(() => {
  const dispatch = serve(signerCoreContract, createSignerService(fakeEffects({})).handlers, (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  call = (async (name: string, input: unknown) => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value;
  }) as Call;
});
const open = async (person: Person, network: 'regtest' | 'practice' = 'regtest'): Promise<string> => (await call('key.restore', { network, label: person, secrets: [mnemonics[person]], passphrase: 'correct horse battery' })).keyHandle;
const openAll = (...people: readonly Person[]): Promise<string[]> => Promise.all(people.map((person) => open(person)));
const reviewBy = async (people: readonly Person[], registrations: readonly string[], file = psbtFileBase64) => {
  const [keyHandle = '', ...furtherKeyHandles] = await openAll(...people);
  return { keyHandle, report: await call('psbt.review', { keyHandle, furtherKeyHandles, psbtFileBase64: file, registrations: [...registrations] }) };
};
const signaturesIn = (base64: string): number[] => decodePsbt(parseBase64(base64)).inputs.map(({ partialSignatures }) => partialSignatures.length);

describe('a transaction of two wallets', () => {
  test('is refused with the key and the registration of one alone: the other\'s inputs are foreign', async () => {
    const { report } = await reviewBy(['alice'], [made.alice]);
    expect(report).toMatchObject({ verdict: 'refused', findings: [{ code: 'input.foreign', where: { scope: 'input', index: 2 } }] });
    expect(report.quorum).not.toHaveProperty('keys');
  });

  test('with the keys of both it is ready, and each signs the inputs of its wallet', async () => {
    const { keyHandle, report } = await reviewBy(['alice', 'dave'], [made.dave, made.alice]);
    expect(report).toMatchObject({
      verdict: 'ready', findings: [], wallets: [policyIdOf(treasury).walletId, policyIdOf(daves).walletId], inputsSats: '270000', paymentsSats: '200000', changeSats: '69000', feeSats: '1000',
      quorum: { required: 2, total: 3, signed: [], thisKey: alice, keys: [alice, dave], stillNeeded: 2 },
    });
    const signed = await call('psbt.sign', { keyHandle, reviewId: report.reviewId, acknowledged: [] });
    expect(signed).toMatchObject({ signedInputs: 3, quorum: { signed: [alice], stillNeeded: 1, keys: [alice, dave] } });
    expect(signaturesIn(signed.psbtBase64)).toEqual([1, 1, 1]);
  });

  test('two keys of one wallet, and one of the other, complete it in one step', async () => {
    const { keyHandle, report } = await reviewBy(['bob', 'dave', 'alice'], [made.alice, made.bob, made.dave]);
    expect(report.quorum).toMatchObject({ thisKey: bob, keys: [bob, dave, alice] });
    const signed = await call('psbt.sign', { keyHandle, reviewId: report.reviewId, acknowledged: [] });
    expect(signed).toMatchObject({ signedInputs: 3, quorum: { stillNeeded: 0 } });
    expect(signaturesIn(signed.psbtBase64)).toEqual([2, 2, 1]);
    // Signed by one before the others came to it, it gets the missing ones, and none twice.
    const first = await reviewBy(['alice', 'dave'], [made.alice, made.dave]);
    const half = await call('psbt.sign', { keyHandle: first.keyHandle, reviewId: first.report.reviewId, acknowledged: [] });
    const rest = await reviewBy(['alice', 'bob', 'dave'], [made.alice, made.bob, made.dave], half.psbtBase64);
    expect(rest.report.findings.map(({ code: found, details }) => [found, details['fingerprint']])).toEqual([['quorum.already-signed', alice], ['quorum.already-signed', dave]]);
    const whole = await call('psbt.sign', { keyHandle: rest.keyHandle, reviewId: rest.report.reviewId, acknowledged: rest.report.findings.map(({ code: found }) => found) });
    expect(whole.psbtSha256).not.toBe(half.psbtSha256);
    expect(signaturesIn(whole.psbtBase64)).toEqual([2, 2, 1]);
  });

  test('an origin that lies about any of the keys refuses it', async () => {
    const psbt = decodePsbt(parseBase64(psbtFileBase64));
    const lying = { ...psbt, inputs: psbt.inputs.map((input, index) => (index === 2 ? { ...input, bip32Derivations: input.bip32Derivations.map((origin) => ({ ...origin, path: [...origin.path.slice(0, -1), 9] })) } : input)) };
    const { report } = await reviewBy(['alice', 'dave'], [made.alice, made.dave], toBase64(encodePsbt(lying)));
    expect(report).toMatchObject({ verdict: 'refused', findings: [{ code: 'input.origin-lie', where: { index: 2 }, details: { fingerprint: dave } }] });
  });

  test('a key whose wallet the transaction does not draw on is named', async () => {
    const { report } = await reviewBy(['alice', 'dave'], [made.alice, made.dave], toBase64(unsignedSpend(treasury)));
    expect(report).toMatchObject({ verdict: 'refused', quorum: { keys: [alice, dave] } });
    expect(report.findings.filter(({ severity }) => severity === 'refuse')).toEqual([{ severity: 'refuse', code: 'quorum.not-a-cosigner', where: { scope: 'global', index: 0 }, details: { fingerprint: dave } }]);
  });
});

describe('nothing is reviewed', () => {
  const refused = async (people: readonly Person[], registrations: readonly string[], error: object): Promise<void> => {
    await expect(reviewBy(people, registrations)).rejects.toThrow(expect.objectContaining(error));
  };

  test('with a registration of no key at hand', async () => {
    await refused(['alice', 'dave'], [made.alice, made.bob, made.dave], { code: 'registration.forged', details: { fingerprint: `${alice}, ${dave}`, claims: bob } });
  });

  test('with a key that made none of the registrations', async () => {
    await refused(['alice', 'bob', 'dave'], [made.alice, made.dave], { code: 'key.not-a-cosigner', details: { fingerprint: bob } });
  });

  test('with one key twice, or keys of two networks', async () => {
    await refused(['alice', 'alice'], [made.alice], { code: 'host.bad-request' });
    const [keyHandle, other] = [await open('alice'), await open('dave', 'practice')];
    await expect(call('psbt.review', { keyHandle, furtherKeyHandles: [other], psbtFileBase64, registrations: [made.alice, made.dave] })).rejects.toThrow(code('key.network'));
  });

  test('with a registration that claims one of the keys and was not made by it', async () => {
    const forged = made.dave.replace(/("mac":\s*")[0-9a-f]{8}/, '$100000000');
    expect(forged).not.toBe(made.dave);
    await refused(['alice', 'dave'], [made.alice, forged], { code: 'registration.forged', details: { fingerprint: dave, claims: dave } });
  });
});

test('a key that is locked after the review signs nothing, whichever of them it is', async () => {
  const handles = await openAll('alice', 'dave');
  const [keyHandle = '', further = ''] = handles;
  const { reviewId } = await call('psbt.review', { keyHandle, furtherKeyHandles: [further], psbtFileBase64, registrations: [made.alice, made.dave] });
  await call('key.lock', { keyHandle: further });
  await expect(call('psbt.sign', { keyHandle, reviewId, acknowledged: [] })).rejects.toThrow(code('key.locked'));
  // The review is the first key's; no other can call it its own.
  const again = await open('dave');
  await expect(call('psbt.sign', { keyHandle: again, reviewId, acknowledged: [] })).rejects.toThrow(code('review.stale'));
});
