import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { NavItem } from '../frame/sidebar.tsx';
import { DropProblem } from '../files/drop-problem.tsx';
import { filesTransition, handedFact, noFiles } from '../files/files-state.ts';
import { FilesWorkspace } from '../files/files-workspace.tsx';
import { useGapFiles } from '../files/use-gap-files.ts';
import { WindowFrame, type FrameInfo } from '../frame/window-frame.tsx';
import { Workspace } from '../frame/workspace.tsx';
import { GuidePanel } from '../guide/guide-panel.tsx';
import type { CompanionHost } from '../host/client.ts';
import { machine } from '../host/machine.ts';
import { messagesTransition, noMessage } from '../messages/messages-state.ts';
import { MessagesWorkspace } from '../messages/messages-workspace.tsx';
import { unitOf } from '../frame/networks.ts';
import { ErrorNotice } from '../ui/notice.tsx';
import { ProgressView } from '../ui/progress.tsx';
import { UnitContext } from '../ui/unit.ts';
import { careTransition, noCare } from './care/care-state.ts';
import { CareWorkspace } from './care/care-workspace.tsx';
import { coinsTransition, noCoins } from './coins/coins-state.ts';
import { CoinsWorkspace } from './coins/coins-workspace.tsx';
import { combineTransition, nothingCombined } from './combine/combine-state.ts';
import { CombineWorkspace } from './combine/combine-workspace.tsx';
import { companionKnows } from './companion-guide.ts';
import { followQueue, readBooks, readSession, type CompanionContext, type CompanionPlace, type WorkspaceProps } from './context.ts';
import { fileUses } from './files/file-uses.ts';
import { ledgerTransition, openBooks } from './ledger/ledger-state.ts';
import { booksFileTransition, noBooksFile } from './ledger/books-file-state.ts';
import { LedgerWorkspace } from './ledger/ledger-workspace.tsx';
import { firstPage, ledgerPageTransition } from './ledger/page-state.ts';
import { noPeriod, periodTransition } from './ledger/period-state.ts';
import { messagePlaces } from './messages/message-places.ts';
import { checkNode } from './node/node-actions.ts';
import { nodeTransition, noNode } from './node/node-state.ts';
import { NodeWorkspace } from './node/node-workspace.tsx';
import { newPayment, payTransition } from './pay/pay-state.ts';
import { PayWorkspace } from './pay/pay-workspace.tsx';
import { PracticeTools } from './practice-tools.tsx';
import { queueTransition, unreadQueue, type QueueEntry } from './queue/queue-state.ts';
import { isOpen } from './queue/queue-words.ts';
import { QueueWorkspace } from './queue/queue-workspace.tsx';
import { SchedulesWorkspace } from './schedules/schedules-workspace.tsx';
import { noSchedules, schedulesTransition, type SchedulesState } from './schedules/schedules-state.ts';
import { networkOf, nodesOf, sessionTransition, type Session, type SessionEvent } from './session.ts';
import { newSweep, sweepTransition } from './sweep/sweep-state.ts';
import { SweepWorkspace } from './sweep/sweep-workspace.tsx';
import { walletShelf, walletsTransition } from './wallets/wallets-state.ts';
import { WalletsWorkspace } from './wallets/wallets-workspace.tsx';

/** The hot wallet that a practice node keeps; filled in, so that a rehearsal begins with one button. */
const PRACTICE_HOT_WALLET = 'hot';

/** Reads what is stored; where a node was in use, asks it again. */
async function begin(context: CompanionContext): Promise<void> {
  await readSession(context);
  const session = context.session.state.value;
  if (session.stage !== 'ready') return;
  const { node, hotWallet } = session.settings;
  const rehearsalNode = context.info.rehearsal?.node;
  const [url = rehearsalNode ?? '', ...more] = nodesOf(node);
  context.node.send({ type: 'typed', form: { url, more: more.join('\n'), hotWallet: hotWallet ?? (rehearsalNode === undefined ? '' : PRACTICE_HOT_WALLET) } });
  await readBooks(context);
  if (node !== null) await checkNode(context);
}

function workspaceOf(place: CompanionPlace, props: WorkspaceProps) {
  switch (place) {
    case 'node': return <NodeWorkspace {...props} />;
    case 'wallets': return <WalletsWorkspace {...props} />;
    case 'coins': return <CoinsWorkspace {...props} />;
    case 'sweep': return <SweepWorkspace {...props} />;
    case 'schedules': return <SchedulesWorkspace {...props} />;
    case 'pay': return <PayWorkspace {...props} />;
    case 'queue': return <QueueWorkspace {...props} />;
    case 'combine': return <CombineWorkspace {...props} />;
    case 'ledger': return <LedgerWorkspace {...props} />;
    case 'care': return <CareWorkspace {...props} />;
    case 'messages': return <MessagesWorkspace host={props.context.host} messages={props.context.messages} places={messagePlaces(props)} signs={false} missing="Make or import a wallet first; a message belongs to a wallet's address." />;
    case 'files': return <FilesWorkspace host={props.context.host} files={props.context.files} uses={fileUses(props)} />;
  }
}

/** How many plans wait. */
const queueFact = (entries: readonly QueueEntry[] | null): string | undefined => {
  const waiting = (entries ?? []).filter(isOpen).length;
  return waiting === 0 ? undefined : String(waiting);
};

/** How many rules are on, once they were read. */
const dueFact = (rules: SchedulesState['rules']): string | undefined => {
  const on = (rules ?? []).filter(({ isOn }) => isOn).length;
  return on === 0 ? undefined : `${on} on`;
};

/** The Companion's window. */
export function CompanionApp({ host, info }: { readonly host: CompanionHost; readonly info: FrameInfo }) {
  const { context, place } = useMemo(() => {
    const at = signal<CompanionPlace>('node');
    const made: CompanionContext = {
      host,
      info,
      session: machine<Session, SessionEvent>({ stage: 'reading' }, sessionTransition),
      node: machine(noNode, nodeTransition),
      wallets: machine(walletShelf(null), walletsTransition),
      coins: machine(noCoins, coinsTransition),
      sweep: machine(newSweep, sweepTransition),
      schedules: machine(noSchedules, schedulesTransition),
      pay: machine(newPayment, payTransition),
      queue: machine(unreadQueue, queueTransition),
      combine: machine(nothingCombined, combineTransition),
      ledger: machine(openBooks, ledgerTransition),
      booksFile: machine(noBooksFile, booksFileTransition),
      ledgerPage: machine(firstPage, ledgerPageTransition),
      period: machine(noPeriod, periodTransition),
      care: machine(noCare, careTransition),
      messages: machine(noMessage(info.rehearsal === null ? 'mainnet' : 'practice'), messagesTransition),
      files: machine(noFiles, filesTransition),
      running: new Map(),
      go: (to) => { at.value = to; },
    };
    return { context: made, place: at };
  }, []);
  useEffect(() => void begin(context), []);

  const session = context.session.state.value;
  const ready = session.stage === 'ready' ? session : null;
  const books = ready?.books ?? null;
  // What was planned in a place is counted when it is left, and what was sent or confirmed when the books say so; the Queue workspace reads for itself.
  useEffect(() => {
    if (books !== null && place.value !== 'queue') void followQueue(context);
  }, [context, books, place.value]);
  const items: readonly NavItem<CompanionPlace>[] = [
    { place: 'node', name: 'Node', icon: 'node', fact: ready === null || ready.node === null ? undefined : ready.node.synced ? 'in use' : 'catching up' },
    { place: 'wallets', name: 'Wallets', icon: 'wallet', fact: ready === null || ready.wallets.length === 0 ? undefined : String(ready.wallets.length) },
    { place: 'coins', name: 'Coins', icon: 'coins' },
    { place: 'sweep', name: 'Sweep', icon: 'sweep' },
    { place: 'schedules', name: 'Schedules', icon: 'schedule', fact: dueFact(context.schedules.state.value.rules) },
    { place: 'pay', name: 'Pay', icon: 'pay' },
    { place: 'queue', name: 'Queue', icon: 'queue', fact: queueFact(context.queue.state.value.entries) },
    { place: 'combine', name: 'Combine & send', icon: 'combine' },
    { place: 'ledger', name: 'Ledger', icon: 'ledger', fact: ready === null || ready.books === null || ready.books.entries.length === 0 ? undefined : String(ready.books.entries.length) },
    { place: 'care', name: 'Care', icon: 'care' },
    { place: 'messages', name: 'Messages', icon: 'message' },
    { place: 'files', name: 'Files', icon: 'folder', fact: handedFact(context.files.state.value) },
  ];
  const { problem, forget } = useGapFiles(host, context.files, ready === null ? null : fileUses({ context, session: ready }));
  return (
    <WindowFrame
      info={info} network={networkOf(session, info.rehearsal !== null)} items={items} current={place.value} onGo={context.go}
      aside={ready === null || ready.node === null ? 'No node asked yet' : `Tip ${ready.node.height.toLocaleString('en-GB')}`}
      guide={info.rehearsal === null ? null : <GuidePanel edition="companion" known={companionKnows(session, context.combine.state.value)} gapFolder={info.rehearsal.gapFolder} tools={<PracticeTools context={context} />} />}
    >
      {ready !== null ? <UnitContext.Provider value={unitOf(networkOf(session, info.rehearsal !== null))}>{workspaceOf(place.value, { context, session: ready })}</UnitContext.Provider> : (
        <Workspace title="Strongroom Companion" purpose="Reading settings and wallets." words="Nothing to do yet.">
          <div class="page">{session.stage === 'failed' ? <ErrorNotice error={session.error} /> : <ProgressView progress={{ fraction: null, activity: 'Reading settings and wallets' }} />}</div>
        </Workspace>
      )}
      {problem !== null && <DropProblem words={problem} onClose={forget} />}
    </WindowFrame>
  );
}
