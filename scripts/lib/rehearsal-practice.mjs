import { join } from 'node:path';
import { runProgram } from './rehearsal-programs.mjs';

/** The practice network as the ceremony's chain: everything through strongroom-practice, in the rehearsal's own folder. */
export function practiceChain(folder, environment) {
  const network = ['--folder', 'practice'];
  const practice = (...args) => runProgram('strongroom-practice', [...args, ...network], { folder, environment });
  return {
    network: 'practice',
    name: 'the practice network',
    node: `practice://${join(folder, 'practice')}`,
    hotWallet: 'hot',

    async prepare(leastSats) {
      await practice('init');
      // Several outputs: a hot wallet that was paid into more than once, so that the sweep has something to choose from.
      await practice('faucet', '--amount-sats', String(leastSats), '--outputs', '3');
      return 'A chain was begun in the folder practice/, with a faucet and a hot wallet of its own, as a node has. Its money is worth nothing.';
    },
    async mine(blocks) {
      const { height } = await practice('mine', '--blocks', String(blocks));
      return { how: `strongroom-practice mine --blocks ${blocks} --folder practice`, height };
    },
    /** Addresses that are paid. On this chain the hot wallet plays the suppliers too: nobody else is there. */
    async payees(count) {
      const addresses = [];
      for (let index = 0; index < count; index += 1) addresses.push((await practice('hot', 'address')).address);
      return addresses;
    },
    /** Its UTXO set can be asked only through Strongroom's own audit. */
    scan: null,
  };
}
