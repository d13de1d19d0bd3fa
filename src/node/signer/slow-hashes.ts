import * as nodeCrypto from 'node:crypto';
import { slowHashesInJavaScript, type ScryptCost, type SlowHashes } from '../../signer/secrets/slow-hashes.ts';

/** A runtime's own slow functions; Electron's, which is built on another library, may lack them. */
export interface NativeHashes {
  readonly scrypt: typeof nodeCrypto.scrypt | undefined;
  readonly pbkdf2: typeof nodeCrypto.pbkdf2 | undefined;
}

/**
 * scrypt and PBKDF2 away from the main thread, by the runtime's own functions; where it has none, slower ones in JavaScript
 * take their place and give the same bytes.
 */
export const nodeSlowHashes = (native: NativeHashes = nodeCrypto): SlowHashes => ({
  scrypt: (password, salt, cost, length) => nativeScrypt(password, salt, cost, length, native.scrypt) ?? slowHashesInJavaScript.scrypt(password, salt, cost, length),
  pbkdf2Sha256: (password, salt, rounds, length) => {
    const { pbkdf2 } = native;
    if (pbkdf2 === undefined) return slowHashesInJavaScript.pbkdf2Sha256(password, salt, rounds, length);
    return new Promise((resolve, reject) => pbkdf2(password, salt, rounds, length, 'sha256', taken('pbkdf2', resolve, reject)));
  },
});

/** This runtime's. */
export const nativeSlowHashes = nodeSlowHashes();

/** @returns `null` where the runtime has none; rejects with a RangeError where there is not enough memory */
export function nativeScrypt(password: Uint8Array, salt: Uint8Array, { N, r, p }: ScryptCost, length: number, scrypt: typeof nodeCrypto.scrypt | undefined): Promise<Uint8Array> | null {
  if (scrypt === undefined) return null;
  // What OpenSSL counts: 128 * r * (N + p) and some more.
  const maxmem = 128 * r * (N + p + 32);
  return new Promise((resolve, reject) => scrypt(password, salt, length, { N, r, p, maxmem }, taken('scrypt', resolve, reject)));
}

/** Node's answer as bytes of our own; its buffer, which may be shared, is wiped. */
const taken = (name: string, resolve: (key: Uint8Array) => void, reject: (fault: Error) => void) => (fault: Error | null, key: Buffer): void => {
  if (fault !== null) {
    reject(new RangeError(`${name} failed`));
    return;
  }
  resolve(Uint8Array.from(key));
  key.fill(0);
};
