import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { counted } from '../../ui/amount-text.ts';
import type { SignerContext } from '../context.ts';
import { jobParts, pagesOf } from './job-state.ts';
import { MakeFields } from './make-fields.tsx';
import type { OrderForm } from './order-form.ts';
import { chosenOf, problemOf, type PaperActions } from './paper-actions.ts';
import { PaperTabs } from './paper-tabs.tsx';
import { whatOrder, whatWords } from './paper-words.ts';

function WhatList({ form, disabled, onChange }: { readonly form: OrderForm; readonly disabled: boolean; readonly onChange: (form: OrderForm) => void }) {
  return (
    <div class="list-pane">
      <ul class="what-list" aria-label="What can be made">
        {whatOrder.map((what) => {
          const { name, line, tag } = whatWords[what];
          return (
            <li key={what}>
              <button type="button" class="list-row" disabled={disabled} aria-current={form.what === what} onClick={() => onChange({ ...form, what })}>
                <span class="list-line"><b>{name}</b>
                  <span class={tag === 'secret' || tag === 'has secrets' ? 'tag tag-danger' : 'tag'}><Icon name={tag === 'public' ? 'eye' : tag === 'by hand' ? 'pen' : 'lock-closed'} />{tag}</span>
                </span>
                <span class="muted">{line}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const orderButtons = {
  seed: 'Prepare the seed sheet', shares: 'Divide the key', 'cosigner-card': 'Prepare the cosigner card', wallet: 'Prepare the wallet sheet', 'deposit-addresses': 'Prepare the addresses', template: 'Prepare the form',
} as const;

/** What the button does. */
function orderButton(form: OrderForm): string {
  if (form.what === 'paper-wallets') {
    const count = Number(form.walletCount);
    return Number.isInteger(count) && count > 1 ? `Make ${count} paper wallets` : 'Make the paper wallet';
  }
  return orderButtons[form.what];
}

/** Where an order is filled in. */
export function MakeView({ context, actions }: { readonly context: SignerContext; readonly actions: PaperActions }) {
  const { form, order, job } = context.paper.state.value;
  const isPreparing = order.stage === 'preparing';
  const chosen = chosenOf(context, form);
  const problem = problemOf(form, chosen);
  const change = (changed: OrderForm): void => context.paper.send({ type: 'form-changed', form: changed });
  const words = isPreparing ? 'Preparing. Every page is drawn, read back and compared before it is shown.'
    : job !== null ? 'Another print is open. End it before the next is prepared.'
      : (problem ?? 'Draws the pages and reads each back. Nothing is printed yet.');
  return (
    <Workspace
      title="Paper" purpose="Sheets are made, printed, read back, and kept account of."
      tools={<PaperTabs context={context} />}
      words={words}
      actions={job !== null
        ? <Button kind="primary" onPress={() => context.paper.send({ type: 'shown', view: 'job' })}>Go to the open print</Button>
        : isPreparing
          ? <Button onPress={actions.giveUp}>Stop this</Button>
          : <Button kind="primary" disabled={problem !== null} onPress={() => void actions.prepare()}>{orderButton(form)}</Button>}
    >
      <div class="split">
        <WhatList form={form} disabled={isPreparing} onChange={change} />
        <div class="detail-pane">
          <div class="page stack">
            <div class="stack-tight">
              <h2>{whatWords[form.what].name}</h2>
              <p class="measure">{whatWords[form.what].purpose}</p>
            </div>
            {job !== null && (
              <Notice weight="caution" title="A print is open">
                <p>{counted(job.sheets.length, 'sheet')} ({jobParts(job).map((part) => `${counted(pagesOf(job, part).length, `${part} page`)}`).join(', ')}) wait to be printed or read back.</p>
              </Notice>
            )}
            {isPreparing ? <ProgressView progress={order.progress} /> : <MakeFields form={form} chosen={chosen} context={context} onChange={change} />}
            {order.stage === 'form' && order.error !== null && <ErrorNotice error={order.error} />}
          </div>
        </div>
      </div>
    </Workspace>
  );
}
