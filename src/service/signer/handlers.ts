import type { Handlers } from '../../host/contract.ts';
import type { signerCommandContract, signerCoreContract } from '../../host/signer-contract.ts';
import type { SignerEffects } from './effects.ts';
import { createKeyHandlers } from './key-handlers.ts';
import { createPaperHandlers } from './paper-handlers.ts';
import { createPsbtHandlers } from './psbt-handlers.ts';
import { RememberedReviews } from './remembered-reviews.ts';
import { UnlockedKeys } from './unlocked-keys.ts';
import { createWalletHandlers } from './wallet-handlers.ts';

type CoreHandlers = Handlers<typeof signerCoreContract>;

/** The Signer's work behind its window and its command line: one for each process. */
export interface SignerService {
  /** What window and command line share. */
  readonly handlers: CoreHandlers;
  /** What the command line has beside: documents that hold secrets, as bytes for files. */
  readonly commandHandlers: Handlers<typeof signerCommandContract>;
  /**
   * The mnemonic of an unlocked key, for writing it down.
   * @throws StrongroomError `key.locked`, `key.no-mnemonic`
   */
  readonly wordsOf: (keyHandle: string) => readonly string[];
  /** Wipes every key, for example when the window closes or the machine sleeps. */
  readonly lockAll: () => void;
}

export function createSignerService(effects: SignerEffects): SignerService {
  const reviews = new RememberedReviews();
  const keys = new UnlockedKeys(effects, (handle) => reviews.forget(handle));
  const handlers: CoreHandlers = {
    ...createKeyHandlers(effects, keys),
    ...createWalletHandlers(keys),
    ...createPsbtHandlers(effects, keys, reviews),
  };
  return {
    handlers,
    commandHandlers: { ...handlers, ...createPaperHandlers(effects, keys) },
    wordsOf: (keyHandle) => wordsOfKey(keys.use(keyHandle).file),
    lockAll: () => keys.lockAll(),
  };
}
