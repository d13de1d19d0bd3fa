import { StrongroomError } from '../../errors/strongroom-error.ts';

/** `psbt.malformed` with the reason in the message; the hint is the same for all. */
export function malformedPsbt(reason: string, details: Readonly<Record<string, string | number | boolean>> = {}): StrongroomError {
  return new StrongroomError('psbt.malformed', `The PSBT is malformed: ${reason}.`, { reason, ...details }, 'Export the file again; it may have been cut off or altered on its way.');
}

/** `psbt.too-large`, naming what is over its cap. */
export function tooLargePsbt(what: string, limit: number): StrongroomError {
  return new StrongroomError('psbt.too-large', `The PSBT is over the limit: ${what}, at most ${limit}.`, { what, limit }, 'Split the transaction into smaller ones.');
}

/**
 * Reads Bitcoin's serialisation from front to back. Every read is checked against what is left before anything is made
 * from it; slices are views, not copies.
 */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  /** Position of the next byte. */
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /** @throws StrongroomError `psbt.malformed` */
  skip(length: number): number {
    if (length > this.remaining) throw malformedPsbt('it ends too early', { offset: this.offset });
    const start = this.offset;
    this.offset += length;
    return start;
  }

  slice(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  uint8(): number {
    return this.view.getUint8(this.skip(1));
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  int64(): bigint {
    return this.view.getBigInt64(this.skip(8), true);
  }

  /**
   * A compact size; longer encodings than needed are refused, since they would let one content have several hashes.
   * @see Bitcoin protocol documentation, "compactSize unsigned integers"
   */
  compactSize(): number {
    const first = this.uint8();
    if (first < 0xfd) return first;
    const value = first === 0xfd ? this.view.getUint16(this.skip(2), true) : first === 0xfe ? this.uint32() : Number(this.view.getBigUint64(this.skip(8), true));
    const least = first === 0xfd ? 0xfd : first === 0xfe ? 0x1_0000 : 0x1_0000_0000;
    if (value < least || !Number.isSafeInteger(value)) throw malformedPsbt('a size is not written in its shortest form', { offset: this.offset });
    return value;
  }

  /** Bytes with their compact size in front. */
  sized(): Uint8Array {
    return this.slice(this.compactSize());
  }
}
