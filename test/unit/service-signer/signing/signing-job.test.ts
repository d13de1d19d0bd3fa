import { beforeEach, describe, expect, test } from 'vitest';
import { parseBase64, toBase64, utf8 } from '../../../../src/domain/bytes.ts';
import { decodePsbt } from '../../../../src/psbt/codec/decode.ts';
import { doSigningJob } from '../../../../src/service/signer/signing/do-job.ts';
import type { SigningAnswer, SigningJob } from '../../../../src/service/signer/signing/messages.ts';
import { serveSigningJob } from '../../../../src/service/signer/signing/serve-job.ts';
import { libsecp256k1 } from '../../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../../src/signer/curve-noble.ts';
import type { Curves } from '../../../../src/signer/ecdsa-signer.ts';
import { registerWallet } from '../../../../src/signer/registration.ts';
import { policyIdOf } from '../../../../src/wallet/policy-id.ts';
import { formatRegistration } from '../../../../src/wallet/registration.ts';
import { keyOf, walletOf, type Person } from '../../signer/fixtures.ts';
import { batchSpend, unsignedSpend } from '../../signer/spend-fixture.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const curves: Curves = { first: libsecp256k1, second: nobleCurves };
const wallet = walletOf();
const registrationOf = (person: Person): string => formatRegistration(registerWallet(keyOf(person), wallet, policyIdOf(wallet).words));
const registrations = { alice: registrationOf('alice'), bob: registrationOf('bob') };
const file = toBase64(unsignedSpend(wallet));

function jobOf(changed: Partial<SigningJob> = {}, person: 'alice' | 'bob' = 'alice', registration: 'alice' | 'bob' = person): SigningJob {
  const key = keyOf(person);
  return {
    psbtFileBase64: file,
    signer: { by: 'cosigner', network: 'regtest', privateKey: key.usePrivateKeyAt([], (bytes) => Uint8Array.from(bytes)), chainCode: key.extendedPublicKeyAt([]).chainCode, registrations: [registrations[registration]] },
    consent: null,
    ...changed,
  };
}
const quiet = (): void => undefined;
const reviewOf = (job = jobOf()) => {
  const answer = doSigningJob(job, curves, quiet);
  if (answer.kind !== 'reviewed') throw new Error('no review');
  return answer.report;
};
const consentTo = (report: ReturnType<typeof reviewOf>) => ({ reviewId: report.reviewId, acknowledged: report.findings.map((finding) => finding.code) });
const secretsIn = ({ signer }: SigningJob): number[] => (signer.by === 'cosigner' ? [...signer.privateKey, ...signer.chainCode] : []);

describe('a job', () => {
  test('reviews; with a person\'s consent it signs what it has reviewed itself', () => {
    const report = reviewOf();
    const answer = doSigningJob(jobOf({ consent: consentTo(report) }), curves, quiet);
    if (answer.kind !== 'signed') throw new Error('no signature');
    expect(answer.reply).toMatchObject({ signedInputs: 2, quorum: { signed: ['73c5da0a'] }, findings: report.findings });
    expect(decodePsbt(parseBase64(answer.reply.psbtBase64)).inputs.map((input) => input.partialSignatures.length)).toEqual([1, 1]);
  });

  test('wipes the key that it was given, whether it signed, reviewed or failed', () => {
    const jobs = [jobOf(), jobOf({ consent: consentTo(reviewOf()) }), jobOf({ psbtFileBase64: 'AA==' }), jobOf({}, 'alice', 'bob')];
    for (const job of jobs) {
      try {
        doSigningJob(job, curves, quiet);
      } catch {
        // What it throws is another test's.
      }
      expect(secretsIn(job).every((byte) => byte === 0)).toBe(true);
      expect(secretsIn(job)).toHaveLength(64);
    }
  });

  test.each([
    ['review.stale', () => jobOf({ consent: { ...consentTo(reviewOf()), reviewId: '00'.repeat(32) } })],
    ['review.stale', () => jobOf({ psbtFileBase64: toBase64(unsignedSpend(wallet, 149_999n)), consent: consentTo(reviewOf()) })],
    ['review.not-acknowledged', () => {
      const dear = toBase64(unsignedSpend(wallet, 150_000n, 20_000n));
      return jobOf({ psbtFileBase64: dear, consent: { reviewId: reviewOf(jobOf({ psbtFileBase64: dear })).reviewId, acknowledged: [] } });
    }],
    ['registration.forged', () => jobOf({}, 'alice', 'bob')],
    ['registration.malformed', () => ({ ...jobOf(), signer: { ...jobOf().signer, registrations: ['{}'] } as SigningJob['signer'] })],
    ['psbt.malformed', () => jobOf({ psbtFileBase64: toBase64(utf8('no psbt')) })],
    ['input.not-base64', () => jobOf({ psbtFileBase64: '?' })],
  ])('%s: nothing is signed', (expected, make) => {
    const signing: number[] = [];
    const counting: Curves = { ...curves, first: { ...libsecp256k1, sign: (...given) => { signing.push(1); return libsecp256k1.sign(...given); } } };
    expect(() => doSigningJob(make(), counting, quiet)).toThrow(code(expected));
    expect(signing).toEqual([]);
  });

  test('two implementations that differ give out nothing', () => {
    const liar: Curves = { ...curves, second: { ...nobleCurves, sign: (hash, key) => nobleCurves.sign(hash, key, new Uint8Array(32).fill(9)) } };
    expect(() => doSigningJob(jobOf({ consent: consentTo(reviewOf()) }), liar, quiet)).toThrow(code('sign.disagreement'));
  });

  test('tells each step in its order, and never more than all of it', () => {
    const big = toBase64(batchSpend(wallet, 40));
    const report = reviewOf(jobOf({ psbtFileBase64: big }));
    const told: [string, number, number][] = [];
    doSigningJob(jobOf({ psbtFileBase64: big, consent: consentTo(report) }), curves, (...step) => told.push(step));
    expect([...new Set(told.map(([step]) => step))]).toEqual(['open', 'review', 'sign', 'check']);
    expect(told.filter(([step]) => step === 'sign').map(([, done, total]) => [done, total])).toEqual(Array.from({ length: 40 }, (_, done) => [done, 40]));
    for (const [, done, total] of told) expect(done).toBeLessThanOrEqual(total);
    // The review tells of each input as it comes to it.
    expect(told.filter(([step]) => step === 'review').length).toBeGreaterThanOrEqual(40);
    expect(told.filter(([step]) => step === 'check').length).toBeGreaterThanOrEqual(40);
  });
});

describe('the process\'s end of the line', () => {
  let said: SigningAnswer[];
  let hear: (message: unknown) => void;
  let made: number;
  beforeEach(() => {
    said = [];
    made = 0;
    serveSigningJob({ post: (answer) => said.push(answer), listen: (listener) => { hear = listener; } }, () => {
      made += 1;
      return curves;
    });
  });
  const answers = (): SigningAnswer[] => said.filter(({ kind }) => kind !== 'progress');

  test('says that it is ready, does one job, and takes no other', () => {
    expect(said).toEqual([{ kind: 'ready' }]);
    hear(jobOf());
    hear(jobOf());
    expect(answers().map(({ kind }) => kind)).toEqual(['ready', 'reviewed']);
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'sign this'],
    ['a job with a word more', { ...jobOf(), more: 1 }],
    ['a key of 31 bytes', { ...jobOf(), signer: { ...jobOf().signer, privateKey: new Uint8Array(31) } }],
    ['a key as text', { ...jobOf(), signer: { ...jobOf().signer, privateKey: '07'.repeat(32) } }],
    ['no registration', { ...jobOf(), signer: { ...jobOf().signer, registrations: [] } }],
    ['consent to nothing', { ...jobOf(), consent: { reviewId: '', acknowledged: [] } }],
  ])('%s is no job: nothing is done, and no value of it comes back', (_what, message) => {
    hear(message);
    expect(answers()[1]).toMatchObject({ kind: 'failed', error: { code: 'host.bad-request', details: { command: 'signing job' } } });
    expect(JSON.stringify(answers())).not.toContain('0707');
    expect(made).toBe(0);
  });

  test('an error crosses as data', () => {
    hear(jobOf({ psbtFileBase64: 'AA==' }));
    expect(answers()[1]).toMatchObject({ kind: 'failed', error: { code: 'psbt.malformed' } });
  });

  test('an exception that nobody foresaw crosses as kind and places, without its text', () => {
    said = [];
    serveSigningJob({ post: (answer) => said.push(answer), listen: (listener) => { hear = listener; } }, () => {
      throw new RangeError('a secret 0707');
    });
    hear(jobOf());
    expect(answers()[1]).toMatchObject({ kind: 'fault' });
    const { places } = answers()[1] as Extract<SigningAnswer, { kind: 'fault' }>;
    expect(places).toMatch(/^RangeError\n\s+at .*signing-job\.test\.ts/);
    expect(places).not.toContain('secret');
  });

  test('progress of a large transaction is told a hundred times a step, not for each input', () => {
    hear(jobOf({ psbtFileBase64: toBase64(batchSpend(wallet, 250)) }));
    const review = said.filter((answer) => answer.kind === 'progress' && answer.step === 'review');
    expect(review.length).toBeGreaterThan(80);
    expect(review.length).toBeLessThanOrEqual(101);
  });
});
