import * as v from 'valibot';
import { FingerprintText, Network } from './wire.ts';

/** Schemas of the custody register: which sheets exist and where they stand. Nothing in it is secret. */

export const SheetId = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
export const SheetKindName = v.picklist(['paper-wallet', 'seed', 'share', 'cosigner-card', 'wallet', 'deposit-addresses', 'template']);
export const SheetPartName = v.picklist(['public', 'secret']);

/** `printed`: on paper, not yet read back. `made`: read back. `sealed`: in a numbered bag. `reprinted`: another sheet took its place. `void`: destroyed or spoilt. */
export const CustodyState = v.picklist(['printed', 'made', 'sealed', 'reprinted', 'void']);

/** A line that a person writes: a name, a place, a reason. */
const Remark = v.pipe(v.string(), v.maxLength(200), v.regex(/^[^\p{C}]*$/u));
export const SealNumber = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40), v.regex(/^[A-Za-z0-9 ./-]+$/));

export const CustodySheet = v.strictObject({
  sheetId: SheetId,
  serial: v.string(),
  kind: SheetKindName,
  part: SheetPartName,
  label: v.string(),
  network: Network,
  /** Of the key that it belongs to, where it belongs to one. */
  fingerprint: v.nullable(FingerprintText),
  pages: v.number(),
  state: CustodyState,
  /** The number of the bag, once sealed. */
  seal: v.nullable(v.string()),
  /** ISO 8601, UTC; oldest first. `by`: who said so. */
  history: v.array(v.strictObject({ at: v.string(), event: CustodyState, by: v.string(), remark: v.string() })),
});

/** What a person says of a sheet. That one was printed or read back the program sees itself. */
export const CustodyNote = v.variant('event', [
  v.strictObject({ event: v.literal('sealed'), sheetId: SheetId, by: Remark, seal: SealNumber, remark: v.optional(Remark, '') }),
  v.strictObject({ event: v.literal('void'), sheetId: SheetId, by: Remark, remark: v.pipe(Remark, v.minLength(1)) }),
  /** `replacement`: the sheet that took its place; both must be in the register. */
  v.strictObject({ event: v.literal('reprinted'), sheetId: SheetId, by: Remark, replacement: SheetId, remark: v.optional(Remark, '') }),
]);
