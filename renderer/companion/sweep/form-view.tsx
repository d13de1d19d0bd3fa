import { useEffect } from 'preact/hooks';
import { unitOf } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { Amount } from '../../ui/amount.tsx';
import { counted, satsFromBtc } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, Choices, SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { Section } from '../../ui/section.tsx';
import { shortRule } from '../../wallet/policy-sheet.tsx';
import type { CompanionContext } from '../context.ts';
import { nodesOf, type ReadySession } from '../session.ts';
import { WalletChoice } from '../wallet-choice.tsx';
import { HotPicture } from './hot-picture.tsx';
import { PreviewView } from './preview-view.tsx';
import type { SweepActions } from './sweep-actions.ts';
import { conditionsSet, countProblem, feeRateProblem, floorProblem, formProblem, hotKinds, hotWords, otherWallets, percentProblem, satsProblem, type HotKind, type SweepBasis, type SweepForm } from './sweep-form.ts';
import type { SweepState } from './sweep-state.ts';

type FormState = Extract<SweepState, { stage: 'form' }>;

interface FormProps {
  readonly state: FormState;
  readonly basis: SweepBasis;
  readonly context: CompanionContext;
  readonly session: ReadySession;
  readonly actions: SweepActions;
}

interface PartProps extends FormProps {
  readonly isBusy: boolean;
  readonly change: (part: Partial<SweepForm>) => void;
}

const directions = [{ value: 'sweep', name: 'Sweep hot to cold' }, { value: 'refill', name: 'Refill hot from cold' }] as const;
export const head = { title: 'Sweep', purpose: 'Moves money between what is hot and what lies behind the gap.' };

/** What is hot: the node's wallet, a watched one, or addresses. */
function HotChoice({ state, basis, session, isBusy, change }: PartProps) {
  const { form } = state;
  const isSweep = form.direction === 'sweep';
  const names: Readonly<Record<HotKind, string>> = { node: `The node's wallet "${session.settings.hotWallet ?? ''}"`, wallet: 'A wallet that is watched here', addresses: isSweep ? 'Single addresses, such as paper wallets' : 'One address' };
  return (
    <>
      {hotKinds(session).length > 1 && <SelectField label={isSweep ? 'Sweep from' : 'Refill'} value={basis.hot.kind} disabled={isBusy} options={hotKinds(session).map((value) => ({ value, name: names[value] }))} onSelect={(hot) => change({ hot })} />}
      {basis.hot.kind === 'wallet' && (
        <SelectField label="Hot wallet" value={basis.hot.wallet.policy.walletId} disabled={isBusy} options={otherWallets(session, basis.cold).map(({ policy }) => ({ value: policy.walletId, name: `${policy.name} (${shortRule(policy)})` }))}
          onSelect={(hotWalletId) => change({ hotWalletId })} hint="Its own cosigners sign." />
      )}
      {basis.hot.kind === 'addresses' && (isSweep
        ? <TextArea label="Addresses, one a line" mono size="wide" rows={4} value={form.addresses} disabled={isBusy} onInput={(addresses) => change({ addresses })} hint="Addresses only, never keys: the Signer signs with the papers." />
        : <TextField label="Address" mono size="wide" value={form.addresses} disabled={isBusy} onInput={(addresses) => change({ addresses })} hint="Compare it with what the hot wallet itself shows." />)}
    </>
  );
}

/** The limits that a daily sweep does without. */
function MoreConditions({ state: { form }, basis, isBusy, change }: PartProps) {
  const unit = unitOf(basis.cold.policy.network);
  const set = conditionsSet(form);
  return (
    <details class="more">
      <summary><Icon name="chevron" />More conditions{set > 0 && <span class="tag tag-accent">{set} set</span>}</summary>
      <div class="form">
        <div class="form-row">
          <TextField label={`Only above, in ${unit}`} size="short" value={form.ceilingBtc} disabled={isBusy} onInput={(ceilingBtc) => change({ ceilingBtc })} problem={floorProblem(form.ceilingBtc)} hint="Swept only when it holds more." />
          <TextField label="Fee budget, in sats" size="short" value={form.budgetSats} disabled={isBusy} onInput={(budgetSats) => change({ budgetSats })} problem={satsProblem(form.budgetSats)} hint="The most that all of it costs." />
          <TextField label="Fee budget, in percent" size="short" value={form.budgetPercent} disabled={isBusy} onInput={(budgetPercent) => change({ budgetPercent })} problem={percentProblem(form.budgetPercent)} hint="Of what leaves the hot wallet." />
        </div>
        <div class="form-row">
          <TextField label="Long-term rate, in sat/vB" size="short" value={form.longTermRate} disabled={isBusy} onInput={(longTermRate) => change({ longTermRate })} problem={feeRateProblem(form.longTermRate)} hint="Small outputs wait for it." />
          <TextField label="At least confirmations" size="short" value={form.leastConfirmations} disabled={isBusy} onInput={(leastConfirmations) => change({ leastConfirmations })} problem={countProblem(form.leastConfirmations)} hint="Younger outputs stay." />
          <TextField label="At most confirmations" size="short" value={form.mostConfirmations} disabled={isBusy} onInput={(mostConfirmations) => change({ mostConfirmations })} problem={countProblem(form.mostConfirmations)} hint="Older outputs stay." />
        </div>
        <div class="form-row">
          <TextField label="Only with one of these tags" value={form.tags} disabled={isBusy} onInput={(tags) => change({ tags })} hint="As given in Coins, between commas." />
          <TextField label="Never with one of these tags" value={form.excludeTags} disabled={isBusy} onInput={(excludeTags) => change({ excludeTags })} hint="Between commas." />
        </div>
        <Checkbox checked={form.split} disabled={isBusy} onToggle={(split) => change({ split })}>Split into as many transactions as it takes, each to an address of its own</Checkbox>
      </div>
    </details>
  );
}

function SweepFields(props: PartProps) {
  const { state: { form }, basis, session, isBusy, change } = props;
  return (
    <>
      <WalletChoice label="To the cold wallet" session={session} walletId={basis.cold.policy.walletId} disabled={isBusy} onSelect={(walletId) => change({ walletId })} />
      <TextField label={`Keep hot, in ${unitOf(basis.cold.policy.network)}`} size="short" value={form.floorBtc} disabled={isBusy} onInput={(floorBtc) => change({ floorBtc })} problem={floorProblem(form.floorBtc)} hint="The float for daily business. Empty sweeps everything." />
      <TextField label="Fee rate, in sat/vB" size="short" value={form.feeRate} disabled={isBusy} onInput={(feeRate) => change({ feeRate })} problem={feeRateProblem(form.feeRate)} hint="Empty takes the node's estimate." />
      <MoreConditions {...props} />
    </>
  );
}

function RefillFields({ state: { form }, basis, session, isBusy, change }: PartProps) {
  const unit = unitOf(basis.cold.policy.network);
  return (
    <>
      <WalletChoice label="From the cold wallet" session={session} walletId={basis.cold.policy.walletId} disabled={isBusy} onSelect={(walletId) => change({ walletId })} />
      <div class="form-row">
        <TextField label={`When below, in ${unit}`} size="short" value={form.floorBtc} disabled={isBusy} onInput={(floorBtc) => change({ floorBtc })} problem={floorProblem(form.floorBtc)} />
        <TextField label={`Up to, in ${unit}`} size="short" value={form.targetBtc} disabled={isBusy} onInput={(targetBtc) => change({ targetBtc })} problem={floorProblem(form.targetBtc)} />
      </div>
      <TextField label="Fee rate, in sat/vB" size="short" value={form.feeRate} disabled={isBusy} onInput={(feeRate) => change({ feeRate })} problem={feeRateProblem(form.feeRate)} hint="Empty takes the node's estimate." />
    </>
  );
}

/** Where a sweep or a refill is said, previewed and planned. */
export function FormView(props: FormProps) {
  const { state, basis, context, actions } = props;
  const { form, balance, preview } = state;
  const isBusy = state.work !== null;
  const change = (part: Partial<SweepForm>): void => context.sweep.send({ type: 'form-changed', form: part });
  const hotWallet = basis.hot.kind === 'node' ? basis.hot.name : null;
  useEffect(() => { if (hotWallet !== null) void actions.readBalance(basis.node, hotWallet); }, [nodesOf(basis.node).join('\n'), hotWallet]);
  const problem = formProblem(form, basis.hot);
  const isSweep = form.direction === 'sweep';
  const words = isSweep ? `Plans a sweep from ${hotWords(basis.hot)} to ${basis.cold.policy.name}. Nothing moves yet.` : `Plans a payment from ${basis.cold.policy.name} to ${hotWords(basis.hot)}. Nothing is signed or sent.`;
  const part: PartProps = { ...props, isBusy, change };
  return (
    <Workspace {...head}
      words={problem ?? (isBusy ? 'Working. Nothing moves.' : words)}
      actions={<>
        {isSweep && <Button disabled={problem !== null || isBusy} onPress={() => void actions.preview(basis)}>Preview the cost</Button>}
        <Button kind="primary" disabled={problem !== null || isBusy} onPress={() => void actions.plan(basis)}>{isSweep ? 'Plan the sweep' : 'Plan the refill'}</Button>
      </>}
    >
      <div class="page">
        <Choices legend="Direction" value={form.direction} options={directions} onSelect={(direction) => change({ direction })} />
        {hotWallet !== null && (
          <Section name="Hot wallet" note={`"${hotWallet}" on the node`}>
            {balance === null ? <p class="muted">{state.error === null ? 'Asking the node for its balance.' : 'Its balance is not known.'}</p> : isSweep ? <HotPicture balanceSats={BigInt(balance.balanceSats)} staysSats={BigInt(satsFromBtc(form.floorBtc) ?? '0')} utxos={balance.utxos} /> : <span class="total"><Amount sats={balance.balanceSats} withSats /></span>}
          </Section>
        )}
        <Section name={isSweep ? 'Sweep' : 'Refill'}>
          <HotChoice {...part} />
          {isSweep ? <SweepFields {...part} /> : <RefillFields {...part} />}
        </Section>
        {state.work !== null && <ProgressView progress={state.work} onCancel={actions.stop} />}
        {state.error !== null && <ErrorNotice error={state.error} />}
        {preview !== null && <Section name="Cost" note={`${counted(preview.hot.outputs, 'output')} could be swept`}><PreviewView preview={preview} /></Section>}
      </div>
    </Workspace>
  );
}
