import { utf8 as text } from '@scure/base';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseFingerprint } from '../../src/domain/fingerprint.ts';
import { decryptAgeFile, encryptAgeFile } from '../../src/node/signer/age-passphrase.ts';
import type { KeptSecret } from '../../src/signer/kept-secret.ts';
import { decodeKeyFile, encodeKeyFile, openSigningKey } from '../../src/signer/key-file.ts';
import { parseExtendedPrivateKey } from '../../src/signer/secrets/extended-private-key.ts';

/*
 * A damaged key file never opens, and so never gives a wrong secret: every bit flipped, every length cut, every byte added.
 * The path is the one that opens key files; only the bounds of the work factor are lower, or each opening would take a second.
 */

const PASSPHRASE = 'only a rehearsal passphrase';
const low = { least: 1, most: 9 };
// One digit, so that no flipped bit of it asks for much work.
const WORK_FACTOR_LOG2 = 2;
const KNOWN = /^key\.(file-malformed|passphrase-wrong|work-factor)$/;

const secrets: readonly (readonly [string, KeptSecret])[] = [
  ['a mnemonic with its entropy record', { kind: 'mnemonic', language: 'english', entropy: new Uint8Array(32).fill(0x5a), bip39Passphrase: 'TREZOR' }],
  ['a master key', { kind: 'master-key', key: parseExtendedPrivateKey('tprv8ZgxMBicQKsPeDgjzdC36fs6bMjGApWDNLR9erAXMs5skhMv36j9MV5ecvfavji5khqjWaWSFhN3YcCUUdiKH6isR4Pwy3U5y5egddBr16m').key }],
];

async function keyFileOf(secret: KeptSecret): Promise<Uint8Array> {
  const { fingerprint } = openSigningKey({ secret, network: 'regtest' });
  const madeAt = '2026-11-22T10:00:00.000Z';
  const entropyRecord = {
    fingerprint: parseFingerprint(fingerprint), network: 'regtest', label: 'A', mode: 'mixed', sources: [{ source: 'dice', count: 99, bits: 255 }], health: ['dice/face'],
    program: 'strongroom-signer', programVersion: '0.1.0', build: 'source', madeAt,
  } as const;
  const file = { network: 'regtest', label: 'A', secret, createdAt: madeAt, createdBy: 'test', sources: ['os', 'dice:99'], entropyRecord: secret.kind === 'mnemonic' ? entropyRecord : null } as const;
  return encryptAgeFile(encodeKeyFile(file, fingerprint), PASSPHRASE, WORK_FACTOR_LOG2);
}

/** Opens a key file as the Signer does. @returns its fingerprint, or the code of the error */
async function open(file: Uint8Array): Promise<string> {
  try {
    return decodeKeyFile(text.encode(await decryptAgeFile(file, PASSPHRASE, low))).key.fingerprint;
  } catch (fault) {
    return (fault as { code?: string }).code ?? String(fault);
  }
}

describe.each(secrets)('a key file that holds %s', (_, secret) => {
  let file: Uint8Array;
  beforeAll(async () => {
    file = await keyFileOf(secret);
  });

  test('opens as long as it is whole', async () => {
    expect(file.length).toBeGreaterThan(500);
    expect(await open(file)).toMatch(/^[0-9a-f]{8}$/);
  });

  test('with any bit flipped, it does not', async () => {
    const opened: string[] = [];
    for (let bit = 0; bit < file.length * 8; bit += 1) {
      const damaged = Uint8Array.from(file);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      const outcome = await open(damaged);
      if (!KNOWN.test(outcome)) opened.push(`bit ${bit}: ${outcome}`);
    }
    expect(opened).toEqual([]);
  });

  test('cut at any length, from its end or its beginning, it does not', async () => {
    const opened: string[] = [];
    for (let length = 0; length < file.length; length += 1) {
      for (const cut of [file.subarray(0, length), file.subarray(file.length - length)]) {
        const outcome = await open(cut);
        if (!KNOWN.test(outcome)) opened.push(`${length}: ${outcome}`);
      }
    }
    expect(opened).toEqual([]);
  });

  test('with any byte lost, doubled or put at its end, it does not', async () => {
    const opened: string[] = [];
    for (let at = 0; at < file.length; at += 1) {
      const lost = Uint8Array.from([...file.subarray(0, at), ...file.subarray(at + 1)]);
      const doubled = Uint8Array.from([...file.subarray(0, at + 1), ...file.subarray(at)]);
      for (const damaged of [lost, doubled]) {
        const outcome = await open(damaged);
        if (!KNOWN.test(outcome)) opened.push(`${at}: ${outcome}`);
      }
    }
    for (let byte = 0; byte < 256; byte += 1) {
      const outcome = await open(Uint8Array.from([...file, byte]));
      if (!KNOWN.test(outcome)) opened.push(`end ${byte}: ${outcome}`);
    }
    expect(opened).toEqual([]);
  });

  test('put together from two key files of one secret, it does not', async () => {
    const other = await keyFileOf(secret);
    const opened: string[] = [];
    for (let at = 1; at < file.length; at += 1) {
      const spliced = Uint8Array.from([...file.subarray(0, at), ...other.subarray(at)]);
      // Where they begin or end alike, what is put together is one of the two.
      if (Buffer.compare(spliced, file) === 0 || Buffer.compare(spliced, other) === 0) continue;
      const outcome = await open(spliced);
      if (!KNOWN.test(outcome)) opened.push(`${at}: ${outcome}`);
    }
    expect(opened).toEqual([]);
  });
});
