import { ByteReader } from './byte-reader.ts';

// The forms of BIP371's values. Nothing is made of them while a file is read: a value of 4 MiB could hold a million leaves.
// Keys are checked by length and not for being on the curve, as those of BIP174 are: that costs a square root each, and it
// matters only for keys that a wallet derives, which are compared byte by byte.

/** BIP341: a merkle path has at most 128 steps. */
const MAX_TREE_DEPTH = 128;
const NODE_BYTES = 32;
/** Leaf version and parity, internal key. */
const CONTROL_BASE_BYTES = 33;
/** The lowest bit of a control block's first byte is the output key's parity. */
const LEAF_VERSION_MASK = 0xfe;

/** True when the reader gets through all of the bytes. */
export function readsWhole(bytes: Uint8Array, read: (reader: ByteReader) => boolean): boolean {
  try {
    const reader = new ByteReader(bytes);
    return read(reader) && reader.remaining === 0;
  } catch {
    return false;
  }
}

/** Fingerprint and any number of path steps; the review judges the path. @see BIP174, PSBT_IN_BIP32_DERIVATION */
export const isOrigin = (value: Uint8Array): boolean => value.length >= 4 && value.length % 4 === 0;

/** Hashes of the leaves that the key stands in, then its origin. @see BIP371, PSBT_IN_TAP_BIP32_DERIVATION */
export const isTapOrigin = (value: Uint8Array): boolean =>
  readsWhole(value, (reader) => {
    reader.skip(reader.compactSize() * NODE_BYTES);
    return isOrigin(reader.slice(reader.remaining));
  });

/** 64 bytes, or 65 with a sighash type. @see BIP341 */
export const isSchnorrLength = (value: Uint8Array): boolean => value.length === 64 || value.length === 65;

/**
 * A control block and the leaf that it leads to: the script, then one byte of leaf version, which the control block states too.
 * @see BIP371, PSBT_IN_TAP_LEAF_SCRIPT; BIP341, "Script validation rules"
 */
export function isTapLeaf(controlBlock: Uint8Array, value: Uint8Array): boolean {
  const pathBytes = controlBlock.length - CONTROL_BASE_BYTES;
  if (pathBytes < 0 || pathBytes % NODE_BYTES !== 0 || pathBytes > MAX_TREE_DEPTH * NODE_BYTES) return false;
  return ((controlBlock[0] as number) & LEAF_VERSION_MASK) === value.at(-1);
}

/**
 * Leaves in the order of a walk through the tree, depth first: each its depth, version and script. They must make one whole
 * tree: what is missing a branch has no merkle root, so nobody could tell which output it is of.
 * @see BIP371, PSBT_OUT_TAP_TREE
 */
export const isTapTree = (value: Uint8Array): boolean =>
  readsWhole(value, (reader) => {
    // Depths of the whole branches that still wait for the one beside them; they rise, so there are at most 129.
    const waiting: number[] = [];
    while (reader.remaining > 0) {
      let depth = reader.uint8();
      const leafVersion = reader.uint8();
      reader.skip(reader.compactSize());
      const deepest = waiting.at(-1) ?? 0;
      if (depth > MAX_TREE_DEPTH || (leafVersion & ~LEAF_VERSION_MASK) !== 0 || depth < deepest || waiting[0] === 0) return false;
      while (waiting.at(-1) === depth) {
        waiting.pop();
        depth -= 1;
      }
      waiting.push(depth);
    }
    return waiting[0] === 0;
  });
