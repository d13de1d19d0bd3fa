import { safeParse, type InferInput, type InferOutput } from 'valibot';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { formatClock, parseClock, parseRule, type Rule } from '../../companion/schedule/rule.ts';
import type { KeptRule } from '../../companion/schedule/schedule-store.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { ScheduleRule, type scheduleContract } from '../../host/schedule-wire.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { requireSoundRefill } from './refill-planning.ts';
import { policyOf } from './sweep-preparing.ts';
import { hotWallets } from './sweep-sources.ts';

/** A rule as it is asked for and kept: what decides, and what its plan needs. */
export type RuleInput = InferOutput<typeof ScheduleRule>;
type ListedRule = InferInput<(typeof scheduleContract)['schedule.add']['output']>['rule'];

/** The wallet that money is swept into, or refilled from. */
export const coldWalletOf = (rule: RuleInput): Wallet => parseWalletFile(rule.kind === 'sweep' ? rule.to : rule.from);

/**
 * The part of a rule that decides.
 * @throws StrongroomError `schedule.malformed`, `amount.*`, `fee-rate.*`
 */
export function decidingPart(rule: RuleInput): Rule {
  const ceilingSats = rule.kind === 'sweep' ? rule.policy.ceilingSats : rule.targetSats;
  if (ceilingSats === null || ceilingSats === undefined) {
    throw new StrongroomError('schedule.malformed', 'A rule that sweeps needs the ceiling above which it does.', { reason: 'ceiling-missing' }, 'Give a ceiling; 0 sweeps whatever there is.');
  }
  return parseRule({
    version: 1,
    name: rule.name,
    kind: rule.kind,
    isOn: rule.isOn,
    floorSats: (rule.kind === 'sweep' ? rule.policy.floorSats : rule.floorSats) ?? '0',
    ceilingSats,
    mostFeeRate: rule.mostFeeRate,
    days: rule.days,
    window: rule.window === null ? null : { fromMinute: parseClock(rule.window.from), toMinute: parseClock(rule.window.to) },
    leastHoursBetween: rule.leastHoursBetween,
    renewAfterHours: rule.renewAfterHours,
  });
}

/**
 * Refuses a rule that could never prepare anything: it would only be found out when it is due.
 * @throws StrongroomError as `decidingPart`, `policyOf`, and of its wallet files
 */
export function requireSoundRule(rule: RuleInput): void {
  decidingPart(rule);
  const cold = coldWalletOf(rule);
  if (rule.kind === 'sweep') {
    policyOf(rule.policy);
    if (rule.source.kind === 'wallets') hotWallets(rule.source.wallets, cold);
  } else {
    requireSoundRefill({ floorSats: BigInt(rule.floorSats), targetSats: BigInt(rule.targetSats) });
    if (rule.target.kind === 'wallet') hotWallets([rule.target.wallet], cold);
  }
}

/** The text that is kept of a rule. */
export const keptText = (rule: RuleInput): string => JSON.stringify({ version: 1, rule });

/**
 * A rule from its kept text.
 * @throws StrongroomError `schedule.malformed`
 */
export function readKeptRule({ name, rule }: KeptRule): RuleInput {
  let stored: unknown;
  try {
    stored = JSON.parse(rule);
  } catch {
    stored = null;
  }
  const parsed = typeof stored === 'object' && stored !== null && 'rule' in stored && 'version' in stored && stored.version === 1 ? safeParse(ScheduleRule, stored.rule) : null;
  if (parsed?.success !== true || parsed.output.name !== name) {
    throw new StrongroomError('schedule.malformed', `The rule "${name}" is of a form that this version does not know.`, { reason: 'form', name }, 'Remove the rule and add it again.');
  }
  return parsed.output;
}

/** A rule as people see it, with what it came to last and what it prepared. */
export function listedRule(ledger: Ledger, kept: KeptRule): ListedRule {
  const rule = readKeptRule(kept);
  const { floorSats, ceilingSats, times } = decidingPart(rule);
  const cold = coldWalletOf(rule);
  const run = ledger.schedules.lastRun(rule.name);
  return {
    name: rule.name, kind: rule.kind, isOn: rule.isOn, addedAt: kept.addedAt, node: rule.node,
    hot: hotNames(rule),
    cold: { walletId: policyIdOf(cold).walletId, name: cold.name },
    floorSats: String(floorSats), ceilingSats: String(ceilingSats),
    feeRate: rule.feeRate, mostFeeRate: rule.mostFeeRate,
    days: [...times.days],
    window: times.window === null ? null : { from: formatClock(times.window.fromMinute), to: formatClock(times.window.toMinute) },
    leastHoursBetween: times.leastHoursBetween,
    renewAfterHours: rule.renewAfterHours,
    lastRun: run === null ? null : { ranAt: run.ranAt, outcome: run.outcome, details: run.details === '' ? [] : run.details.split(' ') },
    prepared: ledger.schedules.prepared(rule.name).map(({ planId, preparedAt, fileName }) => ({ planId, preparedAt, fileName })),
  };
}

function hotNames(rule: RuleInput): ListedRule['hot'] {
  const hot = rule.kind === 'sweep' ? rule.source : rule.target;
  switch (hot.kind) {
    case 'node-wallet':
      return { kind: hot.kind, names: [hot.name] };
    case 'wallets':
      return { kind: hot.kind, names: hot.wallets.map((text) => parseWalletFile(text).name) };
    case 'wallet':
      return { kind: hot.kind, names: [parseWalletFile(hot.wallet).name] };
    case 'addresses':
      return { kind: hot.kind, names: [] };
    case 'address':
      return { kind: hot.kind, names: [hot.address] };
  }
}
