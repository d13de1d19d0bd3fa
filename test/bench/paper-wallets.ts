import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { create } from 'qrcode/lib/core/qrcode.js';
import type { RequestContext } from '../../src/host/contract.ts';
import { nodeSignerEffects } from '../../src/node/signer/effects.ts';
import { startSigningThread } from '../../src/node/signer/signing-process/start-signing-thread.ts';
import { pdfOf } from '../../src/paper/pdf.ts';
import { makeKeyEntropy } from '../../src/signer/entropy/key-entropy.ts';
import { paperWalletKey, writePaperWallet } from '../../src/signer/paper-wallet-keys.ts';
import { prepareSheets, type SheetsOrder } from '../../src/service/signer/prepared-sheets.ts';
import { UnlockedKeys } from '../../src/service/signer/unlocked-keys.ts';

/*
 * A batch of paper wallets against what no program could leave out: deriving the keys, with the same operations on both
 * curves, and encoding two QR codes for each with the QR package alone. Both in one process, in turn. Run by scripts/bench.mjs.
 */

const WALLETS = 500;
const ENCRYPTED = 12;
const RUNS = 3;

const effects = nodeSignerEffects({ version: '0.0.0-bench', build: 'source', startSigningProcess: startSigningThread });
const deps = { effects, keys: new UnlockedKeys(effects, () => undefined) };
const context: RequestContext = { progress: () => undefined, isCancelled: () => false };
const rolls = (): string => Array.from({ length: 99 }, () => String(randomInt(1, 7))).join('');
const noUserEntropy = { coins: '', cards: '', typed: '' };

type WalletOrder = Extract<SheetsOrder, { what: 'paper-wallets' }>['order'];
const orderOf = (count: number, secret: WalletOrder['secret']): SheetsOrder => ({ what: 'paper-wallets', order: { network: 'mainnet', script: 'p2wpkh', count, secret, dice: rolls(), ...noUserEntropy, label: 'Bench', serial: null, date: null, pageSize: 'a4' } });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function keysAndCodesAlone(): Promise<void> {
  const { entropy } = makeKeyEntropy({ words: 24, mode: 'mixed', dice: rolls(), ...noUserEntropy }, await effects.readSystemEntropy());
  for (let number = 1; number <= WALLETS; number += 1) {
    const { address, text } = await writePaperWallet(paperWalletKey(entropy, number), { script: 'p2wpkh', network: 'mainnet', writing: { form: 'wif' } }, effects.slow);
    create(address, { errorCorrectionLevel: 'Q' });
    create(text, { errorCorrectionLevel: 'H' });
  }
}

/** Keys, sheets, layout, the gate, and both documents. */
async function wholeBatch(count: number, secret: WalletOrder['secret']): Promise<void> {
  const { sheets } = await prepareSheets(orderOf(count, secret), deps, context);
  for (const part of ['public', 'secret']) pdfOf(sheets.filter(({ facts }) => facts.part === part).flatMap(({ pages }) => pages));
}

const measured: { alone: number[]; batch: number[]; encrypted: number[] } = { alone: [], batch: [], encrypted: [] };
// The first round lets the runtime compile what it will, and is not counted.
for (let run = 0; run <= RUNS; run += 1) {
  const alone = await timed(keysAndCodesAlone);
  const batch = await timed(() => wholeBatch(WALLETS, { form: 'wif' }));
  if (run === 0) continue;
  measured.alone.push(Math.round(alone));
  measured.batch.push(Math.round(batch));
}
measured.encrypted.push(Math.round(await timed(() => wholeBatch(ENCRYPTED, { form: 'secure-print' }))));
writeFileSync(process.argv[2] as string, JSON.stringify({ wallets: WALLETS, encryptedWallets: ENCRYPTED, ...measured }));
