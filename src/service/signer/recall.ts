import { StrongroomError } from '../../errors/strongroom-error.ts';
import { parseEntropyRecord } from '../../signer/entropy/entropy-record-file.ts';
import type { EntropyRecord } from '../../signer/entropy/entropy-record.ts';
import { isPaperWalletRecord, MAX_PAPER_WALLET_RECORD_BYTES, parsePaperWalletRecord, type PaperWalletRecord } from '../../signer/entropy/paper-wallet-record.ts';
import { isRecalled, parseBuildRange, recalledKeys, type BuildRange } from '../../signer/entropy/recall.ts';

/** Nothing that could be a record of either kind is larger. */
export const MAX_RECORD_BYTES = MAX_PAPER_WALLET_RECORD_BYTES;

/** A record file as it was found: its text, or the code of the error that kept it from being read. */
export type FoundRecord = { readonly file: string; readonly text: string } | { readonly file: string; readonly code: string };

/** A key that is called back. `parent`: it was derived from one that is. */
export interface RecalledKey extends EntropyRecord {
  readonly because: 'build' | 'parent';
  /** Every file that holds this record: copies of one record are one key. */
  readonly files: readonly string[];
}

/** A batch of paper wallets that is called back. */
export interface RecalledPapers extends PaperWalletRecord {
  /** Every file that holds this record. */
  readonly files: readonly string[];
}

export interface Recall {
  /** How many different records were read, of keys and of batches. */
  readonly records: number;
  /** The oldest first. */
  readonly keys: readonly RecalledKey[];
  /** Batches of paper wallets, the oldest first. */
  readonly papers: readonly RecalledPapers[];
  /** Whoever made the keys and wallets of these is not known. */
  readonly unreadable: readonly { readonly file: string; readonly code: string }[];
}

/**
 * Sorts record files into keys and paper wallets that some builds made, and files that say nothing. In two steps, so that a range is judged
 * before any file is read.
 * @param builds as `parseBuildRange`
 * @throws StrongroomError `entropy.range-malformed`
 */
export function recallOf(builds: string): (found: readonly FoundRecord[]) => Recall {
  const range = parseBuildRange(builds);
  return (found) => recallKeys(found, range);
}

function recallKeys(found: readonly FoundRecord[], range: BuildRange): Recall {
  const records = new Map<string, EntropyRecord & { files: string[] }>();
  const papers = new Map<string, PaperWalletRecord & { files: string[] }>();
  const unreadable: { file: string; code: string }[] = [];
  for (const each of found) {
    const read = 'code' in each ? each : recordOf(each);
    if ('code' in read) unreadable.push({ file: each.file, code: read.code });
    else if ('addresses' in read) note(papers, read, each.file);
    else note(records, read, each.file);
  }
  const keys = recalledKeys([...records.values()], range).map(({ record, because }) => ({ ...record, because }));
  return { records: records.size + papers.size, keys: keys.sort(byAge), papers: [...papers.values()].filter((record) => isRecalled(record, range)).sort(byAge), unreadable };
}

/** Copies of one record are one record with several files. */
function note<R extends object>(records: Map<string, R & { files: string[] }>, read: R, file: string): void {
  const content = JSON.stringify(read);
  const known = records.get(content);
  if (known === undefined) records.set(content, { ...read, files: [file] });
  else known.files.push(file);
}

const byAge = (a: { readonly madeAt: string }, b: { readonly madeAt: string }): number => Date.parse(a.madeAt) - Date.parse(b.madeAt);

function recordOf({ text }: { readonly text: string }): EntropyRecord | PaperWalletRecord | { readonly code: string } {
  try {
    return isPaperWalletRecord(text) ? parsePaperWalletRecord(text) : parseEntropyRecord(text);
  } catch (fault) {
    if (fault instanceof StrongroomError) return { code: fault.code };
    throw fault;
  }
}
