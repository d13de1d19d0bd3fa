import { toBase64, utf8 } from '../../domain/bytes.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCommandContract } from '../../host/signer-contract.ts';
import { pdfOf } from '../../paper/pdf.ts';
import { codesOf, type SheetPart } from '../../paper/sheet.ts';
import type { SignerEffects } from './effects.ts';
import { saidOf } from './paper-handlers.ts';
import { prepareSheets } from './prepared-sheets.ts';
import { readBackListOf } from './read-back-list.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type PaperWalletHandlers = Pick<Handlers<typeof signerCommandContract>, 'paper.wallets'>;

/** New paper wallets as files: address sheets and key sheets apart, since they go to different people. */
export function createPaperWalletHandlers(effects: SignerEffects, keys: UnlockedKeys): PaperWalletHandlers {
  return {
    'paper.wallets': async ({ order }, context) => {
      const { sheets, handCodes } = await prepareSheets({ what: 'paper-wallets', order }, { effects, keys }, context);
      context.progress({ fraction: null, activity: 'Writing the sheets into two documents' });
      const pagesOf = (part: SheetPart) => sheets.filter((each) => each.facts.part === part).flatMap(({ pages }) => pages);
      const wallets = sheets.flatMap(({ sheet }) => (sheet.part === 'public' ? codesOf(sheet).map(({ text }) => ({ serial: sheet.serial, address: text })) : []));
      const name = `paper-wallets-${batchOf(wallets[0]?.serial ?? '').toLowerCase()}`;
      const rows = wallets.map(({ serial, address }) => `${serial},${order.network},${order.script},${address}\n`);
      return {
        sheets: sheets.map(saidOf),
        wallets,
        publicDocument: { name: `${name}-addresses.pdf`, contentBase64: toBase64(pdfOf(pagesOf('public'))) },
        secretDocument: { name: `${name}-keys.pdf`, contentBase64: toBase64(pdfOf(pagesOf('secret'))) },
        addresses: { name: `${name}-addresses.csv`, contentBase64: toBase64(utf8(`serial,network,script,address\n${rows.join('')}`)) },
        readBack: { name: `${name}-read-back.json`, contentBase64: toBase64(utf8(`${JSON.stringify(readBackListOf(sheets), null, 2)}\n`)) },
        handCodes: [...handCodes],
      };
    },
  };
}

/** The batch's serial, without the wallet's number and the sheet's letter. */
const batchOf = (serial: string): string => serial.replace(/-[0-9]+-P$/, '');
