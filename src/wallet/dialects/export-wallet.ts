import type { WalletScript } from '../../domain/wallet-script.ts';
import { isQuorumScript } from '../../domain/wallet-script.ts';
import { formatPath } from '../../domain/derivation-path.ts';
import { chainParameters } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { formatExtendedPublicKey } from '../extended-public-key.ts';
import { walletDescriptor, type Wallet } from '../wallet.ts';
import { formatBsms, isBsmsScript } from './bsms.ts';
import { CARAVAN_COSIGNERS, formatCaravan, isCaravanScript, pathOf } from './caravan.ts';
import { COLDCARD_COSIGNERS, COLDCARD_NAME_LENGTH, isColdcardScript } from './coldcard-text.ts';
import { coreLosses, formatCore } from './core.ts';
import { ELECTRUM_COSIGNERS, formatElectrum, isElectrumScript } from './electrum.ts';
import type { Loss } from './foreign.ts';
import { formatPolicyJson } from './policy-json.ts';
import { formatSpecter, isSpecterScript } from './specter.ts';
import { formatWalletFile } from './strongroom.ts';

/** The formats that a wallet is written in. `descriptor` is what Sparrow, Nunchuk, Core 26 and newer and most others read. */
export const writtenFormats = ['strongroom', 'descriptor', 'bip388', 'coldcard', 'bsms', 'specter', 'sparrow', 'caravan', 'electrum', 'core'] as const;
export type WrittenFormat = (typeof writtenFormats)[number];

export interface ExportedWallet {
  readonly content: string;
  /** With its dot: `.txt`. */
  readonly extension: string;
  readonly losses: readonly Loss[];
}

/**
 * A wallet in another program's format, after the limits of that program were looked at.
 * @throws StrongroomError `wallet.export-limit` naming what that program has no wallets of
 */
export function exportWallet(wallet: Wallet, format: WrittenFormat): ExportedWallet {
  requireWithinLimits(wallet, format);
  return { ...written(wallet, format), losses: lossesOf(wallet, format) };
}

function written(wallet: Wallet, format: WrittenFormat): { readonly content: string; readonly extension: string } {
  switch (format) {
    case 'strongroom': return { content: formatWalletFile(wallet), extension: '.wallet.json' };
    case 'descriptor': return { content: `${walletDescriptor(wallet)}\n`, extension: '.descriptor.txt' };
    case 'sparrow': return { content: sparrowText(wallet), extension: '.sparrow.txt' };
    case 'bip388': return { content: formatPolicyJson(wallet), extension: '.policy.json' };
    case 'coldcard': return { content: coldcardText(wallet), extension: '.coldcard.txt' };
    case 'bsms': return { content: formatBsms(wallet), extension: '.bsms' };
    case 'specter': return { content: formatSpecter(wallet), extension: '.specter.json' };
    case 'caravan': return { content: formatCaravan(wallet), extension: '.caravan.json' };
    case 'electrum': return { content: formatElectrum(wallet), extension: '.electrum' };
    case 'core': return { content: formatCore(wallet), extension: '.importdescriptors.json' };
  }
}

/** What Sparrow's "output descriptor" file has: the descriptor of both branches, and each for itself. */
function sparrowText(wallet: Wallet): string {
  return ['# Receive and change descriptor (BIP389):', walletDescriptor(wallet), '', '# Receive descriptor (Bitcoin Core):', walletDescriptor(wallet, 0), '', '# Change descriptor (Bitcoin Core):', walletDescriptor(wallet, 1), ''].join('\n');
}

const coldcardFormats: Partial<Readonly<Record<WalletScript, string>>> = { p2sh: 'P2SH', 'p2sh-p2wsh': 'P2SH-P2WSH', p2wsh: 'P2WSH' };
/** The device shows ASCII alone. */
const coldcardName = (name: string): string => (name.normalize('NFKD').replace(/[^\x20-\x7e]/g, '').trim().slice(0, COLDCARD_NAME_LENGTH).trim() || 'Wallet');

function coldcardText(wallet: Wallet): string {
  const { name, required, script, network, cosigners } = wallet;
  const paths = new Set(cosigners.map(({ record }) => formatPath(record.path)));
  const [first] = cosigners;
  const shared = paths.size === 1 && first !== undefined ? [`Derivation: ${pathOf(first.record)}`] : [];
  const keys = cosigners.flatMap(({ record }) => [
    ...(shared.length > 0 ? [] : ['', `Derivation: ${pathOf(record)}`]),
    `${record.masterFingerprint.toUpperCase()}: ${formatExtendedPublicKey(record.key, network)}`,
  ]);
  return ['# Multisig setup file', `Name: ${coldcardName(name)}`, `Policy: ${required} of ${cosigners.length}`, ...shared, `Format: ${coldcardFormats[script] ?? ''}`, '', ...keys, ''].join('\n');
}

/** What each program has wallets of. */
/** What is not of Bitcoin alone: our own files, and descriptors for whoever reads them. */
const everyCoin: readonly WrittenFormat[] = ['strongroom', 'descriptor', 'bip388', 'core'];

const limits: Partial<Readonly<Record<WrittenFormat, { readonly has: (script: WalletScript) => boolean; readonly cosigners: number }>>> = {
  coldcard: { has: isColdcardScript, cosigners: COLDCARD_COSIGNERS },
  bsms: { has: isBsmsScript, cosigners: 20 },
  specter: { has: isSpecterScript, cosigners: 20 },
  caravan: { has: isCaravanScript, cosigners: CARAVAN_COSIGNERS },
  electrum: { has: isElectrumScript, cosigners: ELECTRUM_COSIGNERS },
};

function requireWithinLimits({ network, script, cosigners }: Wallet, format: WrittenFormat): void {
  if (chainParameters(network).coin !== 'bitcoin' && !everyCoin.includes(format)) throw new StrongroomError('wallet.export-limit', `The programs that read "${format}" know Bitcoin alone.`, { format, network }, 'Choose another format; "descriptor" has all wallets.');
  const limit = limits[format];
  if (limit === undefined) return;
  if (!limit.has(script)) throw new StrongroomError('wallet.export-limit', `The format "${format}" has no wallets of ${script}.`, { format, script }, 'Choose another format; "descriptor" has all of them.');
  if (cosigners.length > limit.cosigners) throw new StrongroomError('wallet.export-limit', `The programs that read "${format}" have wallets of at most ${limit.cosigners} keys; this one has ${cosigners.length}.`, { format, most: limit.cosigners, keys: cosigners.length }, 'Choose another format; "descriptor" has all of them.');
}

const LABELS: Loss = { code: 'labels', text: 'The cosigners\' labels stay behind: keys are told apart by their fingerprints alone.' };
const NAME: Loss = { code: 'name', text: 'The wallet\'s name stays behind.' };
const POLICY_ID: Loss = { code: 'policy-id', text: 'The policy id stays behind: compare the first receive address instead.' };
const FIRST_ADDRESS: Loss = { code: 'policy-id', text: 'The policy id and the first addresses stay behind: compare the first receive address by hand.' };
const BRANCHES: Loss = { code: 'branches', text: 'The branches are not said: every reader takes 0 for receive and 1 for change.' };
const RECEIVE_ONLY: Loss = { code: 'branches', text: 'The receive branch alone is said: its readers take branch 1 for change.' };

/** What each format has no place for. */
const left: Readonly<Record<WrittenFormat, readonly Loss[]>> = {
  strongroom: [],
  descriptor: [NAME, LABELS, FIRST_ADDRESS],
  sparrow: [NAME, LABELS, FIRST_ADDRESS],
  bip388: [LABELS, FIRST_ADDRESS],
  coldcard: [LABELS, FIRST_ADDRESS, BRANCHES],
  bsms: [NAME, LABELS, POLICY_ID],
  specter: [FIRST_ADDRESS, RECEIVE_ONLY],
  caravan: [FIRST_ADDRESS, BRANCHES],
  electrum: [NAME, LABELS, FIRST_ADDRESS, BRANCHES],
  core: [NAME, LABELS, FIRST_ADDRESS, ...coreLosses],
};

/** What UR's `crypto-output` has no place for. */
export const urLosses = (wallet: Wallet): readonly Loss[] => [...lossesOf(wallet, 'descriptor'), BRANCHES];

function lossesOf(wallet: Wallet, format: WrittenFormat): readonly Loss[] {
  const losses = [...left[format]].filter((loss) => loss !== LABELS || isQuorumScript(wallet.script));
  if (format === 'coldcard' && coldcardName(wallet.name) !== wallet.name) losses.push({ code: 'name', text: `The name was shortened to "${coldcardName(wallet.name)}": the device shows ${COLDCARD_NAME_LENGTH} ASCII characters.` });
  if (format === 'coldcard' && new Set(wallet.cosigners.map(({ record }) => formatPath(record.path))).size > 1) losses.push({ code: 'settings', text: 'The keys have different paths: firmware of before 2020 reads one path for all of them.' });
  // Caravan alone writes a network down, and calls testnet4 by the name of all of them.
  const tellsNetwork = format === 'strongroom' || wallet.network === 'mainnet' || (format === 'caravan' && wallet.network !== 'testnet4' && wallet.network !== 'practice');
  if (!tellsNetwork) losses.push({ code: 'network', text: `The networks are not told apart: whoever reads the file must know that the wallet is of ${wallet.network}.` });
  return losses;
}
