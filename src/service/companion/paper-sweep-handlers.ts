import { parseAddressList } from '../../companion/plan/address-list.ts';
import { paperCandidates } from '../../companion/plan/candidates.ts';
import { completeSweep, type SweepDraft } from '../../companion/plan/sweep-plan.ts';
import { equalBytes } from '../../domain/bytes.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { addressOfScript, createAddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';
import { feeRateFor, plannedReply, previousTransactions, psbtWithReservation, sweepThatFits, type PlannedPsbt } from './planning.ts';

type PaperSweepHandlers = Pick<Handlers<typeof companionCoreContract>, 'sweep.plan-addresses'>;

/** Sweeps of paper wallets, planned from their public addresses alone. */
export const paperSweepHandlers = (effects: CompanionEffects): PaperSweepHandlers => ({
  'sweep.plan-addresses': async ({ addresses, to, node, feeRate }, context) => {
    const wallet = parseWalletFile(to);
    const listed = parseAddressList(addresses, wallet.network);
    const deriver = createAddressDeriver(wallet);
    const ledger = await effects.ledger();
    return withChain(effects, node, async (source) => {
      const status = await usableStatus(source, wallet.network);
      const rate = await feeRateFor(source, feeRate, status);
      await source.watch(wallet, context);
      const utxos = await source.scriptUtxos(listed.map(({ scriptPubKey }) => scriptPubKey), context);
      const transactions = await source.transactions(wallet);
      const known = new Map<string, Uint8Array>();
      const finish = async (draft: SweepDraft): Promise<PlannedPsbt> => {
        await previousTransactions(source, draft, known);
        return psbtWithReservation({ ledger, deriver, transactions, draft, previous: known, plannedAt: effects.now(), complete: (next) => completeSweep(draft, next(0)) });
      };
      const task = {
        network: wallet.network,
        candidates: paperCandidates(utxos, (script) => addressOfScript(script, wallet.network)),
        destination: deriver.derive(0, 0),
        feeRate: rate,
        floorSats: null,
        hotChange: null,
      };
      const planned = await sweepThatFits(task, finish);
      const found = listed.map(({ address, scriptPubKey }) => {
        const own = utxos.filter((utxo) => equalBytes(utxo.scriptPubKey, scriptPubKey));
        return { address, outputs: own.length, amountSats: String(own.reduce((sum, utxo) => sum + utxo.amountSats, 0n)) };
      });
      return { ...plannedReply(planned, 'paper', effects.now()), found };
    });
  },
});
