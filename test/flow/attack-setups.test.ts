import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agreedPolicyId, attackSetups, forgeries, honestFile, mnemonic, otherMnemonic, ownFingerprint } from '../support/attack-setups.ts';
import { companion, done, requireBuilt, scratch, signer, type Scratch } from './programs.ts';

/*
 * Wallet files that are handed to an officer in place of the one that was agreed on, by the programs. What is seen by reading alone is
 * tried in every dialect; opening a key takes a second, so that what needs one is tried in one dialect each, another one each time,
 * unless STRONGROOM_ATTACK_SETUPS=all. Behind the same boundary all are: test/unit/service-signer/attack-setups.test.ts.
 */

const all = process.env['STRONGROOM_ATTACK_SETUPS'] === 'all';
let place: Scratch;
const here = () => ({ folder: place.folder });
const key = (name: string): string[] => ['--key', `${name}.key.age`, '--passphrase-file', 'passphrase.txt'];
const register = (file: string, out: string, name = 'a') => signer(['wallet', 'register', ...key(name), '--wallet', file, '--network', 'practice', '--policy-id', agreedPolicyId, '--out', out], here());

beforeAll(() => {
  requireBuilt();
  place = scratch();
  place.file('passphrase.txt', 'only a rehearsal passphrase\n');
  for (const [name, words] of [['a', mnemonic], ['b', otherMnemonic]] as const) {
    place.file('words.txt', `${words}\n`);
    done(signer(['key', 'restore', '--network', 'practice', '--label', name, '--mnemonic-file', 'words.txt', '--passphrase-file', 'passphrase.txt', '--out', `${name}.key.age`], here()));
    place.file('honest.wallet.json', honestFile('strongroom'));
    done(register('honest.wallet.json', `${name}.registration.json`, name));
  }
});
afterAll(() => place.remove());

test('the wallet that was agreed on is registered', () => {
  place.file('honest.bsms', honestFile('bsms'));
  expect(done(register('honest.bsms', 'again.json'))).toMatchObject({ policyId: agreedPolicyId, ownKey: ownFingerprint, quorum: { required: 2, total: 3 } });
});

describe.each(attackSetups.filter(({ byReading }) => byReading))('$name', ({ code, files }) => {
  test.each(files)(`is refused by both programs in $dialect: ${code}`, ({ dialect, text }) => {
    place.file(`evil.${dialect}`, text);
    for (const refused of [signer(['wallet', 'policy', '--wallet', `evil.${dialect}`, '--network', 'practice'], here()), companion(['wallet', 'import', `evil.${dialect}`, '--network', 'practice', '--out', 'taken.json'], here())]) {
      expect([refused.exit, refused.json()]).toEqual([expect.any(Number), expect.objectContaining({ ok: false, error: expect.objectContaining({ code }) })]);
      expect(refused.exit).not.toBe(0);
    }
    expect(Object.keys(place.listing())).not.toContain('taken.json');
  });
});

describe.each(attackSetups.map((setup, number) => ({ ...setup, files: all ? setup.files : setup.files.filter((_, at) => at === (number * 3) % setup.files.length) })))('$name, registered', ({ code, files }) => {
  test.each(files)(`is refused in $dialect${all ? '' : ' (one dialect of all)'}: ${code}`, ({ dialect, text }) => {
    place.file(`evil.${dialect}`, text);
    const refused = register(`evil.${dialect}`, 'evil.registration.json');
    expect(refused.json()).toMatchObject({ ok: false, error: { code } });
    expect(refused.exit).not.toBe(0);
    expect(Object.keys(place.listing())).not.toContain('evil.registration.json');
  });
});

test.each(Object.keys(forgeries))('a registration is refused: %s', (forgery) => {
  const [mine, other] = ['a', 'b'].map((name) => readFileSync(`${place.folder}/${name}.registration.json`, 'utf8')) as [string, string];
  place.file('forged.json', (forgeries[forgery] as (mine: string, other: string) => string)(mine, other));
  const refused = signer(['wallet', 'address', ...key('a'), '--registration', 'forged.json', '--index', '0'], here());
  expect(refused.json()).toMatchObject({ ok: false, error: { code: 'registration.forged' } });
});
