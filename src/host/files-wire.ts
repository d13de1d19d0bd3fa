import * as v from 'valibot';
import { knownFileKinds } from '../domain/known-file.ts';
import { command } from './contract.ts';
import { FileName, OpenedFile } from './wire.ts';

/** Schemas of files that came across the gap: on a removable drive, or handed over by the system. The same in both editions. */

/** Names a file or a drive that the host has listed. Worthless in any other process: a page never names a path. */
const ListedHandle = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

const ListedFile = v.strictObject({
  file: ListedHandle, name: FileName,
  /** What its name says that it is. */
  kind: v.picklist(knownFileKinds),
  sizeBytes: v.number(),
  /** ISO 8601, UTC: when it was last written, by the drive's own word. */
  modifiedAt: v.string(),
});

export const filesContract = {
  /** What is there to be opened. Nothing of it is read by listing it. */
  'files.list': command(v.strictObject({}), v.strictObject({
    /** Files that a person opened from outside, by double click for example. */
    handed: v.array(ListedFile),
    /** The same, where they are not to be opened: a link, a folder, what is too large or not there. The code says why. */
    refused: v.array(v.strictObject({ file: ListedHandle, name: FileName, code: v.string() })),
    drives: v.array(v.strictObject({
      drive: ListedHandle, name: v.string(), files: v.array(ListedFile),
      /** Files and folders that are not shown, since Strongroom knows nothing to do with them. */
      others: v.number(),
      /** Why the drive cannot be looked at; `null` where it can. */
      problem: v.nullable(v.string()),
    })),
  })),
  /** How many files were handed over and not put away. It touches no drive, so that it can be asked every few seconds. */
  'files.waiting': command(v.strictObject({}), v.strictObject({ count: v.pipe(v.number(), v.integer(), v.minValue(0)) })),
  'files.open': command(v.strictObject({ file: ListedHandle }), OpenedFile),
  /** Takes a file off the lists of those that were handed over. */
  'files.dismiss': command(v.strictObject({ file: ListedHandle }), v.strictObject({})),
} as const;
