import { networkWords } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { QrView } from '../../ui/qr-view.tsx';
import type { SignerContext } from '../context.ts';
import { claimedByName, unlockedKeys, type Shelf, type UnlockedKey } from '../session.ts';
import { CeremonyView } from './ceremony-view.tsx';
import { keysActions, type KeysActions } from './keys-actions.ts';
import type { KeysState } from './keys-state.ts';
import { RestoreView } from './restore-view.tsx';

type ShelfState = Extract<KeysState, { stage: 'shelf' }>;

function LockedKey({ fileName, contentBase64, state, context, actions }: { readonly fileName: string; readonly contentBase64: string; readonly state: ShelfState; readonly context: SignerContext; readonly actions: KeysActions }) {
  const claimed = claimedByName(fileName);
  const unlock = (): void => void actions.unlock(fileName, contentBase64);
  return (
    <div class="page form">
      <div class="stack-tight">
        <h2>{claimed.label}</h2>
        <p class="inline"><span class="tag"><Icon name="lock-closed" />Locked</span>{claimed.fingerprint !== null && <Fingerprint value={claimed.fingerprint} />}</p>
      </div>
      <p>This key is encrypted on the laptop. Its passphrase opens it until you lock it or close the program.</p>
      <div class="field-row">
        <TextField key={fileName} label="Passphrase" secret value={state.passphrase} disabled={state.isBusy} autoFocus
          onInput={(passphrase) => context.keys.send({ type: 'passphrase-typed', passphrase })} onEnter={unlock} />
        <Button onPress={unlock} disabled={state.isBusy || state.passphrase === ''}>{state.isBusy ? 'Opening' : 'Unlock'}</Button>
      </div>
      {state.error !== null && <ErrorNotice error={state.error} />}
      <p class="caption mono breakable">{fileName}</p>
    </div>
  );
}

function OpenKey({ unlocked, contentBase64, state, actions }: { readonly unlocked: UnlockedKey; readonly contentBase64: string; readonly state: ShelfState; readonly actions: KeysActions }) {
  const { facts, fileName } = unlocked;
  return (
    <div class="page stack">
      <div class="detail-head">
        <div class="stack-tight">
          <h2>{facts.label}</h2>
          <p class="inline"><span class="tag tag-accent"><Icon name="lock-open" />Unlocked</span><Fingerprint value={facts.fingerprint} /></p>
        </div>
        <div class="detail-tools">
          <Button onPress={() => void actions.saveBackup(fileName, contentBase64)}>Save a copy of the key file</Button>
          <Button onPress={() => void actions.lock(facts.keyHandle)}>Lock</Button>
        </div>
      </div>
      <Facts facts={[
        ['Network', networkWords[facts.network].name],
        ['Paper', `${facts.words} words`],
        ['Made from', facts.sources.join(', ')],
        ['Made by', `${facts.createdBy}, on ${facts.createdAt.slice(0, 10)}`],
        ['File', <span key="file" class="mono breakable">{fileName}</span>],
      ]} />
      <h2>Public key record</h2>
      {state.record === null
        ? <p class="muted">The Companion needs it to make a wallet. It is public: it can watch, never spend.</p>
        : (
          <div class="qr-row">
            <QrView text={state.record.keyRecord} label="Key record as a QR code" />
            <div class="stack-tight">
              <p class="caption">BIP48 account 0, P2WSH, <span class="path">{state.record.path}</span></p>
              <p class="quote">{state.record.keyRecord}</p>
            </div>
          </div>
        )}
      {state.savedAs !== null && <Notice weight="verified" title="Saved"><p class="mono breakable">{state.savedAs}</p></Notice>}
      {state.error !== null && <ErrorNotice error={state.error} />}
    </div>
  );
}

function ShelfList({ shelf, unlocked, selected, context, actions }: { readonly shelf: Shelf; readonly unlocked: readonly UnlockedKey[]; readonly selected: string | null; readonly context: SignerContext; readonly actions: KeysActions }) {
  return (
    <div class="list-pane">
      <ul aria-label="Keys on this laptop">
        {shelf.keys.map((key) => {
          const open = unlocked.find((candidate) => candidate.fileName === key.name);
          const claimed = claimedByName(key.name);
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

/** Where keys are made, opened and closed. */
export function KeysWorkspace({ context }: { readonly context: SignerContext }) {
  const actions = keysActions(context);
  const state = context.keys.state.value;
  const session = context.session.state.value;
  if (state.stage === 'creating') return <CeremonyView ceremony={state.ceremony} actions={actions} />;
  if (state.stage === 'restoring') return <RestoreView state={state} context={context} actions={actions} />;

  const create = (): void => context.keys.send({ type: 'create-begun', network: context.usualNetwork });
  const restore = (): void => context.keys.send({ type: 'restore-begun', network: context.usualNetwork });
  const head = { title: 'Keys', purpose: 'Keys made on this laptop, each in its own encrypted file.' };
  const shelf = session.stage === 'ready' ? session.shelf : null;
  if (shelf === null || shelf.keys.length === 0) {
    return (
      <Workspace {...head} words="No key is on this laptop yet." actions={<><Button onPress={restore}>Restore from paper</Button><Button kind="primary" onPress={create}>Make a key</Button></>}>
        {session.stage === 'failed' ? <div class="page"><ErrorNotice error={session.error} /></div> : (
          <EmptyState icon="key" title="No key yet">
            <p>A key is made here, offline, from dice that you roll and from the laptop's random source.</p>
            <ol>
              <li>Make sure that this laptop has no network: no cable, radio switched off.</li>
              <li>Lay out six-sided dice, a pen and the paper form.</li>
              <li>Choose "Make a key" below. It takes about a quarter of an hour.</li>
            </ol>
            <div class="form-actions"><Button onPress={() => void actions.openKeyFiles()}>Add a key file from elsewhere</Button></div>
            {state.error !== null && <ErrorNotice error={state.error} />}
          </EmptyState>
        )}
      </Workspace>
    );
  }

  const unlocked = unlockedKeys(session);
  const stored = shelf.keys.find((key) => key.name === state.selected) ?? shelf.keys[0];
  const open = unlocked.find((key) => key.fileName === stored?.name);
  return (
    <Workspace
      {...head}
      tools={<><Button onPress={restore}>Restore from paper</Button><Button onPress={create}>Make a key</Button></>}
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
          {stored !== undefined && (open === undefined
            ? <LockedKey fileName={stored.name} contentBase64={stored.contentBase64} state={state} context={context} actions={actions} />
            : <OpenKey unlocked={open} contentBase64={stored.contentBase64} state={state} actions={actions} />)}
        </div>
      </div>
    </Workspace>
  );
}
