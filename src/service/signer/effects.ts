import type { SystemReading } from '../../signer/entropy/system-entropy.ts';
import type { RandomSource } from '../../signer/secrets/random-source.ts';
import type { SlowHashes } from '../../signer/secrets/slow-hashes.ts';
import type { StartSigningProcess } from './signing/signing-desk.ts';

/** Everything that the Signer's handlers need of the world. No network is among it. */
export interface SignerEffects {
  /** Program version, for the record in key files. */
  readonly version: string;
  /** SHA-256 of what the program was built from, 64 hex digits, or `source`. */
  readonly build: string;
  /** @throws StrongroomError `entropy.source-failed` */
  readonly readSystemEntropy: () => Promise<readonly SystemReading[]>;
  /**
   * Bytes of the runtime's and the kernel's generators together, judged at every call: for splitting secrets, codes, identifiers
   * and practice keys; never for keys, which a person's entropy is mixed into.
   * @throws StrongroomError `entropy.source-failed`
   */
  readonly random: RandomSource;
  /** scrypt and PBKDF2 of the runtime. */
  readonly slow: SlowHashes;
  /** Lets everything else that waits have its turn, a request to stop among it. */
  readonly pause: () => Promise<void>;
  /** Bytes to an age file under a passphrase. */
  readonly encryptKeyFile: (plaintext: Uint8Array, passphrase: string) => Promise<Uint8Array>;
  /** @throws StrongroomError `key.file-malformed`, `key.work-factor`, `key.passphrase-wrong` */
  readonly decryptKeyFile: (file: Uint8Array, passphrase: string) => Promise<Uint8Array>;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody can set, where the runtime has one: for lengths of time, never for dates. */
  readonly steadyMs?: () => number;
  /** 32 hex digits that nobody can guess. */
  readonly newHandle: () => string;
  /** Runs a task once after a delay unless it is cancelled; must not keep the program alive. @returns cancels it */
  readonly after: (delayMs: number, task: () => void) => () => void;
  /** Starts a process, or where there is no window to be kept free a thread, that reviews or signs one transaction and ends. */
  readonly startSigningProcess: StartSigningProcess;
}
