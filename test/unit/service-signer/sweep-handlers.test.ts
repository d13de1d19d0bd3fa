import { beforeEach, describe, expect, test } from 'vitest';
import { parseBase64, toBase64 } from '../../../src/domain/bytes.ts';
import type { Client } from '../../../src/host/contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { signerCoreContract } from '../../../src/host/signer-contract.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizeSingleKeys } from '../../../src/psbt/single-key-finalizer.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import { createSignerService, type SignerService } from '../../../src/service/signer/handlers.ts';
import { IDLE_LOCK_MS } from '../../../src/service/signer/unlocked-keys.ts';
import { encryptBip38 } from '../../../src/signer/secrets/bip38.ts';
import { formatWif } from '../../../src/signer/secrets/wif.ts';
import { createAddressDeriver } from '../../../src/wallet/address.ts';
import { formatWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { mnemonics, walletOf } from '../signer/fixtures.ts';
import { everyScript, FEE, paperSweep, testPaper } from '../support/paper-sweep-builder.ts';
import { fundingTransaction, strangerScript } from '../support/psbt-builder.ts';
import { fakeEffects, type FakeEffects } from './fake-effects.ts';

type Core = typeof signerCoreContract;
type Call = <Name extends keyof Core>(name: Name, input: Parameters<Client<Core>[Name]>[0]) => Promise<Extract<Awaited<ReturnType<Client<Core>[Name]>>, { ok: true }>['value']>;

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const wallet = walletOf();
const deriver = createAddressDeriver(wallet);
const { walletId } = policyIdOf(wallet);
const passphrase = 'correct horse battery';
const all = everyScript();

let effects: FakeEffects;
let service: SignerService;
let call: Call;
beforeEach(() => {
  effects = fakeEffects();
  service = createSignerService(effects);
  const dispatch = serve(signerCoreContract, service.handlers, (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  call = (async (name: string, input: unknown) => {
    const reply = await dispatch(name, input, { progress: () => undefined, isCancelled: () => false });
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value;
  }) as Call;
});

const wifOf = (position: number, network: 'regtest' | 'mainnet' = 'regtest'): string => formatWif({ privateKey: all[position]!.paper.privateKey, compressed: position !== 4 }, network);
const open = (secret: string, bip38Passphrase = '', network: 'regtest' | 'practice' | 'mainnet' = 'regtest') => call('paper-key.open', { network, secret, passphrase: bip38Passphrase });
const openAll = async (): Promise<string[]> => Promise.all(all.map(async (_, position) => (await open(wifOf(position))).paperKeyHandle));
async function coldKey(network: 'regtest' | 'practice' = 'regtest'): Promise<{ keyHandle: string; registration: string }> {
  const of = walletOf(['alice', 'bob', 'carol'], 2, network);
  const { keyHandle } = await call('key.restore', { network, label: 'alice', secrets: [mnemonics.alice], passphrase });
  const { registration } = await call('wallet.register', { keyHandle, wallet: formatWalletFile(of), policyId: policyIdOf(of).words });
  return { keyHandle, registration };
}
/** The sweep of every paper into receive address 2 of the registered wallet, as the Companion writes it. */
function sweepFile(to = deriver.derive(0, 2)): string {
  const fundings = all.map(({ paper, script }, salt) => fundingTransaction([{ scriptPubKey: paper.output(script).scriptPubKey, amountSats: 100_000n }], 700 + salt));
  const created = createPsbt({ inputs: fundings.map(({ txid }) => ({ txid, vout: 0, sequence: 0xffff_fffd })), outputs: [{ scriptPubKey: to.scriptPubKey, amountSats: 600_000n - FEE }], locktime: 0 });
  return toBase64(encodePsbt(updatePsbt(created, { inputs: fundings.map(({ bytes }) => ({ previousTransaction: bytes })), outputs: [{ derived: to }] })));
}

describe('opening papers', () => {
  test('a key tells its addresses, its form and how it was written down; the secret stays inside', async () => {
    const opened = await open(wifOf(0));
    expect(opened).toMatchObject({ form: 'wif', compressed: true, fingerprint: all[0]!.paper.fingerprint });
    expect(opened.addresses.map(({ script }) => script)).toEqual(['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr']);
    expect(JSON.stringify(opened)).not.toContain(wifOf(0).slice(4, 20));
    expect((await open(wifOf(4))).addresses.map(({ script }) => script)).toEqual(['p2pkh']);
    const encrypted = await encryptBip38({ privateKey: testPaper(1).privateKey, compressed: true }, 'regtest', 'paper', effects.slow);
    expect(await open(encrypted, 'paper')).toMatchObject({ form: 'bip38', fingerprint: all[0]!.paper.fingerprint });
  });

  test.each([
    ['secret.not-a-single-key', () => open(mnemonics.alice)],
    ['secret.malformed', () => open(wifOf(0).replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')))],
    ['secret.passphrase-wrong', async () => open(await encryptBip38({ privateKey: testPaper(1).privateKey, compressed: true }, 'regtest', 'paper', effects.slow), 'other')],
    ['key.network', () => open(wifOf(0, 'mainnet'))],
  ])('%s', async (expected, attempt) => {
    await expect(attempt()).rejects.toThrow(code(expected));
    expect(effects.timers()).toBe(0);
  });

  test('what is closed, or left idle, or locked with everything else, is wiped', async () => {
    const review = (paperKeyHandles: string[]) => call('sweep.review', { paperKeyHandles, keyHandle: null, registrations: [], psbtFileBase64: sweepFile() });
    const [one, two] = [(await open(wifOf(0))).paperKeyHandle, (await open(wifOf(1))).paperKeyHandle];
    await call('paper-key.close', { paperKeyHandle: one });
    await call('paper-key.close', { paperKeyHandle: one });
    await expect(review([one])).rejects.toThrow(code('key.locked'));
    expect((await review([two])).verdict).toBe('refused');
    effects.pass(IDLE_LOCK_MS - 1);
    await review([two]);
    effects.pass(IDLE_LOCK_MS - 1);
    await review([two]);
    effects.pass(IDLE_LOCK_MS);
    await expect(review([two])).rejects.toThrow(code('key.locked'));
    const slept = (await open(wifOf(2))).paperKeyHandle;
    effects.pass(IDLE_LOCK_MS, true);
    await expect(review([slept])).rejects.toThrow(code('key.locked'));
    const last = (await open(wifOf(3))).paperKeyHandle;
    service.lockAll();
    await expect(review([last])).rejects.toThrow(code('key.locked'));
    expect(effects.timers()).toBe(0);
  });

  test('whoever opens the next paper is at work with the first one too', async () => {
    const first = (await open(wifOf(0))).paperKeyHandle;
    for (let paper = 1; paper < 6; paper += 1) {
      effects.pass(IDLE_LOCK_MS / 2);
      await open(wifOf(paper));
    }
    expect((await call('sweep.review', { paperKeyHandles: [first], keyHandle: null, registrations: [], psbtFileBase64: sweepFile() })).verdict).toBe('refused');
  });
});

describe('a sweep', () => {
  test('is reviewed with a proven destination, signed, and reads back as a final transaction', async () => {
    const paperKeyHandles = await openAll();
    const { keyHandle, registration } = await coldKey();
    const report = await call('sweep.review', { paperKeyHandles, keyHandle, registrations: [registration], psbtFileBase64: sweepFile() });
    expect(report).toMatchObject({ verdict: 'ready', wallets: [walletId], payments: [{ to: { wallet: walletId, branch: 'receive', childIndex: 2 } }], change: [], quorum: { required: 6, total: 6, thisKey: null, stillNeeded: 6 } });
    // Signing needs the papers alone.
    await call('key.lock', { keyHandle });
    const signed = await call('sweep.sign', { reviewId: report.reviewId, acknowledged: [] });
    expect(signed).toMatchObject({ signedInputs: 6, quorum: { stillNeeded: 0 } });
    expect([...signed.quorum.signed].sort()).toEqual(all.map(({ paper }) => paper.fingerprint as string).sort());
    expect(extractTransaction(finalizeSingleKeys(decodePsbt(parseBase64(signed.psbtBase64)))).feeSats).toBe(FEE);
  });

  test('without a registration the destination must be acknowledged', async () => {
    const report = await call('sweep.review', { paperKeyHandles: await openAll(), keyHandle: null, registrations: [], psbtFileBase64: sweepFile() });
    expect(report.verdict).toBe('judgement');
    await expect(call('sweep.sign', { reviewId: report.reviewId, acknowledged: [] })).rejects.toThrow(code('review.not-acknowledged'));
    expect((await call('sweep.sign', { reviewId: report.reviewId, acknowledged: ['sweep.unproven-destination'] })).signedInputs).toBe(6);
  });

  test('a paper that was scanned twice is one key', async () => {
    const handles = [...(await openAll()), ...(await openAll())];
    const report = await call('sweep.review', { paperKeyHandles: handles, keyHandle: null, registrations: [], psbtFileBase64: sweepFile() });
    expect(report.quorum).toMatchObject({ required: 6, total: 6 });
    expect((await call('sweep.sign', { reviewId: report.reviewId, acknowledged: ['sweep.unproven-destination'] })).signedInputs).toBe(6);
  });

  test('is not signed when the review refuses, was never made, or a paper was closed since', async () => {
    const paperKeyHandles = await openAll();
    const psbtFileBase64 = toBase64(encodePsbt(paperSweep([...all, { paper: testPaper(50), script: 'p2wpkh' }], strangerScript())));
    const refused = await call('sweep.review', { paperKeyHandles, keyHandle: null, registrations: [], psbtFileBase64 });
    expect(refused.findings.map((finding) => finding.code)).toContain('input.foreign');
    await expect(call('sweep.sign', { reviewId: refused.reviewId, acknowledged: refused.findings.map((finding) => finding.code) })).rejects.toThrow(code('review.refused'));
    await expect(call('sweep.sign', { reviewId: '00'.repeat(32), acknowledged: [] })).rejects.toThrow(code('review.stale'));
    const report = await call('sweep.review', { paperKeyHandles, keyHandle: null, registrations: [], psbtFileBase64: sweepFile() });
    await call('paper-key.close', { paperKeyHandle: paperKeyHandles[0]! });
    await expect(call('sweep.sign', { reviewId: report.reviewId, acknowledged: ['sweep.unproven-destination'] })).rejects.toThrow(code('key.locked'));
  });

  test('a cosigner\'s key does not sign what was reviewed for papers, nor the other way round', async () => {
    const { keyHandle, registration } = await coldKey();
    const report = await call('sweep.review', { paperKeyHandles: await openAll(), keyHandle, registrations: [registration], psbtFileBase64: sweepFile() });
    await expect(call('psbt.sign', { keyHandle, reviewId: report.reviewId, acknowledged: [] })).rejects.toThrow(code('review.stale'));
  });

  test('a registration needs the key that made it, of the papers\' network', async () => {
    const paperKeyHandles = await openAll();
    const { registration } = await coldKey();
    const review = (keyHandle: string | null, registrations: string[], handles = paperKeyHandles) => call('sweep.review', { paperKeyHandles: handles, keyHandle, registrations, psbtFileBase64: sweepFile() });
    await expect(review(null, [registration])).rejects.toThrow(code('host.bad-request'));
    const { keyHandle: bob } = await call('key.restore', { network: 'regtest', label: 'bob', secrets: [mnemonics.bob], passphrase });
    await expect(review(bob, [registration])).rejects.toThrow(code('registration.forged'));
    const practice = await coldKey('practice');
    await expect(review(practice.keyHandle, [practice.registration])).rejects.toThrow(code('key.network'));
    const elsewhere = (await open(wifOf(0), '', 'practice')).paperKeyHandle;
    await expect(review(null, [], [...paperKeyHandles, elsewhere])).rejects.toThrow(code('key.network'));
  });
});
