import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { WireError } from '../../src/host/contract.ts';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { CodePicture } from './code-picture.tsx';
import { drawnCode, type DrawnCode } from './code-path.ts';
import { densities, formatNames, nearestStep, positionWords, readerNames, roundWords } from './frame-words.ts';
import type { CodeSettings, FrameFormat, FrameReader, FramesHost, OpenedSequence } from './frames-host.ts';
import { RangeField } from './range-field.tsx';
import { prefersLessMotion, usePlayer } from './use-player.ts';

/** What a person chose for the showing. */
interface Wish {
  readonly reader: FrameReader;
  /** `null`: what the reader reads best. */
  readonly format: FrameFormat | null;
  readonly version: number | null;
}

const readers = Object.entries(readerNames).map(([value, name]) => ({ value: value as FrameReader, name }));
const formats = [{ value: 'best' as const, name: 'What it reads best' }, ...Object.entries(formatNames).map(([value, name]) => ({ value: value as FrameFormat, name }))];

/** Opens the sequence that fits the wish, anew whenever it changes; the last one is put away once it is shown no more. */
function useSequence(host: FramesHost, contentBase64: string, { reader, format, version }: Wish) {
  const [sequence, setSequence] = useState<OpenedSequence | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const drop = (handle: string): void => void host['frames.drop']({ handle });
  useEffect(() => {
    let isWanted = true;
    void (async () => {
      const reply = await host['frames.encode']({ contentBase64, reader, format, version });
      if (isWanted) {
        setSequence(reply.ok ? reply.value : null);
        setError(reply.ok ? null : reply.error);
      } else if (reply.ok) drop(reply.value.sequence);
    })();
    return () => { isWanted = false; };
  }, [contentBase64, reader, format, version]);

  const current = useRef<string | null>(null);
  current.current = sequence?.sequence ?? null;
  useEffect(() => (sequence === null ? undefined : () => drop(sequence.sequence)), [sequence]);
  /** Codes of what is shown; what fails of one that is shown no more is no error. */
  const codes = async (from: number, count: number): Promise<readonly DrawnCode[] | null> => {
    if (sequence === null) return null;
    const reply = await host['frames.codes']({ sequence: sequence.sequence, from, count });
    if (reply.ok) return reply.value.codes.map((rowsBase64) => drawnCode({ size: sequence.size, rowsBase64 }));
    if (current.current === sequence.sequence) setError(reply.error);
    return null;
  };
  return { sequence, error, codes };
}

const Position = ({ position, sequence }: { readonly position: ReadonlySignal<number>; readonly sequence: OpenedSequence }) => <p class="code-position" data-position={position.value}>{positionWords(position.value, sequence)}</p>;

/** Shows a content as codes, for ever: paced, paused or stepped through by hand. */
export function CodePlayer({ host, contentBase64, settings }: { readonly host: FramesHost; readonly contentBase64: string; readonly settings: CodeSettings }) {
  const [wish, setWish] = useState<Wish>({ reader: 'strongroom', format: null, version: settings.version });
  const [perSecond, setPerSecond] = useState(settings.codesPerSecond);
  const { sequence, error, codes } = useSequence(host, contentBase64, wish);
  const player = usePlayer(sequence?.sequence ?? null, codes, perSecond);
  const isAnimation = sequence !== null && sequence.parts > 1;
  const version = wish.version ?? sequence?.version ?? null;
  return (
    <div class="codes">
      <CodePicture code={player.code} label={sequence === null ? 'No code yet' : `Animated code for ${readerNames[wish.reader]}`} />
      <div class="codes-side form">
        {sequence !== null && <Position position={player.position} sequence={sequence} />}
        {error !== null && <ErrorNotice error={error} />}
        <div class="code-buttons" role="group" aria-label="Animation">
          <Button kind="primary" disabled={!isAnimation} onPress={player.toggle}>{player.isPlaying ? 'Pause' : 'Play'}</Button>
          <Button disabled={!isAnimation} onPress={() => player.step(-1)}>Code before</Button>
          <Button disabled={!isAnimation} onPress={() => player.step(1)}>Next code</Button>
        </div>
        {isAnimation && !player.isPlaying && prefersLessMotion() && <p class="caption">Paused, since this system is set to less motion. Play it, or step through the codes.</p>}
        {/* The measured density is the other edition's; another reader gets what it reads best. */}
        <SelectField<FrameReader> label="Who reads it" value={wish.reader} options={readers} onSelect={(reader) => setWish({ reader, format: null, version: reader === 'strongroom' ? settings.version : null })} />
        <SelectField label="Format" value={wish.format ?? 'best'} options={formats} onSelect={(format) => setWish({ ...wish, format: format === 'best' ? null : format })} hint={sequence === null ? undefined : `Shown as ${formatNames[sequence.format]}.`} />
        <RangeField label="Density" min={0} max={densities.length - 1} value={nearestStep(version ?? 27)} words={version === null ? 'none fits' : `${version} of 40`} onMove={(step) => setWish({ ...wish, version: densities[step] as number })} />
        <RangeField label="Speed" min={2} max={15} value={perSecond} words={`${perSecond} a second`} disabled={!isAnimation} onMove={setPerSecond} />
        {sequence !== null && <p class="caption">{roundWords(sequence.parts, perSecond)}. Sparser and slower codes are read by poorer cameras.</p>}
      </div>
    </div>
  );
}
