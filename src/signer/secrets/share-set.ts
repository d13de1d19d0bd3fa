import { StrongroomError } from '../../errors/strongroom-error.ts';
import { looksLikeCodex32, parseCodex32, requireOneCodex32Set } from './codex32/codex32.ts';
import type { ShareForm } from './malformed-share.ts';
import { groupsOf, requireOneSlip39Set } from './slip39/slip39.ts';
import { parseSlip39Share, type Slip39Share } from './slip39/share.ts';
import { wipe } from './wipe.ts';

/** How far a set of shares is, while it is gathered. Nothing in it is secret: it is what stands on the sheets' heads. */
export interface ShareSet {
  readonly form: ShareForm;
  /** What all shares of one set have in common: a number (SLIP-39) or four characters (codex32). */
  readonly identifier: string;
  /** Which ones were given, in the order in which they were: group (1 without groups) and the share's own number or letter. */
  readonly shares: readonly { readonly group: number; readonly share: string }[];
  /** The groups of which a share was given, by number, and what each needs. */
  readonly groups: readonly { readonly group: number; readonly have: number; readonly need: number }[];
  readonly groupsComplete: number;
  readonly groupsNeeded: number;
  /** Whether the secret can be recovered, if the shares are genuine. */
  readonly isComplete: boolean;
}

/**
 * Reads shares that were gathered so far and says what is still missing. It recovers nothing.
 * @param texts SLIP-39 or codex32, all of one form; an unshared codex32 secret is a set of one
 * @throws StrongroomError `share.malformed` for a share that does not pass its checksum, `share.mismatch` for one of another
 * set or given twice, `share.too-few` for none
 */
export function describeShares(texts: readonly string[]): ShareSet {
  const areCodex32 = texts.map(looksLikeCodex32);
  if (areCodex32.includes(true) && areCodex32.includes(false)) {
    throw new StrongroomError('share.mismatch', 'The shares are of two forms.', { reason: 'they differ in form', field: 'form' }, 'Take shares of one set only, each once.');
  }
  return areCodex32[0] === true ? codex32Set(texts) : slip39Set(texts);
}

function codex32Set(texts: readonly string[]): ShareSet {
  const shares = texts.map(parseCodex32);
  const { threshold, identifier } = requireOneCodex32Set(shares);
  // The secret itself, index s, needs no other: also one that was split later.
  const isWhole = shares.some(({ index }) => index === 's');
  const group = { group: 1, have: shares.length, need: isWhole ? 1 : threshold };
  const isComplete = group.have >= group.need;
  return { form: 'codex32', identifier, shares: shares.map(({ index }) => ({ group: 1, share: index })), groups: [group], groupsComplete: isComplete ? 1 : 0, groupsNeeded: 1, isComplete };
}

function slip39Set(texts: readonly string[]): ShareSet {
  const shares = texts.map(parseSlip39Share);
  try {
    const { identifier, groupThreshold } = requireOneSlip39Set(shares);
    const groups = groupsOf(shares)
      .map((members) => ({ group: (members[0] as Slip39Share).groupIndex + 1, have: members.length, need: (members[0] as Slip39Share).memberThreshold }))
      .sort((a, b) => a.group - b.group);
    const groupsComplete = groups.filter(({ have, need }) => have >= need).length;
    return {
      form: 'slip39',
      identifier: String(identifier),
      shares: shares.map(({ groupIndex, memberIndex }) => ({ group: groupIndex + 1, share: String(memberIndex + 1) })),
      groups,
      groupsComplete,
      groupsNeeded: groupThreshold,
      isComplete: groupsComplete >= groupThreshold,
    };
  } finally {
    wipe(...shares.map(({ value }) => value));
  }
}
