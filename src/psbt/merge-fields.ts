import { compareBytes, equalBytes, toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { keyText } from './codec/key-value-map.ts';
import type { Bip32Derivation, KeyValue, TxOutput } from './psbt.ts';
import { isOriginal, labelsOf, replyDetails, type Reply } from './reply.ts';

// How a Combiner brings several statements of one field together. Every function gives the same result for every order of
// its arguments, so that two people who combine the same files get the same bytes. Statements stand in the order of the files.

export interface Place {
  readonly scope: 'global' | 'input' | 'output';
  readonly index: number;
}

/**
 * That files contradict each other, and which of them is the odd one: it differs from the planned original, or else from most of
 * the files that state the field. Where as many say the one as the other, all who state it are named.
 * @param values what each of the files states; `undefined` where it states nothing
 */
export function conflict<T>(place: Place, field: string, replies: readonly Reply[], values: readonly (T | undefined)[], same: (a: T, b: T) => boolean): StrongroomError {
  const stated = values.flatMap((value, at) => (value === undefined ? [] : [{ reply: replies[at] as Reply, value: value as T }]));
  const right = stated.find(({ reply }) => isOriginal(reply))?.value ?? mostStated(stated.map(({ value }) => value), same);
  if (right === undefined) return undecided(place, field, stated.map(({ reply }) => reply));
  return oddOnes(place, field, stated.filter(({ value }) => !same(value, right)).map(({ reply }) => reply));
}

/** That these files state something else than what is proven, or than the others do. @param odd at least one */
export function oddOnes(place: Place, field: string, odd: readonly Reply[]): StrongroomError {
  // The original alone can be the odd one only where its own proof says so.
  const [first] = odd as readonly [Reply];
  return new StrongroomError('psbt.conflict', `${labelsOf(odd)} ${odd.length === 1 ? 'contradicts' : 'contradict'} the other files about ${wordsOf(place)}: ${field}.`, { ...place, field, ...replyDetails(first), files: labelsOf(odd) }, 'Leave it out and ask for it again; the other files can be combined.');
}

const undecided = (place: Place, field: string, replies: readonly Reply[]): StrongroomError =>
  new StrongroomError('psbt.conflict', `${labelsOf(replies)} contradict each other about ${wordsOf(place)}: ${field}.`, { ...place, field, files: labelsOf(replies) }, 'Add the unsigned file as the original: it tells which of them is wrong.');

const wordsOf = ({ scope, index }: Place): string => (scope === 'global' ? 'the whole transaction' : `${scope} ${index}`);

/** What more of them say than say anything else. */
function mostStated<T>(values: readonly T[], same: (a: T, b: T) => boolean): T | undefined {
  const votes = values.map((value) => values.filter((other) => same(other, value)).length);
  const most = Math.max(...votes);
  const winners = values.filter((_, at) => votes[at] === most);
  return winners.every((value) => same(value, winners[0] as T)) ? winners[0] : undefined;
}

/** The one value that all who state it agree on. @throws StrongroomError `psbt.conflict` */
export function agreed<T>(values: readonly (T | undefined)[], same: (a: T, b: T) => boolean, place: Place, field: string, replies: readonly Reply[]): T | undefined {
  const first = values.find((value) => value !== undefined);
  if (first !== undefined && values.some((value) => value !== undefined && !same(value, first))) throw conflict(place, field, replies, values, same);
  return first;
}

export const sameOutput = (a: TxOutput, b: TxOutput): boolean => a.amountSats === b.amountSats && equalBytes(a.scriptPubKey, b.scriptPubKey);

/**
 * Fields that are carried along, by rising key.
 * @param isHint of a field that programs rewrite at will: two values of it are no conflict, and the lesser stands
 * @throws StrongroomError `psbt.conflict` when one key has two values
 */
export function mergeOtherFields(maps: readonly (readonly KeyValue[])[], place: Place, replies: readonly Reply[], isHint: (field: KeyValue) => boolean = () => false): KeyValue[] {
  const byKey = new Map<string, KeyValue>();
  for (const field of maps.flat()) {
    const key = keyText(field);
    const known = byKey.get(key);
    const order = known === undefined ? -1 : compareBytes(field.value, known.value);
    if (order !== 0 && known !== undefined && !isHint(field)) {
      throw conflict(place, `key ${key.slice(0, 40)}`, replies, maps.map((map) => map.find((other) => keyText(other) === key)?.value), equalBytes);
    }
    if (order < 0) byKey.set(key, field);
  }
  return [...byKey.values()].sort((a, b) => a.keyType - b.keyType || compareBytes(a.keyData, b.keyData));
}

/** The fields, those of `registered` in the place of fields of the same key. */
export function withRegistered(fields: readonly KeyValue[], registered: readonly KeyValue[]): readonly KeyValue[] {
  if (registered.length === 0) return fields;
  const byKey = new Map(registered.map((field) => [keyText(field), field]));
  return fields.map((field) => byKey.get(keyText(field)) ?? field);
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
    // Nearly all are the same; to write them out and compare costs a tenth of what combining does.
    if (known === undefined || (!isSameOrigin(derivation, known) && textOf(derivation) < textOf(known))) byKey.set(key, derivation);
  }
  for (const derivation of registered) {
    const key = toHex(derivation.publicKey);
    if (byKey.has(key)) byKey.set(key, derivation);
  }
  return [...byKey.values()].sort((a, b) => compareBytes(a.publicKey, b.publicKey));
}

const isSameOrigin = (a: Bip32Derivation, b: Bip32Derivation): boolean =>
  a.masterFingerprint === b.masterFingerprint && a.path.length === b.path.length && a.path.every((step, position) => step === b.path[position]);
