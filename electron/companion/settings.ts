import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { utf8 } from '../../src/domain/bytes.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import { companionContract } from '../../src/host/companion-contract.ts';
import { writeFileAtomically } from '../../src/node/shared/atomic-file.ts';
import { readInputFile } from '../../src/node/shared/input-file.ts';
import { textOf } from '../shell/shelf.ts';

/** Which node the window asks, and which of its wallets is swept. No secret: credentials stay in the node's own files. */
export type Settings = v.InferOutput<(typeof companionContract)['settings.read']['output']>;

const schema = companionContract['settings.write'].input;

/**
 * @param defaults while nothing was ever written
 * @throws StrongroomError `file.unreadable` for a damaged file: settings that vanish unseen would point at no node
 */
export async function readSettings(file: string, defaults: Settings): Promise<Settings> {
  let text: string;
  try {
    text = textOf(await readInputFile(file, { maxBytes: 65_536 }));
  } catch (fault) {
    if (fault instanceof StrongroomError && fault.code === 'file.not-found') return defaults;
    throw fault;
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (!parsed.success) throw new StrongroomError('file.unreadable', 'The settings are damaged.', { name: 'settings.json' }, 'Choose the node again and save.');
  return parsed.output;
}

/** @throws StrongroomError as `writeFileAtomically` */
export async function writeSettings(file: string, settings: Settings): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomically(file, utf8(`${JSON.stringify(settings, null, 2)}\n`), { overwrite: true });
}
