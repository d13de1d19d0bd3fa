import { useUnit } from './unit.ts';
import { btcText, satsText, signedBtcText } from './amount-text.ts';

interface AmountProps {
  /** Satoshis. */
  readonly sats: string | bigint;
  /** Whether the satoshis stand beneath. */
  readonly withSats?: boolean;
  readonly signed?: boolean;
}

/** An amount in whole coins, of the unit that the window is about (`UnitContext`), with all eight decimals in tabular figures, so that columns can be compared by eye. */
export function Amount({ sats, withSats = false, signed = false }: AmountProps) {
  const unit = useUnit();
  const btc = (
    <span class="amount">
      {signed ? signedBtcText(sats) : btcText(sats)} <span class="amount-unit">{unit}</span>
    </span>
  );
  if (!withSats) return btc;
  return (
    <span class="amount-stack">
      {btc}
      <span class="amount-sats">{satsText(sats)} sats</span>
    </span>
  );
}
