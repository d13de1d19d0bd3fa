import { noise } from './fixtures.ts';

/** So many cards of freshly shuffled decks, as text without separators; the same in every run. */
export function cardText(count: number, name = 'cards'): string {
  const decks = Array.from({ length: Math.ceil(count / 52) }, (_, number) => shuffled(`${name} ${number}`));
  return decks.flat().slice(0, count).map((card) => `${'A23456789TJQK'[card % 13]}${'SHDC'[Math.floor(card / 13)]}`).join('');
}

/** 0 to 51 in an order that looks like chance. */
export function shuffled(name: string): number[] {
  const bytes = noise(name, 104);
  const ranked = Array.from({ length: 52 }, (_, card) => ({ card, rank: ((bytes[2 * card] as number) << 8) | (bytes[2 * card + 1] as number) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ card }) => card);
}

/** So many keys hit all over the keyboard. */
export const keysText = (count: number, name = 'keys', keys = 'qwertyuiopasdfghjklzxcvbnm,.-1234567890'): string => Array.from(noise(name, count), (byte) => keys[byte % keys.length]).join('');
