import { BUILD, VERSION } from '../shared/build-facts.ts';
import type { Program } from '../shared/command.ts';
import { completionCommand } from '../shared/completion.ts';
import { custodyCommands } from './custody-commands.ts';
import { drillCommands } from './drill-commands.ts';
import { keyCommands } from './key-commands.ts';
import { keyCopyCommands } from './key-copy-commands.ts';
import { messageCommands } from './message-commands.ts';
import { mnemonicCommands } from './mnemonic-commands.ts';
import { paperCommands } from './paper-commands.ts';
import { paperWalletCommands } from './paper-wallet-commands.ts';
import { psbtCommands } from './psbt-commands.ts';
import { recallCommand } from './recall-command.ts';
import { splitCommands } from './split-commands.ts';
import { sweepCommands } from './sweep-commands.ts';
import { walletCommands } from './wallet-commands.ts';

/** The offline program: keys, registrations, reviews and signatures. It has no command that could reach a network. */
export const signerProgram: Program = {
  name: 'strongroom-signer',
  version: VERSION,
  build: BUILD,
  summary: 'Makes keys, registers quorum wallets, reviews transactions as hostile files, and co-signs them. Runs on a computer that never meets a network.',
  notes: [
    'Secrets never stand in arguments or the environment: give a file, - for standard input, or answer the prompt.',
    'Exit codes: 0 done; 2 a person must judge; 3 refused; 64 wrong usage; 65 malformed input; 70 a fault of the program; 74 a file or device; 75 cancelled.',
  ],
  commands: [...keyCommands, ...keyCopyCommands, recallCommand, ...splitCommands, ...walletCommands, ...psbtCommands, ...sweepCommands, ...paperCommands, ...paperWalletCommands, ...custodyCommands, ...drillCommands, ...messageCommands, ...mnemonicCommands, completionCommand(() => signerProgram)],
};
