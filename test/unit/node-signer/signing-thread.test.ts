import { afterEach, expect, test } from 'vitest';
import { parseBase64, toBase64 } from '../../../src/domain/bytes.ts';
import { startSigningThread } from '../../../src/node/signer/signing-process/start-signing-thread.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import type { SigningJob } from '../../../src/service/signer/signing/messages.ts';
import { SigningDesk, type SigningOrder, type SigningProcess } from '../../../src/service/signer/signing/signing-desk.ts';
import { registerWallet } from '../../../src/signer/registration.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { formatRegistration } from '../../../src/wallet/registration.ts';
import { keyOf, walletOf } from '../signer/fixtures.ts';
import { batchSpend, unsignedSpend } from '../signer/spend-fixture.ts';

/* The desk with the real thread of the command line. */

const wallet = walletOf();
const key = keyOf('alice');
const registrations = [formatRegistration(registerWallet(key, wallet, policyIdOf(wallet).words))];

let threads: SigningProcess[] = [];
const desk = new SigningDesk({
  startSigningProcess: (events) => {
    const thread = startSigningThread(events);
    threads.push(thread);
    return thread;
  },
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  now: () => Date.now(),
});
afterEach(async () => {
  await Promise.all(threads.map((thread) => thread.end()));
  threads = [];
});

function order(psbt: Uint8Array, consent: SigningJob['consent'] = null): SigningOrder & { readonly made: SigningJob[] } {
  const made: SigningJob[] = [];
  return {
    handles: [],
    made,
    job: () => {
      const job: SigningJob = { psbtFileBase64: toBase64(psbt), signer: { by: 'cosigner', network: 'regtest', privateKey: key.usePrivateKeyAt([], (bytes) => Uint8Array.from(bytes)), chainCode: Uint8Array.from(key.extendedPublicKeyAt([]).chainCode), registrations }, consent };
      made.push(job);
      return job;
    },
  };
}
const quiet = { progress: () => undefined, isCancelled: () => false };
const consentOf = (report: Awaited<ReturnType<SigningDesk['review']>>) => ({ reviewId: report.reviewId, acknowledged: report.findings.map(({ code }) => code) });

test('a transaction is reviewed in one thread and signed in another; the key was given away to each', async () => {
  const psbt = unsignedSpend(wallet);
  const asked = order(psbt);
  const report = await desk.review(asked, quiet);
  const [job] = asked.made;
  expect(job?.signer.by === 'cosigner' && [job.signer.privateKey.length, job.signer.chainCode.length]).toEqual([0, 0]);
  const signed = await desk.sign(order(psbt, consentOf(report)), quiet);
  expect(signed).toMatchObject({ signedInputs: 2, quorum: { signed: ['73c5da0a'], stillNeeded: 1 } });
  expect(decodePsbt(parseBase64(signed.psbtBase64)).inputs.map((input) => input.partialSignatures.length)).toEqual([1, 1]);
  expect(threads).toHaveLength(2);
});

test('an error of the job keeps its name on the way', async () => {
  await expect(desk.review(order(Uint8Array.of(1)), quiet)).rejects.toThrow(expect.objectContaining({ code: 'psbt.malformed' }));
});

test('a thread that is ended in the middle is an error by name, and the next one signs', async () => {
  const psbt = batchSpend(wallet, 150);
  const report = await desk.review(order(psbt), quiet);
  const isSigning = Promise.withResolvers<void>();
  const sign = desk.sign(order(psbt, consentOf(report)), { ...quiet, progress: ({ activity }) => { if (activity.startsWith('Signing')) isSigning.resolve(); } });
  const outcome = expect(sign).rejects.toThrow(expect.objectContaining({ code: 'sign.process-ended' }));
  await isSigning.promise;
  await threads.at(-1)?.end();
  await outcome;
  expect((await desk.sign(order(psbt, consentOf(report)), quiet)).signedInputs).toBe(150);
});

test('a person who gives up while inputs are signed gets no signature, and the thread is gone', async () => {
  const psbt = batchSpend(wallet, 150);
  const report = await desk.review(order(psbt), quiet);
  let isCancelled = false;
  await expect(desk.sign(order(psbt, consentOf(report)), {
    progress: ({ activity }) => { isCancelled ||= activity.startsWith('Signing'); },
    isCancelled: () => isCancelled,
  })).rejects.toThrow(expect.objectContaining({ code: 'host.cancelled' }));
});
