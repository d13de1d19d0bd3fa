import { setTimeout as delay } from 'node:timers/promises';
import type { ChainSource } from '../../companion/chain-source.ts';
import type { ProofMemory } from '../../companion/proof/proof-memory.ts';
import { agreedSource } from '../../companion/sources/agreed-source.ts';
import type { AgreementPatience } from '../../companion/sources/agreed-changes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { openBitcoind } from './bitcoind/bitcoind-source.ts';
import type { RpcSettings } from './bitcoind/rpc-client.ts';
import { openElectrum, type ElectrumSettings } from './electrum/electrum-source.ts';
import { openEsplora, type EsploraSettings } from './esplora/esplora-source.ts';
import { openPracticeChainSource } from './practice-chain-source.ts';
import type { HotWalletProgram } from './practice-hot-signer.ts';

export interface ChainSourceOptions {
  /** The program that signs for the practice network's hot wallet; `null` where it is not installed. */
  readonly practiceHotWallet?: HotWalletProgram | null;
  readonly bitcoind?: RpcSettings;
  readonly electrum?: ElectrumSettings;
  readonly esplora?: EsploraSettings;
  /** Of several: how many must answer before anything is stated of a wallet; all but one when left out. */
  readonly leastSources?: number;
  readonly agreement?: AgreementPatience;
  /** Facts proven by earlier sources of this process, so that a wallet is proven once and not at each step. */
  readonly proofs?: ProofMemory;
}

const MOST_SOURCES = 10;

/**
 * The chain source of a node's URL: `bitcoind://...`, `bitcoind+tls://...`, `electrum+tls://...`, `electrum+tcp://...`,
 * `esplora+https://...`, `esplora+http://...` or `practice://FOLDER`. Of several, the agreement of all.
 * @throws StrongroomError `node.url`, and what a source throws when it opens
 */
export async function openChainSource(node: string | readonly string[], options: ChainSourceOptions = {}): Promise<ChainSource> {
  const urls = typeof node === 'string' ? [node] : node;
  const names = urls.map(nodeName);
  if (urls.length === 0 || urls.length > MOST_SOURCES) throw badUrl('one to ten nodes can be named');
  // A node that agrees with itself proves nothing.
  if (new Set(names).size !== names.length) throw badUrl('one node is named twice');
  const [only] = urls;
  if (urls.length === 1 && only !== undefined) return openOne(only, options);

  const opened: ChainSource[] = [];
  try {
    for (const url of urls) opened.push(await openOne(url, options));
  } catch (error) {
    await Promise.all(opened.map((source) => source.close()));
    throw error;
  }
  return agreedSource(opened.map((source, position) => ({ name: names[position] as string, source })), {
    clock: { now: () => performance.now(), delay: (ms, isBackground = false) => delay(ms, undefined, { ref: !isBackground }) },
    ...(options.leastSources === undefined ? {} : { least: options.leastSources }),
    ...(options.agreement === undefined ? {} : { patience: options.agreement }),
  });
}

const schemeOf = (url: string): string => /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? '';

/** How errors and people call a node: its host and port; never more of its URL, which may name paths. */
function nodeName(url: string): string {
  if (schemeOf(url) === 'practice') return 'practice';
  const [, host = '', port] = /^[^/]*\/\/(?:[^@/?#]*@)?(\[[0-9a-f:.]*\]|[^:/?#]*)(?::(\d{1,5}))?/i.exec(url) ?? [];
  const name = host.toLowerCase() === 'localhost' ? '127.0.0.1' : host.toLowerCase();
  return `${name}:${port ?? '443'}`;
}

async function openOne(url: string, options: ChainSourceOptions): Promise<ChainSource> {
  const memory = options.proofs === undefined ? {} : { memory: options.proofs };
  switch (schemeOf(url)) {
    case 'bitcoind':
    case 'bitcoind+tls':
      return openBitcoind(url, options.bitcoind);
    case 'electrum+tls':
    case 'electrum+tcp':
      return openElectrum(url, { ...memory, ...options.electrum });
    case 'esplora+https':
    case 'esplora+http':
      return openEsplora(url, { ...memory, ...options.esplora });
    case 'practice':
      return openPracticeChainSource({ folder: practiceFolder(url), hotWallet: options.practiceHotWallet ?? null });
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
  new StrongroomError('node.url', `The node's URL cannot be used: ${reason}.`, { reason }, 'Write bitcoind://127.0.0.1:8332?cookie=PATH, electrum+tls://host:port?pin=SHA256, esplora+https://host/path, or practice://FOLDER for the practice network.');
