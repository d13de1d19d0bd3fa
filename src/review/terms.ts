/** What a transaction says of its own validity. */
export interface Terms {
  readonly transactionVersion: number;
  /** 0 for none. */
  readonly locktime: number;
  readonly inputs: readonly { readonly sequence: number }[];
}

const FINAL_SEQUENCE = 0xffff_ffff;
/** From here on a locktime is a time and not a height. @see BIP65 */
const LOCKTIME_THRESHOLD = 500_000_000;

/** `0xfffffffd`, as a sequence number is known. */
export const sequenceText = (sequence: number): string => `0x${sequence.toString(16).padStart(8, '0')}`;

/**
 * What a transaction says of its own validity, in words: part of what is signed, so part of what is shown.
 * @see BIP65, BIP68, BIP125
 */
export function termsText({ transactionVersion, locktime, inputs }: Terms): readonly (readonly [string, string])[] {
  const isFinal = inputs.every(({ sequence }) => sequence === FINAL_SEQUENCE);
  const isReplaceable = inputs.some(({ sequence }) => sequence < FINAL_SEQUENCE - 1);
  const when = locktime < LOCKTIME_THRESHOLD ? `block ${locktime}` : new Date(locktime * 1000).toISOString();
  const validity = locktime === 0 ? 'at once: no locktime' : isFinal ? `at once: its locktime, ${when}, has no effect` : `after ${when} (locktime)`;
  const sequences = [...new Set(inputs.map(({ sequence }) => sequenceText(sequence)))];
  return [
    ['valid', validity],
    ['replaceable', isReplaceable ? 'yes, until it is confirmed' : 'no'],
    ['sequence', sequences.length === 1 ? `${sequences[0] as string} on every input` : `${sequences.length} different ones; see the inputs`],
    ['version', String(transactionVersion)],
  ];
}
