import { utf8 } from '../../domain/bytes.ts';
import { decodeCbor, decodeCborBytes, encodeCbor, type CborValue } from './cbor.ts';
import { claimedContent, contentOfBytes, type Content, type ContentKind } from './content.ts';
import { unsupportedContent } from './frame-errors.ts';
import { accountKeys, descriptorOfOutput, descriptorOfSource, keyRecordOfHdKey } from './ur-registry.ts';
import { hdKeyOfText, outputOfDescriptor } from './ur-registry-writer.ts';
import { utf8Text } from './utf8-text.ts';

interface UrType {
  readonly kind: ContentKind | null;
  read(cbor: Uint8Array): Content;
}

/** The types that are read; those with `crypto-` are the names of before 2023, which most devices still use. @see BCR-2020-006 */
const TYPES: ReadonlyMap<string, UrType> = new Map<string, UrType>([
  ...both('psbt', 'psbt', (cbor) => claimedContent('psbt', decodeCborBytes(cbor))),
  ['bytes', { kind: null, read: (cbor) => contentOfBytes(decodeCborBytes(cbor)) }],
  ['crypto-output', { kind: 'wallet-descriptor', read: (cbor) => textual('wallet-descriptor', descriptorOfOutput(decodeCbor(cbor))) }],
  ['output-descriptor', { kind: 'wallet-descriptor', read: (cbor) => textual('wallet-descriptor', descriptorOfSource(decodeCbor(cbor))) }],
  ...both('hdkey', 'key-record', (cbor) => textual('key-record', keyRecordOfHdKey(decodeCbor(cbor)))),
  ['crypto-account', { kind: 'key-record', read: (cbor) => textual('key-record', accountKeys(decodeCbor(cbor)).join('\n')) }],
  ['account-descriptor', { kind: 'key-record', read: (cbor) => textual('key-record', accountKeys(decodeCbor(cbor)).join('\n')) }],
]);

function both(name: string, kind: ContentKind, read: (cbor: Uint8Array) => Content): [string, UrType][] {
  return [[name, { kind, read }], [`crypto-${name}`, { kind, read }]];
}

const textual = (kind: ContentKind, text: string): Content => ({ kind, bytes: utf8(text) });

/** @throws StrongroomError `frames.unsupported` for a type that Strongroom does not take: a seed, an address, an envelope */
export function kindOfUrType(type: string): ContentKind | null {
  const known = TYPES.get(type);
  if (known === undefined) throw unsupportedContent(`a UR of the type "${type.slice(0, 40)}"`);
  return known.kind;
}

/**
 * What a UR's CBOR stands for.
 * @throws StrongroomError `frames.malformed`, `frames.unsupported`; `wallet.private-key` for a private key
 */
export function contentOfUr(type: string, cbor: Uint8Array): Content {
  kindOfUrType(type);
  return (TYPES.get(type) as UrType).read(cbor);
}

/** Names of before 2023 (`crypto-psbt`), which nearly everything reads, or of today (`psbt`). */
export type UrNames = 'crypto' | 'current';

/**
 * The UR that a content is written as.
 * @throws StrongroomError `frames.unsupported` for a descriptor or key record that has no such form
 */
export function urOfContent({ kind, bytes }: Content, names: UrNames = 'crypto'): { readonly type: string; readonly cbor: Uint8Array } {
  const named = (type: string, value: CborValue) => ({ type: names === 'crypto' ? `crypto-${type}` : type, cbor: encodeCbor(value) });
  if (kind === 'psbt') return named('psbt', bytes);
  if (kind === 'wallet-descriptor') {
    const text = (utf8Text(bytes) ?? '').trim();
    // Today's form wraps the text as it is; keys as placeholders would be shorter, and are optional.
    return names === 'current' ? { type: 'output-descriptor', cbor: encodeCbor({ entries: [[1, text.replace(/#[a-z0-9]{8}$/, '')]] }) } : { type: 'crypto-output', cbor: encodeCbor(outputOfDescriptor(text)) };
  }
  if (kind === 'key-record') return named('hdkey', hdKeyOfText((utf8Text(bytes) ?? '').trim(), names === 'current' ? 40_000 : 0));
  return { type: 'bytes', cbor: encodeCbor(bytes) };
}
