import { randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nodeSignerEffects } from '../../../src/node/signer/effects.ts';
import { startSigningThread } from '../../../src/node/signer/signing-process/start-signing-thread.ts';
import { readSystemEntropy, systemRandom, type EntropySources } from '../../../src/node/signer/system-entropy.ts';
import { requireHealthy } from '../../../src/signer/entropy/system-entropy.ts';
import { noise } from '../signer/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'strongroom-entropy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const plainFile = join(folder, 'urandom');
writeFileSync(plainFile, randomFillSync(new Uint8Array(4096)));

const sources = (changed: Partial<EntropySources>): EntropySources => ({
  platform: process.platform,
  kernelDevice: '/dev/urandom',
  fill: (bytes) => {
    randomFillSync(bytes);
  },
  ...changed,
});

test('this machine gives two healthy reads of both sources, other ones at every call', async () => {
  const [first, second] = [await readSystemEntropy(), await readSystemEntropy()];
  expect(first.map(({ source }) => source)).toEqual(['runtime', 'kernel']);
  requireHealthy(first);
  requireHealthy([...first, ...second]);
});

test('Windows has no kernel device; elsewhere it is never left out', async () => {
  expect((await readSystemEntropy(sources({ platform: 'win32', kernelDevice: join(folder, 'no') }))).map(({ source }) => source)).toEqual(['runtime']);
});

test.each<[string, Partial<EntropySources>]>([
  ['a device that is not there', { kernelDevice: join(folder, 'no') }],
  ['a plain file in its place', { kernelDevice: plainFile }],
  ['a plain file in its place, on another system', { kernelDevice: plainFile, platform: 'darwin' }],
  ['/dev/zero in its place', { kernelDevice: '/dev/zero' }],
  ['an empty device', { kernelDevice: '/dev/null', platform: 'darwin' }],
  ['a folder', { kernelDevice: folder }],
  ['a runtime that throws', { fill: () => { throw new Error('no entropy'); } }],
])('no key is made with %s', async (_, changed) => {
  await expect(readSystemEntropy(sources(changed))).rejects.toThrow(expect.objectContaining({ code: 'entropy.source-failed' }));
});

test('a runtime that fills nothing gives the same at every read', async () => {
  await expect(readSystemEntropy(sources({ fill: () => undefined }))).rejects.toThrow(expect.objectContaining({ code: 'entropy.source-failed', details: { source: 'runtime', reason: 'repeated' } }));
});

test('a source that gives what it gave for the key before makes no key', async () => {
  const seen = new Set<string>();
  const from = (first: number): EntropySources => {
    let call = first;
    return sources({ platform: 'win32', fill: (bytes) => bytes.set(noise(`call ${(call += 1)}`, 64)) });
  };
  expect(await readSystemEntropy(from(0), seen)).toHaveLength(1);
  await expect(readSystemEntropy(from(1), seen)).rejects.toThrow(expect.objectContaining({ code: 'entropy.source-failed', details: { source: 'runtime', reason: 'repeated' } }));
  expect(await readSystemEntropy(from(2), seen)).toHaveLength(1);
  // What is remembered tells nothing of what was read.
  expect([...seen].every((digest) => /^[0-9a-f]{64}$/.test(digest))).toBe(true);
});

test('random bytes for shares and codes come from both sources, other ones at every call', () => {
  const drawn = Array.from({ length: 20 }, () => systemRandom(16));
  expect(drawn.every((bytes) => bytes.length === 16)).toBe(true);
  expect(new Set(drawn.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(20);
});

test.each<[string, Partial<EntropySources>, string]>([
  ['a runtime that counts', { fill: (bytes) => bytes.set(Array.from(bytes, (_, index) => index)) }, 'runtime'],
  ['a kernel that gives zeros', { kernelDevice: '/dev/zero', platform: 'darwin' }, 'kernel'],
  ['a kernel device that is not there', { kernelDevice: join(folder, 'no') }, 'kernel'],
])('no share is made with %s', (_, changed, source) => {
  expect(() => systemRandom(16, sources(changed), new Set())).toThrow(expect.objectContaining({ code: 'entropy.source-failed', details: expect.objectContaining({ source }) }));
});

test('the Signer\'s own random bytes are these', () => {
  const { random } = nodeSignerEffects({ version: '0.1.0', build: 'source', startSigningProcess: startSigningThread });
  expect(new Set([random(16), random(16)].map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(2);
});
