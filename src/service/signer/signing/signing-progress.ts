import type { Progress } from '../../../host/contract.ts';
import type { SigningStep } from './messages.ts';

/** Where each step begins and ends, of the whole: as measured with 1,000 inputs of 2-of-3 P2WSH. Only the bar and the estimate depend on it. */
const spans: Readonly<Record<'review' | 'sign', Partial<Record<SigningStep, readonly [begin: number, end: number]>>>> = {
  review: { review: [0, 1] },
  sign: { review: [0, 0.3], sign: [0.3, 0.9], check: [0.9, 1] },
};

const number = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

function activityOf(step: SigningStep, done: number, total: number): string {
  switch (step) {
    case 'open':
      return 'Checking the registrations';
    case 'review':
      return 'Reviewing the transaction';
    case 'sign':
      return `Signing input ${number(Math.min(done + 1, total))} of ${number(total)}`;
    case 'check':
      return 'Reading the signed file back';
  }
}

/** An estimate from less than this would be a guess. */
const ESTIMATE_AFTER_MS = 1000;
const ESTIMATE_FROM = 0.05;

/** A job's step as people see it. @param elapsedMs since the process was ready */
export function signingProgress(kind: 'review' | 'sign', { step, done, total }: { readonly step: SigningStep; readonly done: number; readonly total: number }, elapsedMs: number): Progress {
  const activity = activityOf(step, done, total);
  const span = spans[kind][step];
  if (span === undefined || total === 0) return { fraction: null, activity };
  const [begin, end] = span;
  const fraction = begin + (end - begin) * Math.min(1, done / total);
  const isEstimated = elapsedMs >= ESTIMATE_AFTER_MS && fraction >= ESTIMATE_FROM;
  return { fraction, activity, ...(isEstimated ? { remainingSeconds: Math.ceil((elapsedMs * (1 - fraction)) / fraction / 1000) } : {}) };
}
