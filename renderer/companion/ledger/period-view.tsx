import { useEffect } from 'preact/hooks';
import { Amount } from '../../ui/amount.tsx';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { base64OfText, textOfBase64 } from '../../ui/file-content.ts';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import { beginWork, readBooks, type CompanionContext } from '../context.ts';
import type { ReadySession } from '../session.ts';
import { bookedText, exceptionWords } from './entry-words.ts';
import type { Closed, PeriodState } from './period-state.ts';

function periodActions(context: CompanionContext, session: ReadySession) {
  const { host, period } = context;
  const wallets = session.wallets.map(({ wallet }) => wallet);
  const begin = (activity: string) => {
    const signal = beginWork(context, 'period');
    period.send({ type: 'working', progress: { fraction: null, activity } });
    return { signal, onProgress: (progress: { readonly fraction: number | null; readonly activity: string }) => { if (!signal.aborted) period.send({ type: 'working', progress }); } };
  };
  const failed = (error: Parameters<typeof period.send>[0] & { readonly type: 'failed' }): void => period.send(error.error.code === 'host.cancelled' ? { type: 'stopped' } : error);

  const readCloses = async (): Promise<void> => {
    const reply = await host['ledger.closes']({});
    period.send(reply.ok ? { type: 'found', found: { closes: reply.value.periods } } : { type: 'failed', error: reply.error });
  };
  const close = async (node: NonNullable<ReadySession['settings']['node']>): Promise<void> => {
    const { from, to } = period.state.value;
    const reply = await host['ledger.close']({ wallets, node, from: from.trim() === '' ? null : from.trim(), to: to.trim() }, begin('Bringing the books up to date and closing the period'));
    if (!reply.ok) return failed({ type: 'failed', error: reply.error });
    period.send({ type: 'found', found: { closed: reply.value } });
    await readCloses();
    await readBooks(context);
  };
  const save = async (closed: Closed, part: 'json' | 'pdf'): Promise<void> => {
    const reply = await host['file.save']({ kind: 'close', suggestedName: `${closed.suggestedName}.${part}`, contentBase64: part === 'json' ? base64OfText(closed.content) : closed.pdfBase64 });
    if (!reply.ok) return period.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs !== null) period.send({ type: 'saved', savedAs: reply.value.savedAs });
  };
  const verify = async (node: NonNullable<ReadySession['settings']['node']>): Promise<void> => {
    const opened = await host['file.open']({ kind: 'close', several: false });
    if (!opened.ok) return period.send({ type: 'failed', error: opened.error });
    const [file] = opened.value.files;
    if (file === undefined) return;
    const reply = await host['ledger.verify-close']({ content: textOfBase64(file.contentBase64), wallets, node }, begin('Working the close out again from the node alone'));
    if (!reply.ok) return failed({ type: 'failed', error: reply.error });
    period.send({ type: 'found', found: { checked: reply.value } });
  };
  return { readCloses, close, save, verify, stop: () => context.running.get('period')?.abort() };
}

function ClosedView({ closed, state, onSave }: { readonly closed: Closed; readonly state: PeriodState; readonly onSave: (part: 'json' | 'pdf') => void }) {
  return (
    <>
      <Notice weight={closed.exceptions.length === 0 ? 'verified' : 'caution'} title={closed.exceptions.length === 0 ? 'Closed without exceptions' : `Closed with ${counted(closed.exceptions.length, 'exception')}: look at each`}>
        <Facts facts={[
          ['Blocks', `${closed.from.height.toLocaleString('en-GB')} to ${closed.to.height.toLocaleString('en-GB')}`],
          ['Last block', <span key="block" class="mono breakable">{closed.to.hash}</span>],
          ['Transactions', closed.transactions.toLocaleString('en-GB')],
          ['SHA-256 of the close', <span key="sha" class="mono breakable">{closed.sha256}</span>],
        ]} />
      </Notice>
      <Table
        caption="Wallets of the period" rows={closed.wallets} keyOf={(wallet) => wallet.walletId} empty=""
        columns={[
          { name: 'Wallet', cell: (wallet) => wallet.walletName },
          { name: 'Opening', isNumber: true, cell: (wallet) => <Amount sats={wallet.openingSats} /> },
          {
            name: 'In between', isNumber: true, cell: (wallet) => (
              <dl class="sums">
                {([['Received', wallet.receiptsSats], ['From own wallets', wallet.transfersInSats], ['Paid', `-${wallet.paymentsSats}`], ['To own wallets', `-${wallet.transfersOutSats}`], ['Fees', `-${wallet.feesSats}`]] as const)
                  .filter(([, sats]) => BigInt(sats) !== 0n).map(([name, sats]) => <div key={name}><dt>{name}</dt><dd><Amount sats={BigInt(sats)} signed /></dd></div>)}
              </dl>
            ),
          },
          { name: 'Closing', isNumber: true, cell: (wallet) => <Amount sats={wallet.closingSats} /> },
        ]}
      />
      {closed.exceptions.length > 0 && (
        <Table
          caption="Exceptions" rows={closed.exceptions} keyOf={(exception) => `${exception.code}-${exception.subject}`} empty=""
          columns={[{ name: 'What', cell: (exception) => <div class="stack-tight"><span>{exceptionWords(exception.code)}</span><span class="caption">{exception.code}</span></div> }, { name: 'About', cell: (exception) => <span class="mono breakable">{exception.subject}</span> }, { name: 'Detail', cell: (exception) => exception.detail }]}
        />
      )}
      <div class="form-actions"><Button onPress={() => onSave('json')}>Save the close</Button><Button onPress={() => onSave('pdf')}>Save it as PDF</Button></div>
      {state.savedAs.map((savedAs) => <p key={savedAs} class="mono breakable">{savedAs}</p>)}
    </>
  );
}

/** Periods: closing them, and proving closes. */
export function PeriodView({ context, session }: { readonly context: CompanionContext; readonly session: ReadySession }) {
  const state = context.period.state.value;
  const actions = periodActions(context, session);
  useEffect(() => void actions.readCloses(), []);
  const { node } = session.settings;
  const isBusy = state.progress !== null;
  const { closed, checked } = state;
  return (
    <Section name="Periods" note={state.closes === null ? undefined : counted(state.closes.length, 'close')}>
      <div class="form-row">
        <TextField label="From block or day" size="short" value={state.from} disabled={isBusy} onInput={(from) => context.period.send({ type: 'typed', from })} hint="Empty goes on from the last close." />
        <TextField label="To block or day" size="short" value={state.to} disabled={isBusy} onInput={(to) => context.period.send({ type: 'typed', to })} hint="A height, or 2026-11-30 (UTC)." />
      </div>
      <div class="form-actions">
        <Button disabled={isBusy || node === null || state.to.trim() === '' || session.wallets.length === 0} onPress={() => { if (node !== null) void actions.close(node); }}>Close the period</Button>
        <Button disabled={isBusy || node === null} onPress={() => { if (node !== null) void actions.verify(node); }}>Verify a close with the node</Button>
      </div>
      {state.error !== null && <ErrorNotice error={state.error} />}
      {state.progress !== null && <ProgressView progress={state.progress} onCancel={actions.stop} />}
      {closed !== null && <ClosedView closed={closed} state={state} onSave={(part) => void actions.save(closed, part)} />}
      {checked !== null && (
        <Notice weight={checked.equal ? 'verified' : 'danger'} title={checked.equal ? 'The node comes to the same close' : 'The node comes to something else'}>
          <p class="mono breakable">{checked.sha256}</p>
          {checked.differences.map((difference) => <p key={`${difference.what}-${difference.subject}`} class="breakable">{difference.what} {difference.subject}: stated {difference.stated ?? 'nothing'}, found {difference.found ?? 'nothing'}</p>)}
        </Notice>
      )}
      {(state.closes ?? []).length > 0 && (
        <Table
          caption="Closed periods" rows={[...(state.closes ?? [])].reverse()} keyOf={(period) => period.sha256} empty=""
          columns={[
            { name: 'Blocks', cell: (period) => <span class="nowrap">{period.fromHeight.toLocaleString('en-GB')} to {period.to.height.toLocaleString('en-GB')}</span> },
            { name: 'Closed (UTC)', cell: (period) => bookedText(period.closedAt) },
            { name: 'Closing', isNumber: true, cell: (period) => <span class="amount-stack">{period.wallets.map((wallet) => <Amount key={wallet.walletId} sats={wallet.closingSats} />)}</span> },
            { name: 'SHA-256', cell: (period) => <span class="outpoint breakable">{period.sha256}</span> },
          ]}
        />
      )}
    </Section>
  );
}
