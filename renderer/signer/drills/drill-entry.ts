import type { Answer, SignerHost } from '../../host/client.ts';
import type { FileContent } from '../../ui/file-content.ts';

/** How far the shares are that were put down. */
export type ShareSet = Answer<'share.check', SignerHost>;

/** What is typed in from paper while a drill runs. Secret, every part of it; it is dropped when the page is left. */
export interface PaperEntry {
  readonly way: 'words' | 'text' | 'shares';
  /** One a field, as many as the sheet has. */
  readonly words: readonly string[];
  /** Digits of a SeedQR, words in one piece, an extended key, or a codex32 secret. */
  readonly text: string;
  /** Shares that were put down already. */
  readonly shares: readonly string[];
  /** The share that is being typed. */
  readonly draft: string;
  /** What the host says of the shares; `null` before the first, and for Seed XOR, of which no part tells anything. */
  readonly shareSet: ShareSet | null;
  /** The shares are mnemonics that are the parts of one. */
  readonly seedXor: boolean;
  readonly language: WordLanguage | null;
  readonly bip39Passphrase: string;
  readonly sharePassphrase: string;
}

/** What is given from a backup. The file is encrypted; its passphrase is the secret. */
export interface BackupEntry {
  readonly file: FileContent | null;
  readonly passphrase: string;
}

export type WordLanguage = 'english' | 'japanese' | 'korean' | 'spanish' | 'chinese-simplified' | 'chinese-traditional' | 'french' | 'italian' | 'czech' | 'portuguese';

export const wordLanguages: readonly { readonly value: WordLanguage | 'any'; readonly name: string }[] = [
  { value: 'any', name: 'Found from the words' },
  { value: 'english', name: 'English' },
  { value: 'japanese', name: 'Japanese' },
  { value: 'korean', name: 'Korean' },
  { value: 'spanish', name: 'Spanish' },
  { value: 'chinese-simplified', name: 'Chinese, simplified' },
  { value: 'chinese-traditional', name: 'Chinese, traditional' },
  { value: 'french', name: 'French' },
  { value: 'italian', name: 'Italian' },
  { value: 'czech', name: 'Czech' },
  { value: 'portuguese', name: 'Portuguese' },
];

export const wordCounts = ['12', '15', '18', '21', '24'] as const;

export const emptyPaper = (words = 24): PaperEntry => ({ way: 'words', words: Array<string>(words).fill(''), text: '', shares: [], draft: '', shareSet: null, seedXor: false, language: null, bip39Passphrase: '', sharePassphrase: '' });
export const emptyBackup: BackupEntry = { file: null, passphrase: '' };

/** The same form without anything that was typed into it: how the sheet looks is no secret, what it says is. */
export const withoutSecrets = (entry: PaperEntry): PaperEntry => ({ ...emptyPaper(entry.words.length), way: entry.way, seedXor: entry.seedXor, language: entry.language });

/**
 * One word field was typed into. Words that were pasted in one piece fill the fields from there on, and stretch the form
 * where they are a whole mnemonic.
 */
export function typeWord(entry: PaperEntry, position: number, typed: string): PaperEntry {
  const pieces = typed.trim().split(/\s+/);
  if (pieces.length < 2) return { ...entry, words: entry.words.with(position, typed.trim()) };
  const isWhole = position === 0 && wordCounts.some((count) => Number(count) === pieces.length);
  const words = isWhole ? pieces : entry.words.map((word, index) => pieces[index - position] ?? word);
  return { ...entry, words };
}

/** The form with another number of fields; what was typed stays where it fits. */
export const withWordCount = (entry: PaperEntry, count: number): PaperEntry => ({ ...entry, words: Array.from({ length: count }, (_, index) => entry.words[index] ?? '') });

/** The typed share as it is put down; empty where nothing is typed. */
export const draftShare = (entry: PaperEntry): string => onOneLine(entry.draft);

/** The typed share lies beside the others. @param shareSet what they are together */
export const withShare = (entry: PaperEntry, share: string, shareSet: ShareSet | null): PaperEntry => ({ ...entry, shares: [...entry.shares, share], draft: '', shareSet });

/** "2 of 3 given", by group where there are several. */
export function shareWords({ shares, shareSet, seedXor }: Pick<PaperEntry, 'shares' | 'shareSet' | 'seedXor'>): string {
  if (shares.length === 0) return 'No share given yet.';
  if (seedXor || shareSet === null) return `${shares.length} ${shares.length === 1 ? 'part' : 'parts'} given; every part is needed.`;
  const groups = shareSet.groups.map(({ group, have, need }) => `${shareSet.groups.length > 1 || shareSet.groupsNeeded > 1 ? `group ${group}: ` : ''}${have} of ${need} given`);
  return `${groups.join(', ')}${shareSet.groupsNeeded > 1 ? `; ${shareSet.groupsComplete} of ${shareSet.groupsNeeded} groups complete` : ''}.`;
}

/** A mnemonic has a BIP39 passphrase, in one piece or as Seed XOR; shares have one of their own. */
export const takesBip39Passphrase = ({ way, seedXor }: Pick<PaperEntry, 'way' | 'seedXor'>): boolean => way !== 'shares' || seedXor;

/** The texts that the entry stands for. */
export function secretsOf(entry: PaperEntry): readonly string[] {
  switch (entry.way) {
    case 'words':
      return [entry.words.filter((word) => word !== '').join(' ')];
    case 'text':
      return [onOneLine(entry.text)];
    case 'shares':
      return entry.shares;
  }
}

/** Why the entry cannot be tried yet, in words, or `null`. */
export function paperProblem(entry: PaperEntry): string | null {
  switch (entry.way) {
    case 'words': {
      const empty = entry.words.filter((word) => word === '').length;
      return empty === 0 ? null : `${empty} of ${entry.words.length} words are still empty.`;
    }
    case 'text':
      return entry.text.trim() === '' ? 'Type or paste what the sheet says.' : null;
    case 'shares':
      if (entry.draft.trim() !== '') return 'Put the typed share down first.';
      if (entry.seedXor) return entry.shares.length > 1 ? null : 'Give every part.';
      return entry.shareSet?.isComplete === true ? null : shareWords(entry);
  }
}

/** Why the backup cannot be tried yet, in words, or `null`. */
export function backupProblem(entry: BackupEntry): string | null {
  if (entry.file === null) return 'Choose the backup of the key file.';
  return entry.passphrase === '' ? 'Type the passphrase of the key file.' : null;
}

const onOneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');
