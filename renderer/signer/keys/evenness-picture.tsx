import { evenness, faceCounts } from './dice.ts';

const sentences: Readonly<Record<ReturnType<typeof evenness>, string>> = {
  'too-few': 'Too few rolls yet to see whether the dice are fair.',
  even: 'No face stands out.',
  uneven: 'One face comes too often to be chance. Roll on; if it stays so, take another die and begin again.',
};

/** How often each face came, with a dashed line where fair dice would be on average. */
export function EvennessPicture({ rolls }: { readonly rolls: string }) {
  const counts = faceCounts(rolls);
  const highest = Math.max(6, ...counts);
  const height = (count: number): number => (count / highest) * 84;
  const judged = evenness(rolls);
  return (
    <figure class="stack-tight">
      <svg class="evenness" viewBox="0 0 440 128" role="img" aria-label={counts.map((count, face) => `face ${face + 1}: ${count}`).join(', ')}>
        {counts.map((count, face) => <rect key={face} class="bar" x={face * 72 + 20} y={104 - height(count)} width="40" height={height(count)} />)}
        {rolls.length > 0 && <line class="expected" x1="8" x2="432" y1={104 - height(rolls.length / 6)} y2={104 - height(rolls.length / 6)} />}
        {counts.map((count, face) => (
          <g key={face}>
            <text x={face * 72 + 40} y={98 - height(count)}>{count}</text>
            <text x={face * 72 + 40} y="122">{face + 1}</text>
          </g>
        ))}
        <line class="base" x1="8" x2="432" y1="104.5" y2="104.5" />
      </svg>
      <figcaption class={judged === 'uneven' ? 'risk-caution' : 'caption'}>{sentences[judged]}</figcaption>
    </figure>
  );
}

const pips: readonly (readonly (readonly [number, number])[])[] = [
  [[24, 24]],
  [[14, 14], [34, 34]],
  [[14, 14], [24, 24], [34, 34]],
  [[14, 14], [34, 14], [14, 34], [34, 34]],
  [[14, 14], [34, 14], [24, 24], [14, 34], [34, 34]],
  [[14, 14], [34, 14], [14, 24], [34, 24], [14, 34], [34, 34]],
];

/** A die for those who use a pointer; the keyboard has its own digits. */
export function Die({ face, onRoll }: { readonly face: number; readonly onRoll: () => void }) {
  return (
    <button type="button" class="die" aria-label={`Rolled ${face}`} onClick={onRoll}>
      <svg viewBox="0 0 48 48" aria-hidden="true">{pips[face - 1]?.map(([x, y]) => <circle key={`${x}-${y}`} cx={x} cy={y} r="4" />)}</svg>
    </button>
  );
}
