import { pbkdf2Sync } from 'node:crypto';

const known = new Map<string, Uint8Array>();

/** Node's PBKDF2 in the place of the package's, of which only the policy id asks: with SHA-256, for text that repeats. */
export function pbkdf2(_hash: unknown, password: Uint8Array, salt: Uint8Array, { c, dkLen }: { readonly c: number; readonly dkLen: number }): Uint8Array {
  const name = `${c} ${dkLen} ${Buffer.from(salt).toString('hex')} ${Buffer.from(password).toString('hex')}`;
  const derived = known.get(name) ?? new Uint8Array(pbkdf2Sync(password, salt, c, dkLen, 'sha256'));
  if (known.size > 1000) known.clear();
  known.set(name, derived);
  return Uint8Array.from(derived);
}
