import { toHex } from '../../domain/bytes.ts';
import { MAX_PSBT_VALUE_BYTES, type KeyValue } from '../psbt.ts';
import { ByteReader, malformedPsbt, tooLargePsbt } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { ItemBudget } from './item-budget.ts';

/** The key as it stands in the file (type and data), hex: equal texts are duplicate keys. */
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
  const seen = new Set<string>();
  for (;;) {
    const keyLength = reader.compactSize();
    if (keyLength === 0) return fields;
    budget.take(1);
    if (keyLength > MAX_PSBT_VALUE_BYTES) throw tooLargePsbt('bytes of a key', MAX_PSBT_VALUE_BYTES);
    const keyReader = new ByteReader(reader.slice(keyLength));
    const keyType = keyReader.compactSize();
    const keyData = keyReader.slice(keyReader.remaining);
    const valueLength = reader.compactSize();
    if (valueLength > MAX_PSBT_VALUE_BYTES) throw tooLargePsbt('bytes of a value', MAX_PSBT_VALUE_BYTES);
    const field: KeyValue = { keyType, keyData, value: reader.slice(valueLength) };
    const key = keyText(field);
    if (seen.has(key)) throw malformedPsbt('a key stands twice in one map', { keyType });
    seen.add(key);
    fields.push(field);
  }
}

/** The order of keys if their types do not rise; see `PsbtMap`. */
export function unusualOrder(fields: readonly KeyValue[]): { readonly fieldOrder?: readonly string[] } {
  const rises = fields.every((field, index) => index === 0 || (fields[index - 1] as KeyValue).keyType <= field.keyType);
  return rises ? {} : { fieldOrder: fields.map(keyText) };
}

/**
 * Writes one map with its separator: fields by rising type, those of one type as given; or, where the file had another
 * order, in that one, with new fields before the first field of a higher type.
 */
export function writeMap(writer: ByteWriter, fields: readonly KeyValue[], fieldOrder: readonly string[] | undefined): void {
  const rising = [...fields].sort((a, b) => a.keyType - b.keyType);
  for (const field of fieldOrder === undefined ? rising : inFileOrder(rising, fieldOrder)) {
    writer.sized(new ByteWriter().compactSize(field.keyType).raw(field.keyData).bytes()).sized(field.value);
  }
  writer.uint8(0x00);
}

function inFileOrder(rising: readonly KeyValue[], fieldOrder: readonly string[]): KeyValue[] {
  const byKey = new Map(rising.map((field) => [keyText(field), field]));
  const known = fieldOrder.flatMap((key) => byKey.get(key) ?? []);
  const placed = new Set(known);
  const added = rising.filter((field) => !placed.has(field));
  const ordered: KeyValue[] = [];
  let next = 0;
  for (const field of known) {
    while (next < added.length && (added[next] as KeyValue).keyType < field.keyType) ordered.push(added[next++] as KeyValue);
    ordered.push(field);
  }
  return [...ordered, ...added.slice(next)];
}
