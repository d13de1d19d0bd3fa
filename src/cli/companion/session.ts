import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { companionCommandContract } from '../../host/companion-contract.ts';
import { nodeCompanionEffects } from '../../node/companion/effects.ts';
import { createCompanionCommandHandlers } from '../../service/companion/handlers.ts';
import { requireNoSecretIn } from '../../service/companion/private-key-guard.ts';
import { createCall, type Call } from '../shared/client.ts';
import type { CommandIo } from '../shared/command.ts';
import { optional, repeated, required, type Option } from '../shared/option.ts';
import { inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { ledgerFile, ledgerPlace } from './ledger-place.ts';

/** strongroom-practice where it is installed beside this program; it alone holds the practice node's private keys. */
function practiceProgram(): { readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } | null {
  const script = process.argv[1];
  const program = script === undefined ? null : join(dirname(script), '..', 'practice', 'cli.cjs');
  return program !== null && existsSync(program) ? { command: process.execPath, args: ['--disable-warning=ExperimentalWarning', program], env: {} } : null;
}

export type CompanionCall = Call<typeof companionCommandContract>;

const nodes = repeated(textValue('NODE'), 1, 'the node: bitcoind://127.0.0.1:8332?cookie=PATH, electrum+tls://host:port?pin=SHA256, esplora+https://host/path, or practice://FOLDER; given several times, all must agree (docs/chain-sources.md)');

/** One node, or several that must agree. */
export const nodeOption: Option<string | string[]> = {
  ...nodes,
  read(texts, name) {
    const given = nodes.read(texts, name);
    const [only] = given;
    return given.length === 1 && only !== undefined ? only : [...given];
  },
};
export const dbOption = optional(outputFileValue, 'the ledger\'s file; a place in your data folder when left out');
export const walletOption = required(inputFileValue, 'the wallet file');
export const hotWalletOption = required(textValue('NAME'), 'the hot wallet: a wallet that the node itself keeps');

/** The Companion's handlers, for one command line; closes what they opened when the work is over. */
export async function withCompanion<T>(io: CommandIo, db: string | undefined, work: (call: CompanionCall) => Promise<T>, more: { readonly staging?: string } = {}): Promise<T> {
  const effects = nodeCompanionEffects({ ledgerFile: () => ledgerFile(db, io.environment), ledgerPlace: ledgerPlace(db, io.environment), practiceHotWallet: practiceProgram(), ...more });
  try {
    return await work(createCall(companionCommandContract, createCompanionCommandHandlers(effects), io, requireNoSecretIn));
  } finally {
    await effects.close();
  }
}
