import { crc32, deflateSync } from 'node:zlib';
import { create } from 'qrcode/lib/core/qrcode.js';

/** Pictures for tests: grey pixels, a byte each, and PNG files of them. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

/** QR codes beside each other on white, as a printer would put them. */
export function pictureOfCodes(texts: readonly string[], modulePx = 4): GreyPicture {
  const codes = texts.map((text) => create(text, { errorCorrectionLevel: 'Q' }).modules);
  const height = Math.max(...codes.map(({ size }) => size + 8), 8) * modulePx;
  const width = codes.reduce((sum, { size }) => sum + (size + 8) * modulePx, 0) || height;
  const luma = new Uint8Array(width * height).fill(255);
  let left = 0;
  for (const { size, data } of codes) {
    for (let y = 0; y < size * modulePx; y += 1) {
      for (let x = 0; x < size * modulePx; x += 1) {
        if (data[Math.floor(y / modulePx) * size + Math.floor(x / modulePx)]) luma[(y + 4 * modulePx) * width + left + 4 * modulePx + x] = 0;
      }
    }
    left += (size + 8) * modulePx;
  }
  return { width, height, luma };
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A PNG from its raw scan lines, so that a test can lie about any of it. */
export function pngFile({ width, height, scanLines, depth = 8 }: { readonly width: number; readonly height: number; readonly scanLines: Uint8Array; readonly depth?: number }): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  return new Uint8Array(Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', deflateSync(scanLines)), chunk('IEND', new Uint8Array())]));
}

/** An 8-bit grey PNG. */
export function pngOf({ width, height, luma }: GreyPicture): Uint8Array {
  const scanLines = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y += 1) scanLines.set(luma.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return pngFile({ width, height, scanLines });
}
