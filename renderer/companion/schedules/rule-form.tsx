import { unitOf } from '../../frame/networks.ts';
import { Checkbox, Choices, SelectField, TextField } from '../../ui/field.tsx';
import { Section } from '../../ui/section.tsx';
import { shortRule } from '../../wallet/policy-sheet.tsx';
import type { CompanionContext } from '../context.ts';
import type { ReadySession, StoredWallet } from '../session.ts';
import { feeRateProblem, floorProblem, hotKinds, otherWallets, percentProblem, type HotKind, type HotSide } from '../sweep/sweep-form.ts';
import { WalletChoice } from '../wallet-choice.tsx';
import { dayName } from './schedule-words.ts';
import { clockProblem, DAYS, hoursBetweenProblem, nameProblem, renewProblem, type RuleForm } from './schedules-state.ts';

interface RuleFormProps {
  readonly context: CompanionContext;
  readonly session: ReadySession;
  readonly form: RuleForm;
  readonly hot: HotSide;
  readonly cold: StoredWallet;
}

const kinds = [{ value: 'sweep', name: 'Sweep hot to cold' }, { value: 'refill', name: 'Refill hot from cold' }] as const;

/** A rule as it is written. */
export function RuleFormView({ context, session, form, hot, cold }: RuleFormProps) {
  const change = (part: Partial<RuleForm>): void => context.schedules.send({ type: 'typed', form: part });
  const unit = unitOf(cold.policy.network);
  const isSweep = form.kind === 'sweep';
  const hotNames: Readonly<Record<HotKind, string>> = { node: `The node's wallet "${session.settings.hotWallet ?? ''}"`, wallet: 'A wallet that is watched here', addresses: '' };
  const offered = hotKinds(session).filter((kind) => kind !== 'addresses');
  return (
    <>
      <Section name="What">
        <TextField label="Name of the rule" value={form.name} onInput={(name) => change({ name })} problem={nameProblem(form.name)} hint="Small letters, digits and dashes." />
        <Choices legend="What it prepares" value={form.kind} options={kinds} onSelect={(kind) => change({ kind })} />
        {offered.length > 1 && <SelectField label="Hot side" value={hot.kind} options={offered.map((value) => ({ value, name: hotNames[value] }))} onSelect={(kind) => change({ hot: kind })} />}
        {hot.kind === 'wallet' && (
          <SelectField label="Hot wallet" value={hot.wallet.policy.walletId} options={otherWallets(session, cold).map(({ policy }) => ({ value: policy.walletId, name: `${policy.name} (${shortRule(policy)})` }))} onSelect={(hotWalletId) => change({ hotWalletId })} />
        )}
        <WalletChoice label="Cold wallet" session={session} walletId={cold.policy.walletId} onSelect={(walletId) => change({ walletId })} />
        <div class="form-row">
          <TextField label={isSweep ? `When above, in ${unit}` : `When below, in ${unit}`} size="short" value={isSweep ? form.ceilingBtc : form.floorBtc} onInput={(typed) => change(isSweep ? { ceilingBtc: typed } : { floorBtc: typed })} problem={floorProblem(isSweep ? form.ceilingBtc : form.floorBtc)} />
          <TextField label={isSweep ? `Down to, in ${unit}` : `Up to, in ${unit}`} size="short" value={isSweep ? form.floorBtc : form.ceilingBtc} onInput={(typed) => change(isSweep ? { floorBtc: typed } : { ceilingBtc: typed })} problem={floorProblem(isSweep ? form.floorBtc : form.ceilingBtc)} />
        </div>
      </Section>
      <Section name="When" note="Times are UTC">
        <fieldset class="choices field field-wide">
          <legend>On these days; none means every day</legend>
          {DAYS.map((day) => <Checkbox key={day} checked={form.days.includes(day)} onToggle={(is) => change({ days: is ? [...form.days, day] : form.days.filter((other) => other !== day) })}>{dayName(day)}</Checkbox>)}
        </fieldset>
        <div class="form-row">
          <TextField label="From" size="short" value={form.from} onInput={(from) => change({ from })} problem={clockProblem(form.from)} hint="Such as 22:00." />
          <TextField label="Until" size="short" value={form.to} onInput={(to) => change({ to })} problem={clockProblem(form.to)} hint="Empty: the whole day." />
        </div>
        <div class="form-row">
          <TextField label="At most, in sat/vB" size="short" value={form.mostFeeRate} onInput={(mostFeeRate) => change({ mostFeeRate })} problem={feeRateProblem(form.mostFeeRate)} hint="Waits while fees are higher." />
          {isSweep && <TextField label="Fee budget, in percent" size="short" value={form.budgetPercent} onInput={(budgetPercent) => change({ budgetPercent })} problem={percentProblem(form.budgetPercent)} hint="Of what leaves the hot wallet." />}
        </div>
        <div class="form-row">
          <TextField label="Hours between two" size="short" value={form.hoursBetween} onInput={(hoursBetween) => change({ hoursBetween })} problem={hoursBetweenProblem(form.hoursBetween)} hint="At least so many." />
          <TextField label="Prepare anew after hours" size="short" value={form.renewAfterHours} onInput={(renewAfterHours) => change({ renewAfterHours })} problem={renewProblem(form.renewAfterHours)} hint="If nobody sent it. Empty: never." />
        </div>
      </Section>
    </>
  );
}
