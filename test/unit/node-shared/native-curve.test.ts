import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as tiny from 'tiny-secp256k1';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nativeLibraries } from '../../../scripts/lib/artifact-gate.mjs';
import { toHex } from '../../../src/domain/bytes.ts';
import { libraryPlace, openLibrary } from '../../../src/node/shared/native-curve/open-library.ts';
import { nativePublicCurve } from '../../../src/node/shared/native-curve/public-curve.ts';
import { answersAsKnown, useNativeCurve } from '../../../src/node/shared/native-curve/use-native-curve.ts';
import { isValidEcdsa } from '../../../src/psbt/ecdsa-signature.ts';
import { chosenCurve, useCurve, webAssemblyCurve, type PublicCurve } from '../../../src/wallet/secp256k1-choice.ts';
import { verify } from '../../../src/wallet/secp256k1-public.ts';
import { libraryHere, libraryPlaces, notRunHere, openedLibrary } from '../../support/native-library.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const ofPlatform = test.skipIf(libraryHere === undefined);
afterEach(() => useCurve(webAssemblyCurve));

test('the pinned files are those of the package, and the gate of packages pins the same', () => {
  expect(libraryPlaces.map(({ system }) => system)).toEqual(['linux-x64', 'darwin-arm64', 'win32-x64']);
  for (const { system, file, pinned } of libraryPlaces) {
    expect({ bytes: statSync(file).size, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') }).toEqual(pinned);
    expect(Object.entries(nativeLibraries)).toContainEqual([`/native/secp256k1-${system}.node`, pinned.sha256]);
  }
});

test('a program that runs from its source has no library beside it, nor has a system that none was built for', () => {
  expect(libraryPlace()).toBeNull();
  expect(libraryPlace('linux-riscv64')).toBeNull();
  useNativeCurve();
  expect(chosenCurve()).toBe(webAssemblyCurve);
});

describe('opening a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'strongroom-native-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const [place] = libraryPlaces;
  const { pinned, file: genuine } = place as (typeof libraryPlaces)[number];

  test('a missing file is nothing, so that WebAssembly is used', () => {
    expect(openLibrary({ file: join(folder, 'missing.node'), pinned })).toBeNull();
    expect(openLibrary({ file: join(folder, 'missing', 'missing.node'), pinned })).toBeNull();
  });

  test.each(Array.from({ length: 8 }, (_, part) => part))('one changed bit is refused by name (part %i of the file)', (part) => {
    const file = join(folder, 'changed.node');
    const content = readFileSync(genuine);
    const at = Math.floor((content.length * part) / 8);
    content.writeUInt8(content.readUInt8(at) ^ 1, at);
    writeFileSync(file, content);
    expect(() => openLibrary({ file, pinned })).toThrow(code('curve.file-changed'));
  });

  test('a shorter, a longer and an empty file, and a folder, are refused by name', () => {
    const content = readFileSync(genuine);
    for (const [name, bytes] of [['shorter', content.subarray(1)], ['longer', Buffer.concat([content, Buffer.of(0)])], ['empty', Buffer.of()]] as const) {
      const file = join(folder, name);
      writeFileSync(file, bytes);
      expect(() => openLibrary({ file, pinned })).toThrow(code('curve.file-changed'));
    }
    expect(() => openLibrary({ file: folder, pinned })).toThrow(code('curve.file-changed'));
  });

  test('a pinned file that this system does not load is nothing: the right bytes of another system', () => {
    const foreign = libraryPlaces.find((each) => each !== libraryHere && each.system !== libraryHere?.system) as (typeof libraryPlaces)[number];
    expect(openLibrary(foreign)).toBeNull();
  });

  ofPlatform(`the pinned file of this system loads, more than once and from anywhere, and answers as known${notRunHere}`, () => {
    const here = libraryHere as NonNullable<typeof libraryHere>;
    const copy = join(folder, 'elsewhere.node');
    copyFileSync(here.file, copy);
    for (const file of [here.file, copy, here.file]) expect(answersAsKnown(openLibrary({ file, pinned: here.pinned }) as object)).toBe(true);
  });
});

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const privateKeys = bytes(32).filter((candidate) => tiny.isPrivate(candidate));
/** A value, or that it threw: what an answer comes to for whoever asks. */
function outcome<T>(ask: () => T): T | 'thrown' {
  try {
    return ask();
  } catch {
    return 'thrown';
  }
}

describe(`the native curve answers as WebAssembly does${notRunHere}`, () => {
  /** Compares nothing by itself, so that the comparison here is the only one. */
  const native = libraryHere === undefined ? webAssemblyCurve : nativePublicCurve(openedLibrary());

  ofPlatform('to good and to flipped signatures, with either form of the key', () => {
    fc.assert(
      fc.property(bytes(32), privateKeys, fc.boolean(), fc.option(fc.nat(64 * 8 - 1)), (hash, privateKey, compressed, flipped) => {
        const publicKey = tiny.pointFromScalar(privateKey, compressed) as Uint8Array;
        const signature = tiny.sign(hash, privateKey);
        if (flipped !== null) signature[flipped >> 3] = (signature[flipped >> 3] as number) ^ (1 << (flipped & 7));
        expect(outcome(() => native.verify(hash, publicKey, signature, true))).toBe(outcome(() => tiny.verify(hash, publicKey, signature, true)));
      }),
      { numRuns: 200 },
    );
  });

  ofPlatform('to bytes of any length and content', () => {
    const any = fc.oneof(fc.uint8Array({ maxLength: 70 }), bytes(32), bytes(33), bytes(64), bytes(65), fc.tuple(fc.constantFrom(2, 3, 4, 6, 7), bytes(64)).map(([first, rest]) => Uint8Array.of(first, ...rest)));
    fc.assert(
      fc.property(any, any, any, fc.boolean(), (a, b, c, strict) => {
        expect(outcome(() => native.verify(a, b, c, strict))).toBe(outcome(() => tiny.verify(a, b, c, strict)));
        expect(outcome(() => native.pointAddScalar(a, b, strict))).toEqual(outcome(() => tiny.pointAddScalar(a, b, strict)));
      }),
      { numRuns: 300 },
    );
  });

  ofPlatform('to sums, also those that are no point', () => {
    fc.assert(
      fc.property(privateKeys, bytes(32), (privateKey, scalar) => {
        const point = tiny.pointFromScalar(privateKey, true) as Uint8Array;
        expect(outcome(() => native.pointAddScalar(point, scalar, true))).toEqual(outcome(() => tiny.pointAddScalar(point, scalar, true)));
        expect(native.pointAddScalar(point, tiny.privateNegate(privateKey), true)).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  ofPlatform('a high s does not verify, and verifies where it is allowed to', () => {
    const privateKey = new Uint8Array(32).fill(7);
    const publicKey = tiny.pointFromScalar(privateKey, true) as Uint8Array;
    const hash = new Uint8Array(32).fill(9);
    const signature = tiny.sign(hash, privateKey);
    signature.set(tiny.privateNegate(signature.subarray(32)), 32);
    expect([native.verify(hash, publicKey, signature, true), native.verify(hash, publicKey, signature, false)]).toEqual([false, true]);
  });
});

describe('a library that lies', () => {
  const privateKey = new Uint8Array(32).fill(7);
  const publicKey = tiny.pointFromScalar(privateKey, true) as Uint8Array;
  const hash = new Uint8Array(32).fill(9);
  const signature = tiny.sign(hash, privateKey);
  const sound = {
    ecdsaVerify: (given: Uint8Array, of: Uint8Array, by: Uint8Array): number => (outcome(() => tiny.verify(of, by, given, true)) === true ? 0 : 3),
    publicKeyTweakAdd: (output: Uint8Array, point: Uint8Array, scalar: Uint8Array): number => {
      const sum = outcome(() => tiny.pointAddScalar(point, scalar, true));
      if (sum === 'thrown' || sum === null) return 1;
      output.set(sum);
      return 0;
    },
  };

  test('by calling everything valid, or nothing, or by adding wrongly, fails its known answers and is not used', () => {
    expect(answersAsKnown(sound)).toBe(true);
    for (const lie of [
      { ...sound, ecdsaVerify: () => 0 },
      { ...sound, ecdsaVerify: () => 3 },
      { ...sound, publicKeyTweakAdd: () => 0 },
      { ...sound, publicKeyTweakAdd: () => 2 },
      { ...sound, ecdsaVerify: (given: Uint8Array, of: Uint8Array, by: Uint8Array) => (by[0] === 4 ? 3 : sound.ecdsaVerify(given, of, by)) },
    ]) {
      expect(answersAsKnown(lie)).toBe(false);
      expect(() => useNativeCurve(lie)).toThrow(code('curve.disagreement'));
      expect(chosenCurve()).toBe(webAssemblyCurve);
    }
  });

  test.each<[string, object, (curve: PublicCurve) => unknown]>([
    ['calls a bad signature good', { ...sound, ecdsaVerify: () => 0 }, (curve) => curve.verify(new Uint8Array(32), publicKey, signature, true)],
    ['calls a good signature bad', { ...sound, ecdsaVerify: () => 3 }, (curve) => curve.verify(hash, publicKey, signature, true)],
    ['calls a number outside the order good', { ...sound, ecdsaVerify: () => 0 }, (curve) => curve.verify(hash, publicKey, new Uint8Array(64).fill(0xff), true)],
    ['gives another sum', { ...sound, publicKeyTweakAdd: (output: Uint8Array) => (output.fill(2), 0) }, (curve) => curve.pointAddScalar(publicKey, hash, true)],
    ['gives a sum where there is none', { ...sound, publicKeyTweakAdd: () => 0 }, (curve) => curve.pointAddScalar(publicKey, tiny.privateNegate(privateKey), true)],
    ['gives none where there is one', { ...sound, publicKeyTweakAdd: () => 2 }, (curve) => curve.pointAddScalar(publicKey, hash, true)],
  ])('later: it %s; from then on it answers nothing more', (_what, library, ask) => {
    const curve = nativePublicCurve(library);
    expect(() => ask(curve)).toThrow(code('curve.disagreement'));
    expect(() => curve.verify(hash, publicKey, signature, true)).toThrow(code('curve.disagreement'));
    expect(() => curve.pointAddScalar(publicKey, hash, false)).toThrow(code('curve.disagreement'));
  });

  test('and what asks it does not take that for a bad signature', () => {
    useCurve(nativePublicCurve({ ...sound, ecdsaVerify: () => 3 }));
    expect(() => isValidEcdsa(hash, publicKey, signature)).toThrow(code('curve.disagreement'));
    useCurve(webAssemblyCurve);
    expect(isValidEcdsa(hash, publicKey, signature)).toBe(true);
  });

  test('both are asked for the first 64 answers, for one in 64 after that, and whenever the answer is no', () => {
    const asked: string[] = [];
    const other: PublicCurve = {
      verify: (...of) => (asked.push('verify'), tiny.verify(...of)),
      pointAddScalar: (...of) => (asked.push('add'), tiny.pointAddScalar(...of)),
    };
    const curve = nativePublicCurve(sound, other);
    for (let call = 0; call < 256; call += 1) {
      expect(curve.verify(hash, publicKey, signature, true)).toBe(true);
      expect(toHex(curve.pointAddScalar(publicKey, hash, true) as Uint8Array)).toBe(toHex(tiny.pointAddScalar(publicKey, hash, true) as Uint8Array));
    }
    expect(asked.filter((what) => what === 'verify').length).toBe(64 + 3);
    expect(asked.filter((what) => what === 'add').length).toBe(64 + 3);
    asked.length = 0;
    expect(curve.verify(new Uint8Array(32), publicKey, signature, true)).toBe(false);
    expect(curve.verify(hash, publicKey, signature)).toBe(true);
    expect(curve.pointAddScalar(publicKey, hash)).toEqual(tiny.pointAddScalar(publicKey, hash));
    expect(asked).toEqual(['verify', 'verify', 'add']);
  });
});

test('what the core asks is what was chosen', () => {
  const asked: unknown[][] = [];
  useCurve({ ...webAssemblyCurve, verify: (...of) => (asked.push(of), true) });
  expect(verify(new Uint8Array(1), new Uint8Array(2), new Uint8Array(3), true)).toBe(true);
  expect(asked).toEqual([[new Uint8Array(1), new Uint8Array(2), new Uint8Array(3), true]]);
});
