import { equalBytes, utf8 } from '../../../domain/bytes.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { unfitParameters } from '../malformed-secret.ts';
import { mismatch, tooFew } from '../malformed-share.ts';
import { takeRandom, type RandomSource } from '../random-source.ts';
import type { SlowHashes } from '../slow-hashes.ts';
import { wipe } from '../wipe.ts';
import { interpolate, type SharePoint } from './field256.ts';
import { decryptMasterSecret, encryptMasterSecret, type CipherSettings } from './master-cipher.ts';
import { recoverSecret, splitSecret } from './shamir.ts';
import { formatSlip39Share, parseSlip39Share, type Slip39Share } from './share.ts';

/** How many members a group has, and how many of them are needed. */
export interface GroupPlan {
  readonly threshold: number;
  readonly count: number;
}

export interface SplitPlan {
  /** How many groups are needed; of each, its own threshold of members. */
  readonly groupThreshold: number;
  readonly groups: readonly GroupPlan[];
  /** Printable ASCII. Without it the shares recover another secret, and nothing tells. The empty text is none. */
  readonly passphrase: string;
  /** 0 to 15: 10,000 * 2^e rounds of PBKDF2. Each step doubles the time to recover. */
  readonly iterationExponent: number;
  /** The standard recommends `true`. */
  readonly extendable: boolean;
}

/**
 * Splits a master secret (a BIP32 seed) into shares.
 * @param secret 16 to 64 bytes, an even number
 * @returns for each group its members' shares, as words. Secrets. They were recovered once before they came here.
 * @throws StrongroomError `secret.parameters`, `secret.passphrase-unfit`
 * @see SLIP-39, "Generation of the shares"
 */
export async function splitSlip39(secret: Uint8Array, plan: SplitPlan, random: RandomSource, slow: SlowHashes): Promise<readonly (readonly string[])[]> {
  requirePlan(secret, plan);
  const passphrase = passphraseBytes(plan.passphrase);
  const identifier = new DataView(Uint8Array.from(takeRandom(random, 2)).buffer).getUint16(0) & 0x7fff;
  const settings: CipherSettings = { identifier, extendable: plan.extendable, iterationExponent: plan.iterationExponent };
  const encrypted = await encryptMasterSecret(secret, passphrase, settings, slow);
  const groups = splitSecret(plan.groupThreshold, plan.groups.length, encrypted, random);
  const shares = groups.map(({ x: groupIndex, y }) => {
    const { threshold, count } = plan.groups[groupIndex] as GroupPlan;
    const members = splitSecret(threshold, count, y, random);
    const common = { ...settings, groupIndex, groupThreshold: plan.groupThreshold, groupCount: plan.groups.length, memberThreshold: threshold };
    const texts = members.map(({ x: memberIndex, y: value }) => formatSlip39Share({ ...common, memberIndex, value }));
    wipe(...members.map(({ y: value }) => value));
    return texts;
  });
  wipe(encrypted, passphrase, ...groups.map(({ y }) => y));
  // SECURITY: read back as a stranger would. A share that cannot be recovered must cost an error now, not the money later.
  const readBack = await recoverSlip39(shares.flat(), plan.passphrase, slow);
  const isSame = equalBytes(readBack, secret);
  wipe(readBack);
  if (!isSame) throw mismatch('slip39', 'what was split does not lead back to the secret');
  return shares;
}

/**
 * The master secret (a BIP32 seed) behind shares. Shares beyond what is needed must agree with the rest; groups that are not
 * complete are left aside where enough are.
 * @param passphrase printable ASCII. Any other passphrase than the right one gives another secret, and nothing tells:
 * compare the key's fingerprint.
 * @returns a secret: wipe it after use
 * @throws StrongroomError `share.malformed`, `share.mismatch`, `share.too-few`, `secret.passphrase-unfit`
 * @see SLIP-39, "Combining the shares"
 */
export async function recoverSlip39(texts: readonly string[], passphrase: string, slow: SlowHashes): Promise<Uint8Array> {
  const password = passphraseBytes(passphrase);
  const shares = texts.map(parseSlip39Share);
  const first = requireOneSlip39Set(shares);
  const complete = groupsOf(shares).filter((group) => group.length >= (group[0] as Slip39Share).memberThreshold);
  if (complete.length < first.groupThreshold) throw missing(shares, first, complete.length);
  const groups = complete.map((group): SharePoint => {
    const points = group.map(({ memberIndex, value }) => ({ x: memberIndex, y: value }));
    const { groupIndex, memberThreshold } = group[0] as Slip39Share;
    return { x: groupIndex, y: consistent(points, memberThreshold, groupIndex + 1) };
  });
  const encrypted = consistent(groups, first.groupThreshold, 0);
  const secret = await decryptMasterSecret(encrypted, password, first, slow);
  wipe(password, encrypted, ...groups.map(({ y }) => y), ...shares.map(({ value }) => value));
  return secret;
}

/** The secret behind the first `threshold` points; the others must lie on the same polynomials. */
function consistent(points: readonly SharePoint[], threshold: number, group: number): Uint8Array {
  const needed = points.slice(0, threshold);
  const secret = recoverSecret(threshold, needed);
  const surplusFits = points.slice(threshold).every(({ x, y }) => equalBytes(interpolate(needed, x), y));
  if (secret === null || !surplusFits) throw mismatch('slip39', group === 0 ? 'the groups\' digest is wrong' : 'the digest of a group is wrong', { group });
  return secret;
}

/** All of one set, each once. @returns the first of them @throws StrongroomError `share.mismatch`, `share.too-few` for none */
export function requireOneSlip39Set(shares: readonly Slip39Share[]): Slip39Share {
  const [first] = shares;
  if (first === undefined) throw tooFew('slip39', 0, 1);
  const common = ['identifier', 'extendable', 'iterationExponent', 'groupThreshold', 'groupCount'] as const;
  for (const field of common) {
    if (shares.some((share) => share[field] !== first[field])) throw mismatch('slip39', `they differ in ${field}`, { field });
  }
  if (shares.some((share) => share.value.length !== first.value.length)) throw mismatch('slip39', 'they differ in length');
  for (const group of groupsOf(shares)) {
    const { memberThreshold, groupIndex } = group[0] as Slip39Share;
    if (group.some((share) => share.memberThreshold !== memberThreshold)) throw mismatch('slip39', 'members of one group demand different numbers', { group: groupIndex + 1 });
    if (new Set(group.map(({ memberIndex }) => memberIndex)).size !== group.length) throw mismatch('slip39', 'a member was given twice', { group: groupIndex + 1 });
  }
  return first;
}

export const groupsOf = (shares: readonly Slip39Share[]): readonly (readonly Slip39Share[])[] => [...Map.groupBy(shares, ({ groupIndex }) => groupIndex).values()];

/** Names the group that is nearest to complete, or says how many groups are still to be found. */
function missing(shares: readonly Slip39Share[], first: Slip39Share, complete: number): StrongroomError {
  const open = groupsOf(shares)
    .map((group) => ({ have: group.length, need: (group[0] as Slip39Share).memberThreshold, group: (group[0] as Slip39Share).groupIndex + 1 }))
    .filter(({ have, need }) => have < need)
    .sort((a, b) => a.need - a.have - (b.need - b.have))[0];
  const groups = { groupsComplete: complete, groupsNeeded: first.groupThreshold };
  return open === undefined ? tooFew('slip39', shares.length, shares.length + 1, groups) : tooFew('slip39', open.have, open.need, { group: open.group, ...groups });
}

function requirePlan(secret: Uint8Array, plan: SplitPlan): void {
  const { groups, groupThreshold, iterationExponent } = plan;
  const isWhole = (value: number, least: number, most: number): boolean => Number.isInteger(value) && value >= least && value <= most;
  if (secret.length < 16 || secret.length > 64 || secret.length % 2 !== 0) throw unfitParameters('the secret must have 16 to 64 bytes, an even number');
  if (!isWhole(iterationExponent, 0, 15)) throw unfitParameters('the iteration exponent must be 0 to 15');
  if (!isWhole(groups.length, 1, 16) || !isWhole(groupThreshold, 1, groups.length)) throw unfitParameters('there must be 1 to 16 groups, and no more needed than there are');
  if (!groups.every(({ threshold, count }) => isWhole(count, 1, 16) && isWhole(threshold, 1, count))) throw unfitParameters('a group must have 1 to 16 members, and no more needed than there are');
  // Copies of one share are better made by copying it: several that each suffice look like a quorum and are none.
  if (groups.some(({ threshold, count }) => threshold === 1 && count > 1)) throw unfitParameters('a group of which one member suffices has one member');
}

function passphraseBytes(passphrase: string): Uint8Array {
  if (!/^[\x20-\x7e]*$/.test(passphrase)) {
    throw new StrongroomError('secret.passphrase-unfit', 'A SLIP-39 passphrase is of printable ASCII characters only.', {}, 'Use letters without accents, digits, punctuation and blanks.');
  }
  return utf8(passphrase);
}
