import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 as text } from '@scure/base';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFileAtomically } from '../../src/node/shared/atomic-file.ts';
import { decryptAgeFile, encryptAgeFile } from '../../src/node/signer/age-passphrase.ts';
import { decodeKeyFile, encodeKeyFile, openSigningKey } from '../../src/signer/key-file.ts';

/*
 * kill -9 at every boundary of writing a key file: before every open, write, half of a write, fsync, close, read, link,
 * rename and unlink, and before the folder's fsync. Each in a process of its own, with the code that the programs use, on a
 * disk with hard links and on one without (memory sticks). Whatever the moment, the old generation or the new one opens.
 */

const PASSPHRASE = 'only a rehearsal passphrase';
const low = { least: 1, most: 9 };
const NAME = 'alice.key.age';

let folder: string;
let writer: string;
const generations: Record<'old' | 'new', Uint8Array> = { old: new Uint8Array(), new: new Uint8Array() };

async function keyFileOf(byte: number): Promise<Uint8Array> {
  const secret = { kind: 'mnemonic', language: 'english', entropy: new Uint8Array(32).fill(byte), bip39Passphrase: '' } as const;
  const { fingerprint } = openSigningKey({ secret, network: 'regtest' });
  return encryptAgeFile(encodeKeyFile({ network: 'regtest', label: 'A', secret, createdAt: '2026-11-22T10:00:00.000Z', createdBy: 'test', sources: ['os'], entropyRecord: null }, fingerprint), PASSPHRASE, 1);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-kill-'));
  writer = join(folder, 'writer.mjs');
  await build({ entryPoints: [join(import.meta.dirname, 'killed-writer.ts')], outfile: writer, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  generations.old = await keyFileOf(1);
  generations.new = await keyFileOf(2);
  writeFileSync(join(folder, 'content'), generations.new);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Which generation a file is. Anything but the two, whole and opening, fails the test. */
async function generationOf(path: string): Promise<'old' | 'new'> {
  const bytes = new Uint8Array(readFileSync(path));
  decodeKeyFile(text.encode(await decryptAgeFile(bytes, PASSPHRASE, low))).key.wipe();
  const found = (['old', 'new'] as const).find((name) => Buffer.compare(bytes, generations[name]) === 0);
  if (found === undefined) throw new Error(`${path} is neither generation`);
  return found;
}

/** Runs the writer in a fresh folder until its nth operation. @param nth 0: to its end */
function write(how: 'new' | 'overwrite', disk: 'links' | 'no-links', nth: number): { place: string; passed: string[] } {
  const place = join(folder, `${how}-${disk}-${nth}`);
  mkdirSync(place);
  if (how === 'overwrite') writeFileSync(join(place, NAME), generations.old);
  const ended = spawnSync(process.execPath, [writer, join(place, NAME), join(folder, 'content'), how, disk, String(nth)], { encoding: 'utf8' });
  if (nth === 0) {
    if (ended.status !== 0) throw new Error(`the writer failed: ${ended.stderr}`);
    return { place, passed: JSON.parse(ended.stdout) as string[] };
  }
  expect(ended.signal).toBe('SIGKILL');
  expect(ended.stdout).toBe('');
  return { place, passed: [] };
}

describe.each([
  ['a new key file', 'new', 'links'],
  ['a new key file, on a memory stick', 'new', 'no-links'],
  ['a key file that replaces another', 'overwrite', 'links'],
  ['a key file that replaces another, on a memory stick', 'overwrite', 'no-links'],
] as const)('%s', (_, how, disk) => {
  test('killed at every boundary, leaves the old generation or the new one, and the next write cleans up', async () => {
    const { place: whole, passed } = write(how, disk, 0);
    expect(await generationOf(join(whole, NAME))).toBe('new');
    expect(passed).toEqual(expect.arrayContaining(['open wx', 'write', 'write the other half', 'fsync', 'read back', 'link', 'rename', 'fsync folder'].filter((name) => name !== 'rename' || how === 'overwrite' || disk === 'no-links')));

    const outcomes: string[] = [];
    for (let nth = 1; nth <= passed.length; nth += 1) {
      const { place } = write(how, disk, nth);
      const target = join(place, NAME);
      const previous = `${target}.previous`;
      // A new file may not be there yet; a name that had a file has one at every moment.
      outcomes.push(existsSync(target) ? await generationOf(target) : 'none');
      if (how === 'overwrite') expect(`${nth}: ${outcomes.at(-1)}`).not.toContain('none');
      if (existsSync(previous)) expect(await generationOf(previous)).toBe('old');
      if (outcomes.at(-1) === 'new' && how === 'overwrite') expect(existsSync(previous)).toBe(true);
      const names = readdirSync(place);
      expect(names.filter((name) => ![NAME, `${NAME}.previous`].includes(name) && !/^\.alice\.key\.age\.[0-9]+\.[0-9a-f]{16}\.part$/.test(name))).toEqual([]);

      await writeFileAtomically(target, generations.new, { overwrite: true });
      expect(await generationOf(target)).toBe('new');
      expect(readdirSync(place).filter((name) => name.startsWith('.'))).toEqual([]);
    }
    // It goes over from the one to the other once, and both are seen.
    expect(outcomes.join(' ')).toMatch(how === 'new' ? /^(none )+new( new)*$/ : /^(old )+new( new)*$/);
  });
});
