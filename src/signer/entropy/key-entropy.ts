import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { MnemonicLength } from '../mnemonic.ts';
import { parseCards } from './cards.ts';
import { diceOnlyEntropy } from './dice-only.ts';
import type { RecordedSource } from './entropy-record.ts';
import { mixEntropy } from './mix.ts';
import { requireHealthy, SYSTEM_READ_BYTES, type SystemReading } from './system-entropy.ts';
import { parseTyped } from './typed.ts';
import { parseCoins, parseDice, requireUserEntropy } from './user-entropy.ts';
import { userSourceNames, type UserEntropy, type UserSourceName } from './user-source.ts';

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
  /** The checks that were passed, such as `kernel/device` and `dice/face`. */
  readonly health: readonly string[];
  /** For people and the key file: `os`, `dice:99`. */
  readonly sourceNames: readonly string[];
}

const parsers: Readonly<Record<UserSourceName, (text: string, words: MnemonicLength) => UserEntropy>> = { dice: parseDice, coins: parseCoins, cards: parseCards, typed: parseTyped };

/** A generator is worth no more than its state, however many bytes are read. */
const SYSTEM_BITS = 256;

/**
 * The entropy of a new key.
 *
 * `mixed`: the system's readings and the person's sources through `mixEntropy`. The person's part is not optional: at least
 * one of their sources must reach its floor alone (see `leastCount`); others beside it may be shorter.
 * `dice-only`: `diceOnlyEntropy`; the system's readings are not mixed in, and no other source may be given.
 *
 * In either mode the system's source must be healthy: the key file's encryption draws on it too. What was read is wiped.
 * @throws StrongroomError `entropy.malformed`, `entropy.too-little`, `entropy.weak`, `entropy.dice-alone`,
 * `entropy.source-failed`
 */
export function makeKeyEntropy({ words, mode, ...texts }: KeyEntropyOrder, system: readonly SystemReading[]): KeyEntropy {
  const user: UserEntropy[] = [];
  try {
    const systemHealth = requireHealthy(system);
    const given = userSourceNames.filter((name) => texts[name].trim() !== '');
    if (mode === 'dice-only' && given.some((name) => name !== 'dice')) {
      throw new StrongroomError('entropy.dice-alone', 'A key of dice alone takes no other source.', { given: given.join(', ') }, 'Leave the other sources out, or mix all of them.');
    }
    for (const name of given) user.push(parsers[name](texts[name], words));
    requireUserEntropy(user, words);
    const health = [...systemHealth, ...user.flatMap((each) => each.health)];
    const fromUser = user.map(({ source, count, bits }) => ({ source, count, bits }));
    const names = fromUser.map(({ source, count }) => `${source}:${count}`);
    if (mode === 'dice-only') {
      return { entropy: diceOnlyEntropy(user[0] as UserEntropy, words), mode, sources: fromUser, health, sourceNames: names };
    }
    const fromSystem = system.map(({ source }) => ({ source, count: 2 * SYSTEM_READ_BYTES, bits: SYSTEM_BITS }));
    return { entropy: mixEntropy(words, system, user), mode, sources: [...fromSystem, ...fromUser], health, sourceNames: ['os', ...names] };
  } finally {
    for (const { first, second } of system) [first, second].forEach((bytes) => bytes.fill(0));
    for (const { content } of user) content.fill(0);
  }
}
