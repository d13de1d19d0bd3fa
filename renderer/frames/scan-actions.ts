import type { WireError } from '../../src/host/contract.ts';
import type { LumaPicture } from '../camera/luma.ts';
import type { Machine } from '../host/machine.ts';
import type { FileContent } from '../ui/file-content.ts';
import type { ContentKind, FramesHost, ScanReport } from './frames-host.ts';
import type { ScanEvent, ScanView } from './scan-state.ts';

/** What a scan does: each asks the host and tells the machine what came of it. */
export function scanActions(host: FramesHost, scan: Machine<ScanView, ScanEvent>, onContent: (file: FileContent) => void) {
  const failed = (error: WireError): void => {
    // A picture that was under way when the camera was switched off.
    if (error.code !== 'host.cancelled') scan.send({ type: 'failed', error });
  };

  const begin = async (expects: readonly ContentKind[]): Promise<void> => {
    const reply = await host['frames.begin']({ expects: [...expects] });
    if (reply.ok) scan.send({ type: 'begun', session: reply.value.session });
    else failed(reply.error);
  };

  const take = async (session: string, report: ScanReport): Promise<void> => {
    scan.send({ type: 'reported', report });
    if (!report.isComplete || scan.state.value.isDone) return;
    scan.send({ type: 'done' });
    const reply = await host['frames.result']({ session });
    if (reply.ok) onContent({ name: reply.value.name, contentBase64: reply.value.contentBase64 });
    else failed(reply.error);
  };

  const look = async ({ width, height, luma }: LumaPicture): Promise<void> => {
    const { session, isDone } = scan.state.value;
    if (session === null || isDone) return;
    const reply = await host['frames.scan']({ session, picture: { width, height, luma } });
    if (reply.ok) await take(session, reply.value);
    else failed(reply.error);
  };

  /** Pictures of codes that stand still: photographs, a scan, a screenshot. */
  const lookAtFiles = async (): Promise<void> => {
    const { session } = scan.state.value;
    if (session === null) return;
    const reply = await host['frames.scan-file']({ session });
    if (!reply.ok) return failed(reply.error);
    if (reply.value !== null) await take(session, reply.value);
  };

  const startOver = async (): Promise<void> => {
    const { session } = scan.state.value;
    if (session === null) return;
    const reply = await host['frames.reset']({ session });
    if (reply.ok) scan.send({ type: 'reported', report: reply.value });
    else failed(reply.error);
  };

  const end = (): void => {
    const { session } = scan.state.value;
    if (session !== null) void host['frames.drop']({ handle: session });
  };

  return { begin, look, lookAtFiles, startOver, end };
}
