import type { FileUses } from '../../files/files-state.ts';
import { combineActions } from '../combine/combine-actions.ts';
import type { CompanionContext, WorkspaceProps } from '../context.ts';
import { payActions } from '../pay/pay-actions.ts';
import type { ReadySession } from '../session.ts';
import { importActions } from '../wallets/import-actions.ts';
import { walletsActions } from '../wallets/wallets-actions.ts';

/** The wallet whose signatures come together: the only one, or else a person opens the file where the wallet is chosen. */
const onlyWallet = (session: ReadySession) => (session.wallets.length === 1 ? session.wallets[0] : undefined);

/** What the Companion does with files that a person opens or drops. */
export function fileUses({ context, session }: WorkspaceProps): FileUses {
  const wallet = onlyWallet(session);
  const combine = {
    name: 'Combine',
    take: (files: Parameters<ReturnType<typeof combineActions>['takeFiles']>[0]) => {
      context.go('combine');
      if (wallet !== undefined) void combineActions(context, session).takeFiles(files, wallet);
    },
  };
  return {
    psbt: combine,
    transaction: combine,
    wallet: {
      name: 'Import',
      take: (files) => {
        context.go('wallets');
        void importActions(context).takeWallet(files);
      },
    },
    'key-record': { name: 'Add as cosigner', take: (files) => { beginWallet(context, session); void walletsActions(context).takeRecords(files); } },
    payments: {
      name: 'Plan payments',
      take: (files) => {
        context.go('pay');
        payActions(context).takeCsv(files);
      },
    },
    registration: null, key: null,
  };
}

/** Opens the form for a new wallet, where it is not open already. */
function beginWallet(context: CompanionContext, session: ReadySession): void {
  context.go('wallets');
  if (context.wallets.state.value.stage !== 'creating') context.wallets.send({ type: 'create-begun', network: session.node?.network ?? (context.info.rehearsal === null ? 'mainnet' : 'practice') });
}
