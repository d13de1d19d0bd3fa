import { app } from 'electron';
import { isAbsolute, join } from 'node:path';
import type { Edition } from './page-files.ts';
import type { Placement } from './window.ts';

/** A rehearsal: both editions side by side on a practice network, with all their data in one folder. */
export interface Rehearsal {
  readonly folder: string;
  /** What crosses the gap, as a folder. File dialogs open here. */
  readonly gapFolder: string;
  /** The practice node's URL. */
  readonly node: string;
  /** The hot wallet that the ceremony sweeps: the practice node's only one, or the one made for it on a real regtest node. */
  readonly hotWallet: string;
}

/**
 * The rehearsal that the development scripts ask for, or `null` in real use. A packaged application has none: an environment
 * variable must not move its data.
 */
export function findRehearsal(environment: Readonly<Record<string, string | undefined>> = process.env): Rehearsal | null {
  const folder = environment['STRONGROOM_REHEARSAL'];
  if (app.isPackaged || folder === undefined || !isAbsolute(folder)) return null;
  return { folder, gapFolder: join(folder, 'gap'), node: environment['STRONGROOM_REHEARSAL_NODE'] ?? `practice://${join(folder, 'practice')}`, hotWallet: environment['STRONGROOM_REHEARSAL_HOT_WALLET'] ?? 'hot' };
}

/** Companion on the left, Signer on the right: the way the work goes. */
export const placementOf = (edition: Edition, rehearsal: Rehearsal | null): Placement => (rehearsal === null ? 'centre' : edition === 'companion' ? 'left' : 'right');
