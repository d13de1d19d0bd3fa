import { useEffect } from 'preact/hooks';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import type { SignerContext } from '../context.ts';
import { claimedOnShelf, unlockedKeys, type Shelf, type UnlockedKey } from '../session.ts';
import { ceremonyActions } from './ceremony-actions.ts';
import { CeremonyView } from './ceremony-view.tsx';
import { ChildDialog, PassphraseDialog } from './key-dialogs.tsx';
import { LockedKey, OpenKey } from './key-details.tsx';
import { keysActions, type KeysActions } from './keys-actions.ts';
import { copiesOfKey, type KeysState } from './keys-state.ts';
import { restoreActions } from './restore-actions.ts';
import { RestoreView } from './restore-view.tsx';

type ShelfState = Extract<KeysState, { stage: 'shelf' }>;

function ShelfList({ shelf, unlocked, selected, context, actions }: { readonly shelf: Shelf; readonly unlocked: readonly UnlockedKey[]; readonly selected: string | null; readonly context: SignerContext; readonly actions: KeysActions }) {
  return (
    <div class="list-pane">
      <ul aria-label="Keys on this laptop">
        {shelf.keys.map((key) => {
          const open = unlocked.find((candidate) => candidate.fileName === key.name);
          const claimed = claimedOnShelf(shelf, key.name);
          return (
            <li key={key.name}>
              <button type="button" class="list-row" aria-current={key.name === selected} onClick={() => context.keys.send({ type: 'selected', fileName: key.name })}>
                <span class="list-line"><b>{open?.facts.label ?? claimed.label}</b>
                  <span class={`tag${open === undefined ? '' : ' tag-accent'}`}><Icon name={open === undefined ? 'lock-closed' : 'lock-open'} />{open === undefined ? 'locked' : 'unlocked'}</span>
                </span>
                <span class="mono muted">{open?.facts.fingerprint ?? claimed.fingerprint ?? ''}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <div class="list-actions">
        {(shelf.damaged ?? []).length > 0 && (
          <Notice weight="caution" title="Cannot be read"><ul class="mono breakable">{(shelf.damaged ?? []).map((file) => <li key={file.name}>{file.name} ({file.code})</li>)}</ul></Notice>
        )}
        <DropZone small openName="Add key file" onOpen={() => void actions.openKeyFiles()} onFiles={(files) => void actions.addKeyFiles(files)}>Drop a .key.age file</DropZone>
      </div>
    </div>
  );
}

const head = { title: 'Keys', purpose: 'Keys made on this laptop, each in its own encrypted file.' };

function NoKeys({ state, context, actions, create, restore }: { readonly state: ShelfState; readonly context: SignerContext; readonly actions: KeysActions; readonly create: () => void; readonly restore: () => void }) {
  const session = context.session.state.value;
  return (
    <Workspace {...head} words="No key is on this laptop yet." actions={<><Button onPress={restore}>Restore a key</Button><Button kind="primary" onPress={create}>Make a key</Button></>}>
      {session.stage === 'failed' ? <div class="page"><ErrorNotice error={session.error} /></div> : (
        <EmptyState icon="key" title="No key yet">
          <p>A key is made here, offline, from dice, coins or cards in your hands and from the laptop's random source.</p>
          <ol>
            <li>Make sure that this laptop has no network: no cable, radio switched off.</li>
            <li>Lay out dice (or coins, or a deck of cards), a pen and the paper form.</li>
            <li>Choose "Make a key" below. It takes about a quarter of an hour.</li>
          </ol>
          <p>A key that exists already comes back from its words, its shares, or its key file.</p>
          <div class="form-actions"><Button onPress={() => void actions.openKeyFiles()}>Add a key file from elsewhere</Button></div>
          {state.error !== null && <ErrorNotice error={state.error} />}
        </EmptyState>
      )}
    </Workspace>
  );
}

function ShelfView({ state, context, actions }: { readonly state: ShelfState; readonly context: SignerContext; readonly actions: KeysActions }) {
  const session = context.session.state.value;
  const shelf = session.stage === 'ready' ? session.shelf : null;
  const hasKeys = shelf !== null && shelf.keys.length > 0;
  useEffect(() => {
    if (hasKeys && state.copies === null) void actions.readCopies();
  }, [hasKeys, state.copies === null]);
  const create = (): void => context.keys.send({ type: 'create-begun', network: context.usualNetwork });
  const restore = (): void => context.keys.send({ type: 'restore-begun', network: context.usualNetwork });
  if (!hasKeys) return <NoKeys state={state} context={context} actions={actions} create={create} restore={restore} />;

  const unlocked = unlockedKeys(session);
  const stored = shelf.keys.find((key) => key.name === state.selected) ?? shelf.keys[0];
  const open = unlocked.find((key) => key.fileName === stored?.name);
  const close = (): void => context.keys.send({ type: 'task-closed' });
  const details = stored === undefined ? null : { fileName: stored.name, contentBase64: stored.contentBase64, state, context, actions };
  return (
    <Workspace
      {...head}
      tools={<><Button onPress={restore}>Restore a key</Button><Button onPress={create}>Make a key</Button></>}
      words={open === undefined ? 'The key is locked. Unlock it to sign, to register wallets, or to hand out its public record.'
        : state.record === null ? `Shows the public key record of ${open.facts.label}; nothing secret leaves.` : `Saves ${state.record.suggestedName} for the Companion.`}
      actions={open === undefined ? undefined
        : state.record === null
          ? <Button kind="primary" disabled={state.isBusy} onPress={() => void actions.showRecord(open.facts.keyHandle)}>Show public key record</Button>
          : <Button kind="primary" onPress={() => void actions.saveRecord()}>Save key record</Button>}
    >
      <div class="split">
        <ShelfList shelf={shelf} unlocked={unlocked} selected={stored?.name ?? null} context={context} actions={actions} />
        <div class="detail-pane">
          {details !== null && (open === undefined
            ? <LockedKey key={details.fileName} {...details} claimed={claimedOnShelf(shelf, details.fileName)} />
            : <OpenKey key={details.fileName} {...details} unlocked={open} shelfRecord={shelf.entropyRecords.find(({ fingerprint, network }) => fingerprint === open.facts.fingerprint && network === open.facts.network) ?? null} />)}
        </div>
      </div>
      {state.task?.kind === 'passphrase' && stored !== undefined && <PassphraseDialog task={state.task} keyFileBase64={shelf.keys.find(({ name }) => name === (state.task as { fileName: string }).fileName)?.contentBase64 ?? ''} copies={copiesOfKey(state, state.task.fileName)} actions={actions} onClose={close} />}
      {state.task?.kind === 'child' && open !== undefined && <ChildDialog task={state.task} parent={open.facts.label} actions={actions} onClose={close} />}
    </Workspace>
  );
}

/** Where keys are made, opened, copied and closed. */
export function KeysWorkspace({ context }: { readonly context: SignerContext }) {
  // Whatever is secret here is dropped when another workspace is opened.
  useEffect(() => () => context.keys.send({ type: 'hidden' }), []);
  const state = context.keys.state.value;
  switch (state.stage) {
    case 'creating': return <CeremonyView ceremony={state.ceremony} actions={ceremonyActions(context)} />;
    case 'restoring': return <RestoreView restore={state.restore} actions={restoreActions(context)} />;
    case 'shelf': return <ShelfView state={state} context={context} actions={keysActions(context)} />;
  }
}
