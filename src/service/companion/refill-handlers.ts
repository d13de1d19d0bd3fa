import { parseSats } from '../../domain/amount.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';
import { feeRateFor, plannedReply } from './planning.ts';
import { openRefill, prepareRefill, requireSoundRefill, type RefillRequest } from './refill-planning.ts';
import { walletSigners } from './sweep-reply.ts';

type RefillHandlers = Pick<Handlers<typeof companionCoreContract>, 'refill.plan'>;

/** Refills of a hot wallet out of the cold one. */
export const refillHandlers = (effects: CompanionEffects): RefillHandlers => ({
  'refill.plan': async ({ wallet, to, node, feeRate, floorSats, targetSats }, context) => {
    const cold = parseWalletFile(wallet);
    const request: RefillRequest = { cold, target: to, floorSats: parseSats(floorSats, cold.network), targetSats: parseSats(targetSats, cold.network) };
    requireSoundRefill(request);
    const ledger = await effects.ledger();
    return withChain(effects, node, ledger, async (source) => {
      const status = await usableStatus(source, cold.network);
      const rate = await feeRateFor(source, feeRate, status);
      const side = await openRefill(source, request, context);
      const now = effects.now();
      const planned = await prepareRefill(source, ledger, request, side, rate, now, context);
      const [payment] = planned.plan.payments;
      return {
        ...plannedReply(planned, 'cold', now),
        hot: { balanceSats: String(side.balanceSats), floorSats, targetSats, address: payment?.address ?? '' },
        signers: walletSigners([cold]),
      };
    });
  },
});
