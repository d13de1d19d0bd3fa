import { toHex } from '../../domain/bytes.ts';
import { MAX_PSBT_VALUE_BYTES, type KeyValue } from '../psbt.ts';
import { malformedPsbt, tooLargePsbt, type ByteReader } from './byte-reader.ts';
import { ByteWriter, compactSizeBytes } from '../../domain/byte-writer.ts';
import type { ItemBudget } from './item-budget.ts';
import { keyId, SeenKeys } from './seen-keys.ts';

const NO_KEY = new Uint8Array(0);
export const field = (keyType: number, value: Uint8Array, keyData: Uint8Array = NO_KEY): KeyValue => ({ keyType, keyData, value });

/** The key as it stands in the file (type and data), hex: equal texts are equal keys. For people and for few fields. */
export function keyText(field: KeyValue): string {
  return toHex(new ByteWriter().compactSize(field.keyType).raw(field.keyData).bytes());
}

/**
 * One map up to and with its separator, in file order.
 * @throws StrongroomError `psbt.malformed` for a duplicate or empty key, `psbt.too-large`
 * @see BIP174, "Specification": `<map> := <keypair>* 0x00`
 */
export function readMap(reader: ByteReader, budget: ItemBudget): KeyValue[] {
  const fields: KeyValue[] = [];
  const keys = new SeenKeys();
  for (;;) {
    const keyLength = reader.compactSize();
    if (keyLength === 0) return fields;
    budget.take(1);
    if (keyLength > MAX_PSBT_VALUE_BYTES) throw tooLargePsbt('bytes of a key', MAX_PSBT_VALUE_BYTES);
    if (keyLength > reader.remaining) throw malformedPsbt('it ends too early', { offset: reader.offset });
    const keyEnd = reader.offset + keyLength;
    const keyType = reader.compactSize();
    if (reader.offset > keyEnd) throw malformedPsbt('a key ends within its type', { offset: keyEnd });
    const keyData = reader.slice(keyEnd - reader.offset);
    const valueLength = reader.compactSize();
    if (valueLength > MAX_PSBT_VALUE_BYTES) throw tooLargePsbt('bytes of a value', MAX_PSBT_VALUE_BYTES);
    const next = field(keyType, reader.slice(valueLength), keyData);
    if (keys.isTwice(next)) throw malformedPsbt('a key stands twice in one map', { keyType });
    fields.push(next);
  }
}

/** The order of keys if their types do not rise; see `PsbtMap`. */
export function unusualOrder(fields: readonly KeyValue[]): { readonly fieldOrder?: readonly string[] } {
  const rises = fields.every((field, index) => index === 0 || (fields[index - 1] as KeyValue).keyType <= field.keyType);
  return rises ? {} : { fieldOrder: fields.map(keyId) };
}

/**
 * Writes one map with its separator: fields by rising type, those of one type as given; or, where the file had another
 * order, in that one, with new fields before the first field of a higher type.
 */
export function writeMap(writer: ByteWriter, fields: readonly KeyValue[], fieldOrder: readonly string[] | undefined): void {
  const rising = [...fields].sort((a, b) => a.keyType - b.keyType);
  for (const field of fieldOrder === undefined ? rising : inFileOrder(rising, fieldOrder)) {
    writer.compactSize(compactSizeBytes(field.keyType) + field.keyData.length).compactSize(field.keyType).raw(field.keyData).sized(field.value);
  }
  writer.uint8(0x00);
}

function inFileOrder(rising: readonly KeyValue[], fieldOrder: readonly string[]): KeyValue[] {
  const places = new Map(fieldOrder.map((key, place) => [key, place]));
  const placed: (KeyValue | undefined)[] = new Array(fieldOrder.length);
  const added: KeyValue[] = [];
  for (const each of rising) {
    const place = places.get(keyId(each));
    if (place === undefined) added.push(each);
    else placed[place] = each;
  }
  const ordered: KeyValue[] = [];
  let next = 0;
  for (const each of placed) {
    if (each === undefined) continue;
    while (next < added.length && (added[next] as KeyValue).keyType < each.keyType) ordered.push(added[next++] as KeyValue);
    ordered.push(each);
  }
  while (next < added.length) ordered.push(added[next++] as KeyValue);
  return ordered;
}
