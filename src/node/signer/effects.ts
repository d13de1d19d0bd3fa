import { randomBytes } from 'node:crypto';
import type { SignerEffects } from '../../service/signer/effects.ts';
import { decryptAgeFile, encryptAgeFile } from './age-passphrase.ts';
import { nativeSlowHashes } from './slow-hashes.ts';
import { readSystemEntropy, systemRandom } from './system-entropy.ts';
import { chooseWorkFactor, timedTrial } from './work-factor.ts';

/**
 * The Signer's real effects, for its window and its command line alike.
 * @param program its version, the SHA-256 of what it was built from (`source` where it runs from its source), and how it starts the
 * process that reviews and signs; the curves that sign are made there and not here
 */
export function nodeSignerEffects({ version, build, startSigningProcess }: Pick<SignerEffects, 'version' | 'build' | 'startSigningProcess'>): SignerEffects {
  // Measured once, when the first key file is made.
  let workFactor: Promise<number> | undefined;
  return {
    version,
    build,
    readSystemEntropy: () => readSystemEntropy(),
    random: (length) => systemRandom(length),
    slow: nativeSlowHashes,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    encryptKeyFile: async (plaintext, passphrase) => {
      workFactor ??= chooseWorkFactor(timedTrial(() => performance.now()));
      return encryptAgeFile(plaintext, passphrase, await workFactor);
    },
    decryptKeyFile: (file, passphrase) => decryptAgeFile(file, passphrase),
    now: () => Date.now(),
    steadyMs: () => performance.now(),
    newHandle: () => randomBytes(16).toString('hex'),
    after: (delayMs, task) => {
      const timer = setTimeout(task, delayMs);
      timer.unref();
      return () => clearTimeout(timer);
    },
    startSigningProcess,
  };
}
