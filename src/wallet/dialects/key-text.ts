import { isExtended, readKeyExpression } from '../expression/key-expression.ts';
import { ExpressionReader, unsupportedDescriptor } from '../expression/reader.ts';
import { recordWithoutOrigin, requireDepth } from '../key-record.ts';
import { malformedFile, type ForeignKey, type ForeignKeys } from './foreign.ts';

/** A key as text, one a line: with its origin, or a prefix that says what it is. */
export const isKeyText = (text: string): boolean => /^(\[[0-9a-fA-F]{8}[^\]\n]{0,200}\]\s*)?(?:[xyztuvYZUV]pub|[LMt]tub|dgub)[1-9A-HJ-NP-Za-km-z]{20}/.test(text);

/** As many as an account of each script type has. */
const MAX_KEYS = 20;

/**
 * Key records as text: ours, SeedSigner's, Krux's, Specter's and Keystone's, with h or ' in the path, of any prefix; the two branches
 * behind it, which some write, are left out, since a record names the account.
 * @throws StrongroomError `wallet.malformed`, `key.record-malformed`, `key.origin-missing`, `wallet.depth-path`,
 * `wallet.descriptor-unsupported` for keys with other children
 */
export function readKeyText(text: string): ForeignKeys {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0 || lines.length > MAX_KEYS) throw malformedFile(`it holds ${lines.length} keys`);
  return { kind: 'keys', format: 'descriptor', keys: lines.map(keyOfLine) };
}

function keyOfLine(line: string): ForeignKey {
  const reader = new ExpressionReader(line.replace(/^(\[[^\]]*\])\s+/, '$1').replace(/^\[[^\]]*\]/, (origin) => origin.replaceAll('H', 'h')));
  const { origin, key, steps, children } = readKeyExpression(reader, { uncompressed: false, xOnly: false }, true);
  if (!reader.isAtEnd) throw reader.malformed('something follows the key');
  if (!isExtended(key)) throw unsupportedDescriptor('a key without children', 'A wallet is made of extended public keys (xpub).');
  const isPlainTail = steps.length === 0 || (steps.length === 1 && JSON.stringify(steps[0]) === '[0,1]');
  if (!isPlainTail || children === 'hardened') throw unsupportedDescriptor('a key with other children than its two branches', 'Export the account\'s key alone.');
  const record = origin === null ? recordWithoutOrigin(key.key, key.realm) : requireDepth({ masterFingerprint: origin.fingerprint, path: origin.path, key: key.key, realm: key.realm });
  return { record, script: key.prefixScript, label: null };
}
