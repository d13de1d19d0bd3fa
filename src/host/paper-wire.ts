import * as v from 'valibot';
import { AddressIndex, FileBase64, FileName, KeyHandle, Label, Network, SmallText } from './wire.ts';

/** Schemas of sheets of paper. A sheet is ordered by what it is made of, so that a check can make the very same one again. */

const Account = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999));
const Template = v.picklist(['seed-12', 'seed-24', 'slip39-20', 'slip39-33', 'codex32-48', 'codex32-74', 'seedqr-21', 'seedqr-25', 'seedqr-29', 'custody-log']);

/** What a sheet is made of. `label: null` stands for the key's own label. */
export const SheetContent = v.variant('kind', [
  v.strictObject({ kind: v.literal('cosigner-card'), keyHandle: KeyHandle, account: Account, label: v.nullable(Label) }),
  /** `by-hand` prints lines for the words and no secret. */
  v.strictObject({ kind: v.literal('seed'), keyHandle: KeyHandle, filling: v.picklist(['printed', 'by-hand']), label: v.nullable(Label) }),
  /** `bornAt`: Unix seconds before the wallet's first payment; 0 scans the whole chain. */
  v.strictObject({ kind: v.literal('wallet'), keyHandle: KeyHandle, registration: SmallText, bornAt: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_295)) }),
  v.strictObject({ kind: v.literal('deposit-addresses'), keyHandle: KeyHandle, registration: SmallText, index: AddressIndex, count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)) }),
  v.strictObject({ kind: v.literal('template'), template: Template, network: Network, label: v.nullable(Label) }),
]);

/** A sheet to be made, or the same one again to check a print of it. */
export const SheetOrder = v.strictObject({
  content: SheetContent,
  /** Capitals, digits and hyphens, at most 24; `null` takes one from the kind and the fingerprint. */
  serial: v.nullable(v.pipe(v.string(), v.maxLength(100))),
  /** ISO 8601 date as it stands on the sheet; `null` is today, and no date on a template. */
  date: v.nullable(v.pipe(v.string(), v.maxLength(100))),
  pageSize: v.picklist(['a4', 'letter']),
});

/** What names a sheet. Nothing in it is secret. */
const SheetFacts = {
  sheetId: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  kind: v.picklist(['cosigner-card', 'seed', 'wallet', 'deposit-addresses', 'template']),
  part: v.picklist(['public', 'secret']),
  serial: v.string(),
  date: v.string(),
  pages: v.number(),
};

/** `text` is there on public sheets only: what a code of a secret sheet holds is on the paper and nowhere else. */
const SheetCode = v.strictObject({ id: v.string(), text: v.optional(v.string()) });

export const makeSheet = {
  input: v.strictObject({ order: SheetOrder, format: v.picklist(['pdf', 'svg']) }),
  /** `documents`: one PDF, or an SVG for each page. Of a secret sheet they are the secret. */
  output: v.strictObject({ ...SheetFacts, codes: v.array(SheetCode), documents: v.array(v.strictObject({ name: FileName, contentBase64: FileBase64 })) }),
} as const;

/** What shows that somebody has the print in hand. */
const Proof = v.variant('by', [
  v.strictObject({ by: v.literal('codes'), scanned: v.pipe(v.array(v.pipe(v.string(), v.maxLength(8192))), v.maxLength(500)) }),
  /** The check words of every page, three words an entry. */
  v.strictObject({ by: v.literal('words'), words: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(50)) }),
]);

export const checkSheet = {
  input: v.strictObject({ order: SheetOrder, proof: Proof }),
  output: v.strictObject({ ...SheetFacts, codes: v.array(SheetCode), made: v.literal(true), by: v.picklist(['codes', 'words']) }),
} as const;
