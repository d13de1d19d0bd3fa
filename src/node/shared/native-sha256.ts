import { createHash, type Hash } from 'node:crypto';
import { equalBytes, parseHex, utf8 } from '../../domain/bytes.ts';
import { useSha256, type RunningSha256 } from '../../psbt/sha256-choice.ts';

/** "abc" and 56 bytes of two blocks. @see FIPS 180-4's examples */
const known = [
  [['a', 'bc'], parseHex('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')],
  [['abcdbcdecdefdefgefghfghighijhijkijkljklm', 'klmnlmnomnopnopq'], parseHex('248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1')],
] as const;

const running = (hash: Hash): RunningSha256 => ({
  update(bytes) {
    hash.update(bytes);
    return this;
  },
  copy: () => running(hash.copy()),
  digest: () => new Uint8Array(hash.digest()),
});

/**
 * Lets the runtime's own SHA-256, seven times faster than JavaScript's, hash what legacy inputs sign. Where it is wrong it is not used;
 * what a Signer signs is besides compared with another implementation's hash (`sign-tasks.ts`).
 */
export function useNativeSha256(start: () => RunningSha256 = () => running(createHash('sha256'))): void {
  const isRight = known.every(([[first, second], digest]) => {
    const begun = start().update(utf8(first));
    // A copy goes on where it was taken, and leaves the one that it was taken of as it is.
    const copies = [begun.copy(), begun.copy()].map((copy) => copy.update(utf8(second)).digest());
    return [...copies, begun.update(utf8(second)).digest()].every((made) => equalBytes(made, digest));
  });
  if (isRight) useSha256(start);
}
