import { malformed, sheetOf, type Block, type Fact, type Sheet, type SheetFacts } from '../sheet.ts';

export type ShareScheme = 'slip39' | 'codex32' | 'seed-xor';

/** One share of a divided secret. */
export interface Share {
  readonly scheme: ShareScheme;
  /** Words with single blanks (SLIP-39, Seed XOR) or one string (codex32). */
  readonly text: string;
  /** What tells this division from others: SLIP-39's identifier, codex32's four characters; empty for Seed XOR. */
  readonly identifier: string;
  /** Which share it is: `3`, `group 1, share 2`, or codex32's index letter. */
  readonly share: string;
  /** How many bring the secret back, and how many there are. Seed XOR needs all. */
  readonly threshold: number;
  readonly total: number;
  /** Where shares are in groups: how many groups are needed and how many there are; threshold and total are then of its group. */
  readonly groups: { readonly threshold: number; readonly total: number } | null;
  /** What besides the shares leads to the key, if anything does. It is on no sheet. */
  readonly passphrase: 'none' | 'slip39' | 'bip39';
  /** Fingerprint of the secret, to check a restore with. */
  readonly fingerprint: string;
}

const schemeNames: Readonly<Record<ShareScheme, string>> = { slip39: 'SLIP-39', codex32: 'codex32 (BIP93)', 'seed-xor': 'Seed XOR' };

const forms: Readonly<Record<ShareScheme, RegExp>> = {
  // From 128 to 512 bits.
  slip39: /^[a-z]+( [a-z]+){19,58}$/,
  // Both lengths of BIP93, in one case.
  codex32: /^(ms1[02-9ac-hj-np-z]{45,124}|MS1[02-9AC-HJ-NP-Z]{45,124})$/,
  'seed-xor': /^[a-z]+( [a-z]+){11,23}$/,
};

/**
 * One share on a secret sheet, with its content as code and as numbered words or groups of four.
 * @throws StrongroomError `paper.malformed`
 */
export function shareSheet(facts: SheetFacts, share: Share): Sheet {
  const { scheme, text, identifier, threshold, total, groups, passphrase, fingerprint } = share;
  if (!forms[scheme].test(text)) throw malformed(`its share is not of ${schemeNames[scheme]}'s form`);
  if (!Number.isInteger(threshold) || !Number.isInteger(total) || threshold < 1 || threshold > total || total > 255) throw malformed('its threshold is not 1 to the number of shares');
  if (groups !== null && (groups.threshold < 1 || groups.threshold > groups.total)) throw malformed('the groups that it needs are not 1 to the number of groups');
  const about: Fact[] = [
    { label: 'Scheme', value: schemeNames[scheme], form: 'text' },
    { label: 'This share', value: share.share, form: 'strong' },
    { label: 'Needed', value: groups === null ? `${threshold} of ${total} shares` : `${threshold} of ${total} shares of this group`, form: 'strong' },
    ...(groups === null ? [] : [{ label: 'Groups needed', value: `${groups.threshold} of ${groups.total}`, form: 'strong' as const }]),
    ...(identifier === '' ? [] : [{ label: 'Identifier', value: identifier, form: 'mono' as const }]),
    { label: 'Fingerprint', value: fingerprint, form: 'mono' },
    ...(passphrase === 'none' ? [] : [{ label: 'Passphrase', value: `needed (${passphrase === 'slip39' ? 'SLIP-39' : 'BIP39'}); it is not here`, form: 'text' as const }]),
    { label: 'Network', value: facts.network, form: 'text' },
  ];
  const isWords = scheme !== 'codex32';
  const code: Block = {
    type: 'code', heading: 'Share', note: noteOf(share),
    copy: isWords ? 'none' : 'fours', sideMm: 55, facts: about, code: { id: 'share', text, correction: 'Q' },
  };
  const words: Block = { type: 'words', words: text.split(' ').map((word, index) => ({ number: index + 1, word, digits: null })), copyOf: { words: 'share', digits: null } };
  return sheetOf({
    ...facts,
    kind: 'share',
    part: 'secret',
    title: groups === null ? `Share ${share.share}` : share.share.replace('g', 'G'),
    warning: warningOf(share),
    blocks: isWords ? [words, code] : [code],
  });
}

/** How many other shares this one needs; `null` where shares of other groups are needed too. */
const othersOf = ({ threshold, groups }: Share): number | null => (groups === null || groups.threshold === 1 ? threshold - 1 : null);

function noteOf(share: Share): string {
  const others = othersOf(share);
  const { threshold, groups } = share;
  if (others === 0) return 'This share alone brings the secret back.';
  if (others !== null) return `Brings the secret back together with ${others} other${others === 1 ? '' : 's'}${groups === null ? '' : ' of its group'}. Never keep that many in one place.`;
  return `Completes its group ${threshold === 1 ? 'alone' : `together with ${threshold - 1} other${threshold === 2 ? '' : 's'}`}; ${groups?.threshold} complete groups bring the secret back. Never keep those in one place.`;
}

function warningOf(share: Share): string {
  const others = othersOf(share);
  const { threshold, total, groups } = share;
  if (others === 0) return 'whoever reads this page has the secret';
  if (others !== null) return `${threshold} of these ${total} shares are the secret`;
  return `${threshold} of these ${total} shares, and ${groups?.threshold} of ${groups?.total} groups, are the secret`;
}
