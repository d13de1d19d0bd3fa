import { walletFileName } from '../../airgap/file-names.ts';
import { nextFreeIndex, usedIndices } from '../../companion/ledger/addresses.ts';
import { sumSats } from '../../domain/amount.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { createAddressDeriver } from '../../wallet/address.ts';
import { formatWalletFile, parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { rejectPrivateKeyText } from '../../wallet/key-record.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { createWallet } from '../../wallet/wallet.ts';
import { sourcesOf, usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';
import { readAnyKey, readAnyWallet } from '../shared/foreign-wallet.ts';
import { branchName, branchOf, walletFacts } from '../shared/wallet-facts.ts';
import { widenWatch } from './widening.ts';

type Core = Handlers<typeof companionCoreContract>;
type WalletHandlers = Pick<Core, 'node.check' | 'wallet.create' | 'wallet.policy' | 'wallet.address' | 'wallet.sync' | 'wallet.widen' | 'hot.balance'>;

export const walletHandlers = (effects: CompanionEffects): WalletHandlers => ({
  'node.check': ({ node }) =>
    withChain(effects, node, null, async (source) => {
      const { chain, network, height, headers, pruned, synced, version } = await source.status();
      return { chain, network, height, headers, pruned, synced, version, ...sourcesOf(source) };
    }),

  'wallet.create': ({ name, network, script, required, cosigners }) => {
    // SECURITY: before anything is parsed, kept or answered: a private key in one of the texts is exposed already.
    for (const { label, record } of cosigners) [label, record].forEach(rejectPrivateKeyText);
    rejectPrivateKeyText(name);
    const wallet = createWallet({ name, network, script, required, cosigners: cosigners.map(({ label, record }) => ({ label, record: readAnyKey(record, script, network).record })) });
    return { ...walletFacts(wallet), wallet: formatWalletFile(wallet), suggestedName: walletFileName(name) };
  },

  'wallet.policy': ({ wallet, ...choices }) => walletFacts(readAnyWallet(wallet, choices)),

  'wallet.address': ({ wallet, branch, index, count }) => {
    const deriver = createAddressDeriver(parseWalletFile(wallet));
    return { addresses: Array.from({ length: count }, (_, offset) => ({ branch, index: index + offset, address: deriver.derive(branchOf(branch), index + offset).address })) };
  },

  'wallet.sync': async ({ wallet: text, node }, context) => {
    const wallet = parseWalletFile(text);
    const { walletId } = policyIdOf(wallet);
    const ledger = await effects.ledger();
    return withChain(effects, node, ledger, async (source) => {
      await usableStatus(source, wallet.network);
      await source.watch(wallet, context);
      const utxos = await source.utxos(wallet);
      const transactions = await source.transactions(wallet);
      const { height } = await source.status();
      const nextIndex = nextFreeIndex(usedIndices(transactions, 0), ledger.reservations(walletId, 0), []);
      const amounts = (isConfirmed: boolean) => utxos.filter((utxo) => utxo.confirmations >= 1 === isConfirmed).map((utxo) => utxo.amountSats);
      return {
        walletId,
        balanceSats: String(sumSats(amounts(true))),
        unconfirmedSats: String(sumSats(amounts(false))),
        utxos: utxos.map(({ txid, vout, amountSats, address, branch, index, confirmations }) => ({ txid, vout, amountSats: String(amountSats), address, branch: branchName(branch), index, confirmations })),
        height,
        nextReceive: { address: createAddressDeriver(wallet).derive(0, nextIndex).address, index: nextIndex },
        ...sourcesOf(source),
      };
    });
  },

  'wallet.widen': ({ wallet, node, to }, context) => widenWatch(effects, { wallet: parseWalletFile(wallet), node, to }, context),

  'hot.balance': ({ node, from }) =>
    withChain(effects, node, null, async (source) => {
      const utxos = await source.hotUtxos(from);
      return { balanceSats: String(sumSats(utxos.map((utxo) => utxo.amountSats))), utxos: utxos.length };
    }),
});
