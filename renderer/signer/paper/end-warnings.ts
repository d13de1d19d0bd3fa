import { counted } from '../../ui/amount-text.ts';
import { proofs, type JobState } from './job-state.ts';

/** Sheets of chance: the same order makes others, so that only this job can prove them. */
const isOnce = (kind: string): boolean => kind === 'paper-wallet' || kind === 'share';

/** What is lost when a print is ended now, in sentences; empty where nothing is. */
export function endWarnings(job: JobState): readonly string[] {
  const open = proofs(job).filter((proof) => !proof.made);
  const unproven = open.filter((proof) => proof.isPrinted);
  const saved = open.filter((proof) => !proof.isPrinted && proof.isSaved);
  const unprinted = open.length - unproven.length - saved.length;
  const codes = job.codes.length;
  const later = [...unproven, ...saved].some((proof) => isOnce(proof.sheet.kind))
    ? 'They cannot be proven later, for the same order makes other keys or shares: read them back now, or void them.'
    : 'To prove them later, order the same sheets again with the same serial, date and label.';
  return [
    ...(unproven.length === 0 ? [] : [`${counted(unproven.length, 'printed sheet')} not read back: the register keeps them as "printed, not proven". ${later}`]),
    ...(saved.length === 0 ? [] : [`${counted(saved.length, 'sheet')} saved as a file and not read back from paper: the register does not know them. ${later}`]),
    ...(unprinted === 0 ? [] : [`${counted(unprinted, 'sheet')} not printed from here: forgotten with this print.`]),
    ...(codes === 0 ? [] : [`${counted(codes, 'short code')} not written down: key sheets without their code open for nobody, ever.`]),
  ];
}
