import { VERSION } from '../shared/build-facts.ts';
import type { Program } from '../shared/command.ts';
import { completionCommand } from '../shared/completion.ts';
import { backupCommands } from './backup-commands.ts';
import { careCommands } from './care-commands.ts';
import { refuseSecretArguments, withoutPrivateKeys } from './guarded-command.ts';
import { hotCommands } from './hot-commands.ts';
import { ledgerCommands } from './ledger-commands.ts';
import { ledgerFileCommands } from './ledger-file-commands.ts';
import { ledgerPeriodCommands } from './ledger-period-commands.ts';
import { messageCommands } from './message-commands.ts';
import { nodeCommands } from './node-commands.ts';
import { coinCommands } from './coin-commands.ts';
import { labelCommands } from './label-commands.ts';
import { payCommands } from './pay-commands.ts';
import { psbtCommands } from './psbt-commands.ts';
import { queueCommands } from './queue-commands.ts';
import { refillCommands } from './refill-commands.ts';
import { scheduleCommands } from './schedule-commands.ts';
import { standbyCommands } from './standby-commands.ts';
import { sweepCommands } from './sweep-commands.ts';
import { walletCommands } from './wallet-commands.ts';
import { walletDialectCommands } from './wallet-dialect-commands.ts';

/** The online program: watches, plans, combines, broadcasts and keeps the books. It holds no private key. */
export const companionProgram: Program = {
  name: 'strongroom-companion',
  version: VERSION,
  summary: 'Watches hot and cold wallets through your own node, plans unsigned transactions, combines signatures, broadcasts, and keeps the books. Holds no private key.',
  notes: [
    'NODE is bitcoind://127.0.0.1:8332?cookie=PATH (or conf=PATH), or practice://FOLDER. A credential inside a URL is refused.',
    'The ledger is one SQLite file: $XDG_DATA_HOME/strongroom-companion/ledger.db, or ~/.local/share/strongroom-companion/ledger.db (macOS: ~/Library/Application Support/Strongroom Companion/ledger.db; Windows: %APPDATA%\\Strongroom Companion\\ledger.db). --db names another.',
    'Exit codes: 0 done; 2 a person must judge; 3 refused; 64 wrong usage; 65 malformed input; 70 a fault of the program; 74 a file or device; 75 the node is unreachable or not ready, or cancelled.',
  ],
  commands: [...walletCommands, ...walletDialectCommands, ...nodeCommands, ...hotCommands, ...sweepCommands, ...refillCommands, ...scheduleCommands, ...payCommands, ...queueCommands, ...coinCommands, ...labelCommands, ...psbtCommands, ...messageCommands, ...ledgerCommands, ...ledgerPeriodCommands, ...ledgerFileCommands, ...careCommands, ...backupCommands, ...standbyCommands, completionCommand(() => companionProgram)].map(withoutPrivateKeys),
  refuse: refuseSecretArguments,
};
