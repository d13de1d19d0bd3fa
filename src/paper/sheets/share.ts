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
  /** Fingerprint of the secret, to check a restore with. */
  readonly fingerprint: string;
}

const schemeNames: Readonly<Record<ShareScheme, string>> = { slip39: 'SLIP-39', codex32: 'codex32 (BIP93)', 'seed-xor': 'Seed XOR' };

const forms: Readonly<Record<ShareScheme, RegExp>> = {
  slip39: /^[a-z]+( [a-z]+){19,32}$/,
  // Both lengths of BIP93, in one case.
  codex32: /^(ms1[02-9ac-hj-np-z]{45,124}|MS1[02-9AC-HJ-NP-Z]{45,124})$/,
  'seed-xor': /^[a-z]+( [a-z]+){11,23}$/,
};

/**
 * One share on a secret sheet, with its content as code and as numbered words or groups of four.
 * @throws StrongroomError `paper.malformed`
 */
export function shareSheet(facts: SheetFacts, share: Share): Sheet {
  const { scheme, text, identifier, threshold, total, fingerprint } = share;
  if (!forms[scheme].test(text)) throw malformed(`its share is not of ${schemeNames[scheme]}'s form`);
  if (!Number.isInteger(threshold) || !Number.isInteger(total) || threshold < 1 || threshold > total || total > 255) throw malformed('its threshold is not 1 to the number of shares');
  const about: Fact[] = [
    { label: 'Scheme', value: schemeNames[scheme], form: 'text' },
    { label: 'This share', value: share.share, form: 'strong' },
    { label: 'Needed', value: `${threshold} of ${total} shares`, form: 'strong' },
    ...(identifier === '' ? [] : [{ label: 'Identifier', value: identifier, form: 'mono' as const }]),
    { label: 'Fingerprint', value: fingerprint, form: 'mono' },
    { label: 'Network', value: facts.network, form: 'text' },
  ];
  const isWords = scheme !== 'codex32';
  const code: Block = {
    type: 'code', heading: 'Share', note: threshold === 1 ? 'This share alone brings the secret back.' : `Brings the secret back together with ${threshold - 1} other${threshold === 2 ? '' : 's'}. Never keep that many in one place.`,
    copy: isWords ? 'none' : 'fours', sideMm: 55, facts: about, code: { id: 'share', text, correction: 'Q' },
  };
  const words: Block = { type: 'words', words: text.split(' ').map((word, index) => ({ number: index + 1, word, digits: null })), copyOf: { words: 'share', digits: null } };
  return sheetOf({
    ...facts,
    kind: 'share',
    part: 'secret',
    title: `Share ${share.share}`,
    warning: threshold === 1 ? 'whoever reads this page has the secret' : `${threshold} of these ${total} shares are the secret`,
    blocks: isWords ? [words, code] : [code],
  });
}
