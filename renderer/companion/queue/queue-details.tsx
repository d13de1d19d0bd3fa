import { unitOf } from '../../frame/networks.ts';
import { ShowFetchedCodes } from '../../frames/show-codes.tsx';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { counted, satsText } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { QuorumMeter } from '../../ui/quorum-meter.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import { UnitContext } from '../../ui/unit.ts';
import type { CompanionContext } from '../context.ts';
import { bookedText } from '../ledger/entry-words.ts';
import type { NodeUrl } from '../session.ts';
import { feeRateProblem } from '../sweep/sweep-form.ts';
import type { QueueActions } from './queue-actions.ts';
import type { QueueDetails, QueueEntry, QueueState } from './queue-state.ts';
import { isOpen, isReplaceable, signedElsewhere, stateTag, versionWords } from './queue-words.ts';

interface DetailsProps {
  readonly context: CompanionContext;
  readonly state: QueueState;
  readonly details: QueueDetails;
  readonly node: NodeUrl | null;
  readonly actions: QueueActions;
}

const Tag = ({ entry }: { readonly entry: QueueEntry }) => {
  const { words, look } = stateTag(entry);
  return <span class={`tag ${look}`}>{words}</span>;
};

/** Who has signed, who is awaited, and the file that each of them needs. */
function Signatures({ context, state, details: { entry }, actions }: DetailsProps) {
  if (entry.quorum === null) {
    return (
      <>
        <p class="muted">{signedElsewhere(entry)}</p>
        {entry.signers === 'paper' && isOpen(entry) && entry.state !== 'finalized' && (
          <div class="form-actions">
            <Button small disabled={state.isBusy} onPress={() => void actions.hand(entry, null)}>Save the file for the Signer</Button>
            <ShowFetchedCodes host={context.host} what="transaction to sign" disabled={state.isBusy} load={() => actions.nextFile(entry)} />
          </div>
        )}
      </>
    );
  }
  const { signingWallets = [] } = entry;
  const keys = [...entry.signedBy, ...entry.awaited].filter((key, at, all) => all.findIndex((other) => other.fingerprint === key.fingerprint) === at);
  const canHand = isOpen(entry) && entry.state !== 'finalized';
  return (
    <>
      {signingWallets.length > 1
        ? <ul class="caption">{signingWallets.map(({ walletId, name, required, total, stillNeeded }) => <li key={walletId}>{`${name}: ${required} of ${total}, ${stillNeeded === 0 ? 'complete' : `${counted(stillNeeded, 'signature')} missing`}`}</li>)}</ul>
        : signingWallets.map(({ walletId, name }) => <p key={walletId} class="caption">{`Signed by the cosigners of ${name}, out of which it is swept.`}</p>)}
      <QuorumMeter required={entry.quorum.required} keys={keys} signed={entry.signedBy.map(({ fingerprint }) => fingerprint)} thisKey={null} />
      {canHand && (
        <div class="form-actions">
          {entry.awaited.map((cosigner) => (
            <Button key={cosigner.fingerprint} small disabled={state.isBusy} onPress={() => void actions.hand(entry, cosigner.fingerprint)}>{`Save the file for ${cosigner.label}${cosigner.handedAt === null ? '' : ' again'}`}</Button>
          ))}
          <ShowFetchedCodes host={context.host} what="transaction to sign" disabled={state.isBusy} load={() => actions.nextFile(entry)} />
        </div>
      )}
      {canHand && entry.awaited.some(({ handedAt }) => handedAt !== null) && (
        <ul class="caption">{entry.awaited.flatMap(({ label, handedAt }) => (handedAt === null ? [] : [<li key={label}>{label} was handed a file on {bookedText(handedAt)} UTC</li>]))}</ul>
      )}
    </>
  );
}

function Versions({ details }: { readonly details: QueueDetails }) {
  return (
    <Table
      caption="Versions of this payment" rows={details.versions} keyOf={(version) => version.planId} empty=""
      columns={[
        { name: 'Version', cell: (version) => <span class="stack-tight"><span>{versionWords(version)}{version.planId === details.entry.planId && <strong> · shown here</strong>}</span><span class="outpoint">{version.planId}</span></span> },
        { name: 'State', cell: (version) => <Tag entry={version} /> },
        { name: 'Signed by', cell: (version) => version.signedBy.length === 0 ? <span class="muted">nobody</span> : <ul>{version.signedBy.map((signature) => <li key={signature.fingerprint}>{signature.label} <Fingerprint value={signature.fingerprint} /></li>)}</ul> },
        { name: 'Fee', isNumber: true, cell: (version) => <span class="amount-stack"><span>{version.feeRateSatPerVb} sat/vB</span><span class="amount-sats">{satsText(version.feeSats)} sats</span></span> },
      ]}
    />
  );
}

/** What can be done to a payment that waits: more fee, back to the wallet, a child, or nothing any more. */
function Changes({ context, state, details: { entry }, node, actions }: DetailsProps) {
  const canReplace = isReplaceable(entry);
  const canPayForParent = entry.state === 'broadcast';
  const problem = feeRateProblem(state.feeRate);
  if (!canReplace && !canPayForParent && !isOpen(entry)) return null;
  const isOff = state.isBusy || node === null;
  return (
    <Section name="Change it" note={node === null ? 'Needs a node' : undefined}>
      {(canReplace || canPayForParent) && (
        <>
          <TextField label="Fee rate, in sat/vB" size="short" value={state.feeRate} disabled={state.isBusy} onInput={(feeRate) => context.queue.send({ type: 'typed', feeRate })} problem={problem} hint="Empty takes the least that nodes accept in its place." />
          <div class="form-actions">
            {canReplace && <Button disabled={isOff || problem !== null} onPress={() => { if (node !== null) void actions.replace(entry, 'pay.bump', node); }}>Plan a version with a higher fee</Button>}
            {canReplace && <Button disabled={isOff || problem !== null} onPress={() => { if (node !== null) void actions.replace(entry, 'pay.cancel', node); }}>Plan to take it back</Button>}
            {canPayForParent && <Button disabled={isOff || problem !== null || state.feeRate.trim() === ''} onPress={() => { if (node !== null) void actions.payForParent(entry, node); }}>Plan a child that pays for both</Button>}
          </div>
        </>
      )}
      {isOpen(entry) && (
        <>
          <TextField label="Why it is given up" value={state.reason} disabled={state.isBusy} onInput={(reason) => context.queue.send({ type: 'typed', reason })} hint="Stands in the books beside the plan." />
          <div><Button disabled={state.isBusy || state.reason.trim() === ''} onPress={() => void actions.discard(entry)}>Discard this plan</Button></div>
        </>
      )}
    </Section>
  );
}

/** One plan: how far it is, what it pays, who signs, and its other versions. */
export function QueueDetailsView(props: DetailsProps) {
  const { details } = props;
  const { entry } = details;
  return (
    <UnitContext.Provider value={unitOf(entry.network)}>
      <div class="page">
        <div class="detail-head">
          <div class="stack-tight">
            <h2>{entry.kind === 'pay' ? `${counted(entry.payments, 'payment')} out of ${entry.walletName}` : `Sweep into ${entry.walletName}`}</h2>
            <p class="muted">{versionWords(entry)} · planned {bookedText(entry.plannedAt)} UTC · {isOpen(entry) ? `expires ${bookedText(entry.expiresAt)} UTC` : stateTag(entry).words}</p>
          </div>
          <Tag entry={entry} />
        </div>
        <Section name="Amounts">
          <Facts facts={[
            ['Inputs', <Amount key="in" sats={entry.inputsSats} />],
            ['Payments', <Amount key="pay" sats={entry.paymentsSats} />],
            ['Change', <Amount key="change" sats={entry.changeSats} />],
            ['Fee', `${satsText(entry.feeSats)} sats, ${entry.feeRateSatPerVb} sat/vB over ${entry.vsizeVb.toLocaleString('en-GB')} vB`],
            ...(entry.final === null ? [] : [['Transaction id', <span key="txid" class="mono breakable">{entry.final.txid}</span>] as const]),
            ...(entry.by === null ? [] : [['In its place', <span key="by" class="mono breakable">{entry.by}</span>] as const]),
            ...(entry.parentTxid === null ? [] : [['Pays for', <span key="parent" class="mono breakable">{entry.parentTxid}</span>] as const]),
            ...(entry.discarded === null ? [] : [['Discarded', `${bookedText(entry.discarded.at)} UTC: ${entry.discarded.reason}`] as const]),
          ]} />
        </Section>
        <Section name="Signatures" note={entry.quorum === null ? undefined : `${entry.quorum.required} of ${entry.quorum.total}`}><Signatures {...props} /></Section>
        <Section name="Payments" note={counted(details.payments.length, 'output')}>
          <ul class="output-list">
            {details.payments.map((payment, at) => (
              <li key={`${at}-${payment.address}`}>
                <div class="stack-tight">
                  <Address address={payment.address} />
                  {payment.reference !== '' && <span class="caption">{payment.reference}{payment.costCode === null ? '' : ` · ${payment.costCode}`}</span>}
                </div>
                <Amount sats={payment.amountSats} withSats />
              </li>
            ))}
          </ul>
        </Section>
        {details.versions.length > 1 && <Section name="Versions" note="One of them can confirm"><Versions details={details} /></Section>}
        {details.quarantined.length > 0 && (
          <Section name="Refused replies" note="Kept apart by name and hash">
            <Table
              caption="Replies that were refused" rows={details.quarantined} keyOf={(reply) => `${reply.sha256}-${reply.receivedAt}`} empty=""
              columns={[
                { name: 'File', cell: (reply) => <span class="mono breakable">{reply.file}</span> },
                { name: 'Why', cell: (reply) => <span class="mono breakable">{reply.code}</span> },
                { name: 'Came', cell: (reply) => `${bookedText(reply.receivedAt)} UTC` },
              ]}
            />
          </Section>
        )}
        <Changes {...props} />
      </div>
    </UnitContext.Provider>
  );
}
