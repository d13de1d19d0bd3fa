import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, SignerHost } from '../../host/client.ts';
import type { NetworkName } from '../../frame/networks.ts';
import { onlyRolls } from './dice.ts';

export type CreatedKey = Answer<'key.create', SignerHost>;

export interface About {
  readonly network: NetworkName;
  readonly label: string;
  readonly words: 12 | 24;
}

/**
 * The ceremony of making a key, step by step in its physical order. Secrets stand only in the step that needs them: rolls
 * until the key is made, the passphrase likewise, words while they are uncovered.
 */
export type Ceremony =
  | { readonly step: 'about'; readonly about: About }
  | { readonly step: 'dice'; readonly about: About; readonly rolls: string }
  | { readonly step: 'passphrase'; readonly about: About; readonly rolls: string; readonly first: string; readonly second: string; readonly isBusy: boolean; readonly error: WireError | null }
  | { readonly step: 'words'; readonly key: CreatedKey; readonly uncovered: readonly string[] | null; readonly hasSeen: boolean; readonly error: WireError | null }
  | { readonly step: 'check'; readonly key: CreatedKey; readonly asked: readonly number[]; readonly answers: readonly string[]; readonly wrong: readonly number[]; readonly isBusy: boolean; readonly error: WireError | null }
  | { readonly step: 'save'; readonly key: CreatedKey; readonly isBusy: boolean; readonly error: WireError | null };

export type CeremonyEvent =
  | { readonly type: 'about-changed'; readonly about: About }
  | { readonly type: 'rolls-changed'; readonly rolls: string }
  | { readonly type: 'passphrase-changed'; readonly first: string; readonly second: string }
  | { readonly type: 'next' }
  | { readonly type: 'back' }
  | { readonly type: 'making' }
  | { readonly type: 'made'; readonly key: CreatedKey }
  | { readonly type: 'uncovered'; readonly words: readonly string[] }
  | { readonly type: 'covered' }
  | { readonly type: 'check-begun'; readonly asked: readonly number[] }
  | { readonly type: 'answer-changed'; readonly position: number; readonly answer: string }
  | { readonly type: 'checking' }
  | { readonly type: 'checked'; readonly wrong: readonly number[] }
  | { readonly type: 'saving' }
  | { readonly type: 'failed'; readonly error: WireError };

export const stepNames = ['Network and label', 'Dice', 'Passphrase', 'Write the words down', 'Check the paper', 'Save the key'] as const;

const order: readonly Ceremony['step'][] = ['about', 'dice', 'passphrase', 'words', 'check', 'save'];
export const stepNumber = (ceremony: Ceremony): number => order.indexOf(ceremony.step);

export const newCeremony = (network: NetworkName): Ceremony => ({ step: 'about', about: { network, label: '', words: 24 } });

/** Why a passphrase cannot be used yet, or `null`. The host demands the same. */
export function passphraseProblem(first: string, second: string): string | null {
  if ([...first].length < 12) return `At least 12 characters; ${12 - [...first].length} more.`;
  if (second !== first) return second === '' ? 'Type it a second time.' : 'The two are not the same.';
  return null;
}

/** An event that does not belong to the step leaves it as it is: a late answer of the host must not move a person. */
export function ceremonyTransition(ceremony: Ceremony, event: CeremonyEvent): Ceremony {
  switch (ceremony.step) {
    case 'about':
      if (event.type === 'about-changed') return { ...ceremony, about: event.about };
      if (event.type === 'next') return { step: 'dice', about: ceremony.about, rolls: '' };
      return ceremony;
    case 'dice':
      if (event.type === 'rolls-changed') return { ...ceremony, rolls: onlyRolls(event.rolls) };
      if (event.type === 'next') return { step: 'passphrase', about: ceremony.about, rolls: ceremony.rolls, first: '', second: '', isBusy: false, error: null };
      if (event.type === 'back') return { step: 'about', about: ceremony.about };
      return ceremony;
    case 'passphrase':
      if (event.type === 'passphrase-changed') return { ...ceremony, first: event.first, second: event.second, error: null };
      if (event.type === 'back' && !ceremony.isBusy) return { step: 'dice', about: ceremony.about, rolls: ceremony.rolls };
      if (event.type === 'making') return { ...ceremony, isBusy: true, error: null };
      if (event.type === 'failed') return { ...ceremony, isBusy: false, error: event.error };
      if (event.type === 'made') return { step: 'words', key: event.key, uncovered: null, hasSeen: false, error: null };
      return ceremony;
    case 'words':
      if (event.type === 'uncovered') return { ...ceremony, uncovered: event.words, hasSeen: true, error: null };
      if (event.type === 'covered') return { ...ceremony, uncovered: null };
      if (event.type === 'failed') return { ...ceremony, error: event.error };
      if (event.type === 'check-begun') return { step: 'check', key: ceremony.key, asked: event.asked, answers: event.asked.map(() => ''), wrong: [], isBusy: false, error: null };
      return ceremony;
    case 'check':
      if (event.type === 'answer-changed') {
        const answers = ceremony.answers.map((answer, position) => (position === event.position ? event.answer.trim().toLowerCase() : answer));
        return { ...ceremony, answers, wrong: ceremony.wrong.filter((position) => position !== event.position) };
      }
      if (event.type === 'back') return { step: 'words', key: ceremony.key, uncovered: null, hasSeen: true, error: null };
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
