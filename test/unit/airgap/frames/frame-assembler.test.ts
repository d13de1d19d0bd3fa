import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBbqr } from '../../../../src/airgap/bbqr.ts';
import { encodeBase43 } from '../../../../src/airgap/frames/base43.ts';
import { assembleFrames, FrameAssembler } from '../../../../src/airgap/frames/frame-assembler.ts';
import { frameSequence, type FrameChoice } from '../../../../src/airgap/frames/frame-sequence.ts';
import { concat, parseHex, toBase64, toHex, utf8 } from '../../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../../src/psbt/codec/encode.ts';
import { honestPsbt, signedAs, testWallet } from '../../support/psbt-builder.ts';
import { noise } from './noise.ts';

const code = (text: string) => expect.objectContaining({ code: text });
const wallet = testWallet(2, 3);
const [alice] = wallet.keys;
const unsigned = honestPsbt({ wallet });
const psbt = encodePsbt(unsigned);
const other = encodePsbt(signedAs(unsigned, wallet, alice as NonNullable<typeof alice>));
const descriptor = 'wpkh([d34db33f/84h/0h/0h]xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvPEbvqAQY3rAPshWcMLoP2fMFMKHPJ4ZeZXYVUhLv1VMrjPC7PW6V/<0;1>/*)#d9ljj8lj';
const framesOf = (bytes: Uint8Array, choice: FrameChoice, kind: 'psbt' | 'text' = 'psbt'): string[] => {
  const sequence = frameSequence({ kind, bytes }, choice);
  return Array.from({ length: sequence.parts }, (_, index) => sequence.frame(index));
};

describe('the first frame says what it is', () => {
  test.each([
    ['strongroom', framesOf(psbt, { format: 'strongroom', version: 10 }), 'psbt'],
    ['bbqr', framesOf(psbt, { format: 'bbqr', version: 10 }), 'psbt'],
    ['ur', framesOf(psbt, { format: 'ur', version: 10 }), 'psbt'],
    ['ur', framesOf(psbt, { format: 'ur', version: 10, urNames: 'current' }).map((frame) => frame.toLowerCase()), 'psbt'],
    // These do not say before the end.
    ['ur1', framesOf(psbt, { format: 'ur1', version: 10 }), null],
    ['specter', framesOf(psbt, { format: 'specter', version: 10 }), null],
  ] as const)('%s', (format, frames, kind) => {
    const assembler = new FrameAssembler();
    const [first = '', ...rest] = frames;
    expect(rest.length).toBeGreaterThan(1);
    const { outcome, progress } = assembler.read(first);
    expect(outcome).toBe('new');
    expect(progress).toMatchObject({ transfer: { format, kind, parts: frames.length }, received: 1, isComplete: false, missing: rest.map((_, index) => index + 2) });
    for (const frame of [...rest].reverse()) assembler.read(frame);
    expect(assembler.progress).toMatchObject({ received: frames.length, isComplete: true, missing: [] });
    expect(assembler.result()).toEqual({ kind: 'psbt', bytes: psbt });
  });

  const transaction = parseHex(`0200000001${'11'.repeat(32)}0000000000ffffffff01e803000000000000160014${'33'.repeat(20)}00000000`);
  test.each([
    ['base64', toBase64(psbt), 'plain', 'psbt'],
    ['base64 with line ends', toBase64(psbt).replace(/(.{64})/g, '$1\r\n'), 'plain', 'psbt'],
    ['hexadecimal', toHex(psbt), 'plain', 'psbt'],
    ['hexadecimal in capitals', toHex(psbt).toUpperCase(), 'plain', 'psbt'],
    ['Base43', framesOf(psbt, { format: 'base43', version: 40 })[0] as string, 'base43', 'psbt'],
    ...[1, 2, 3].map((version) => [`a transaction of version ${version} in Base43`, encodeBase43(transaction.map((byte, index) => (index === 0 ? version : byte))), 'base43', 'transaction'] as const),
    ['digits and capitals that are nothing else', 'STRONGROOM 2026 : TREASURY/COLD', 'plain', 'text'],
    ['binary', psbt, 'plain', 'psbt'],
    ['a transaction in hexadecimal', toHex(transaction), 'plain', 'transaction'],
    ['a transaction in base64', toBase64(transaction), 'plain', 'transaction'],
    ['a transaction in binary', transaction, 'plain', 'transaction'],
    ['a descriptor', descriptor, 'plain', 'wallet-descriptor'],
    ['a descriptor as bytes', utf8(` ${descriptor}\n`), 'plain', 'wallet-descriptor'],
    ['a key record', '[d34db33f/48h/0h/0h/2h]xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvPEbvqAQY3rAPshWcMLoP2fMFMKHPJ4ZeZXYVUhLv1VMrjPC7PW6V', 'plain', 'key-record'],
    ['a wallet file', '{"descriptor":"wsh()"}', 'plain', 'text'],
    ['a text that is nothing else', 'überweisen bitte', 'plain', 'text'],
    ['bytes that are nothing else', Uint8Array.of(0, 1, 2, 0xff), 'plain', 'bytes'],
  ] as const)('one code: %s', (_title, scanned, format, kind) => {
    const assembler = new FrameAssembler();
    const { progress } = assembler.read(scanned);
    expect(progress).toMatchObject({ transfer: { format, kind, parts: 1 }, isComplete: true });
    expect(assembler.result().kind).toBe(kind);
  });

  test.each([[978, 'B$5'], [2827, 'B$.']])('a PSBT of %i bytes whose Base43 begins with %s, as a frame of a series would', (length, start) => {
    const bytes = new Uint8Array(length).fill(0x80);
    bytes.set(parseHex('70736274ff'));
    const text = frameSequence({ kind: 'psbt', bytes }, { format: 'base43', version: 40 }).frame(0);
    expect(text.startsWith(start)).toBe(true);
    const assembler = new FrameAssembler();
    expect(assembler.read(text).progress.transfer.format).toBe('base43');
    expect(assembler.result()).toEqual({ kind: 'psbt', bytes });
  });
});

describe('several transfers', () => {
  test.each([
    ['strongroom', framesOf(psbt, { format: 'strongroom', version: 10 }), framesOf(other, { format: 'strongroom', version: 10 })],
    ['bbqr, another number of frames', framesOf(psbt, { format: 'bbqr', version: 10 }), framesOf(other, { format: 'bbqr', version: 10 })],
    ['bbqr, as many frames, another content', encodeBbqr(psbt, 'P', 400), encodeBbqr(psbt.map((byte, index) => (index > 10 ? byte ^ 1 : byte)), 'P', 400)],
    ['bbqr, as many frames, another length', ['B$2P03000000000000000000', 'B$2P03010000000000000000'], ['B$2P030200000000000000000000000000000000']],
    ['ur', framesOf(psbt, { format: 'ur', version: 10 }), framesOf(other, { format: 'ur', version: 10 })],
    ['ur1', framesOf(psbt, { format: 'ur1', version: 10 }), framesOf(other, { format: 'ur1', version: 10 })],
    ['specter', framesOf(psbt, { format: 'specter', version: 10 }), framesOf(other, { format: 'specter', version: 10 })],
    ['of two formats', framesOf(psbt, { format: 'ur', version: 10 }), framesOf(other, { format: 'bbqr', version: 10 })],
    ['one code and another', [toBase64(psbt)], [toBase64(other)]],
  ])('are told apart and never mixed: %s', (_title, ours, theirs) => {
    const assembler = new FrameAssembler();
    const begun = assembler.read(ours[0] as string).progress;
    const strange = theirs[0] as string;
    const report = assembler.read(strange);
    expect(report).toMatchObject({ outcome: 'other-transfer', progress: begun });
    expect('found' in report && typeof report.found.name).toBe('string');
    // Seen many times, as cameras do, it stays strange.
    expect(assembler.read(strange).outcome).toBe('other-transfer');
    expect(() => assembleFrames([ours[0] as string, strange])).toThrow(code('frames.other-transfer'));
    assembler.reset();
    expect(assembler.progress).toBeNull();
    expect(assembler.read(strange).outcome).toBe('new');
  });

  test('two loops shown in turn: the first is read whole, and every frame of the second is reported', () => {
    const ours = framesOf(psbt, { format: 'bbqr', version: 10 });
    const theirs = framesOf(other, { format: 'ur', version: 10 });
    const assembler = new FrameAssembler();
    const outcomes = ours.flatMap((frame, index) => [assembler.read(frame).outcome, assembler.read(theirs[index % theirs.length] as string).outcome]);
    expect(outcomes.filter((outcome) => outcome === 'other-transfer')).toHaveLength(ours.length);
    expect(assembler.result().bytes).toEqual(psbt);
  });
});

describe('frames in any order', () => {
  const formats = fc.constantFrom<FrameChoice['format']>('strongroom', 'bbqr', 'ur', 'ur1', 'specter');

  test('a content comes back from its frames shuffled, with repetitions; those seen before cost nothing', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 1500 }), formats, fc.integer({ min: 10, max: 40 }), fc.infiniteStream(fc.nat()), (bytes, format, version, chance) => {
      const text = utf8(`text ${toBase64(bytes)}`);
      const frames = framesOf(text, { format, version }, 'text');
      const shown = [...frames, ...frames].map((frame) => ({ frame, at: chance.next().value as number })).sort((a, b) => a.at - b.at).map(({ frame }) => frame);
      const assembler = new FrameAssembler();
      const seen = new Set<string>();
      for (const frame of shown) {
        expect(assembler.read(frame).outcome).toBe(seen.has(frame) ? 'duplicate' : 'new');
        seen.add(frame);
      }
      expect(assembler.result()).toEqual({ kind: 'text', bytes: text });
    }), { numRuns: 60 });
  });

  test('what is missing is named as people count, at most forty in the error and all in the progress', () => {
    const frames = framesOf(noise(40_000), { format: 'bbqr', version: 10 }, 'text');
    const assembler = new FrameAssembler();
    for (const [index, frame] of frames.entries()) if (index % 2 === 1) assembler.read(frame);
    const missing = frames.map((_, index) => index + 1).filter((number) => number % 2 === 1);
    expect(assembler.progress?.missing).toEqual(missing);
    expect(() => assembler.result()).toThrow(expect.objectContaining({ code: 'frames.incomplete', details: { total: frames.length, missing: missing.slice(0, 40).join(', ') } }));
    expect(() => new FrameAssembler().result()).toThrow(code('frames.malformed'));
  });

  test('of a fountain, frames that tell nothing new are told from those that were seen', () => {
    const sequence = frameSequence({ kind: 'psbt', bytes: psbt }, { format: 'ur', version: 10 });
    const assembler = new FrameAssembler();
    const outcomes = new Set<string>();
    for (let position = 0; position < 200; position += 1) outcomes.add(assembler.read(sequence.frame(position)).outcome);
    expect([...outcomes]).toEqual(['new', 'redundant']);
    expect(assembler.read(sequence.frame(3)).outcome).toBe('duplicate');
  });
});

describe('what is broken', () => {
  test.each([
    ['nothing', '', 'frames.malformed'],
    ['no bytes', new Uint8Array(0), 'frames.malformed'],
    ['half a character', 'text \ud800', 'frames.malformed'],
    ['base64 of a PSBT that lost its end', toBase64(psbt).slice(0, -1), 'frames.malformed'],
    ['hexadecimal of a PSBT that lost a digit', toHex(psbt).slice(0, -1), 'frames.malformed'],
    ['a BBQr frame without header', 'B$', 'frames.malformed'],
    ['a BBQr frame of another encoding', 'B$XP0100GEZDG', 'frames.malformed'],
    ['a BBQr frame counting from none', 'B$2P0000GEZDG', 'frames.malformed'],
    ['a BBQr frame numbered past their count', 'B$2P0101GEZDG', 'frames.malformed'],
    ['a BBQr frame with characters outside base32', 'B$2P01000189', 'frames.malformed'],
    ['a BBQr frame with half a byte of hexadecimal', 'B$HP0100ABC', 'frames.malformed'],
    ['a BBQr frame longer than any code', `B$2P0100${'A'.repeat(4296)}`, 'frames.malformed'],
    ['BBqr that says PSBT and is none', 'B$HP0100DEADBEEF', 'frames.malformed'],
    ['BBQr that says transaction and is a PSBT', encodeBbqr(psbt, 'T', 4296)[0] as string, 'frames.malformed'],
    ['a Specter frame numbered from none', 'p0of3 abc', 'frames.malformed'],
    ['a Specter frame numbered past their count', 'p4of3 abc', 'frames.malformed'],
    ['more Specter frames than are read', 'p1of9999 abc', 'frames.too-large'],
  ])('%s', (_title, scanned, expected) => {
    expect(() => assembleFrames([scanned])).toThrow(code(expected));
  });

  test('a text beyond anything that is read is refused before it is looked at', () => {
    expect(() => assembleFrames(['A'.repeat(9_000_000)])).toThrow(code('frames.too-large'));
    expect(() => assembleFrames([concat(psbt, new Uint8Array(9_000_000))])).toThrow(code('frames.too-large'));
  });

  test('frames that together are beyond what is read stop where they are', () => {
    const assembler = new FrameAssembler();
    const long = 'x'.repeat(1_000_000);
    const outcome = (() => {
      for (let number = 1; number <= 100; number += 1) {
        try {
          assembler.read(`p${number}of100 ${long}`);
        } catch (error) {
          return `${(error as { code: string }).code} at ${number}`;
        }
      }
      return 'taken';
    })();
    expect(outcome).toBe('frames.too-large at 9');
  });

  test('one broken frame does not cost the others; broken as a whole, the transfer begins anew', () => {
    const frames = framesOf(psbt, { format: 'ur', version: 10 });
    const assembler = new FrameAssembler();
    assembler.read(frames[0] as string);
    expect(() => assembler.read((frames[1] as string).replace(/..$/, (end) => (end === 'AE' ? 'AD' : 'AE')))).toThrow(code('frames.checksum'));
    expect(assembler.progress?.received).toBe(1);
    for (const frame of frames) assembler.read(frame);
    expect(assembler.result().bytes).toEqual(psbt);

    // A block of a kind that deflate does not have.
    const damaged = encodeBbqr(psbt, 'P', 400, 'Z').map((frame, index) => (index === 0 ? frame.replace(/^(.{8}).{8}/, '$177777777') : frame));
    assembler.reset();
    expect(() => damaged.forEach((frame) => assembler.read(frame))).toThrow(code('frames.malformed'));
    expect(assembler.progress).toBeNull();
  });
});
