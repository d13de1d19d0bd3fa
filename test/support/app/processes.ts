import type { ElectronApplication } from '@playwright/test';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Ids of the processes in which a transaction is reviewed or signed, as Electron counts them. */
export const signingProcesses = (app: ElectronApplication): Promise<number[]> =>
  app.evaluate((electron) => electron.app.getAppMetrics().filter(({ name }) => name === 'Strongroom Signing').map(({ pid }) => pid));

/** Whether the system still has a process. */
export const isThere = (pid: number): boolean => existsSync(`/proc/${pid}`);

/** The internet sockets that a process has, of any kind and in any state, as lines of /proc/net. */
export function internetSockets(pid: number): readonly string[] {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`)) ?? [];
      return inode === undefined ? [] : [inode];
    } catch {
      // Closed meanwhile.
      return [];
    }
  }));
  return ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].flatMap((kind) =>
    readFileSync(`/proc/${pid}/net/${kind}`, 'utf8').split('\n').slice(1).filter((line) => own.has(line.trim().split(/\s+/)[9] ?? '')).map((line) => `${kind} ${line.trim()}`));
}
