import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { companionCoreContract } from '../../host/companion-contract.ts';
import { nodeCompanionEffects } from '../../node/companion/effects.ts';
import { createCompanionHandlers } from '../../service/companion/handlers.ts';
import { createCall, type Call } from '../shared/client.ts';
import type { CommandIo } from '../shared/command.ts';
import { optional, required } from '../shared/option.ts';
import { inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { ledgerFile, ledgerPlace } from './ledger-place.ts';

/** strongroom-practice where it is installed beside this program; it alone holds the practice node's private keys. */
function practiceProgram(): { readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } | null {
  const script = process.argv[1];
  const program = script === undefined ? null : join(dirname(script), '..', 'practice', 'cli.cjs');
  return program !== null && existsSync(program) ? { command: process.execPath, args: ['--disable-warning=ExperimentalWarning', program], env: {} } : null;
}

export type CompanionCall = Call<typeof companionCoreContract>;

export const nodeOption = required(textValue('NODE'), 'the node: bitcoind://127.0.0.1:8332?cookie=PATH, or practice://FOLDER');
export const dbOption = optional(outputFileValue, 'the ledger\'s file; a place in your data folder when left out');
export const walletOption = required(inputFileValue, 'the wallet file');
export const hotWalletOption = required(textValue('NAME'), 'the hot wallet: a wallet that the node itself keeps');

/** The Companion's handlers, for one command line; closes what they opened when the work is over. */
export async function withCompanion<T>(io: CommandIo, db: string | undefined, work: (call: CompanionCall) => Promise<T>): Promise<T> {
  const effects = nodeCompanionEffects({ ledgerFile: () => ledgerFile(db, io.environment), ledgerPlace: ledgerPlace(db, io.environment), practiceHotWallet: practiceProgram() });
  try {
    return await work(createCall(companionCoreContract, createCompanionHandlers(effects), io));
  } finally {
    await effects.close();
  }
}
