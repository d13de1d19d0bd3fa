import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureElectrum } from '../../../scripts/lib/electrum.mjs';
import type { WalletScript } from '../../../src/domain/wallet-script.ts';

export interface ElectrumCosigner {
  /** Extended public key of the account. */
  readonly xpub: string;
  /** Its private half, where Electrum holds this key. */
  readonly xprv: string | null;
  /** Where the account comes from; `null` where the wallet file does not say. */
  readonly origin: { readonly fingerprint: string; readonly derivation: string } | null;
}

/** The script types that Electrum has wallets of. */
export type ElectrumScript = Exclude<WalletScript, 'p2tr' | 'p2tr-multi'>;
/** It has no wallets of more cosigners. */
export const ELECTRUM_COSIGNERS = 15;

/** A real Electrum, offline on regtest, with one wallet in a folder of its own. */
export interface ElectrumPeer {
  readonly version: string;
  readonly receive: readonly string[];
  readonly change: readonly string[];
  /** Signs with the key that it holds. A PSBT, or the final transaction where the quorum is reached. */
  sign(psbt: Uint8Array): Uint8Array;
  /** Tells it of a transaction, as a server would. */
  addTransaction(bytes: Uint8Array): void;
  /** Has it make a payment and sign it. @param btc as text */
  pay(address: string, btc: string, feeBtc: string): Uint8Array;
  remove(): void;
}

/** Makes the wallet. */
export function startElectrum(required: number, cosigners: readonly ElectrumCosigner[], script: ElectrumScript = 'p2wsh'): ElectrumPeer {
  const { command, python, version } = ensureElectrum();
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-electrum-'));
  const file = join(folder, 'wallet');
  const run = (program: string, args: readonly string[], input = ''): string => {
    const result = spawnSync(program, args, { encoding: 'utf8', input, env: { ...process.env, HOME: folder }, maxBuffer: 64 * 1024 * 1024, timeout: 60_000 });
    if (result.status !== 0) throw new Error(`${[program, ...args.slice(0, 3)].join(' ')} ended with ${result.status ?? result.signal}: ${result.stderr.trim().split('\n').slice(-5).join('\n')}`);
    return result.stdout.trim();
  };
  const electrum = (...args: readonly string[]): string => run(command, ['--regtest', '--offline', '-D', folder, '-w', file, ...args]);
  const task = { folder, file, script, required, cosigners: cosigners.map(({ xpub, xprv, origin }) => ({ xpub, xprv, derivation: origin?.derivation ?? null, fingerprint: origin?.fingerprint ?? null })) };
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  let made: { readonly receive: readonly string[]; readonly change: readonly string[] };
  try {
    made = JSON.parse(run(python, [join(import.meta.dirname, 'electrum-wallet.py')], JSON.stringify(task))) as typeof made;
  } catch (fault) {
    remove();
    throw fault;
  }
  return {
    version,
    ...made,
    sign: (psbt) => readText(electrum('signtransaction', Buffer.from(psbt).toString('base64'), '--password', '')),
    addTransaction: (bytes) => void electrum('addtransaction', Buffer.from(bytes).toString('hex')),
    pay: (address, btc, feeBtc) => readText(electrum('payto', address, btc, '--fee', feeBtc, '--password', '')),
    remove,
  };
}

/** It writes PSBTs as base64 and final transactions as hexadecimal. */
const readText = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, /^([0-9a-f]{2})+$/.test(text) ? 'hex' : 'base64'));
