import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { COINBASE_MATURITY } from '../../companion/practice/chain-rules.ts';
import { estimateFeeRate } from '../../companion/practice/fee-estimate.ts';
import { createKeyHashAccount } from '../../companion/practice/key-hash-account.ts';
import { readTransaction } from '../../companion/practice/practice-transaction.ts';
import type { HotUtxo } from '../../companion/chain-source.ts';
import { equalBytes, parseHex, toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { createFaucetTransaction, splitAmount, type FaucetCoin } from '../../practice/faucet-transaction.ts';
import { createPracticeKeys, type PracticeKeys } from '../../practice/practice-keys.ts';
import { SEED_BYTES } from '../../practice/practice-seed.ts';
import { signWithPracticeKeys, type HotSigning } from '../../practice/sign-psbt.ts';
import { scriptOfAddress } from '../../wallet/address.ts';
import { parseKeyRecord } from '../../wallet/key-record.ts';
import { createDatabase, DATABASE_NAME } from '../companion/practice-database.ts';
import { mineInto, withPracticeStore } from '../companion/practice-mining.ts';
import type { PracticeStore } from '../companion/practice-store.ts';
import { PracticeHotWallet } from '../companion/practice-wallets.ts';
import { systemCode, writeError } from '../shared/file-fault.ts';
import { SEED_NAME, writePracticeSeed } from './practice-seed-file.ts';

/** What a practice network begins with: a hundred rewards that are mature. */
const FIRST_BLOCKS = 2 * COINBASE_MATURITY;
/** The faucet pays for two blocks' haste. */
const FAUCET_TARGET_BLOCKS = 2;

/**
 * Makes a practice network: its chain with the first blocks, and the node's own wallet. A failure leaves nothing behind.
 * @throws StrongroomError `file.exists` when the folder holds one, `file.*`
 */
export async function createPracticeNetwork(folder: string): Promise<{ readonly chainId: string; readonly height: number }> {
  if (existsSync(join(folder, DATABASE_NAME))) createDatabase(folder, {});
  const madeFolder = !existsSync(folder);
  const seed = randomBytes(SEED_BYTES);
  const chainId = toHex(randomBytes(32));
  const keys = createPracticeKeys(seed);
  const faucet = createKeyHashAccount(parseKeyRecord(keys.record('faucet')), 'practice').derive(0, 0);
  try {
    mkdirSync(folder, { recursive: true });
    await writePracticeSeed(folder, seed);
    createDatabase(folder, {
      chain_id: chainId,
      genesis_time: String(Math.floor(Date.now() / 1000) - FIRST_BLOCKS * 600),
      hot_account: keys.record('hot'),
      hot_next_0: '0',
      hot_next_1: '0',
      faucet_script: toHex(faucet.scriptPubKey),
      faucet_address: faucet.address,
    });
    const height = withPracticeStore(folder, (store) => {
      new PracticeHotWallet(store).register();
      return mineInto(store, FIRST_BLOCKS);
    });
    return { chainId, height };
  } catch (fault) {
    if (madeFolder) removeNew(folder);
    throw systemCode(fault) === '' ? fault : writeError(folder, fault);
  }
}

/** Takes away the files of a network that could not be finished, and the folder that was made for it. */
function removeNew(folder: string): void {
  for (const name of [DATABASE_NAME, `${DATABASE_NAME}-wal`, `${DATABASE_NAME}-shm`, SEED_NAME]) removeQuietly(join(folder, name));
  try {
    rmdirSync(folder);
  } catch {
    // It was never made, or somebody else put something there meanwhile, which stays.
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where a folder cannot be, a file in it cannot be either.
  }
}

export interface FaucetRequest {
  readonly amountSats: bigint;
  /** `null`: new addresses of the node's own wallet. */
  readonly to: string | null;
  /** In how many outputs the amount is paid. */
  readonly outputs: number;
  /** Whether a block is found at once. */
  readonly mine: boolean;
}

export interface FaucetPayment {
  readonly txid: string;
  readonly outputs: readonly { readonly vout: number; readonly address: string; readonly amountSats: bigint }[];
  readonly height: number;
  readonly confirmed: boolean;
}

/**
 * Pays practice money out of the faucet.
 * @throws StrongroomError `plan.insufficient-funds`, `plan.dust`, `address.malformed`
 */
export function payFromFaucet(store: PracticeStore, keys: PracticeKeys, request: FaucetRequest): FaucetPayment {
  const { to } = request;
  const addresses = to === null ? new PracticeHotWallet(store).newAddresses(0, request.outputs) : Array.from({ length: request.outputs }, () => to);
  const amounts = splitAmount(request.amountSats, request.outputs);
  const payments = addresses.map((address, index) => ({ address, scriptPubKey: scriptOfAddress(address, 'practice'), amountSats: amounts[index] as bigint }));
  const faucetScript = parseHex(store.fact('faucet_script'));
  const txid = store.write((chain) => {
    const coins: FaucetCoin[] = [...chain.utxos.coins()].filter((coin) => {
      const confirmations = chain.height - (coin.height ?? chain.height) + 1;
      const isMature = !coin.coinbase || confirmations >= COINBASE_MATURITY;
      return isMature && equalBytes(coin.scriptPubKey, faucetScript) && chain.mempool.spenderOf(`${coin.txid}:${coin.vout}`) === undefined;
    });
    const transaction = createFaucetTransaction(coins, payments, estimateFeeRate(chain, FAUCET_TARGET_BLOCKS), keys.key('faucet', 0, 0));
    const admission = chain.accept(transaction);
    if (!admission.accepted) throw new StrongroomError('broadcast.refused', 'The practice node refused its faucet\'s payment.', { reason: admission.reason }, 'Ask for less, or for fewer outputs.');
    return admission.practice.txid;
  });
  const height = request.mine ? mineInto(store, 1) : store.read((chain) => chain.height);
  return { txid, height, confirmed: request.mine, outputs: payments.map(({ address, amountSats }, vout) => ({ vout, address, amountSats })) };
}

/**
 * Signs the inputs of a PSBT that are the node's own wallet's, and finalizes them.
 * @throws StrongroomError `sign.nothing`, `psbt.*`
 */
export function signFromHotWallet(store: PracticeStore, keys: PracticeKeys, psbt: Uint8Array): HotSigning & { readonly txid: string | null } {
  const signing = new PracticeHotWallet(store).look((chain, book) =>
    signWithPracticeKeys(psbt, keys, (outpoint) => {
      const coin = chain.coin(outpoint);
      const booked = coin === undefined ? undefined : book.find(coin.scriptPubKey);
      return coin === undefined || booked === undefined ? undefined : { scriptPubKey: coin.scriptPubKey, amountSats: coin.amountSats, branch: booked.branch, index: booked.index };
    }),
  );
  return { ...signing, txid: signing.transaction === null ? null : (readTransaction(signing.transaction)?.txid ?? null) };
}

/** What the node's own wallet holds. */
export function hotBalance(utxos: readonly HotUtxo[]): { readonly balanceSats: bigint; readonly unconfirmedSats: bigint } {
  const total = (chosen: readonly HotUtxo[]): bigint => chosen.reduce((sum, utxo) => sum + utxo.amountSats, 0n);
  return { balanceSats: total(utxos.filter((utxo) => utxo.confirmations > 0)), unconfirmedSats: total(utxos.filter((utxo) => utxo.confirmations === 0)) };
}
