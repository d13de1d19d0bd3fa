import { join } from 'node:path';
import type { signerContract } from '../../src/host/signer-contract.ts';
import { openCustodyFile } from '../../src/node/signer/custody-file.ts';
import { nodeSignerEffects } from '../../src/node/signer/effects.ts';
import { codeReader } from '../../src/node/shared/code-reading/read-codes.ts';
import { createFrameDesk } from '../../src/service/shared/frames-handlers.ts';
import { createSignerService } from '../../src/service/signer/handlers.ts';
import { appInfo } from '../shell/app-info.ts';
import { codePictures } from '../shell/code-pictures.ts';
import { codeSettingsHandlers } from '../shell/code-settings.ts';
import { openFiles, saveOneFile } from '../shell/file-dialogs.ts';
import { gapFilesHandlers } from '../shell/gap-files.ts';
import { programBuild, programVersion } from '../shell/runtime-info.ts';
import { removeSpoolFolders } from '../shell/spool-folder.ts';
import type { EditionService, Shell } from '../shell/start-edition.ts';
import { createCopiesHandlers } from './copies-handlers.ts';
import { createCustodyHandlers } from './custody-handlers.ts';
import { createSheetDesk } from './sheet-handlers.ts';
import { createShelfHandlers, openSignerShelves } from './shelf-handlers.ts';
import { signingProcessStarter } from './start-signing-process.ts';

/** The Signer behind its window: the shared handlers, and what only a window needs. Holds no rules. */
export function createSignerEdition(shell: Shell): EditionService<typeof signerContract> {
  // What a process that was killed while it printed may have left.
  removeSpoolFolders();
  const effects = nodeSignerEffects({ version: programVersion, build: programBuild, startSigningProcess: signingProcessStarter(shell.bundleFolder) });
  const service = createSignerService(effects);
  const shelves = openSignerShelves(shell.userDataFolder);
  const custody = openCustodyFile(join(shell.userDataFolder, 'custody.jsonl'));
  const desk = createSheetDesk({ shell, service, custody, papers: shelves.papers, reader: codeReader(), effects });
  const frames = createFrameDesk({ newHandle: effects.newHandle, ...codePictures(shell, codeReader()) });
  // SECURITY: a key stays usable no longer than somebody sits before it, and what was made of it stays no longer than it.
  const secure = (): void => {
    desk.clear();
    frames.clear();
    service.lockAll();
  };
  return {
    handlers: {
      ...service.handlers,
      'app.info': () => appInfo('signer', shell),
      'key.words': ({ keyHandle }) => ({ words: [...service.wordsOf(keyHandle)] }),
      ...createShelfHandlers(shelves),
      ...createCopiesHandlers(shell, shelves, effects.now),
      ...createCustodyHandlers(custody, effects.now),
      ...desk.handlers,
      ...frames.handlers,
      ...codeSettingsHandlers(shell.userDataFolder),
      ...gapFilesHandlers(shell),
      'file.open': (input) => openFiles(shell, input),
      'file.save': (input) => saveOneFile(shell, input),
    },
    held: desk.held,
    secure,
    close: async () => {
      secure();
      removeSpoolFolders();
    },
  };
}
