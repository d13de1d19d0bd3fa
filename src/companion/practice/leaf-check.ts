import { sha256 } from '@noble/hashes/sha2.js';
import { compile, decompile } from 'bitcoinjs-lib/src/script';
import { compareBytes, concat, equalBytes, utf8 } from '../../domain/bytes.ts';
import { xOnlyPointAddTweak } from '../../wallet/secp256k1-public.ts';

/** Leaf version and parity, internal key; then the path, of hashes. @see BIP341, "Script validation rules" */
const CONTROL_BASE_BYTES = 33;
const MAX_PATH_STEPS = 128;
const TAPSCRIPT_VERSION = 0xc0;
const OP_CHECKSIG = 0xac;
const OP_CHECKSIGADD = 0xba;
const OP_NUMEQUAL = 0x9c;
const OP_1 = 0x51;
const OP_16 = 0x60;

/** A quorum in one leaf. */
export interface LeafQuorum {
  readonly required: number;
  /** 32 bytes each, in the script's order. */
  readonly publicKeys: readonly Uint8Array[];
}

const tagged = (tag: string, ...parts: readonly Uint8Array[]): Uint8Array => {
  const name = sha256(utf8(tag));
  return sha256(concat(name, name, ...parts));
};
/** Of a script's length (scripts of relayed transactions are shorter than 64 kB). */
const lengthOf = (script: Uint8Array): Uint8Array => (script.length < 0xfd ? Uint8Array.of(script.length) : Uint8Array.of(0xfd, script.length & 0xff, script.length >> 8));

/**
 * The hash of the leaf that a control block proves to be in an output, or `null` where it proves nothing. Written out again, so that it
 * shares no code with what builds such outputs here.
 * @see BIP341, "Script validation rules"
 */
export function provenLeaf(outputKey: Uint8Array, script: Uint8Array, controlBlock: Uint8Array): Uint8Array | null {
  const pathBytes = controlBlock.length - CONTROL_BASE_BYTES;
  if (pathBytes < 0 || pathBytes % 32 !== 0 || pathBytes > MAX_PATH_STEPS * 32 || script.length > 0xffff) return null;
  const first = controlBlock[0] as number;
  const leafHash = tagged('TapLeaf', Uint8Array.of(first & 0xfe), lengthOf(script), script);
  let root = leafHash;
  for (let at = CONTROL_BASE_BYTES; at < controlBlock.length; at += 32) {
    root = tagged('TapBranch', ...[root, controlBlock.subarray(at, at + 32)].sort(compareBytes));
  }
  const internalKey = controlBlock.subarray(1, CONTROL_BASE_BYTES);
  try {
    const tweaked = xOnlyPointAddTweak(internalKey, tagged('TapTweak', internalKey, root));
    return tweaked !== null && tweaked.parity === (first & 1) && equalBytes(tweaked.xOnlyPubkey, outputKey) ? leafHash : null;
  } catch {
    // The curve library throws for an internal key off the curve.
    return null;
  }
}

export const isTapscript = (controlBlock: Uint8Array): boolean => ((controlBlock[0] as number) & 0xfe) === TAPSCRIPT_VERSION;

/** What `multi_a` says: `<key> OP_CHECKSIG`, each further `<key> OP_CHECKSIGADD`, `<m> OP_NUMEQUAL`; `null` for any other script. @see BIP387 */
export function readLeafQuorum(script: Uint8Array): LeafQuorum | null {
  const chunks = decompile(script);
  // What is written in a longer way than needed is not relayed (MINIMALDATA).
  if (chunks === null || !equalBytes(compile(chunks), script) || chunks.length < 4 || chunks.at(-1) !== OP_NUMEQUAL) return null;
  const publicKeys: Uint8Array[] = [];
  for (let at = 0; at < chunks.length - 2; at += 2) {
    const key = chunks[at];
    if (!(key instanceof Uint8Array) || key.length !== 32 || chunks[at + 1] !== (at === 0 ? OP_CHECKSIG : OP_CHECKSIGADD)) return null;
    publicKeys.push(key);
  }
  const required = numberOf(chunks.at(-2));
  return required !== null && required <= publicKeys.length ? { required, publicKeys } : null;
}

/** A number from 1 to 127: an opcode up to 16, one byte above. */
function numberOf(chunk: number | Uint8Array | undefined): number | null {
  if (typeof chunk === 'number') return chunk >= OP_1 && chunk <= OP_16 ? chunk - OP_1 + 1 : null;
  const value = chunk?.length === 1 ? (chunk[0] as number) : 0;
  return value > 16 && value < 0x80 ? value : null;
}
