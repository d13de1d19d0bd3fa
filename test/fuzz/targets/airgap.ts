import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { encodeBbqr } from '../../../src/airgap/bbqr.ts';
import { assembleFrames } from '../../../src/airgap/frames/frame-assembler.ts';
import { contentOfBytes } from '../../../src/airgap/frames/content.ts';
import { inflateRaw } from '../../../src/airgap/inflate.ts';
import { readPsbtFile } from '../../../src/airgap/psbt-file.ts';
import { concat, toBase64, toHex, utf8 } from '../../../src/domain/bytes.ts';
import { PSBT_MAGIC } from '../../../src/psbt/codec/decode.ts';
import type { Random } from '../engine/random.ts';
import { expectThat, sameBytes, unlessRefused, type Target } from '../engine/target.ts';
import { mutateBytes } from '../mutation/bytes.ts';
import { mutatePsbt } from '../mutation/psbt.ts';
import { mutateText, textOf } from '../mutation/text.ts';
import { honestPsbts, publishedPsbts, utf8All, vectorTexts } from '../seeds.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const linesOf = (text: string): string[] => text.split(/\s+/).filter((line) => line !== '');

/** Frames of a file in one of the three encodings, made without the program's own writer. */
function framesOf(bytes: Uint8Array, encoding: 'H' | '2' | 'Z', fileType: string, random: Random): string[] {
  const content = encoding === 'Z' ? deflateRawSync(bytes, { windowBits: random.pick([9, 10, 15]), level: random.int(10) }) : bytes;
  const text = encoding === 'H' ? toHex(content).toUpperCase() : base32(content);
  const step = Math.max(8, 8 * Math.ceil(text.length / 8 / (1 + random.int(6))));
  const count = Math.max(1, Math.ceil(text.length / step));
  const number = (value: number): string => value.toString(36).toUpperCase().padStart(2, '0');
  return Array.from({ length: count }, (_, index) => `B$${encoding}${fileType}${number(count)}${number(index)}${text.slice(index * step, (index + 1) * step)}`);
}

function base32(bytes: Uint8Array): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31];
  }
  return bits > 0 ? text + BASE32[(held << (5 - bits)) & 31] : text;
}

function mutateFrames(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const text = textOf(input);
  const lines = linesOf(text);
  const at = random.int(lines.length);
  switch (random.int(8)) {
    case 0: {
      const content = unlessRefused(() => assembleFrames(lines))?.bytes ?? random.pick(honestPsbts);
      return utf8(framesOf(mutatePsbt(content, random.pick(honestPsbts), random), random.pick(['H', '2', 'Z']), random.pick(['P', 'P', 'P', 'T', 'J', 'U']), random).join('\n'));
    }
    case 1:
      lines.splice(random.int(lines.length + 1), 0, lines[at] ?? '');
      break;
    case 2:
      lines.splice(at, 1);
      break;
    case 3:
      lines.splice(random.int(lines.length + 1), 0, random.pick(linesOf(textOf(other)).concat('')));
      break;
    case 4: {
      const place = random.int(8);
      lines[at] = `${(lines[at] ?? '').slice(0, place)}${random.pick([...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$a'])}${(lines[at] ?? '').slice(place + 1)}`;
      break;
    }
    case 5:
      lines.reverse();
      break;
    default:
      return utf8(mutateText(text, textOf(other), random));
  }
  return utf8(lines.join('\n'));
}

const frameSeeds = (): Uint8Array[] => {
  const published = vectorTexts().filter((text) => text.startsWith('B$') && text.length < 4296);
  const bySet = new Map<string, string[]>();
  for (const frame of published) bySet.set(frame.slice(0, 6), [...(bySet.get(frame.slice(0, 6)) ?? []), frame]);
  return utf8All([...[...bySet.values()].map((frames) => frames.join('\n')), ...honestPsbts.slice(0, 4).map((psbt) => encodeBbqr(psbt, 'P', 400).join('\n'))]);
};

export const bbqrTarget: Target = {
  name: 'bbqr',
  share: 1000,
  maxBytes: 32_768,
  seeds: frameSeeds,
  mutate: mutateFrames,
  run(input) {
    const read = unlessRefused(() => assembleFrames(linesOf(textOf(input))));
    if (read === undefined) return false;
    const frames = unlessRefused(() => encodeBbqr(read.bytes, 'B', 400, 'Z'));
    if (frames === undefined) return true;
    const again = unlessRefused(() => assembleFrames([...frames].reverse()));
    expectThat(again !== undefined && sameBytes(again.bytes, read.bytes) && again.kind === contentOfBytes(read.bytes).kind, 'frames do not carry what was put into them');
    return true;
  },
};

/** The most that a stream may expand to here; the program's own cap is larger. */
const MOST_INFLATED = 1 << 18;

export const inflateTarget: Target = {
  name: 'inflate',
  share: 3000,
  maxBytes: 8192,
  seeds: () => {
    const contents = [utf8(''), utf8('a'), utf8('abc'.repeat(300)), new Uint8Array(5000), ...honestPsbts, Uint8Array.from({ length: 2000 }, (_, index) => (index * index * 7919) >> 3)];
    const strategies = [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE];
    return contents.flatMap((content) => [...strategies.map((strategy) => new Uint8Array(deflateRawSync(content, { strategy, level: 9 }))), new Uint8Array(deflateRawSync(content, { level: 0 }))]);
  },
  mutate: (input, other, random) => mutateBytes(input, other, random),
  run(input) {
    const ours = unlessRefused(() => inflateRaw(input, MOST_INFLATED));
    const theirs = zlibInflate(input);
    if (theirs !== undefined) expectThat(ours !== undefined && sameBytes(ours, theirs), 'zlib inflates it to something else');
    expectThat(ours === undefined || ours.length <= MOST_INFLATED, 'more was inflated than allowed');
    return ours !== undefined;
  },
};

function zlibInflate(input: Uint8Array): Uint8Array | undefined {
  try {
    return inflateRawSync(input, { maxOutputLength: MOST_INFLATED });
  } catch {
    return undefined;
  }
}

const WRAPPERS: readonly ((psbt: Uint8Array, random: Random) => Uint8Array)[] = [
  (psbt) => psbt,
  (psbt) => utf8(toBase64(psbt)),
  (psbt) => utf8(toHex(psbt)),
  (psbt) => utf8(toHex(psbt).toUpperCase()),
  (psbt, random) => utf8(toBase64(psbt).replace(/(.{76})/g, `$1${random.pick(['\n', '\r\n', ' ', '\t'])}`)),
  (psbt, random) => utf8(framesOf(psbt, random.pick(['H', '2', 'Z']), 'P', random).join('\n')),
  (psbt) => concat(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(toBase64(psbt))),
];

export const psbtFileTarget: Target = {
  name: 'psbt-file',
  share: 3000,
  maxBytes: 32_768,
  seeds: () => [...honestPsbts.slice(0, 4).flatMap((psbt) => [psbt, utf8(toBase64(psbt)), utf8(toHex(psbt))]), ...frameSeeds(), ...publishedPsbts().slice(0, 20).map((psbt) => utf8(toBase64(psbt)))],
  mutate(input, other, random) {
    if (random.oneIn(6)) return random.pick(WRAPPERS)(mutatePsbt(unlessRefused(() => readPsbtFile(input)) ?? random.pick(honestPsbts), random.pick(honestPsbts), random), random);
    return random.oneIn(2) ? mutateBytes(input, other, random) : mutateFrames(input, other, random);
  },
  run(input) {
    const psbt = unlessRefused(() => readPsbtFile(input));
    if (psbt === undefined) return false;
    expectThat(sameBytes(psbt.subarray(0, 5), PSBT_MAGIC), 'a file without the magic was taken for a PSBT');
    for (const form of [psbt, utf8(toBase64(psbt)), utf8(toHex(psbt))]) expectThat(sameBytes(readPsbtFile(form), psbt), 'one PSBT in two forms is read as two');
    return true;
  },
};
