import { afterAll, beforeAll, expect, test } from 'vitest';
import { companion, done, requireBuilt, signer } from './programs.ts';
import { asCosigner, makeTreasury, type Treasury } from './treasury.ts';

let treasury: Treasury;
beforeAll(() => {
  requireBuilt();
  treasury = makeTreasury();
});
afterAll(() => treasury.remove());

test('two officers prove control of an address by a message, and anybody can check it', () => {
  const here = { folder: treasury.folder };
  treasury.file('proof.txt', 'We hold this address.\n');
  const place = ['--index', '4', '--message-file', 'proof.txt'];
  const first = done(signer(['message', 'sign', ...asCosigner('a'), ...place, '--out', 'proof.a.psbt'], here));
  expect(first).toMatchObject({ stillNeeded: 1, signature: null, signed: [treasury.fingerprints[0]] });
  const second = done(signer(['message', 'sign', ...asCosigner('b'), ...place, '--with', 'proof.a.psbt', '--out', 'proof.b.psbt'], here));
  const signature = second['signature'] as string;
  expect(second).toMatchObject({ stillNeeded: 0, address: first['address'] });
  expect(signature).toMatch(/^smp/);
  // The Companion comes to the same signature from the files, in any order.
  const finished = done(companion(['message', 'finish', '--wallet', 'wallet.json', ...place, '--with', 'proof.b.psbt', '--with', 'proof.a.psbt', '--out', 'proof.psbt'], here));
  expect(finished).toMatchObject({ signature, stillNeeded: 0 });
  for (const program of [signer, companion]) {
    const check = (file: string, address = second['address'] as string) => program(['message', 'verify', '--network', 'practice', '--address', address, '--message-file', file, '--signature', signature], here);
    const valid = check('proof.txt');
    expect([valid.exit, valid.json()]).toEqual([0, { ok: true, state: 'valid', form: 'simple', locktime: 0, sequence: 0, funds: [] }]);
    treasury.file('other.txt', 'We hold that address.\n');
    expect(check('other.txt')).toMatchObject({ exit: 3 });
  }
  // What was signed cannot be mistaken for a payment.
  const review = signer(['psbt', 'review', 'proof.b.psbt', ...asCosigner('a')], here);
  expect(review.exit).toBe(3);
  expect(review.json()).toMatchObject({ verdict: 'refused' });
});
