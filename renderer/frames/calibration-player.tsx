import type { ReadonlySignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { CodePicture } from './code-picture.tsx';
import { drawnCode, type DrawnCode } from './code-path.ts';
import { densities } from './frame-words.ts';
import type { CodeSettings, FramesHost } from './frames-host.ts';
import { usePlayer } from './use-player.ts';

/** Each density is shown for two rounds of its twelve codes, so that a camera that is slow to focus has its chance. */
export const CODES_EACH = 24;
/** Small cameras are no matter here: the other edition runs on a computer. */
export const measuredDensities: readonly number[] = densities.filter((version) => version >= 10);

const densityAt = (position: number): number => measuredDensities[Math.floor(position / CODES_EACH) % measuredDensities.length] as number;

const Showing = ({ position }: { readonly position: ReadonlySignal<number> }) => <p class="code-position" data-position={position.value}>Density {densityAt(position.value)}</p>;

interface CalibrationPlayerProps {
  readonly host: FramesHost;
  readonly settings: CodeSettings;
  readonly onKeep: (settings: CodeSettings) => void;
}

/** Shows codes of rising density for the other machine's camera, and keeps what it read. */
export function CalibrationPlayer({ host, settings, onKeep }: CalibrationPlayerProps) {
  const [answer, setAnswer] = useState(settings.version);
  const player = usePlayer('calibration', async (from, count) => {
    const codes: DrawnCode[] = [];
    // A batch may reach over the end of a density.
    for (let at = from; at < from + count; at += 1) {
      const reply = await host['frames.calibration']({ version: densityAt(at), from: at % CODES_EACH, count: Math.min(from + count - at, CODES_EACH - (at % CODES_EACH)) });
      if (!reply.ok) return null;
      codes.push(...reply.value.codes.map((rowsBase64) => drawnCode({ size: reply.value.size, rowsBase64 })));
      at += reply.value.codes.length - 1;
    }
    return codes;
  }, settings.codesPerSecond);
  return (
    <div class="codes">
      <CodePicture code={player.code} label="Code of the calibration" />
      <div class="codes-side form">
        <Showing position={player.position} />
        <div class="code-buttons"><Button kind="primary" onPress={player.toggle}>{player.isPlaying ? 'Pause' : 'Play'}</Button></div>
        <p>On the other machine press Scan codes, then Measure this camera. Hold it as you will hold it later; after one round it names the density that it reads.</p>
        <SelectField label="It reads density" value={answer === null ? '' : String(answer)} options={measuredDensities.map((version) => ({ value: String(version), name: String(version) }))} onSelect={(version) => setAnswer(Number(version))} size="short" />
        <div class="form-actions"><Button disabled={answer === null || answer === settings.version} onPress={() => onKeep({ ...settings, version: answer })}>{answer === null ? 'Keep the density' : `Show codes at density ${answer} from now on`}</Button></div>
      </div>
    </div>
  );
}
