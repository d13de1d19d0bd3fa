/** Writes Bitcoin's serialisation into a buffer that doubles when it is full, so that a part is copied twice on average. */
export class ByteWriter {
  private buffer = new Uint8Array(64);
  private view = new DataView(this.buffer.buffer);
  private length = 0;

  raw(part: Uint8Array): this {
    const start = this.grow(part.length);
    this.buffer.set(part, start);
    return this;
  }

  uint8(value: number): this {
    const start = this.grow(1);
    this.buffer[start] = value;
    return this;
  }

  uint32(value: number): this {
    const start = this.grow(4);
    this.view.setUint32(start, value, true);
    return this;
  }

  int64(value: bigint): this {
    const start = this.grow(8);
    this.view.setBigInt64(start, value, true);
    return this;
  }

  compactSize(value: number): this {
    if (value < 0xfd) return this.uint8(value);
    if (value <= 0xffff) return this.uint8(0xfd).uint8(value & 0xff).uint8(value >>> 8);
    if (value <= 0xffff_ffff) return this.uint8(0xfe).uint32(value);
    return this.uint8(0xff).int64(BigInt(value));
  }

  /** Bytes with their compact size in front. */
  sized(part: Uint8Array): this {
    return this.compactSize(part.length).raw(part);
  }

  /** A copy of what was written. */
  bytes(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  /** @returns where the new bytes begin */
  private grow(bytes: number): number {
    const start = this.length;
    this.length += bytes;
    if (this.length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(this.length, 2 * this.buffer.length));
      larger.set(this.buffer.subarray(0, start));
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    return start;
  }
}

/** Bytes that a compact size takes. */
export const compactSizeBytes = (value: number): number => (value < 0xfd ? 1 : value <= 0xffff ? 3 : value <= 0xffff_ffff ? 5 : 9);

/** Four bytes, the lowest first. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
