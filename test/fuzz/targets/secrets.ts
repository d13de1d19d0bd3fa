import { parseHex, toHex, utf8 } from '../../../src/domain/bytes.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { mnemonicIn, mnemonicOf } from '../../../src/signer/mnemonic.ts';
import { decodeBase58check, encodeBase58check } from '../../../src/signer/secrets/base58-secret.ts';
import { codex32OfSeed, formatCodex32, parseCodex32, seedOfCodex32 } from '../../../src/signer/secrets/codex32/codex32.ts';
import { mnemonicLanguages, wordListOf } from '../../../src/signer/secrets/mnemonic-languages.ts';
import { parseSecret } from '../../../src/signer/secrets/parse-secret.ts';
import { seedQrDigits } from '../../../src/signer/secrets/seedqr.ts';
import { describeShares } from '../../../src/signer/secrets/share-set.ts';
import { formatSlip39Share, parseSlip39Share } from '../../../src/signer/secrets/slip39/share.ts';
import { slip39Words } from '../../../src/signer/secrets/slip39/words.ts';
import type { Random } from '../engine/random.ts';
import { expectThat, unlessRefused, type Target } from '../engine/target.ts';
import { mutateBytes } from '../mutation/bytes.ts';
import { mutateText, textOf } from '../mutation/text.ts';
import { utf8All, vectorTexts } from '../seeds.ts';

/** So many characters in a row that came from the input are no chance. */
const LEAK = 16;

/** Runs what may refuse, and looks whether the refusal repeats a part of the secret. */
function withoutLeak<T>(secret: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof StrongroomError)) throw error;
    const told = `${error.message} ${Object.values(error.details).join(' ')}`;
    for (let at = 0; at + LEAK <= told.length; at += 1) {
      const part = told.slice(at, at + LEAK);
      expectThat(!secret.includes(part) || /^[a-z .,:;0-9-]*$/.test(part), 'an error repeats a part of the secret');
    }
    return undefined;
  }
}

const published = (pattern: RegExp, most = 200): string[] => vectorTexts().filter((text) => text.length < 1000 && pattern.test(text)).slice(0, most);
const entropyOf = (random: Random): Uint8Array => random.bytes(random.pick([16, 20, 24, 28, 32]));

/** A share with right words and checksum that says anything. */
function madeSlip39(random: Random): string {
  return formatSlip39Share({
    identifier: random.int(1 << 15), extendable: random.oneIn(2), iterationExponent: random.int(16), groupIndex: random.int(16), groupThreshold: 1 + random.int(16), groupCount: 1 + random.int(16),
    memberIndex: random.int(16), memberThreshold: 1 + random.int(16), value: random.bytes(random.pick([16, 18, 32, 64, 20])),
  });
}

function madeCodex32(random: Random): string {
  const seed = random.bytes(random.pick([16, 17, 20, 32, 33, 46, 47, 64]));
  const whole = codex32OfSeed(seed, 'test');
  const payload = random.oneIn(3) ? Array.from({ length: 1 + random.int(110) }, () => random.int(32)) : whole.payload;
  return unlessRefused(() => formatCodex32({ threshold: random.int(10), identifier: 'test', index: random.pick([...'sacdefgh02']), payload })) ?? formatCodex32(whole);
}

/** Secrets of every form with right checksums, so that more than the checksum is looked at. */
function madeSecret(input: string, random: Random): string {
  const bytes = decodeBase58check(input.replace(/^\[[^\]]*\]/, ''));
  if (bytes !== null && !random.oneIn(8)) return `${random.oneIn(8) ? '[d34db33f/48h/0h]' : ''}${encodeBase58check(mutateBytes(bytes, bytes, random))}`;
  switch (random.int(6)) {
    case 0:
      return mnemonicIn(random.pick(mnemonicLanguages), entropyOf(random));
    case 1:
      return seedQrDigits(random.bytes(random.pick([16, 32])));
    case 2:
      return madeSlip39(random);
    case 3:
      return madeCodex32(random);
    case 4:
      return toHex(random.bytes(random.pick([15, 16, 17, 31, 32, 33])));
    default:
      return Array.from({ length: random.pick([12, 12, 24, 18]) }, () => random.pick(wordListOf(random.oneIn(3) ? random.pick(mnemonicLanguages) : 'english'))).join(' ');
  }
}

const secretSeeds = (): string[] => [
  ...mnemonicLanguages.map((language) => mnemonicIn(language, parseHex('7f'.repeat(16)))), mnemonicOf(parseHex('00'.repeat(32))), seedQrDigits(parseHex('7f'.repeat(16))), '7f'.repeat(16),
  ...published(/^\[?[0-9a-f/'h\]]*[xtyzuvYZUV]p(ub|rv)[1-9A-Za-z]+$/, 60), ...published(/^6P/), ...published(/^[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}$/, 40), ...published(/^ms1/i), ...published(/^[a-z]+( [a-z]+){11,}$/),
];

export const secretTarget: Target = {
  name: 'secret',
  share: 120,
  maxBytes: 4096,
  seeds: () => [...utf8All(secretSeeds()), parseHex('7f'.repeat(16)), parseHex('80'.repeat(32))],
  mutate(input, other, random) {
    if (random.oneIn(12)) return mutateBytes(input, other, random);
    const text = textOf(input);
    return utf8(random.oneIn(4) ? madeSecret(text, random) : mutateText(text, textOf(other), random, wordListOf(random.oneIn(4) ? random.pick(mnemonicLanguages) : 'english')));
  },
  run(input) {
    const text = textOf(input);
    const fromText = withoutLeak(text, () => parseSecret(text));
    const fromBytes = withoutLeak(text, () => parseSecret(input));
    if (fromText?.kind === 'mnemonic') expectThat(unlessRefused(() => parseSecret(mnemonicIn(fromText.mnemonic.language, fromText.mnemonic.entropy)))?.kind === 'mnemonic' || fromText.mnemonic.language !== 'english', 'a mnemonic is not read back');
    return fromText !== undefined || fromBytes !== undefined;
  },
};

export const slip39Target: Target = {
  name: 'slip39-share',
  share: 800,
  maxBytes: 2048,
  seeds: () => utf8All(published(/^[a-z]+( [a-z]+){19,}$/)),
  mutate: (input, other, random) => utf8(random.oneIn(3) ? madeSlip39(random) : mutateText(textOf(input), textOf(other), random, slip39Words)),
  run(input) {
    const text = textOf(input);
    const share = withoutLeak(text, () => parseSlip39Share(text));
    if (share === undefined) return false;
    const again = formatSlip39Share(share);
    expectThat(again === text.trim().toLowerCase().split(/\s+/).join(' '), 'a share is written as another one than was read');
    return true;
  },
};

export const codex32Target: Target = {
  name: 'codex32-share',
  share: 800,
  maxBytes: 1024,
  seeds: () => utf8All(published(/^ms1/i)),
  mutate: (input, other, random) => utf8(random.oneIn(3) ? madeCodex32(random) : mutateText(textOf(input), textOf(other), random, [...'qpzry9x8gf2tvdw0s3jn54khce6mua7l'])),
  run(input) {
    const text = textOf(input);
    const codex = withoutLeak(text, () => parseCodex32(text));
    if (codex === undefined) return false;
    expectThat(formatCodex32(codex) === text.trim().toUpperCase(), 'a codex32 string is written as another one than was read');
    if (codex.index === 's') expectThat(seedOfCodex32(codex).length >= 16, 'a codex32 secret is shorter than any seed');
    return true;
  },
};

/** Several shares at once, one a line: whether they belong together. */
export const shareSetTarget: Target = {
  name: 'share-set',
  share: 600,
  maxBytes: 8192,
  seeds: () => {
    const slip39 = published(/^[a-z]+( [a-z]+){19,}$/);
    const codex32 = published(/^ms1/i);
    return utf8All([...slip39.map((share, index) => [share, ...slip39.slice(index + 1, index + 3)].join('\n')), ...codex32.map((share, index) => [share, ...codex32.slice(index + 1, index + 3)].join('\n'))]);
  },
  mutate(input, other, random) {
    const lines = textOf(input).split('\n');
    const at = random.int(lines.length);
    if (random.oneIn(3)) lines[at] = random.oneIn(2) ? madeSlip39(random) : madeCodex32(random);
    else if (random.oneIn(2)) lines.splice(at, random.int(2), random.pick(textOf(other).split('\n')));
    else lines[at] = mutateText(lines[at] as string, textOf(other), random, slip39Words);
    return utf8(lines.slice(0, 40).join('\n'));
  },
  run(input) {
    const text = textOf(input);
    return withoutLeak(text, () => describeShares(text.split('\n').filter((line) => line !== ''))) !== undefined;
  },
};
