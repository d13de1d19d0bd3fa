import { StrongroomError } from '../errors/strongroom-error.ts';
import type { NetworkName } from '../domain/network.ts';
import { rejectPrivateKeyText } from '../wallet/key-record.ts';

export const sheetKinds = ['paper-wallet', 'seed', 'share', 'cosigner-card', 'wallet', 'deposit-addresses', 'template'] as const;
export type SheetKind = (typeof sheetKinds)[number];

/** Public sheets may be shown and copied. Secret sheets never share a page with public ones. */
export type SheetPart = 'public' | 'secret';

/** A content that is printed as a QR code and, beneath it, as text. */
export interface PrintedCode {
  /** Names the code within its sheet: `address`, `secret`, `descriptor-2`. */
  readonly id: string;
  /** Printable ASCII. */
  readonly text: string;
  /** Q restores a quarter of a damaged code, H nearly a third: secrets have no second copy on the page. */
  readonly correction: 'Q' | 'H';
}

/** A labelled line. `fours` is mono in groups of four; `line` is room for handwriting, its value the hint under the line. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly form: 'text' | 'strong' | 'mono' | 'fours' | 'line';
}

/** A numbered word; `word: null` leaves a line to write it on. `digits` is its position in the wordlist, four digits from 0000. */
export interface NumberedWord {
  readonly number: number;
  readonly word: string | null;
  readonly digits: string | null;
}

export type Block =
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'paragraph'; readonly text: string }
  | { readonly type: 'facts'; readonly facts: readonly Fact[] }
  /** One code with facts beside it and its text beneath: `fours`, `plain`, or `none` where another block prints it. */
  | { readonly type: 'code'; readonly code: PrintedCode; readonly heading: string; readonly note: string; readonly facts: readonly Fact[]; readonly copy: 'fours' | 'plain' | 'none'; readonly sideMm: number }
  /** The parts of a content that one code cannot hold, two in a row. */
  | { readonly type: 'code-parts'; readonly heading: string; readonly note: string; readonly codes: readonly PrintedCode[] }
  /** Words, and digits, of which a code of this sheet consists are its readable copy. */
  | { readonly type: 'words'; readonly words: readonly NumberedWord[]; readonly copyOf: { readonly words: string | null; readonly digits: string | null } }
  | { readonly type: 'commands'; readonly heading: string; readonly note: string; readonly commands: readonly string[] }
  /** Boxes for one character each, in groups of four. */
  | { readonly type: 'boxes'; readonly heading: string; readonly count: number }
  /** An empty grid to fill in a QR code by hand, with its finder patterns printed. */
  | { readonly type: 'code-grid'; readonly heading: string; readonly note: string; readonly modules: 21 | 25 | 29 }
  /** An empty table for handwriting; widths are shares of the line. */
  | { readonly type: 'table'; readonly heading: string; readonly columns: readonly { readonly title: string; readonly share: number }[]; readonly rows: number };

/** What goes on paper, before anybody thinks about where. Secrets in it came in as arguments and live as long as it does. */
export interface Sheet {
  readonly kind: SheetKind;
  readonly part: SheetPart;
  readonly serial: string;
  /** What the sheet is: `Paper wallet`. */
  readonly title: string;
  /** What people call the thing on it; may be empty. */
  readonly label: string;
  readonly network: NetworkName;
  /** ISO 8601 date on which it was made; empty where it is to be written by hand. */
  readonly date: string;
  /** The band's words after PUBLIC or SECRET. */
  readonly warning: string;
  readonly blocks: readonly Block[];
}

/** What every sheet needs, whatever is on it. */
export interface SheetFacts {
  readonly serial: string;
  readonly label: string;
  readonly network: NetworkName;
  readonly date: string;
}

/** The longest label: what wallets and keys allow. */
const MAX_LABEL_CHARACTERS = 60;

/**
 * A sheet after the checks that all kinds share.
 * @throws StrongroomError `paper.malformed`; `wallet.private-key` when a public sheet holds private-key material
 */
export function sheetOf(sheet: Sheet): Sheet {
  if (!/^[A-Z0-9](?:[A-Z0-9-]{0,22}[A-Z0-9])?$/.test(sheet.serial)) throw malformed('its serial is not 1 to 24 capitals, digits and hyphens');
  if (sheet.date !== '' && !/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/.test(sheet.date)) throw malformed('its date is not of the form 2026-11-22');
  if (Array.from(sheet.label).length > MAX_LABEL_CHARACTERS || /\p{C}/u.test(sheet.label)) throw malformed(`its label is longer than ${MAX_LABEL_CHARACTERS} characters or holds a control character`);
  const codes = codesOf(sheet);
  if (new Set(codes.map((code) => code.id)).size !== codes.length) throw malformed('two of its codes have one name');
  if (codes.some((code) => !/^[\x20-\x7e]+$/.test(code.text))) throw malformed('a code holds something else than printable ASCII');
  if (sheet.part === 'public') for (const text of textsOf(sheet)) rejectSecretText(text);
  return sheet;
}

export const malformed = (reason: string): StrongroomError =>
  new StrongroomError('paper.malformed', `The sheet cannot be made: ${reason}.`, { reason }, 'Correct it and make the sheet again.');

/** Every code of the sheet, in the order in which they are printed. */
export function codesOf(sheet: Sheet): readonly PrintedCode[] {
  return sheet.blocks.flatMap((block) => (block.type === 'code' ? [block.code] : block.type === 'code-parts' ? block.codes : []));
}

/** The words of the band on every page. */
export const bandOf = (sheet: Sheet): string => `${sheet.part === 'secret' ? 'SECRET' : 'PUBLIC'}  ·  ${sheet.warning}`;

/** Every text of a sheet, for the search for secrets in public ones. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** SECURITY: public sheets go to copiers and mail; no private key may get onto one, whatever the caller mixed up. */
function rejectSecretText(text: string): void {
  rejectPrivateKeyText(text);
  if (/(^|[^1-9A-HJ-NP-Za-km-z])6P[1-9A-HJ-NP-Za-km-z]{56}/.test(text) || /(^|[^a-z0-9])ms1[02-9ac-hj-np-z]{40,}/i.test(text)) {
    throw new StrongroomError('wallet.private-key', 'A public sheet would hold a secret.', {}, 'Nothing was made. Put secrets on secret sheets only.');
  }
}
