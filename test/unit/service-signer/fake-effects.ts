import { concat, equalBytes, utf8 } from '../../../src/domain/bytes.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { nativeSlowHashes } from '../../../src/node/signer/slow-hashes.ts';
import type { SignerEffects } from '../../../src/service/signer/effects.ts';
import { serveSigningJob } from '../../../src/service/signer/signing/serve-job.ts';
import type { StartSigningProcess } from '../../../src/service/signer/signing/signing-desk.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import type { Curves } from '../../../src/signer/ecdsa-signer.ts';
import { noise, systemReadings } from '../signer/fixtures.ts';

/** Effects whose clock stands still until it is moved, and which "encrypt" by writing the passphrase in front. */
export interface FakeEffects extends SignerEffects {
  /** Moves the clock; timers that fall due run unless `asleep`. */
  readonly pass: (milliseconds: number, asleep?: boolean) => void;
  readonly timers: () => number;
}

/** A process in name only: it works in this one, over copies as a real one does, and each message takes a turn. */
export const processInName = (curves: Curves): StartSigningProcess => ({ onMessage, onGone }) => {
  let isGone = false;
  let toProcess: (message: unknown) => void = () => undefined;
  const later = (task: () => void): void => void setImmediate(() => {
    if (!isGone) task();
  });
  const copied = (deliver: (message: unknown) => void) => (message: unknown): void => {
    const copy: unknown = structuredClone(message);
    later(() => deliver(copy));
  };
  later(() => serveSigningJob({ post: copied(onMessage), listen: (listener) => void (toProcess = listener) }, () => curves));
  return {
    post: copied((message) => toProcess(message)),
    end: async () => {
      if (isGone) return;
      isGone = true;
      onGone();
    },
  };
};

export function fakeEffects({ curves = { first: libsecp256k1, second: nobleCurves }, ...changed }: Partial<SignerEffects> & { readonly curves?: Curves } = {}): FakeEffects {
  let now = Date.parse('2026-11-22T10:00:00Z');
  let handles = 0;
  let reads = 0;
  const timers = new Set<{ readonly at: number; readonly task: () => void }>();
  return {
    version: '0.1.0',
    build: 'source',
    readSystemEntropy: () => {
      reads += 1;
      return Promise.resolve(systemReadings(`read ${reads}`));
    },
    random: (length) => {
      reads += 1;
      return noise(`random ${reads}`, length);
    },
    slow: nativeSlowHashes,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    encryptKeyFile: (plaintext, passphrase) => Promise.resolve(concat(utf8(`${passphrase}\0`), plaintext)),
    decryptKeyFile: (file, passphrase) => {
      const prefix = utf8(`${passphrase}\0`);
      if (!equalBytes(file.subarray(0, prefix.length), prefix)) throw new StrongroomError('key.passphrase-wrong', 'wrong', {}, '');
      return Promise.resolve(file.slice(prefix.length));
    },
    now: () => now,
    newHandle: () => {
      handles += 1;
      return handles.toString(16).padStart(32, '0');
    },
    after: (delayMs, task) => {
      const timer = { at: now + delayMs, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    startSigningProcess: processInName(curves),
    pass: (milliseconds, asleep = false) => {
      now += milliseconds;
      if (asleep) return;
      for (const timer of [...timers]) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.task();
      }
    },
    timers: () => timers.size,
    ...changed,
  };
}
