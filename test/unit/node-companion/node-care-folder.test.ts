import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withPrivateFolder } from '../../../src/node/companion/node-care-folder.ts';

let place: string;
beforeAll(() => { place = mkdtempSync(join(tmpdir(), 'strongroom-staging-')); });
afterAll(() => rmSync(place, { recursive: true, force: true }));

const script = `
import { withPrivateFolder } from ${JSON.stringify(join(import.meta.dirname, '../../../src/node/companion/node-care-folder.ts'))};
await withPrivateFolder(process.argv[2], async (folder) => {
  await folder.write('wallet.dat', Buffer.from('private'));
  process.on('SIGTERM', () => process.exit(75));
  process.stdout.write('ready');
  await new Promise(() => setInterval(() => {}, 1000));
});`;

/** A program that holds such a folder open until it is ended. */
async function holder(signal: NodeJS.Signals): Promise<void> {
  const file = join(place, 'holder.mts');
  writeFileSync(file, script);
  const child = spawn(process.execPath, [file, place], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  expect(folders()).toHaveLength(1);
  expect(existsSync(join(place, folders()[0] as string, 'wallet.dat'))).toBe(true);
  child.kill(signal);
  await once(child, 'close');
}
const folders = (): string[] => readdirSync(place).filter((name) => name.startsWith('strongroom-private-'));

test('nobody else can look into it, and it is gone after the work, also when the work fails', async () => {
  let path = '';
  await withPrivateFolder(place, async (folder) => {
    path = folder.path('x');
    await folder.write('x', Buffer.from('content'));
    expect(Buffer.from(await folder.read('x', 100)).toString()).toBe('content');
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
  expect(existsSync(path)).toBe(false);
  await expect(withPrivateFolder(place, async (folder) => {
    await folder.write('x', Buffer.from('content'));
    throw new Error('the work failed');
  })).rejects.toThrow('the work failed');
  expect(folders()).toEqual([]);
});

test('it is gone when the program is told to end in the middle', async () => {
  await holder('SIGTERM');
  expect(folders()).toEqual([]);
});

test('after a kill it is removed by the next that is lent', async () => {
  await holder('SIGKILL');
  expect(folders()).toHaveLength(1);
  await withPrivateFolder(place, async () => expect(folders()).toHaveLength(1));
  expect(folders()).toEqual([]);
});

test('a place that is not there is named', async () => {
  await expect(withPrivateFolder(join(place, 'nowhere'), async () => undefined)).rejects.toMatchObject({ code: 'file.not-found' });
});
