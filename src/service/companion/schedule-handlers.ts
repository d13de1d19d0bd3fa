import type { InferInput } from 'valibot';
import type { KeptRule } from '../../companion/schedule/schedule-store.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import type { CompanionEffects } from './effects.ts';
import { keptText, listedRule, readKeptRule, requireSoundRule } from './schedule-rules.ts';
import { runRule } from './schedule-running.ts';

type Contract = typeof companionCoreContract;
type ScheduleHandlers = Pick<Handlers<Contract>, 'schedule.list' | 'schedule.add' | 'schedule.remove' | 'schedule.switch' | 'schedule.run'>;

/** Standing rules that prepare unsigned sweeps and refills. */
export const scheduleHandlers = (effects: CompanionEffects): ScheduleHandlers => ({
  'schedule.list': async () => {
    const ledger = await effects.begunLedger();
    return { rules: ledger === null ? [] : ledger.schedules.rules().map((kept) => listedRule(ledger, kept)) };
  },
  'schedule.add': async ({ rule, replace }) => {
    requireSoundRule(rule);
    const ledger = await effects.ledger();
    return ledger.atomically(() => {
      if (!replace && ledger.schedules.rule(rule.name) !== null) {
        throw new StrongroomError('schedule.exists', `There is a rule "${rule.name}" already.`, { name: rule.name }, 'Choose another name, or replace the rule.');
      }
      const kept = { name: rule.name, rule: keptText(rule), addedAt: effects.now() };
      ledger.schedules.saveRule(kept);
      return { rule: listedRule(ledger, kept) };
    });
  },
  'schedule.remove': async ({ name }) => {
    const ledger = await effects.begunLedger();
    if (ledger?.schedules.removeRule(name) !== true) throw unknownRule(name);
    return {};
  },
  'schedule.switch': async ({ name, isOn }) => {
    const ledger = await effects.ledger();
    return ledger.atomically(() => {
      const kept = requireRule(ledger, name);
      const changed = { ...kept, rule: keptText({ ...readKeptRule(kept), isOn }) };
      ledger.schedules.saveRule(changed);
      return { rule: listedRule(ledger, changed) };
    });
  },
  'schedule.run': async ({ name }, context) => {
    const ledger = await effects.ledger();
    const rules = name === null ? ledger.schedules.rules() : [requireRule(ledger, name)];
    const outcomes: InferInput<Contract['schedule.run']['output']>['outcomes'] = [];
    // One after the other: a rule must see what the one before it has planned.
    for (const [position, rule] of rules.entries()) {
      context.progress({ fraction: position / rules.length, activity: `Looking at rule ${rule.name}` });
      outcomes.push(await runRule(effects, ledger, rule, context));
    }
    return { outcomes };
  },
});

function requireRule(ledger: Ledger, name: string): KeptRule {
  const kept = ledger.schedules.rule(name);
  if (kept === null) throw unknownRule(name);
  return kept;
}

const unknownRule = (name: string): StrongroomError => new StrongroomError('schedule.unknown', `There is no rule "${name}".`, { name }, 'List the rules with "schedule list".');
