import { parseHex } from '../../domain/bytes.ts';
import { HARDENED, parsePath } from '../../domain/derivation-path.ts';
import { parseExtendedPublicKey } from '../../wallet/extended-public-key.ts';
import { rejectPrivateKeyText } from '../../wallet/key-record.ts';
import type { CborTag, CborValue } from './cbor.ts';
import { unsupportedContent } from './frame-errors.ts';
import { FUNCTION_TAGS, TAGS } from './ur-registry.ts';

const tagOfFunction = new Map([...FUNCTION_TAGS].map(([tag, name]) => [name, tag]));
const notWritable = () => unsupportedContent('a descriptor that has no form as a UR of the type "crypto-output"');

/**
 * A descriptor's text as `crypto-output`.
 * @throws StrongroomError `frames.unsupported` for what the type cannot say; `wallet.private-key`; `key.record-malformed`
 * @see BCR-2020-010
 */
export function outputOfDescriptor(descriptor: string): CborTag {
  rejectPrivateKeyText(descriptor);
  return script(descriptor.trim().replace(/#[a-z0-9]{8}$/, ''), 0);
}

function script(text: string, depth: number): CborTag {
  const match = /^([a-z_]+)\((.*)\)$/.exec(text);
  // sh(wsh(pkh(…))) is the deepest that there is.
  if (match === null || depth > 4) throw notWritable();
  const [, name, inner] = match as unknown as [string, string, string];
  if (name === 'multi' || name === 'sortedmulti') {
    const [threshold, ...keys] = inner.split(',');
    return { tag: name === 'multi' ? TAGS.multi : TAGS.sortedMulti, value: { entries: [[1, Number(threshold)], [2, keys.map(keyOf)]] } };
  }
  const tag = tagOfFunction.get(name);
  if (tag === undefined || inner.includes(',')) {
    if (tag === undefined || !/^(sorted)?multi\(/.test(inner.replace(/^wsh\(/, ''))) throw notWritable();
  }
  return { tag: tag as number, value: inner.includes('(') ? script(inner, depth + 1) : keyOf(inner) };
}

function keyOf(text: string): CborValue {
  if (/^0[23][0-9a-fA-F]{64}$/.test(text)) return { tag: TAGS.ecKey, value: { entries: [[3, parseHex(text)]] } };
  return { tag: TAGS.hdKey, value: hdKeyOfText(text, 0) };
}

/**
 * A key expression as `hdkey`.
 * @param tagOffset 40,000 for the tags of today
 * @throws StrongroomError `frames.unsupported`, `key.record-malformed`, `wallet.private-key`
 * @see BCR-2020-007
 */
export function hdKeyOfText(text: string, tagOffset: number): CborValue {
  const match = /^(?:\[([0-9a-fA-F]{8})((?:\/[0-9]+[hH']?)*)\])?([1-9A-HJ-NP-Za-km-z]+)((?:\/[^/\s]+)*)$/.exec(text);
  if (match === null) throw unsupportedContent('a key that is no single extended public key');
  const { key, realm } = parseExtendedPublicKey(match[3] as string);
  const keyPath = (entries: readonly (readonly [CborValue, CborValue])[]): CborValue => ({ tag: TAGS.keyPath + tagOffset, value: { entries } });
  const entries: [CborValue, CborValue][] = [[3, key.publicKey], [4, key.chainCode]];
  if (realm === 'test') entries.push([5, { tag: TAGS.coinInfo + tagOffset, value: { entries: [[2, 1]] } }]);
  if (match[1] !== undefined) {
    const steps = parsePath((match[2] as string).replace(/^\//, ''));
    entries.push([6, keyPath([[1, steps.flatMap((step) => [step >= HARDENED ? step - HARDENED : step, step >= HARDENED])], [2, Number.parseInt(match[1], 16)], [3, key.depth]])]);
  }
  if (match[4] !== '') entries.push([7, keyPath([[1, (match[4] as string).slice(1).split('/').flatMap(childOf)]])]);
  if (key.parentFingerprint !== 0) entries.push([8, key.parentFingerprint]);
  return { entries };
}

function childOf(step: string): CborValue[] {
  const pair = /^<([0-9]+);([0-9]+)>$/.exec(step);
  if (pair !== null) return [[Number(pair[1]), false, Number(pair[2]), false]];
  if (step === '*') return [[], false];
  const [index] = parsePath(step);
  if (index === undefined || index >= HARDENED) throw unsupportedContent('a key with hardened children');
  return [index, false];
}
