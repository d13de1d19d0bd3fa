import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { randomOfReadings } from '../../signer/entropy/system-random.ts';
import { failed, SYSTEM_READ_BYTES, type SystemReading } from '../../signer/entropy/system-entropy.ts';

/** Where kernels hand out random bytes: character devices on every system but Windows. */
const KERNEL_DEVICE = '/dev/urandom';
// Linux: major 1, minor 9, which no other device has.
const LINUX_URANDOM = 0x109;

/** Where the bytes come from: an argument, so that tests can break each source. */
export interface EntropySources {
  readonly platform: NodeJS.Platform;
  readonly kernelDevice: string;
  readonly fill: (bytes: Uint8Array) => void;
}

const systemSources: EntropySources = {
  platform: process.platform,
  kernelDevice: KERNEL_DEVICE,
  fill: (bytes) => {
    randomFillSync(bytes);
  },
};

/** SHA-256 of every reading of this process: tells when one comes again, and nothing else. */
export type SeenReadings = Set<string>;
const seenInThisProcess: SeenReadings = new Set();

/**
 * Two reads from the runtime's generator and, wherever the system has one, two from the kernel's device, without the
 * runtime's generator in between. A source that cannot be read, or that gives what it gave before, is not left out: no key
 * is made then.
 * @throws StrongroomError `entropy.source-failed`
 */
export async function readSystemEntropy(sources: EntropySources = systemSources, seen: SeenReadings = seenInThisProcess): Promise<readonly SystemReading[]> {
  return readSystem(sources, seen);
}

function readSystem(sources: EntropySources, seen: SeenReadings): readonly SystemReading[] {
  const runtime: SystemReading = { source: 'runtime', first: filled(sources), second: filled(sources) };
  const readings = sources.platform === 'win32' ? [runtime] : [runtime, readKernel(sources)];
  for (const { source, first, second } of readings) {
    for (const bytes of [first, second]) {
      const digest = createHash('sha256').update('strongroom system reading').update(bytes).digest('hex');
      if (seen.has(digest)) throw failed(source, 'repeated');
      seen.add(digest);
    }
  }
  return readings;
}

function filled(sources: EntropySources): Uint8Array {
  const bytes = new Uint8Array(SYSTEM_READ_BYTES);
  try {
    sources.fill(bytes);
  } catch {
    throw failed('runtime', 'unreadable');
  }
  return bytes;
}

function readKernel(sources: EntropySources): SystemReading {
  let file: number | undefined;
  try {
    file = openSync(sources.kernelDevice, 'r');
    const facts = fstatSync(file);
    // An ordinary file in the device's place gives the same "random" bytes for ever.
    const isDevice = facts.isCharacterDevice() && (sources.platform !== 'linux' || facts.rdev === LINUX_URANDOM);
    if (!isDevice) throw failed('kernel', 'unreadable');
    return { source: 'kernel', first: readExactly(file), second: readExactly(file) };
  } catch {
    throw failed('kernel', 'unreadable');
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readExactly(file: number): Uint8Array {
  const bytes = new Uint8Array(SYSTEM_READ_BYTES);
  let filledBytes = 0;
  while (filledBytes < bytes.length) {
    const bytesRead = readSync(file, bytes, filledBytes, bytes.length - filledBytes, null);
    if (bytesRead === 0) throw failed('kernel', 'unreadable');
    filledBytes += bytesRead;
  }
  return bytes;
}

/**
 * Random bytes for shares, codes and practice keys, from the same two sources as keys, read and judged anew at every call.
 * @throws StrongroomError `entropy.source-failed`
 */
export const systemRandom = (length: number, sources: EntropySources = systemSources, seen: SeenReadings = seenInThisProcess): Uint8Array => randomOfReadings(readSystem(sources, seen), length);
