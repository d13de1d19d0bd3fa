import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter } from '../../domain/byte-writer.ts';
import { concat, parseBase64, utf8 } from '../../domain/bytes.ts';
import { isQuorumScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { createAddressDeriver } from '../address.ts';
import { formatDescriptor } from '../descriptor.ts';
import { isExtended, readKeyExpression, type KeyExpression } from '../expression/key-expression.ts';
import { ExpressionReader, unsupportedDescriptor } from '../expression/reader.ts';
import { recordWithoutOrigin, requireDepth, type KeyRecord } from '../key-record.ts';
import { verify } from '../secp256k1-public.ts';
import type { Wallet } from '../wallet.ts';
import { readDescriptors, unnamedWallet } from './descriptor-text.ts';
import { cleanLabel, malformedFile, type ForeignKeys, type ForeignWallet } from './foreign.ts';

const VERSION_LINE = 'BSMS 1.0';
const BOTH_BRANCHES = '/0/*,/1/*';
const NO_RESTRICTIONS = 'No path restrictions';
/** The token of records that are not encrypted. */
export const NO_TOKEN = '00';
/** The longest description of a key. */
const MAX_DESCRIPTION = 80;

export const isBsms = (text: string): boolean => text.startsWith(VERSION_LINE);

/**
 * A key record or a descriptor record of BIP129.
 * @throws StrongroomError `wallet.malformed`, `key.signature-invalid`, and what descriptors and keys are refused for
 * @see BIP129, "Round 1" and "Round 2"
 */
export function readBsms(text: string): ForeignKeys | ForeignWallet {
  const lines = text.replace(/\r\n/g, '\n').replace(/\n+$/, '').split('\n');
  if (lines[0] !== VERSION_LINE) throw malformedFile('it is of another version of BSMS than 1.0');
  if (lines.length === 5) return readKey(lines as [string, string, string, string, string]);
  if (lines.length === 4) return readDescriptorRecord(lines as [string, string, string, string]);
  throw malformedFile('a BSMS record has four lines (a wallet) or five (a key)');
}

function readDescriptorRecord([, template, restrictions, firstAddress]: readonly [string, string, string, string]): ForeignWallet {
  if (restrictions !== BOTH_BRANCHES && restrictions !== NO_RESTRICTIONS) throw unsupportedDescriptor('branches other than 0 and 1', 'Have the wallet made with the paths /0/*,/1/*.');
  const read = readDescriptors([template], null, { shorthand: true });
  return unnamedWallet(restrictions === BOTH_BRANCHES ? { ...read, losses: [] } : read, 'bsms', { firstReceive: firstAddress.trim() });
}

function readKey([version, token, keyText, description, signature]: readonly [string, string, string, string, string]): ForeignKeys {
  if (!/^(00|[0-9a-fA-F]{16}|[0-9a-fA-F]{32})$/.test(token)) throw malformedFile('its token has not 8 or 16 bytes');
  const reader = new ExpressionReader(keyText);
  const expression = readKeyExpression(reader, { uncompressed: false, xOnly: false }, false);
  if (!reader.isAtEnd || expression.steps.length > 0 || expression.children !== 'none') throw malformedFile('its key has something behind it');
  requireSignature([version, token, keyText, description].join('\n'), signature, publicKeyIn(expression));
  return { kind: 'keys', format: 'bsms', keys: [{ record: recordIn(expression), script: isExtended(expression.key) ? expression.key.prefixScript : null, label: cleanLabel(description) }] };
}

const publicKeyIn = ({ key }: KeyExpression): Uint8Array => (isExtended(key) ? key.key.publicKey : key);

function recordIn({ origin, key }: KeyExpression): KeyRecord {
  if (!isExtended(key)) throw unsupportedDescriptor('a key without children', 'A wallet is made of extended public keys (xpub).');
  return origin === null ? recordWithoutOrigin(key.key, key.realm) : requireDepth({ masterFingerprint: origin.fingerprint, path: origin.path, key: key.key, realm: key.realm });
}

/**
 * SECURITY: the signature proves that whoever wrote the record holds its key; without it anybody could put a key that nobody has
 * into a wallet.
 */
function requireSignature(message: string, signature: string, publicKey: Uint8Array): void {
  let isRight = false;
  try {
    const bytes = parseBase64(signature.trim());
    isRight = bytes.length === 65 && verify(bsmsMessageHash(message), publicKey, bytes.subarray(1));
  } catch {
    isRight = false;
  }
  if (!isRight) throw new StrongroomError('key.signature-invalid', 'The signature of the key record is not of the key in it.', {}, 'Do not use this record. Ask its owner for a new one, and compare the key on the device\'s screen.');
}

/** What a key record's signature signs: the old way of signing messages, hashed twice. @see BIP129, "Round 1" */
export function bsmsMessageHash(message: string): Uint8Array {
  const text = utf8(message);
  return sha256(sha256(concat(utf8('\x18Bitcoin Signed Message:\n'), new ByteWriter().sized(text).bytes())));
}

/** The four lines of a key record that are signed; the signature in base64 becomes the fifth. */
export function bsmsKeyMessage(keyText: string, description: string): string {
  return [VERSION_LINE, NO_TOKEN, keyText, description.replace(/\p{C}/gu, ' ').slice(0, MAX_DESCRIPTION)].join('\n');
}

/** A wallet as descriptor record: template, paths, and the first address to be compared. */
export function formatBsms(wallet: Wallet): string {
  const keys = wallet.cosigners.map((cosigner) => cosigner.record);
  const descriptor = formatDescriptor({ script: wallet.script, required: wallet.required, keys }, wallet.network);
  const template = descriptor.slice(0, -9).replaceAll('/<0;1>/*', '/**');
  return `${[VERSION_LINE, template, BOTH_BRANCHES, createAddressDeriver(wallet).derive(0, 0).address].join('\n')}\n`;
}

/** BIP129 is for quorums. */
export const isBsmsScript = isQuorumScript;
