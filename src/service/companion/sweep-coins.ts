import type { CoinFacts } from '../../companion/coins/coin-control.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';

/** What the books say of outputs; nothing where there are no books. */
export const coinFactsOf = (ledger: Ledger | null): Pick<CoinFacts, 'frozen' | 'tags'> =>
  ledger === null ? { frozen: new Set(), tags: new Map() } : { frozen: ledger.coins.frozen(), tags: ledger.coins.tags() };
