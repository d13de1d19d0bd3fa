import type { ChainSource, ChainWork } from '../../companion/chain-source.ts';
import { parseAddressList } from '../../companion/plan/address-list.ts';
import { hotCandidates, paperCandidates, watchedHotCandidates } from '../../companion/plan/candidates.ts';
import type { SourceDerivers } from '../../companion/plan/planned-psbt.ts';
import type { HotCandidate, SweepTask } from '../../companion/plan/sweep-plan.ts';
import { equalBytes } from '../../domain/bytes.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { HotSource } from '../../host/sweep-wire.ts';
import { addressOfScript, createAddressDeriver, scriptOfAddress, type AddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { InferOutput } from 'valibot';
import type { NextSigners, OtherWallet } from './planning.ts';

export type HotSourceInput = InferOutput<typeof HotSource>;

/** What is swept, as one chain source sees it now. */
export interface HotSide {
  readonly candidates: readonly HotCandidate[];
  readonly signers: NextSigners;
  /** Derivers of the wallets that are spent from, where Strongroom watches them. */
  readonly sources: SourceDerivers;
  /** A change output as large as the real one will be; `null` where nothing can go back. */
  readonly sizedChange: SweepTask['hotChange'];
  /** The real change of a wallet that the node keeps: takes an address of it. */
  readonly takeChange: (() => Promise<NonNullable<SweepTask['hotChange']>>) | null;
  /** The wallet whose change address is reserved with the plan. */
  readonly changeWallet: OtherWallet | null;
  /** What each address held, where addresses were given. */
  readonly found: readonly { readonly address: string; readonly outputs: number; readonly amountSats: string }[] | null;
}

/** An output to a P2WPKH address, as nodes give out for change; only its size matters. */
const SIZED_SCRIPT = Uint8Array.of(0x00, 0x14, ...new Uint8Array(20));

/**
 * Asks for the outputs of a hot source.
 * @throws StrongroomError `node.*`, `wallet.*`, `addresses.malformed`, `network.mismatch`, `sweep.policy-malformed` for a wallet that is
 * swept into itself
 */
export async function openHotSide(source: ChainSource, hot: HotSourceInput, cold: Wallet, context: ChainWork): Promise<HotSide> {
  switch (hot.kind) {
    case 'node-wallet':
      return {
        candidates: hotCandidates(await source.hotUtxos(hot.name)),
        signers: 'hot',
        sources: new Map(),
        sizedChange: { address: '', scriptPubKey: SIZED_SCRIPT },
        takeChange: async () => {
          const address = await source.hotChangeAddress(hot.name);
          return { address, scriptPubKey: scriptOfAddress(address, cold.network) };
        },
        changeWallet: null,
        found: null,
      };
    case 'wallets':
      return watchedSide(source, hotWallets(hot.wallets, cold), context);
    case 'addresses':
      return paperSide(source, hot.addresses, cold.network, context);
  }
}

/**
 * The wallets of a rule or request, each once.
 * @throws StrongroomError `wallet.*`, `network.mismatch`, `sweep.policy-malformed`
 */
export function hotWallets(texts: readonly string[], cold: Wallet): readonly Wallet[] {
  const byId = new Map(texts.map((text) => parseWalletFile(text)).map((wallet) => [policyIdOf(wallet).walletId, wallet]));
  if (byId.has(policyIdOf(cold).walletId)) {
    throw new StrongroomError('sweep.policy-malformed', 'The wallet that is swept is the one that it would be swept into.', { reason: 'same-wallet' }, 'Give the file of the cold wallet as the destination.');
  }
  for (const { network } of byId.values()) {
    if (network !== cold.network) throw new StrongroomError('network.mismatch', `A hot wallet is of ${network}, the cold one of ${cold.network}.`, { hot: network, cold: cold.network }, 'Sweep between wallets of one network.');
  }
  return [...byId.values()];
}

async function watchedSide(source: ChainSource, wallets: readonly Wallet[], context: ChainWork): Promise<HotSide> {
  const candidates: HotCandidate[] = [];
  const sources = new Map<string, AddressDeriver>();
  for (const wallet of wallets) {
    const { walletId } = policyIdOf(wallet);
    await source.watch(wallet, context);
    sources.set(walletId, createAddressDeriver(wallet));
    candidates.push(...watchedHotCandidates(wallet, walletId, await source.utxos(wallet)));
  }
  const first = wallets[0] as Wallet;
  const { walletId } = policyIdOf(first);
  const deriver = sources.get(walletId) as AddressDeriver;
  const { address, scriptPubKey } = deriver.derive(1, 0);
  return {
    candidates,
    signers: 'hot',
    sources,
    sizedChange: { address, scriptPubKey, own: { walletId, branch: 1, index: 0 } },
    takeChange: null,
    changeWallet: { walletId, deriver, branch: 1, transactions: await source.transactions(first, context) },
    found: null,
  };
}

async function paperSide(source: ChainSource, addresses: string, network: NetworkName, context: ChainWork): Promise<HotSide> {
  const listed = parseAddressList(addresses, network);
  const utxos = await source.scriptUtxos(listed.map(({ scriptPubKey }) => scriptPubKey), context);
  return {
    candidates: paperCandidates(utxos, (script) => addressOfScript(script, network)),
    signers: 'paper',
    sources: new Map(),
    sizedChange: null,
    takeChange: null,
    changeWallet: null,
    found: listed.map(({ address, scriptPubKey }) => {
      const own = utxos.filter((utxo) => equalBytes(utxo.scriptPubKey, scriptPubKey));
      return { address, outputs: own.length, amountSats: String(own.reduce((sum, utxo) => sum + utxo.amountSats, 0n)) };
    }),
  };
}
