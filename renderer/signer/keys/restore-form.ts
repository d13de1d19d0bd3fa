import type { NetworkName } from '../../frame/networks.ts';
import type { Option } from '../../ui/field.tsx';
import { passphraseProblem } from './passphrase-problem.ts';

/** In what form a person holds a secret. */
export type SecretForm = 'words' | 'seedqr' | 'xprv' | 'slip39' | 'codex32' | 'seed-xor';
export type WordCount = 12 | 15 | 18 | 21 | 24;
export type MnemonicLanguage = 'english' | 'japanese' | 'korean' | 'spanish' | 'chinese-simplified' | 'chinese-traditional' | 'french' | 'italian' | 'czech' | 'portuguese';

export const secretForms: readonly Option<SecretForm>[] = [
  { value: 'words', name: 'Words' },
  { value: 'seedqr', name: 'SeedQR digits' },
  { value: 'xprv', name: 'Extended private key' },
  { value: 'slip39', name: 'SLIP-39 shares' },
  { value: 'codex32', name: 'codex32 secret or shares' },
  { value: 'seed-xor', name: 'Seed XOR parts' },
];

export const wordCounts: readonly WordCount[] = [12, 15, 18, 21, 24];

/** In their own names too: who wrote the sheet knows that one. */
export const languageNames: Readonly<Record<MnemonicLanguage, string>> = {
  english: 'English', japanese: 'Japanese (日本語)', korean: 'Korean (한국어)', spanish: 'Spanish (español)', 'chinese-simplified': 'Chinese, simplified (简体中文)',
  'chinese-traditional': 'Chinese, traditional (繁體中文)', french: 'French (français)', italian: 'Italian (italiano)', czech: 'Czech (čeština)', portuguese: 'Portuguese (português)',
};
export const isLanguage = (name: string): name is MnemonicLanguage => Object.hasOwn(languageNames, name);

/** What is typed into the restore page. All but the first five fields are secret. */
export interface RestoreForm {
  readonly network: NetworkName;
  readonly label: string;
  readonly form: SecretForm;
  readonly wordCount: WordCount;
  /** `null`: found from the words. */
  readonly language: MnemonicLanguage | null;
  /** As many as `wordCount`; empty where nothing was typed yet. */
  readonly words: readonly string[];
  /** Digits of a SeedQR, or an extended private key. */
  readonly text: string;
  /** Shares or parts that were taken already. */
  readonly shares: readonly string[];
  /** The share that is being typed. */
  readonly share: string;
  readonly bip39Passphrase: string;
  readonly sharePassphrase: string;
  readonly first: string;
  readonly second: string;
}

const noWords = (count: WordCount): readonly string[] => Array.from({ length: count }, () => '');

export const newRestoreForm = (network: NetworkName): RestoreForm => ({
  network, label: '', form: 'words', wordCount: 24, language: null, words: noWords(24), text: '', shares: [], share: '', bip39Passphrase: '', sharePassphrase: '', first: '', second: '',
});

/** The form without its secrets: what is left when the page is left. */
export const withoutSecrets = (form: RestoreForm): RestoreForm => ({
  ...newRestoreForm(form.network), label: form.label, form: form.form, wordCount: form.wordCount, language: form.language, words: noWords(form.wordCount),
});

/** Another form of secret: what was typed in the form before is dropped, since nothing of it would be used. */
export const withForm = (form: RestoreForm, chosen: SecretForm): RestoreForm => ({
  ...form, form: chosen, words: noWords(form.wordCount), text: '', shares: [], share: '', bip39Passphrase: '', sharePassphrase: '',
});

export const withWordCount = (form: RestoreForm, wordCount: WordCount): RestoreForm => ({
  ...form, wordCount, words: Array.from({ length: wordCount }, (_, index) => form.words[index] ?? ''),
});

/** Words as they come out of a text: parted by blanks of any kind, Japanese ones too; Chinese words are one character each. */
export function wordsIn(text: string): readonly string[] {
  const trimmed = text.trim();
  if (/^\p{Script=Han}{2,}$/u.test(trimmed)) return [...trimmed];
  // Numbers and dots before words are the sheet's own: `1. abandon`.
  return trimmed.split(/\s+/).filter((word) => word !== '' && !/^\d{1,2}[.):]?$/.test(word));
}

/**
 * Puts a text into the word fields from one of them on. A whole mnemonic that is pasted into the first field sets the number
 * of fields as well.
 */
export function withTextAt(form: RestoreForm, position: number, text: string): RestoreForm {
  const words = wordsIn(text);
  const whole = wordCounts.find((count) => count === words.length);
  const sized = position === 0 && whole !== undefined ? withWordCount(form, whole) : form;
  return { ...sized, words: sized.words.map((word, index) => words[index - position] ?? word) };
}

/** Positions, from 0, of the fields that hold a word: what the host counts from 1 is counted over these. */
export const filledPositions = (form: RestoreForm): readonly number[] => form.words.flatMap((word, index) => (word.trim() === '' ? [] : [index]));

/** The words that were typed so far, as one text. */
export const wordsText = (form: RestoreForm): string => form.words.map((word) => word.trim()).filter((word) => word !== '').join(' ');

/** Whether all words but the last are there, so that the last can be found. */
export const lacksLastOnly = (form: RestoreForm): boolean => form.words.slice(0, -1).every((word) => word.trim() !== '');

const isOneByOne = (form: SecretForm): form is 'slip39' | 'codex32' | 'seed-xor' => form === 'slip39' || form === 'codex32' || form === 'seed-xor';
export const hasBip39Passphrase = (form: SecretForm): boolean => form === 'words' || form === 'seedqr' || form === 'seed-xor';

/** The secret as the host takes it: one text, or the shares. */
export function secretsOf(form: RestoreForm): string[] {
  if (form.form === 'words') return [wordsText(form)];
  return isOneByOne(form.form) ? [...form.shares] : [form.text.trim()];
}

/** Why a secret cannot be used yet, or `null`. */
function secretProblem(form: RestoreForm, isSetComplete: boolean): string | null {
  switch (form.form) {
    case 'words': {
      const missing = form.wordCount - filledPositions(form).length;
      return missing === 0 ? null : `${missing} of ${form.wordCount} words are still to be typed.`;
    }
    case 'seedqr':
      return seedQrProblem(form.text);
    case 'xprv':
      return form.text.trim() === '' ? 'Type the extended private key.' : null;
    case 'seed-xor':
      return form.shares.length < 2 ? `${form.shares.length} of at least 2 parts taken.` : form.share.trim() === '' ? null : 'Take the part that is typed, or clear its field.';
    case 'slip39':
    case 'codex32':
      if (form.shares.length === 0) return 'Type the first share.';
      if (!isSetComplete) return 'More shares are needed.';
      return form.share.trim() === '' ? null : 'Take the share that is typed, or clear its field.';
  }
}

function seedQrProblem(text: string): string | null {
  const digits = text.replace(/\s/g, '');
  if (digits === '') return 'Type the digits of the SeedQR.';
  if (/^[0-9a-f]*[a-f][0-9a-f]*$/i.test(digits)) return digits.length === 32 || digits.length === 64 ? null : `${digits.length} hexadecimal digits; a CompactSeedQR has 32 or 64.`;
  if (!/^\d+$/.test(digits)) return 'A SeedQR holds digits only.';
  return digits.length % 12 === 0 && digits.length >= 48 && digits.length <= 96 ? null : `${digits.length} digits; four for each word: 48 for 12 words, 96 for 24.`;
}

/** Why the form cannot be used yet, or `null`. @param isSetComplete whether enough shares are there */
export function restoreProblem(form: RestoreForm, isSetComplete: boolean): string | null {
  if (form.label.trim() === '') return 'Give the key a label.';
  return secretProblem(form, isSetComplete) ?? passphraseProblem(form.first, form.second);
}
