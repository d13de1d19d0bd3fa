import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensureElectrum } from '../../../scripts/lib/electrum.mjs';

/** A real Electrum on regtest that talks to one server and watches one account. */
export interface OnlineElectrum {
  readonly version: string;
  /** In satoshis, once it says that it is in step with the server. */
  balance(): Promise<{ readonly confirmedSats: bigint; readonly unconfirmedSats: bigint }>;
  /** Ids of the wallet's transactions. */
  history(): Promise<readonly string[]>;
  /** The height that it believes in. */
  height(): Promise<number>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const PATIENCE_MS = 60_000;

/** @param vpub extended public key of a P2WPKH account, in Electrum's version bytes */
export async function startOnlineElectrum(port: number, vpub: string): Promise<OnlineElectrum> {
  const { command, version } = ensureElectrum();
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-electrum-online-'));
  const wallet = join(folder, 'wallet');
  const electrum = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run(command, ['--regtest', '-D', folder, ...args], { env: { ...process.env, HOME: folder }, timeout: PATIENCE_MS, maxBuffer: 16 * 1024 * 1024 });
    return stdout.trim();
  };
  const stop = async (): Promise<void> => {
    await electrum('stop').catch(() => undefined);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await electrum('--offline', '-w', wallet, 'restore', vpub);
    await electrum('daemon', '-d', '--oneserver', '-s', `127.0.0.1:${port}:t`);
    await electrum('-w', wallet, 'load_wallet');
  } catch (fault) {
    await stop();
    throw fault;
  }
  const inStep = async (): Promise<void> => {
    for (const giveUpAt = Date.now() + PATIENCE_MS; ; await delay(300)) {
      if ((await electrum('-w', wallet, 'is_synchronized')) === 'true') return;
      if (Date.now() > giveUpAt) throw new Error(`Electrum ${version} did not come into step with the server`);
    }
  };
  const sats = (btc: string | undefined): bigint => {
    const [whole = '0', fraction = ''] = (btc ?? '0').split('.');
    return BigInt(whole) * 100_000_000n + BigInt(fraction.padEnd(8, '0'));
  };
  return {
    version,
    async balance() {
      await inStep();
      const { confirmed, unconfirmed } = JSON.parse(await electrum('-w', wallet, 'getbalance')) as { confirmed?: string; unconfirmed?: string };
      return { confirmedSats: sats(confirmed), unconfirmedSats: sats(unconfirmed) };
    },
    async history() {
      await inStep();
      const { transactions } = JSON.parse(await electrum('-w', wallet, 'onchain_history')) as { transactions: { txid: string }[] };
      return transactions.map(({ txid }) => txid);
    },
    async height() {
      const { blockchain_height: height } = JSON.parse(await electrum('getinfo')) as { blockchain_height: number };
      return height;
    },
    stop,
  };
}
