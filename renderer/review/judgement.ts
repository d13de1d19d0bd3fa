import { counted } from '../ui/amount-text.ts';
import { findingTexts } from '../ui/finding-texts.ts';
import type { IconName } from '../ui/icon.tsx';
import type { ReviewFinding } from './model.ts';

export type VerdictName = 'ready' | 'judgement' | 'refused';

interface VerdictWords {
  readonly title: string;
  readonly sentence: string;
  readonly icon: IconName;
}

/** The codes that a person must judge, each once. */
export const codesToJudge = (findings: readonly ReviewFinding[]): readonly string[] =>
  [...new Set(findings.filter((finding) => finding.severity === 'acknowledge').map((finding) => finding.code))];

/** The verdict in words. @param readyFor what a ready transaction is ready for: "sign", "send" */
export function verdictWords(verdict: VerdictName, findings: readonly ReviewFinding[], readyFor: 'sign' | 'send'): VerdictWords {
  switch (verdict) {
    case 'ready':
      return { icon: 'check', title: `Ready to ${readyFor}`, sentence: 'Every amount and the change are proven. Compare each payment with the order before you go on.' };
    case 'judgement': {
      const count = codesToJudge(findings).length;
      return { icon: 'caution', title: `Needs your judgement (${count})`, sentence: `${counted(count, 'finding')} must be checked and accepted by a person before this can be ${readyFor === 'sign' ? 'signed' : 'sent'}.` };
    }
    case 'refused': {
      const codes = [...new Set(findings.filter((finding) => finding.severity === 'refuse').map((finding) => finding.code))];
      const reason = codes[0] === undefined ? '' : `${findingTexts(codes[0]).meaning} `;
      const more = codes.length > 1 ? `${counted(codes.length - 1, 'further finding')} below. ` : '';
      return { icon: 'refuse', title: 'Refused', sentence: `${reason}${more}It cannot be ${readyFor === 'sign' ? 'signed' : 'sent'}.` };
    }
  }
}
