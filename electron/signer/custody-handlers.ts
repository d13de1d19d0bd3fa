import { entryOfNote } from '../../src/custody/events.ts';
import type { KeptSheet } from '../../src/custody/register.ts';
import type { Handlers } from '../../src/host/contract.ts';
import type { signerContract } from '../../src/host/signer-contract.ts';
import type { CustodyFile } from '../../src/node/signer/custody-file.ts';

type CustodyHandlers = Pick<Handlers<typeof signerContract>, 'custody.list' | 'custody.note'>;

/** The register of paper. What a person may note is src/custody/register.ts's to say. */
export function createCustodyHandlers(custody: CustodyFile, now: () => number): CustodyHandlers {
  return {
    'custody.list': async () => ({ sheets: [...(await custody.read()).register.values()].map(shownSheet) }),
    'custody.note': async (note) => {
      const { register } = await custody.append(() => [entryOfNote(note, now())]);
      return { sheet: shownSheet(register.get(note.sheetId) as KeptSheet) };
    },
  };
}

/** As the window gets it. */
const shownSheet = (sheet: KeptSheet) => ({ ...sheet, history: sheet.history.map((each) => ({ ...each })) });
