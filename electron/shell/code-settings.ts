import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { utf8 } from '../../src/domain/bytes.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import type { Handlers } from '../../src/host/contract.ts';
import { framesContract } from '../../src/host/frames-wire.ts';
import { writeFileAtomically } from '../../src/node/shared/atomic-file.ts';
import { readInputFile } from '../../src/node/shared/input-file.ts';
import { textOf } from './shelf.ts';

type Contract = Handlers<typeof framesContract>;
type Settings = v.InferOutput<(typeof framesContract)['frames.keep-settings']['input']>;

const schema = framesContract['frames.keep-settings'].input;
/** Ten codes a second, which any screen shows and most cameras see. */
const usual: Settings = { version: null, codesPerSecond: 10 };

/** Density and speed of codes that a person settled on, kept in a file of the edition's own folder. */
export function codeSettingsHandlers(userDataFolder: string): Pick<Contract, 'frames.settings' | 'frames.keep-settings'> {
  const file = join(userDataFolder, 'codes.json');
  return {
    async 'frames.settings'() {
      try {
        const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), textOf(await readInputFile(file, { maxBytes: 65_536 })));
        // Only how codes look hangs on it: what is damaged is as good as never measured.
        return parsed.success ? parsed.output : usual;
      } catch (fault) {
        if (fault instanceof StrongroomError) return usual;
        throw fault;
      }
    },
    async 'frames.keep-settings'(settings) {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFileAtomically(file, utf8(`${JSON.stringify(settings)}\n`), { overwrite: true });
      return {};
    },
  };
}
