import { useEffect, useRef } from 'preact/hooks';
import { scriptName } from '../../../src/host/wallet-scripts.ts';
import { networkWords } from '../../frame/networks.ts';
import { ShowCodes } from '../../frames/show-codes.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { SelectField } from '../../ui/field.tsx';
import { base64OfText } from '../../ui/file-content.ts';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { QrView } from '../../ui/qr-view.tsx';
import { Section } from '../../ui/section.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { ScriptField } from '../../wallet/script-field.tsx';
import type { SignerContext } from '../context.ts';
import type { ClaimedKey, UnlockedKey } from '../session.ts';
import { CopiesPanel } from './copies-panel.tsx';
import { EntropyRecordSheet } from './entropy-record-sheet.tsx';
import type { EntropyRecord } from './entropy-record-words.ts';
import { keptAs } from './key-words.ts';
import type { KeysActions } from './keys-actions.ts';
import { copiesOfKey, recordFormats, type KeyRecord, type KeysState } from './keys-state.ts';
import { childTask, passphraseTask } from './task-state.ts';
import { useCover } from './use-cover.ts';
import { WordSheet } from './word-sheet.tsx';

interface DetailProps {
  readonly fileName: string;
  readonly contentBase64: string;
  readonly state: Extract<KeysState, { stage: 'shelf' }>;
  readonly context: SignerContext;
  readonly actions: KeysActions;
}

/** The file itself: where it has copies, and its passphrase. The same for a key that is locked. */
function FileSection({ fileName, state, context, actions }: DetailProps) {
  return (
    <Section name="Key file" note={<span class="breakable">{fileName}</span>}>
      <CopiesPanel fileName={fileName} copies={copiesOfKey(state, fileName)} isBusy={state.isBusy || state.copies === null} actions={actions}>
        <Button onPress={() => context.keys.send({ type: 'task-begun', task: passphraseTask(fileName) })}>Change the passphrase…</Button>
      </CopiesPanel>
    </Section>
  );
}

export function LockedKey(props: DetailProps & { readonly claimed: ClaimedKey }) {
  const { fileName, contentBase64, state, context, actions, claimed } = props;
  const unlock = (): void => void actions.unlock(fileName, contentBase64);
  return (
    <div class="page">
      <div class="detail-head">
        <div class="stack-tight">
          <h2>{claimed.label}</h2>
          <p class="inline"><span class="tag"><Icon name="lock-closed" />Locked</span>{claimed.fingerprint !== null && <Fingerprint value={claimed.fingerprint} />}</p>
        </div>
      </div>
      <Section name="Unlock" note="Until you lock it, leave this laptop, or close the program">
        <div class="unlock-row">
          <SecretField key={fileName} label="Passphrase" value={state.passphrase} disabled={state.isBusy} autoFocus
            onInput={(passphrase) => context.keys.send({ type: 'passphrase-typed', passphrase })} onEnter={unlock} />
          <Button kind="primary" onPress={unlock} disabled={state.isBusy || state.passphrase === ''}>{state.isBusy ? 'Opening' : 'Unlock'}</Button>
        </div>
        {state.error !== null && <ErrorNotice error={state.error} />}
      </Section>
      <FileSection {...props} />
    </div>
  );
}

/** The words of an open key, for writing them down again. */
function WordsSection({ unlocked, state, context, actions }: DetailProps & { readonly unlocked: UnlockedKey }) {
  const { facts } = unlocked;
  const cover = (): void => context.keys.send({ type: 'words-covered' });
  useCover(cover);
  const words = state.words?.step === 'uncovered' ? state.words.words : null;
  const order = (what: 'seed' | 'shares' | 'cosigner-card'): void => actions.order(facts.keyHandle, what);
  return (
    <Section name="Paper" note="Backups that outlast this laptop">
      {facts.secret !== 'mnemonic' && <p class="muted">This key came as {keptAs(facts)}. It can be split into shares again.</p>}
      {words !== null && (
        <>
          <p>These words are the key. Nobody else may see the screen; write by hand, photograph nothing.</p>
          <WordSheet words={words} count={words.length} />
        </>
      )}
      <div class="form-actions form-actions-wrap">
        {facts.secret === 'mnemonic' && (words === null
          ? <Button disabled={state.words !== null} onPress={() => void actions.uncover(facts.keyHandle)}>Show the words</Button>
          : <Button onPress={cover}>Cover the words</Button>)}
        {facts.secret === 'mnemonic' && <Button onPress={() => order('seed')}>Print the seed sheet…</Button>}
        <Button onPress={() => order('shares')}>Split into shares…</Button>
        <Button onPress={() => order('cosigner-card')}>Print the cosigner card…</Button>
      </div>
      {facts.hasBip39Passphrase && <Notice weight="caution" title="This key has a BIP39 passphrase"><p>The words alone lead to another key. Keep the passphrase too, apart from them.</p></Notice>}
    </Section>
  );
}

/** `[fingerprint/path]xpub`, which frames of UR carry as a key of their own type. */
const keyTextOf = ({ path, xpub }: KeyRecord, fingerprint: string): string => `[${fingerprint}/${path}]${xpub}`;

export function OpenKey(props: DetailProps & { readonly unlocked: UnlockedKey; readonly shelfRecord: EntropyRecord | null }) {
  const { state, context, actions, unlocked: { facts } } = props;
  const record = facts.entropyRecord ?? props.shelfRecord;
  // The record stands at the top; its button is always in sight, wherever the page was scrolled to.
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state.record !== null) page.current?.scrollIntoView({ block: 'start' });
  }, [state.record]);
  return (
    <div class="page" ref={page}>
      <div class="detail-head">
        <div class="stack-tight">
          <h2>{facts.label}</h2>
          <p class="inline"><span class="tag tag-accent"><Icon name="lock-open" />Unlocked</span><Fingerprint value={facts.fingerprint} /></p>
        </div>
        <div class="detail-tools"><Button onPress={() => void actions.lock(facts.keyHandle)}>Lock</Button></div>
      </div>
      {state.error !== null && <ErrorNotice error={state.error} />}
      <Section name="Public record" note="For the Companion: it can watch, never spend">
        <ScriptField label="For wallets of" script={state.script} disabled={state.isBusy} onSelect={(script) => void actions.chooseScript(facts.keyHandle, script)} />
        <SelectField label="Written as" value={state.format} disabled={state.isBusy} options={recordFormats} onSelect={(format) => void actions.chooseFormat(facts.keyHandle, format)} />
        {state.record !== null && <>
          {state.savedAs !== null && <Notice weight="verified" title="Saved"><p class="mono breakable">{state.savedAs}</p></Notice>}
          <div class="qr-row">
            {state.format === 'descriptor' && <QrView text={state.record.keyRecord} label="Key record as a QR code" />}
            <div class="stack-tight">
              <p class="caption">{scriptName(state.script)}, account 0, <span class="path">{state.record.path}</span></p>
              <p class="quote">{state.record.keyRecord}</p>
              {/* What a camera reads: the format's own text, or the key itself, which UR has a type for. */}
              <div class="form-actions"><ShowCodes host={context.host} contentBase64={base64OfText(state.format === 'ur' ? keyTextOf(state.record, facts.fingerprint) : state.record.keyRecord)} what="public key" /></div>
            </div>
          </div>
        </>}
      </Section>
      <Section name="Key">
        <Facts facts={[
          ['Network', networkWords[facts.network].name],
          ['Holds', keptAs(facts)],
          ['BIP39 passphrase', facts.hasBip39Passphrase ? 'yes, kept in the key file' : 'none'],
          ['Made by', `${facts.createdBy}, on ${facts.createdAt.slice(0, 10)}`],
        ]} />
      </Section>
      <FileSection {...props} />
      <WordsSection {...props} />
      <Section name="Entropy record" note="How the key came to be">
        {record === null
          ? <p class="muted">There is none: the key file is of an early version. It names as sources: {facts.sources.join(', ')}.</p>
          : <EntropyRecordSheet record={record} />}
      </Section>
      {facts.secret === 'mnemonic' && (
        <Section name="Child key" note="BIP85">
          <p class="muted">A key of its own that this one can make again at any time.</p>
          <div><Button onPress={() => context.keys.send({ type: 'task-begun', task: childTask(facts.keyHandle) })}>Make a child key…</Button></div>
        </Section>
      )}
    </div>
  );
}
