import { Transaction } from 'bitcoinjs-lib/src/transaction';
import type { ChainSource, ChainWork } from '../../../src/companion/chain-source.ts';
import { coldKeys } from '../peers/cold-keys.ts';
import { TestChain, testTransaction } from './test-chain.ts';

/** What must never be seen of a server: with markup and terminal escapes around it. */
export const EVIL = 'EVILTEXT';
export const EVIL_TEXT = `<script>${EVIL}</script><img src=x onerror=${EVIL}>\u001b[31m\u001b]0;${EVIL}\u0007\r\n${EVIL} %s %n $(${EVIL})`;

export const work: ChainWork = { progress: () => undefined, isCancelled: () => false };
export const cold = coldKeys('regtest', 77);
export const { wallet, deriver } = cold;
export const ownScript = (index: number, branch: 0 | 1 = 0): Uint8Array => deriver.derive(branch, index).scriptPubKey;
const stranger = Buffer.from('0014000102030405060708090a0b0c0d0e0f10111213', 'hex');

/** A wallet with a past: paid in block 3, spent in block 6, spent again in the mempool; twelve blocks in all. */
export interface Fixture {
  readonly chain: TestChain;
  readonly funding: Transaction;
  readonly spend: Transaction;
  readonly waiting: Transaction;
  /** In block 3 as well, and nobody's. */
  readonly stranger: Transaction;
}

export function fixture(): Fixture {
  const chain = new TestChain();
  chain.mineMany(2);
  const funding = chain.pay({ script: ownScript(0), amountSats: 70_000n }, { script: ownScript(3, 1), amountSats: 5_000n });
  const others = Array.from({ length: 5 }, (_, index) => chain.pay({ script: stranger, amountSats: BigInt(1_000 + index) }));
  chain.mine([others[0] as Transaction, funding, ...others.slice(1)]);
  chain.mineMany(2);
  const spend = testTransaction([{ txid: funding.getId(), vout: 0 }], [{ script: ownScript(1), amountSats: 69_000n }]);
  chain.mine([spend]);
  chain.mineMany(6);
  const waiting = testTransaction([{ txid: spend.getId(), vout: 0 }], [{ script: ownScript(2), amountSats: 68_000n }]);
  chain.wait(waiting);
  return { chain, funding, spend, waiting, stranger: others[0] as Transaction };
}

/** Everything that is read before a plan is made or a balance stated. */
export async function readEverything(source: ChainSource): Promise<unknown> {
  await source.status();
  await source.watch(wallet, work);
  const utxos = await source.utxos(wallet);
  for (const { txid } of utxos) await source.rawTransaction(txid);
  return { utxos, transactions: await source.transactions(wallet), scan: await source.scanUtxoSet(wallet, work) };
}

/** What the truth is; nothing else may come out of `readEverything`. */
export const trueOutpoints = ({ funding, waiting }: Fixture): readonly string[] => [`${funding.getId()}:1=5000`, `${waiting.getId()}:0=68000`].sort();
