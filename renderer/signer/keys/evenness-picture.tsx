import { suitWords } from './cards.ts';
import { evenness, faceCounts, type Evenness } from './user-sources.ts';

type Counted = 'dice' | 'coins' | 'cards';

const sentences: Readonly<Record<Counted, Readonly<Record<Evenness, string>>>> = {
  dice: { 'too-few': 'Too few rolls yet to see whether the dice are fair.', even: 'No face stands out.', uneven: 'One face comes too often to be chance. Roll on; if it stays so, take another die and begin again.' },
  coins: { 'too-few': 'Too few flips yet to see whether the coin is fair.', even: 'Neither side stands out.', uneven: 'One side comes too often to be chance. Flip on; if it stays so, take another coin and begin again.' },
  cards: { 'too-few': 'Too few cards yet to see whether the deck was shuffled.', even: 'By suit; a deck evens itself out as it is drawn.', uneven: '' },
};

const nameOf = (source: Counted, face: string): string => {
  if (source === 'coins') return face === 'H' ? 'heads' : 'tails';
  return source === 'cards' ? suitWords[face as keyof typeof suitWords].name : `face ${face}`;
};
const signOf = (source: Counted, face: string): string => (source === 'dice' ? face : source === 'coins' ? nameOf(source, face) : `${suitWords[face as keyof typeof suitWords].sign} ${nameOf(source, face)}`);

const WIDTH = 440;

/** How often each face came, with a dashed line where it would be on average. */
export function EvennessPicture({ source, text }: { readonly source: Counted; readonly text: string }) {
  const faces = faceCounts(source, text);
  const total = faces.reduce((sum, { count }) => sum + count, 0);
  const highest = Math.max(6, ...faces.map(({ count }) => count));
  const height = (count: number): number => (count / highest) * 84;
  const step = WIDTH / faces.length;
  const middle = (index: number): number => step * (index + 0.5);
  const judged = evenness(source, text);
  return (
    <figure class="stack-tight">
      <svg class="evenness" viewBox={`0 0 ${WIDTH} 128`} role="img" aria-label={faces.map(({ face, count }) => `${nameOf(source, face)}: ${count}`).join(', ')}>
        {faces.map(({ face, count }, index) => <rect key={face} class="bar" x={middle(index) - 20} y={104 - height(count)} width="40" height={height(count)} />)}
        {total > 0 && <line class="expected" x1="8" x2={WIDTH - 8} y1={104 - height(total / faces.length)} y2={104 - height(total / faces.length)} />}
        {faces.map(({ face, count }, index) => (
          <g key={face}>
            <text x={middle(index)} y={98 - height(count)}>{count}</text>
            <text x={middle(index)} y="122">{signOf(source, face)}</text>
          </g>
        ))}
        <line class="base" x1="8" x2={WIDTH - 8} y1="104.5" y2="104.5" />
      </svg>
      <figcaption class={judged === 'uneven' ? 'risk-caution' : 'caption'}>{sentences[source][judged]}</figcaption>
    </figure>
  );
}
