import type { InferOutput } from 'valibot';
import type { ChainSource, NodeStatus } from '../../companion/chain-source.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers, RequestContext } from '../../host/contract.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';
import { feeRateFor, plannedReply, type PlannedPsbt } from './planning.ts';
import { openSweep, policyOf, prepareSweep, type OpenSweep, type PreparedSweep, type SweepRequest } from './sweep-preparing.ts';
import { prepareReply, previewReply } from './sweep-reply.ts';

type Contract = typeof companionCoreContract;
type SweepHandlers = Pick<Handlers<Contract>, 'sweep.preview' | 'sweep.prepare' | 'sweep.plan' | 'sweep.plan-addresses'>;
type RequestInput = InferOutput<Contract['sweep.prepare']['input']>;
type PlanInput = Omit<RequestInput, 'split'>;

/** A sweep that was planned and booked, while the node still listens. */
interface Done {
  readonly source: ChainSource;
  readonly status: NodeStatus;
  readonly open: OpenSweep;
  readonly prepared: PreparedSweep;
  readonly now: string;
}

const requestOf = ({ source, to, policy, split }: Pick<RequestInput, 'source' | 'to' | 'policy' | 'split'>): SweepRequest => ({
  source,
  cold: parseWalletFile(to),
  policy: policyOf(policy),
  coins: { tags: policy.tags ?? null, excludeTags: policy.excludeTags ?? [] },
  split,
});

/** Sweeps of hot wallets and of single addresses. */
export function sweepHandlers(effects: CompanionEffects): SweepHandlers {
  const prepare = async <T>(input: PlanInput, split: boolean, context: RequestContext, finish: (done: Done) => Promise<T> | T): Promise<T> => {
    const request = requestOf({ ...input, split });
    const ledger = await effects.ledger();
    return withChain(effects, input.node, ledger, async (source) => {
      const status = await usableStatus(source, request.cold.network);
      const rate = await feeRateFor(source, input.feeRate, status, input.targetBlocks ?? undefined);
      const open = await openSweep(source, ledger, status, request, rate, context);
      const now = effects.now();
      return finish({ source, status, open, now, prepared: await prepareSweep(source, ledger, open, now, context) });
    });
  };
  /** One transaction, as the first version of the contract has it. */
  const prepareOne = (input: PlanInput, context: RequestContext) =>
    prepare(input, false, context, ({ open, prepared, now }) => ({ ...plannedReply(prepared.planned[0] as PlannedPsbt, open.side.signers, now), found: [...(open.side.found ?? [])] }));
  return {
    'sweep.prepare': (input, context) => prepare(input, input.split, context, async ({ source, status, open, prepared, now }) => prepareReply(open, prepared, now, await previewReply(source, status, open))),
    'sweep.preview': async (input, context) => {
      const request = requestOf(input);
      const ledger = await effects.begunLedger();
      return withChain(effects, input.node, ledger, async (source) => {
        const status = await usableStatus(source, request.cold.network);
        const rate = await feeRateFor(source, input.feeRate, status, input.targetBlocks ?? undefined);
        return previewReply(source, status, await openSweep(source, ledger, status, request, rate, context));
      });
    },
    'sweep.plan': async ({ from, to, node, floorSats, feeRate }, context) => {
      const { found: _, ...planned } = await prepareOne({ source: { kind: 'node-wallet', name: from }, to, node, feeRate, policy: { floorSats } }, context);
      return planned;
    },
    'sweep.plan-addresses': ({ addresses, to, node, feeRate }, context) => prepareOne({ source: { kind: 'addresses', addresses }, to, node, feeRate, policy: {} }, context),
  };
}
