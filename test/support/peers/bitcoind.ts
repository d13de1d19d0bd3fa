import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureBitcoind } from '../../../scripts/lib/bitcoind.mjs';
import { ensureLitecoind } from '../../../scripts/lib/litecoind.mjs';

/** A real node on regtest in a folder of its own, for tests. */
export interface RegtestNode {
  readonly version: string;
  /** As the programs take it: `bitcoind://127.0.0.1:PORT?cookie=PATH`. */
  readonly url: string;
  /** Calls the node; with `wallet`, one of its wallets. Numbers come back as floating point: not for money in the program. */
  rpc<T = unknown>(method: string, params?: readonly unknown[] | Readonly<Record<string, unknown>>, wallet?: string): Promise<T>;
  /** Ends the node and removes its folder. */
  stop(): Promise<void>;
}

/** What the node answered to a call that it refused. */
export class RpcRefused extends Error {
  readonly code: number;
  constructor(method: string, code: number, message: string) {
    super(`${method}: ${code} ${message}`);
    this.code = code;
  }
}

/**
 * What makes the node relay as Bitcoin Core does. By default Knots relays no input whose script or whole witness is above 1,650
 * bytes (in Core a limit of scriptSigs alone), takes public keys of a multisig that did not
 * sign for data, from some number on, and some locktimes for marks of protocols that it does not serve.
 */
export const relayOptions = (): readonly string[] => (ensureBitcoind().version.includes('knots') ? ['-maxscriptsize=10000', '-datacarrierfullcount=0', '-datacarriercost=0', '-rejectparasites=0', '-rejecttokens=0'] : []);

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a node without peers and waits until it answers.
 * @param options further command-line options, such as `-prune=1`
 */
export const startBitcoind = (options: readonly string[] = []): Promise<RegtestNode> => startNode(ensureBitcoind(), ['-natpmp=0', ...options]);

/** The same with a litecoind: the code base is Bitcoin Core's of 2021. */
export const startLitecoind = (options: readonly string[] = []): Promise<RegtestNode> => startNode(ensureLitecoind(), options);

async function startNode({ command, version }: ReturnType<typeof ensureBitcoind>, options: readonly string[]): Promise<RegtestNode> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-bitcoind-'));
  const port = await freePort();
  const cookie = join(folder, 'regtest', '.cookie');
  // Relay rules as on mainnet; keys enough for the tests and no more, since each costs time at the start; connections that stay open
  // while a test computes.
  const settings = ['-regtest', `-datadir=${folder}`, `-rpcport=${port}`, '-rpcbind=127.0.0.1', '-rpcallowip=127.0.0.1', '-server=1', '-listen=0', '-connect=0', '-dnsseed=0', '-discover=0', '-acceptnonstdtxn=0', '-fallbackfee=0.00002', '-keypool=50', '-rpcservertimeout=600', '-addresstype=bech32', '-changetype=bech32', '-printtoconsole=0', '-dbcache=16'];
  const child = spawn(command, [...settings, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));

  const rpc = async <T>(method: string, params: readonly unknown[] | Readonly<Record<string, unknown>> = [], wallet?: string): Promise<T> => {
    const login = Buffer.from(readFileSync(cookie, 'utf8').trim()).toString('base64');
    const path = wallet === undefined ? '/' : `/wallet/${encodeURIComponent(wallet)}`;
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: { authorization: `Basic ${login}` }, body: JSON.stringify({ jsonrpc: '1.0', id: 1, method, params }) });
    const answer = (await reply.json()) as { result: T; error: { code: number; message: string } | null };
    if (answer.error !== null) throw new RpcRefused(method, answer.error.code, answer.error.message);
    return answer.result;
  };
  const stop = async (): Promise<void> => {
    await rpc('stop').catch(() => child.kill('SIGTERM'));
    await ended(child, STOP_TIMEOUT_MS);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };

  for (const giveUpAt = Date.now() + START_TIMEOUT_MS; ; await delay(100)) {
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      throw new Error(`${command} ${version} did not start: ${complaint.trim()}`);
    }
    const isReady = await rpc('getblockchaininfo').then(() => true, () => false);
    if (isReady) return { version, url: `bitcoind://127.0.0.1:${port}?cookie=${cookie}`, rpc, stop };
  }
}

async function ended(child: ChildProcess, timeoutMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await closed;
  clearTimeout(timer);
}
