import { madeEntries, type SheetForCustody } from '../../custody/events.ts';
import { openCustodyFile } from '../../node/signer/custody-file.ts';
import { optional } from '../shared/option.ts';
import { usageError } from '../shared/usage-error.ts';
import { inputFileValue, textValue } from '../shared/value-kinds.ts';

/** For commands that prove a print: where it is noted, and under whose name. */
export const custodyOptions = {
  custody: optional(inputFileValue, 'the custody register in which to note that the sheet is made; begun where there is none'),
  by: optional(textValue('NAME'), 'who says so; with --custody'),
};

/** A sheet as a proof names it. */
export interface ProvenSheet extends SheetForCustody {
  readonly by: 'codes' | 'words';
}

/**
 * Notes proofs in the register that was named, all or none; or nowhere.
 * @throws StrongroomError `usage.malformed`; the function given back throws `custody.*` and `file.*`
 */
export function custodyOf({ custody, by }: { readonly custody: string | undefined; readonly by: string | undefined }): (proven: readonly ProvenSheet[]) => Promise<void> {
  if ((custody === undefined) !== (by === undefined)) throw usageError('--custody and --by belong together.', 'Name the register and who says so, or neither.');
  if (custody === undefined || by === undefined) return async () => undefined;
  if (custody === '-') throw usageError('--custody takes a file, not standard input.', 'Name the register\'s file.');
  if (by.length > 200 || /\p{C}/u.test(by)) throw usageError('--by takes one line of at most 200 characters.', 'Write a name.');
  return async (proven) => {
    const at = Date.now();
    await openCustodyFile(custody).append(({ register }) =>
      proven.flatMap(({ sheetId, serial, kind, part, label, network, fingerprint, pages, by: proof }) => madeEntries(register, { sheetId, serial, kind, part, label, network, fingerprint, pages }, proof, { at, by })),
    );
  };
}
