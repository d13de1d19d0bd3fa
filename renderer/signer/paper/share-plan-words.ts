import { counted } from '../../ui/amount-text.ts';
import type { OrderForm } from './order-form.ts';

/** One group of sheets in the picture of a plan. */
export interface PlanGroup {
  readonly name: string | null;
  readonly threshold: number;
  readonly count: number;
}

/** The groups of a plan as they are drawn; a plan without groups is one. */
export function planGroups(form: OrderForm): readonly PlanGroup[] {
  switch (form.scheme) {
    case 'slip39':
      return form.groups.map((group, index) => ({ ...group, name: form.groups.length === 1 ? null : `Group ${index + 1}` }));
    case 'codex32':
      return [{ name: null, threshold: form.codexThreshold, count: form.codexCount }];
    case 'seed-xor':
      return [{ name: null, threshold: form.xorParts, count: form.xorParts }];
  }
}

const anyOf = ({ threshold, count }: PlanGroup): string => {
  if (count === 1) return 'the one sheet';
  return threshold === count ? `all ${count} sheets` : `any ${threshold} of these ${count} sheets`;
};

/** A plan in a sentence: what restores the key, and what a thief must not get. */
export function planSentence(form: OrderForm): string {
  const groups = planGroups(form);
  const [only] = groups;
  if (groups.length === 1 && only !== undefined) {
    const sentence = `${anyOf(only).replace(/^./, (first) => first.toUpperCase())} bring${only.count === 1 ? 's' : ''} the key back.`;
    const lost = only.count - only.threshold;
    return `${sentence} ${lost === 0 ? 'If one is lost, the key is lost.' : `${counted(lost, 'sheet')} may be lost.`}${only.threshold > 1 ? ` ${counted(only.threshold - 1, 'sheet')} alone ${only.threshold === 2 ? 'says' : 'say'} nothing.` : ''}`;
  }
  const needed = form.groupThreshold === groups.length ? `All ${groups.length} groups are` : form.groupThreshold === 1 ? 'Any one group is' : `Any ${form.groupThreshold} of ${groups.length} groups are`;
  return `${needed} needed: ${groups.map((group) => `of ${(group.name as string).toLowerCase()} ${anyOf(group)}`).join('; ')}.`;
}

/** Sheets that the plan makes. */
export const sheetCount = (form: OrderForm): number => planGroups(form).reduce((sum, group) => sum + group.count, 0);
