import type { Reply } from '../../src/host/contract.ts';
import { networkOptions, type NetworkName } from '../frame/networks.ts';
import { Workspace } from '../frame/workspace.tsx';
import type { FramesHost } from '../frames/frames-host.ts';
import { ScanCodes } from '../frames/scan-codes.tsx';
import { ShowCodes } from '../frames/show-codes.tsx';
import type { CompanionHost } from '../host/client.ts';
import type { Machine } from '../host/machine.ts';
import { satsText } from '../ui/amount-text.ts';
import { Address } from '../ui/address.tsx';
import { Button } from '../ui/button.tsx';
import { DropZone } from '../ui/drop-zone.tsx';
import { Choices, SelectField, TextArea, TextField } from '../ui/field.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { QuorumMeter, type QuorumKey } from '../ui/quorum-meter.tsx';
import { Section } from '../ui/section.tsx';
import { indexOf, makeProblem, messageFileName, verdictWords, type MessageForm, type MessageProgress, type MessagesEvent, type MessagesState } from './messages-state.ts';

type Host = FramesHost & Pick<CompanionHost, 'message.verify' | 'file.open' | 'file.save'>;

/** What a message may be made for: a wallet, with the key that signs where one does. */
export interface MessagePlace {
  readonly value: string;
  readonly name: string;
  readonly walletName: string;
  readonly network: NetworkName;
  readonly required: number;
  readonly keys: readonly QuorumKey[];
  /** Who signs here; `null` where nobody does. */
  readonly thisKey: string | null;
  /** Signs, or brings together what others signed. */
  readonly make: (form: Omit<MessageForm, 'choice' | 'index' | 'files'> & { readonly index: number; readonly psbtFilesBase64: string[] }) => Promise<Reply<MessageProgress>>;
}

interface MessagesProps {
  readonly host: Host;
  readonly messages: Machine<MessagesState, MessagesEvent>;
  readonly places: readonly MessagePlace[];
  /** The Signer signs; the Companion brings together. */
  readonly signs: boolean;
  /** What to do where there is no place. */
  readonly missing: string;
}

function Tabs({ messages, signs }: Pick<MessagesProps, 'messages' | 'signs'>) {
  const { view } = messages.state.value;
  return (
    <div class="tabs" role="group" aria-label="Parts of the workspace">
      {(['make', 'verify'] as const).map((each) => (
        <button key={each} type="button" class="tab" aria-pressed={each === view} onClick={() => messages.send({ type: 'shown', view: each })}>{each === 'verify' ? 'Check' : signs ? 'Sign' : 'Bring together'}</button>
      ))}
    </div>
  );
}

function Made({ host, messages, made, place }: { readonly host: Host; readonly messages: MessagesProps['messages']; readonly made: MessageProgress; readonly place: MessagePlace }) {
  const { form, savedAs } = messages.state.value;
  return (
    <Section name="Signatures" note={made.stillNeeded === 0 ? 'Complete' : `${made.stillNeeded} more needed`}>
      <Address address={made.address} />
      <QuorumMeter required={place.required} keys={place.keys} signed={made.signed} thisKey={place.thisKey} />
      {made.signature !== null && <><p>The finished signature. With the address and the message, anybody can check it.</p><p class="quote">{made.signature}</p></>}
      <div class="form-actions form-actions-wrap">
        <ShowCodes host={host} contentBase64={made.psbtBase64} what="signed message" />
        {made.signature !== null && <Button onPress={() => messages.send({ type: 'to-verify', network: place.network })}>Check this signature</Button>}
      </div>
      {savedAs !== null && <Notice weight="verified" title="Saved"><p class="mono breakable">{savedAs}</p></Notice>}
      <p class="caption">As a file: {messageFileName(place.walletName, made, form)}</p>
    </Section>
  );
}

function MakeView({ host, messages, places, signs, missing }: MessagesProps) {
  const { form, made, isBusy, error } = messages.state.value;
  const place = places.find(({ value }) => value === form.choice);
  const problem = places.length === 0 ? missing : makeProblem(place === undefined ? { ...form, choice: '' } : form, !signs);
  const change = (part: Partial<MessageForm>): void => messages.send({ type: 'form-changed', part });
  const make = async (): Promise<void> => {
    const index = indexOf(form.index);
    if (place === undefined || index === null || isBusy) return;
    messages.send({ type: 'working' });
    const { branch, message, files } = form;
    const reply = await place.make({ branch, index, message, psbtFilesBase64: files.map(({ contentBase64 }) => contentBase64) });
    messages.send(reply.ok ? { type: 'made', made: reply.value } : { type: 'failed', error: reply.error });
  };
  const save = async (): Promise<void> => {
    if (made === null || place === undefined) return;
    const reply = await host['file.save']({ kind: 'psbt', suggestedName: messageFileName(place.walletName, made, form), contentBase64: made.psbtBase64 });
    if (!reply.ok) messages.send({ type: 'failed', error: reply.error });
    else if (reply.value.savedAs !== null) messages.send({ type: 'saved', savedAs: reply.value.savedAs });
  };
  const open = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'psbt', several: true });
    messages.send(reply.ok ? { type: 'files-taken', files: reply.value.files } : { type: 'failed', error: reply.error });
  };
  return (
    <Workspace
      title="Messages" purpose="Proves control of an address by a message that its holders sign (BIP322). Nothing here can move money."
      tools={<Tabs messages={messages} signs={signs} />}
      words={problem ?? (made !== null ? 'Carry the file to the next officer, or show its codes.' : signs ? `Signs the message as ${place?.name ?? ''}. Read it: it may bind the organisation.` : 'Brings the officers\' signatures together and verifies each.')}
      actions={made === null
        ? <Button kind="primary" guarded disabled={problem !== null || isBusy} onPress={() => void make()}>{signs ? 'Sign the message' : 'Bring the signatures together'}</Button>
        : <Button kind="primary" onPress={() => void save()}>Save the signed message</Button>}
    >
      <div class="page">
        <Section name="Address" note="Every officer chooses the same">
          <SelectField label={signs ? 'Wallet and key' : 'Wallet'} value={form.choice} disabled={isBusy || places.length === 0} options={places.map(({ value, name }) => ({ value, name }))} onSelect={(choice) => change({ choice })} />
          <div class="inline"><Choices<'receive' | 'change'> legend="Branch" value={form.branch} options={[{ value: 'receive', name: 'Receive' }, { value: 'change', name: 'Change' }]} onSelect={(branch) => change({ branch })} /></div>
          <TextField label="Address index" size="short" value={form.index} disabled={isBusy} onInput={(index) => change({ index })} problem={indexOf(form.index) === null ? 'A number from 0 to 999,999.' : null} />
        </Section>
        <Section name="Message" note="Letter by letter the same for all">
          <TextArea label="Message" size="wide" rows={4} value={form.message} disabled={isBusy} onInput={(message) => change({ message })} hint="Blanks and line ends count." />
        </Section>
        <Section name="Signed before" note="Files of the other officers">
          {form.files.length > 0 && <ul class="stack-tight">{form.files.map((file) => <li key={file.contentBase64} class="inline"><span class="mono breakable">{file.name}</span><Button small onPress={() => change({ files: form.files.filter((other) => other !== file) })}>Remove<span class="visually-hidden"> {file.name}</span></Button></li>)}</ul>}
          <DropZone small openName="Open signed messages" disabled={isBusy} onOpen={() => void open()} onFiles={(files) => messages.send({ type: 'files-taken', files })}
            beside={<ScanCodes host={host} expects={['psbt']} what="the signed message" disabled={isBusy} onContent={(file) => messages.send({ type: 'files-taken', files: [file] })} />}>
            Drop the files of officers who signed the same message
          </DropZone>
        </Section>
        {error !== null && <ErrorNotice error={error} />}
        {made !== null && place !== undefined && <Made host={host} messages={messages} made={made} place={place} />}
      </div>
    </Workspace>
  );
}

function VerifyView({ host, messages, signs }: MessagesProps) {
  const { verify, verified, isBusy, error } = messages.state.value;
  const change = (part: Partial<MessagesState['verify']>): void => messages.send({ type: 'verify-changed', part });
  const isOpen = verify.address.trim() === '' || verify.signature.trim() === '';
  const check = async (): Promise<void> => {
    messages.send({ type: 'working' });
    const reply = await host['message.verify'](verify);
    messages.send(reply.ok ? { type: 'verified', verified: reply.value } : { type: 'failed', error: reply.error });
  };
  return (
    <Workspace
      title="Messages" purpose="Checks who signed a message, from the address, the message and the signature alone (BIP322)."
      tools={<Tabs messages={messages} signs={signs} />}
      words={isOpen ? 'Address, message and signature are needed.' : 'Checks the signature. Nothing leaves this program.'}
      actions={<Button kind="primary" disabled={isOpen || isBusy} onPress={() => void check()}>Check the signature</Button>}
    >
      <div class="page">
        <Section name="Who and what">
          <SelectField label="Network of the address" value={verify.network} disabled={isBusy} options={networkOptions} onSelect={(network) => change({ network })} />
          <TextField label="Address" mono size="wide" value={verify.address} disabled={isBusy} onInput={(address) => change({ address })} />
          <TextArea label="Message" size="wide" rows={4} value={verify.message} disabled={isBusy} onInput={(message) => change({ message })} hint="Blanks and line ends count." />
        </Section>
        <Section name="Signature">
          <TextArea label="Signature" mono size="wide" rows={4} value={verify.signature} disabled={isBusy} onInput={(signature) => change({ signature })} />
        </Section>
        {error !== null && <ErrorNotice error={error} />}
        {verified !== null && (
          <Notice weight={verdictWords[verified.state].weight} title={verdictWords[verified.state].title}>
            {verified.locktime > 0 && <p>The signers say that it holds from locktime {verified.locktime} on.</p>}
            {verified.funds.length > 0 && <ul class="mono breakable">{verified.funds.map(({ outpoint, amountSats }) => <li key={outpoint}>{outpoint}: {satsText(amountSats)} sats, by the signers' word</li>)}</ul>}
          </Notice>
        )}
      </div>
    </Workspace>
  );
}

/** Where officers prove control of an address, and where such a proof is checked. The same in both editions. */
export function MessagesWorkspace(props: MessagesProps) {
  return props.messages.state.value.view === 'make' ? <MakeView {...props} /> : <VerifyView {...props} />;
}
