import { StrongroomError } from '../../errors/strongroom-error.ts';
import { parseEntropyRecord } from '../../signer/entropy/entropy-record-file.ts';
import type { EntropyRecord } from '../../signer/entropy/entropy-record.ts';
import { parseBuildRange, recalledKeys, type BuildRange } from '../../signer/entropy/recall.ts';

/** A record file as it was found: its text, or the code of the error that kept it from being read. */
export type FoundRecord = { readonly file: string; readonly text: string } | { readonly file: string; readonly code: string };

/** A key that is called back. `parent`: it was derived from one that is. */
export interface RecalledKey extends EntropyRecord {
  readonly because: 'build' | 'parent';
  /** Every file that holds this record: copies of one record are one key. */
  readonly files: readonly string[];
}

export interface Recall {
  /** How many different records were read. */
  readonly records: number;
  /** The oldest first. */
  readonly keys: readonly RecalledKey[];
  /** Whoever made the keys of these is not known. */
  readonly unreadable: readonly { readonly file: string; readonly code: string }[];
}

/**
 * Sorts record files into keys that some builds made, and files that say nothing. In two steps, so that a range is judged
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
  const unreadable: { file: string; code: string }[] = [];
  for (const each of found) {
    const read = 'code' in each ? each : recordOf(each);
    if ('code' in read) {
      unreadable.push({ file: each.file, code: read.code });
      continue;
    }
    const content = JSON.stringify(read);
    const known = records.get(content);
    if (known === undefined) records.set(content, { ...read, files: [each.file] });
    else known.files.push(each.file);
  }
  const keys = recalledKeys([...records.values()], range).map(({ record, because }) => ({ ...record, because }));
  return { records: records.size, keys: keys.sort((a, b) => Date.parse(a.madeAt) - Date.parse(b.madeAt)), unreadable };
}

function recordOf({ text }: { readonly text: string }): EntropyRecord | { readonly code: string } {
  try {
    return parseEntropyRecord(text);
  } catch (fault) {
    if (fault instanceof StrongroomError) return { code: fault.code };
    throw fault;
  }
}
