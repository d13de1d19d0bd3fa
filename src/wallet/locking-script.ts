import { sha256 } from '@noble/hashes/sha2.js';
import { compareBytes, concat } from '../domain/bytes.ts';
import { unreachable } from '../domain/unreachable.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { hash160 } from './extended-public-key.ts';
import type { SigningRule } from './signing-rule.ts';
import { keyPathOutputKey, singleLeafOutput, UNSPENDABLE_INTERNAL_KEY } from './taproot.ts';
import type { SingleKeyScript, WalletScript } from '../domain/wallet-script.ts';

/** What a taproot output is made of. */
export interface TaprootParts {
  /** 32 bytes. */
  readonly internalKey: Uint8Array;
  /** 32 bytes. */
  readonly outputKey: Uint8Array;
  /** The one leaf that is spent; `null` where the key path is. */
  readonly leaf: { readonly script: Uint8Array; readonly hash: Uint8Array; readonly controlBlock: Uint8Array } | null;
}

/** An output script and everything that spending it takes but the private keys. */
export interface LockingScript {
  readonly scriptPubKey: Uint8Array;
  /** Of P2SH alone. @see BIP16 */
  readonly redeemScript: Uint8Array | null;
  /** Of P2WSH alone, nested or not. @see BIP141 */
  readonly witnessScript: Uint8Array | null;
  /** Of taproot alone. */
  readonly taproot: TaprootParts | null;
  readonly rule: SigningRule;
}

/** `OP_DUP OP_HASH160 <hash> OP_EQUALVERIFY OP_CHECKSIG`: P2PKH, and what a P2WPKH input signs (BIP143). */
export const keyHashScript = (keyHash: Uint8Array): Uint8Array => concat(Uint8Array.of(0x76, 0xa9, 0x14), keyHash, Uint8Array.of(0x88, 0xac));
/** `OP_0 <hash of the key>` (BIP141, P2WPKH). */
export const witnessKeyHashScript = (keyHash: Uint8Array): Uint8Array => concat(Uint8Array.of(0x00, 0x14), keyHash);
/** `OP_HASH160 <hash> OP_EQUAL` (BIP16). */
export const scriptHashScript = (redeemScript: Uint8Array): Uint8Array => concat(Uint8Array.of(0xa9, 0x14), hash160(redeemScript), Uint8Array.of(0x87));
/** `OP_0 <SHA-256 of the witness script>` (BIP141, P2WSH). */
export const p2wshScript = (witnessScript: Uint8Array): Uint8Array => concat(Uint8Array.of(0x00, 0x20), sha256(witnessScript));
/** `OP_1 <output key>` (BIP341). */
export const p2trScript = (outputKey: Uint8Array): Uint8Array => concat(Uint8Array.of(0x51, 0x20), outputKey);

/** The push of a number from 1 to 20: one opcode up to 16, one byte of data above. @see BIP62, rule 3 */
const numberPush = (value: number): Uint8Array => (value <= 16 ? Uint8Array.of(0x50 + value) : Uint8Array.of(0x01, value));

/**
 * `OP_m <keys> OP_n OP_CHECKMULTISIG` with the keys sorted.
 * @param publicKeys 33 bytes each
 * @see BIP67; BIP383, `sortedmulti()`
 */
export function sortedMultisigScript(required: number, publicKeys: readonly Uint8Array[]): Uint8Array {
  const [start, end] = [numberPush(required), numberPush(publicKeys.length)];
  const script = new Uint8Array(publicKeys.reduce((length, key) => length + 1 + key.length, start.length + end.length + 1));
  script.set(start);
  let at = start.length;
  for (const key of [...publicKeys].sort(compareBytes)) {
    script[at] = key.length;
    script.set(key, at + 1);
    at += 1 + key.length;
  }
  script.set(end, at);
  script[script.length - 1] = 0xae;
  return script;
}

/**
 * `<key> OP_CHECKSIG <key> OP_CHECKSIGADD ... OP_m OP_NUMEQUAL` with the keys sorted.
 * @param xOnlyKeys 32 bytes each
 * @see BIP387, `sortedmulti_a()`; BIP342
 */
export function sortedMultisigLeaf(required: number, xOnlyKeys: readonly Uint8Array[]): Uint8Array {
  const checks = [...xOnlyKeys].sort(compareBytes).map((key, position) => concat(Uint8Array.of(0x20), key, Uint8Array.of(position === 0 ? 0xac : 0xba)));
  return concat(...checks, numberPush(required), Uint8Array.of(0x9c));
}

/** The x coordinate alone, as taproot names keys. */
export const xOnly = (publicKey: Uint8Array): Uint8Array => publicKey.subarray(1);

/**
 * The output of a wallet's keys at one address.
 * @param publicKeys 33 bytes each, in any order; one of a script of one key
 * @throws StrongroomError `wallet.index-range` where, once in 2^128, the keys have no taproot output
 */
export function lockingScript(script: WalletScript, required: number, publicKeys: readonly Uint8Array[]): LockingScript {
  switch (script) {
    case 'p2sh': {
      const redeemScript = sortedMultisigScript(required, publicKeys);
      return { scriptPubKey: scriptHashScript(redeemScript), redeemScript, witnessScript: null, taproot: null, rule: { kind: 'legacy', scriptCode: redeemScript } };
    }
    case 'p2sh-p2wsh': {
      const witnessScript = sortedMultisigScript(required, publicKeys);
      const redeemScript = p2wshScript(witnessScript);
      return { scriptPubKey: scriptHashScript(redeemScript), redeemScript, witnessScript, taproot: null, rule: { kind: 'segwit-v0', scriptCode: witnessScript } };
    }
    case 'p2wsh': {
      const witnessScript = sortedMultisigScript(required, publicKeys);
      return { scriptPubKey: p2wshScript(witnessScript), redeemScript: null, witnessScript, taproot: null, rule: { kind: 'segwit-v0', scriptCode: witnessScript } };
    }
    case 'p2tr-multi': {
      const leafScript = sortedMultisigLeaf(required, publicKeys.map(xOnly));
      const output = singleLeafOutput(UNSPENDABLE_INTERNAL_KEY, leafScript);
      if (output === null) throw noOutput();
      const { outputKey, leafHash, controlBlock } = output;
      const taproot: TaprootParts = { internalKey: UNSPENDABLE_INTERNAL_KEY, outputKey, leaf: { script: leafScript, hash: leafHash, controlBlock } };
      return { scriptPubKey: p2trScript(outputKey), redeemScript: null, witnessScript: null, taproot, rule: { kind: 'taproot-leaf', leafHash } };
    }
    case 'p2pkh':
    case 'p2sh-p2wpkh':
    case 'p2wpkh':
    case 'p2tr': {
      const single = singleKeyScript(script, publicKeys[0] as Uint8Array);
      if (single === null) throw noOutput();
      return single;
    }
    default:
      return unreachable(script);
  }
}

/**
 * The output of one key.
 * @param publicKey 33 bytes, or, of P2PKH, 65
 * @returns `null` where, once in 2^128, the key has no taproot output
 * @see BIP143, "Restrictions on public key type"; BIP341: without a script tree; BIP86
 */
export function singleKeyScript(script: SingleKeyScript, publicKey: Uint8Array): LockingScript | null {
  const none = { redeemScript: null, witnessScript: null, taproot: null };
  if (script === 'p2tr') {
    const internalKey = xOnly(publicKey);
    const outputKey = keyPathOutputKey(internalKey);
    return outputKey === null ? null : { ...none, scriptPubKey: p2trScript(outputKey), taproot: { internalKey, outputKey, leaf: null }, rule: { kind: 'taproot-key' } };
  }
  const keyHash = hash160(publicKey);
  const scriptCode = keyHashScript(keyHash);
  if (script === 'p2pkh') return { ...none, scriptPubKey: scriptCode, rule: { kind: 'legacy', scriptCode } };
  const program = witnessKeyHashScript(keyHash);
  const rule: SigningRule = { kind: 'segwit-v0', scriptCode };
  return script === 'p2wpkh' ? { ...none, scriptPubKey: program, rule } : { ...none, scriptPubKey: scriptHashScript(program), redeemScript: program, rule };
}

const noOutput = (): StrongroomError =>
  new StrongroomError('wallet.index-range', 'The keys have no taproot output at this index.', {}, 'Use the next index.');
