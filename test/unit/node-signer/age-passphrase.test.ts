import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Encrypter } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { concat, utf8 } from '../../../src/domain/bytes.ts';
import { decryptAgeFile, encryptAgeFile } from '../../../src/node/signer/age-passphrase.ts';
import { scrypt32 } from '../../../src/node/signer/scrypt.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const plaintext = utf8('{"format":"strongroom-key"}\n');
const passphrase = 'correct horse battery';
const low = { least: 1, most: 22 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-age-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('encrypted and decrypted again, with work factor 18', async () => {
  const file = await encryptAgeFile(plaintext, passphrase, 18);
  expect(Buffer.from(file).toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt [A-Za-z0-9+/]{22} 18\n/);
  expect(await decryptAgeFile(file, passphrase)).toEqual(plaintext);
});

test('a wrong passphrase is told as such, and blanks, case and length matter', async () => {
  const file = await encryptAgeFile(plaintext, passphrase, 10);
  for (const wrong of ['', 'Correct horse battery', `${passphrase} `, `${passphrase}\n`]) {
    await expect(decryptAgeFile(file, wrong, low)).rejects.toThrow(code('key.passphrase-wrong'));
  }
});

test('where the memory does not reach, the next lower work factor is taken, and never less than 2^18', async () => {
  const reaching = (most: number) => (secret: Uint8Array, salt: Uint8Array, log2: number): Promise<Uint8Array> => (log2 > most ? Promise.reject(new RangeError('scrypt failed')) : scrypt32(secret, salt, 1));
  const stated = async (most: number): Promise<string> => Buffer.from(await encryptAgeFile(plaintext, passphrase, 20, reaching(most))).toString('latin1').split('\n')[1]?.split(' ').at(-1) as string;
  expect([await stated(20), await stated(19), await stated(18)]).toEqual(['20', '19', '18']);
  await expect(stated(17)).rejects.toThrow(code('key.work-factor'));
});

test('a passphrase with accents opens however the keyboard composes them', async () => {
  const file = await encryptAgeFile(plaintext, 'crème brûlée!', 10);
  expect(await decryptAgeFile(file, 'crème brûlée!'.normalize('NFD'), low)).toEqual(plaintext);
});

test('no two files are alike', async () => {
  expect(await encryptAgeFile(plaintext, passphrase, 10)).not.toEqual(await encryptAgeFile(plaintext, passphrase, 10));
});

/** The file with its stated work factor replaced; the header's MAC is checked only after the work. */
const withWorkFactor = (file: Uint8Array, stated: string): Uint8Array =>
  new Uint8Array(Buffer.from(Buffer.from(file).toString('latin1').replace(/^(.*\n-> scrypt \S+) \d+\n/, `$1 ${stated}\n`), 'latin1'));

test.each(['1', '10', '17', '21', '22', '23', '30', '99', '100', '4294967296', '99999999999999999999'])('work factor %s is refused before any work is done', async (stated) => {
  const file = withWorkFactor(await encryptAgeFile(plaintext, passphrase, 10), stated);
  const before = performance.now();
  await expect(decryptAgeFile(file, passphrase)).rejects.toThrow(code('key.work-factor'));
  expect(performance.now() - before).toBeLessThan(100);
});

test.each(['0', '018', '+18', '-1', '0x12', '1e1'])('work factor "%s" is no number', async (stated) => {
  const file = withWorkFactor(await encryptAgeFile(plaintext, passphrase, 10), stated);
  await expect(decryptAgeFile(file, passphrase)).rejects.toThrow(code('key.file-malformed'));
});

test('every damaged byte and every truncation is an error, never another content', async () => {
  const file = await encryptAgeFile(plaintext, passphrase, 1);
  for (let position = 0; position < file.length; position += 1) {
    const damaged = Uint8Array.from(file);
    damaged[position] = (file[position] as number) ^ 1;
    await expect(decryptAgeFile(damaged, passphrase, low)).rejects.toThrow(expect.objectContaining({ code: expect.stringMatching(/^key\.(file-malformed|passphrase-wrong|work-factor)$/) }));
    await expect(decryptAgeFile(file.subarray(0, position), passphrase, low)).rejects.toThrow(code('key.file-malformed'));
  }
  await expect(decryptAgeFile(concat(file, Uint8Array.of(0)), passphrase, low)).rejects.toThrow(code('key.file-malformed'));
});

test.each([
  ['nothing', new Uint8Array(0)],
  ['another file', utf8('strongroom')],
  ['64 KiB and a byte', new Uint8Array(65_537)],
])('%s is no key file', async (_, file) => {
  await expect(decryptAgeFile(file, passphrase)).rejects.toThrow(code('key.file-malformed'));
});

test('a file for a recipient, or for a passphrase and somebody else, is refused', async () => {
  const toRecipient = new Encrypter();
  toRecipient.addRecipient('age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p');
  await expect(decryptAgeFile(await toRecipient.encrypt(plaintext), passphrase)).rejects.toThrow(code('key.file-malformed'));
});

// The same format by another implementation of the same authors, and by the tool itself.
test('the age library opens our file with its own scrypt, and we open the library\'s', async () => {
  const library = new Encrypter();
  library.setPassphrase(passphrase);
  library.setScryptWorkFactor(10);
  expect(await decryptAgeFile(await library.encrypt(plaintext), passphrase, low)).toEqual(plaintext);
});

const ageTool = spawnSync('age', ['--version']).error === undefined;
const python = spawnSync('python3', ['--version']).error === undefined;
// age asks for passphrases on a terminal only, so it is given one.
const terminal = `
import os, pty, sys
passphrase, prompts, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen, answered = b'', 0
while True:
    try:
        chunk = os.read(fd, 1024)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    while answered < prompts and seen.count(b'assphrase') > answered and seen.rstrip().endswith(b':'):
        os.write(fd, passphrase.encode() + b'\\n')
        answered += 1
        seen = seen.rstrip(b': ') + b'.'
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
`;
const inTerminal = (prompts: number, ...command: string[]): number | null =>
  spawnSync('python3', ['-c', terminal, passphrase, String(prompts), ...command], { timeout: 60_000 }).status;

test.skipIf(!ageTool || !python)(`the age tool opens our file, and we open the tool's${ageTool && python ? '' : ' (NOT RUN: needs age and python3 on PATH)'}`, async () => {
  const ours = join(folder, 'alice.key.age');
  const opened = join(folder, 'opened.json');
  writeFileSync(ours, await encryptAgeFile(plaintext, passphrase, 18));
  expect(inTerminal(1, 'age', '--decrypt', '-o', opened, ours)).toBe(0);
  expect(new Uint8Array(readFileSync(opened))).toEqual(plaintext);

  const theirs = join(folder, 'theirs.age');
  expect(inTerminal(2, 'age', '--encrypt', '--passphrase', '-o', theirs, opened)).toBe(0);
  expect(await decryptAgeFile(new Uint8Array(readFileSync(theirs)), passphrase)).toEqual(plaintext);
});
