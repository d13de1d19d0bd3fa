import { formatOutpoint } from '../../domain/outpoint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { SkipReason, Spendable } from '../plan/plan.ts';

/** Which outputs a person lets a payment spend. */
export interface CoinControl {
  /** Only these; `null` for all. `txid:vout`. */
  readonly only: readonly string[] | null;
  readonly exclude: readonly string[];
  /** Only outputs with one of these tags; `null` for all. */
  readonly tags: readonly string[] | null;
  readonly excludeTags: readonly string[];
}

export const NO_COIN_CONTROL: CoinControl = { only: null, exclude: [], tags: null, excludeTags: [] };

/** What the books say of outputs. */
export interface CoinFacts {
  /** Never spent while it is so. */
  readonly frozen: ReadonlySet<string>;
  readonly tags: ReadonlyMap<string, readonly string[]>;
  /** Outputs that another payment which still waits is to spend. */
  readonly reserved: ReadonlySet<string>;
}

/** An output with the reason why it stays, where there is one. */
export type ControlledCoin = Spendable & { readonly leftBecause?: SkipReason };

/**
 * The outputs of a wallet with what a person and the books say of them. A frozen output stays whatever else is asked for.
 * @throws StrongroomError `coins.unknown` for an outpoint that is no unspent output of the wallet; `coins.frozen` where `only` names
 * one that is frozen
 */
export function controlCoins(outputs: readonly Spendable[], control: CoinControl, facts: CoinFacts): readonly ControlledCoin[] {
  const known = new Set(outputs.map(formatOutpoint));
  const unknown = [...(control.only ?? []), ...control.exclude].filter((outpoint) => !known.has(outpoint));
  if (unknown.length > 0) throw new StrongroomError('coins.unknown', `${unknown.length === 1 ? 'An outpoint is' : `${unknown.length} outpoints are`} no unspent output of the wallet.`, { outpoints: unknown.slice(0, 20).join(' '), count: unknown.length }, 'List the wallet\'s outputs with "coins list".');
  const frozen = (control.only ?? []).filter((outpoint) => facts.frozen.has(outpoint));
  if (frozen.length > 0) throw new StrongroomError('coins.frozen', 'A frozen output was named to be spent.', { outpoints: frozen.slice(0, 20).join(' '), count: frozen.length }, 'Unfreeze it first ("coins unfreeze"), or name others.');
  const only = control.only === null ? null : new Set(control.only);
  const exclude = new Set(control.exclude);
  const hasOne = (outpoint: string, tags: readonly string[]): boolean => (facts.tags.get(outpoint) ?? []).some((tag) => tags.includes(tag));
  return outputs.map((output): ControlledCoin => {
    const outpoint = formatOutpoint(output);
    if (facts.frozen.has(outpoint)) return { ...output, leftBecause: 'frozen' };
    const isOut = (only !== null && !only.has(outpoint)) || exclude.has(outpoint) || (control.tags !== null && !hasOne(outpoint, control.tags)) || hasOne(outpoint, control.excludeTags);
    if (isOut) return { ...output, leftBecause: 'excluded' };
    return facts.reserved.has(outpoint) ? { ...output, leftBecause: 'reserved' } : output;
  });
}
