import type { ComponentChildren } from 'preact';
import { Address } from '../ui/address.tsx';
import { Amount } from '../ui/amount.tsx';
import { unitOf, type NetworkName } from '../frame/networks.ts';
import { counted, percentText, satsText } from '../ui/amount-text.ts';
import { UnitContext } from '../ui/unit.ts';
import { Facts } from '../ui/facts.tsx';
import { FindingList } from '../ui/finding-list.tsx';
import { Fingerprint } from '../ui/fingerprint.tsx';
import { Icon } from '../ui/icon.tsx';
import { QuorumMeter, type QuorumKey } from '../ui/quorum-meter.tsx';
import { Section } from '../ui/section.tsx';
import { quorumWords, scriptOf, type Policy } from '../wallet/policy-sheet.tsx';
import { Arithmetic } from './arithmetic.tsx';
import type { ModelChange, ModelInput, ModelPayment, ReviewModel } from './model.ts';

function Payments({ payments }: { readonly payments: readonly ModelPayment[] }) {
  if (payments.length === 0) return <p class="muted">Nothing leaves the wallet; only the fee is spent.</p>;
  return (
    <ol class="payment-list">
      {payments.map((payment, index) => (
        <li key={payment.key}>
          <span class="payment-number">{index + 1}</span>
          <span>
            {payment.address === null
              ? <span class="mono breakable">Script without an address: {payment.scriptHex}</span>
              : <Address address={payment.address} />}
            {payment.reference !== null && <span class="payment-reference">{payment.reference}</span>}
            {payment.proof !== null && <span class="proof"><Icon name="check" />{payment.proof}</span>}
          </span>
          <span class="payment-amount"><Amount sats={payment.amountSats} withSats /></span>
        </li>
      ))}
    </ol>
  );
}

function Change({ change }: { readonly change: readonly ModelChange[] }) {
  if (change.length === 0) return <p class="muted">No change: the inputs are spent entirely.</p>;
  return (
    <ul class="payment-list">
      {change.map((output) => (
        <li key={output.key}>
          <span />
          <span>
            <Address address={output.address} />
            <span class={`proof${output.isProven ? '' : ' muted'}`}><Icon name={output.isProven ? 'check' : 'note'} />{output.proof}</span>
          </span>
          <span class="payment-amount"><Amount sats={output.amountSats} withSats /></span>
        </li>
      ))}
    </ul>
  );
}

function Inputs({ inputs }: { readonly inputs: readonly ModelInput[] }) {
  const unproven = inputs.filter((input) => !input.isProven).length;
  return (
    <details>
      <summary>
        <Icon name="chevron" />
        {counted(inputs.length, 'input')}{unproven === 0 ? '' : `, ${unproven} with an unproven amount`}
      </summary>
      <ol class="payment-list">
        {inputs.map((input, index) => (
          <li key={input.key}>
            <span class="payment-number">{index + 1}</span>
            <span>
              <span class="mono breakable">{input.outpoint}</span>
              {input.sequence !== null && <span class="caption">Sequence <span class="mono">{input.sequence}</span></span>}
              <span class={`proof${input.isProven ? ' muted' : ' unproven'}`}><Icon name={input.isProven ? 'check' : 'refuse'} />{input.proof}</span>
              {input.signedBy.length > 0 && <span class="caption inline">Signed by {input.signedBy.map((fingerprint) => <Fingerprint key={fingerprint} value={fingerprint} />)}</span>}
            </span>
            <span class="payment-amount"><Amount sats={input.amountSats} withSats /></span>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** "1,410 sats", "5 sat/vB", "0.01 % of the payments". */
function Fee({ model }: { readonly model: ReviewModel }) {
  // What is proven to go to an own wallet does not leave; the host counts the fee against the same.
  const base = model.payments.some((payment) => payment.amountSats > 0n && payment.proof === null) ? 'payments' : 'inputs';
  return (
    <div class="fee-line">
      <div><span class="caption">Fee</span><strong>{satsText(model.feeSats)} sats</strong></div>
      <div><span class="caption">Fee rate</span><strong>{model.feeRateSatPerVb} sat/vB</strong></div>
      <div><span class="caption">Of the {base}</span><strong>{percentText(model.feePercent)}</strong></div>
    </div>
  );
}

interface ReviewSheetProps {
  readonly model: ReviewModel;
  /** Whose unit the amounts have. */
  readonly network: NetworkName;
  readonly quorum: { readonly required: number; readonly keys: readonly QuorumKey[]; readonly signed: readonly string[]; readonly thisKey: string | null } | null;
  /** Codes already judged; `null` where the sheet is only read. */
  readonly acknowledged: ReadonlySet<string> | null;
  readonly onAcknowledge?: (code: string, acknowledged: boolean) => void;
  /** The registered wallets that it spends from, where they are known. */
  readonly wallets?: readonly Policy[];
  /** What a plan has to say besides; stands where a review has its findings. */
  readonly planNotes?: ComponentChildren;
  /** Below the inputs: facts of the file itself. */
  readonly footer?: ComponentChildren;
}

/**
 * The review, always in this order: arithmetic, payments one by one, change with its proof, fee, terms, findings, quorum, inputs.
 * The verdict stands above it and the action below it.
 */
export function ReviewSheet({ model, network, quorum, acknowledged, onAcknowledge = () => undefined, wallets = [], planNotes, footer }: ReviewSheetProps) {
  return (
    <UnitContext.Provider value={unitOf(network)}>
    <div class="review-sheet">
      <Section name="Arithmetic" note={`In ${unitOf(network)}`}><Arithmetic model={model} /></Section>
      <Section name="Payments" note={counted(model.payments.length, 'recipient')}><Payments payments={model.payments} /></Section>
      <Section name="Change"><Change change={model.change} /></Section>
      <Section name="Fee"><Fee model={model} /></Section>
      {model.terms !== null && <Section name="Terms" note="What the transaction says of its own validity"><Facts facts={model.terms} /></Section>}
      {model.findings.length > 0 && (
        <Section name="Findings" note={counted(model.findings.length, 'finding')}>
          <FindingList findings={model.findings} acknowledged={acknowledged} onAcknowledge={onAcknowledge} />
        </Section>
      )}
      {planNotes}
      {quorum !== null && <Section name="Quorum"><QuorumMeter {...quorum} /></Section>}
      <Section name="Inputs">
        {wallets.map((policy) => <p key={policy.walletId}>From {policy.name}: {scriptOf(policy)}, {quorumWords(policy)}.</p>)}
        <Inputs inputs={model.inputs} />
      </Section>
      {footer}
    </div>
    </UnitContext.Provider>
  );
}
