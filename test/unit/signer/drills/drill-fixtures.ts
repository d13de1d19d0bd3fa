import { StrongroomError } from '../../../../src/errors/strongroom-error.ts';
import { concat, equalBytes, utf8 } from '../../../../src/domain/bytes.ts';
import type { NetworkName } from '../../../../src/domain/network.ts';
import type { DrillRecord } from '../../../../src/signer/drills/drill-record.ts';
import { scratchKeyFrom, scratchKeyFromBackup, type DrillSubject, type ScratchKey } from '../../../../src/signer/drills/restore-attempt.ts';
import { PRACTICE, type RehearsalTools } from '../../../../src/signer/drills/practice-key.ts';
import type { KeptSecret } from '../../../../src/signer/kept-secret.ts';
import { registerWallet } from '../../../../src/signer/registration.ts';
import { restoreSecret, type GivenSecret } from '../../../../src/signer/restored-secret.ts';
import { policyIdOf } from '../../../../src/wallet/policy-id.ts';
import { keyOf, noise, walletOf, type Person } from '../fixtures.ts';
import { nativeSlowHashes } from '../secrets/native-slow-hashes.ts';

/** Alice's drill: her key, and the wallet that she registered. */
export function subjectFor(person: Person, network: NetworkName = 'regtest'): DrillSubject {
  const key = keyOf(person, network);
  const wallet = walletOf(['alice', 'bob', 'carol'], 2, network);
  return { fingerprint: key.fingerprint, network, label: person, registrations: [registerWallet(key, wallet, policyIdOf(wallet).words)] };
}

export const given = (secrets: readonly string[], part: Partial<GivenSecret> = {}): GivenSecret => ({ secrets, language: null, bip39Passphrase: '', sharePassphrase: '', ...part });

/** Brings a key back and keeps hold of it, so that a test can see what is left of it afterwards. */
export function watched(restore: () => Promise<ScratchKey>): { readonly restore: () => Promise<ScratchKey>; readonly kept: ScratchKey[] } {
  const kept: ScratchKey[] = [];
  return {
    kept,
    restore: async () => {
      const scratch = await restore();
      kept.push(scratch);
      return scratch;
    },
  };
}

export const fromWords = (words: string, network: NetworkName = 'regtest', part: Partial<GivenSecret> = {}) => (): Promise<ScratchKey> => scratchKeyFrom(restoreSecret(given([words], part), network, nativeSlowHashes), network);

/** Every byte of a kept secret, together. */
export function bytesOf(secret: KeptSecret): Uint8Array {
  switch (secret.kind) {
    case 'mnemonic':
      return secret.entropy;
    case 'seed':
      return secret.seed;
    case 'master-key':
      return concat(secret.key.privateKey, secret.key.chainCode);
  }
}
export const isZero = (bytes: Uint8Array): boolean => bytes.length > 0 && bytes.every((byte) => byte === 0);

/** "Encrypts" by writing the passphrase in front. */
export const fakeEncrypt = (plaintext: Uint8Array, passphrase: string): Promise<Uint8Array> => Promise.resolve(concat(utf8(`${passphrase}\0`), plaintext));
export const fakeDecrypt = async (file: Uint8Array, passphrase: string): Promise<Uint8Array> => {
  const prefix = utf8(`${passphrase}\0`);
  if (!equalBytes(file.subarray(0, prefix.length), prefix)) throw new StrongroomError('key.passphrase-wrong', 'wrong', {}, '');
  return file.slice(prefix.length);
};

/** Tools of a rehearsal that is the same in every run of a test; `name` makes another one. */
export function rehearsalTools(name: string, changed: Partial<RehearsalTools> = {}): RehearsalTools {
  let reads = 0;
  return {
    random: (length) => {
      reads += 1;
      return noise(`${name} ${reads}`, length);
    },
    slow: nativeSlowHashes,
    encryptKeyFile: fakeEncrypt,
    fromPaper: (secret) => scratchKeyFrom(restoreSecret(secret, PRACTICE, nativeSlowHashes), PRACTICE),
    fromBackup: (file, passphrase) => scratchKeyFromBackup(fakeDecrypt(file, passphrase), PRACTICE),
    ...changed,
  };
}

export const passedRecord = (part: Partial<DrillRecord> = {}): DrillRecord => ({
  fingerprint: keyOf('alice').fingerprint,
  network: 'regtest',
  label: 'alice',
  from: 'paper',
  by: 'Ada',
  startedAt: '2026-03-01T09:00:00.000Z',
  seconds: 312.4,
  outcome: 'passed',
  scores: [{ what: 'fingerprint', wallet: null, expected: '73c5da0a', found: '73c5da0a', agrees: true }],
  failure: null,
  attempts: 1,
  nextDue: '2026-09-01',
  ...part,
});
