import type { ShareSet } from './restore-state.ts';

/** How far the set is, in words: `2 of 3 shares given`. */
export function setWords(set: ShareSet): string {
  const hasGroups = set.groupsNeeded > 1 || set.groups.length > 1;
  const groups = set.groups.map(({ group, have, need }) => (hasGroups ? `group ${group}: ${have} of ${need}` : `${have} of ${need} shares given`)).join(', ');
  return set.groupsNeeded > 1 ? `${set.groupsComplete} of ${set.groupsNeeded} groups complete (${groups})` : groups;
}

/** What one given share is called: by what stands on its sheet. */
export function shareName(set: ShareSet | null, position: number): string {
  const share = set?.shares[position];
  if (set === null || share === undefined) return `Part ${position + 1}`;
  if (set.form === 'codex32') return share.share === 's' ? 'The secret itself' : `Share ${share.share.toUpperCase()}`;
  return set.groups.length > 1 || set.groupsNeeded > 1 ? `Group ${share.group}, share ${share.share}` : `Share ${share.share}`;
}
