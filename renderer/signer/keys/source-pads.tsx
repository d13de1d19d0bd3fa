import { CARDS_OF_A_DECK, ranks, readCards, suits, suitWords } from './cards.ts';

const pips: readonly (readonly (readonly [number, number])[])[] = [
  [[24, 24]],
  [[14, 14], [34, 34]],
  [[14, 14], [24, 24], [34, 34]],
  [[14, 14], [34, 14], [14, 34], [34, 34]],
  [[14, 14], [34, 14], [24, 24], [14, 34], [34, 34]],
  [[14, 14], [34, 14], [14, 24], [34, 24], [14, 34], [34, 34]],
];

/** Dice for those who use a pointer; the keyboard has its own digits. */
export function DicePad({ onRoll }: { readonly onRoll: (face: string) => void }) {
  return pips.map((spots, index) => (
    <button key={index} type="button" class="die" aria-label={`Rolled ${index + 1}`} onClick={() => onRoll(String(index + 1))}>
      <svg viewBox="0 0 48 48" aria-hidden="true">{spots.map(([x, y]) => <circle key={`${x}-${y}`} cx={x} cy={y} r="4" />)}</svg>
    </button>
  ));
}

export function CoinPad({ onFlip }: { readonly onFlip: (side: string) => void }) {
  return [['H', 'Heads'] as const, ['T', 'Tails'] as const].map(([side, name]) => (
    <button key={side} type="button" class="coin" onClick={() => onFlip(side)}><b aria-hidden="true">{side}</b>{name}</button>
  ));
}

/**
 * The deck that is being drawn from, suit by suit; what is gone from it stands out. For pointers only: 52 more stops would be
 * in a keyboard's way, and it has a field of its own.
 */
export function CardPad({ text, onDraw }: { readonly text: string; readonly onDraw: (card: string) => void }) {
  const deck = readCards(text).decks.at(-1) ?? [];
  const gone = new Set(deck.length === CARDS_OF_A_DECK ? [] : deck);
  return (
    <div class="deck" role="group" aria-label={`Deck, ${CARDS_OF_A_DECK - gone.size} cards left`}>
      {suits.map((suit) => ranks.map((rank) => {
        const card = `${rank}${suit}`;
        return (
          <button key={card} type="button" class="deck-card" tabIndex={-1} disabled={gone.has(card)} onClick={() => onDraw(card)}>
            <span class="visually-hidden">{rank} of {suitWords[suit].name}</span><span aria-hidden="true">{rank}{suitWords[suit].sign}</span>
          </button>
        );
      }))}
    </div>
  );
}
