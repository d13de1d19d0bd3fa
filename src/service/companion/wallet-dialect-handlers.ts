import { utf8 } from '../../domain/bytes.ts';
import { foreignWalletFileName } from '../../airgap/file-names.ts';
import { frameSequence } from '../../airgap/frames/frame-sequence.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { exportWallet, urLosses, type ExportedWallet } from '../../wallet/dialects/export-wallet.ts';
import { walletDescriptor, type Wallet } from '../../wallet/wallet.ts';
import { keysRead, walletImported } from '../shared/dialect-handlers.ts';
import { readAnyWallet } from '../shared/foreign-wallet.ts';

type DialectHandlers = Pick<Handlers<typeof companionCoreContract>, 'wallet.import' | 'wallet.export' | 'key.read'>;

export const walletDialectHandlers = (): DialectHandlers => ({
  'wallet.import': walletImported,
  'key.read': keysRead,
  'wallet.export': ({ wallet: text, format }) => {
    const wallet = readAnyWallet(text);
    const { content, extension, losses } = format === 'ur' ? asUr(wallet) : exportWallet(wallet, format);
    return { content, format, losses: [...losses], suggestedName: foreignWalletFileName(wallet.name, extension) };
  },
});

/** The densest code: frames of a file are read by programs, not by cameras. */
const FRAME_VERSION = 40;

/**
 * `crypto-output`, which nearly every device reads; several frames, one a line, where one does not hold it. Keys without children, as
 * others write them: many readers do not know the pair of branches.
 */
function asUr(wallet: Wallet): ExportedWallet {
  const bytes = utf8(walletDescriptor(wallet).slice(0, -9).replaceAll('/<0;1>/*', ''));
  const sequence = frameSequence({ kind: 'wallet-descriptor', bytes }, { format: 'ur', version: FRAME_VERSION });
  const frames = Array.from({ length: sequence.parts }, (_, position) => sequence.frame(position));
  return { content: `${frames.join('\n')}\n`, extension: '.ur.txt', losses: urLosses(wallet) };
}
