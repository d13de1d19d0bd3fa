import { StrongroomError } from '../../../errors/strongroom-error.ts';

/** The size of a picture as its own header states it, pixels. */
export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The largest picture file: an A4 page scanned at 600 dpi in colour has about half of it. */
export const PICTURE_FILE_BYTES = 67_108_864;
/** The most pixels: an A4 page at 600 dpi has 35 million. */
export const MOST_PIXELS = 40_000_000;
/** No code is found on fewer. */
const LEAST_SIDE_PX = 16;

/**
 * The size of a PNG or JPEG picture, from its header alone. SECURITY: this comes before any decoder. A picture of a few
 * kilobytes can claim to be gigabytes of pixels, and kinds of pictures that nobody scans to are not looked at.
 * @throws StrongroomError `picture.unreadable`, `picture.too-large`
 */
export function readPictureSize(file: Uint8Array): PictureSize {
  if (file.length > PICTURE_FILE_BYTES) throw tooLarge(`it has more than ${PICTURE_FILE_BYTES} bytes`, { bytes: file.length });
  const size = pngSize(file) ?? jpegSize(file);
  if (size === null) throw unreadablePicture('it is no PNG or JPEG picture');
  if (size.widthPx < LEAST_SIDE_PX || size.heightPx < LEAST_SIDE_PX) throw unreadablePicture('it is too small to hold a code');
  if (size.widthPx * size.heightPx > MOST_PIXELS) throw tooLarge(`it has more than ${MOST_PIXELS / 1_000_000} million pixels`, { widthPx: size.widthPx, heightPx: size.heightPx });
  return size;
}

/** @param reason stands for a person; nothing of the picture's content is in it */
export const unreadablePicture = (reason: string): StrongroomError =>
  new StrongroomError('picture.unreadable', `The picture cannot be read: ${reason}.`, { reason }, 'Scan or photograph the page again, as PNG or JPEG at 200 to 300 dpi.');

const tooLarge = (reason: string, details: Readonly<Record<string, number>>): StrongroomError =>
  new StrongroomError('picture.too-large', `The picture is too large: ${reason}.`, details, 'Scan the page at 200 to 300 dpi, in grey.');

/** @see Portable Network Graphics (PNG) Specification, "5.2 PNG signature", "11.2.1 IHDR" */
function pngSize(file: Uint8Array): PictureSize | null {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (file.length < 33 || signature.some((byte, index) => file[index] !== byte)) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  // The first chunk is IHDR, of 13 bytes.
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) return null;
  return { widthPx: view.getUint32(16), heightPx: view.getUint32(20) };
}

/** Start-of-frame markers; C4, C8 and CC among them are something else. @see ITU-T T.81, table B.1 */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
/** Markers that stand alone, without a length. */
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

function jpegSize(file: Uint8Array): PictureSize | null {
  if (file[0] !== 0xff || file[1] !== 0xd8) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let size: PictureSize | null = null;
  let at = 2;
  while (at + 4 <= file.length) {
    if (file[at] !== 0xff) return null;
    const marker = file[at + 1] as number;
    if (marker === 0xff) {
      // Fill bytes before a marker.
      at += 1;
      continue;
    }
    if (standsAlone(marker)) {
      at += 2;
      continue;
    }
    // The scan begins: whatever decodes it goes by the frame that came before.
    if (marker === 0xda) return size;
    if (isFrame(marker)) {
      // A second frame would let the header that is judged differ from the one that is decoded.
      if (size !== null || at + 9 > file.length) return null;
      size = { widthPx: view.getUint16(at + 7), heightPx: view.getUint16(at + 5) };
    }
    const length = view.getUint16(at + 2);
    if (length < 2) return null;
    at += 2 + length;
  }
  return null;
}
