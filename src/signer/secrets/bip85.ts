import { base64 } from '@scure/base';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { shake256 } from '@noble/hashes/sha3.js';
import { isPrivate } from 'tiny-secp256k1';
import { utf8 } from '../../domain/bytes.ts';
import { HARDENED, type DerivationPath } from '../../domain/derivation-path.ts';
import type { ExtendedPrivateKey } from '../private-derivation.ts';
import { unfitParameters } from './malformed-secret.ts';
import { entropyBytesOfWords, type MnemonicWordCount } from './mnemonic-coding.ts';
import { bip85LanguageNumber, type MnemonicLanguage } from './mnemonic-languages.ts';
import { wipe } from './wipe.ts';

/** A key that lends private keys: a `SigningKey`. */
export interface PrivateKeyLender {
  usePrivateKeyAt<T>(path: DerivationPath, use: (privateKey: Uint8Array) => T): T;
}

// Application numbers of BIP85.
const ROOT = 83_696_968;
const MNEMONIC = 39;
const WIF = 2;
const XPRV = 32;
const HEX = 128_169;
const BASE64_PASSWORD = 707_764;
const BASE85_PASSWORD = 707_785;
const DICE = 89_101;

/** The characters of Python's base85, in order. @see RFC 1924 */
const BASE85 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';
const MOST_ROLLS = 10_000;

/**
 * Entropy of a child mnemonic: `m/83696968h/39h/languageh/wordsh/indexh`. A secret: wipe it after use.
 * @returns 16 to 32 bytes, for `mnemonicIn`
 * @throws StrongroomError `secret.parameters`
 * @see BIP85, "BIP39"
 */
export const childMnemonicEntropy = (key: PrivateKeyLender, { language, words, index }: { readonly language: MnemonicLanguage; readonly words: MnemonicWordCount; readonly index: number }): Uint8Array =>
  leading(entropyAt(key, [MNEMONIC, bip85LanguageNumber(language), words, index]), entropyBytesOfWords(words));

/** A child private key, for a WIF of a compressed key; 32 bytes. A secret. @throws StrongroomError `secret.parameters` @see BIP85, "HD-Seed WIF" */
export const childPrivateKey = (key: PrivateKeyLender, index: number): Uint8Array => requirePrivate(leading(entropyAt(key, [WIF, index]), 32));

/** A child master key. A secret: wipe it after use. @throws StrongroomError `secret.parameters` @see BIP85, "XPRV" */
export function childMasterKey(key: PrivateKeyLender, index: number): ExtendedPrivateKey {
  const entropy = entropyAt(key, [XPRV, index]);
  // The other way round than BIP32: the chain code comes first.
  const chainCode = entropy.slice(0, 32);
  const privateKey = requirePrivate(entropy.slice(32));
  wipe(entropy);
  return { depth: 0, parentFingerprint: 0, childNumber: 0, chainCode, privateKey };
}

/** Child bytes, for a hexadecimal secret. @param length 16 to 64 @throws StrongroomError `secret.parameters` @see BIP85, "HEX" */
export function childBytes(key: PrivateKeyLender, length: number, index: number): Uint8Array {
  requireRange('bytes', length, 16, 64);
  return leading(entropyAt(key, [HEX, length, index]), length);
}

/**
 * A child password.
 * @param length 20 to 86 characters of base64, 10 to 80 of base85
 * @throws StrongroomError `secret.parameters`
 * @see BIP85, "PWD BASE64", "PWD BASE85"
 */
export function childPassword(key: PrivateKeyLender, alphabet: 'base64' | 'base85', length: number, index: number): string {
  if (alphabet === 'base64') requireRange('password length', length, 20, 86);
  else requireRange('password length', length, 10, 80);
  const entropy = entropyAt(key, [alphabet === 'base64' ? BASE64_PASSWORD : BASE85_PASSWORD, length, index]);
  const text = alphabet === 'base64' ? base64.encode(entropy) : base85(entropy);
  wipe(entropy);
  return text.slice(0, length);
}

/**
 * Child rolls of a die, from 0 to `sides - 1`.
 * @param sides 2 to 2^31 - 1
 * @param rolls 1 to 10,000
 * @throws StrongroomError `secret.parameters`
 * @see BIP85, "DICE"
 */
export function childDice(key: PrivateKeyLender, sides: number, rolls: number, index: number): readonly number[] {
  requireRange('sides', sides, 2, HARDENED - 1);
  requireRange('rolls', rolls, 1, MOST_ROLLS);
  const entropy = entropyAt(key, [DICE, sides, rolls, index]);
  const next = deterministicBytes(entropy);
  const bits = 32 - Math.clz32(sides - 1);
  const bytes = Math.ceil(bits / 8);
  const results: number[] = [];
  while (results.length < rolls) {
    // The leading bits of so many bytes; what is not on the die is thrown again, which keeps its faces equally likely.
    const roll = next(bytes).reduce((sum, byte) => sum * 256 + byte, 0) >>> (bytes * 8 - bits);
    if (roll < sides) results.push(roll);
  }
  return results;
}

/** BIP85's generator: SHAKE256 of 64 bytes of entropy, read on and on. The entropy is wiped. @see BIP85, "BIP85-DRNG-SHAKE256" */
export function deterministicBytes(entropy: Uint8Array): (length: number) => Uint8Array {
  const stream = shake256.create({}).update(entropy);
  wipe(entropy);
  return (length) => stream.xof(length);
}

/** 64 bytes for an application's path; every step is hardened. @see BIP85, "Specification" */
export function entropyAt(key: PrivateKeyLender, steps: readonly number[]): Uint8Array {
  for (const step of steps) requireRange('index', step, 0, HARDENED - 1);
  const path = [ROOT, ...steps].map((step) => step + HARDENED);
  return key.usePrivateKeyAt(path, (privateKey) => hmac(sha512, utf8('bip-entropy-from-k'), privateKey));
}

function leading(entropy: Uint8Array, length: number): Uint8Array {
  const head = entropy.slice(0, length);
  wipe(entropy);
  return head;
}

function requirePrivate(privateKey: Uint8Array): Uint8Array {
  // Once in 2^127.
  if (!isPrivate(privateKey)) throw unfitParameters('there is no such child; take the next index');
  return privateKey;
}

function requireRange(what: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) throw unfitParameters(`${what} must be ${least} to ${most}`);
}

function base85(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let offset = 0; offset < bytes.length; offset += 4) {
    let number = view.getUint32(offset);
    let group = '';
    for (let place = 0; place < 5; place += 1) {
      group = BASE85.charAt(number % 85) + group;
      number = Math.floor(number / 85);
    }
    text += group;
  }
  return text;
}
