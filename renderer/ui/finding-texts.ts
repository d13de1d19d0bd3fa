import { findingCatalog, type FindingCode } from '../../src/review/finding.ts';
import type { ReviewFinding } from '../review/model.ts';
import { satsText } from './amount-text.ts';

interface Texts {
  readonly meaning: string;
  readonly nextStep: string;
}

const unknownFinding: Texts = { meaning: 'This version of the window has no words for this finding.', nextStep: 'Do not sign. Use the same version of Strongroom everywhere.' };

/** What a code means and what to do. A code without words weighs as much as the host says, and says so. */
export function findingTexts(code: string): Texts {
  return Object.hasOwn(findingCatalog, code) ? findingCatalog[code as FindingCode] : unknownFinding;
}

/** Where a finding is, counted as people count: from one. */
export function whereText(where: ReviewFinding['where']): string {
  return where.scope === 'global' ? 'Whole transaction' : `${where.scope === 'input' ? 'Input' : 'Output'} ${where.index + 1}`;
}

/** `feeSats` -> `fee 1,200 sats`; other evidence as it is. */
export function evidenceText(name: string, value: string | number | boolean): string {
  const words = (text: string): string => text.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  if (name.endsWith('Sats') && /^-?\d+$/.test(String(value))) return `${words(name.slice(0, -4))} ${satsText(String(value))} sats`;
  if (name.endsWith('SatPerVb')) return `${words(name.slice(0, -8))} ${String(value)} sat/vB`;
  if (name.endsWith('Vb')) return `${words(name.slice(0, -2))} ${String(value)} vB`;
  return `${words(name)} ${String(value)}`;
}
