/**
 * Random transactions of wallets of every script type, signed by random quorums, mined by a real bitcoind. 200 of each type with
 * STRONGROOM_MINED=200; the same ones for the same STRONGROOM_MINED_SEED.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { isQuorumScript, maxCosigners, walletScripts, type WalletScript } from '../../src/domain/wallet-script.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../src/psbt/combiner.ts';
import { extractTransaction } from '../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../src/psbt/finalizer.ts';
import type { FinalTransaction } from '../../src/psbt/psbt.ts';
import { useNativeCurve } from '../../src/node/shared/native-curve/use-native-curve.ts';
import { nativeSigner } from '../../src/node/signer/native-signer.ts';
import { libsecp256k1 } from '../../src/signer/curve-libsecp256k1.ts';
import { Random } from '../fuzz/engine/random.ts';
import { openBank, type Bank, type Order } from '../support/peers/bank.ts';
import { relayOptions, startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';
import { keyedWallet, reviewAs, signAs, type KeyedWallet } from '../support/peers/keyed-wallet.ts';
import { libraryHere, openedLibrary } from '../support/native-library.ts';
import { mixedSpend, randomCoinSats, randomSpend, type Coin, type OwnedCoin, type RandomSpend } from '../support/peers/random-spend.ts';

const OF_EACH = Number(process.env['STRONGROOM_MINED'] ?? 25);
const SEED = Number(process.env['STRONGROOM_MINED_SEED'] ?? 20_261_123);
/** Wallets of each type: the smallest quorum, the largest, and others between. */
const WALLETS = Math.min(10, Math.ceil(OF_EACH / 5));
const MOST_INPUTS = 5;
/** What signs first: the curve in WebAssembly, or native code where it loads; noble repeats it either way. */
const firstCurves = [libsecp256k1, ...(libraryHere === undefined ? [] : [nativeSigner(openedLibrary())])];

let node: RegtestNode;
let bank: Bank;
beforeAll(async () => {
  // As the programs do.
  if (libraryHere !== undefined) useNativeCurve(openedLibrary());
  node = await startBitcoind(relayOptions());
  bank = await openBank(node);
});
afterAll(async () => node?.stop());

function walletsOf(script: WalletScript, random: Random): KeyedWallet[] {
  const most = maxCosigners(script);
  return Array.from({ length: WALLETS }, (_, number) => {
    const total = !isQuorumScript(script) || number === 0 ? 1 : number === 1 ? most : 1 + random.int(most);
    const required = number === 1 ? total : 1 + random.int(total);
    return keyedWallet({ script, required, total, firstKey: 100 * walletScripts.indexOf(script) + 30 * number, account: random.int(3) });
  });
}

interface Task {
  readonly name: string;
  readonly wallet: KeyedWallet;
  readonly coins: readonly Coin[];
}

/** Transactions to be made, with the coins that each spends: on both branches, near and far. */
async function fundedTasks(script: WalletScript, random: Random): Promise<Task[]> {
  const wallets = walletsOf(script, random);
  const taken = new Set<string>();
  const order = (wallet: KeyedWallet): Order => {
    for (;;) {
      const branch = random.oneIn(3) ? 1 : 0;
      const derived = wallet.deriver.derive(branch, random.int(random.oneIn(10) ? 1_000_000 : 500));
      if (taken.has(derived.address)) continue;
      taken.add(derived.address);
      return { wallet, derived, amountSats: randomCoinSats(random) };
    }
  };
  const orders = Array.from({ length: OF_EACH }, (_, number) => {
    const wallet = wallets[number % wallets.length] as KeyedWallet;
    return Array.from({ length: 1 + random.int(MOST_INPUTS) }, () => order(wallet));
  });
  const coins = [...(await bank.pay(orders.flat()))];
  return orders.map((ordered, number) => {
    const { wallet } = ordered[0] as Order;
    const { required, cosigners } = wallet.wallet;
    return { name: `${script} ${required}-of-${cosigners.length}, transaction ${number} of seed ${SEED}`, wallet, coins: coins.splice(0, ordered.length) };
  });
}

/** Signs as cosigners do who each get the unsigned file, or the one before them; one more than needed may sign too. */
function signedByRandomQuorum(random: Random, wallet: KeyedWallet, spend: RandomSpend): Uint8Array[] {
  const { required, cosigners } = wallet.wallet;
  const signing = required < cosigners.length && random.oneIn(6) ? required + 1 : required;
  const order = shuffled(random, wallet.keys).slice(0, signing);
  const unsigned = encodePsbt(spend.psbt);
  const handedOn = random.pick(['unsigned', 'signed', 'either'] as const);
  const replies: Uint8Array[] = [];
  for (const key of order) {
    const given = handedOn === 'signed' || (handedOn === 'either' && random.oneIn(2)) ? (replies.at(-1) ?? unsigned) : unsigned;
    const review = reviewAs(key, [wallet], given, spend.tipHeight);
    const judged = review.findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code);
    expect([...new Set(judged)]).toEqual(spend.expected);
    expect(review.verdict).toBe(spend.expected.length === 0 ? 'ready' : 'judgement');
    expect(review).toMatchObject({ feeSats: spend.plan.feeSats, inputsSats: spend.plan.inputsSats, paymentsSats: spend.plan.paymentsSats, changeSats: spend.plan.change?.amountSats ?? 0n });
    replies.push(signAs(key, [wallet], review, given, spend.expected, random.pick(firstCurves)));
  }
  return replies;
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(random.int(rest.length), 1)[0] as T);
}

/** What the wallet's planner promised of the size: never less, and at most what a signature may fall short. */
function expectPlannedSize(spend: RandomSpend, final: FinalTransaction, wallet: KeyedWallet): void {
  const slack = spend.plan.inputs.length * (1 + wallet.wallet.required * 3) + 1;
  expect(final.vsizeVb).toBeLessThanOrEqual(spend.plan.vsizeVb);
  expect(final.vsizeVb).toBeGreaterThanOrEqual(spend.plan.vsizeVb - slack);
}

/** From plan to final transaction. */
function made(random: Random, { wallet, coins }: Task, tip: number): FinalTransaction {
  const spend = randomSpend(random, wallet, coins, tip);
  const replies = signedByRandomQuorum(random, wallet, spend);
  const { psbt, quorum } = combinePsbts(replies.map(decodePsbt), wallet.deriver);
  expect(quorum).toMatchObject({ required: wallet.wallet.required, stillNeeded: 0 });
  const final = extractTransaction(finalizePsbt(psbt, wallet.deriver));
  expect(final.feeSats).toBe(spend.plan.feeSats);
  expectPlannedSize(spend, final, wallet);
  return final;
}

/** Test-accepts a transaction as it was foreseen, and sends it. */
async function send({ txid, bytes, vsizeVb, feeSats }: FinalTransaction): Promise<void> {
  const hex = toHex(bytes);
  const [accepted] = await node.rpc<Accepted[]>('testmempoolaccept', [[hex]]);
  expect({ ...accepted, feeSats: Math.round((accepted?.fees?.base ?? 0) * 1e8) }).toMatchObject({ txid, allowed: true, vsize: vsizeVb, feeSats: Number(feeSats) });
  expect(await node.rpc('sendrawtransaction', [hex])).toBe(txid);
}

/** Finds blocks until all of these stand in one. */
async function expectMined(txids: ReadonlySet<string>): Promise<void> {
  const waiting = new Set(txids);
  for (let blocks = 0; waiting.size > 0 && blocks < 10; blocks += 1) {
    const [hash] = await bank.mine(1);
    const { tx } = await node.rpc<{ tx: string[] }>('getblock', [hash]);
    tx.forEach((txid) => waiting.delete(txid));
  }
  expect([...waiting]).toEqual([]);
}

interface Accepted { readonly txid: string; readonly allowed?: boolean; readonly vsize?: number; readonly fees?: { readonly base: number }; readonly 'reject-reason'?: string }

describe.each(walletScripts.map((script, position) => [script, position] as const))('%s', (script, position) => {
  test(`${OF_EACH} random transactions are mined`, async () => {
    const random = new Random(SEED, position);
    const tasks = await fundedTasks(script, random);
    const tip = await node.rpc<number>('getblockcount');
    const sent = new Set<string>();
    let inputs = 0;
    let signatures = 0;
    for (const [number, task] of tasks.entries()) {
      try {
        const final = made(new Random(SEED, 1_000_003 * (position + 1) + number), task, tip);
        await send(final);
        sent.add(final.txid);
        inputs += task.coins.length;
        signatures += task.coins.length * task.wallet.wallet.required;
      } catch (fault) {
        throw new Error(`${task.name} failed`, { cause: fault });
      }
    }
    expect(sent.size).toBe(OF_EACH);
    await expectMined(sent);
    console.info(`${script}: ${OF_EACH} transactions of ${WALLETS} wallets, ${inputs} inputs, ${signatures} signatures, mined by bitcoind ${node.version} (seed ${SEED})`);
  }, 600_000);
});

/** Wallets that one key is a cosigner of, each of another type. */
const mixtures: readonly (readonly [name: string, shapes: readonly (readonly [WalletScript, number, number])[]])[] = [
  ['quorums of every type', [['p2sh', 2, 3], ['p2sh-p2wsh', 3, 3], ['p2wsh', 2, 3], ['p2tr-multi', 2, 3]]],
  ['one key\'s wallets of every type, quorums of one among them', [['p2pkh', 1, 1], ['p2sh-p2wpkh', 1, 1], ['p2wpkh', 1, 1], ['p2tr', 1, 1], ['p2sh', 1, 3], ['p2sh-p2wsh', 1, 2], ['p2wsh', 1, 5], ['p2tr-multi', 1, 4]]],
];

describe.each(mixtures)('%s', (name, shapes) => {
  test(`${OF_EACH} transactions, each out of several of them, are mined`, async () => {
    const wallets = shapes.map(([script, required, total]) => keyedWallet({ script, required, total, firstKey: 3_000 }));
    const random = new Random(SEED, shapes.length);
    let next = 0;
    const orders = Array.from({ length: OF_EACH }, () => {
      const chosen = shuffled(random, wallets).slice(0, 2 + random.int(3));
      return [...chosen, ...(random.oneIn(2) ? [random.pick(chosen)] : [])].map((wallet): Order => {
        next += 1;
        return { wallet, derived: wallet.deriver.derive(random.oneIn(3) ? 1 : 0, next), amountSats: randomCoinSats(random) };
      });
    });
    const coins = [...(await bank.pay(orders.flat()))];
    const sent = new Set<string>();
    for (const [number, ordered] of orders.entries()) {
      try {
        const own = coins.splice(0, ordered.length).map((coin, position): OwnedCoin => ({ ...coin, wallet: (ordered[position] as Order).wallet }));
        const final = madeOfMany(new Random(SEED, 50_000_017 * shapes.length + number), own);
        await send(final);
        sent.add(final.txid);
      } catch (fault) {
        throw new Error(`${name}, transaction ${number} of seed ${SEED} failed`, { cause: fault });
      }
    }
    await expectMined(sent);
  }, 600_000);
});

/** From a spend of several wallets to the final transaction; as many keys sign as the strictest of the quorums requires. */
function madeOfMany(random: Random, coins: readonly OwnedCoin[]): FinalTransaction {
  const wallets = [...new Set(coins.map(({ wallet }) => wallet))];
  const { psbt, feeSats, changeSats } = mixedSpend(random, coins);
  const shared = (wallets[0] as KeyedWallet).keys.filter((key) => wallets.every(({ keys }) => keys.includes(key)));
  const required = Math.max(...wallets.map(({ wallet }) => wallet.required));
  const unsigned = encodePsbt(psbt);
  const replies: Uint8Array[] = [];
  for (const key of shuffled(random, shared).slice(0, required)) {
    const given = random.oneIn(2) ? (replies.at(-1) ?? unsigned) : unsigned;
    const review = reviewAs(key, wallets, given);
    expect(review.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(review).toMatchObject({ verdict: 'ready', feeSats, changeSats });
    expect([...review.walletIds].sort()).toEqual(wallets.map(({ reviewWallet }) => reviewWallet.walletId).sort());
    replies.push(signAs(key, wallets, review, given, [], random.pick(firstCurves)));
  }
  const { psbt: combined, quorums } = combinePsbts(replies.map(decodePsbt), wallets.map(({ deriver }) => deriver));
  expect(quorums.map(({ quorum }) => quorum.stillNeeded)).toEqual(wallets.map(() => 0));
  const final = extractTransaction(finalizePsbt(combined, wallets.map(({ deriver }) => deriver)));
  expect(final.feeSats).toBe(feeSats);
  return final;
}
