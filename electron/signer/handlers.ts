import { join } from 'node:path';
import { parseBase64, toBase64, utf8 } from '../../src/domain/bytes.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import type { signerContract } from '../../src/host/signer-contract.ts';
import { nodeSignerEffects } from '../../src/node/signer/effects.ts';
import { createSignerService } from '../../src/service/signer/handlers.ts';
import { walletFacts } from '../../src/service/shared/wallet-facts.ts';
import { parseRegistration } from '../../src/wallet/registration.ts';
import { appInfo } from '../shell/app-info.ts';
import { openFiles, saveOneFile } from '../shell/file-dialogs.ts';
import { programVersion } from '../shell/runtime-info.ts';
import { openShelf, textOf } from '../shell/shelf.ts';
import type { EditionService, Shell } from '../shell/start-edition.ts';

/** The Signer behind its window: the shared handlers, and what only a window needs. Holds no rules. */
export function createSignerEdition(shell: Shell): EditionService<typeof signerContract> {
  const service = createSignerService(nodeSignerEffects({ version: programVersion }));
  const keys = openShelf(join(shell.userDataFolder, 'keys'), '.age', 65_536);
  const registrations = openShelf(join(shell.userDataFolder, 'registrations'), '.json', 262_144);
  return {
    handlers: {
      ...service.handlers,
      'app.info': () => appInfo('signer', shell),
      'key.words': ({ keyHandle }) => ({ words: [...service.wordsOf(keyHandle)] }),
      'shelf.list': async () => {
        const kept = await keys.list(({ name, bytes }) => ({ name, contentBase64: toBase64(bytes) }));
        const registered = await registrations.list(({ name, bytes }) => {
          const registration = textOf(bytes);
          const { wallet, ownKey } = parseRegistration(registration);
          return { name, registration, policy: walletFacts(wallet), ownKey };
        });
        return { keys: [...kept.files], registrations: [...registered.files], damaged: [...kept.damaged, ...registered.damaged] };
      },
      'shelf.add-key': async ({ name, keyFileBase64 }) => {
        const bytes = parseBase64(keyFileBase64);
        // Only what looks like a key file is kept: a shelf that holds anything else would have to be explained later.
        if (!textOf(bytes.slice(0, 64)).startsWith('age-encryption.org/v1\n')) {
          throw new StrongroomError('key.file-malformed', 'The file is not a Strongroom key file.', {}, 'Choose the .key.age file that the Signer wrote.');
        }
        await keys.add(name, bytes);
        return { name };
      },
      'shelf.add-registration': async ({ name, registration }) => {
        parseRegistration(registration);
        await registrations.add(name, utf8(registration));
        return { name };
      },
      'file.open': (input) => openFiles(shell, input),
      'file.save': (input) => saveOneFile(shell, input),
    },
    // SECURITY: a key stays usable no longer than somebody sits before it.
    secure: () => service.lockAll(),
    close: async () => service.lockAll(),
  };
}
