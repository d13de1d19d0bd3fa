import { concat, parseHex, reversed, toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { doubleSha256, parseTransaction } from '../../psbt/transaction.ts';
import { falseProof } from './refusals.ts';

/** A transaction's place in a block, and the hashes beside its way up the tree; hexadecimal in display order. */
export interface MerkleProof {
  readonly position: number;
  readonly branch: readonly string[];
}

/** A block of 4,000,000 weight units has room for 16,666 of the smallest transactions: 15 levels. */
const MAX_DEPTH = 16;
/** Two hashes: a transaction of this size could pass for an inner node, and an inner node for it. */
export const INNER_NODE_BYTES = 64;

/**
 * That a transaction is in the block of a merkle root.
 * @param txid of a transaction whose bytes are known and are not 64 (`INNER_NODE_BYTES`)
 * @throws StrongroomError `node.proof`
 * @see CVE-2017-12842: a 64-byte transaction poses as an inner node, and makes any hash look like a transaction of the block
 */
export function requireInBlock(txid: string, { position, branch }: MerkleProof, merkleRoot: string): void {
  if (branch.length > MAX_DEPTH) throw falseProof('merkle-depth', { txid });
  if (!Number.isInteger(position) || position < 0 || position >= 2 ** branch.length) throw falseProof('merkle-position', { txid });
  let hash = reversed(parseHex(txid));
  let place = position;
  for (const sibling of branch) {
    const other = reversed(parseHex(sibling));
    const node = place % 2 === 0 ? concat(hash, other) : concat(other, hash);
    if (isTransaction(node)) throw falseProof('inner-node', { txid });
    hash = doubleSha256(node);
    place = Math.floor(place / 2);
  }
  if (toHex(reversed(hash)) !== merkleRoot) throw falseProof('merkle', { txid });
}

function isTransaction(bytes: Uint8Array): boolean {
  try {
    parseTransaction(bytes);
    return true;
  } catch (error) {
    if (error instanceof StrongroomError) return false;
    throw error;
  }
}
