import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchEdition, type RunningEdition } from './edition.ts';

/** Both editions on a practice network of their own, as a rehearsal opens them. */
export interface RehearsalWindows {
  readonly folder: string;
  /** What crosses between them. */
  readonly gap: string;
  readonly signer: RunningEdition;
  readonly companion: RunningEdition;
  /** Runs strongroom-practice on the rehearsal's chain. */
  readonly practice: (...args: readonly string[]) => void;
  close(): Promise<void>;
}

export interface RehearsalOptions {
  readonly colorScheme?: 'light' | 'dark';
  /** A folder that is not there yet; one of the system's temporary folders where it is left out. */
  readonly folder?: string;
  /** Content size of each window. */
  readonly size?: { readonly width: number; readonly height: number };
}

export async function openRehearsal({ colorScheme = 'light', folder: wanted, size = { width: 1280, height: 800 } }: RehearsalOptions = {}): Promise<RehearsalWindows> {
  const folder = wanted ?? mkdtempSync(join(tmpdir(), 'strongroom-rehearsal-'));
  if (wanted !== undefined) mkdirSync(wanted);
  const gap = join(folder, 'gap');
  mkdirSync(gap);
  const practice = (...args: readonly string[]): void => {
    const result = spawnSync(process.execPath, [resolve('dist/practice/cli.cjs'), ...args, '--folder', join(folder, 'practice')], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`strongroom-practice ${args[0] ?? ''}: ${result.stderr}`);
  };
  practice('init');
  practice('faucet', '--amount-sats', '152300000', '--outputs', '4');
  const environment = { STRONGROOM_REHEARSAL: folder, STRONGROOM_NODE: process.execPath };
  const open = async (edition: 'signer' | 'companion'): Promise<RunningEdition> => {
    const running = await launchEdition(edition, { environment, colorScheme });
    running.page.setDefaultTimeout(20_000);
    await running.app.evaluate(({ BrowserWindow }, content) => BrowserWindow.getAllWindows()[0]?.setContentSize(content.width, content.height), size);
    return running;
  };
  const signer = await open('signer');
  const companion = await open('companion');
  return {
    folder,
    gap,
    signer,
    companion,
    practice,
    async close() {
      await signer.close();
      await companion.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
