import * as v from 'valibot';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/**
 * The repair of a node's wallet, step by step, in an order in which nothing can be lost: note, stop, copy, look, and only then change.
 * No step deletes anything.
 */
export const repairSteps = ['note-pending', 'stop-using', 'back-up', 'compare', 'rescan', 'compare-again', 'restore', 'move-out', 'list-descriptors'] as const;
export type RepairStep = (typeof repairSteps)[number];

export const repairStepStates = ['open', 'done', 'skipped'] as const;
export type RepairStepState = (typeof repairStepStates)[number];

const Fact = v.pipe(v.string(), v.maxLength(2_000));
const StepRecord = v.strictObject({
  step: v.picklist(repairSteps),
  state: v.picklist(repairStepStates),
  /** When it was done or skipped; ISO 8601, UTC. */
  at: v.nullable(v.pipe(v.string(), v.maxLength(40))),
  /** What came of it, line by line; public facts only. */
  record: v.pipe(v.array(Fact), v.maxLength(5_000)),
});
const RepairFile = v.strictObject({
  format: v.literal('strongroom-repair'),
  version: v.literal(1),
  wallet: v.pipe(v.string(), v.maxLength(200)),
  begunAt: v.pipe(v.string(), v.maxLength(40)),
  steps: v.pipe(v.array(StepRecord), v.length(repairSteps.length), v.check((steps) => steps.every(({ step }, index) => step === repairSteps[index]))),
});

export type RepairPlan = v.InferOutput<typeof RepairFile>;

/** @param now ISO 8601, UTC */
export const newRepair = (wallet: string, now: string): RepairPlan => ({
  format: 'strongroom-repair', version: 1, wallet, begunAt: now, steps: repairSteps.map((step) => ({ step, state: 'open' as const, at: null, record: [] })),
});

/** @throws StrongroomError `repair.malformed` */
export function parseRepair(text: string): RepairPlan {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), RepairFile), text);
  if (!parsed.success) throw new StrongroomError('repair.malformed', 'The file is not the record of a repair, or was changed.', {}, 'Name the file that node repair wrote, or a new one to begin again; nothing on the node depends on it.');
  return parsed.output;
}

export const formatRepair = (plan: RepairPlan): string => `${JSON.stringify(plan, null, 2)}\n`;

/**
 * The plan with a step done or skipped. A step may be done again: it is recorded anew.
 * @throws StrongroomError `repair.order` where a step that must come before it was neither done nor skipped
 */
export function withStep(plan: RepairPlan, step: RepairStep, state: Exclude<RepairStepState, 'open'>, record: readonly string[], now: string): RepairPlan {
  requireTurn(plan, step);
  return { ...plan, steps: plan.steps.map((item) => (item.step === step ? { step, state, at: now, record: [...record] } : item)) };
}

/** @throws StrongroomError `repair.order` */
export function requireTurn(plan: RepairPlan, step: RepairStep): void {
  const before = plan.steps.slice(0, repairSteps.indexOf(step)).find(({ state }) => state === 'open');
  if (before === undefined) return;
  throw new StrongroomError('repair.order', `The step "${before.step}" comes before "${step}".`, { step, before: before.step }, 'Do it first, or say with --skip that it does not apply.');
}

/** The step that comes next; `null` when all are done or skipped. */
export const nextStep = (plan: RepairPlan): RepairStep | null => plan.steps.find(({ state }) => state === 'open')?.step ?? null;

/** Whether the program can do the step itself; the others are a person's, with the command that does them. */
export const isOwnStep = (step: RepairStep): boolean => ['note-pending', 'compare', 'rescan', 'compare-again', 'list-descriptors'].includes(step);

/** What a step is for, and the exact commands where a person gives them. */
export function describeStep(step: RepairStep, wallet: string, node: string): { readonly purpose: string; readonly commands: readonly string[] } {
  const named = `--node ${quoted(node)} --wallet ${quoted(wallet)}`;
  const cli = `bitcoin-cli -rpcwallet=${quoted(wallet)}`;
  switch (step) {
    case 'note-pending': return { purpose: 'Write down every transaction of the wallet that is in no block, whole, so that each can be sent again whatever becomes of the wallet.', commands: [] };
    case 'stop-using': return { purpose: 'Let nobody pay from the wallet meanwhile: stop the services that use it, and plan no sweep. Addresses that were given out stay good.', commands: [`${cli} walletlock`] };
    case 'back-up': return { purpose: 'Copy the wallet as it is, damaged or not, before anything touches it; then see whether the copy restores.', commands: [`strongroom-companion node backup ${named} --recipient age1... --out ${quoted(`${wallet === '' ? 'wallet' : wallet}-before-repair.age`)}`, `strongroom-companion node backup-test FILE ${named} --identity-file KEY`] };
    case 'compare': return { purpose: 'Compare what the wallet counts as its own with the chain\'s whole set of unspent outputs.', commands: [] };
    case 'rescan': return { purpose: 'Have the node look for the wallet\'s transactions in all blocks again. It can be stopped and begun anew.', commands: [] };
    case 'compare-again': return { purpose: 'Compare again: what the scan found must be all.', commands: [] };
    case 'restore': return { purpose: 'Where outputs are still missing or the wallet does not open: restore the latest tested backup beside it, under another name. The damaged one stays where it is.', commands: [`age --decrypt --identity KEY --output /dev/shm/restored.dat BACKUP.age`, `bitcoin-cli restorewallet ${quoted(`${wallet === '' ? 'wallet' : wallet}-restored`)} /dev/shm/restored.dat`, 'rm /dev/shm/restored.dat'] };
    case 'move-out': return { purpose: 'Move everything that the node still signs for into the cold wallet. Keys that a damaged wallet had are not used again; the Companion never reads them.', commands: [`strongroom-companion sweep plan --from ${quoted(wallet)} --to COLD.wallet.json --node ${quoted(node)} --out sweep.psbt`, `strongroom-companion hot sign sweep.psbt --from ${quoted(wallet)} --node ${quoted(node)} --out sweep.final.psbt`, `strongroom-companion tx broadcast sweep.final.psbt --wallet COLD.wallet.json --node ${quoted(node)}`] };
    case 'list-descriptors': return { purpose: 'Write down the wallet\'s descriptors without private keys: by them, what arrives late can still be seen.', commands: [] };
  }
}

/** One word for a POSIX shell. */
const quoted = (text: string): string => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`);
