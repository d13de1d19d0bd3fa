import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { utf8 } from '../../src/domain/bytes.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import type { companionContract } from '../../src/host/companion-contract.ts';
import { nodeCompanionEffects } from '../../src/node/companion/effects.ts';
import type { HotWalletProgram } from '../../src/node/companion/practice-hot-signer.ts';
import { minePracticeBlocks } from '../../src/node/companion/practice-mining.ts';
import { codeReader } from '../../src/node/shared/code-reading/read-codes.ts';
import { createCompanionHandlers } from '../../src/service/companion/handlers.ts';
import { requireNoSecretIn } from '../../src/service/companion/private-key-guard.ts';
import { createFrameDesk } from '../../src/service/shared/frames-handlers.ts';
import { walletFacts } from '../../src/service/shared/wallet-facts.ts';
import { parseWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { appInfo } from '../shell/app-info.ts';
import { codePictures } from '../shell/code-pictures.ts';
import { codeSettingsHandlers } from '../shell/code-settings.ts';
import { openFiles, saveOneFile } from '../shell/file-dialogs.ts';
import { gapFilesHandlers } from '../shell/gap-files.ts';
import { openShelf, textOf } from '../shell/shelf.ts';
import type { EditionService, Shell } from '../shell/start-edition.ts';
import { booksFileHandlers } from './books-file.ts';
import { readSettings, writeSettings, type Settings } from './settings.ts';

/** The Companion behind its window: the shared handlers, and what only a window needs. Holds no rules. */
export function createCompanionEdition(shell: Shell): EditionService<typeof companionContract> {
  const effects = nodeCompanionEffects({ ledgerFile: join(shell.userDataFolder, 'ledger.db'), practiceHotWallet: practiceHotWallet(shell) });
  const wallets = openShelf(join(shell.userDataFolder, 'wallets'), '.json', 262_144);
  const settingsFile = join(shell.userDataFolder, 'settings.json');
  const defaults: Settings = shell.rehearsal === null ? { node: null, hotWallet: null } : { node: shell.rehearsal.node, hotWallet: shell.rehearsal.hotWallet };
  const reader = codeReader();
  const frames = createFrameDesk({ newHandle: () => randomBytes(16).toString('hex'), ...codePictures(shell, reader) });
  const useCamera = (on: boolean): void => {
    shell.camera.use(on);
    if (!on) void reader.forget();
  };
  const handlers = createCompanionHandlers(effects);
  return {
    handlers: {
      ...handlers,
      ...booksFileHandlers(shell, effects, handlers['ledger.export']),
      'app.info': () => appInfo('companion', shell),
      'settings.read': () => readSettings(settingsFile, defaults),
      'settings.write': async (settings) => {
        await writeSettings(settingsFile, settings);
        return {};
      },
      'shelf.list': async () => {
        const { files, damaged } = await wallets.list(({ name, bytes }) => {
          const wallet = textOf(bytes);
          return { name, wallet, policy: walletFacts(parseWalletFile(wallet)) };
        });
        return { wallets: [...files], damaged: [...damaged] };
      },
      'shelf.add-wallet': async ({ name, wallet }) => {
        parseWalletFile(wallet);
        await wallets.add(name, utf8(wallet));
        return { name };
      },
      'practice.mine': async ({ blocks }) => {
        const { node } = await readSettings(settingsFile, defaults);
        return { height: minePracticeBlocks(practiceFolder(node), blocks) };
      },
      ...frames.handlers,
      ...codeSettingsHandlers(shell.userDataFolder),
      'camera.use': ({ on }) => {
        useCamera(on);
        return {};
      },
      ...gapFilesHandlers(shell),
      'file.open': (input) => openFiles(shell, input),
      'file.save': (input) => saveOneFile(shell, input),
    },
    // Nothing here is worth locking away, since the Companion has no key: but nobody is there to scan.
    secure: () => {
      frames.clear();
      useCamera(false);
    },
    refuse: requireNoSecretIn,
    close: () => effects.close(),
  };
}

/** The folder of a practice node; blocks of a real one are found by others. */
function practiceFolder(node: string | null): string {
  const prefix = 'practice://';
  if (node === null || !node.startsWith(prefix)) {
    throw new StrongroomError('node.url', 'Blocks can be asked for on the practice network only.', { reason: 'not-practice' }, 'Wait until the network finds the next block.');
  }
  return node.slice(prefix.length);
}

/**
 * The separate program that holds the practice node's keys: beside us in a checkout, absent from a packaged application,
 * which cannot run scripts (ADR-0005).
 */
function practiceHotWallet(shell: Shell): HotWalletProgram | null {
  if (shell.isPackaged) return null;
  return { command: process.execPath, args: ['--disable-warning=ExperimentalWarning', join(shell.bundleFolder, '../practice/cli.cjs')], env: { ELECTRON_RUN_AS_NODE: '1' } };
}
