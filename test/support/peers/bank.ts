/** Money on a regtest node, handed out in few large transactions. */
import { formatBtc } from '../../../src/domain/amount.ts';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { ownKind } from '../../../src/companion/plan/candidates.ts';
import { parseTransaction } from '../../../src/psbt/transaction.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import type { RegtestNode } from './bitcoind.ts';
import type { KeyedWallet } from './keyed-wallet.ts';
import type { Coin } from './random-spend.ts';

export interface Order {
  readonly wallet: KeyedWallet;
  readonly derived: DerivedAddress;
  readonly amountSats: bigint;
}

export interface Bank {
  /** Pays every order and confirms it three times. @returns the coins, in the orders' order */
  pay(orders: readonly Order[]): Promise<readonly Coin[]>;
  mine(blocks: number): Promise<readonly string[]>;
}

const BANK = 'bank';
/** Outputs of one funding: the whole of it stands before every input as its proof. */
const OUTPUTS_OF_ONE = 60;
const CONFIRMATIONS = 3;

export async function openBank(node: RegtestNode): Promise<Bank> {
  await node.rpc('createwallet', [BANK]);
  const own = await node.rpc<string>('getnewaddress', ['', 'bech32'], BANK);
  const mine = (blocks: number): Promise<readonly string[]> => node.rpc<string[]>('generatetoaddress', [blocks, own]);
  await mine(130);
  const fund = async (orders: readonly Order[]): Promise<Coin[]> => {
    const paid = Object.fromEntries(orders.map(({ derived, amountSats }) => [derived.address, formatBtc(amountSats)]));
    if (Object.keys(paid).length !== orders.length) throw new Error('one address twice');
    const txid = await node.rpc<string>('sendmany', { dummy: '', amounts: paid, fee_rate: 2 }, BANK);
    const { hex } = await node.rpc<{ hex: string }>('gettransaction', [txid], BANK);
    const previousTransaction = parseHex(hex);
    const { transaction } = parseTransaction(previousTransaction);
    const voutOf = new Map(transaction.outs.map(({ script }, vout) => [toHex(script), vout]));
    return orders.map(({ wallet, derived, amountSats }): Coin => {
      const vout = voutOf.get(toHex(derived.scriptPubKey));
      if (vout === undefined || transaction.outs[vout]?.value !== amountSats) throw new Error(`the bank did not pay ${derived.address}`);
      const { branch, index, scriptPubKey, address } = derived;
      return { previousTransaction, spendable: { txid, vout, amountSats, scriptPubKey, address, confirmations: CONFIRMATIONS, kind: ownKind(wallet.wallet), own: { branch, index } } };
    });
  };
  return {
    mine,
    async pay(orders) {
      const coins: Coin[] = [];
      for (let start = 0; start < orders.length; start += OUTPUTS_OF_ONE) {
        coins.push(...(await fund(orders.slice(start, start + OUTPUTS_OF_ONE))));
        // A chain of more than 25 waiting transactions is not relayed.
        if ((start / OUTPUTS_OF_ONE) % 20 === 19) await mine(1);
      }
      await mine(CONFIRMATIONS);
      return coins;
    },
  };
}
