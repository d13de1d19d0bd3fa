import type { MnemonicLength } from '../mnemonic.ts';
import type { RecordedSource } from './entropy-record.ts';
import { mixEntropy } from './mix.ts';
import type { SystemReading } from './system-entropy.ts';
import { parseCoins, parseDice } from './user-entropy.ts';

/** What a person asks for and gives. Texts are empty where a source was not used. */
export interface KeyEntropyOrder {
  readonly words: MnemonicLength;
  readonly mode: 'mixed' | 'dice-only';
  readonly dice: string;
  readonly coins: string;
  readonly cards: string;
  readonly typed: string;
}

/** Fresh key entropy and the record of it. */
export interface KeyEntropy {
  /** 16 or 32 bytes. A secret: wipe it after use. */
  readonly entropy: Uint8Array;
  readonly mode: 'mixed' | 'dice-only';
  readonly sources: readonly RecordedSource[];
  readonly health: readonly string[];
  /** For people and the key file: `os`, `dice:99`. */
  readonly sourceNames: readonly string[];
}

/**
 * The entropy of a new key.
 * @throws StrongroomError `entropy.malformed`, `entropy.too-little`, `entropy.weak`, `entropy.source-failed`
 */
export function makeKeyEntropy(order: KeyEntropyOrder, system: readonly SystemReading[]): KeyEntropy {
  const user = [...(order.dice.trim() === '' ? [] : [parseDice(order.dice, order.words)]), ...(order.coins.trim() === '' ? [] : [parseCoins(order.coins, order.words)])];
  const { entropy, sources } = mixEntropy(order.words, system, user);
  return { entropy, mode: 'mixed', sources: [], health: [], sourceNames: sources };
}
