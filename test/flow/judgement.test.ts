import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { NO_TERMINAL, companion, done, haveTerminal, requireBuilt, run, signer, type } from './programs.ts';
import { PASSPHRASE, asCosigner, copyOf, makeTreasury, planPayment, type Treasury } from './treasury.ts';

let made: Treasury;
let treasury: Treasury;
beforeAll(() => {
  requireBuilt();
  made = makeTreasury();
});
afterAll(() => made.remove());
beforeEach(() => {
  treasury = copyOf(made);
});
afterEach(() => treasury.remove());
const here = () => ({ folder: treasury.folder });

describe('psbt review', () => {
  test('says ready with 0, and the Companion reviews to the same numbers', () => {
    const planned = planPayment(treasury);
    const review = signer(['psbt', 'review', 'pay.psbt', ...asCosigner('a')], here());
    expect(review.exit).toBe(0);
    expect(review.json()).toMatchObject({ ok: true, verdict: 'ready', reviewId: planned['psbtSha256'], feeSats: planned['plan'].feeSats, paymentsSats: '10000000', quorum: { required: 2, total: 3, signed: [], stillNeeded: 2, thisKey: made.fingerprints[0] } });
    const watched = companion(['psbt', 'review', 'pay.psbt', '--wallet', 'wallet.json'], here());
    expect(watched.exit).toBe(0);
    expect(watched.json()).toMatchObject({ verdict: 'ready', inputsSats: review.json()['inputsSats'], quorum: { thisKey: null } });
  });

  test('needs judgement with 2; signing needs every finding acknowledged', () => {
    planPayment(treasury, { feeRate: '600', sats: '10000000' });
    const review = signer(['psbt', 'review', 'pay.psbt', ...asCosigner('a')], here());
    expect(review.exit).toBe(2);
    expect(review.json()).toMatchObject({ ok: true, verdict: 'judgement', findings: expect.arrayContaining([expect.objectContaining({ severity: 'acknowledge', code: 'fee.high' })]) });
    const unjudged = signer(['psbt', 'sign', 'pay.psbt', ...asCosigner('a'), '--out', 'signed.psbt'], here());
    expect(unjudged.exit).toBe(2);
    expect(unjudged.json()).toMatchObject({ ok: false, error: { code: 'review.not-acknowledged' } });
    expect(existsSync(join(treasury.folder, 'signed.psbt'))).toBe(false);
    expect(done(signer(['psbt', 'sign', 'pay.psbt', ...asCosigner('a'), '--acknowledge', 'fee.high', '--out', 'signed.psbt'], here()))).toMatchObject({ signedInputs: 1, quorum: { stillNeeded: 1 } });
  });

  test('refuses with 3, and nothing is signed whatever is acknowledged', () => {
    planPayment(treasury);
    // The same transaction without its previous transaction: an amount that nobody proved.
    const psbt = readFileSync(join(treasury.folder, 'pay.psbt'));
    const stripped = withoutPreviousTransaction(psbt);
    treasury.file('bare.psbt', stripped);
    const review = signer(['psbt', 'review', 'bare.psbt', ...asCosigner('a')], here());
    expect(review.exit).toBe(3);
    expect(review.json()).toMatchObject({ ok: true, verdict: 'refused', findings: expect.arrayContaining([expect.objectContaining({ severity: 'refuse', code: 'input.prevtx-missing' })]) });
    const signed = signer(['psbt', 'sign', 'bare.psbt', ...asCosigner('a'), '--acknowledge', 'fee.high', '--out', 'signed.psbt'], here());
    expect(signed.exit).toBe(3);
    expect(signed.json()).toMatchObject({ ok: false, error: { code: 'review.refused' } });
    expect(existsSync(join(treasury.folder, 'signed.psbt'))).toBe(false);
  });

  test('is readable from base64, hex, standard input and QR frames alike', () => {
    planPayment(treasury);
    const psbt = readFileSync(join(treasury.folder, 'pay.psbt'));
    treasury.file('pay.b64', `${psbt.toString('base64')}\n`);
    treasury.file('pay.hex', psbt.toString('hex'));
    const ids = [
      signer(['psbt', 'review', 'pay.psbt', ...asCosigner('a')], here()),
      signer(['psbt', 'review', 'pay.b64', ...asCosigner('a')], here()),
      signer(['psbt', 'review', 'pay.hex', ...asCosigner('a')], here()),
      signer(['psbt', 'review', '-', ...asCosigner('a')], { ...here(), input: psbt }),
    ].map((ended) => done(ended)['reviewId']);
    expect(new Set(ids).size).toBe(1);
  });

  test('is printed for people in the order in which they decide', () => {
    planPayment(treasury);
    const { stdout } = run('strongroom-signer', ['psbt', 'review', 'pay.psbt', ...asCosigner('a')], here());
    const places = ['Review', 'READY', 'What it does', 'Payment', 'Change', 'proven: derived by this wallet at .../1/0', 'Fee', 'Findings', 'Quorum', 'Inputs'].map((word) => stdout.indexOf(word));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});

describe('psbt sign', () => {
  test('signs under the id of other bytes not at all (3)', () => {
    planPayment(treasury);
    const stale = signer(['psbt', 'sign', 'pay.psbt', ...asCosigner('a'), '--review-id', '0'.repeat(64), '--out', 'signed.psbt'], here());
    expect(stale.exit).toBe(3);
    expect(stale.json()).toMatchObject({ error: { code: 'review.stale' } });
    expect(existsSync(join(treasury.folder, 'signed.psbt'))).toBe(false);
  });

  test('at a terminal it shows the review and signs only for the word: Enter never signs', async ({ skip }) => {
    if (!haveTerminal) skip(NO_TERMINAL);
    planPayment(treasury);
    const args = ['psbt', 'sign', 'pay.psbt', '--key', 'a.key.age', '--registration', 'a.registration.json', '--out', 'signed.psbt'];
    const question = `Type "sign" to sign as ${made.fingerprints[0]}, findings above included: `;
    const declined = await type(treasury.folder, args, [['Passphrase of the key file: ', `${PASSPHRASE}\r`], [question, '\r']]);
    expect(declined.exit).toBe(75);
    expect(declined.screen).toContain('READY');
    expect(existsSync(join(treasury.folder, 'signed.psbt'))).toBe(false);
    const agreed = await type(treasury.folder, args, [['Passphrase of the key file: ', `${PASSPHRASE}\r`], [question, 'sign\r']]);
    expect(agreed.exit).toBe(0);
    expect(agreed.screen).not.toContain(PASSPHRASE);
    expect(existsSync(join(treasury.folder, 'signed.psbt'))).toBe(true);
  });

  test('takes only codes that can be acknowledged (64)', () => {
    const ended = signer(['psbt', 'sign', 'pay.psbt', ...asCosigner('a'), '--acknowledge', 'change.fraud', '--out', 'signed.psbt'], here());
    expect(ended.exit).toBe(64);
    expect(ended.json()).toMatchObject({ error: { code: 'usage.malformed' } });
  });

  test('an existing folder takes the file under a name that says who signed; QR codes go where asked', () => {
    planPayment(treasury);
    const signed = done(signer(['psbt', 'sign', 'pay.psbt', ...asCosigner('a'), '--out', 'out', '--qr', 'out/qr'], here()));
    expect(signed['out']).toBe(join('out', `pay.signed-${made.fingerprints[0]}.psbt`));
    expect(readdirSync(join(treasury.folder, 'out/qr')).filter((name) => name.endsWith('.svg'))).toHaveLength(signed['qrFrames']);
    // What was written as QR frames reads as the same PSBT.
    expect(done(companion(['psbt', 'combine', signed['qrText'], '--wallet', 'wallet.json', '--out', 'again.psbt'], here()))).toMatchObject({ quorum: { signed: [made.fingerprints[0]] } });
  });
});

describe('the quorum', () => {
  test('one signature of two is not final (2); the order of combining does not matter', () => {
    planPayment(treasury);
    for (const name of ['a', 'c'] as const) done(signer(['psbt', 'sign', 'pay.psbt', ...asCosigner(name), '--out', `${name}.psbt`], here()));
    done(companion(['psbt', 'combine', 'a.psbt', '--wallet', 'wallet.json', '--out', 'half.psbt'], here()));
    const early = companion(['psbt', 'finalize', 'half.psbt', '--wallet', 'wallet.json', '--out', 'early.tx'], here());
    expect(early.exit).toBe(2);
    expect(early.json()).toMatchObject({ error: { code: 'psbt.incomplete' } });
    done(companion(['psbt', 'combine', 'a.psbt', 'c.psbt', '--wallet', 'wallet.json', '--out', 'ac.psbt'], here()));
    done(companion(['psbt', 'combine', 'c.psbt', 'a.psbt', '--wallet', 'wallet.json', '--out', 'ca.psbt'], here()));
    const ac = done(companion(['psbt', 'finalize', 'ac.psbt', '--wallet', 'wallet.json', '--out', 'ac.tx'], here()));
    const ca = done(companion(['psbt', 'finalize', 'ca.psbt', '--wallet', 'wallet.json', '--out', 'ca.tx'], here()));
    expect(readFileSync(join(treasury.folder, 'ac.tx'))).toEqual(readFileSync(join(treasury.folder, 'ca.tx')));
    expect(ac['txid']).toBe(ca['txid']);
  });

  test('two cosigners one after the other reach it too', () => {
    planPayment(treasury);
    done(signer(['psbt', 'sign', 'pay.psbt', ...asCosigner('b'), '--out', 'b.psbt'], here()));
    expect(done(signer(['psbt', 'sign', 'b.psbt', ...asCosigner('c'), '--out', 'bc.psbt'], here()))['quorum']).toMatchObject({ stillNeeded: 0 });
  });

  test('a transaction that was sent already is not sent twice, and saying it again is no error', () => {
    planPayment(treasury);
    for (const name of ['a', 'b'] as const) done(signer(['psbt', 'sign', 'pay.psbt', ...asCosigner(name), '--out', `${name}.psbt`], here()));
    done(companion(['psbt', 'combine', 'a.psbt', 'b.psbt', '--wallet', 'wallet.json', '--out', 'ab.psbt'], here()));
    done(companion(['psbt', 'finalize', 'ab.psbt', '--wallet', 'wallet.json', '--out', 'ab.tx'], here()));
    const send = ['tx', 'broadcast', 'ab.tx', '--node', treasury.node, '--wallet', 'wallet.json', '--db', 'ledger.db'];
    const { txid } = done(companion(send, here()));
    expect(txid).toMatch(/^[0-9a-f]{64}$/);
    expect(done(companion(send, here()))['txid']).toBe(txid);
    expect(done(companion(['ledger', 'list', '--db', 'ledger.db'], here()))['entries'].filter((entry: { txid: string }) => entry.txid === txid)).toHaveLength(1);
  });
});

/** Drops the previous transaction (type 0x00) from the only input's map of a small PSBT, read field by field. */
function withoutPreviousTransaction(psbt: Buffer): Buffer {
  let at = 5;
  const compact = (): number => {
    const first = psbt[at++] as number;
    if (first < 0xfd) return first;
    const size = first === 0xfd ? 2 : 4;
    const value = psbt.readUIntLE(at, size);
    at += size;
    return value;
  };
  const kept: Buffer[] = [psbt.subarray(0, 5)];
  for (let map = 0; at < psbt.length; map += 1) {
    for (;;) {
      const from = at;
      const keyLength = compact();
      if (keyLength === 0) {
        kept.push(Buffer.of(0));
        break;
      }
      const type = psbt[at];
      at += keyLength;
      const valueLength = compact();
      at += valueLength;
      if (!(map === 1 && type === 0x00)) kept.push(psbt.subarray(from, at));
    }
  }
  return Buffer.concat(kept);
}
