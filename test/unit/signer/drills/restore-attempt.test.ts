import { expect, test } from 'vitest';
import { utf8 } from '../../../../src/domain/bytes.ts';
import { StrongroomError } from '../../../../src/errors/strongroom-error.ts';
import { attemptRestore, scratchKeyFrom, scratchKeyFromBackup, type ScratchKey } from '../../../../src/signer/drills/restore-attempt.ts';
import { encodeKeyFile } from '../../../../src/signer/key-file.ts';
import type { KeptSecret } from '../../../../src/signer/kept-secret.ts';
import { parseMnemonic } from '../../../../src/signer/mnemonic.ts';
import { registerWallet } from '../../../../src/signer/registration.ts';
import { policyIdOf } from '../../../../src/wallet/policy-id.ts';
import { createWallet } from '../../../../src/wallet/wallet.ts';
import { keyOf, mnemonics, noise, walletOf } from '../fixtures.ts';
import { bytesOf, fromWords, isZero, subjectFor, watched } from './drill-fixtures.ts';

const locked = expect.objectContaining({ code: 'key.locked' });
const subject = subjectFor('alice');
const expectGone = ({ key, secret }: ScratchKey): void => {
  expect(isZero(bytesOf(secret))).toBe(true);
  expect(() => key.publicKeyAt([])).toThrow(locked);
};

test('the right words bring back fingerprint, registration and both first addresses', async () => {
  const { restore, kept } = watched(fromWords(mnemonics.alice));
  const result = await attemptRestore(subject, restore);
  expect(result).toMatchObject({ isPassed: true, failure: null });
  expect(result.scores.map(({ what, wallet, agrees }) => ({ what, wallet, agrees }))).toEqual([
    { what: 'fingerprint', wallet: null, agrees: true },
    { what: 'registration', wallet: 'Treasury', agrees: true },
    { what: 'first-receive', wallet: 'Treasury', agrees: true },
    { what: 'first-change', wallet: 'Treasury', agrees: true },
  ]);
  expect(result.scores[0]).toMatchObject({ expected: '73c5da0a', found: '73c5da0a' });
  expect(result.scores[2]?.expected).toMatch(/^bcrt1q[a-z0-9]{58}$/);
  expect(kept).toHaveLength(1);
  kept.forEach(expectGone);
});

test('the words of another key are wrong in everything, and leave nothing behind', async () => {
  const { restore, kept } = watched(fromWords(mnemonics.dave));
  const result = await attemptRestore(subject, restore);
  expect(result.isPassed).toBe(false);
  expect(result.scores.map(({ agrees }) => agrees)).toEqual([false, false, false, false]);
  expect(result.scores[1]?.found).toBeNull();
  kept.forEach(expectGone);
});

test('the words of a fellow cosigner are wrong in everything too', async () => {
  const { scores } = await attemptRestore(subject, fromWords(mnemonics.bob));
  expect(scores.map(({ agrees }) => agrees)).toEqual([false, false, false, false]);
});

test('a BIP39 passphrase makes another key', async () => {
  expect((await attemptRestore(subject, fromWords(mnemonics.alice, 'regtest', { bip39Passphrase: 'x' }))).isPassed).toBe(false);
});

test('a registration that was changed since fails the drill of the right key', async () => {
  const [registration] = subject.registrations;
  const forged = { ...subject, registrations: [{ ...(registration as NonNullable<typeof registration>), mac: '0'.repeat(64) }] };
  const { isPassed, scores } = await attemptRestore(forged, fromWords(mnemonics.alice));
  expect(isPassed).toBe(false);
  expect(scores.map(({ what, agrees }) => `${what} ${agrees}`)).toEqual(['fingerprint true', 'registration false', 'first-receive true', 'first-change true']);
});

test('addresses are derived from the restored key, not read from the registration', async () => {
  // The wallet names our key's account with a stranger's key in it; the MAC is genuine for nothing of the kind.
  const wallet = walletOf();
  const strange = createWallet({ ...wallet, cosigners: wallet.cosigners.map((cosigner, index) => (index === 0 ? { ...cosigner, record: { ...cosigner.record, key: walletOf(['dave', 'bob']).cosigners[0]!.record.key } } : cosigner)) });
  const { scores } = await attemptRestore({ ...subject, registrations: [{ wallet: strange, ownKey: subject.fingerprint, mac: '0'.repeat(64) }] }, fromWords(mnemonics.alice));
  expect(scores.map(({ what, agrees }) => `${what} ${agrees}`)).toEqual(['fingerprint true', 'registration false', 'first-receive false', 'first-change false']);
});

test('several wallets are each compared', async () => {
  const second = walletOf(['alice', 'dave'], 1);
  const both = { ...subject, registrations: [...subject.registrations, registerWallet(keyOf('alice'), second, policyIdOf(second).words)] };
  const { scores, isPassed } = await attemptRestore(both, fromWords(mnemonics.alice));
  expect([scores.length, isPassed]).toEqual([7, true]);
});

test('an error of the restore is a result, by its code alone', async () => {
  expect(await attemptRestore(subject, fromWords('zebra zebra zebra'))).toEqual({ scores: [], failure: 'mnemonic.malformed', isPassed: false });
});

test('a person who gives up and a fault of the program are no results', async () => {
  const fault = (error: Error) => attemptRestore(subject, () => Promise.reject(error));
  await expect(fault(new StrongroomError('host.cancelled', '', {}, ''))).rejects.toThrow(expect.objectContaining({ code: 'host.cancelled' }));
  await expect(fault(new RangeError('broken'))).rejects.toThrow(RangeError);
});

test('a comparison that breaks off leaves nothing behind', async () => {
  const { restore, kept } = watched(fromWords(mnemonics.alice));
  const broken = { ...subject, registrations: [null as never] };
  await expect(attemptRestore(broken, restore)).rejects.toThrow(TypeError);
  expect(kept).toHaveLength(1);
  kept.forEach(expectGone);
});

test('a secret without a master key is wiped', async () => {
  const secret: KeptSecret = { kind: 'seed', seed: noise('short', 8), from: 'codex32' };
  await expect(scratchKeyFrom(Promise.resolve(secret), 'regtest')).rejects.toThrow(expect.objectContaining({ code: 'path.malformed' }));
  expect(isZero(secret.seed)).toBe(true);
});

const keyFile = (network: 'regtest' | 'practice' = 'regtest'): Uint8Array =>
  encodeKeyFile({ network, label: 'alice', secret: { kind: 'mnemonic', language: 'english', entropy: parseMnemonic(mnemonics.alice), bip39Passphrase: '' }, createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'test', sources: ['os'], entropyRecord: null }, subject.fingerprint);

test('a backup brings the key back, and its decrypted content is wiped', async () => {
  const plaintext = keyFile();
  const { restore, kept } = watched(() => scratchKeyFromBackup(Promise.resolve(plaintext), 'regtest'));
  expect((await attemptRestore(subject, restore)).isPassed).toBe(true);
  expect(isZero(plaintext)).toBe(true);
  kept.forEach(expectGone);
});

test.each([
  ['of another network', keyFile('practice'), 'key.network'],
  ['that holds something else', utf8('{"format":"strongroom-key"}'), 'key.file-malformed'],
  ['that is no text', Uint8Array.of(0xff, 0xfe, 0xfd), 'key.file-malformed'],
])('a backup %s is a result too, and its content is wiped', async (_, plaintext, failure) => {
  expect(await attemptRestore(subject, () => scratchKeyFromBackup(Promise.resolve(plaintext), 'regtest'))).toEqual({ scores: [], failure, isPassed: false });
  expect(isZero(plaintext)).toBe(true);
});
