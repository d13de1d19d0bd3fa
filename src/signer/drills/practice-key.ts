import { toHex } from '../../domain/bytes.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { createWallet, type Wallet } from '../../wallet/wallet.ts';
import { accountKeyRecord } from '../account-key.ts';
import { encodeKeyFile, openSigningKey } from '../key-file.ts';
import { wipeSecret, type KeptSecret } from '../kept-secret.ts';
import { registerWallet } from '../registration.ts';
import type { GivenSecret } from '../restored-secret.ts';
import { takeRandom, type RandomSource } from '../secrets/random-source.ts';
import type { SlowHashes } from '../secrets/slow-hashes.ts';
import { wipe } from '../secrets/wipe.ts';
import { SigningKey } from '../signing-key.ts';
import type { DrillSubject, ScratchKey } from './restore-attempt.ts';

/** Keys of a rehearsal belong to the practice network: they are thrown away, and nothing is ever paid to them. */
export const PRACTICE = 'practice';

/** What a rehearsal needs of the world, and the two ways back, which are those of every drill. */
export interface RehearsalTools {
  readonly random: RandomSource;
  readonly slow: SlowHashes;
  readonly encryptKeyFile: (plaintext: Uint8Array, passphrase: string) => Promise<Uint8Array>;
  readonly fromPaper: (given: GivenSecret) => Promise<ScratchKey>;
  readonly fromBackup: (file: Uint8Array, passphrase: string) => Promise<ScratchKey>;
}

/** A throw-away key with a wallet of its own, as an officer would keep it. */
export interface PracticeKey {
  readonly secret: KeptSecret;
  readonly wallet: Wallet;
  readonly subject: DrillSubject;
}

/** The keys of one rehearsal; all are wiped together. */
export class PracticeKeys {
  readonly #random: RandomSource;
  readonly #made: KeptSecret[] = [];

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** An English mnemonic. @param bytes 16 for 12 words, 32 for 24 */
  mnemonic(bytes: 16 | 32, bip39Passphrase = ''): PracticeKey & { readonly secret: Extract<KeptSecret, { kind: 'mnemonic' }> } {
    return this.#keep({ kind: 'mnemonic', language: 'english', entropy: takeRandom(this.#random, bytes), bip39Passphrase });
  }

  /** A seed of 16 bytes, to be split into shares. */
  seed(from: 'slip39' | 'codex32'): PracticeKey & { readonly secret: Extract<KeptSecret, { kind: 'seed' }> } {
    return this.#keep({ kind: 'seed', seed: takeRandom(this.#random, 16), from });
  }

  wipe(): void {
    for (const secret of this.#made) wipeSecret(secret);
  }

  #keep<Secret extends KeptSecret>(secret: Secret): PracticeKey & { readonly secret: Secret } {
    this.#made.push(secret);
    const key = openSigningKey({ secret, network: PRACTICE });
    try {
      const wallet = this.#walletWith(key);
      const registration = registerWallet(key, wallet, policyIdOf(wallet).words);
      return { secret, wallet, subject: { fingerprint: key.fingerprint, network: PRACTICE, label: 'Rehearsal', registrations: [registration] } };
    } finally {
      key.wipe();
    }
  }

  /** Two of three, with two cosigners that exist for their public keys only. */
  #walletWith(own: SigningKey): Wallet {
    const others = [1, 2].map(() => {
      const seed = takeRandom(this.#random, 16);
      const other = SigningKey.fromSeed(seed, PRACTICE);
      wipe(seed);
      const record = accountKeyRecord(other, 'p2wsh', 0);
      other.wipe();
      return record;
    });
    const cosigners = [accountKeyRecord(own, 'p2wsh', 0), ...others].map((record, index) => ({ label: `Cosigner ${index + 1}`, record }));
    return createWallet({ name: 'Rehearsal', network: PRACTICE, script: 'p2wsh', required: 2, cosigners });
  }
}

/** A backup and what opens it. */
export interface Backup {
  readonly file: Uint8Array;
  readonly passphrase: string;
}

/** The key's encrypted file, made as key files are made. */
export async function backupOf(key: PracticeKey, tools: Pick<RehearsalTools, 'random' | 'encryptKeyFile'>): Promise<Backup> {
  const passphrase = toHex(takeRandom(tools.random, 16));
  const plaintext = encodeKeyFile(
    { network: PRACTICE, label: 'Rehearsal', secret: key.secret, createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'strongroom rehearsal', sources: ['os'], entropyRecord: null },
    key.subject.fingerprint,
  );
  try {
    return { file: await tools.encryptKeyFile(plaintext, passphrase), passphrase };
  } finally {
    wipe(plaintext);
  }
}
