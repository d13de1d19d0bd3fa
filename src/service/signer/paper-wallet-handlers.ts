import { toBase64, utf8 } from '../../domain/bytes.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCommandContract } from '../../host/signer-contract.ts';
import { pdfOf } from '../../paper/pdf.ts';
import { codesOf, type SheetPart } from '../../paper/sheet.ts';
import { formatPaperWalletRecord } from '../../signer/entropy/paper-wallet-record.ts';
import type { SignerEffects } from './effects.ts';
import { saidOf } from './paper-handlers.ts';
import { makePaperWallets } from './paper-wallet-batch.ts';
import { formatReadBackList, readBackListOf } from './read-back-list.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type PaperWalletHandlers = Pick<Handlers<typeof signerCommandContract>, 'paper.wallets'>;

/** New paper wallets as files: address sheets and key sheets apart, since they go to different people. */
export function createPaperWalletHandlers(effects: SignerEffects, keys: UnlockedKeys): PaperWalletHandlers {
  return {
    'paper.wallets': async ({ order }, context) => {
      const { sheets, handCodes, record } = await makePaperWallets(order, { effects, keys }, new Date(effects.now()).toISOString().slice(0, 10), context);
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
        readBack: { name: `${name}-read-back.json`, contentBase64: toBase64(utf8(formatReadBackList(readBackListOf(sheets)))) },
        record: { name: `${name}.entropy.json`, contentBase64: toBase64(utf8(formatPaperWalletRecord(record))) },
        handCodes: [...handCodes],
      };
    },
  };
}

/** The batch's serial, without the wallet's number and the sheet's letter. */
const batchOf = (serial: string): string => serial.replace(/-[0-9]+-P$/, '');
