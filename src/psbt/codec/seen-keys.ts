import { compareBytes } from '../../domain/bytes.ts';
import type { KeyValue } from '../psbt.ts';

/** Bytes at a time: a call takes only so many arguments. */
const CHUNK = 4096;

/**
 * Finds a key that stands twice in one map. Most programs write their keys in rising order, where each needs to be compared with
 * the one before it only; from the first that does not rise, all keys are kept in a set, so that time stays linear.
 */
export class SeenKeys {
  private readonly rising: KeyValue[] = [];
  private set: Set<string> | null = null;

  /** @returns whether the field's key was there before; it is there from now on */
  isTwice(field: KeyValue): boolean {
    if (this.set === null) {
      const last = this.rising.at(-1);
      if (last === undefined || last.keyType < field.keyType || (last.keyType === field.keyType && compareBytes(last.keyData, field.keyData) < 0)) {
        this.rising.push(field);
        return false;
      }
      this.set = new Set(this.rising.map(keyId));
    }
    const before = this.set.size;
    return this.set.add(keyId(field)).size === before;
  }
}

/** Equal for equal keys. Not for people: one byte a character, to spare memory. */
export function keyId({ keyType, keyData }: KeyValue): string {
  let text = `${keyType} `;
  for (let start = 0; start < keyData.length; start += CHUNK) text += String.fromCharCode.apply(null, keyData.subarray(start, start + CHUNK) as unknown as number[]);
  return text;
}
