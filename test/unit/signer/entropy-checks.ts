import { createHash, hkdfSync } from 'node:crypto';
import { toHex } from '../../../src/domain/bytes.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import type { mixEntropy } from '../../../src/signer/entropy/mix.ts';
import type { requireHealthy, SystemReading } from '../../../src/signer/entropy/system-entropy.ts';
import type { UserEntropy } from '../../../src/signer/entropy/user-source.ts';
import { noise, systemReadings } from './fixtures.ts';

/**
 * The checks that stand against planted weakenings. Each takes the implementation as its argument and says what is wrong
 * with it, so that a test can hand it a broken one and see it speak.
 */

/** One after the other, the reads that a broken source gives: 64 bytes a call. */
export type BrokenSource = () => () => Uint8Array;

const words = (width: 2 | 4 | 8, littleEndian: boolean, next: (last: bigint) => bigint, start: bigint): BrokenSource => () => {
  let last = start;
  return () => {
    const bytes = new Uint8Array(64);
    for (let place = 0; place < 64; place += width) {
      for (let byte = 0; byte < width; byte += 1) bytes[place + byte] = Number((last >> BigInt(8 * (littleEndian ? byte : width - 1 - byte))) & 0xffn);
      last = BigInt.asUintN(8 * width, next(last));
    }
    return bytes;
  };
};

const bytewise = (next: (call: number, place: number) => number): BrokenSource => () => {
  let call = 0;
  return () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, place) => next(call, place) & 0xff);
    call += 1;
    return bytes;
  };
};

/** What has stood, or could stand, in the place of a system's random source. */
export const brokenSources: Readonly<Record<string, BrokenSource>> = {
  'all zero': bytewise(() => 0),
  'a constant': bytewise(() => 0xa5),
  'a counter of bytes': bytewise((call, place) => call * 64 + place),
  'a counter of bytes, downwards': bytewise((call, place) => -call * 64 - place),
  'a byte that steps by 37': bytewise((call, place) => (call * 64 + place) * 37),
  'a counter of 2-byte words, little-endian': words(2, true, (last) => last + 1n, 0x3a5fn),
  'a counter of 4-byte words, little-endian': words(4, true, (last) => last + 1n, 0xdeadbeefn),
  'a counter of 4-byte words, big-endian': words(4, false, (last) => last + 1n, 0xdeadbeefn),
  'a counter of 8-byte words, little-endian': words(8, true, (last) => last + 1n, 0x0123456789abcdefn),
  'a counter of 8-byte words, big-endian': words(8, false, (last) => last + 1n, 0x0123456789abcdefn),
  // Steps by the golden ratio fill every byte with what looks like chance.
  'a constant step of 4-byte words, little-endian': words(4, true, (last) => last + 0x9e3779b9n, 7n),
  'a constant step of 4-byte words, big-endian': words(4, false, (last) => last + 0x9e3779b9n, 7n),
  'a constant step of 8-byte words, little-endian': words(8, true, (last) => last + 0x9e3779b97f4a7c15n, 7n),
  // The constants of widespread C libraries and of Knuth's MMIX.
  'a congruential generator of 32 bits, little-endian': words(4, true, (last) => last * 1103515245n + 12345n, 42n),
  'a congruential generator of 32 bits, big-endian': words(4, false, (last) => last * 1664525n + 1013904223n, 42n),
  'a congruential generator of 64 bits, little-endian': words(8, true, (last) => last * 6364136223846793005n + 1442695040888963407n, 42n),
  'a multiplicative generator of 32 bits': words(4, true, (last) => last * 69069n, 0x12345671n),
  'thirty-two bytes twice': bytewise((_, place) => noise('half', 32)[place % 32] as number),
  'the same 64 bytes at every read': bytewise((_, place) => noise('stuck', 64)[place] as number),
  'a window that moves by one byte a read': bytewise((call, place) => noise('window', 256)[call + place] as number),
};

const isRefused = (run: () => unknown): boolean => {
  try {
    run();
    return false;
  } catch (fault) {
    if (fault instanceof StrongroomError && fault.code === 'entropy.source-failed') return true;
    throw fault;
  }
};

/** The broken sources that a health check lets through, in the runtime's place or in the kernel's; and chance that it refuses. */
export function missedByHealthCheck(check: typeof requireHealthy): string[] {
  const missed = Object.entries(brokenSources).flatMap(([name, source]) =>
    (['runtime', 'kernel'] as const).flatMap((place) => {
      const read = source();
      const readings = systemReadings().map((reading): SystemReading => (reading.source === place ? { source: place, first: read(), second: read() } : reading));
      return isRefused(() => check(readings)) ? [] : [`${name}, as ${place}`];
    }),
  );
  return isRefused(() => check(systemReadings())) ? [...missed, 'refuses chance'] : missed;
}

/** What the mix is to be, by Node's own HKDF and nothing of ours. */
function mixByHand(count: 12 | 24, system: readonly SystemReading[], user: readonly Pick<UserEntropy, 'source' | 'content'>[]): string {
  const number = (value: number): Buffer => Buffer.from([value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]);
  const field = (name: string, content: Uint8Array): Buffer => Buffer.concat([number(name.length), Buffer.from(name), number(content.length), content]);
  const fields = [...system.flatMap(({ source, first, second }) => [field(`system/${source}/1`, first), field(`system/${source}/2`, second)]), ...user.map(({ source, content }) => field(source, content))];
  return Buffer.from(hkdfSync('sha256', Buffer.concat(fields), 'strongroom key entropy 1', `mnemonic ${count}`, count === 12 ? 16 : 32)).toString('hex');
}

/** What is wrong with a mixer: bytes of which it takes no notice, and a result that Node's HKDF does not give. */
export function faultsOfMixer(mix: typeof mixEntropy): string[] {
  // Fresh arrays every time: mixing wipes what it took.
  const sources = () => {
    const system = systemReadings();
    const user = (['dice', 'coins', 'cards', 'typed'] as const).map((source) => ({ source, content: noise(source, 20) }));
    return { system, user, parts: [...system.flatMap(({ source, first, second }) => [{ name: `${source}/1`, bytes: first }, { name: `${source}/2`, bytes: second }]), ...user.map(({ source, content }) => ({ name: source as string, bytes: content }))] };
  };
  const key = (): string => toHex(mix(24, sources().system, sources().user));
  const unchanged = key();
  const faults = sources().parts.flatMap(({ name, bytes }, part) =>
    Array.from(bytes, (_, place) => {
      const changed = sources();
      (changed.parts[part] as { bytes: Uint8Array }).bytes[place]! ^= 1;
      return toHex(mix(24, changed.system, changed.user)) === unchanged ? [`takes no notice of ${name}[${place}]`] : [];
    }).flat(),
  );
  const byHand = ([12, 24] as const).filter((count) => toHex(mix(count, sources().system, sources().user)) !== mixByHand(count, sources().system, sources().user));
  return [...faults, ...byHand.map((count) => `is not the HKDF that is documented, for ${count} words`)];
}

/** What repeats in two age files of one content under one passphrase: nothing may. */
export async function repeatedInAgeFiles(encrypt: (plaintext: Uint8Array, passphrase: string) => Promise<Uint8Array>): Promise<string[]> {
  const plaintext = new Uint8Array(64).fill(7);
  const [first, second] = [partsOf(await encrypt(plaintext, 'correct horse battery')), partsOf(await encrypt(plaintext, 'correct horse battery'))];
  return (['salt', 'wrappedFileKey', 'payloadNonce', 'payload'] as const).filter((part) => first[part] === second[part]);
}

/** @see https://age-encryption.org/v1: header lines, then 16 bytes of nonce, then the payload */
function partsOf(file: Uint8Array): { salt: string; wrappedFileKey: string; payloadNonce: string; payload: string } {
  const text = Buffer.from(file).toString('latin1');
  const match = /^age-encryption\.org\/v1\n-> scrypt (\S+) \d+\n(\S+)\n--- \S+\n/.exec(text);
  if (match === null) throw new Error('this is no age file with a passphrase');
  const payload = file.subarray(match[0].length);
  const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  return { salt: match[1] as string, wrappedFileKey: match[2] as string, payloadNonce: digest(payload.subarray(0, 16)), payload: digest(payload.subarray(16)) };
}
