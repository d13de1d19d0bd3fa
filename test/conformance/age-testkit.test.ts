import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { decryptAgeFile } from '../../src/node/signer/age-passphrase.ts';

// The age project's kit of intact and damaged files. Key files are passphrase files and small, so of its files those with
// a passphrase must give what the kit expects, and all others must be refused as no key file.
const folder = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'age_testkit');

interface Case { name: string; headers: Map<string, string[]>; file: Uint8Array }
const cases: Case[] = readdirSync(folder)
  .filter((name) => !['README.md', 'SOURCE.txt'].includes(name))
  .map((name) => {
    const bytes = readFileSync(join(folder, name));
    const end = bytes.indexOf('\n\n');
    const headers = new Map<string, string[]>();
    for (const line of bytes.subarray(0, end).toString('utf8').split('\n')) {
      const [key = '', ...value] = line.split(': ');
      headers.set(key, [...(headers.get(key) ?? []), value.join(': ')]);
    }
    return { name, headers, file: new Uint8Array(bytes.subarray(end + 2)) };
  })
  .filter(({ headers }) => !headers.has('compressed'));
const withPassphrase = cases.filter(({ headers }) => headers.has('passphrase') && !headers.has('identity') && !headers.has('armored'));
const others = cases.filter((each) => !withPassphrase.includes(each));

// The kit's work factors are low on purpose.
const kitBounds = { least: 1, most: 22 };
const expectedCodes: Readonly<Record<string, RegExp>> = {
  // A file for other kinds of keys is "no match" to the kit, and no key file here.
  'no match': /^key\.(passphrase-wrong|file-malformed)$/,
  'header failure': /^key\.(file-malformed|work-factor)$/,
  'HMAC failure': /^key\.(file-malformed|passphrase-wrong)$/,
  'payload failure': /^key\.file-malformed$/,
};

test('the kit is there', () => {
  expect(cases.length).toBeGreaterThan(100);
  expect(withPassphrase.length).toBeGreaterThan(15);
});

test.each(withPassphrase)('age testkit: $name', async ({ headers, file }) => {
  const [expected = ''] = headers.get('expect') ?? [];
  const [passphrase = ''] = headers.get('passphrase') ?? [];
  const result = decryptAgeFile(file, passphrase, kitBounds);
  if (expected === 'success') {
    expect(toHex(sha256(await result))).toBe(headers.get('payload')?.[0]);
  } else {
    await expect(result).rejects.toThrow(expect.objectContaining({ code: expect.stringMatching(expectedCodes[expected] as RegExp) }));
  }
});

test.each(others)('age testkit, not a key file: $name', async ({ file }) => {
  await expect(decryptAgeFile(file, 'password', kitBounds)).rejects.toThrow(expect.objectContaining({ code: expect.stringMatching(/^key\.(file-malformed|work-factor|passphrase-wrong)$/) }));
});
