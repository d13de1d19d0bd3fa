import type { IconName } from '../../ui/icon.tsx';
import type { DrillDue, DrillRecord, Fault } from './drills-state.ts';

/** How a key stands: words and a sign, and a colour that only repeats them. */
export interface DueWords {
  readonly words: string;
  readonly icon: IconName;
  readonly tag: string;
}

export function dueWords({ state, nextDue }: Pick<DrillDue, 'state' | 'nextDue'>): DueWords {
  switch (state) {
    case 'never':
      return { words: 'never drilled', icon: 'caution', tag: 'tag-caution' };
    case 'failed':
      return { words: 'last drill failed', icon: 'refuse', tag: 'tag-danger' };
    case 'overdue':
      return { words: `overdue since ${nextDue ?? ''}`, icon: 'caution', tag: 'tag-caution' };
    case 'due':
      return { words: `due on ${nextDue ?? ''}`, icon: 'note', tag: '' };
    case 'later':
      return { words: `passed, due ${nextDue ?? ''}`, icon: 'check', tag: 'tag-verified' };
  }
}

export const outcomeWords: Readonly<Record<DrillRecord['outcome'], DueWords>> = {
  passed: { words: 'passed', icon: 'check', tag: 'tag-verified' },
  failed: { words: 'failed', icon: 'refuse', tag: 'tag-danger' },
  abandoned: { words: 'abandoned', icon: 'cross', tag: '' },
};

export const scoreNames: Readonly<Record<DrillRecord['scores'][number]['what'], string>> = {
  fingerprint: 'Fingerprint',
  registration: 'Recognises its registration',
  'first-receive': 'First receive address',
  'first-change': 'First change address',
};

/** In the order in which they are rehearsed: first that nothing wrong is passed. */
export const faults: readonly Fault[] = ['none', 'missing-page', 'missing-share', 'wrong-share', 'share-of-another-set', 'smudged-word', 'swapped-words', 'wrong-passphrase', 'damaged-backup', 'another-key'];

export const faultNames: Readonly<Record<Fault, string>> = {
  none: 'Nothing wrong',
  'missing-page': 'A missing page',
  'missing-share': 'A missing share',
  'wrong-share': 'A wrong share',
  'share-of-another-set': 'A share of another set',
  'smudged-word': 'A smudged word',
  'swapped-words': 'Swapped words',
  'wrong-passphrase': 'A wrong passphrase',
  'damaged-backup': 'A damaged backup',
  'another-key': 'Another key',
};

/** `5 min 12 s`, for a time that runs and for one that was recorded. */
export function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An outcome of the rehearsal as people read it; codes stay as they are. */
export const trialWords = (outcome: string): string => {
  if (outcome === 'passed') return 'the key came back';
  return outcome.startsWith('differs: ') ? 'another key, by everything compared' : outcome;
};

const failures: Readonly<Record<string, string>> = {
  'mnemonic.malformed': 'A word is missing, in no list, or another one than on the sheet: "Help with the words" narrows it down.',
  'mnemonic.ambiguous': 'The words are a mnemonic in several languages: choose the one they were written in.',
  'share.malformed': 'A share has a wrong word or letter; its checksum found it.',
  'share.mismatch': 'The shares are not of one set. Compare the identifiers on their sheets.',
  'share.too-few': 'Shares are missing.',
  'secret.unknown': 'This is no secret of a form that Strongroom knows.',
  'secret.malformed': 'The text is of a known form and fails its checksum. Compare it character by character.',
  'secret.parameters': 'What was given does not go together: several texts that are no shares, or a passphrase that nothing would use.',
  'key.passphrase-wrong': 'The passphrase does not open the key file. Mind blanks, capitals and the keyboard\'s language.',
  'key.file-malformed': 'The file is damaged, or no key file. Take another copy, and replace this one.',
  'key.network': 'This is a key of another network.',
};

/** What an error of the restore means to the person at the paper. */
export const failureWords = (code: string): string => failures[code] ?? 'What was given could not be used.';

const recordFaults: Readonly<Record<string, string>> = {
  'drill.record-malformed': 'it was changed, or is no record of a drill',
  'file.too-large': 'it is larger than any record',
  'file.not-regular': 'it is a link or a folder, not a file',
  'file.not-found': 'it went away while it was read',
};

/** Why a record of a drill on this laptop does not count. */
export const recordFaultWords = (code: string): string => recordFaults[code] ?? 'it cannot be read from the disk';

/** "the wallet A", "the wallets A and B", "the wallets A, B and C" */
export function walletWords(names: readonly string[]): string {
  if (names.length < 2) return `the wallet ${names[0] ?? ''}`;
  return `the wallets ${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
