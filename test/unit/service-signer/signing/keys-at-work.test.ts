import { beforeEach, expect, test } from 'vitest';
import { toBase64, toHex } from '../../../../src/domain/bytes.ts';
import type { Client, RequestContext } from '../../../../src/host/contract.ts';
import { serve } from '../../../../src/host/serve.ts';
import { signerCoreContract } from '../../../../src/host/signer-contract.ts';
import { encodePsbt } from '../../../../src/psbt/codec/encode.ts';
import { createPsbt } from '../../../../src/psbt/creator.ts';
import { updatePsbt } from '../../../../src/psbt/updater.ts';
import { createSignerService, type SignerService } from '../../../../src/service/signer/handlers.ts';
import type { AnyJob } from '../../../../src/service/signer/signing/messages.ts';
import type { StartSigningProcess } from '../../../../src/service/signer/signing/signing-desk.ts';
import { libsecp256k1 } from '../../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../../src/signer/curve-noble.ts';
import { formatWif } from '../../../../src/signer/secrets/wif.ts';
import { formatWalletFile } from '../../../../src/wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../../../src/wallet/policy-id.ts';
import { createAddressDeriver } from '../../../../src/wallet/address.ts';
import { keyOf, mnemonics, walletOf } from '../../signer/fixtures.ts';
import { unsignedSpend } from '../../signer/spend-fixture.ts';
import { testPaper } from '../../support/paper-sweep-builder.ts';
import { fundingTransaction } from '../../support/psbt-builder.ts';
import { fakeEffects, processInName } from '../fake-effects.ts';

/* Which keys go to the process that signs, and what happens to it when they are locked meanwhile. */

type Core = typeof signerCoreContract;
type Call = <Name extends keyof Core>(name: Name, input: Parameters<Client<Core>[Name]>[0]) => Promise<Extract<Awaited<ReturnType<Client<Core>[Name]>>, { ok: true }>['value']>;

const locked = expect.objectContaining({ code: 'key.locked' });
const wallet = walletOf();
const context: RequestContext = { progress: () => undefined, isCancelled: () => false };
const honest = processInName({ first: libsecp256k1, second: nobleCurves });

let service: SignerService;
let call: Call;
/** Every job as it went over the line. */
let jobs: AnyJob[];
/** Runs when a job has been handed over and is not answered yet. */
let meanwhile: () => void;
beforeEach(() => {
  jobs = [];
  meanwhile = () => undefined;
  const watched: StartSigningProcess = (events) => {
    const process = honest(events);
    return {
      ...process,
      post: (job, secrets) => {
        jobs.push(structuredClone(job));
        process.post(job, secrets);
        meanwhile();
      },
    };
  };
  service = createSignerService(fakeEffects({ startSigningProcess: watched }));
  const dispatch = serve(signerCoreContract, service.handlers, (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  call = (async (name: string, input: unknown) => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value;
  }) as Call;
});

async function cosigner(): Promise<{ readonly keyHandle: string; readonly registration: string }> {
  const { keyHandle } = await call('key.restore', { network: 'regtest', label: 'alice', secrets: [mnemonics.alice], passphrase: 'correct horse battery' });
  const { registration } = await call('wallet.register', { keyHandle, wallet: formatWalletFile(wallet), policyId: policyIdOf(wallet).words });
  return { keyHandle, registration };
}
const reviewSpend = ({ keyHandle, registration }: Awaited<ReturnType<typeof cosigner>>) => call('psbt.review', { keyHandle, psbtFileBase64: toBase64(unsignedSpend(wallet)), registrations: [registration] });

const paper = testPaper(1);
const openPaper = async (): Promise<string> => (await call('paper-key.open', { network: 'regtest', secret: formatWif({ privateKey: paper.privateKey, compressed: true }, 'regtest') })).paperKeyHandle;
function sweepFile(): string {
  const funding = fundingTransaction([{ scriptPubKey: paper.output('p2wpkh').scriptPubKey, amountSats: 100_000n }], 900);
  const to = createAddressDeriver(wallet).derive(0, 2);
  const created = createPsbt({ inputs: [{ txid: funding.txid, vout: 0, sequence: 0xffff_fffd }], outputs: [{ scriptPubKey: to.scriptPubKey, amountSats: 99_000n }], locktime: 0 });
  return toBase64(encodePsbt(updatePsbt(created, { inputs: [{ previousTransaction: funding.bytes }], outputs: [{ derived: to }] })));
}

test('a cosigner\'s job has this key and the registrations that were named, and no other', async () => {
  const open = await cosigner();
  await reviewSpend(open);
  const alice = keyOf('alice');
  expect(jobs).toHaveLength(1);
  const [job] = jobs;
  expect(job?.signer).toMatchObject({ by: 'cosigner', registrations: [open.registration] });
  expect(job?.signer.by === 'cosigner' && toHex(job.signer.privateKey)).toBe(alice.usePrivateKeyAt([], toHex));
});

test('a sweep is reviewed without any private key; to sign it only the papers\' keys go, and the cosigner\'s never', async () => {
  const open = await cosigner();
  const paperKeyHandles = [await openPaper(), await openPaper()];
  const review = await call('sweep.review', { paperKeyHandles, keyHandle: open.keyHandle, registrations: [open.registration], psbtFileBase64: sweepFile() });
  expect(review.payments[0]?.to).toMatchObject({ branch: 'receive', childIndex: 2 });
  await call('sweep.sign', { reviewId: review.reviewId, acknowledged: review.findings.map(({ code }) => code) });
  const keysOf = (job: AnyJob | undefined): unknown => (job?.signer.by === 'papers' ? job.signer.keys : null);
  // The same paper twice is one key.
  expect(keysOf(jobs[0])).toEqual([{ publicKey: paper.publicKey, privateKey: null }]);
  expect(keysOf(jobs[1])).toEqual([{ publicKey: paper.publicKey, privateKey: paper.privateKey }]);
  const cosigners = keyOf('alice').usePrivateKeyAt([], (key) => key.join());
  expect(jobs.map((job) => JSON.stringify(job, (_, value: unknown) => (value instanceof Uint8Array ? value.join() : value))).join()).not.toContain(cosigners);
});

test.each([
  ['its key is locked', (keyHandle: string) => void call('key.lock', { keyHandle })],
  ['the laptop goes to sleep', () => service.lockAll()],
] as const)('a review ends when %s', async (_when, lock) => {
  const open = await cosigner();
  meanwhile = () => lock(open.keyHandle);
  await expect(reviewSpend(open)).rejects.toThrow(locked);
  meanwhile = () => undefined;
  const again = await cosigner();
  expect((await reviewSpend(again)).verdict).toBe('ready');
});

test('a signature that is being made when its key is locked is not given out', async () => {
  const open = await cosigner();
  const review = await reviewSpend(open);
  meanwhile = () => service.lockAll();
  await expect(call('psbt.sign', { keyHandle: open.keyHandle, reviewId: review.reviewId, acknowledged: review.findings.map(({ code }) => code) })).rejects.toThrow(locked);
});

test('a sweep that is being signed ends when one of its papers is closed', async () => {
  const paperKeyHandle = await openPaper();
  const review = await call('sweep.review', { paperKeyHandles: [paperKeyHandle], keyHandle: null, registrations: [], psbtFileBase64: sweepFile() });
  meanwhile = () => void call('paper-key.close', { paperKeyHandle });
  await expect(call('sweep.sign', { reviewId: review.reviewId, acknowledged: review.findings.map(({ code }) => code) })).rejects.toThrow(locked);
});
