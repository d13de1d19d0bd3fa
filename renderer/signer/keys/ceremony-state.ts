import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, SignerHost } from '../../host/client.ts';
import type { NetworkName } from '../../frame/networks.ts';
import { cleaned, noTexts, type UserSource, type UserTexts } from './user-sources.ts';

export type CreatedKey = Answer<'key.create', SignerHost>;
/** `dice-only`: the machine's source is left out by choice, so that anybody can replay the key. */
export type EntropyMode = 'mixed' | 'dice-only';

export interface About {
  readonly network: NetworkName;
  readonly label: string;
  readonly words: 12 | 24;
  readonly mode: EntropyMode;
}

/**
 * The ceremony of making a key, step by step in its physical order. Secrets stand only in the step that needs them: what was
 * thrown until the key is made, the passphrase likewise, words while they are uncovered; none when the page is left.
 */
export type Ceremony =
  | { readonly step: 'about'; readonly about: About }
  /** `wasDropped`: the page was left, and what had been thrown is gone. */
  | { readonly step: 'chance'; readonly about: About; readonly source: UserSource; readonly texts: UserTexts; readonly wasDropped: boolean }
  | { readonly step: 'passphrase'; readonly about: About; readonly source: UserSource; readonly texts: UserTexts; readonly first: string; readonly second: string; readonly isBusy: boolean; readonly error: WireError | null }
  | { readonly step: 'words'; readonly key: CreatedKey; readonly uncovered: readonly string[] | null; readonly isAsked: boolean; readonly hasSeen: boolean; readonly error: WireError | null }
  | { readonly step: 'check'; readonly key: CreatedKey; readonly asked: readonly number[]; readonly answers: readonly string[]; readonly wrong: readonly number[]; readonly isBusy: boolean; readonly error: WireError | null }
  | { readonly step: 'save'; readonly key: CreatedKey; readonly isBusy: boolean; readonly error: WireError | null };

export type CeremonyEvent =
  | { readonly type: 'about-changed'; readonly about: About }
  | { readonly type: 'source-chosen'; readonly source: UserSource }
  | { readonly type: 'thrown'; readonly source: UserSource; readonly text: string }
  | { readonly type: 'passphrase-changed'; readonly first: string; readonly second: string }
  | { readonly type: 'next' }
  | { readonly type: 'back' }
  | { readonly type: 'making' }
  | { readonly type: 'made'; readonly key: CreatedKey }
  | { readonly type: 'uncovering' }
  | { readonly type: 'uncovered'; readonly words: readonly string[] }
  | { readonly type: 'covered' }
  | { readonly type: 'check-begun'; readonly asked: readonly number[] }
  | { readonly type: 'answer-changed'; readonly position: number; readonly answer: string }
  | { readonly type: 'checking' }
  | { readonly type: 'checked'; readonly wrong: readonly number[] }
  | { readonly type: 'saving' }
  | { readonly type: 'failed'; readonly error: WireError }
  /** The page was left: whatever is secret on it is dropped. */
  | { readonly type: 'hidden' };

export const stepNames = ['What it is for', 'Roll, flip or draw', 'Passphrase', 'Write the words down', 'Check the paper', 'Save the key'] as const;

const order: readonly Ceremony['step'][] = ['about', 'chance', 'passphrase', 'words', 'check', 'save'];
export const stepNumber = (ceremony: Ceremony): number => order.indexOf(ceremony.step);

export const newCeremony = (network: NetworkName): Ceremony => ({ step: 'about', about: { network, label: '', words: 24, mode: 'mixed' } });

const chance = (about: About, source: UserSource = 'dice', texts: UserTexts = noTexts): Extract<Ceremony, { step: 'chance' }> => ({ step: 'chance', about, source, texts, wasDropped: false });
const wordsStep = (key: CreatedKey, hasSeen: boolean): Ceremony => ({ step: 'words', key, uncovered: null, isAsked: false, hasSeen, error: null });

/** An event that does not belong to the step leaves it as it is: a late answer of the host must not move a person. */
export function ceremonyTransition(ceremony: Ceremony, event: CeremonyEvent): Ceremony {
  switch (ceremony.step) {
    case 'about':
      if (event.type === 'about-changed') return { ...ceremony, about: event.about };
      if (event.type === 'next') return chance(ceremony.about);
      return ceremony;
    case 'chance':
      if (event.type === 'source-chosen') return ceremony.about.mode === 'dice-only' ? ceremony : { ...ceremony, source: event.source };
      if (event.type === 'thrown') return { ...ceremony, texts: { ...ceremony.texts, [event.source]: cleaned(event.source, event.text) }, wasDropped: false };
      if (event.type === 'next') return { step: 'passphrase', about: ceremony.about, source: ceremony.source, texts: ceremony.texts, first: '', second: '', isBusy: false, error: null };
      if (event.type === 'back') return { step: 'about', about: ceremony.about };
      if (event.type === 'hidden') return { ...ceremony, texts: noTexts, wasDropped: Object.values(ceremony.texts).some((text) => text !== '') };
      return ceremony;
    case 'passphrase':
      if (event.type === 'passphrase-changed') return { ...ceremony, first: event.first, second: event.second, error: null };
      if (event.type === 'back' && !ceremony.isBusy) return chance(ceremony.about, ceremony.source, ceremony.texts);
      if (event.type === 'making') return { ...ceremony, isBusy: true, error: null };
      // The page was left meanwhile: there is nothing to try again with.
      if (event.type === 'failed' && Object.values(ceremony.texts).every((text) => text === '')) return { ...chance(ceremony.about, ceremony.source), wasDropped: true };
      if (event.type === 'failed') return { ...ceremony, isBusy: false, error: event.error };
      if (event.type === 'made') return wordsStep(event.key, false);
      // While the key is being made the host has it all; here it is not needed any more.
      if (event.type === 'hidden') return ceremony.isBusy ? { ...ceremony, texts: noTexts, first: '', second: '' } : { step: 'chance', about: ceremony.about, source: ceremony.source, texts: noTexts, wasDropped: true };
      return ceremony;
    case 'words':
      if (event.type === 'uncovering') return { ...ceremony, isAsked: true, error: null };
      // An answer that comes after the page was covered again shows nothing.
      if (event.type === 'uncovered') return ceremony.isAsked ? { ...ceremony, uncovered: event.words, isAsked: false, hasSeen: true } : ceremony;
      if (event.type === 'covered' || event.type === 'hidden') return { ...ceremony, uncovered: null, isAsked: false };
      if (event.type === 'failed') return { ...ceremony, isAsked: false, error: event.error };
      if (event.type === 'check-begun') return { step: 'check', key: ceremony.key, asked: event.asked, answers: event.asked.map(() => ''), wrong: [], isBusy: false, error: null };
      return ceremony;
    case 'check':
      if (event.type === 'answer-changed') {
        const answers = ceremony.answers.map((answer, position) => (position === event.position ? event.answer.trim().toLowerCase() : answer));
        return { ...ceremony, answers, wrong: ceremony.wrong.filter((position) => position !== event.position) };
      }
      if (event.type === 'back') return wordsStep(ceremony.key, true);
      if (event.type === 'hidden') return { ...ceremony, answers: ceremony.answers.map(() => ''), wrong: [] };
      if (event.type === 'checking') return { ...ceremony, isBusy: true, error: null };
      if (event.type === 'failed') return { ...ceremony, isBusy: false, error: event.error };
      if (event.type === 'checked') return event.wrong.length === 0 ? { step: 'save', key: ceremony.key, isBusy: false, error: null } : { ...ceremony, isBusy: false, wrong: event.wrong };
      return ceremony;
    case 'save':
      if (event.type === 'saving') return { ...ceremony, isBusy: true, error: null };
      if (event.type === 'failed') return { ...ceremony, isBusy: false, error: event.error };
      return ceremony;
  }
}

/** Positions that are asked for, ascending, drawn without repetition. @param random gives a whole number below its argument */
export function askedPositions(words: number, random: (below: number) => number): readonly number[] {
  const left = Array.from({ length: words }, (_, index) => index);
  const drawn = Array.from({ length: 3 }, () => left.splice(random(left.length), 1)[0] as number);
  return drawn.sort((a, b) => a - b);
}
