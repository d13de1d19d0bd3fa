import { useEffect } from 'preact/hooks';
import { Workspace } from '../../frame/workspace.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import { readBooks, type WorkspaceProps } from '../context.ts';
import { nodesOf, type Audit, type ReadySession } from '../session.ts';
import { booksFileActions } from './books-file-actions.ts';
import { BooksFileView } from './books-file-view.tsx';
import { EntriesView } from './entries-view.tsx';
import { ledgerActions } from './ledger-actions.ts';
import { PeriodView } from './period-view.tsx';

type AuditClass = NonNullable<Audit['differences'][number]['class']>;
const classWords: Readonly<Record<AuditClass, string>> = {
  'unknown-receipt': 'Money arrived that the books do not know', 'missing-transaction': 'The node does not know the transaction', 'unconfirmed-too-long': 'Waits for a block too long', reorganised: 'Its block left the chain',
  'beyond-gap-limit': 'At an address beyond those that are watched', 'pruned-history': 'In blocks that the node threw away', 'wrong-descriptor': 'The node watches another wallet', 'damaged-books': 'The books are damaged',
};

const differenceWords = { 'missing-in-ledger': 'Not in the books', 'missing-in-node': 'Not in the node', amount: 'Another amount' } as const;

interface AuditViewProps {
  readonly audit: Audit;
  /** The addresses of the nodes that were asked, in their order. */
  readonly nodes: readonly string[];
  readonly disabled: boolean;
  /** Has the node watch the wallet as far as an address. */
  readonly onWiden: (to: number) => void;
}

function AuditView({ audit, nodes, disabled, onWiden }: AuditViewProps) {
  const sources = audit.sources ?? [];
  if (audit.agrees) {
    return <p class="tag tag-verified"><Icon name="check" />Audited at height {audit.height.toLocaleString('en-GB')}: {sources.length > 1 ? `each of ${sources.length} nodes counts` : 'the node counts'} the same</p>;
  }
  const differing = sources.filter(({ agrees }) => !agrees).length;
  return (
    <Notice weight="danger" title={sources.length > 1 ? `The books and ${differing} of ${sources.length} nodes disagree` : 'The books and the node disagree'}>
      <p>Books <Amount sats={audit.ledgerSats} />, node <Amount sats={audit.nodeSats} />.</p>
      {sources.length > 1 && (
        <ul aria-label="Each node by itself">
          {sources.map(({ source, agrees, nodeSats }) => <li key={source}><span class="mono breakable">{nodes[source - 1] ?? `node ${source}`}</span> {agrees ? 'counts the same' : <><strong class="risk-danger">disagrees</strong>: <Amount sats={nodeSats} /></>}</li>)}
        </ul>
      )}
      <Table
        caption="Differences" rows={audit.differences} keyOf={(difference) => difference.outpoint} empty=""
        columns={[
          {
            name: 'Output, why it differs, and what repairs it',
            cell: (difference) => (
              <div class="stack-tight">
                <span>{differenceWords[difference.kind]}{difference.class === undefined ? '' : `: ${classWords[difference.class]}`}</span>
                <span class="mono breakable">{difference.outpoint}</span>
                {difference.repair !== undefined && <span class="muted">{difference.repair.text}</span>}
                <WidenButton difference={difference} disabled={disabled} onWiden={onWiden} />
              </div>
            ),
          },
          { name: 'Amount', isNumber: true, cell: (difference) => <Amount sats={difference.amountSats} /> },
        ]}
      />
    </Notice>
  );
}

/** Beside money that is too far out, where the node showed the address that it is on. */
function WidenButton({ difference: { repair, place }, disabled, onWiden }: Omit<AuditViewProps, 'audit' | 'nodes'> & { readonly difference: Audit['differences'][number] }) {
  if (repair?.code !== 'widen-watch' || place === undefined) return null;
  return <span><Button small disabled={disabled} onPress={() => onWiden(place.index)}>{`Watch up to address ${place.index.toLocaleString('en-GB')} and book it`}</Button></span>;
}

interface BalancesProps {
  readonly session: ReadySession;
  readonly auditing: boolean;
  readonly onAudit: (walletId: string) => void;
  readonly onWiden: (walletId: string, to: number) => void;
}

function Balances({ session, auditing, onAudit, onWiden }: BalancesProps) {
  const balances = session.books?.balances ?? [];
  return (
    <>
      {balances.map((balance) => {
        const audit = session.audits.get(balance.walletId);
        const view = audit === undefined ? null : <AuditView audit={audit} nodes={nodesOf(session.settings.node)} disabled={auditing || session.settings.node === null} onWiden={(to) => onWiden(balance.walletId, to)} />;
        return (
          <div key={balance.walletId} class="balance-row">
            <div class="stack-tight">
              <span class="emphasis">{balance.walletName}</span>
              {audit === undefined ? <span class="muted">Not audited in this session</span> : audit.agrees && view}
            </div>
            <div class="balance">
              <span class="total"><Amount sats={balance.confirmedSats} withSats /></span>
              {balance.unconfirmedSats !== '0' && <span class="risk-caution">unconfirmed <Amount sats={balance.unconfirmedSats} signed /></span>}
            </div>
            {session.settings.node !== null && <Button small disabled={auditing} onPress={() => onAudit(balance.walletId)}>Audit</Button>}
            {audit?.agrees === false && <div class="balance-disagreement">{view}</div>}
          </div>
        );
      })}
    </>
  );
}

/** The books: what happened to each wallet, and whether the chain agrees. */
export function LedgerWorkspace({ context, session }: WorkspaceProps) {
  const actions = ledgerActions(context, session);
  const state = context.ledger.state.value;
  const file = booksFileActions(context);
  const isFileBusy = context.booksFile.state.value.stage === 'working';
  useEffect(() => {
    void readBooks(context).then((error) => { if (error !== null) context.ledger.send({ type: 'failed', error }); });
  }, []);
  const { node } = session.settings;
  const entries = session.books?.entries ?? [];
  const unfinished = session.books?.unfinished ?? [];
  const isEmpty = entries.length === 0;
  const isBusy = state.stage === 'reading' || state.stage === 'auditing';
  const withWallet = (walletId: string, work: (wallet: ReadySession['wallets'][number], from: NonNullable<typeof node>) => Promise<void>): void => {
    const wallet = session.wallets.find((candidate) => candidate.policy.walletId === walletId);
    if (wallet !== undefined && node !== null) void work(wallet, node);
  };
  const words = node === null ? 'No node is set; the books cannot be brought up to date.' : state.stage === 'auditing' ? state.isWidening === true ? 'The node looks through the past of the wallet for more addresses.' : 'Counting every coin of the chain that belongs to the wallet.' : 'Asks the node for confirmations, and books what it finds in the wallets.';
  return (
    <Workspace
      title="Ledger" purpose="The books: one line for what each transaction did to a wallet."
      tools={<><Button disabled={isEmpty || isBusy || isFileBusy} onPress={() => void file.exportBooks('csv')}>Export CSV</Button><Button disabled={isEmpty || isBusy || isFileBusy} onPress={() => void file.exportBooks('json')}>Export JSON</Button></>}
      words={words}
      actions={node === null ? <Button kind="primary" onPress={() => context.go('node')}>Go to Node</Button> : <Button kind="primary" disabled={isBusy || session.wallets.length === 0} onPress={() => void actions.refresh(node)}>Bring the books up to date</Button>}
    >
      {isEmpty && state.stage === 'ready' && (
        <EmptyState icon="ledger" title="The books are empty">
          <p>Sweeps and payments that are broadcast here book themselves. What arrives from elsewhere is booked when the books are brought up to date.</p>
        </EmptyState>
      )}
      <div class="page">
        {state.stage === 'failed' && <ErrorNotice error={state.error} />}
        {state.stage === 'reading' && <ProgressView progress={state.progress} onCancel={actions.stopRefresh} />}
        {state.stage === 'auditing' && <ProgressView progress={state.progress} onCancel={actions.stopAudit} />}
        {state.stage === 'ready' && state.unsent.length > 0 && (
          <Notice weight="caution" title="The node does not know transactions that were to be sent"><p>Broadcast them again:</p><ul class="mono breakable">{state.unsent.map((txid) => <li key={txid}>{txid}</li>)}</ul></Notice>
        )}
        {state.stage !== 'reading' && unfinished.length > 0 && (
          <Notice weight="caution" title="The books are not complete">
            {unfinished.map(({ walletId, walletName, booked, total }) => <p key={walletId}>{walletName}: {booked.toLocaleString('en-GB')} of {total.toLocaleString('en-GB')} transactions are booked. Bring the books up to date for the rest; until then balances and lists lack them.</p>)}
          </Notice>
        )}
        {!isEmpty && <Section name="Balances"><Balances session={session} auditing={isBusy} onAudit={(walletId) => withWallet(walletId, actions.audit)} onWiden={(walletId, to) => withWallet(walletId, (wallet, from) => actions.widen(wallet, from, to))} /></Section>}
        {!isEmpty && <PeriodView context={context} session={session} />}
        <BooksFileView context={context} isBusy={isBusy} />
        {!isEmpty && <EntriesView context={context} session={session} version={session.books} />}
      </div>
    </Workspace>
  );
}
