import { useEffect, useMemo, useState } from 'preact/hooks';
import type { WireError } from '../../src/host/contract.ts';
import { CameraView } from '../camera/camera-view.tsx';
import { machine } from '../host/machine.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { FileContent } from '../ui/file-content.ts';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { CalibrationScan } from './calibration-scan.tsx';
import { FrameMap } from './frame-map.tsx';
import { formatNames, kindName, otherWords } from './frame-words.ts';
import type { ContentKind, FramesHost } from './frames-host.ts';
import { scanActions } from './scan-actions.ts';
import { noScan, scanTransition, type ScanEvent, type ScanView } from './scan-state.ts';

interface ScanCodesProps {
  readonly host: FramesHost;
  /** Kinds of content that are taken here. */
  readonly expects: readonly ContentKind[];
  /** What is held before the camera: "the signed reply". */
  readonly what: string;
  /** Gets what was scanned, as if it had been opened as a file. */
  readonly onContent: (file: FileContent) => void;
  readonly disabled?: boolean;
}

function Seen({ view, onStartOver }: { readonly view: ScanView; readonly onStartOver: () => void }) {
  const { report, error } = view;
  const transfer = report?.transfer ?? null;
  return (
    <div class="form">
      {(report?.others ?? []).length > 0 && (
        <Notice weight="caution" title="Something else is in view">
          {report?.others.map((other) => <p key={other.name} class="breakable">{otherWords(other)}</p>)}
        </Notice>
      )}
      {report !== null && report.problem !== null && (
        <Notice weight="caution" title={report.problem.message}><p>{report.problem.hint}</p><p class="caption">{report.problem.code}</p></Notice>
      )}
      {transfer === null
        ? <p class="muted" role="status">Nothing read yet. Hold the codes so that they fill the picture; every format of other wallets is known here.</p>
        : (
          <>
            <h3>{`${formatNames[transfer.format]}: ${kindName(transfer.kind)}`}</h3>
            {report !== null && <FrameMap transfer={transfer} report={report} />}
            <div class="form-actions"><Button onPress={onStartOver}>Start over</Button></div>
          </>
        )}
      {error !== null && <ErrorNotice error={error} />}
    </div>
  );
}

function ScanDialog({ host, expects, what, onContent, onClose }: ScanCodesProps & { readonly onClose: () => void }) {
  const [isMeasuring, setMeasuring] = useState(false);
  const { scan, actions } = useMemo(() => {
    const made = machine<ScanView, ScanEvent>(noScan, scanTransition);
    return { scan: made, actions: scanActions(host, made, (file) => { onClose(); onContent(file); }) };
  }, []);
  useEffect(() => {
    void actions.begin(expects);
    return actions.end;
  }, []);
  const allow = async (on: boolean): Promise<WireError | null> => {
    const reply = await host['camera.use']({ on });
    return reply.ok ? null : reply.error;
  };
  return (
    <Dialog
      title={isMeasuring ? 'Which density does this camera read?' : `Scan ${what}`} look="codes-dialog" onClose={onClose}
      actions={<Button onPress={() => setMeasuring(!isMeasuring)}>{isMeasuring ? 'Back to the scan' : 'Measure this camera'}</Button>}
    >
      {isMeasuring
        ? <CalibrationScan host={host} allow={allow} />
        : (
          <div class="scan">
            <CameraView what={what} pace="animation" allow={allow} look={actions.look} stillName="Choose pictures of the codes" onStill={() => void actions.lookAtFiles()} disabled={scan.state.value.isDone} />
            <Seen view={scan.state.value} onStartOver={() => void actions.startOver()} />
          </div>
        )}
    </Dialog>
  );
}

/** A button that takes in a content by the camera, beside the one that opens it as a file. */
export function ScanCodes(props: ScanCodesProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button disabled={props.disabled ?? false} onPress={() => setOpen(true)}>Scan codes</Button>
      {isOpen && <ScanDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}
