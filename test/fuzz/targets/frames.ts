import { decodePairs, encodePairs } from '../../../src/airgap/frames/base43-pairs.ts';
import { decodeBytewords, encodeBytewords } from '../../../src/airgap/frames/bytewords.ts';
import type { FrameFormat } from '../../../src/airgap/frames/collector.ts';
import type { Content } from '../../../src/airgap/frames/content.ts';
import { crc32 } from '../../../src/airgap/frames/crc32.ts';
import { assembleFrames, FrameAssembler } from '../../../src/airgap/frames/frame-assembler.ts';
import { frameSequence } from '../../../src/airgap/frames/frame-sequence.ts';
import { MAX_TRANSFER_BYTES } from '../../../src/airgap/frames/limits.ts';
import { concat, utf8 } from '../../../src/domain/bytes.ts';
import type { Random } from '../engine/random.ts';
import { expectThat, sameBytes, unlessRefused, type Target } from '../engine/target.ts';
import { mutateBytes } from '../mutation/bytes.ts';
import { mutateText, textOf } from '../mutation/text.ts';
import { honestPsbts, utf8All, vectorTexts } from '../seeds.ts';

const SERIES: readonly FrameFormat[] = ['strongroom', 'bbqr', 'ur', 'ur1', 'specter'];
const DESCRIPTOR = 'wpkh([d34db33f/84h/0h/0h]xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvPEbvqAQY3rAPshWcMLoP2fMFMKHPJ4ZeZXYVUhLv1VMrjPC7PW6V/<0;1>/*)';

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

function shown(content: Content, format: FrameFormat, version: number, count?: number): string[] {
  const sequence = frameSequence(content, { format, version });
  return Array.from({ length: count ?? sequence.parts }, (_, index) => sequence.frame(index));
}

/** Changes what stands behind a frame's checksum, and rights it, so that more than the checksum is reached. */
function mutateBehindChecksum(frame: string, other: Uint8Array, random: Random): string {
  if (frame.startsWith('S$1')) {
    const bytes = unlessRefused(() => decodePairs(frame.slice(4)));
    if (bytes === undefined || bytes.length < 20) return frame;
    const body = random.oneIn(2) ? bytes.slice(0, -4) : mutateBytes(bytes.slice(0, -4), other, random);
    // The numbers of the header: length of the message and of the frame.
    for (let at = 8; at < Math.min(14, body.length); at += 1) if (random.oneIn(4)) body[at] = random.int(256);
    const checksum = new Uint8Array(4);
    new DataView(checksum.buffer).setUint32(0, crc32(concat(utf8(frame.slice(0, 4)), body)));
    return frame.slice(0, 4) + encodePairs(concat(body, checksum));
  }
  const words = /^(ur:.*\/)([a-z]+)$/i.exec(frame);
  const bytes = words === null ? undefined : unlessRefused(() => decodeBytewords((words[2] as string).toLowerCase()));
  return words === null || bytes === undefined ? frame : (words[1] as string) + encodeBytewords(mutateBytes(bytes, other, random));
}

function mutate(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const lines = linesOf(textOf(input));
  const at = random.int(lines.length);
  switch (random.int(8)) {
    case 0:
    case 1:
      lines[at] = mutateBehindChecksum(lines[at] ?? '', other, random);
      break;
    case 2:
      lines.splice(random.int(lines.length + 1), 0, random.pick(linesOf(textOf(other)).concat('x')));
      break;
    case 3:
      lines.splice(at, 1);
      break;
    case 4: {
      const content: Content = { kind: 'bytes', bytes: mutateBytes(random.pick(honestPsbts), other, random) };
      return utf8((unlessRefused(() => shown(content, random.pick(SERIES), 6 + random.int(30))) ?? lines).join('\n'));
    }
    case 5:
      lines.reverse();
      break;
    default:
      return utf8(mutateText(lines.join('\n'), textOf(other), random));
  }
  return utf8(lines.join('\n'));
}

/** Frames of every format, scanned one after another. */
export const framesTarget: Target = {
  name: 'frames',
  share: 2000,
  maxBytes: 32_768,
  seeds: () => {
    const contents: Content[] = [...honestPsbts.slice(0, 3).map((bytes): Content => ({ kind: 'psbt', bytes })), { kind: 'wallet-descriptor', bytes: utf8(DESCRIPTOR) }, { kind: 'bytes', bytes: Uint8Array.of(0, 255, 1) }];
    const ours = contents.flatMap((content) => SERIES.map((format) => shown(content, format, 10).join('\n')));
    const fountains = (['strongroom', 'ur'] as const).map((format) => shown(contents[0] as Content, format, 8, 60).slice(7).join('\n'));
    return utf8All([...ours, ...fountains, ...vectorTexts().filter((text) => /^ur:/i.test(text) && text.length < 4000)]);
  },
  mutate,
  run(input) {
    const assembler = new FrameAssembler();
    for (const line of linesOf(textOf(input))) {
      unlessRefused(() => assembler.read(line));
      const { progress } = assembler;
      if (progress !== null) {
        expectThat(progress.received <= progress.transfer.parts, 'more was received than there is');
        expectThat(progress.isComplete === (progress.missing.length === 0), 'what is missing and whether it is complete differ');
      }
    }
    const content = unlessRefused(() => assembler.result());
    if (content === undefined || content.bytes.length === 0 || content.bytes.length > MAX_TRANSFER_BYTES / 64) return content !== undefined;
    for (const format of ['strongroom', 'bbqr', 'ur1'] as const) {
      const frames = unlessRefused(() => shown(content, format, 40));
      const again = frames === undefined ? undefined : unlessRefused(() => assembleFrames(frames));
      expectThat(frames === undefined || (again !== undefined && sameBytes(again.bytes, content.bytes)), `frames of the format ${format} do not carry what was put into them`);
    }
    return true;
  },
};
