import type { InferOutput } from 'valibot';
import { unreachable } from '../../domain/unreachable.ts';
import type { RequestContext } from '../../host/contract.ts';
import type { prepareSheets as prepareSheetsCommand } from '../../host/paper-wire.ts';
import { orderedSheet } from './ordered-sheet.ts';
import { makePaperWallets } from './paper-wallet-batch.ts';
import { preparedSheet, type PreparedSheets, type SheetDeps } from './prepared-sheet.ts';
import { makeShareSheets } from './share-sheets.ts';

export type { PreparedSheet, PreparedSheets, SheetDeps } from './prepared-sheet.ts';

/** What is to be put on paper: one sheet, the shares of a key, or new paper wallets. */
export type SheetsOrder = InferOutput<(typeof prepareSheetsCommand)['input']>['order'];

/**
 * Makes what was ordered, ready to be printed: every code was decoded from its drawing and every text compared.
 * @throws StrongroomError `host.cancelled`, `key.*`, `paper.*`, `entropy.*`, `secret.*`, and what reading a registration throws
 */
export async function prepareSheets(order: SheetsOrder, deps: SheetDeps, context: RequestContext): Promise<PreparedSheets> {
  const today = new Date(deps.effects.now()).toISOString().slice(0, 10);
  switch (order.what) {
    case 'sheet': {
      context.progress({ fraction: null, activity: 'Drawing the sheet and reading it back' });
      const sheet = orderedSheet(order.order, deps.keys, today);
      const { content } = order.order;
      return { sheets: [preparedSheet(sheet, order.order.pageSize, content.kind === 'template' ? null : deps.keys.use(content.keyHandle).key.fingerprint)], handCodes: [] };
    }
    case 'shares':
      return { sheets: (await makeShareSheets(order.order, deps, today, context)).map(({ prepared }) => prepared), handCodes: [] };
    case 'paper-wallets':
      return makePaperWallets(order.order, deps, today, context);
    default:
      return unreachable(order);
  }
}
