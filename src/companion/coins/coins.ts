import type { Branch } from '../../wallet/address.ts';
import type { LabelRecord, LabelType } from '../labels/bip329.ts';

/** Labels, frozen outputs, tags, and addresses that were offered: part of the ledger. */
export interface CoinStore {
  /** All labels, in the order in which they came. */
  labels(): readonly LabelRecord[];
  /** Of one thing, whichever account names it; the first of several. */
  label(type: LabelType, ref: string): LabelRecord | null;
  /** Writes or replaces by type, reference and origin. */
  saveLabels(records: readonly LabelRecord[]): void;

  /** Outputs (`txid:vout`) that are frozen. */
  frozen(): ReadonlySet<string>;
  /** Keeps an output from being spent, or lets it go. Written as its label's `spendable`. */
  setFrozen(outpoint: string, frozen: boolean): void;
  /** Tags by output, each output's in order. */
  tags(): ReadonlyMap<string, readonly string[]>;
  setTags(outpoint: string, tags: readonly string[]): void;

  /** Indices of a branch that were offered to somebody; none is offered again. */
  offered(walletId: string, branch: Branch): readonly number[];
  saveOffered(walletId: string, branch: Branch, index: number, offeredAt: string): void;
}
