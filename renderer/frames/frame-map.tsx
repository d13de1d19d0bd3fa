import { progressWords } from './frame-words.ts';
import type { ScanReport, Transfer } from './frames-host.ts';

/** Above so many parts single cells could not be told apart any more. */
const MOST_CELLS = 400;

/** Which codes are there and which are missing: a cell for each of numbered codes, and a bar for those of which any helps. */
export function FrameMap({ transfer, report }: { readonly transfer: Transfer; readonly report: ScanReport }) {
  const { parts, isFountain } = transfer;
  const words = progressWords(transfer, report);
  if (isFountain || parts > MOST_CELLS || parts === 1) {
    return (
      <div class="frame-map stack-tight">
        <p role="status">{words}</p>
        <progress max={parts} value={report.received} aria-label="Codes read" />
      </div>
    );
  }
  const missing = new Set(report.missing);
  return (
    <div class="frame-map stack-tight">
      <p role="status">{words}</p>
      <div class="frame-cells" aria-hidden="true">
        {Array.from({ length: parts }, (_, part) => <span key={part} data-known={!missing.has(part + 1)}>{part + 1}</span>)}
      </div>
    </div>
  );
}
