import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { largeSpend } from '../support/large-spend.ts';
import { done, haveTerminal, launcher, NO_TERMINAL, requireBuilt, scratch, signer, start, type Scratch } from './programs.ts';

/*
 * A large transaction on the command line: what reviews and signs is a thread of its own, so that progress is shown and Ctrl-C is heard
 * while it works.
 */

/** So many that signing takes some seconds on any machine: what is left is said after the first. */
const INPUTS = 6000;
const spend = largeSpend(INPUTS);
const reviewId = createHash('sha256').update(spend.psbt).digest('hex');
const cosigner = ['--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--registration', 'a.registration.json'];
const signing = ['psbt', 'sign', 'pay.unsigned.psbt', ...cosigner, '--review-id', reviewId, '--out', 'pay.signed.psbt'];

let place: Scratch;
beforeAll(() => {
  requireBuilt();
  place = scratch();
  place.file('passphrase.txt', 'only a rehearsal passphrase\n');
  place.file('words.txt', `${spend.mnemonic}\n`);
  place.file('wallet.json', spend.walletFile);
  place.file('pay.unsigned.psbt', spend.psbt);
  const options = { folder: place.folder };
  done(signer(['key', 'restore', '--network', 'regtest', '--label', 'Alice', '--mnemonic-file', 'words.txt', '--passphrase-file', 'passphrase.txt', '--out', 'a.key.age'], options));
  done(signer(['wallet', 'register', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--wallet', 'wallet.json', '--policy-id', spend.policyId, '--out', 'a.registration.json'], options));
});
afterAll(() => place.remove());
const before = (): Readonly<Record<string, number>> => place.listing();

/** Runs a command line on a terminal. `onScreen` is told of everything on it, with the way to type. */
async function onTerminal(args: readonly string[], onScreen: (screen: string, type: (text: string) => void) => void): Promise<{ readonly exit: number | null; readonly screen: string }> {
  // In the shell's place: a shell in between would be interrupted too, and speak for itself.
  const command = `exec ${[launcher('strongroom-signer'), ...args].map((word) => `'${word}'`).join(' ')}`;
  const child = start('script', ['--quiet', '--return', '--command', command, '/dev/null'], place.folder);
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    onScreen(screen, (typed) => child.stdin.write(typed));
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, screen };
}

test('Ctrl-C while inputs are signed ends the command: no signature, no file, and the exit code of a cancelled step', async (context) => {
  context.skip(!haveTerminal, NO_TERMINAL);
  const files = before();
  let isTyped = false;
  const { exit, screen } = await onTerminal(signing, (text, type) => {
    if (isTyped || !text.includes('Signing input')) return;
    isTyped = true;
    type('\u0003');
  });
  expect(isTyped).toBe(true);
  expect([exit, screen]).toEqual([75, expect.stringContaining('[host.cancelled]')]);
  expect(before()).toEqual(files);
});

test('progress is shown on a terminal, step by step, with what is left', async (context) => {
  context.skip(!haveTerminal, NO_TERMINAL);
  const { exit, screen } = await onTerminal(signing, () => undefined);
  expect(exit).toBe(0);
  expect(screen).toMatch(/Reviewing the transaction \d+ %/);
  expect(screen).toMatch(/Signing input [\d,]+ of 6,000 \d+ %, about \d+ s left/);
  // The line is gone when the result stands there.
  expect(screen).toMatch(/\u001b\[2KSigned 6000 inputs as/);
  const { inputs } = decodePsbt(readFileSync(join(place.folder, 'pay.signed.psbt')));
  expect(inputs.map((input) => input.partialSignatures.length)).toEqual(Array.from({ length: INPUTS }, () => 1));
});

test('a file that is refused, and one that is not a PSBT, are named as before', () => {
  const options = { folder: place.folder };
  place.file('bad.psbt', 'no psbt');
  expect(signer(['psbt', 'review', 'bad.psbt', ...cosigner], options)).toMatchObject({ exit: 65, stdout: expect.stringContaining('"psbt.malformed"') });
  const other = signer([...signing.map((word) => (word === reviewId ? '00'.repeat(32) : word)), '--force'], options);
  expect(other).toMatchObject({ exit: 3, stdout: expect.stringContaining('"review.stale"') });
  expect(existsSync(join(place.folder, 'bad.signed.psbt'))).toBe(false);
});
