import type { Fingerprint } from '../../domain/fingerprint.ts';
import { checkPages } from '../../paper/check-page.ts';
import { sheetIdOf } from '../../paper/check-words.ts';
import { layOut } from '../../paper/layout/lay-out.ts';
import type { Page, PaperSize } from '../../paper/page.ts';
import type { Sheet, SheetKind, SheetPart } from '../../paper/sheet.ts';
import type { PaperWalletRecord } from '../../signer/entropy/paper-wallet-record.ts';
import type { SignerEffects } from './effects.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

/** What names a sheet. Nothing in it is secret. */
export interface PreparedFacts {
  readonly sheetId: string;
  readonly kind: SheetKind;
  readonly part: SheetPart;
  readonly serial: string;
  readonly date: string;
  /** How many. */
  readonly pages: number;
}

/** A sheet that was laid out and passed the gate. Of a secret sheet, `sheet` and `pages` are the secret. */
export interface PreparedSheet {
  readonly sheet: Sheet;
  readonly pages: readonly Page[];
  readonly facts: PreparedFacts;
  /** Of the key that it belongs to; `null` for templates and for paper wallets, which have no master key. */
  readonly fingerprint: Fingerprint | null;
}

export interface PreparedSheets {
  /** In the order of printing. Of paper wallets, the address sheet stands before its key sheet. */
  readonly sheets: readonly PreparedSheet[];
  /** SecurePrint's codes, by the serial of the key sheet that each belongs on. Secrets. */
  readonly handCodes: readonly { readonly serial: string; readonly code: string }[];
  /** Of new paper wallets: how they came to be, to be kept for a recall. */
  readonly record?: PaperWalletRecord;
}

/** What making sheets needs besides the order. */
export interface SheetDeps {
  readonly effects: Pick<SignerEffects, 'version' | 'build' | 'now' | 'random' | 'slow' | 'pause' | 'readSystemEntropy'>;
  readonly keys: UnlockedKeys;
}

/**
 * Lays a sheet out and puts it through the gate.
 * @throws StrongroomError `paper.unprintable`, `paper.too-large`, `paper.check-failed`
 */
export function preparedSheet(sheet: Sheet, paper: PaperSize, fingerprint: Fingerprint | null): PreparedSheet {
  const pages = layOut(sheet, paper);
  checkPages(sheet, pages);
  const { kind, part, serial, date } = sheet;
  return { sheet, pages, fingerprint, facts: { sheetId: sheetIdOf(sheet), kind, part, serial, date, pages: pages.length } };
}
