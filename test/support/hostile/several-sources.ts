import type { ChainSource } from '../../../src/companion/chain-source.ts';
import { openChainSource, type ChainSourceOptions } from '../../../src/node/companion/chain-sources.ts';
import { startElectrumServer, type ElectrumTestServer, type Exchange, type Meddler } from '../peers/electrum-server.ts';
import type { TestChain } from './test-chain.ts';

/** Several Electrum servers, each of a chain and a meddler of its own, and the source that asks them all. */
export interface SeveralServers {
  readonly source: ChainSource;
  readonly servers: readonly ElectrumTestServer[];
  /** As errors call them. */
  readonly names: readonly string[];
  close(): Promise<void>;
}

export async function askSeveral(members: readonly { readonly chain: TestChain; readonly meddle?: Meddler }[], options: ChainSourceOptions = {}): Promise<SeveralServers> {
  const servers = await Promise.all(members.map(({ chain, meddle }) => startElectrumServer(chain, meddle === undefined ? {} : { meddle })));
  const urls = servers.map(({ port }) => `electrum+tcp://127.0.0.1:${port}`);
  const source = await openChainSource(urls, { electrum: { limits: { connectMs: 1_000, answerMs: 1_500 } }, agreement: { patienceMs: 250, pollMs: 50 }, ...options });
  return {
    source,
    servers,
    names: servers.map(({ port }) => `127.0.0.1:${port}`),
    async close() {
      await source.close();
      for (const server of servers) await server.close();
    },
  };
}

interface Line { readonly tx_hash: string; readonly height: number }

/** Leaves transactions out of every history. */
export const hiding = (...txids: readonly string[]): Meddler => (exchange: Exchange) =>
  exchange.method === 'blockchain.scripthash.get_history' ? (exchange.honest() as Line[]).filter(({ tx_hash: txid }) => !txids.includes(txid)) : exchange.honest();
