import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environmentFor, launcher, requireBuilt, type ProgramName } from '../flow/programs.ts';
import { asCosigner, makeTreasury, planPayment, type Treasury } from '../flow/treasury.ts';

/* A disk without room: a memory file system of 64 KiB in a mount namespace of its own, filled to the brim. */

let treasury: Treasury;
beforeAll(() => {
  requireBuilt();
  treasury = makeTreasury();
  planPayment(treasury);
  treasury.file('words.txt', 'legal winner thank year wave sausage worth useful legal winner thank yellow\n');
  treasury.file('next.txt', 'another passphrase\n');
  mkdirSync(join(treasury.folder, 'other'));
  copyFileSync(join(treasury.folder, 'b.key.age'), join(treasury.folder, 'other/a.key.age'));
});
afterAll(() => treasury?.remove());

const namespace = process.getuid?.() === 0 ? ['unshare', '--mount'] : ['unshare', '--user', '--map-root-user', '--mount'];
const canMount = spawnSync(namespace[0] as string, [...namespace.slice(1), 'sh', '-c', 'mount -t tmpfs -o size=64k none /mnt'], { stdio: 'ignore' }).status === 0;
const NOT_HERE = 'no memory file system can be mounted here (it takes root or user namespaces): the full disk was not tried';

/**
 * Runs a program whose folder `full/` has no byte left; what stands there afterwards, hidden files too, is told.
 * @param holding a file of the treasury that lies there already; it must still be as it was
 */
function onFullDisk(program: ProgramName, args: readonly string[], { room = 0, holding = '' } = {}): { exit: number | null; json: Record<string, any>; left: string[] } {
  const script = `
    mkdir -p full && mount -t tmpfs -o size=64k none full || exit 99
    ${holding === '' ? '' : `cp ${holding} full/`}
    dd if=/dev/zero of=full/filler bs=1k count=${room === 0 ? 64 : 64 - room} 2>/dev/null
    "$@"; code=$?
    ${holding === '' ? '' : `cmp -s ${holding} full/${holding} || code=98`}
    echo; ls -A full | grep -v '^filler$'
    exit $code`;
  const [command, ...before] = namespace;
  const ended = spawnSync(command as string, [...before, 'sh', '-c', script, 'sh', launcher(program), ...args, '--json'], { cwd: treasury.folder, env: environmentFor(treasury.folder), encoding: 'utf8' });
  const [json = '', ...left] = ended.stdout.split('\n').filter((line) => line !== '');
  return { exit: ended.status, json: JSON.parse(json), left };
}

describe('a full disk', () => {
  test.for<[string, ProgramName, string[]]>([
    ['a new key file', 'strongroom-signer', ['key', 'create', '--network', 'regtest', '--dice', 'dice.txt', '--passphrase-file', 'passphrase.txt', '--out', 'full/new.key.age']],
    ['a restored key file', 'strongroom-signer', ['key', 'restore', '--network', 'regtest', '--mnemonic-file', 'words.txt', '--passphrase-file', 'passphrase.txt', '--out', 'full/new.key.age']],
    ['a copy of a key file', 'strongroom-signer', ['key', 'copy', '--key', 'a.key.age', '--to', 'full']],
    ['a registration', 'strongroom-signer', ['wallet', 'register', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--wallet', 'wallet.json', '--policy-id', 'POLICY', '--out', 'full/registration.json']],
    ['a signed PSBT', 'strongroom-signer', ['psbt', 'sign', 'pay.psbt', ...asCosigner('a'), '--out', 'full/signed.psbt']],
    ['a wallet', 'strongroom-companion', ['wallet', 'create', '--name', 'X', '--network', 'practice', '--required', '1', '--cosigner', 'a.record.txt', '--out', 'full/wallet.json']],
  ])('%s is written whole or not at all (74, file.disk-full)', ([, program, args], { skip }) => {
    if (!canMount) skip(NOT_HERE);
    const { exit, json, left } = onFullDisk(program, args.map((word) => (word === 'POLICY' ? treasury.policyId : word)));
    expect({ exit, code: json['error']?.code }).toEqual({ exit: 74, code: 'file.disk-full' });
    expect(left).toEqual([]);
  });

  test.for<[string, string[]]>([
    ['another passphrase', ['key', 'passphrase', '--key', 'full/a.key.age', '--passphrase-file', 'passphrase.txt', '--new-passphrase-file', 'next.txt', '--force']],
    ['a key made in its place', ['key', 'create', '--network', 'regtest', '--dice', 'dice.txt', '--passphrase-file', 'passphrase.txt', '--out', 'full/a.key.age', '--force']],
    ['a copy of another one, on the person\'s word', ['key', 'copy', '--key', 'other/a.key.age', '--to', 'full', '--force']],
  ])('%s: the key file that was there stays as it was', ([, args], { skip }) => {
    if (!canMount) skip(NOT_HERE);
    const { exit, json, left } = onFullDisk('strongroom-signer', args, { holding: 'a.key.age' });
    expect({ exit, code: json['error']?.code }).toEqual({ exit: 74, code: 'file.disk-full' });
    expect(left).toEqual(['a.key.age']);
  });

  test('a copy that could not be made is in no list', ({ skip }) => {
    if (!canMount) skip(NOT_HERE);
    onFullDisk('strongroom-signer', ['key', 'copy', '--key', 'a.key.age', '--to', 'full']);
    expect(existsSync(join(treasury.folder, 'a.copies.json'))).toBe(false);
  });

  test('QR images that do not all fit: neither they nor the PSBT stay', ({ skip }) => {
    if (!canMount) skip(NOT_HERE);
    const { exit, json, left } = onFullDisk('strongroom-signer', ['psbt', 'sign', 'pay.psbt', ...asCosigner('a'), '--out', 'full/signed.psbt', '--qr', 'full/qr'], { room: 24 });
    expect({ exit, code: json['error']?.code }).toEqual({ exit: 74, code: 'file.disk-full' });
    expect(left).toEqual([]);
  });

  test('the books: a ledger that cannot grow is named, and what it held stays readable', ({ skip }) => {
    if (!canMount) skip(NOT_HERE);
    const { exit, json } = onFullDisk('strongroom-companion', ['wallet', 'sync', '--wallet', 'wallet.json', '--node', `practice://${join(treasury.folder, 'chain')}`, '--db', 'full/ledger.db']);
    expect(exit).toBe(74);
    expect(['file.disk-full', 'file.unwritable']).toContain(json['error']?.code);
  });
});
