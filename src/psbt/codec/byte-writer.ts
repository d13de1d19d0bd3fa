/** Collects parts in Bitcoin's serialisation; nothing is copied before `bytes()`. */
export class ByteWriter {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  raw(part: Uint8Array): this {
    this.parts.push(part);
    this.length += part.length;
    return this;
  }

  uint8(value: number): this {
    return this.raw(Uint8Array.of(value));
  }

  uint32(value: number): this {
    const part = new Uint8Array(4);
    new DataView(part.buffer).setUint32(0, value, true);
    return this.raw(part);
  }

  int64(value: bigint): this {
    const part = new Uint8Array(8);
    new DataView(part.buffer).setBigInt64(0, value, true);
    return this.raw(part);
  }

  compactSize(value: number): this {
    if (value < 0xfd) return this.uint8(value);
    const part = new Uint8Array(value <= 0xffff ? 3 : value <= 0xffff_ffff ? 5 : 9);
    const view = new DataView(part.buffer);
    if (part.length === 3) {
      view.setUint8(0, 0xfd);
      view.setUint16(1, value, true);
    } else if (part.length === 5) {
      view.setUint8(0, 0xfe);
      view.setUint32(1, value, true);
    } else {
      view.setUint8(0, 0xff);
      view.setBigUint64(1, BigInt(value), true);
    }
    return this.raw(part);
  }

  /** Bytes with their compact size in front. */
  sized(part: Uint8Array): this {
    return this.compactSize(part.length).raw(part);
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.length);
    let offset = 0;
    for (const part of this.parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }
}
