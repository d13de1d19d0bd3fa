import type { Handlers, RequestContext } from '../../host/contract.ts';
import type { signerCommandContract, signerCoreContract } from '../../host/signer-contract.ts';
import { shownWords } from '../../signer/kept-secret.ts';
import { createDrillHandlers } from './drill-handlers.ts';
import type { SignerEffects } from './effects.ts';
import { createKeyHandlers } from './key-handlers.ts';
import { createMessageHandlers } from './message-handlers.ts';
import { createMnemonicHandlers } from './mnemonic-handlers.ts';
import { createPaperHandlers } from './paper-handlers.ts';
import { createPaperWalletHandlers } from './paper-wallet-handlers.ts';
import { prepareSheets, type PreparedSheets, type SheetsOrder } from './prepared-sheets.ts';
import { createPsbtHandlers } from './psbt-handlers.ts';
import { RememberedReviews } from './remembered-reviews.ts';
import { createShareHandlers } from './share-handlers.ts';
import { createSplitHandlers } from './split-handlers.ts';
import { SigningDesk } from './signing/signing-desk.ts';
import { createSweepHandlers } from './sweep-handlers.ts';
import { UnlockedKeys } from './unlocked-keys.ts';
import { UnlockedPaperKeys } from './unlocked-paper-keys.ts';
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
  /**
   * Sheets for the window, whose host keeps them (sheet-jobs.ts).
   * @throws StrongroomError as `prepareSheets`
   */
  readonly prepareSheets: (order: SheetsOrder, context: RequestContext) => Promise<PreparedSheets>;
  /** Ends every process that has a key, and wipes every key, for example when the window closes or the machine sleeps. */
  readonly lockAll: () => void;
}

export function createSignerService(effects: SignerEffects): SignerService {
  const reviews = new RememberedReviews();
  const desk = new SigningDesk(effects);
  const keys = new UnlockedKeys(effects, (handle) => {
    desk.endOf(handle);
    reviews.forget(handle);
  });
  const paperKeys = new UnlockedPaperKeys(effects);
  const handlers: CoreHandlers = {
    ...createKeyHandlers(effects, keys),
    ...createWalletHandlers(keys),
    ...createPsbtHandlers(desk, keys, reviews),
    ...createSweepHandlers({ effects, desk, keys, paperKeys }),
    ...createShareHandlers(),
    ...createMessageHandlers(desk, keys),
    ...createMnemonicHandlers(),
    ...createDrillHandlers(effects),
  };
  return {
    handlers,
    commandHandlers: { ...handlers, ...createPaperHandlers(effects, keys), ...createPaperWalletHandlers(effects, keys), ...createSplitHandlers(effects, keys) },
    wordsOf: (keyHandle) => shownWords(keys.use(keyHandle).file.secret),
    prepareSheets: (order, context) => prepareSheets(order, { effects, keys }, context),
    lockAll: () => {
      desk.endAll();
      keys.lockAll();
      paperKeys.lockAll();
    },
  };
}
