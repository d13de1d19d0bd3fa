import { VERSION } from '../shared/build-facts.ts';
import type { Program } from '../shared/command.ts';
import { completionCommand } from '../shared/completion.ts';
import { hotCommands } from './hot-commands.ts';
import { networkCommands } from './network-commands.ts';

/** The practice network's own program: what a node, a miner and a faucet do elsewhere. Its keys are worth nothing. */
export const practiceProgram: Program = {
  name: 'strongroom-practice',
  version: VERSION,
  summary: 'Keeps a practice network in a folder: a pretended chain with a faucet, blocks, and the node\'s own hot wallet. Its money is worth nothing.',
  notes: [
    'Point the Companion at it with --node practice://FOLDER. The node\'s own wallet is called "hot".',
    'The keys of a practice network lie in its folder in the clear. Never send real money to its addresses.',
  ],
  commands: [...networkCommands, ...hotCommands, completionCommand(() => practiceProgram)],
};
