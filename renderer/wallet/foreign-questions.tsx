import type { WireError } from '../../src/host/contract.ts';
import { networkOptions } from '../frame/networks.ts';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { SecretField } from '../ui/secret-field.tsx';
import { formatName, questionOf, type ForeignDraft, type ReadWallet } from './foreign-wallet.ts';
import { ScriptField } from './script-field.tsx';
import { LossList } from './loss-list.tsx';

interface Props {
  readonly draft: ForeignDraft;
  /** `null` while it cannot be read. */
  readonly read: ReadWallet | null;
  readonly error: WireError | null;
  readonly isBusy: boolean;
  readonly onChange: (part: Partial<ForeignDraft>) => void;
  /** Reads the file again with what was said; given at once where one choice is the answer. */
  readonly onRead: (part?: Partial<ForeignDraft>) => void;
}

/** What a file of another program was read as, what it left behind, and the questions that it leaves open. */
export function ForeignQuestions({ draft, read, error, isBusy, onChange, onRead }: Props) {
  const question = questionOf(error);
  // Of the test networks, most files do not say which: the one that was taken may be another.
  const asksNetwork = draft.network !== null || error?.code === 'network.mismatch' || (read !== null && read.format !== 'strongroom' && read.network !== 'mainnet');
  return (
    <>
      {read !== null && <p>Read as <b>{formatName(read.format)}</b>, from <span class="breakable">{draft.fileName}</span>.</p>}
      {question === 'script' && <Notice weight="caution" title="The file holds several wallets"><p>{error?.message} Say which script type is meant.</p></Notice>}
      {(question === 'script' || draft.script !== null) && <ScriptField label="Script type of the wallet" script={draft.script ?? 'p2wsh'} disabled={isBusy} onSelect={(script) => onRead({ script })} />}
      {question === 'password' && <Notice weight="caution" title="The file is encrypted"><p>{error?.message} {error?.hint}</p></Notice>}
      {(question === 'password' || draft.password !== '') && (
        <div class="unlock-row">
          <SecretField label="Password or token of the file" value={draft.password} disabled={isBusy} onInput={(password) => onChange({ password })} onEnter={() => onRead()} />
          <Button disabled={isBusy || draft.password === ''} onPress={() => onRead()}>Decrypt</Button>
        </div>
      )}
      {question === 'script' && draft.script === null && <div class="form-actions"><Button disabled={isBusy} onPress={() => onRead({ script: 'p2wsh' })}>Read it as P2WSH</Button></div>}
      {asksNetwork && (
        <SelectField label="Network of the wallet" value={draft.network ?? read?.network ?? ''} disabled={isBusy} options={networkOptions} onSelect={(network) => onRead({ network })}
          hint="The test networks look alike in most files." />
      )}
      {error !== null && question === null && <ErrorNotice error={error} />}
      {read !== null && <LossList title="Left behind or taken for granted" losses={read.losses} none="Everything in the file was taken over." />}
    </>
  );
}
