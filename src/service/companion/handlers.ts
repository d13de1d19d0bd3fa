import type { companionCommandContract, companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { backupHandlers } from './backup-handlers.ts';
import { careHandlers } from './care-handlers.ts';
import type { CompanionEffects } from './effects.ts';
import { hotHandlers } from './hot-handlers.ts';
import { ledgerHandlers } from './ledger-handlers.ts';
import { messageHandlers } from './message-handlers.ts';
import { coinHandlers } from './coin-handlers.ts';
import { payHandlers } from './pay-handlers.ts';
import { periodHandlers } from './period-handlers.ts';
import { psbtHandlers } from './psbt-handlers.ts';
import { queueHandlers } from './queue-handlers.ts';
import { standbyCommandHandlers, standbyHandlers } from './standby-handlers.ts';
import { refillHandlers } from './refill-handlers.ts';
import { scheduleHandlers } from './schedule-handlers.ts';
import { sweepHandlers } from './sweep-handlers.ts';
import { walletDialectHandlers } from './wallet-dialect-handlers.ts';
import { walletHandlers } from './wallet-handlers.ts';

/** Everything that the Companion's window and command line can ask for, with the effects of one installation. */
export const createCompanionHandlers = (effects: CompanionEffects): Handlers<typeof companionCoreContract> => ({
  ...walletHandlers(effects),
  ...walletDialectHandlers(),
  ...hotHandlers(effects),
  ...sweepHandlers(effects),
  ...refillHandlers(effects),
  ...scheduleHandlers(effects),
  ...payHandlers(effects),
  ...queueHandlers(effects),
  ...coinHandlers(effects),
  ...messageHandlers(),
  ...psbtHandlers(effects),
  ...ledgerHandlers(effects),
  ...periodHandlers(effects),
  ...careHandlers(effects),
  ...backupHandlers(effects),
  ...standbyHandlers(effects),
});

/** The same with what only the command line may ask for. */
export const createCompanionCommandHandlers = (effects: CompanionEffects): Handlers<typeof companionCommandContract> => ({ ...createCompanionHandlers(effects), ...standbyCommandHandlers(effects) });
