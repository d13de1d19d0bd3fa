import { randomBytes } from 'node:crypto';
import type { SignerEffects } from '../../service/signer/effects.ts';
import { libsecp256k1 } from '../../signer/ecdsa-libsecp256k1.ts';
import { nobleCurves } from '../../signer/ecdsa-noble.ts';
import { decryptAgeFile, encryptAgeFile } from './age-passphrase.ts';
import { readSystemEntropy } from './system-entropy.ts';

/** The Signer's real effects, for its window and its command line alike. @param version the program's version */
export const nodeSignerEffects = ({ version }: { readonly version: string }): SignerEffects => ({
  version,
  readSystemEntropy: () => readSystemEntropy(),
  encryptKeyFile: (plaintext, passphrase) => encryptAgeFile(plaintext, passphrase),
  decryptKeyFile: (file, passphrase) => decryptAgeFile(file, passphrase),
  now: () => Date.now(),
  newHandle: () => randomBytes(16).toString('hex'),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  curves: { first: libsecp256k1, second: nobleCurves },
});
