/** What the system says of its drives, parsed: pure, so that each system's answers can be tested on any. */

/** A place where a file system is mounted. */
export interface Mount {
  /** `/dev/sdb1` */
  readonly device: string;
  readonly folder: string;
}

/**
 * The mounts of block devices in `/proc/mounts`, the latest of a folder alone. Blanks and backslashes are written there in octal.
 * @see proc_pid_mounts(5); fstab(5)
 */
export function parseProcMounts(text: string): readonly Mount[] {
  const mounts = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const [device, folder] = line.split(' ').map(withoutEscapes);
    if (device === undefined || folder === undefined || !device.startsWith('/dev/') || !folder.startsWith('/')) continue;
    mounts.set(folder, { device, folder });
  }
  return [...mounts.values()];
}

const withoutEscapes = (field: string): string => field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** Where desktops mount what a person plugs in. */
const GIVEN_FOLDERS = /^\/(run\/media\/[^/]+|media(\/[^/]+)?)\/[^/]+$/;
/** What runs the system itself is no drive that anybody carries. */
const SYSTEM_FOLDERS = /^\/($|boot($|\/)|usr($|\/)|var($|\/)|home($|\/)|etc($|\/)|snap($|\/)|sys($|\/)|proc($|\/)|dev($|\/))/;

/** The disk of a partition: `sdb1` is of `sdb`, `nvme0n1p2` of `nvme0n1`, `mmcblk0p1` of `mmcblk0`. `null` for what has no such name. */
export function diskOfDevice(device: string): string | null {
  const name = /^\/dev\/([a-z0-9]+)$/.exec(device)?.[1];
  if (name === undefined) return null;
  return /^((?:nvme\d+n\d+)|(?:mmcblk\d+)|(?:loop\d+))(?:p\d+)?$/.exec(name)?.[1] ?? /^([a-z]+)\d*$/.exec(name)?.[1] ?? null;
}

/**
 * The mounts of removable drives: those that the kernel calls removable, and those that a desktop mounted where it mounts what is
 * plugged in (large sticks and disks in a case call themselves fixed).
 * @param isRemovable what `/sys/block/DISK/removable` says
 */
export function removableMounts(mounts: readonly Mount[], isRemovable: (disk: string) => boolean): readonly Mount[] {
  return mounts.filter(({ device, folder }) => {
    if (SYSTEM_FOLDERS.test(folder)) return false;
    const disk = diskOfDevice(device);
    return GIVEN_FOLDERS.test(folder) || (disk !== null && isRemovable(disk));
  });
}

/** Letters of drives that may be removable: a system's own disk is `C:`, and floppies are asked only to fail slowly. */
export const windowsDriveLetters: readonly string[] = [...'DEFGHIJKLMNOPQRSTUVWXYZ'];
