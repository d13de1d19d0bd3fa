import { concat } from '../domain/bytes.ts';
import { hash160 } from '../wallet/extended-public-key.ts';
import { keyPathOutputKey } from './taproot.ts';
import type { SigningRule } from './sighash.ts';

/** Output types that one key alone spends, as paper wallets have them. */
export type SingleKeyScript = 'p2pkh' | 'p2sh-p2wpkh' | 'p2wpkh' | 'p2tr';

/** An output that one key spends, and everything that spending it takes but the private key. */
export interface SingleKeyOutput {
  readonly script: SingleKeyScript;
  readonly scriptPubKey: Uint8Array;
  /** Of P2SH-P2WPKH alone. */
  readonly redeemScript: Uint8Array | null;
  /** What its signature verifies with: the key itself (33 or 65 bytes), of taproot the output key (32 bytes). */
  readonly signingKey: Uint8Array;
  readonly rule: SigningRule;
}

/** `OP_DUP OP_HASH160 <hash> OP_EQUALVERIFY OP_CHECKSIG`: P2PKH, and what a P2WPKH input signs (BIP143). */
export const keyHashScript = (keyHash: Uint8Array): Uint8Array => concat(Uint8Array.of(0x76, 0xa9, 0x14), keyHash, Uint8Array.of(0x88, 0xac));
/** `OP_0 <hash of the key>` (BIP141, P2WPKH). */
export const witnessKeyHashScript = (keyHash: Uint8Array): Uint8Array => concat(Uint8Array.of(0x00, 0x14), keyHash);
/** `OP_HASH160 <hash> OP_EQUAL` (BIP16). */
export const scriptHashScript = (redeemScript: Uint8Array): Uint8Array => concat(Uint8Array.of(0xa9, 0x14), hash160(redeemScript), Uint8Array.of(0x87));

export const isCompressedKey = (publicKey: Uint8Array): boolean => publicKey.length === 33;

/**
 * Every output that a key alone spends, in the form in which its public key is used. An uncompressed key has P2PKH only:
 * money sent to a segwit script of one could never be spent.
 * @param publicKey 33 or 65 bytes, on the curve
 * @see BIP143, "Restrictions on public key type"; BIP341: without a script tree; BIP86
 */
export function singleKeyOutputs(publicKey: Uint8Array): readonly SingleKeyOutput[] {
  const outputKey = isCompressedKey(publicKey) ? keyPathOutputKey(publicKey.subarray(1)) : null;
  return [
    ...keyHashOutputs(publicKey),
    ...(outputKey === null ? [] : [{ script: 'p2tr' as const, scriptPubKey: concat(Uint8Array.of(0x51, 0x20), outputKey), redeemScript: null, signingKey: outputKey, rule: { kind: 'taproot-key' } as const }]),
  ];
}

/** Those of them that are made of the key's hash: all but taproot, whose output key takes a multiplication on the curve. */
export function keyHashOutputs(publicKey: Uint8Array): readonly SingleKeyOutput[] {
  const keyHash = hash160(publicKey);
  const scriptCode = keyHashScript(keyHash);
  const legacy: SingleKeyOutput = { script: 'p2pkh', scriptPubKey: scriptCode, redeemScript: null, signingKey: publicKey, rule: { kind: 'legacy', scriptCode } };
  if (!isCompressedKey(publicKey)) return [legacy];
  const program = witnessKeyHashScript(keyHash);
  const rule: SigningRule = { kind: 'segwit-v0', scriptCode };
  return [
    legacy,
    { script: 'p2sh-p2wpkh', scriptPubKey: scriptHashScript(program), redeemScript: program, signingKey: publicKey, rule },
    { script: 'p2wpkh', scriptPubKey: program, redeemScript: null, signingKey: publicKey, rule },
  ];
}
