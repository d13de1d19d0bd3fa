import { expect } from 'vitest';
import type { ChainWork, WalletUtxo } from '../../../src/companion/chain-source.ts';
import { auditOutputs } from '../../../src/companion/ledger/audit.ts';
import type { Ledger } from '../../../src/companion/ledger/ledger.ts';
import { formatOutpoint } from '../../../src/domain/outpoint.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { refreshBooks } from '../../../src/service/companion/books.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import type { ChainDriver } from '../peers/chain-driver.ts';
import { coldKeys, type ColdKeys } from '../peers/cold-keys.ts';

/* The life of a hot and a cold wallet at random, and the books that follow it. The node's set of unspent outputs is the truth. */

export const work: ChainWork = { progress: () => undefined, isCancelled: () => false };

export interface RandomLife {
  readonly driver: ChainDriver;
  readonly seed: number;
  readonly steps: number;
  /** Keys that no other run uses. */
  readonly keys: number;
  /** Refreshed and compared after every step. */
  readonly close: Ledger;
  /** Refreshed at random moments: it sees many things at once. */
  readonly far: Ledger;
}

interface Spend {
  readonly txid: string;
  readonly by: ColdKeys;
  readonly inputs: readonly WalletUtxo[];
  readonly outputs: readonly { readonly scriptPubKey: Uint8Array; readonly amountSats: bigint }[];
}

/** Chance that a number repeats (mulberry32). */
export function chance(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** @returns how often each thing was done */
export async function liveAtRandom({ driver, seed, steps, keys, close, far }: RandomLife): Promise<Readonly<Record<string, number>>> {
  const { source } = driver;
  const random = chance(seed);
  const hot = coldKeys(driver.network, keys);
  const cold = coldKeys(driver.network, keys + 1);
  const stranger = coldKeys(driver.network, keys + 2);
  const next = new Map<ColdKeys, number>([[hot, 0], [cold, 0], [stranger, 0]]);
  for (const { wallet } of [hot, cold]) await source.watch(wallet, work);
  const done: Record<string, number> = {};
  const sent: Spend[] = [];

  const fresh = (of: ColdKeys, branch: 0 | 1 = 0): Uint8Array => {
    const index = next.get(of) as number;
    next.set(of, index + 1);
    return of.deriver.derive(branch, index % 40).scriptPubKey;
  };
  const send = async (spend: Omit<Spend, 'txid'>): Promise<boolean> => {
    try {
      const txid = await source.broadcast(spend.by.spend({ inputs: spend.inputs, outputs: spend.outputs }));
      await driver.settle();
      sent.push({ ...spend, txid });
      return true;
    } catch (error) {
      // Too little money, or a replacement that does not pay: the node says no, and nothing has changed.
      if (error instanceof StrongroomError && error.code === 'broadcast.refused') return false;
      throw error;
    }
  };
  const sum = (outputs: readonly { readonly amountSats: bigint }[]): bigint => outputs.reduce((total, { amountSats }) => total + amountSats, 0n);
  const feeFor = (inputs: number): bigint => BigInt(inputs) * 600n + 1_000n + BigInt(random(3_000));
  const some = async (of: ColdKeys, most: number): Promise<readonly WalletUtxo[]> => [...(await source.utxos(of.wallet))].sort(() => random(3) - 1).slice(0, 1 + random(most));

  const actions: Readonly<Record<string, () => Promise<boolean>>> = {
    async receive() {
      const to = random(3) === 0 ? cold : hot;
      await driver.pay(to.deriver.derive(0, (next.get(to) as number) % 40).address, 40_000n + BigInt(random(5_000_000)));
      next.set(to, (next.get(to) as number) + 1);
      return true;
    },
    async sweep() {
      const inputs = await source.utxos(hot.wallet);
      if (inputs.length === 0) return false;
      return send({ by: hot, inputs, outputs: [{ scriptPubKey: fresh(cold), amountSats: sum(inputs) - feeFor(inputs.length) }] });
    },
    async refill() {
      const inputs = await some(cold, 2);
      const total = sum(inputs);
      if (total < 30_000n) return false;
      return send({ by: cold, inputs, outputs: [{ scriptPubKey: fresh(hot), amountSats: total / 3n }, { scriptPubKey: fresh(cold, 1), amountSats: total - total / 3n - feeFor(inputs.length) }] });
    },
    async payBatch() {
      const inputs = await some(cold, 3);
      const total = sum(inputs);
      if (total < 60_000n) return false;
      const payments = Array.from({ length: 1 + random(8) }, () => ({ scriptPubKey: fresh(stranger), amountSats: 1_000n + BigInt(random(3_000)) }));
      return send({ by: cold, inputs, outputs: [...payments, { scriptPubKey: fresh(cold, 1), amountSats: total - sum(payments) - feeFor(inputs.length + payments.length) }] });
    },
    async replace() {
      const waiting: Spend[] = [];
      for (const spend of sent.slice(-6)) if ((await source.transactionStatus(spend.txid)).state === 'mempool') waiting.push(spend);
      const old = waiting[random(Math.max(1, waiting.length))];
      const last = old?.outputs.at(-1);
      if (old === undefined || last === undefined || last.amountSats < 80_000n) return false;
      return send({ ...old, outputs: [...old.outputs.slice(0, -1), { ...last, amountSats: last.amountSats - 30_000n - BigInt(random(20_000)) }] });
    },
    async child() {
      const of = random(2) === 0 ? hot : cold;
      const [input] = (await source.utxos(of.wallet)).filter(({ confirmations }) => confirmations === 0);
      if (input === undefined) return false;
      return send({ by: of, inputs: [input], outputs: [{ scriptPubKey: fresh(of, 1), amountSats: input.amountSats - 5_000n - BigInt(random(9_000)) }] });
    },
    async chain() {
      let [input] = await some(cold, 1);
      let made = false;
      for (let link = 0; link < 3 && input !== undefined; link += 1) {
        const amountSats: bigint = input.amountSats - feeFor(1);
        if (!(await send({ by: cold, inputs: [input], outputs: [{ scriptPubKey: fresh(cold, 1), amountSats }] }))) break;
        made = true;
        const txid = (sent.at(-1) as Spend).txid;
        input = (await source.utxos(cold.wallet)).find((utxo) => utxo.txid === txid);
      }
      return made;
    },
    async mine() {
      await driver.mine(1 + random(2));
      return true;
    },
    async reorganise() {
      await driver.reorganise(1 + random(6));
      return true;
    },
  };
  const wheel = ['receive', 'receive', 'receive', 'sweep', 'refill', 'payBatch', 'payBatch', 'replace', 'replace', 'child', 'chain', 'mine', 'mine', 'mine', 'reorganise'];

  /**
   * What the node holds unspent and its wallet does not list. A reorganisation can take a coinbase's maturity, and with it a payment out of
   * the mempool together with its descendants; the node's wallet still takes for spent what such a descendant would have spent besides.
   */
  const unlisted = async (ledger: Ledger, walletId: string, listed: readonly WalletUtxo[]): Promise<readonly { readonly amountSats: bigint }[]> => {
    if (driver.holdsUnspent === undefined) return [];
    const live = ledger.transactions(walletId).filter((item) => item.live);
    const known = new Set([...listed, ...live.flatMap(({ spent }) => spent)].map(formatOutpoint));
    const hidden: { readonly amountSats: bigint }[] = [];
    for (const { txid, received } of live) for (const output of received) {
      if (!known.has(formatOutpoint({ txid, vout: output.vout })) && (await driver.holdsUnspent({ txid, vout: output.vout }))) hidden.push(output);
    }
    return hidden;
  };

  /** Books and node, output by output, and what waits beside them. */
  const compare = async (ledger: Ledger, what: string): Promise<void> => {
    await refreshBooks(source, ledger, [hot.wallet, cold.wallet], driver.network, new Date(seed * 1000).toISOString(), work);
    for (const { wallet } of [hot, cold]) {
      const { walletId } = policyIdOf(wallet);
      const scan = await source.scanUtxoSet(wallet, work);
      const audit = auditOutputs(ledger.books.unspent(walletId), scan.utxos.map((utxo) => ({ outpoint: formatOutpoint(utxo), amountSats: utxo.amountSats })));
      expect({ what, seed, differences: audit.differences }).toEqual({ what, seed, differences: [] });
      const balance = ledger.books.balance(walletId);
      expect({ what, seed, sats: balance.confirmedSats }).toEqual({ what, seed, sats: audit.nodeSats });
      const listed = await source.utxos(wallet);
      expect({ what, seed, sats: balance.confirmedSats + balance.unconfirmedSats }).toEqual({ what, seed, sats: sum(listed) + sum(await unlisted(ledger, walletId, listed)) });
    }
    const transit = ledger.books.accounts(driver.network).filter(({ account }) => account === 'transit');
    expect({ what, seed, transit: transit.reduce((total, { balanceSats }) => total + balanceSats, 0n) }).toEqual({ what, seed, transit: 0n });
  };

  for (let step = 0; step < steps; step += 1) {
    const name = step < 2 ? 'receive' : (wheel[random(wheel.length)] as string);
    if (await (actions[name] as () => Promise<boolean>)()) done[name] = (done[name] ?? 0) + 1;
    await compare(close, `${name} (step ${step})`);
    if (random(5) === 0) await compare(far, `${name} (step ${step}, from afar)`);
  }
  await compare(far, 'the end');
  for (const ledger of [close, far]) expect(ledger.books.check()).toEqual([]);
  return done;
}
