import type { ChainSource } from '../../companion/chain-source.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { openBitcoind } from './bitcoind/bitcoind-source.ts';
import type { RpcSettings } from './bitcoind/rpc-client.ts';
import { openPracticeChainSource } from './practice-chain-source.ts';
import type { HotWalletProgram } from './practice-hot-signer.ts';

export interface ChainSourceOptions {
  /** The program that signs for the practice network's hot wallet; `null` where it is not installed. */
  readonly practiceHotWallet?: HotWalletProgram | null;
  readonly bitcoind?: RpcSettings;
}

/**
 * The chain source of a node's URL: `bitcoind://...`, `bitcoind+tls://...` or `practice://FOLDER`.
 * @throws StrongroomError `node.url`, and what the source throws when it opens
 */
export async function openChainSource(url: string, options: ChainSourceOptions = {}): Promise<ChainSource> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? '';
  switch (scheme) {
    case 'bitcoind':
    case 'bitcoind+tls':
      return openBitcoind(url, options.bitcoind);
    case 'practice':
      return openPracticeChainSource({ folder: practiceFolder(url), hotWallet: options.practiceHotWallet ?? null });
    case 'electrum+tls':
    case 'electrum+tcp':
    case 'esplora+https':
      throw badUrl('this kind of node is not supported in this version');
    default:
      throw badUrl('its scheme is unknown');
  }
}

/** The folder of `practice://FOLDER`, taken literally: it is a path on this machine. */
function practiceFolder(url: string): string {
  const folder = url.slice('practice://'.length);
  if (folder === '' || folder.includes('\0')) throw badUrl('the folder is missing');
  return folder;
}

const badUrl = (reason: string): StrongroomError =>
  new StrongroomError('node.url', `The node's URL cannot be used: ${reason}.`, { reason }, 'Write bitcoind://127.0.0.1:8332?cookie=PATH, or practice://FOLDER for the practice network.');
