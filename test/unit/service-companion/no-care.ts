import type { CareEffects } from '../../../src/service/companion/care-effects.ts';

const never = (name: string) => (): never => { throw new Error(`${name} was asked for`); };

/** For handlers that care for no node: whatever they ask of it fails the test. */
export const noCare: CareEffects = {
  openNode: never('openNode'), withPrivateFolder: never('withPrivateFolder'), encrypt: never('encrypt'), decrypt: never('decrypt'), random: never('random'),
  backupList: { read: never('backupList.read'), write: never('backupList.write') },
  books: { copy: never('books.copy'), summarise: never('books.summarise'), withCopy: never('books.withCopy') }, standbyFolder: never('standbyFolder'),
};
