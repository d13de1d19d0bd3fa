import { expand, extract } from '@noble/hashes/hkdf.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { isPrivate, pointFromScalar } from 'tiny-secp256k1';
import { concat, equalBytes, parseHex, utf8 } from '../domain/bytes.ts';
import { chainParameters, type NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { PaperWalletScript } from '../paper/sheets/paper-wallet.ts';
import { addressOfScript } from '../wallet/address.ts';
import { hash160 } from '../wallet/extended-public-key.ts';
import { keyHashScript, witnessKeyHashScript } from '../wallet/locking-script.ts';
import { requireScript } from '../wallet/wallet.ts';
import { keyPathOutputKey } from '../wallet/taproot.ts';
import { decryptBip38, encryptBip38 } from './secrets/bip38.ts';
import type { SlowHashes } from './secrets/slow-hashes.ts';
import { wipe } from './secrets/wipe.ts';
import { formatWif, parseWif } from './secrets/wif.ts';

/** How a wallet's key is written down: as it is, or encrypted under a passphrase or SecurePrint's code. */
export type KeyWriting = { readonly form: 'wif' } | { readonly form: 'bip38'; readonly passphrase: string };

/** What stands on a paper wallet's two sheets. */
export interface WrittenWallet {
  readonly address: string;
  /** WIF or BIP38. A secret, unless it is encrypted. */
  readonly text: string;
}

/** Domain of the extraction, so that a batch secret could serve another purpose and never give the same keys. */
const SALT = 'strongroom paper wallets 1';
/** That one 32-byte block is no private key happens once in 2^128. */
const MOST_BLOCKS = 4;

/**
 * The private key of one wallet of a batch: the first 32-byte block T(1), T(2), ... of HKDF-SHA256(batch secret,
 * salt "strongroom paper wallets 1", info "paper wallet <number>") that is a number from 1 to the group's order less one. A block
 * that is none is left out rather than reduced, so that every key is equally likely.
 * @param batchSecret 32 bytes
 * @param number from 1, as on the sheets
 * @returns 32 bytes. A secret: wipe it after use.
 * @see RFC 5869
 */
export function paperWalletKey(batchSecret: Uint8Array, number: number): Uint8Array {
  const pseudorandomKey = extract(sha256, batchSecret, utf8(SALT));
  const blocks = expand(sha256, pseudorandomKey, utf8(`paper wallet ${number}`), 32 * MOST_BLOCKS);
  try {
    const key = firstPrivateKey(blocks);
    if (key === null) throw mismade('no private key was found');
    return key;
  } finally {
    wipe(pseudorandomKey, blocks);
  }
}

/** A copy of the first 32-byte block that is a private key. */
export function firstPrivateKey(blocks: Uint8Array): Uint8Array | null {
  for (let at = 0; at < blocks.length; at += 32) {
    const block = blocks.subarray(at, at + 32);
    if (isPrivate(block)) return block.slice();
  }
  return null;
}

/**
 * The address of a private key in its compressed form, the only one that segwit knows (BIP143), by libsecp256k1.
 * @see BIP141, P2WPKH; BIP341, "Constructing and spending Taproot outputs": a key path alone commits to no script tree
 */
export function addressOfPaperKey(privateKey: Uint8Array, script: PaperWalletScript, network: NetworkName): string {
  const publicKey = pointFromScalar(privateKey, true) as Uint8Array;
  if (script === 'p2pkh') return addressOf(keyHashScript(hash160(publicKey)), network);
  if (script === 'p2wpkh') return addressOf(witnessKeyHashScript(hash160(publicKey)), network);
  const outputKey = keyPathOutputKey(publicKey.subarray(1));
  if (outputKey === null) throw mismade('the taproot output key does not exist');
  return addressOf(concat(Uint8Array.of(0x51, 0x20), outputKey), network);
}

/** The same by a curve that shares no code with the first, and with scripts written out once more. */
export function addressBySecondCurve(privateKey: Uint8Array, script: PaperWalletScript, network: NetworkName): string {
  const publicKey = secp256k1.getPublicKey(privateKey, true);
  if (script === 'p2pkh') return addressOf(concat(parseHex('76a914'), hash160(publicKey), parseHex('88ac')), network);
  if (script === 'p2wpkh') return addressOf(concat(parseHex('0014'), hash160(publicKey)), network);
  const { Point } = secp256k1;
  const internal = publicKey.subarray(1);
  const tag = sha256(utf8('TapTweak'));
  const tweak = Point.Fn.fromBytes(sha256(concat(tag, tag, internal)));
  // The internal key is the point of this x with an even y (BIP340, `lift_x`).
  const output = Point.fromBytes(concat(Uint8Array.of(2), internal)).add(Point.BASE.multiply(tweak));
  return addressOf(concat(parseHex('5120'), output.toBytes(true).subarray(1)), network);
}

function addressOf(scriptPubKey: Uint8Array, network: NetworkName): string {
  const address = addressOfScript(scriptPubKey, network);
  if (address === null) throw mismade('a script has no address');
  return address;
}

/**
 * Writes a key down and reads it back as a stranger would: the text is parsed, or decrypted, and the address derived from
 * what it holds by the other curve. Takes some tenths of a second where it is encrypted.
 * @throws StrongroomError `wallet.script-unavailable`; `paper.check-failed` when the text cannot be read or does not lead to the address; then neither is given out
 */
export async function writePaperWallet(privateKey: Uint8Array, order: { readonly script: PaperWalletScript; readonly network: NetworkName; readonly writing: KeyWriting }, slow: SlowHashes): Promise<WrittenWallet> {
  const { script, network, writing } = order;
  requireScript(script, network);
  const address = addressOfPaperKey(privateKey, script, network);
  const key = { privateKey, compressed: true };
  const text = writing.form === 'wif' ? formatWif(key, network) : await encryptBip38(key, network, writing.passphrase, slow);
  // SECURITY: what goes on paper is what somebody will spend with, years on. A text that leads elsewhere must cost an error now.
  const readBack = await (writing.form === 'wif' ? Promise.resolve(parseWif(text)) : decryptBip38(text, writing.passphrase, slow)).catch(() => {
    throw mismade('a written key cannot be read again');
  });
  try {
    const isSame = readBack.compressed && readBack.realm === chainParameters(network).singleKeyRealm && equalBytes(readBack.privateKey, privateKey) && addressBySecondCurve(readBack.privateKey, script, network) === address;
    if (!isSame) throw mismade('a written key does not lead to its address');
    return { address, text };
  } finally {
    wipe(readBack.privateKey);
  }
}

const mismade = (reason: string): StrongroomError =>
  new StrongroomError('paper.check-failed', `A paper wallet was not made: ${reason}.`, { reason }, 'Do not use this installation. Install Strongroom again and compare its checksum.');
