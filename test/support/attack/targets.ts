/** The honest spends that are attacked: of every script type, quorum, pairing of wallets and state. */
import { walletScripts, type SingleKeyScript } from '../../../src/domain/wallet-script.ts';
import { Random } from '../../fuzz/engine/random.ts';
import type { HonestSpend } from './honest.ts';
import { honestSpend, oneOf, pairings, quorumsOf, sweepSpend, walletSpend, type PaperInput } from './spends.ts';
import { treasury, type Treasury } from './treasury.ts';

const SEED = 4;
const MORE = 9;

export interface Targets {
  /** Of every script type one unsigned and one half signed, of version 0 and 2, and the sweeps: every attack is tried on each of them. */
  readonly first: readonly HonestSpend[];
  /** Further quorums, several wallets in one transaction, and spends by chance. */
  readonly others: readonly HonestSpend[];
}

/** Of every script type one unsigned and one half signed, and the sweeps. */
export function firstTargets(): readonly HonestSpend[] {
  const random = new Random(SEED, 1);
  const paper = (script: SingleKeyScript, compressed = true): PaperInput => ({ script, compressed });
  const ofScripts = walletScripts.flatMap((script, position) => {
    const wallets = [oneOf(script)];
    const versions = position % 2 === 0 ? ([0, 2] as const) : ([2, 0] as const);
    return [
      walletSpend(random, { wallets, inputs: 2, payments: 1, change: true, signed: 0, version: versions[0] }),
      walletSpend(random, { wallets, inputs: 3, payments: 2, change: true, signed: 1, version: versions[1] }),
    ];
  });
  const sweeps = [
    sweepSpend(random, { inputs: [paper('p2pkh'), paper('p2pkh', false)], signed: 1 }),
    sweepSpend(random, { inputs: [paper('p2sh-p2wpkh'), paper('p2sh-p2wpkh')], signed: 0, to: oneOf('p2sh-p2wsh') }),
    sweepSpend(random, { inputs: [paper('p2wpkh'), paper('p2wpkh'), paper('p2wpkh')], signed: 1, to: oneOf('p2sh') }),
    sweepSpend(random, { inputs: [paper('p2tr'), paper('p2tr')], signed: 1, to: oneOf('p2tr-multi') }),
    sweepSpend(random, { inputs: [paper('p2tr'), paper('p2tr'), paper('p2tr')], signed: 0, withoutPrevious: true }),
    sweepSpend(random, { inputs: [paper('p2tr'), paper('p2wpkh'), paper('p2pkh'), paper('p2sh-p2wpkh'), paper('p2pkh', false), paper('p2tr')], signed: 3, to: oneOf('p2tr') }),
  ];
  return [...ofScripts, ...sweeps];
}

export function targets(): Targets {
  const random = new Random(SEED, 2);
  const isTried = (wallet: Treasury): boolean => wallet === oneOf(wallet.script);
  const ofQuorums = walletScripts.flatMap((script) => quorumsOf(script)).filter((wallet) => !isTried(wallet)).map((wallet, position) =>
    walletSpend(random, { wallets: [wallet], inputs: 1 + (wallet.total > 5 ? position % 2 : random.int(3)), payments: random.int(4), change: true, signed: random.int(wallet.required), version: position % 2 === 0 ? 0 : 2 }));
  const ofPairs = pairings.map((wallets, position) => {
    const inputs = 2 + (position % 3);
    return walletSpend(random, { wallets, inputs, payments: 1 + (position % 2), change: true, signed: position % 2, version: position % 4 < 2 ? 0 : 2 });
  });
  const ofMore = [
    walletSpend(random, { wallets: [treasury(2, 3, 'p2wsh')], inputs: 8, payments: 12, change: true, signed: 0 }),
    walletSpend(random, { wallets: [treasury(3, 5, 'p2wsh')], inputs: 20, payments: 1, change: true, signed: 0 }),
    walletSpend(random, { wallets: [treasury(2, 3, 'p2sh')], inputs: 12, payments: 0, change: true, signed: 1 }),
    walletSpend(random, { wallets: [treasury(2, 3, 'p2wsh'), treasury(3, 5, 'p2wsh')], inputs: 4, payments: 2, change: true, signed: 1 }),
    walletSpend(random, { wallets: [oneOf('p2sh'), oneOf('p2wsh'), oneOf('p2tr-multi')], inputs: 6, payments: 2, change: true, signed: 1 }),
    walletSpend(random, { wallets: [oneOf('p2tr'), oneOf('p2pkh'), oneOf('p2sh-p2wpkh'), oneOf('p2wpkh')], inputs: 4, payments: 1, change: true, signed: 2 }),
    walletSpend(random, { wallets: walletScripts.map(oneOf).reverse(), inputs: 8, payments: 2, change: true, signed: 3 }),
    walletSpend(random, { wallets: [oneOf('p2tr')], inputs: 2, payments: 1, change: true, signed: 1, withoutPrevious: true }),
    walletSpend(random, { wallets: [oneOf('p2tr-multi')], inputs: 2, payments: 1, change: true, signed: 1, withoutPrevious: true }),
    walletSpend(random, { wallets: [oneOf('p2tr'), oneOf('p2tr-multi')], inputs: 3, payments: 1, change: true, signed: 0, withoutPrevious: true }),
    walletSpend(random, { wallets: [oneOf('p2wsh')], inputs: 2, payments: 0, change: true, signed: 1 }),
    walletSpend(random, { wallets: [oneOf('p2wpkh')], inputs: 3, payments: 2, change: false, signed: 0 }),
  ];
  const byChance = Array.from({ length: MORE }, (_, number) => honestSpend(SEED, number));
  return { first: firstTargets(), others: [...ofQuorums, ...ofPairs, ...ofMore, ...byChance].filter(isPlain) };
}

/** In a spend of several wallets that pays nobody, what comes back is weighed in another way by each change of an amount. */
const isPlain = ({ treasuries, payments }: HonestSpend): boolean => treasuries.length < 2 || payments.length > 0;
