import { cbc } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { utf8 as utf8Codec } from '@scure/base';
import { equalBytes, parseBase64, toHex, parseHex, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { isPoint, pointMultiply } from '../secp256k1-public.ts';
import { MAX_FOREIGN_CHARACTERS } from './foreign.ts';

/** `BIE1`: the key is made of a password; `BIE2`: of a key of a hardware device, which alone can open it. */
const MAGIC = utf8('BIE');
const ROUNDS = 1024;
const GROUP_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const POINT_BYTES = 33;
const MAC_BYTES = 32;
/** A zlib stream: two bytes before the deflated ones, four of a checksum behind. @see RFC 1950 */
const ZLIB_HEAD = 2;
const ZLIB_TAIL = 4;

/** Inflates raw deflate; stops at a number of bytes. An effect, since it belongs to what crosses the gap. */
export type Inflate = (compressed: Uint8Array, maxBytes: number) => Uint8Array;

/** Base64 that begins with the three letters. */
export const isElectrumStorage = (text: string): boolean => /^QklF[A-Za-z0-9+/]{60,}/.test(text);

/**
 * The JSON in an encrypted Electrum wallet file. The password opens the file, not the private keys in it, which stay encrypted.
 * @throws StrongroomError `wallet.encrypted` where the password is missing or another one, or a hardware device has the key;
 * `wallet.malformed`
 * @see Electrum, `ecc.py`: ECIES by BIE1; `storage.py`
 */
export function openElectrumStorage(text: string, password: string | null, inflate: Inflate): string {
  const file = bytesOf(text.replace(/\s+/g, ''));
  const point = file.subarray(4, 4 + POINT_BYTES);
  const mac = file.subarray(file.length - MAC_BYTES);
  if (!equalBytes(file.subarray(0, 3), MAGIC) || file.length < 4 + POINT_BYTES + 16 + MAC_BYTES || !isPoint(point)) throw damaged();
  if (file[3] !== 0x31) throw locked('a hardware device has its key', 'Open the wallet in Electrum with the device, and save it without encryption or export its keys.');
  if (password === null) throw locked('its password was not given', 'Give the password of the wallet file.');
  const shared = pointMultiply(point, scalarOf(password), true);
  if (shared === null) throw damaged();
  const keys = sha512(shared);
  if (!equalBytes(hmac(sha256, keys.subarray(32), file.subarray(0, file.length - MAC_BYTES)), mac)) throw locked('its password is another one, or the file was changed', 'Give the password of the wallet file.');
  let compressed: Uint8Array;
  try {
    compressed = cbc(keys.subarray(16, 32), keys.subarray(0, 16)).decrypt(file.subarray(4 + POINT_BYTES, file.length - MAC_BYTES));
  } catch {
    throw damaged();
  }
  if (compressed.length < ZLIB_HEAD + ZLIB_TAIL || ((compressed[0] as number) & 0x0f) !== 8) throw damaged();
  return utf8Codec.encode(inflate(compressed.subarray(ZLIB_HEAD, compressed.length - ZLIB_TAIL), MAX_FOREIGN_CHARACTERS));
}

function bytesOf(text: string): Uint8Array {
  try {
    return parseBase64(text);
  } catch {
    throw damaged();
  }
}

/** The scalar of a password: 64 bytes, reduced. */
function scalarOf(password: string): Uint8Array {
  const stretched = pbkdf2(sha512, utf8(password), new Uint8Array(0), { c: ROUNDS, dkLen: 64 });
  const reduced = BigInt(`0x${toHex(stretched)}`) % GROUP_ORDER;
  return parseHex(reduced.toString(16).padStart(64, '0'));
}

const locked = (reason: string, hint: string): StrongroomError =>
  new StrongroomError('wallet.encrypted', `The file is encrypted (Electrum): ${reason}.`, { format: 'electrum', reason }, hint);
const damaged = (): StrongroomError =>
  new StrongroomError('wallet.malformed', 'The encrypted Electrum file is damaged.', { reason: 'encrypted' }, 'Copy the file again.');
