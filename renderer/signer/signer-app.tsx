import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { NavItem } from '../frame/sidebar.tsx';
import { WindowFrame, type FrameInfo } from '../frame/window-frame.tsx';
import { GuidePanel } from '../guide/guide-panel.tsx';
import { FilesWorkspace } from '../files/files-workspace.tsx';
import { filesTransition, handedFact, noFiles } from '../files/files-state.ts';
import { useGapFiles } from '../files/use-gap-files.ts';
import { DropProblem } from '../files/drop-problem.tsx';
import type { SignerHost } from '../host/client.ts';
import { machine } from '../host/machine.ts';
import { messagesTransition, noMessage } from '../messages/messages-state.ts';
import { MessagesWorkspace } from '../messages/messages-workspace.tsx';
import { readShelf, type SignerContext, type SignerPlace } from './context.ts';
import { drillsTransition, noDrill } from './drills/drills-state.ts';
import { DrillsWorkspace } from './drills/drills-workspace.tsx';
import { fileUses } from './files/file-uses.ts';
import { KeysWorkspace } from './keys/keys-workspace.tsx';
import { keysTransition, shelfStage } from './keys/keys-state.ts';
import { messagePlaces } from './messages/message-places.ts';
import { noPaper, paperTransition } from './paper/paper-state.ts';
import { PaperWorkspace } from './paper/paper-workspace.tsx';
import { networkOf, sessionTransition, unlockedKeys, type Session, type SessionEvent } from './session.ts';
import { watchLocks } from './lock-watch.ts';
import { nothingToSign, signTransition } from './sign/sign-state.ts';
import { SignWorkspace } from './sign/sign-workspace.tsx';
import { signerKnows } from './signer-guide.ts';
import { registrationsStage, walletsTransition } from './wallets/wallets-state.ts';
import { WalletsWorkspace } from './wallets/wallets-workspace.tsx';

/** The Signer's window. */
export function SignerApp({ host, info }: { readonly host: SignerHost; readonly info: FrameInfo }) {
  const { context, place } = useMemo(() => {
    const at = signal<SignerPlace>('keys');
    const session = machine<Session, SessionEvent>({ stage: 'reading' }, sessionTransition);
    const made: SignerContext = {
      host: watchLocks(host, (keyHandle) => session.send({ type: 'locked', keyHandle })),
      session,
      keys: machine(shelfStage(null), keysTransition),
      wallets: machine(registrationsStage(null), walletsTransition),
      sign: machine(nothingToSign, signTransition),
      messages: machine(noMessage(info.rehearsal === null ? 'mainnet' : 'practice'), messagesTransition),
      files: machine(noFiles, filesTransition),
      paper: machine(noPaper, paperTransition),
      drills: machine(noDrill, drillsTransition),
      go: (to) => { at.value = to; },
      usualNetwork: info.rehearsal === null ? 'mainnet' : 'practice',
    };
    return { context: made, place: at };
  }, []);
  useEffect(() => void readShelf(context), []);
  const uses = useMemo(() => fileUses(context), []);
  const { problem, forget } = useGapFiles(host, context.files, uses);

  const session = context.session.state.value;
  const shelf = session.stage === 'ready' ? session.shelf : null;
  const items: readonly NavItem<SignerPlace>[] = [
    { place: 'keys', name: 'Keys', icon: 'key', fact: shelf === null || shelf.keys.length === 0 ? undefined : `${unlockedKeys(session).length} of ${shelf.keys.length} open` },
    { place: 'wallets', name: 'Wallets', icon: 'wallet', fact: shelf === null || shelf.registrations.length === 0 ? undefined : String(shelf.registrations.length) },
    { place: 'sign', name: 'Sign', icon: 'pen' },
    { place: 'messages', name: 'Messages', icon: 'message' },
    { place: 'files', name: 'Files', icon: 'folder', fact: handedFact(context.files.state.value) },
    { place: 'paper', name: 'Paper', icon: 'paper' },
    { place: 'drills', name: 'Drills', icon: 'drill' },
  ];
  return (
    <WindowFrame
      info={info} network={networkOf(session, info.rehearsal !== null)} aside={null} items={items} current={place.value} onGo={context.go}
      guide={info.rehearsal === null ? null : <GuidePanel edition="signer" known={signerKnows(session, context.sign.state.value)} gapFolder={info.rehearsal.gapFolder} />}
    >
      {place.value === 'keys' && <KeysWorkspace context={context} />}
      {place.value === 'wallets' && <WalletsWorkspace context={context} />}
      {place.value === 'sign' && <SignWorkspace context={context} />}
      {place.value === 'messages' && <MessagesWorkspace host={host} messages={context.messages} places={messagePlaces(context)} signs missing="Register a wallet and unlock its key first; a message is signed for a registered wallet's address." />}
      {place.value === 'files' && <FilesWorkspace host={host} files={context.files} uses={uses} />}
      {place.value === 'paper' && <PaperWorkspace context={context} />}
      {place.value === 'drills' && <DrillsWorkspace context={context} />}
      {problem !== null && <DropProblem words={problem} onClose={forget} />}
    </WindowFrame>
  );
}
