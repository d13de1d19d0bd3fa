import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { prepareZXingModule, readBarcodes, ZXING_WASM_SHA256 } from 'zxing-wasm/reader';
import { readerBinary } from './reader-binary.ts';
import type { CodeReply, CodeRequest } from './messages.ts';
import { sharpened } from './second-look.ts';

/**
 * The program of the worker that looks for QR codes in pictures. A picture is a hostile file: what decodes it is WebAssembly,
 * in a thread of its own, with a bounded memory, without a network, and whoever started it ends it when it takes too long.
 */

// SECURITY: as in the Signer's main program: nothing here calls them, and nothing that slips in finds them by their names.
for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) Reflect.deleteProperty(globalThis, name);

/** The most memory of the decoder, bytes: a 40-megapixel picture of 16 bits a channel, unpacked and converted. */
const MOST_MEMORY_BYTES = 768 * 1_048_576;
const PAGE_BYTES = 65_536;

/** What is used of WebAssembly.Memory; the types of this environment have no WebAssembly. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow: (this: Memory, pages: number) => number;
}
const { prototype } = (globalThis as unknown as { readonly WebAssembly: { readonly Memory: { readonly prototype: Memory } } }).WebAssembly.Memory;

// The decoder grows its memory by this call alone; refused, its allocation fails and the picture is unreadable.
const grow = prototype.grow;
prototype.grow = function growBounded(pages) {
  if (this.buffer.byteLength + pages * PAGE_BYTES > MOST_MEMORY_BYTES) throw new RangeError('memory');
  return grow.call(this, pages);
};

function prepare(): void {
  const binary = readerBinary();
  if (createHash('sha256').update(binary).digest('hex') !== ZXING_WASM_SHA256) throw new Error('the decoder is not the one that its package names');
  prepareZXingModule({
    overrides: {
      wasmBinary: binary.buffer as ArrayBuffer,
      // Never asked, since the binary is given; if it ever is, there is nothing to be had elsewhere.
      locateFile: (name: string) => name,
      // It prints the texts of its own faults, which nobody reads here.
      print: () => undefined,
      printErr: () => undefined,
    },
  });
}

/** Printed codes are dark on light, so inverted ones are not looked for. */
const options = {
  formats: ['QRCode'],
  tryHarder: true,
  tryRotate: true,
  tryInvert: false,
  tryDownscale: true,
  maxNumberOfSymbols: 64,
  // Among them, that the picture itself could not be decoded.
  returnErrors: true,
  textMode: 'Plain',
  // Where a code does not say its character set: what is printed here is ASCII.
  characterSet: 'UTF8',
} as const;

async function readTexts(request: CodeRequest): Promise<readonly string[] | null> {
  if (request.kind === 'picture') return textsIn(request.file);
  const texts = await textsIn(greyPixels(request));
  return texts === null || texts.length > 0 ? texts : textsIn(greyPixels({ ...request, luma: sharpened(request.luma, request.width, request.height) }));
}

async function textsIn(picture: Parameters<typeof readBarcodes>[0]): Promise<readonly string[] | null> {
  const results = await readBarcodes(picture, { ...options, formats: [...options.formats] });
  if (results.some(({ isValid, error }) => !isValid && /load image/i.test(error))) return null;
  return results.filter(({ isValid }) => isValid).map(({ text }) => text);
}

/** The shape of pixels that the library takes; it reduces them to brightness again, exactly. */
function greyPixels({ width, height, luma }: Extract<CodeRequest, { kind: 'frame' }>): never {
  // A word a pixel: up to thirty pictures a second of two million pixels come. All processors that this runs on are little-endian.
  const words = new Uint32Array(luma.length);
  for (let at = 0; at < luma.length; at += 1) words[at] = (luma[at] as number) * 0x01_01_01;
  const data = new Uint8ClampedArray(words.buffer);
  // The library's type is a page's ImageData, of which it uses these three.
  return { width, height, data, colorSpace: 'srgb' } as never;
}

prepare();
parentPort?.on('message', (request: CodeRequest) => {
  readTexts(request).then(
    (texts) => parentPort?.postMessage({ id: request.id, texts } satisfies CodeReply),
    // SECURITY: what went wrong inside a decoder may quote what it decoded.
    () => parentPort?.postMessage({ id: request.id, texts: null } satisfies CodeReply),
  );
});
