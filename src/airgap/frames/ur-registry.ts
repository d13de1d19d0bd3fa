import { toHex } from '../../domain/bytes.ts';
import { HARDENED } from '../../domain/derivation-path.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { withChecksum } from '../../wallet/descriptor.ts';
import { formatExtendedPublicKey } from '../../wallet/extended-public-key.ts';
import { isArray, isMap, isTag, memberOf, type CborMap, type CborValue } from './cbor.ts';
import { malformedFrame, unsupportedContent } from './frame-errors.ts';

/*
 * Descriptors and keys of the UR registry as text. Tags of before 2023 and of today differ by 40,000 for what exists in both.
 * @see BCR-2020-007 (keys), BCR-2020-010 and BCR-2023-010 (descriptors), BCR-2020-015 and BCR-2023-019 (accounts)
 */
export const TAGS = { hdKey: 303, keyPath: 304, coinInfo: 305, ecKey: 306, output: 308, multi: 406, sortedMulti: 407, raw: 408, cosigner: 410 } as const;
/** Tags of script functions around another script or a key. */
export const FUNCTION_TAGS: ReadonlyMap<number, string> = new Map([[400, 'sh'], [401, 'wsh'], [402, 'pk'], [403, 'pkh'], [404, 'wpkh'], [405, 'combo'], [409, 'tr'], [410, 'cosigner']]);
const CURRENT = 40_000;
const OUTPUT_DESCRIPTOR = 40_308;
const MAX_KEYS = 64;

const old = (tag: number): number => (tag > CURRENT ? tag - CURRENT : tag);

/** The value of a tag, or the value itself where none stands: at the top the type's name has said it. */
function untagged(value: CborValue | undefined, tag: number): CborValue | undefined {
  return isTag(value) && old(value.tag) === tag ? value.value : value;
}

function requireMap(value: CborValue | undefined, what: string): CborMap {
  if (!isMap(value)) throw malformedFrame(`${what} in it is none`);
  return value;
}

/** A descriptor of `crypto-output`, with its checksum. @throws StrongroomError `frames.malformed`, `frames.unsupported`, `wallet.private-key` */
export const descriptorOfOutput = (value: CborValue): string => withChecksum(scriptText(untagged(value, TAGS.output) as CborValue));

function scriptText(value: CborValue): string {
  if (!isTag(value)) throw malformedFrame('a script in it is none');
  const tag = old(value.tag);
  if (tag === TAGS.hdKey || tag === TAGS.ecKey) return keyText(value);
  if (tag === TAGS.raw && value.value instanceof Uint8Array) return `raw(${toHex(value.value)})`;
  if (tag === TAGS.multi || tag === TAGS.sortedMulti) {
    const map = requireMap(value.value, 'a multisig script');
    const threshold = memberOf(map, 1);
    const keys = memberOf(map, 2);
    if (typeof threshold !== 'number' || !isArray(keys) || keys.length > MAX_KEYS) throw malformedFrame('a multisig script in it is none');
    return `${tag === TAGS.multi ? 'multi' : 'sortedmulti'}(${[threshold, ...keys.map((key) => keyText(key))].join(',')})`;
  }
  const name = FUNCTION_TAGS.get(tag);
  if (name === undefined) throw unsupportedContent(`a script of the tag ${value.tag}`);
  return `${name}(${scriptText(value.value)})`;
}

/** A descriptor of `output-descriptor`: its text with `@0`, `@1`, … in the places of the keys beside it. */
export function descriptorOfSource(value: CborValue): string {
  return withChecksum(sourceText(requireMap(untagged(value, OUTPUT_DESCRIPTOR - CURRENT), 'the descriptor')));
}

function sourceText(map: CborMap, master?: number): string {
  const source = memberOf(map, 1);
  const keys = memberOf(map, 2) ?? [];
  if (typeof source !== 'string' || !isArray(keys) || keys.length > MAX_KEYS || source.length > 16_384) throw malformedFrame('the descriptor in it is none');
  const texts = keys.map((key) => keyText(key, master));
  return source.replace(/#[a-z0-9]{8}$/, '').replace(/@([0-9]+)/g, (_, number: string) => texts[Number(number)] ?? missingKey());
}

function missingKey(): never {
  throw malformedFrame('a key is missing in it');
}

/** One public key record of `hdkey`; which children are meant is left out, since a record names the account alone. */
export const keyRecordOfHdKey = (value: CborValue): string => hdKeyText(requireMap(untagged(value, TAGS.hdKey), 'the key'), { withChildren: false });

/** The public key records of an account, one for each script type, in the order in which they stand there. */
export function accountKeys(value: CborValue): string[] {
  const map = requireMap(untagged(value, 311), 'the account');
  const master = memberOf(map, 1);
  const outputs = memberOf(map, 2);
  if (typeof master !== 'number' || !isArray(outputs) || outputs.length > MAX_KEYS) throw malformedFrame('the account in it is none');
  return outputs.map((output) => {
    const inner = untagged(output, TAGS.output);
    // Today's descriptors are maps, those of before nested tags; in both the one key is what counts.
    if (isMap(inner)) {
      const [key, ...others] = (isArray(memberOf(inner, 2)) ? memberOf(inner, 2) : []) as readonly CborValue[];
      if (key === undefined || others.length > 0) throw malformedFrame('an account in it has not one key');
      return hdKeyText(requireMap(untagged(key, TAGS.hdKey), 'a key'), { withChildren: false, master });
    }
    return hdKeyText(onlyKeyOf(inner), { withChildren: false, master });
  });
}

function onlyKeyOf(value: CborValue | undefined): CborMap {
  if (!isTag(value)) throw malformedFrame('a script in it is none');
  if (old(value.tag) === TAGS.hdKey) return requireMap(value.value, 'a key');
  if (!FUNCTION_TAGS.has(old(value.tag))) throw unsupportedContent(`a script of the tag ${value.tag} in an account`);
  return onlyKeyOf(value.value);
}

function keyText(value: CborValue, master?: number): string {
  if (!isTag(value)) throw malformedFrame('a key in it is none');
  const map = requireMap(value.value, 'a key');
  if (old(value.tag) === TAGS.hdKey) return hdKeyText(map, { withChildren: true, master });
  if (old(value.tag) !== TAGS.ecKey) throw unsupportedContent(`a key of the tag ${value.tag}`);
  if (memberOf(map, 2) === true) throw privateKey();
  const data = memberOf(map, 3);
  if (!(data instanceof Uint8Array)) throw malformedFrame('a key in it is none');
  return toHex(data);
}

function hdKeyText(map: CborMap, options: { readonly withChildren: boolean; readonly master?: number | undefined }): string {
  if (memberOf(map, 1) === true || memberOf(map, 2) === true) throw privateKey();
  const publicKey = memberOf(map, 3);
  const chainCode = memberOf(map, 4);
  if (!(publicKey instanceof Uint8Array) || publicKey.length !== 33) throw malformedFrame('a key in it is none');
  if (publicKey[0] === 0) throw privateKey();
  if (!(chainCode instanceof Uint8Array) || chainCode.length !== 32) throw unsupportedContent('a key that has no children');
  const coin = untagged(memberOf(map, 5), TAGS.coinInfo);
  if (isMap(coin) && (memberOf(coin, 1) ?? 0) !== 0) throw unsupportedContent('a key of another coin');
  const isTest = isMap(coin) && memberOf(coin, 2) === 1;
  const originMap = untagged(memberOf(map, 6), TAGS.keyPath);
  const origin = isMap(originMap) ? stepsOf(originMap) : [];
  // A fingerprint of zero stands for none (the type forbids it, old examples have it).
  const fingerprint = ((isMap(originMap) ? memberOf(originMap, 2) : undefined) || undefined) ?? options.master;
  const depth = (isMap(originMap) ? memberOf(originMap, 3) : undefined) ?? origin.length;
  const parent = memberOf(map, 8) ?? (origin.length === 1 ? fingerprint : 0) ?? 0;
  if (!isUint32(fingerprint ?? 0) || !isUint32(parent) || typeof depth !== 'number' || depth > 255 || origin.some((step) => typeof step !== 'number')) throw malformedFrame('the origin of a key in it is none');
  const key = { depth, parentFingerprint: parent, childNumber: (origin.at(-1) as number | undefined) ?? 0, chainCode, publicKey };
  const text = formatExtendedPublicKey(key, isTest ? 'testnet4' : 'mainnet');
  const childMap = untagged(memberOf(map, 7), TAGS.keyPath);
  const children = options.withChildren && isMap(childMap) ? stepsOf(childMap) : [];
  const prefix = fingerprint === undefined ? '' : `[${(fingerprint as number).toString(16).padStart(8, '0')}${pathText(origin)}]`;
  return `${prefix}${text}${pathText(children)}`;
}

const isUint32 = (value: CborValue): value is number => typeof value === 'number' && value >= 0 && value <= 0xffff_ffff;
const pathText = (steps: readonly (number | string)[]): string => steps.map((step) => (typeof step === 'string' ? `/${step}` : step >= HARDENED ? `/${step - HARDENED}h` : `/${step}`)).join('');

/** Child numbers of a key path, hardened ones with `HARDENED`; wildcards and pairs as descriptors write them. */
function stepsOf(path: CborMap): (number | string)[] {
  const components = memberOf(path, 1) ?? [];
  if (!isArray(components) || components.length > 512) throw malformedFrame('a key path in it is none');
  const steps: (number | string)[] = [];
  for (let at = 0; at < components.length; ) {
    const step = components[at] as CborValue;
    if (isArray(step) && step.length === 4) {
      steps.push(`<${pairStep(step[0], step[1])};${pairStep(step[2], step[3])}>`);
      at += 1;
      continue;
    }
    const isHardened = components[at + 1];
    if (typeof isHardened !== 'boolean') throw malformedFrame('a key path in it is none');
    if (typeof step === 'number' && step >= 0 && step < HARDENED) steps.push(step + (isHardened ? HARDENED : 0));
    else if (isArray(step) && step.length === 0) steps.push(isHardened ? '*h' : '*');
    else throw isArray(step) ? unsupportedContent('a range of child keys') : malformedFrame('a key path in it is none');
    at += 2;
  }
  return steps;
}

function pairStep(index: CborValue | undefined, isHardened: CborValue | undefined): string {
  if (typeof index !== 'number' || index < 0 || index >= HARDENED || typeof isHardened !== 'boolean') throw malformedFrame('a key path in it is none');
  return `${index}${isHardened ? 'h' : ''}`;
}

const privateKey = (): StrongroomError =>
  new StrongroomError('wallet.private-key', 'The frames carry a PRIVATE key where a public key belongs.', {}, 'Treat that key as exposed. Export only the public key record on the signing device.');
