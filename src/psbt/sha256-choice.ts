import { sha256 } from '@noble/hashes/sha2.js';

/** A SHA-256 in progress, of which the state can be taken over by several endings. */
export interface RunningSha256 {
  /** Takes in more bytes; the same object. */
  update(bytes: Uint8Array): RunningSha256;
  /** Another one in the same state. */
  copy(): RunningSha256;
  /** 32 bytes. Nothing more may be asked of this object then. */
  digest(): Uint8Array;
}

type NobleSha256 = ReturnType<typeof sha256.create>;
const noble = (hash: NobleSha256): RunningSha256 => ({
  update(bytes) {
    hash.update(bytes);
    return this;
  },
  copy: () => noble(hash.clone()),
  digest: () => hash.digest(),
});

/** In JavaScript: what is used unless the program chose otherwise. */
export const javascriptSha256 = (): RunningSha256 => noble(sha256.create());

let chosen: () => RunningSha256 = javascriptSha256;

/** For what is hashed in megabytes: what legacy inputs sign is the whole transaction, each anew. */
export const startSha256 = (): RunningSha256 => chosen();

/** Chooses the implementation for this process; called once, by an edition's effects. */
export function useSha256(start: () => RunningSha256): void {
  chosen = start;
}
