import { StrongroomError } from '../../errors/strongroom-error.ts';
import { collectorFor, otherTransfer, type Collector, type Frame, type Taken, type Transfer } from './collector.ts';
import type { Content } from './content.ts';
import { readFrame } from './read-frame.ts';

/** How far a transfer has come. */
export interface FrameProgress {
  readonly transfer: Transfer;
  /** Frames that told something new; the transfer is complete at `transfer.parts`. */
  readonly received: number;
  /**
   * Numbers, from 1, of the parts that are not known yet. Of numbered frames these are the ones to wait for; of a fountain they
   * only show what is open, since any further frame helps.
   */
  readonly missing: readonly number[];
  readonly isComplete: boolean;
}

/** What became of one scanned frame. */
export type FrameReport =
  | { readonly outcome: Taken; readonly progress: FrameProgress }
  /** It belongs to another transfer than the one being read, and nothing of it was taken. */
  | { readonly outcome: 'other-transfer'; readonly found: Transfer; readonly progress: FrameProgress };

/** Missing parts that an error names; a window shows them all. */
const NAMED_MISSING = 40;

/**
 * Puts together what is scanned one code at a time, in any order and with repetitions. The first frame decides the transfer; frames
 * of others are reported and never mixed in. Memory is bounded by what limits.ts allows one transfer.
 */
export class FrameAssembler {
  private collector: Collector | null = null;
  private content: Content | null = null;
  private last: { readonly scanned: string; readonly report: FrameReport } | null = null;

  /** `null` until the first frame. */
  get progress(): FrameProgress | null {
    return this.collector === null ? null : progressOf(this.collector);
  }

  /**
   * Takes one scanned frame.
   * @throws StrongroomError `frames.malformed`, `frames.checksum` (of this frame; what was gathered stays), `frames.too-large`,
   * `frames.unsupported`, `wallet.private-key`. What fails once all is there fails for good: the transfer is dropped then, so that
   * the next frame begins anew.
   */
  read(scanned: string | Uint8Array): FrameReport {
    // A camera sees each frame many times in a row.
    if (typeof scanned === 'string' && scanned === this.last?.scanned) return { ...this.last.report, outcome: this.last.report.outcome === 'other-transfer' ? 'other-transfer' : 'duplicate' } as FrameReport;
    const report = this.take(readFrame(scanned));
    this.last = typeof scanned === 'string' ? { scanned, report } : null;
    return report;
  }

  /**
   * What the frames carried.
   * @throws StrongroomError `frames.incomplete` naming what is missing, `frames.malformed` when nothing was scanned
   */
  result(): Content {
    if (this.content !== null) return this.content;
    const progress = this.progress;
    if (progress === null) throw new StrongroomError('frames.malformed', 'No frame was scanned.', {}, 'Scan the codes of one transfer.');
    const { transfer: { parts }, missing, received } = progress;
    const named = missing.slice(0, NAMED_MISSING).join(', ');
    throw new StrongroomError('frames.incomplete', `${parts - received} of ${parts} frames are missing: ${named}.`, { total: parts, missing: named }, 'Scan the missing frames too.');
  }

  /** Drops the transfer; the next frame begins another. */
  reset(): void {
    this.collector = null;
    this.content = null;
    this.last = null;
  }

  private take(frame: Frame): FrameReport {
    const collector = this.collector ?? collectorFor(frame);
    if (collector.transfer.name !== frame.transfer.name) return { outcome: 'other-transfer', found: frame.transfer, progress: progressOf(collector) };
    const wasComplete = this.content !== null;
    const outcome = this.added(collector, frame);
    if (outcome === 'other-transfer') return { outcome, found: frame.transfer, progress: progressOf(collector) };
    this.collector = collector;
    if (!wasComplete && collector.isComplete) this.finish(collector);
    return { outcome, progress: progressOf(collector) };
  }

  private added(collector: Collector, frame: Frame): Taken | 'other-transfer' {
    try {
      return collector.add(frame);
    } catch (error) {
      if (error instanceof StrongroomError && error.code === 'frames.other-transfer') return 'other-transfer';
      throw error;
    }
  }

  private finish(collector: Collector): void {
    try {
      this.content = collector.finish();
    } catch (error) {
      this.reset();
      throw error;
    }
  }
}

function progressOf(collector: Collector): FrameProgress {
  const { transfer, received, isComplete } = collector;
  const missing: number[] = [];
  for (let part = 0; !isComplete && part < transfer.parts; part += 1) if (!collector.isKnown(part)) missing.push(part + 1);
  return { transfer, received, missing, isComplete };
}

/**
 * What frames carry that are all there already: lines of a file, codes of several pictures.
 * @throws StrongroomError as `FrameAssembler` does; `frames.other-transfer` when they are not all of one transfer
 */
export function assembleFrames(frames: Iterable<string | Uint8Array>): Content {
  const assembler = new FrameAssembler();
  for (const frame of frames) {
    const report = assembler.read(frame);
    if (report.outcome === 'other-transfer') throw otherTransfer(report.progress.transfer, report.found, 'its header or content is another');
  }
  return assembler.result();
}
