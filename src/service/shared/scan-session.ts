import { sha256 } from '@noble/hashes/sha2.js';
import type { InferInput } from 'valibot';
import type { Transfer } from '../../airgap/frames/collector.ts';
import type { Content, ContentKind } from '../../airgap/frames/content.ts';
import { FrameAssembler } from '../../airgap/frames/frame-assembler.ts';
import { readFrame } from '../../airgap/frames/read-frame.ts';
import { toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { ScanState } from '../../host/frames-wire.ts';

export type ScanReport = InferInput<typeof ScanState>;
type Other = ScanReport['others'][number];

/** Transfers besides that are told apart by name. */
const MOST_OTHERS = 5;

const endings: Readonly<Record<ContentKind, string>> = { psbt: 'psbt', transaction: 'tx', 'wallet-descriptor': 'txt', 'key-record': 'txt', text: 'txt', bytes: 'bin' };

/** Whether any frame helps, or each is waited for by its number. */
export const isFountain = ({ format, parts }: Pick<Transfer, 'format' | 'parts'>): boolean => (format === 'strongroom' || format === 'ur') && parts > 1;

/** One scan, from the first code to the whole content: what pictures show, and what is said of it. */
export class ScanSession {
  readonly #expects: ReadonlySet<ContentKind>;
  readonly #assembler = new FrameAssembler();
  readonly #others = new Map<string, Other>();
  #problem: ScanReport['problem'] = null;
  #seen = 0;

  /** @param expects kinds that are taken; whatever else is in view is told and left alone */
  constructor(expects: readonly ContentKind[]) {
    this.#expects = new Set(expects);
  }

  /** Takes the texts of the codes of one picture, in any order. What cannot be read is said and changes nothing. */
  take(texts: readonly string[]): ScanReport {
    this.#seen = texts.length;
    for (const text of texts) this.#takeOne(text);
    return this.state();
  }

  /** Begins anew. */
  reset(): ScanReport {
    this.#assembler.reset();
    this.#others.clear();
    this.#problem = null;
    this.#seen = 0;
    return this.state();
  }

  /** @throws StrongroomError `frames.incomplete`, `frames.malformed` */
  result(): { readonly content: Content; readonly name: string } {
    const content = this.#assembler.result();
    const stem = content.kind === 'psbt' || content.kind === 'transaction' ? 'transaction' : 'scanned';
    return { content, name: `${stem}-${toHex(sha256(content.bytes)).slice(0, 4)}.${endings[content.kind]}` };
  }

  state(): ScanReport {
    const { progress } = this.#assembler;
    return {
      seen: this.#seen,
      transfer: progress === null ? null : { ...progress.transfer, isFountain: isFountain(progress.transfer) },
      received: progress?.received ?? 0,
      missing: [...(progress?.missing ?? [])],
      isComplete: progress?.isComplete ?? false,
      others: [...this.#others.values()],
      problem: this.#problem,
    };
  }

  #takeOne(text: string): void {
    try {
      const { transfer } = readFrame(text);
      if (transfer.kind !== null && !this.#expects.has(transfer.kind)) {
        // SECURITY: the name of what stands whole in one code is made of its content, which may be a secret; here it has none.
        this.#tell({ name: transfer.parts === 1 ? `${transfer.format} ${transfer.kind}` : transfer.name, why: 'other-kind', kind: transfer.kind });
        return;
      }
      const report = this.#assembler.read(text);
      if (report.outcome === 'other-transfer') this.#tell({ name: report.found.name, why: 'other-transfer', kind: report.found.kind });
      else if (report.outcome === 'new') this.#problem = null;
      this.#refuseOtherKind();
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
      this.#problem = { code: error.code, message: error.message, hint: error.hint };
    }
  }

  /** Formats that say what they carry only at the end are judged there. */
  #refuseOtherKind(): void {
    const { progress } = this.#assembler;
    if (progress?.isComplete !== true) return;
    const { kind } = this.#assembler.result();
    if (this.#expects.has(kind)) return;
    this.#assembler.reset();
    this.#tell({ name: progress.transfer.name, why: 'other-kind', kind });
  }

  #tell(other: Omit<Other, 'codes'>): void {
    const codes = (this.#others.get(other.name)?.codes ?? 0) + 1;
    // Put last again: the ones in view now are those that are told.
    this.#others.delete(other.name);
    this.#others.set(other.name, { ...other, codes });
    const [oldest] = this.#others.keys();
    if (this.#others.size > MOST_OTHERS && oldest !== undefined) this.#others.delete(oldest);
  }
}
