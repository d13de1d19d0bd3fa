import { randomBytes } from 'node:crypto';
import type { SignerEffects } from '../../service/signer/effects.ts';
import { libsecp256k1 } from '../../signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../signer/curve-noble.ts';
import { decryptAgeFile, encryptAgeFile } from './age-passphrase.ts';
import { nativeSlowHashes } from './slow-hashes.ts';
import { readSystemEntropy, systemRandom } from './system-entropy.ts';
import { chooseWorkFactor, timedTrial } from './work-factor.ts';

/**
 * The Signer's real effects, for its window and its command line alike.
 * @param program its version, and the SHA-256 of what it was built from (`source` where it runs from its source)
 */
export function nodeSignerEffects({ version, build }: { readonly version: string; readonly build: string }): SignerEffects {
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
    curves: { first: libsecp256k1, second: nobleCurves },
  };
}
