import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { diskOfDevice, parseProcMounts, removableMounts } from '../../../src/node/shared/drives/mounts.ts';
import { foundFile, handedFile, handleOfPath, removableDrives } from '../../../src/node/shared/drives/removable-drives.ts';

const folder = mkdtempSync(join(tmpdir(), 'strongroom-drives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mounts = parseProcMounts(`sysfs /sys sysfs rw 0 0
/dev/nvme0n1p2 / ext4 rw 0 0
/dev/nvme0n1p1 /boot/efi vfat rw 0 0
/dev/sda1 /mnt/data ext4 rw 0 0
/dev/sdb1 /media/alice/OLD vfat rw 0 0
/dev/sdb1 /mnt/stick vfat rw 0 0
/dev/sdc1 /run/media/alice/COLD\\040STICK vfat rw 0 0
/dev/sdd1 /mnt/first vfat rw 0 0
/dev/sde1 /mnt/first ext4 rw 0 0
tmpfs /media/alice/memory tmpfs rw 0 0
broken
`);

test('removable is what the kernel calls so, and what a desktop mounted where it mounts what is plugged in; never what runs the system', () => {
  expect(removableMounts(mounts, (disk) => disk === 'sdb' || disk === 'nvme0n1').map((mount) => mount.folder)).toEqual(['/media/alice/OLD', '/mnt/stick', '/run/media/alice/COLD STICK']);
});

test('of two file systems on one folder the later is what is there', () => {
  expect(mounts.find((mount) => mount.folder === '/mnt/first')).toEqual({ device: '/dev/sde1', folder: '/mnt/first' });
});

test.each([['/dev/sdb1', 'sdb'], ['/dev/sdb', 'sdb'], ['/dev/nvme0n1p2', 'nvme0n1'], ['/dev/mmcblk0p1', 'mmcblk0'], ['/dev/loop7', 'loop7'], ['/dev/mapper/root', null], ['//server/share', null]])('%s is a partition of %s', (device, disk) => expect(diskOfDevice(device)).toBe(disk));

test('a drive shows plain files of known names; links, folders and other files are counted and left alone', async () => {
  const stick = join(folder, 'COLD');
  mkdirSync(stick);
  writeFileSync(join(stick, 'pay.unsigned.psbt'), 'psbt');
  writeFileSync(join(stick, 'autorun.inf'), 'x');
  mkdirSync(join(stick, 'folder.psbt'));
  symlinkSync('/etc/passwd', join(stick, 'linked.psbt'));
  const [drive] = await removableDrives(async () => [stick]);
  expect(drive).toMatchObject({ name: 'COLD', others: 3, problem: null });
  expect(drive?.files).toEqual([{ path: join(stick, 'pay.unsigned.psbt'), name: 'pay.unsigned.psbt', kind: 'psbt', sizeBytes: 4, modifiedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) }]);
  expect(await foundFile(join(stick, 'linked.psbt'))).toBeNull();
});

test('what was handed over and is no plain file of a known name and size is refused by its code; nothing is read', async () => {
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('small.psbt'), 'psbt');
  writeFileSync(at('large.psbt'), 'a longer one');
  writeFileSync(at('photo.png'), '');
  mkdirSync(at('folder.psbt'));
  symlinkSync(at('small.psbt'), at('link.psbt'));
  const facts = async (name: string): Promise<unknown> => {
    const found = await handedFile(at(name), () => 4);
    return 'code' in found ? found.code : found.kind;
  };
  expect(await Promise.all(['small.psbt', 'large.psbt', 'photo.png', 'folder.psbt', 'link.psbt', 'gone.psbt', `${'x'.repeat(200)}.psbt`].map(facts))).toEqual(['psbt', 'file.too-large', 'file.unknown-name', 'file.not-regular', 'file.not-regular', 'file.not-found', 'file.not-found']);
  expect(await handedFile(at('odd\\name.psbt'), () => 4)).toEqual({ path: at('odd\\name.psbt'), name: 'odd?name.psbt', code: 'file.not-found' });
});

test('a drive that was pulled out is named with what is wrong', async () => {
  expect(await removableDrives(async () => [join(folder, 'GONE')])).toEqual([{ folder: join(folder, 'GONE'), name: 'GONE', files: [], others: 0, problem: 'file.not-found' }]);
});

test('a path has the same handle for as long as the process runs, and another one in another', () => {
  expect(handleOfPath('a', '/x')).toBe(handleOfPath('a', '/x'));
  expect(handleOfPath('a', '/x')).not.toBe(handleOfPath('b', '/x'));
  expect(handleOfPath('a', '/x')).toMatch(/^[0-9a-f]{32}$/);
});
