import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paperWalletCommands } from '../../../../src/cli/signer/paper-wallet-commands.ts';
import { splitCommands } from '../../../../src/cli/signer/split-commands.ts';
import { encryptAgeFile } from '../../../../src/node/signer/age-passphrase.ts';
import { openCustodyFile } from '../../../../src/node/signer/custody-file.ts';
import { nodeSlowHashes } from '../../../../src/node/signer/slow-hashes.ts';
import { encodeKeyFile, openSigningKey, type KeyFile } from '../../../../src/signer/key-file.ts';
import { seedOfKept, type KeptSecret } from '../../../../src/signer/kept-secret.ts';
import { parseMnemonic } from '../../../../src/signer/mnemonic.ts';
import { recoverSlip39 } from '../../../../src/signer/secrets/slip39/slip39.ts';
import { mnemonics } from '../../signer/fixtures.ts';
import { programOf, runLine } from '../shared/program-harness.ts';

const secret = { kind: 'mnemonic', language: 'english', entropy: parseMnemonic(mnemonics.bob), bip39Passphrase: '' } as const satisfies KeptSecret;
let folder: string;
let fingerprint = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-split-'));
  const file: KeyFile = { network: 'regtest', label: 'Bob', secret, createdAt: '2026-11-22T10:00:00Z', createdBy: 'test', sources: ['os'], entropyRecord: null };
  const key = openSigningKey(file);
  fingerprint = key.fingerprint;
  writeFileSync(at('bob.key.age'), await encryptAgeFile(encodeKeyFile(file, key.fingerprint), 'only a rehearsal passphrase', 18));
  writeFileSync(at('passphrase.txt'), 'only a rehearsal passphrase\n');
  writeFileSync(at('share-passphrase.txt'), 'for the shares\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
async function split(...args: string[]) {
  const { stdout, ...rest } = await runLine(programOf(...splitCommands), ['key', 'split', '--key', at('bob.key.age'), '--passphrase-file', at('passphrase.txt'), ...args, '--json']);
  return { ...rest, stdout, json: JSON.parse(stdout) as Record<string, any> };
}

test('SLIP-39 shares come as sheets and texts for their holders alone, lead back to the seed, and are not in what is said', async () => {
  const made = await split('--scheme', 'slip39', '--groups', '2of3,1of1', '--group-threshold', '2', '--share-passphrase-file', at('share-passphrase.txt'), '--out', at('slip39'));
  expect(made).toMatchObject({ exit: 0, json: { ok: true, fingerprint, scheme: 'slip39' } });
  expect(made.json['shares'].map(({ share }: { share: string }) => share)).toEqual(['group 1, share 1', 'group 1, share 2', 'group 1, share 3', 'group 2, share 1']);
  expect(readdirSync(at('slip39')).filter((name) => name.endsWith('.pdf'))).toHaveLength(4);
  for (const name of readdirSync(at('slip39'))) expect(statSync(at(`slip39/${name}`)).mode & 0o777).toBe(0o600);
  const texts = made.json['shares'].map(({ text }: { text: string }) => readFileSync(text, 'utf8').trim()) as string[];
  expect(await recoverSlip39([texts[0], texts[2], texts[3]] as string[], 'for the shares', nodeSlowHashes())).toEqual(seedOfKept(secret));
  for (const text of texts) expect(made.stdout + made.stderr).not.toContain(text.split(' ').slice(4, 7).join(' '));
});

test('prints of shares are read back against the list that was written with them, and noted in the register', async () => {
  const made = await split('--scheme', 'codex32', '--threshold', '2', '--shares', '3', '--out', at('proven'));
  const { readBack, shares } = made.json as { readBack: string; shares: { serial: string; text: string }[] };
  expect(readBack).toMatch(/\/proven\/share-b8688df1-[02-9ac-hj-np-z]{4}-read-back\.json$/);
  writeFileSync(at('scan.txt'), shares.map(({ text }) => readFileSync(text, 'utf8')).join(''));
  const proven = await runLine(programOf(...paperWalletCommands), ['paper', 'prove', '--list', readBack, '--scanned', at('scan.txt'), '--custody', at('custody.jsonl'), '--by', 'Ada', '--json']);
  expect([proven.exit, JSON.parse(proven.stdout)]).toMatchObject([0, { made: 3, missing: 0, foreign: 0 }]);
  const { register } = await openCustodyFile(at('custody.jsonl')).read();
  expect([...register.values()].map((sheet) => [sheet.serial, sheet.kind, sheet.state, sheet.fingerprint, sheet.network, sheet.label])).toEqual(shares.map(({ serial }) => [serial, 'share', 'made', fingerprint, 'regtest', 'Bob']));
  for (const { text } of shares) expect(readFileSync(at('custody.jsonl'), 'utf8') + readFileSync(readBack, 'utf8')).not.toContain(readFileSync(text, 'utf8').trim());
});

test('codex32 and Seed XOR are divided too, and nothing is replaced unasked', async () => {
  expect(await split('--scheme', 'codex32', '--threshold', '2', '--shares', '3', '--out', at('codex32'))).toMatchObject({ exit: 0 });
  expect(readdirSync(at('codex32'))).toHaveLength(7);
  expect(await split('--scheme', 'seed-xor', '--parts', '2', '--serial', 'OURS', '--out', at('xor'))).toMatchObject({ exit: 0 });
  expect(await split('--scheme', 'seed-xor', '--parts', '2', '--serial', 'OURS', '--out', at('xor'))).toMatchObject({ exit: 74, json: { error: { code: 'file.exists' } } });
  expect(readdirSync(at('xor'))).toHaveLength(5);
});

test.each([
  ['groups for codex32', ['--scheme', 'codex32', '--threshold', '2', '--shares', '3', '--groups', '2of3']],
  ['parts for SLIP-39', ['--scheme', 'slip39', '--groups', '2of3', '--parts', '2']],
  ['SLIP-39 without groups', ['--scheme', 'slip39']],
  ['codex32 without a threshold', ['--scheme', 'codex32', '--shares', '3']],
  ['Seed XOR without parts', ['--scheme', 'seed-xor']],
  ['groups that are none', ['--scheme', 'slip39', '--groups', '2/3']],
])('%s is wrong usage', async (_name, args) => {
  expect(await split(...args, '--out', at('wrong'))).toMatchObject({ exit: 64, json: { error: { code: 'usage.malformed' } } });
  expect(readdirSync(folder)).not.toContain('wrong');
});

test('a division that a scheme does not know leaves nothing behind', async () => {
  expect(await split('--scheme', 'slip39', '--groups', '3of2', '--out', at('wrong'))).toMatchObject({ exit: 64, json: { error: { code: 'secret.parameters' } } });
  expect(readdirSync(folder)).not.toContain('wrong');
});
