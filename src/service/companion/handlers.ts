import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import type { CompanionEffects } from './effects.ts';
import { ledgerHandlers } from './ledger-handlers.ts';
import { messageHandlers } from './message-handlers.ts';
import { paperSweepHandlers } from './paper-sweep-handlers.ts';
import { planHandlers } from './plan-handlers.ts';
import { psbtHandlers } from './psbt-handlers.ts';
import { walletDialectHandlers } from './wallet-dialect-handlers.ts';
import { walletHandlers } from './wallet-handlers.ts';

/** Everything that the Companion's window and command line can ask for, with the effects of one installation. */
export const createCompanionHandlers = (effects: CompanionEffects): Handlers<typeof companionCoreContract> => ({
  ...walletHandlers(effects),
  ...walletDialectHandlers(),
  ...planHandlers(effects),
  ...paperSweepHandlers(effects),
  ...messageHandlers(),
  ...psbtHandlers(effects),
  ...ledgerHandlers(effects),
});
