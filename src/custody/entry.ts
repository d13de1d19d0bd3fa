import * as v from 'valibot';
import { networkNames } from '../domain/network.ts';
import { sheetKinds } from '../paper/sheet.ts';

/** One line of the custody register: what happened to a sheet, when, and who said so. The schemas are strict: nothing else is kept. */

const line = (most: number) => v.pipe(v.string(), v.maxLength(most), v.regex(/^[^\p{C}]*$/u));
const SheetId = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

const common = {
  /** ISO 8601, UTC, to the second. */
  at: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)),
  sheetId: SheetId,
  by: line(200),
  remark: line(200),
} as const;

/** What names a sheet. Nothing in it is secret. */
export const RegisteredSheet = v.strictObject({
  serial: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{1,24}$/)),
  kind: v.picklist(sheetKinds),
  part: v.picklist(['public', 'secret']),
  label: line(200),
  network: v.picklist(networkNames),
  fingerprint: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/))),
  pages: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
});
export type RegisteredSheet = v.InferOutput<typeof RegisteredSheet>;

export const CustodyEntry = v.variant('event', [
  /** On paper, not yet read back. The same sheet may be printed again: then there are two papers of it. */
  v.strictObject({ event: v.literal('printed'), ...common, sheet: RegisteredSheet }),
  /** Read back, by its codes or by the check words of all its pages. */
  v.strictObject({ event: v.literal('made'), ...common, proof: v.picklist(['codes', 'words']) }),
  /** In the bag of this number. */
  v.strictObject({ event: v.literal('sealed'), ...common, seal: v.pipe(v.string(), v.regex(/^[A-Za-z0-9 ./-]{1,40}$/)) }),
  /** Destroyed or spoilt; the remark says why. */
  v.strictObject({ event: v.literal('void'), ...common, remark: v.pipe(line(200), v.minLength(1)) }),
  /** Another sheet took its place. */
  v.strictObject({ event: v.literal('reprinted'), ...common, replacement: SheetId }),
]);
export type CustodyEntry = v.InferOutput<typeof CustodyEntry>;
