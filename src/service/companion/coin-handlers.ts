import { nextFreeIndex, usedIndices } from '../../companion/ledger/addresses.ts';
import { formatLabels, newLabel, parseLabels, requireTag, shownLabel, withLabel, labelTypes } from '../../companion/labels/bip329.ts';
import { largestFirst } from '../../companion/plan/plan.ts';
import { ownCandidates } from '../../companion/plan/candidates.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { createAddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { branchName } from '../shared/wallet-facts.ts';
import { usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';
import { waitingEntries } from './queueing.ts';

type Core = Handlers<typeof companionCoreContract>;
type CoinHandlers = Pick<Core, 'coins.list' | 'coins.freeze' | 'coins.tag' | 'labels.import' | 'labels.export' | 'labels.set' | 'wallet.next-address'>;

export const coinHandlers = (effects: CompanionEffects): CoinHandlers => ({
  'coins.list': async ({ wallet: text, node }, context) => {
    const wallet = parseWalletFile(text);
    const { walletId } = policyIdOf(wallet);
    const ledger = await effects.ledger();
    return withChain(effects, node, ledger, async (source) => {
      await usableStatus(source, wallet.network);
      await source.watch(wallet, context);
      const outputs = [...ownCandidates(wallet, await source.utxos(wallet))].sort(largestFirst);
      const { coins } = ledger;
      const frozen = coins.frozen();
      const tags = coins.tags();
      const reserved = new Map(waitingEntries(ledger, walletId, effects.now()).flatMap(({ planId }) => ledger.queue.outpoints(planId).map((outpoint) => [outpoint, planId] as const)));
      const listed = outputs.map((output) => {
        const outpoint = formatOutpoint(output);
        const label = [coins.label('output', outpoint), coins.label('addr', output.address ?? ''), coins.label('tx', output.txid)].map((record) => record?.label ?? '').find((words) => words !== '') ?? '';
        const own = output.own ?? { branch: 0, index: 0 };
        return {
          txid: output.txid, vout: output.vout, amountSats: String(output.amountSats), address: output.address ?? '', branch: branchName(own.branch), index: own.index, confirmations: output.confirmations,
          label: shownLabel(label), tags: [...(tags.get(outpoint) ?? [])], frozen: frozen.has(outpoint), reservedBy: reserved.get(outpoint) ?? null,
        };
      });
      const sum = (those: typeof listed): string => String(those.reduce((total, { amountSats }) => total + BigInt(amountSats), 0n));
      return { walletId, coins: listed, totalSats: sum(listed), frozenSats: sum(listed.filter((coin) => coin.frozen)), reservedSats: sum(listed.filter(({ reservedBy }) => reservedBy !== null)) };
    });
  },

  'coins.freeze': async ({ outpoints, frozen }) => {
    const { atomically, coins } = await effects.ledger();
    return atomically(() => {
      const held = coins.frozen();
      const changed = [...new Set(outpoints)].filter((outpoint) => held.has(outpoint) !== frozen);
      for (const outpoint of changed) coins.setFrozen(outpoint, frozen);
      return { changed: changed.length };
    });
  },

  'coins.tag': async ({ outpoints, add, remove }) => {
    const { atomically, coins } = await effects.ledger();
    const wanted = add.map(requireTag);
    return atomically(() => {
      const tags = coins.tags();
      const changed = [...new Set(outpoints)].filter((outpoint) => {
        const before = tags.get(outpoint) ?? [];
        const after = [...new Set([...before, ...wanted])].filter((tag) => !remove.includes(tag));
        if (after.length === before.length && after.every((tag) => before.includes(tag))) return false;
        coins.setTags(outpoint, after);
        return true;
      });
      return { changed: changed.length };
    });
  },

  'labels.import': async ({ content }) => {
    const records = parseLabels(content);
    const { atomically, coins } = await effects.ledger();
    atomically(() => coins.saveLabels(records));
    return { records: records.length, frozen: records.filter(({ frozen }) => frozen).length, unknownTypes: records.filter(({ type }) => !labelTypes.some((known) => known === type)).length };
  },

  'labels.export': async () => {
    const { coins } = await effects.ledger();
    const records = coins.labels();
    return { content: formatLabels(records), records: records.length, suggestedName: `labels-${effects.now().slice(0, 10)}.jsonl` };
  },

  'labels.set': async ({ type, ref, label }) => {
    const { atomically, coins } = await effects.ledger();
    const record = coins.label(type, ref) ?? newLabel(type, ref, label);
    // Read again, so that nothing is kept which could not be imported.
    const [checked] = parseLabels(withLabel(record, { label }).line);
    if (checked !== undefined) atomically(() => coins.saveLabels([checked]));
    return {};
  },

  'wallet.next-address': async ({ wallet: text, node, label = null }, context) => {
    const wallet = parseWalletFile(text);
    const { walletId } = policyIdOf(wallet);
    const deriver = createAddressDeriver(wallet);
    const ledger = await effects.ledger();
    return withChain(effects, node, ledger, async (source) => {
      await usableStatus(source, wallet.network);
      await source.watch(wallet, context);
      const used = usedIndices(await source.transactions(wallet), 0);
      return ledger.atomically(() => {
        const index = nextFreeIndex(used, ledger.reservations(walletId, 0), []);
        const { address } = deriver.derive(0, index);
        ledger.coins.saveOffered(walletId, 0, index, effects.now());
        if (label !== null) ledger.coins.saveLabels(parseLabels(newLabel('addr', address, label).line));
        return { walletId, address, branch: 'receive' as const, index };
      });
    });
  },
});
