import type { Handlers } from '../../src/host/contract.ts';
import type { signerContract } from '../../src/host/signer-contract.ts';
import { checkCopies, copyKeyFile, readCopies, writeCopies } from '../../src/node/signer/key-copies.ts';
import type { KeyCopies } from '../../src/signer/key-copies.ts';
import { chosenFolder } from '../shell/file-dialogs.ts';
import type { Shell } from '../shell/start-edition.ts';
import type { SignerShelves } from './shelf-handlers.ts';

type CopiesHandlers = Pick<Handlers<typeof signerContract>, 'copies.list' | 'copies.add' | 'copies.check'>;

/** Where copies of the shelf's key files lie. The rules are src/node/signer/key-copies.ts's. */
export function createCopiesHandlers(shell: Shell, { keys }: Pick<SignerShelves, 'keys'>, now: () => number): CopiesHandlers {
  const at = (): string => new Date(now()).toISOString();
  return {
    'copies.list': async () => {
      const { files } = await keys.list(({ name }) => name);
      const lists: ReturnType<typeof shown>[] = [];
      for (const name of files) lists.push(shown((await readCopies(keys.path(name))) ?? (await checkCopies(keys.path(name), null, at()))));
      return { keys: lists };
    },
    'copies.add': async ({ name }) => {
      const path = keys.path(name);
      const before = await readCopies(path);
      const folder = await chosenFolder(shell, 'Choose a folder or a memory stick for the copy');
      if (folder === null) return { copies: null };
      // Nothing of somebody else's is replaced: a person who wants that removes it first.
      const { list } = await copyKeyFile(path, folder, { list: before, overwrite: false, at: at() });
      await writeCopies(path, list);
      return { copies: shown(list) };
    },
    'copies.check': async ({ name }) => {
      const path = keys.path(name);
      const list = await checkCopies(path, await readCopies(path), at());
      await writeCopies(path, list);
      return { copies: shown(list) };
    },
  };
}

/** As the window gets it. */
const shown = ({ name, sha256, copies }: KeyCopies) => ({ name, sha256, copies: copies.map(({ place, madeAt, checkedAt, state }) => ({ place, madeAt, checkedAt, state })) });
