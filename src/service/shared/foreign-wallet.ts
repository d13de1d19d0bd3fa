import { utf8 as utf8Codec } from '@scure/base';
import { assembleFrames } from '../../airgap/frames/frame-assembler.ts';
import { inflateRaw } from '../../airgap/inflate.ts';
import type { NetworkName } from '../../domain/network.ts';
import type { WalletScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { importWallet, chooseKey, type ImportedWallet } from '../../wallet/dialects/import-wallet.ts';
import type { ForeignFile, ForeignKey, ForeignKeys } from '../../wallet/dialects/foreign.ts';
import { readForeign } from '../../wallet/dialects/read-foreign.ts';
import type { Wallet } from '../../wallet/wallet.ts';

/** More lines of frames than a wallet has. */
const MAX_FRAMES = 2000;

/** What a person says of a file besides its content. */
export interface ForeignChoices {
  readonly name?: string | null | undefined;
  /** What the wallet is called where neither the person nor the file says. */
  readonly fallbackName?: string | null | undefined;
  readonly network?: NetworkName | null | undefined;
  /** The one that is taken where the file leaves several open. */
  readonly preferredNetwork?: NetworkName | undefined;
  readonly script?: WalletScript | null | undefined;
  readonly password?: string | null | undefined;
}

/**
 * A wallet from the text of any program, or of QR frames one a line; content decides.
 * @throws StrongroomError what `readForeign`, `assembleFrames` and `importWallet` throw
 */
export function importAnyWallet(text: string, { name, fallbackName, network, preferredNetwork, script, password }: ForeignChoices): ImportedWallet {
  const file = readAny(text, script ?? null, password ?? null);
  return importWallet(file, { name: name ?? null, fallbackName: fallbackName ?? null, network: network ?? null, preferredNetwork });
}

/** As `importAnyWallet`, where nobody asks what was left behind. */
export const readAnyWallet = (text: string, choices: ForeignChoices = {}): Wallet => importAnyWallet(text, choices).wallet;

/**
 * The key for a script type from the key record or key export of any program.
 * @throws StrongroomError what `readForeign`, `assembleFrames` and `chooseKey` throw; `key.record-malformed` for what they call a
 * malformed wallet: nobody chose one here
 */
export function readAnyKey(text: string, script: WalletScript, network: NetworkName): ForeignKey {
  try {
    return chooseKey(readAny(text, script, null), script, network);
  } catch (error) {
    if (!(error instanceof StrongroomError) || error.code !== 'wallet.malformed') throw error;
    throw new StrongroomError('key.record-malformed', error.message, error.details, error.hint);
  }
}

/**
 * Every public key of a key record or key export.
 * @throws StrongroomError what `readForeign` and `assembleFrames` throw; `key.record-malformed` for a wallet
 */
export function readAnyKeys(text: string, password: string | null): ForeignKeys {
  try {
    const file = readAny(text, null, password);
    if (file.kind === 'keys') return file;
  } catch (error) {
    if (!(error instanceof StrongroomError) || error.code !== 'wallet.malformed') throw error;
    throw new StrongroomError('key.record-malformed', error.message, error.details, error.hint);
  }
  throw new StrongroomError('key.record-malformed', 'The file holds a whole wallet and no single key.', {}, 'Import it as a wallet, or choose the key record of one cosigner.');
}

function readAny(text: string, script: WalletScript | null, password: string | null): ForeignFile {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '');
  const isFrames = lines.length > 0 && lines.length <= MAX_FRAMES && lines.every((line) => /^(ur:|B\$)/i.test(line));
  const content = isFrames ? utf8Codec.encode(assembleFrames(lines).bytes) : text;
  const file = readForeign(content, { script, password, inflate: inflateRaw });
  return isFrames ? { ...file, format: 'ur' } : file;
}
