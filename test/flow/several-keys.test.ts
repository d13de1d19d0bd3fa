import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyIdOf } from '../../src/wallet/policy-id.ts';
import { formatWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { daves, treasury, twoWalletsSpend } from '../support/two-wallets-spend.ts';
import { keyOf, mnemonics, type Person } from '../unit/signer/fixtures.ts';
import { companion, done, requireBuilt, scratch, signer, type Scratch } from './programs.ts';

/*
 * A transaction that draws on wallets of several keys, on the command line: `--key` and `--registration` repeat.
 */

const people = { alice: treasury, bob: treasury, dave: daves } as const;
const fingerprintOf = (person: Person): string => String(keyOf(person).fingerprint);
let place: Scratch;
beforeAll(() => {
  requireBuilt();
  place = scratch();
  place.file('pay.unsigned.psbt', twoWalletsSpend());
  place.file('treasury.json', formatWalletFile(treasury));
  place.file('daves.json', formatWalletFile(daves));
  for (const [person, wallet] of Object.entries(people)) {
    place.file(`${person}.words`, `${mnemonics[person as Person]}\n`);
    place.file(`${person}.passphrase`, `the passphrase of ${person === 'bob' ? 'alice' : person}\n`);
    done(signer(['key', 'restore', '--network', 'regtest', '--label', person, '--mnemonic-file', `${person}.words`, '--passphrase-file', `${person}.passphrase`, '--out', `${person}.key.age`], { folder: place.folder }));
    done(signer(['wallet', 'register', '--key', `${person}.key.age`, '--passphrase-file', `${person}.passphrase`, '--wallet', wallet === treasury ? 'treasury.json' : 'daves.json', '--policy-id', policyIdOf(wallet).words, '--out', `${person}.json`], { folder: place.folder }));
  }
});
afterAll(() => place.remove());

const keys = (...names: readonly Person[]): string[] => names.flatMap((name) => ['--key', `${name}.key.age`, '--passphrase-file', `${name}.passphrase`]);
const registrations = (...names: readonly Person[]): string[] => names.flatMap((name) => ['--registration', `${name}.json`]);
const run = (args: readonly string[]) => signer(args, { folder: place.folder });
const refused = (args: readonly string[], exit: number, code: string): void => {
  const ended = run(['psbt', 'sign', 'pay.unsigned.psbt', ...args, '--out', 'never.psbt']);
  expect([ended.exit, ended.json()['error'].code]).toEqual([exit, code]);
  expect(Object.keys(place.listing())).not.toContain('never.psbt');
};

describe('a transaction of two wallets', () => {
  test('is refused to one key, and ready for the keys of both; two people sign it in one step each, and the Companion makes it final', () => {
    expect(run(['psbt', 'review', 'pay.unsigned.psbt', ...keys('alice'), ...registrations('alice')]).exit).toBe(3);
    const review = done(run(['psbt', 'review', 'pay.unsigned.psbt', ...keys('alice', 'dave'), ...registrations('dave', 'alice')]));
    expect(review).toMatchObject({ verdict: 'ready', wallets: [policyIdOf(treasury).walletId, policyIdOf(daves).walletId], inputsSats: '270000', changeSats: '69000', quorum: { thisKey: fingerprintOf('alice'), keys: [fingerprintOf('alice'), fingerprintOf('dave')] } });
    const signed = done(run(['psbt', 'sign', 'pay.unsigned.psbt', ...keys('alice', 'dave'), ...registrations('dave', 'alice'), '--review-id', review['reviewId'], '--out', 'pay.ad.psbt']));
    expect(signed).toMatchObject({ signedInputs: 3, quorum: { signed: [fingerprintOf('alice')], stillNeeded: 1, keys: [fingerprintOf('alice'), fingerprintOf('dave')] } });
    expect(decodePsbt(readFileSync(join(place.folder, 'pay.ad.psbt'))).inputs.map(({ partialSignatures }) => partialSignatures.length)).toEqual([1, 1, 1]);
    // One passphrase file for several keys, and the rest of the quorum in one step.
    const both = ['--key', 'alice.key.age', '--key', 'bob.key.age', '--passphrase-file', 'alice.passphrase'];
    const rest = run(['psbt', 'sign', 'pay.ad.psbt', ...both, ...registrations('alice', 'bob'), '--out', 'pay.done.psbt']);
    // Without Dave's key his input is a stranger's again.
    expect([rest.exit, rest.json()['error'].code]).toEqual([3, 'review.refused']);
    done(run(['psbt', 'sign', 'pay.ad.psbt', ...keys('bob', 'dave'), ...registrations('bob', 'dave'), '--out', 'pay.bd.psbt']));
    const wallets = ['--wallet', 'treasury.json', '--wallet', 'daves.json'];
    const combined = done(companion(['psbt', 'combine', 'pay.ad.psbt', 'pay.bd.psbt', ...wallets, '--out', 'pay.combined.psbt'], { folder: place.folder }));
    expect(combined['quorum']).toMatchObject({ stillNeeded: 0 });
    expect(done(companion(['psbt', 'finalize', 'pay.combined.psbt', ...wallets, '--out', 'pay.tx'], { folder: place.folder }))).toMatchObject({ feeSats: '1000' });
  });
});

describe('nothing is signed', () => {
  test('with a registration of no key, a key without a registration, a key twice, or passphrases that do not fit', () => {
    refused([...keys('alice'), ...registrations('alice', 'dave')], 3, 'registration.forged');
    refused([...keys('alice', 'bob'), ...registrations('alice', 'dave')], 3, 'registration.forged');
    refused([...keys('alice', 'dave'), ...registrations('alice')], 3, 'key.not-a-cosigner');
    refused([...keys('alice', 'alice'), ...registrations('alice')], 64, 'usage.malformed');
    refused(['--key', 'alice.key.age', '--key', 'dave.key.age', '--key', 'bob.key.age', '--passphrase-file', 'alice.passphrase', '--passphrase-file', 'dave.passphrase', ...registrations('alice', 'bob', 'dave')], 64, 'usage.malformed');
    refused(['--key', 'alice.key.age', '--key', 'dave.key.age', '--passphrase-file', 'alice.passphrase', ...registrations('alice', 'dave')], 65, 'key.passphrase-wrong');
  });
});
