import type { CustodyEntry } from '../../../src/custody/entry.ts';

/** Entries about sheets that were never printed. */

export const idOf = (digit: string): string => digit.repeat(32);

const sheet = { serial: 'SEED-73C5DA0A', kind: 'seed', part: 'secret', label: 'alice', network: 'practice', fingerprint: '73c5da0a', pages: 1 } as const;
const common = (sheetId: string) => ({ at: '2026-11-22T10:00:00Z', sheetId, by: 'Ada', remark: '' });

export const printed = (sheetId = idOf('a'), changed: Partial<Extract<CustodyEntry, { event: 'printed' }>['sheet']> = {}): CustodyEntry => ({ event: 'printed', ...common(sheetId), sheet: { ...sheet, ...changed } });
export const made = (sheetId = idOf('a')): CustodyEntry => ({ event: 'made', ...common(sheetId), proof: 'codes' });
export const sealed = (sheetId = idOf('a'), seal = 'BAG 0017'): CustodyEntry => ({ event: 'sealed', ...common(sheetId), seal });
export const voided = (sheetId = idOf('a'), remark = 'torn'): CustodyEntry => ({ event: 'void', ...common(sheetId), remark });
export const reprinted = (sheetId = idOf('a'), replacement = idOf('b')): CustodyEntry => ({ event: 'reprinted', ...common(sheetId), replacement });
