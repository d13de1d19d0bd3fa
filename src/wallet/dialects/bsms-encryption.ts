import { ctr } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { utf8 as utf8Codec } from '@scure/base';
import { concat, equalBytes, parseHex, toHex, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** @see BIP129, "Encryption" */
const PASSWORD = 'No SPOF';
const ROUNDS = 2048;
const MAC_BYTES = 32;
const IV_BYTES = 16;
/** Fewer bytes than any record has. */
const LEAST_BYTES = MAC_BYTES + 40;

/** Told by its form alone: hexadecimal and long enough. */
export const isEncryptedBsms = (text: string): boolean => text.length >= 2 * LEAST_BYTES && text.length <= 65_536 && /^([0-9a-fA-F]{2})+$/.test(text);

/**
 * The record in an encrypted BSMS file.
 * @param token hexadecimal, as the coordinator gave it: 16 digits (STANDARD) or 32 (EXTENDED)
 * @throws StrongroomError `wallet.encrypted` where the token is missing, no token, or another one
 */
export function decryptBsms(text: string, token: string | null): string {
  const file = parseHex(text);
  const keys = keysOf(token);
  const mac = file.subarray(0, MAC_BYTES);
  const plaintext = ctr(keys.encryption, mac.subarray(0, IV_BYTES)).decrypt(file.subarray(MAC_BYTES));
  if (!equalBytes(macOf(keys, plaintext), mac)) throw locked('its token is another one, or the file was changed');
  return utf8Codec.encode(plaintext);
}

/** @throws StrongroomError `wallet.encrypted` for what is no token */
export function encryptBsms(record: string, token: string): string {
  const keys = keysOf(token);
  const mac = macOf(keys, utf8(record));
  return toHex(concat(mac, ctr(keys.encryption, mac.subarray(0, IV_BYTES)).encrypt(utf8(record))));
}

interface Keys {
  readonly encryption: Uint8Array;
  readonly mac: Uint8Array;
  /** As the MAC covers it. */
  readonly tokenText: string;
}

function keysOf(token: string | null): Keys {
  const tokenText = (token ?? '').trim().toLowerCase();
  if (!/^([0-9a-f]{16}|[0-9a-f]{32})$/.test(tokenText)) throw locked(token === null ? 'its token was not given' : 'a token has 16 or 32 hexadecimal digits');
  const encryption = pbkdf2(sha512, utf8(PASSWORD), parseHex(tokenText), { c: ROUNDS, dkLen: 32 });
  return { encryption, mac: sha256(encryption), tokenText };
}

const macOf = ({ mac, tokenText }: Keys, plaintext: Uint8Array): Uint8Array => hmac(sha256, mac, concat(utf8(tokenText), plaintext));

const locked = (reason: string): StrongroomError =>
  new StrongroomError('wallet.encrypted', `The file is encrypted (BSMS): ${reason}.`, { format: 'bsms', reason }, 'Give the token of the session as its password: the coordinator that began the wallet knows it.');
