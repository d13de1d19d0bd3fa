import type { Psbt } from './psbt.ts';

/** One file that goes into a combination, and what errors call it. */
export interface Reply {
  readonly psbt: Psbt;
  /** The file's name, or its place. */
  readonly label: string;
  /** Its place among the files, from 1; 0 for the planned original, which is no reply and is right by definition. */
  readonly position: number;
}

export const isOriginal = ({ position }: Reply): boolean => position === 0;

/** What an error says of the file that it is about. */
export const replyDetails = ({ label, position }: Reply): { readonly file: string; readonly position: number } => ({ file: label, position });

/** `a.psbt, b.psbt`: at most twenty. */
export const labelsOf = (replies: readonly Reply[]): string => replies.slice(0, 20).map(({ label }) => label).join(', ');

/** The files under the names that they came with, the planned original last. */
export function namedReplies(psbts: readonly Psbt[], names: readonly string[], original: Psbt | null): readonly Reply[] {
  const replies = psbts.map((psbt, index): Reply => ({ psbt, label: names[index] ?? `file ${index + 1}`, position: index + 1 }));
  return original === null ? replies : [...replies, { psbt: original, label: 'the planned original', position: 0 }];
}
