import { unreachable } from '../../domain/unreachable.ts';
import type { QuorumScript, SingleKeyScript } from '../../domain/wallet-script.ts';

/**
 * Sizes of transactions that are not signed yet, as upper bounds: the signed transaction is never larger than stated
 * here, so its fee rate is never below the one asked for. Assumptions: ECDSA signatures of 72 bytes (71 bytes of DER, the
 * longest with a low S, which nodes require, and one byte of sighash type), compressed public keys of 33 bytes unless said, taproot
 * spent by key with an explicit sighash type (65 bytes). Low-R signatures, as Strongroom and Bitcoin Core make them, come
 * out one byte smaller each.
 * @see BIP141, "Transaction size calculations"
 */
const SIGNATURE_BYTES = 72;
const PUBLIC_KEY_BYTES = 33;
const UNCOMPRESSED_KEY_BYTES = 65;
const SCHNORR_SIGNATURE_BYTES = 65;
const X_ONLY_KEY_BYTES = 32;
/** Outpoint, script length of one byte, sequence. */
const INPUT_BASE_BYTES = 36 + 1 + 4;

/**
 * The kinds of output that plans can spend: the cold wallet's own, what a node's hot wallet holds, and what paper wallets hold,
 * whose P2PKH addresses do not tell in which form the key is used.
 */
export type SpendKind = { readonly type: QuorumScript; readonly required: number; readonly total: number } | { readonly type: SingleKeyScript | 'p2pkh-uncompressed' };

interface InputSize {
  /** Bytes that count four times. */
  readonly baseBytes: number;
  /** Bytes that count once, without the empty-stack byte of inputs that have no witness; 0 for legacy. */
  readonly witnessBytes: number;
}

function sizeOfInput(kind: SpendKind): InputSize {
  switch (kind.type) {
    case 'p2sh': {
      const script = multisigScriptBytes(kind);
      const scriptSig = 1 + kind.required * (1 + SIGNATURE_BYTES) + (script <= 75 ? 1 : script <= 0xff ? 2 : 3) + script;
      return { baseBytes: INPUT_BASE_BYTES - 1 + varintBytes(scriptSig) + scriptSig, witnessBytes: 0 };
    }
    case 'p2sh-p2wsh':
      return { baseBytes: INPUT_BASE_BYTES + 35, witnessBytes: multisigWitnessBytes(kind) };
    case 'p2wsh':
      return { baseBytes: INPUT_BASE_BYTES, witnessBytes: multisigWitnessBytes(kind) };
    case 'p2tr-multi': {
      const leaf = kind.total * (2 + X_ONLY_KEY_BYTES) + numberBytes(kind.required) + 1;
      // Stack: a signature or an empty item for each key, the leaf, the control block.
      const signatures = kind.required * (1 + SCHNORR_SIGNATURE_BYTES) + (kind.total - kind.required);
      return { baseBytes: INPUT_BASE_BYTES, witnessBytes: varintBytes(kind.total + 2) + signatures + varintBytes(leaf) + leaf + 1 + 1 + X_ONLY_KEY_BYTES };
    }
    case 'p2pkh':
      return { baseBytes: INPUT_BASE_BYTES + 1 + SIGNATURE_BYTES + 1 + PUBLIC_KEY_BYTES, witnessBytes: 0 };
    case 'p2pkh-uncompressed':
      return { baseBytes: INPUT_BASE_BYTES + 1 + SIGNATURE_BYTES + 1 + UNCOMPRESSED_KEY_BYTES, witnessBytes: 0 };
    case 'p2sh-p2wpkh':
      return { baseBytes: INPUT_BASE_BYTES + 23, witnessBytes: 1 + 1 + SIGNATURE_BYTES + 1 + PUBLIC_KEY_BYTES };
    case 'p2wpkh':
      return { baseBytes: INPUT_BASE_BYTES, witnessBytes: 1 + 1 + SIGNATURE_BYTES + 1 + PUBLIC_KEY_BYTES };
    case 'p2tr':
      return { baseBytes: INPUT_BASE_BYTES, witnessBytes: 1 + 1 + SCHNORR_SIGNATURE_BYTES };
    default:
      return unreachable(kind);
  }
}

interface QuorumSize {
  readonly required: number;
  readonly total: number;
}

/** Of a number from 1 to 20 in a script. */
const numberBytes = (value: number): number => (value <= 16 ? 1 : 2);

/** `OP_m <keys> OP_n OP_CHECKMULTISIG`. */
const multisigScriptBytes = ({ required, total }: QuorumSize): number => numberBytes(required) + total * (1 + PUBLIC_KEY_BYTES) + numberBytes(total) + 1;

/** Stack: the empty item that OP_CHECKMULTISIG drops, the signatures, the witness script. */
function multisigWitnessBytes(quorum: QuorumSize): number {
  const { required } = quorum;
  const script = multisigScriptBytes(quorum);
  return varintBytes(required + 2) + 1 + required * (1 + SIGNATURE_BYTES) + varintBytes(script) + script;
}

/** Bytes of a CompactSize number. */
const varintBytes = (value: number): number => (value < 0xfd ? 1 : value <= 0xffff ? 3 : 5);

/** Virtual bytes of an output: 8 of amount, the script and its length. */
export const outputVsizeVb = (scriptPubKey: Uint8Array): number => 8 + varintBytes(scriptPubKey.length) + scriptPubKey.length;

/** Weight units that one more input of this kind adds. */
export function inputWeight(kind: SpendKind): number {
  const { baseBytes, witnessBytes } = sizeOfInput(kind);
  return baseBytes * 4 + Math.max(witnessBytes, 1);
}

/** Virtual bytes that one more input of this kind adds, rounded up, its share of markers included. */
export const inputVsizeVb = (kind: SpendKind): number => Math.ceil(inputWeight(kind) / 4);

/** Adds up the size of a transaction input by input, so that one of thousands costs no more than once through them. */
export class WeightCount {
  #inputs = 0;
  #baseBytes = 0;
  #witnessBytes = 0;
  #hasWitness = false;
  readonly #outputs: number;
  readonly #outputBytes: number;

  constructor(outputScripts: readonly Uint8Array[]) {
    this.#outputs = outputScripts.length;
    this.#outputBytes = outputScripts.reduce((sum, script) => sum + outputVsizeVb(script), 0);
  }

  add(kind: SpendKind): void {
    const { baseBytes, witnessBytes } = sizeOfInput(kind);
    this.#inputs += 1;
    this.#baseBytes += baseBytes;
    // One byte for the empty stack of an input without a witness, which counts where any input has one.
    this.#witnessBytes += Math.max(witnessBytes, 1);
    this.#hasWitness ||= witnessBytes > 0;
  }

  /** Upper bound, in weight units (BIP141). */
  get weight(): number {
    const base = 4 + varintBytes(this.#inputs) + this.#baseBytes + varintBytes(this.#outputs) + this.#outputBytes + 4;
    // Marker and flag, and the stacks.
    return base * 4 + (this.#hasWitness ? 2 + this.#witnessBytes : 0);
  }

  get vsizeVb(): number {
    return Math.ceil(this.weight / 4);
  }
}

/** Upper bound of a transaction's weight, in weight units (BIP141). */
export function transactionWeight(inputs: readonly SpendKind[], outputScripts: readonly Uint8Array[]): number {
  const count = new WeightCount(outputScripts);
  for (const kind of inputs) count.add(kind);
  return count.weight;
}

/** Upper bound of a transaction's virtual size. */
export const transactionVsizeVb = (inputs: readonly SpendKind[], outputScripts: readonly Uint8Array[]): number =>
  Math.ceil(transactionWeight(inputs, outputScripts) / 4);

/** The largest transaction that nodes relay: 400,000 weight units (Bitcoin Core, `MAX_STANDARD_TX_WEIGHT`). */
export const MAX_STANDARD_WEIGHT = 400_000;
