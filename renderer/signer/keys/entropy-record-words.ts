import type { CreatedKey } from './ceremony-state.ts';

export type EntropyRecord = NonNullable<CreatedKey['entropyRecord']>;
type RecordedSource = EntropyRecord['sources'][number];

export const modeWords: Readonly<Record<EntropyRecord['mode'], string>> = {
  mixed: 'Mixed: the system\'s chance and a person\'s, either of which suffices',
  'dice-only': 'Dice only: SHA-256 of the rolls, replayable on any machine',
  restored: 'Restored from a secret that is older than this file; how it was made is not known here',
  derived: 'Derived from another key (BIP85)',
};

const fromHands: Readonly<Record<string, readonly [one: string, many: string]>> = {
  dice: ['roll of a die', 'rolls of dice'], coins: ['flip of a coin', 'flips of a coin'], cards: ['card of a shuffled deck', 'cards of shuffled decks'], typed: ['key hit by hand', 'keys hit by hand'],
};
const fromSystem: Readonly<Record<string, string>> = { runtime: 'the runtime\'s generator', kernel: 'the kernel\'s device, read directly' };
const fromElsewhere: Readonly<Record<string, string>> = {
  mnemonic: 'words', seedqr: 'a SeedQR', 'compact-seedqr': 'a CompactSeedQR', xprv: 'an extended private key', codex32: 'codex32', slip39: 'SLIP-39', 'seed-xor': 'Seed XOR', bip85: 'a key by BIP85',
};

/** One source in words. What it does not know is named as it is recorded. */
export function sourceWords({ source, count, bits }: RecordedSource): string {
  const hands = fromHands[source];
  if (hands !== undefined) return `${count} ${hands[count === 1 ? 0 : 1]}, ${bits === 0 ? 'too few to be counted' : `worth ${bits} bits or more`}`;
  if (fromSystem[source] !== undefined) return `${count} bytes of ${fromSystem[source]}, worth ${bits} bits`;
  if (fromElsewhere[source] !== undefined) return `From ${fromElsewhere[source]}${count > 1 ? `, ${count} shares or parts` : ''}`;
  return `${source}: ${count}, ${bits} bits`;
}

const checkWords: Readonly<Record<string, string>> = {
  face: 'no face too often', cycle: 'no repetition at a fixed distance', chunk: 'no piece again and again', step: 'no fixed step from one to the next', walk: 'no walk along the keyboard', few: 'enough that differ',
  'once-a-deck': 'no card twice in a deck', length: 'full length', stuck: 'not stuck', repeated: 'two reads differ', device: 'it is the real device', counter: 'no counter',
};

/** The checks that were passed, a line for each source: `dice: no face too often, no fixed step`. */
export function healthWords(health: readonly string[]): readonly string[] {
  const bySource = Map.groupBy(health, (check) => check.split('/')[0] ?? check);
  return [...bySource].map(([source, checks]) => {
    const names = checks.map((check) => check.slice(source.length + 1)).filter((name) => name !== '');
    return names.length === 0 ? source : `${source}: ${names.map((name) => checkWords[name] ?? name.replaceAll('-', ' ')).join(', ')}`;
  });
}

/** `2026-11-22 19:50 UTC`. */
export const momentText = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
