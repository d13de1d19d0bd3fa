import { parseHex } from '../../domain/bytes.ts';
import { HARDENED, type DerivationPath } from '../../domain/derivation-path.ts';
import { parseFingerprint, type Fingerprint } from '../../domain/fingerprint.ts';
import { derivePublicPath, parseExtendedPublicKey, type ParsedExtendedKey } from '../extended-public-key.ts';
import { isPoint, isXOnlyPoint } from '../secp256k1-public.ts';
import { unsupportedDescriptor, type ExpressionReader } from './reader.ts';

/** Where a key comes from: the master's fingerprint and the path from it. */
export interface KeyOrigin {
  readonly fingerprint: Fingerprint;
  readonly path: DerivationPath;
}

/** One step below an extended key, or, of a multipath, one for each descriptor that it stands for (BIP389). */
export type KeyStep = number | readonly number[];

/**
 * A key of a descriptor.
 * @see BIP380, "Key Expressions"; BIP389
 */
export interface KeyExpression {
  readonly origin: KeyOrigin | null;
  /** 33 or 65 bytes, or 32 where x only; or an extended key. */
  readonly key: Uint8Array | ParsedExtendedKey;
  readonly steps: readonly KeyStep[];
  /** Whether it ends in `/*`, and which children that are. */
  readonly children: 'none' | 'plain' | 'hardened';
}

export const isExtended = (key: KeyExpression['key']): key is ParsedExtendedKey => !(key instanceof Uint8Array);

/** Which forms of a key may stand somewhere. */
export interface KeyRules {
  /** 65 bytes: only where no segwit is (BIP381 to BIP383). */
  readonly uncompressed: boolean;
  /** 32 bytes: only in taproot (BIP386). */
  readonly xOnly: boolean;
}

/** More steps than BIP32 allows below any key. */
const MAX_STEPS = 255;
/** More alternatives than any wallet has branches. */
const MAX_ALTERNATIVES = 64;

/**
 * @param shorthand whether `/**` stands for `/<0;1>/*` (BIP388, BIP129)
 * @throws StrongroomError `wallet.malformed`, `key.record-malformed`, `wallet.private-key`
 */
export function readKeyExpression(reader: ExpressionReader, rules: KeyRules, shorthand: boolean): KeyExpression {
  if (reader.sees('musig(')) throw unsupportedDescriptor('musig', 'MuSig2 keys (BIP390) are not supported: export a quorum of sorted keys.');
  const origin = reader.takes('[') ? readOrigin(reader) : null;
  const start = reader.position;
  const text = reader.run(/[0-9A-Za-z]/);
  if (text === '') throw reader.malformed('a key belongs here');
  const key = /^(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{66}|[0-9a-fA-F]{130})$/.test(text) ? rawKey(reader, parseHex(text), rules, start) : parseExtendedPublicKey(text);
  const { steps, children } = readSteps(reader, shorthand);
  if (!isExtended(key) && (steps.length > 0 || children !== 'none')) throw reader.malformed('only extended keys have children', start);
  return { origin, key, steps, children };
}

function rawKey(reader: ExpressionReader, key: Uint8Array, rules: KeyRules, start: number): Uint8Array {
  if (key.length === 32) {
    if (!rules.xOnly) throw reader.malformed('a key of 32 bytes stands in taproot only', start);
    if (!isXOnlyPoint(key)) throw reader.malformed('the key is not on the curve', start);
    return key;
  }
  const [prefix] = key;
  const isCompressed = key.length === 33 && (prefix === 2 || prefix === 3);
  if (!isCompressed && !(key.length === 65 && prefix === 4)) throw reader.malformed('the key is none', start);
  if (!isCompressed && !rules.uncompressed) throw reader.malformed('an uncompressed key cannot stand here', start);
  if (!isPoint(key)) throw reader.malformed('the key is not on the curve', start);
  return key;
}

function readOrigin(reader: ExpressionReader): KeyOrigin {
  const start = reader.position;
  const fingerprint = reader.run(/[0-9a-fA-F]/);
  if (fingerprint.length !== 8) throw reader.malformed('a fingerprint has eight hexadecimal digits', start);
  const path: number[] = [];
  while (reader.takes('/')) path.push(readChildNumber(reader));
  reader.expect(']');
  return { fingerprint: parseFingerprint(fingerprint), path };
}

function readSteps(reader: ExpressionReader, shorthand: boolean): Pick<KeyExpression, 'steps' | 'children'> {
  const steps: KeyStep[] = [];
  while (reader.takes('/')) {
    if (shorthand && reader.takes('**')) return { steps: [...steps, [0, 1]], children: 'plain' };
    if (reader.takes('*')) return { steps, children: isHardenedMark(reader) ? 'hardened' : 'plain' };
    if (reader.sees('<')) {
      if (steps.some((step) => typeof step !== 'number')) throw reader.malformed('a key has one multipath at most');
      steps.push(readAlternatives(reader));
    } else {
      steps.push(readChildNumber(reader));
    }
    if (steps.length > MAX_STEPS) throw reader.malformed('a path has at most 255 steps');
  }
  return { steps, children: 'none' };
}

/** `<0;1>`. @see BIP389 */
function readAlternatives(reader: ExpressionReader): readonly number[] {
  const start = reader.position;
  reader.expect('<');
  const alternatives = [readChildNumber(reader)];
  while (reader.takes(';')) {
    alternatives.push(readChildNumber(reader));
    if (alternatives.length > MAX_ALTERNATIVES) throw reader.malformed('a multipath has at most 64 alternatives', start);
  }
  reader.expect('>');
  if (alternatives.length < 2) throw reader.malformed('a multipath has two alternatives at least', start);
  if (new Set(alternatives).size !== alternatives.length) throw reader.malformed('a multipath names an alternative twice', start);
  return alternatives;
}

function readChildNumber(reader: ExpressionReader): number {
  const start = reader.position;
  const digits = reader.run(/[0-9]/);
  const index = Number(digits);
  if (!/^(0|[1-9][0-9]{0,9})$/.test(digits) || index >= HARDENED) throw reader.malformed('a number from 0 to 2147483647 belongs here', start);
  return isHardenedMark(reader) ? index + HARDENED : index;
}

const isHardenedMark = (reader: ExpressionReader): boolean => reader.takes('h') || reader.takes("'");

/**
 * The public key that an expression stands for.
 * @param alternative which step of its multipath is meant
 * @param index which child is meant, where it ends in `/*`
 * @returns 33, 65 or, where x only, 32 bytes
 * @throws StrongroomError `wallet.descriptor-unsupported` for hardened children, which a public key does not have
 */
export function publicKeyOf(expression: KeyExpression, alternative: number, index: number): Uint8Array {
  if (!isExtended(expression.key)) return expression.key;
  if (expression.children === 'hardened') throw hardenedChildren();
  const steps = expression.steps.map((step) => (typeof step === 'number' ? step : (step[alternative] as number)));
  if (steps.some((step) => step >= HARDENED)) throw hardenedChildren();
  return derivePublicPath(expression.key.key, expression.children === 'plain' ? [...steps, index] : steps).publicKey;
}

export const hardenedChildren = () => unsupportedDescriptor('hardened children of a public key', 'Export the account\'s own extended public key; only plain children can be derived from it.');
