import { compareBytes, equalBytes, toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { keyText } from './codec/key-value-map.ts';
import type { Bip32Derivation, KeyValue, PartialSignature, TxOutput } from './psbt.ts';

// How a Combiner brings several statements of one field together. Every function gives the same result for every order of
// its arguments, so that two people who combine the same files get the same bytes.

export interface Place {
  readonly scope: 'global' | 'input' | 'output';
  readonly index: number;
}

export function conflict(place: Place, field: string): StrongroomError {
  const where = place.scope === 'global' ? 'the whole transaction' : `${place.scope} ${place.index}`;
  return new StrongroomError('psbt.conflict', `The files contradict each other about ${where}: ${field}.`, { ...place, field }, 'Combine only replies to the same unsigned file; ask for the odd one again.');
}

/** The one value that all who state it agree on. @throws StrongroomError `psbt.conflict` */
export function agreed<T>(values: readonly (T | undefined)[], same: (a: T, b: T) => boolean, place: Place, field: string): T | undefined {
  const stated = values.filter((value): value is T & {} => value !== undefined);
  const [first] = stated;
  if (first !== undefined && stated.some((value) => !same(value, first))) throw conflict(place, field);
  return first;
}

export const sameOutput = (a: TxOutput, b: TxOutput): boolean => a.amountSats === b.amountSats && equalBytes(a.scriptPubKey, b.scriptPubKey);

/** Fields without a meaning here, by rising key. @throws StrongroomError `psbt.conflict` when one key has two values */
export function mergeOtherFields(maps: readonly (readonly KeyValue[])[], place: Place): KeyValue[] {
  const byKey = new Map<string, KeyValue>();
  for (const field of maps.flat()) {
    const key = keyText(field);
    const known = byKey.get(key);
    if (known !== undefined && !equalBytes(known.value, field.value)) throw conflict(place, `key ${key.slice(0, 40)}`);
    byKey.set(key, field);
  }
  return [...byKey.values()].sort((a, b) => a.keyType - b.keyType || compareBytes(a.keyData, b.keyData));
}

/** Each distinct field once, by rising key and value: several of one key may stand side by side. */
export function distinctFields(fields: readonly KeyValue[]): KeyValue[] {
  const byText = new Map(fields.map((field) => [`${keyText(field)} ${toHex(field.value)}`, field]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, field]) => field);
}

/** Each distinct signature once, by rising public key and bytes. */
export function distinctSignatures(lists: readonly (readonly PartialSignature[])[]): PartialSignature[] {
  const byText = new Map(lists.flat().map((partial) => [`${toHex(partial.publicKey)} ${toHex(partial.signature)}`, partial]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, partial]) => partial);
}

/**
 * Key origins by rising public key. They are hints, and programs rewrite them, so two for one key are no conflict: the
 * registered one wins where one of them is it, else the lesser by bytes.
 */
export function mergeDerivations(lists: readonly (readonly Bip32Derivation[])[], registered: readonly Bip32Derivation[]): Bip32Derivation[] {
  const textOf = ({ masterFingerprint, path }: Bip32Derivation): string => `${masterFingerprint} ${path.map((step) => step.toString(16).padStart(8, '0')).join(' ')}`;
  const byKey = new Map<string, Bip32Derivation>();
  for (const derivation of lists.flat()) {
    const key = toHex(derivation.publicKey);
    const known = byKey.get(key);
    if (known === undefined || textOf(derivation) < textOf(known)) byKey.set(key, derivation);
  }
  for (const derivation of registered) {
    const key = toHex(derivation.publicKey);
    if (byKey.has(key)) byKey.set(key, derivation);
  }
  return [...byKey.values()].sort((a, b) => compareBytes(a.publicKey, b.publicKey));
}
