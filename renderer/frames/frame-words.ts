import type { ContentKind, FrameFormat, FrameReader, OpenedSequence, ScanReport, Transfer } from './frames-host.ts';
import { counted } from '../ui/amount-text.ts';

/** Who reads the codes, in the order in which they are offered. */
export const readerNames: Readonly<Record<FrameReader, string>> = {
  strongroom: 'Strongroom', 'coldcard-q': 'Coldcard Q', keystone: 'Keystone', jade: 'Jade', seedsigner: 'SeedSigner', krux: 'Krux', passport: 'Passport',
  'specter-diy': 'Specter DIY', specter: 'Specter Desktop', sparrow: 'Sparrow', nunchuk: 'Nunchuk', bluewallet: 'BlueWallet', electrum: 'Electrum', any: 'Something else',
};

export const formatNames: Readonly<Record<FrameFormat, string>> = {
  strongroom: 'Strongroom', bbqr: 'BBQr', ur: 'UR', ur1: 'UR, version 1', specter: 'Specter', base43: 'Base43', plain: 'one plain code',
};

const kindNames: Readonly<Record<ContentKind, string>> = {
  psbt: 'a transaction to sign', transaction: 'a signed transaction', 'wallet-descriptor': 'a wallet', 'key-record': 'a public key', text: 'a text', bytes: 'other data',
};

/** "a transaction to sign", or what is said while nobody knows. */
export const kindName = (kind: ContentKind | null): string => (kind === null ? 'something that is known only at its end' : kindNames[kind]);

/** Densities that are offered: versions of codes, from what a small camera reads from the hand to the largest that there are. */
export const densities = [4, 6, 8, 10, 12, 14, 17, 20, 23, 27, 31, 35, 40] as const;

/** The step nearest to a version, as a position among `densities`. */
export function nearestStep(version: number): number {
  let best = 0;
  for (const [step, offered] of densities.entries()) if (Math.abs(offered - version) < Math.abs((densities[best] as number) - version)) best = step;
  return best;
}

/** "Code 12 of 35, round 2"; what comes after the first round of a fountain are further codes, any of which helps. */
export function positionWords(position: number, { parts, isFountain }: Pick<OpenedSequence, 'parts' | 'isFountain'>): string {
  if (parts === 1) return 'One code holds everything';
  const round = Math.floor(position / parts) + 1;
  if (round === 1) return `Code ${position + 1} of ${parts}`;
  return isFountain ? `Further code ${position + 1}: any of them helps` : `Code ${(position % parts) + 1} of ${parts}, round ${round}`;
}

/** What one round takes: "One round takes 3.5 seconds". */
export const roundWords = (parts: number, perSecond: number): string => (parts === 1 ? 'It stands still' : `One round takes ${(parts / perSecond).toFixed(1)} seconds`);

/** Ranges of missing parts: "3, 7-9, 12". */
export function missingWords(missing: readonly number[]): string {
  const ranges: string[] = [];
  for (let at = 0; at < missing.length; at += 1) {
    const from = missing[at] as number;
    while (missing[at + 1] === (missing[at] as number) + 1) at += 1;
    const to = missing[at] as number;
    ranges.push(from === to ? String(from) : `${from}-${to}`);
  }
  return ranges.length > 12 ? `${ranges.slice(0, 12).join(', ')} and more` : ranges.join(', ');
}

/** How far a transfer is, in words: of numbered codes which are missing, of a fountain how many are still needed. */
export function progressWords({ isFountain, parts }: Pick<Transfer, 'isFountain' | 'parts'>, { received, missing, isComplete }: Pick<ScanReport, 'received' | 'missing' | 'isComplete'>): string {
  if (isComplete) return 'Complete.';
  if (isFountain) return `${received} of ${parts} codes; ${counted(parts - received, 'more code')} of any number needed.`;
  return `${received} of ${parts} codes; missing: ${missingWords(missing)}.`;
}

/** What else was in view and was not taken. */
export function otherWords({ name, why, kind }: ScanReport['others'][number]): string {
  return why === 'other-kind'
    ? `A code in view holds ${kindName(kind)} (${name}), which is not what is read here.`
    : `Codes of another transfer are in view (${name}). They are not mixed into this one.`;
}
