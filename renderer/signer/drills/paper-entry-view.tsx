import { Button } from '../../ui/button.tsx';
import { Checkbox, Choices, SelectField, TextArea } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { shareWords, takesBip39Passphrase, wordCounts, wordLanguages, withWordCount, typeWord, type PaperEntry } from './drill-entry.ts';
import type { DrillsActions } from './drills-actions.ts';
import type { DrillPage } from './drills-state.ts';
import { WordFields } from './word-fields.tsx';

type Running = Extract<DrillPage, { stage: 'running' }>;

const ways: readonly { readonly value: PaperEntry['way']; readonly name: string }[] = [
  { value: 'words', name: 'Words' },
  { value: 'shares', name: 'Shares' },
  { value: 'text', name: 'SeedQR, xprv or text' },
];

/** Shares, put down one by one; the host says at once whether one is whole and of the others' set. */
function SharesView({ page, actions, change }: { readonly page: Running; readonly actions: DrillsActions; readonly change: (part: Partial<PaperEntry>) => void }) {
  const { paper, isBusy } = page;
  return (
    <>
      <p role="status"><b>{shareWords(paper)}</b></p>
      {paper.shares.length > 0 && (
        <ol class="drill-shares" aria-label="Shares given">
          {paper.shares.map((_, index) => {
            const about = paper.shareSet?.shares[index];
            return <li key={index}>{about === undefined ? `Part ${index + 1}` : `${(paper.shareSet?.groups.length ?? 0) > 1 ? `Group ${about.group}, share` : 'Share'} ${about.share}`}</li>;
          })}
        </ol>
      )}
      <TextArea label={paper.shares.length === 0 ? 'The first share' : 'The next share'} mono rows={3} size="wide" value={paper.draft} disabled={isBusy} onInput={(draft) => change({ draft })} hint="SLIP-39 words or a codex32 text, as on its sheet." />
      <div class="form-actions">
        <Button disabled={isBusy || paper.draft.trim() === ''} onPress={() => void actions.takeShare()}>Put this share down</Button>
        {paper.shares.length > 0 && <Button disabled={isBusy} onPress={() => change({ shares: [], shareSet: null })}>Take all shares back</Button>}
      </div>
      {paper.shares.length === 0 && <Checkbox checked={paper.seedXor} disabled={isBusy} onToggle={(seedXor) => change({ seedXor })}>These are mnemonics that are the parts of one (Seed XOR)</Checkbox>}
    </>
  );
}

/** What is on the paper: words in numbered fields, shares one by one, or a text in one piece. */
export function PaperEntryView({ page, actions }: { readonly page: Running; readonly actions: DrillsActions }) {
  const { paper, isBusy, check } = page;
  const change = (part: Partial<PaperEntry>): void => actions.typePaper({ ...paper, ...part });
  return (
    <>
      <Choices legend="What the paper has" value={paper.way} options={ways} onSelect={(way) => change({ way })} />
      {paper.way === 'words' && (
        <>
          <div class="drill-setup">
            <SelectField label="Number of words" size="short" value={String(paper.words.length)} disabled={isBusy} options={wordCounts.map((value) => ({ value, name: `${value} words` }))} onSelect={(count) => actions.typePaper(withWordCount(paper, Number(count)))} />
            <SelectField label="Language" size="short" value={paper.language ?? 'any'} disabled={isBusy} options={wordLanguages} onSelect={(language) => change({ language: language === 'any' ? null : language })} />
          </div>
          <WordFields paper={paper} check={check} isBusy={isBusy} onWord={(position, typed) => actions.typePaper(typeWord(paper, position, typed))} onSwap={(words) => change({ words })} />
          <div class="form-actions"><Button disabled={isBusy || paper.words.every((word) => word === '')} onPress={() => void actions.checkWords()}>Help with the words</Button></div>
        </>
      )}
      {paper.way === 'text' && <TextArea label="What the sheet says, or its code scanned" mono rows={4} size="wide" value={paper.text} disabled={isBusy} onInput={(text) => change({ text })} hint="The digits of a SeedQR, an extended private key, a codex32 secret, or words in one piece." />}
      {paper.way === 'shares' && <SharesView page={page} actions={actions} change={change} />}
      {takesBip39Passphrase(paper)
        ? <SecretField label="BIP39 passphrase" value={paper.bip39Passphrase} disabled={isBusy} onInput={(bip39Passphrase) => change({ bip39Passphrase })} hint="Leave empty unless the sheet says that there is one." />
        : <SecretField label="Passphrase of the shares" value={paper.sharePassphrase} disabled={isBusy} onInput={(sharePassphrase) => change({ sharePassphrase })} hint="SLIP-39 only. Leave empty unless the sheets say that there is one." />}
      {check?.checksum === 'fits' && <Notice weight="plain" title="The checksum fits"><p>Of 24 wrong words 1 in 256 does that too, of 12 even 1 in 16. Whose words they are, the comparison tells.</p></Notice>}
    </>
  );
}
