import { useState } from 'preact/hooks';
import type { WireError } from '../../src/host/contract.ts';
import { CameraView } from '../camera/camera-view.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { bestDensity, CODES_OF_A_DENSITY, measuredWith, type Measured } from './calibration.ts';
import { measuredDensities } from './calibration-player.tsx';
import type { FramesHost } from './frames-host.ts';

interface CalibrationScanProps {
  readonly host: FramesHost;
  readonly allow: (on: boolean) => Promise<WireError | null>;
}

/** Measures which densities this camera reads at this distance, from the other machine's calibration codes. */
export function CalibrationScan({ host, allow }: CalibrationScanProps) {
  const [measured, setMeasured] = useState<Measured>(new Map());
  const best = bestDensity(measured);
  const keep = async (version: number): Promise<void> => {
    const settings = await host['frames.settings']({});
    if (settings.ok) await host['frames.keep-settings']({ ...settings.value, version });
    setKept(version);
  };
  const [kept, setKept] = useState<number | null>(null);
  return (
    <div class="scan">
      <CameraView what="the other machine's calibration codes" pace="animation" allow={allow} look={async (picture) => {
        const reply = await host['frames.measure']({ picture });
        if (reply.ok && reply.value.marks.length > 0) setMeasured((before) => measuredWith(before, reply.value.marks));
      }} />
      <div class="form">
        <table>
          <caption class="visually-hidden">Codes read, by density</caption>
          <thead><tr><th scope="col">Density</th><th scope="col">Read</th></tr></thead>
          <tbody>
            {measuredDensities.map((version) => (
              <tr key={version} data-best={version === best}>
                <th scope="row">{version}</th>
                <td>{measured.get(version)?.size ?? 0} of {CODES_OF_A_DENSITY}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div role="status">
          {best === null
            ? <p class="muted">On the other machine open Show as codes, then Find the best density. Let one round pass.</p>
            : <Notice weight="verified" title={`This camera reads density ${best} here`}><p>Choose {best} on the other machine, so that it shows its codes so. Once a round has passed, nothing higher is to be expected.</p></Notice>}
        </div>
        {best !== null && (kept === best
          ? <p class="caption">Kept: this machine shows its own codes at density {best} too.</p>
          : <div class="form-actions"><Button onPress={() => void keep(best)}>{`Show this machine's codes at density ${best} too`}</Button></div>)}
      </div>
    </div>
  );
}
