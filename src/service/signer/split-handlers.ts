import { toBase64, utf8 } from '../../domain/bytes.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCommandContract } from '../../host/signer-contract.ts';
import { pdfOf } from '../../paper/pdf.ts';
import type { SignerEffects } from './effects.ts';
import { formatReadBackList, readBackListOf } from './read-back-list.ts';
import { makeShareSheets } from './share-sheets.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type SplitHandlers = Pick<Handlers<typeof signerCommandContract>, 'key.split'>;

/** A key divided into shares, a document for each: each goes to another person. */
export function createSplitHandlers(effects: SignerEffects, keys: UnlockedKeys): SplitHandlers {
  return {
    'key.split': async ({ order }, context) => {
      const today = new Date(effects.now()).toISOString().slice(0, 10);
      const made = await makeShareSheets(order, { effects, keys }, today, context);
      return {
        shares: made.map(({ share, prepared: { facts, pages } }) => ({
          ...facts,
          share: share.share,
          text: share.text,
          document: { name: `sheet-${facts.serial.toLowerCase()}.pdf`, contentBase64: toBase64(pdfOf(pages)) },
        })),
        readBack: {
          name: `${batchOf(made[0]?.prepared.facts.serial ?? '').toLowerCase()}-read-back.json`,
          contentBase64: toBase64(utf8(formatReadBackList(readBackListOf(made.map(({ prepared }) => prepared))))),
        },
      };
    },
  };
}

/** What the shares' serials begin with, without a share's number. */
const batchOf = (serial: string): string => serial.replace(/-[0-9]+$/, '');
