import type { Curves } from '../../signer/ecdsa-signer.ts';
import type { SystemReading } from '../../signer/entropy/system-entropy.ts';

/** Everything that the Signer's handlers need of the world. No network is among it. */
export interface SignerEffects {
  /** Program version, for the record in key files. */
  readonly version: string;
  /** @throws StrongroomError `entropy.source-failed` */
  readonly readSystemEntropy: () => Promise<readonly SystemReading[]>;
  /** Bytes to an age file under a passphrase. */
  readonly encryptKeyFile: (plaintext: Uint8Array, passphrase: string) => Promise<Uint8Array>;
  /** @throws StrongroomError `key.file-malformed`, `key.work-factor`, `key.passphrase-wrong` */
  readonly decryptKeyFile: (file: Uint8Array, passphrase: string) => Promise<Uint8Array>;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  /** 32 hex digits that nobody can guess. */
  readonly newHandle: () => string;
  /** Runs a task once after a delay unless it is cancelled; must not keep the program alive. @returns cancels it */
  readonly after: (delayMs: number, task: () => void) => () => void;
  /** The two implementations of signing that must agree. */
  readonly curves: Curves;
}
