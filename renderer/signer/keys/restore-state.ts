import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, SignerHost } from '../../host/client.ts';
import type { NetworkName } from '../../frame/networks.ts';
import type { CreatedKey } from './ceremony-state.ts';
import { filledPositions, isLanguage, newRestoreForm, withoutSecrets, wordsText, type MnemonicLanguage, type RestoreForm } from './restore-form.ts';

export type WordCheck = Answer<'mnemonic.check-words', SignerHost>;
export type Repair = WordCheck['repairs'][number];
export type ShareSet = Answer<'share.check', SignerHost>;
export type PassphraseCharacters = Answer<'passphrase.code-points', SignerHost>['characters'];

/** A key brought back from a secret: typed in, then compared by its fingerprint before anything is kept. */
export type Restore =
  | {
      readonly step: 'typing';
      readonly form: RestoreForm;
      /** What the host said of the words, and of which words: an answer to other words than those in the fields is not used. */
      readonly check: { readonly text: string; readonly language: MnemonicLanguage | null; readonly found: WordCheck } | null;
      /** Last words that complete the others, once they were asked for. */
      readonly lastWords: { readonly text: string; readonly words: readonly string[] } | null;
      readonly set: ShareSet | null;
      /** The BIP39 passphrase character by character, once it was asked for. */
      readonly characters: PassphraseCharacters | null;
      /** Languages between which the words leave the choice open. */
      readonly languages: readonly MnemonicLanguage[];
      readonly isBusy: boolean;
      readonly error: WireError | null;
    }
  | { readonly step: 'comparing'; readonly key: CreatedKey; readonly isBusy: boolean; readonly error: WireError | null };

export type RestoreEvent =
  | { readonly type: 'changed'; readonly form: RestoreForm }
  | { readonly type: 'words-checked'; readonly text: string; readonly language: MnemonicLanguage | null; readonly found: WordCheck }
  | { readonly type: 'last-words-found'; readonly text: string; readonly words: readonly string[] }
  | { readonly type: 'share-taken'; readonly share: string; readonly set: ShareSet | null }
  | { readonly type: 'share-removed'; readonly position: number; readonly set: ShareSet | null }
  | { readonly type: 'characters-shown'; readonly passphrase: string; readonly characters: PassphraseCharacters }
  | { readonly type: 'characters-hidden' }
  | { readonly type: 'working' }
  | { readonly type: 'restored'; readonly key: CreatedKey }
  | { readonly type: 'failed'; readonly error: WireError }
  /** The page was left: whatever is secret on it is dropped. */
  | { readonly type: 'hidden' };

type Typing = Extract<Restore, { step: 'typing' }>;

/** A share as it is kept: in one line, parted by single blanks. */
export const onOneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');

const typing = (form: RestoreForm): Typing => ({ step: 'typing', form, check: null, lastWords: null, set: null, characters: null, languages: [], isBusy: false, error: null });
export const newRestore = (network: NetworkName): Restore => typing(newRestoreForm(network));

export function restoreTransition(restore: Restore, event: RestoreEvent): Restore {
  if (restore.step === 'comparing') {
    if (event.type === 'working') return { ...restore, isBusy: true, error: null };
    if (event.type === 'failed') return { ...restore, isBusy: false, error: event.error };
    return restore;
  }
  const { form } = restore;
  switch (event.type) {
    case 'changed':
      return changed(restore, event.form);
    case 'words-checked':
      return event.text === wordsText(form) && event.language === form.language ? { ...restore, check: { text: event.text, language: event.language, found: event.found } } : restore;
    case 'last-words-found':
      return event.text === wordsBeforeLast(form) ? { ...restore, lastWords: { text: event.text, words: event.words }, error: null } : restore;
    case 'share-taken':
      // The field was emptied meanwhile: the page was left, or the share is not wanted any more.
      if (onOneLine(form.share) !== event.share) return { ...restore, isBusy: false };
      return { ...restore, form: { ...form, shares: [...form.shares, event.share], share: '' }, set: event.set, isBusy: false, error: null };
    case 'share-removed':
      if (event.position >= form.shares.length) return restore;
      return { ...restore, form: { ...form, shares: form.shares.filter((_, position) => position !== event.position) }, set: event.set, error: null };
    case 'characters-shown':
      return event.passphrase === form.bip39Passphrase ? { ...restore, characters: event.characters } : restore;
    case 'characters-hidden':
      return { ...restore, characters: null };
    case 'working':
      return { ...restore, isBusy: true, error: null };
    case 'failed':
      return { ...restore, isBusy: false, error: event.error, languages: event.error.code === 'mnemonic.ambiguous' ? languagesIn(event.error) : restore.languages };
    case 'restored':
      // An answer that comes after the page was left finds no secret here any more, and the key is kept all the same.
      return { step: 'comparing', key: event.key, isBusy: false, error: null };
    case 'hidden':
      return { ...typing(withoutSecrets(form)), isBusy: restore.isBusy };
  }
}

function changed(restore: Typing, form: RestoreForm): Typing {
  const isOther = form.form !== restore.form.form;
  const sameWords = wordsBeforeLast(form) === wordsBeforeLast(restore.form);
  return {
    ...restore,
    form,
    check: wordsText(form) === wordsText(restore.form) && form.language === restore.form.language ? restore.check : null,
    lastWords: sameWords && form.language === restore.form.language ? restore.lastWords : null,
    set: isOther ? null : restore.set,
    characters: form.bip39Passphrase === restore.form.bip39Passphrase ? restore.characters : null,
    languages: isOther || !sameWords ? [] : restore.languages,
    error: null,
  };
}

/** Languages that an error names. */
const languagesIn = (error: WireError): readonly MnemonicLanguage[] => String(error.details['languages'] ?? '').split(/,\s*/).filter(isLanguage);

/** All words but the last, as one text. */
export const wordsBeforeLast = (form: RestoreForm): string => form.words.slice(0, -1).map((word) => word.trim()).join(' ');

/** Words that the host does not know, by their field's position from 0, with the nearest known ones. */
export function unknownWords(restore: Typing): readonly { readonly position: number; readonly suggestions: readonly string[] }[] {
  if (restore.check === null) return [];
  const filled = filledPositions(restore.form);
  return restore.check.found.words.flatMap(({ position, known, suggestions }) => {
    const field = filled[position - 1];
    return known || field === undefined ? [] : [{ position: field, suggestions }];
  });
}

/** The words with one repair applied; all fields must be filled, as they are when the host offers repairs. */
export function repaired(form: RestoreForm, repair: Repair): RestoreForm {
  if (repair.kind === 'word') return { ...form, words: form.words.with(repair.position - 1, repair.word) };
  const [one, other] = repair.positions;
  return { ...form, words: form.words.with(one - 1, form.words[other - 1] ?? '').with(other - 1, form.words[one - 1] ?? '') };
}

/** Whether enough shares are there. Of Seed XOR no part says how many there are. */
export const isSetComplete = (restore: Typing): boolean => restore.set?.isComplete ?? false;
