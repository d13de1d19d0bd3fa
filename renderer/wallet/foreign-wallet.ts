import type { InferInput, InferOutput } from 'valibot';
import type { WireError } from '../../src/host/contract.ts';
import type { importWallet } from '../../src/host/dialect-wire.ts';
import type { WalletScript } from '../../src/host/wallet-scripts.ts';
import type { NetworkName } from '../frame/networks.ts';
import { textOfBase64, type FileContent } from '../ui/file-content.ts';

export type ReadWallet = InferOutput<typeof importWallet.output>;
export type Loss = ReadWallet['losses'][number];

/** A wallet file of any program, and what a person said where it leaves something open. */
export interface ForeignDraft {
  readonly fileName: string;
  readonly text: string;
  /** The wallet's name as it was typed; empty where the file's own is taken. */
  readonly name: string;
  readonly network: NetworkName | null;
  readonly script: WalletScript | null;
  /** Electrum's password or a BSMS token. Dropped when the file is put away. */
  readonly password: string;
}

export const draftOfFile = (file: FileContent): ForeignDraft => ({ fileName: file.name, text: textOfBase64(file.contentBase64), name: '', network: null, script: null, password: '' });

/** What the host is asked. */
export function importOf(draft: ForeignDraft, preferredNetwork: NetworkName | null): InferInput<typeof importWallet.input> {
  const fallback = draft.fileName.replace(/(\.(wallet|descriptor|coldcard|sparrow|policy|specter|caravan|importdescriptors|ur))?\.[^.]*$/, '').replace(/\p{C}/gu, '').trim().slice(0, 60).trim();
  return {
    file: draft.text, name: draft.name.trim() === '' ? null : draft.name, fallbackName: fallback === '' ? null : fallback,
    network: draft.network, preferredNetwork, script: draft.script, password: draft.password === '' ? null : draft.password,
  };
}

/** What a person must say before the file can be read, or `null`: then it is no question but a fault. */
export const questionOf = (error: WireError | null): 'script' | 'password' | null =>
  error?.code === 'wallet.ambiguous' ? 'script' : error?.code === 'wallet.encrypted' ? 'password' : null;

/** Formats in the words of their makers. */
export const formatNames: Readonly<Record<string, string>> = {
  strongroom: 'Strongroom wallet file', descriptor: 'Output descriptor', bip388: 'Wallet policy (BIP388)', coldcard: 'Coldcard setup file', 'coldcard-export': 'Coldcard key export',
  bsms: 'BSMS record (BIP129)', specter: 'Specter', sparrow: 'Sparrow', caravan: 'Caravan', electrum: 'Electrum', core: 'Bitcoin Core (importdescriptors)', ur: 'UR (crypto-output)',
};
export const formatName = (format: string): string => formatNames[format] ?? format;
