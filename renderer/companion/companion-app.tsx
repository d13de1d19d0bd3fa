import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { NavItem } from '../frame/sidebar.tsx';
import { WindowFrame, type FrameInfo } from '../frame/window-frame.tsx';
import { Workspace } from '../frame/workspace.tsx';
import { GuidePanel } from '../guide/guide-panel.tsx';
import type { CompanionHost } from '../host/client.ts';
import { machine } from '../host/machine.ts';
import { ErrorNotice } from '../ui/notice.tsx';
import { ProgressView } from '../ui/progress.tsx';
import { combineTransition, nothingCombined } from './combine/combine-state.ts';
import { CombineWorkspace } from './combine/combine-workspace.tsx';
import { companionKnows } from './companion-guide.ts';
import { readBooks, readSession, type CompanionContext, type CompanionPlace, type WorkspaceProps } from './context.ts';
import { ledgerTransition, openBooks } from './ledger/ledger-state.ts';
import { LedgerWorkspace } from './ledger/ledger-workspace.tsx';
import { checkNode } from './node/node-actions.ts';
import { nodeTransition, noNode } from './node/node-state.ts';
import { NodeWorkspace } from './node/node-workspace.tsx';
import { newPayment, payTransition } from './pay/pay-state.ts';
import { PayWorkspace } from './pay/pay-workspace.tsx';
import { PracticeTools } from './practice-tools.tsx';
import { networkOf, sessionTransition, type Session, type SessionEvent } from './session.ts';
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
  context.node.send({ type: 'typed', url: node ?? rehearsalNode ?? '', hotWallet: hotWallet ?? (rehearsalNode === undefined ? '' : PRACTICE_HOT_WALLET) });
  await readBooks(context);
  if (node !== null) await checkNode(context);
}

function workspaceOf(place: CompanionPlace, props: WorkspaceProps) {
  switch (place) {
    case 'node': return <NodeWorkspace {...props} />;
    case 'wallets': return <WalletsWorkspace {...props} />;
    case 'sweep': return <SweepWorkspace {...props} />;
    case 'pay': return <PayWorkspace {...props} />;
    case 'combine': return <CombineWorkspace {...props} />;
    case 'ledger': return <LedgerWorkspace {...props} />;
  }
}

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
      sweep: machine(newSweep, sweepTransition),
      pay: machine(newPayment, payTransition),
      combine: machine(nothingCombined, combineTransition),
      ledger: machine(openBooks, ledgerTransition),
      running: new Map(),
      go: (to) => { at.value = to; },
    };
    return { context: made, place: at };
  }, []);
  useEffect(() => void begin(context), []);

  const session = context.session.state.value;
  const ready = session.stage === 'ready' ? session : null;
  const items: readonly NavItem<CompanionPlace>[] = [
    { place: 'node', name: 'Node', icon: 'node', fact: ready === null || ready.node === null ? undefined : ready.node.synced ? 'in use' : 'catching up' },
    { place: 'wallets', name: 'Wallets', icon: 'wallet', fact: ready === null || ready.wallets.length === 0 ? undefined : String(ready.wallets.length) },
    { place: 'sweep', name: 'Sweep', icon: 'sweep' },
    { place: 'pay', name: 'Pay', icon: 'pay' },
    { place: 'combine', name: 'Combine & send', icon: 'combine' },
    { place: 'ledger', name: 'Ledger', icon: 'ledger', fact: ready === null || ready.books === null || ready.books.entries.length === 0 ? undefined : String(ready.books.entries.length) },
  ];
  return (
    <WindowFrame
      info={info} network={networkOf(session, info.rehearsal !== null)} items={items} current={place.value} onGo={context.go}
      aside={ready === null || ready.node === null ? 'No node asked yet' : `Tip ${ready.node.height.toLocaleString('en-GB')}`}
      guide={info.rehearsal === null ? null : <GuidePanel edition="companion" known={companionKnows(session, context.combine.state.value)} gapFolder={info.rehearsal.gapFolder} tools={<PracticeTools context={context} />} />}
    >
      {ready !== null ? workspaceOf(place.value, { context, session: ready }) : (
        <Workspace title="Strongroom Companion" purpose="Reading settings and wallets." words="Nothing to do yet.">
          <div class="page">{session.stage === 'failed' ? <ErrorNotice error={session.error} /> : <ProgressView progress={{ fraction: null, activity: 'Reading settings and wallets' }} />}</div>
        </Workspace>
      )}
    </WindowFrame>
  );
}
