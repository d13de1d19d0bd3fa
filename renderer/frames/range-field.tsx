import { useId } from 'preact/hooks';
import { FieldFrame } from '../ui/field.tsx';

interface RangeFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** What the position stands for, in words: seen beside it and read by screen readers. */
  readonly words: string;
  readonly onMove: (value: number) => void;
  readonly disabled?: boolean;
}

/** A position on a scale; arrow keys move it by one. */
export function RangeField({ label, value, min, max, words, onMove, disabled = false }: RangeFieldProps) {
  const wordsId = useId();
  return (
    <FieldFrame label={label} control={({ id }) => (
      <div class="range">
        <input id={id} type="range" min={min} max={max} step={1} value={value} disabled={disabled} aria-valuetext={words} aria-describedby={wordsId} onInput={(event) => onMove(Number(event.currentTarget.value))} />
        <output id={wordsId} for={id}>{words}</output>
      </div>
    )} />
  );
}
