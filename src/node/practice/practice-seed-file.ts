import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '../../domain/bytes.ts';
import { createPracticeKeys, type PracticeKeys } from '../../practice/practice-keys.ts';
import { formatSeedFile, parseSeedFile } from '../../practice/practice-seed.ts';
import { practiceMalformed } from '../companion/practice-database.ts';
import { writeFileAtomically } from '../shared/atomic-file.ts';
import { readInputFile } from '../shared/input-file.ts';

/** The file in a practice folder that only strongroom-practice reads. */
export const SEED_NAME = 'hot-wallet.practice-only.json';

/** @throws StrongroomError `file.*` */
export async function writePracticeSeed(folder: string, seed: Uint8Array): Promise<void> {
  await writeFileAtomically(join(folder, SEED_NAME), utf8(formatSeedFile(seed)), { overwrite: false });
}

/** @throws StrongroomError `practice.malformed`, `file.*` */
export async function readPracticeKeys(folder: string): Promise<PracticeKeys> {
  const path = join(folder, SEED_NAME);
  if (!existsSync(path)) throw practiceMalformed(folder, 'no-seed');
  const content = await readInputFile(path, { maxBytes: 4096 });
  return createPracticeKeys(parseSeedFile(new TextDecoder().decode(content)));
}
