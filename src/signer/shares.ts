import { equalBytes } from '../domain/bytes.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { seedOfKept, type KeptSecret } from './kept-secret.ts';
import { mnemonicOf, parseMnemonic, seedOfMnemonic } from './mnemonic.ts';
import { ALPHABET, formatCodex32, parseCodex32, recoverCodex32, seedOfCodex32, splitCodex32 } from './secrets/codex32/codex32.ts';
import { takeRandom, type RandomSource } from './secrets/random-source.ts';
import { joinSeedXor, splitSeedXor } from './secrets/seed-xor.ts';
import { parseSlip39Share } from './secrets/slip39/share.ts';
import { recoverSlip39, splitSlip39, type GroupPlan } from './secrets/slip39/slip39.ts';
import type { SlowHashes } from './secrets/slow-hashes.ts';
import { wipe } from './secrets/wipe.ts';
import { someSubsets } from './share-subsets.ts';
import { SigningKey } from './signing-key.ts';

/** How a key is to be divided. All parts of a Seed XOR are needed. */
export type SharePlan =
  | { readonly scheme: 'slip39'; readonly groupThreshold: number; readonly groups: readonly GroupPlan[]; readonly passphrase: string }
  | { readonly scheme: 'codex32'; readonly threshold: number; readonly count: number }
  | { readonly scheme: 'seed-xor'; readonly parts: number };

/** One share of a key, and what its holder must know of the others. */
export interface KeyShare {
  readonly scheme: SharePlan['scheme'];
  /** Words with single blanks, or codex32's one string. A secret. */
  readonly text: string;
  /** What tells this division from others: SLIP-39's number, codex32's four characters; empty for Seed XOR. */
  readonly identifier: string;
  /** Which share it is: `2`, `group 1, share 2`, or codex32's letter. */
  readonly share: string;
  /** How many are needed and how many there are, of its own group where there are groups. */
  readonly threshold: number;
  readonly total: number;
  /** Where there is more than one group: how many are needed, and how many there are. */
  readonly groups: { readonly threshold: number; readonly total: number } | null;
  /** What besides the shares leads to the key; it is on none of them. */
  readonly passphrase: 'none' | 'slip39' | 'bip39';
}

/** 10,000 rounds doubled once: what the standard's own reference takes where nothing else is asked for. */
const ITERATION_EXPONENT = 1;

export interface SplitDeps {
  readonly random: RandomSource;
  readonly slow: SlowHashes;
  /** Called between recoveries, which take long together; may throw to stop. */
  readonly pause: () => Promise<void>;
}

/**
 * Divides a key. SLIP-39 and codex32 divide its BIP32 seed (64 bytes where there is a mnemonic), Seed XOR a mnemonic's entropy:
 * whatever comes back leads to the same fingerprint. That is tried before the shares leave: every set of them that suffices
 * is recovered where there are few such sets, and else so many that each share is in one.
 * @param fingerprint of the key, for which the shares are made
 * @returns secrets
 * @throws StrongroomError `secret.parameters`, `secret.passphrase-unfit`, `secret.not-divisible`, `share.mismatch`,
 * `entropy.source-failed`
 * @see SLIP-39, "Abstract": the master secret is what BIP32 takes as seed; BIP93, "Master seed format"
 */
export async function splitKey(secret: KeptSecret, key: { readonly fingerprint: Fingerprint; readonly network: NetworkName }, plan: SharePlan, deps: SplitDeps): Promise<readonly KeyShare[]> {
  if (plan.scheme === 'seed-xor') return splitBySeedXor(secret, key, plan.parts, deps.random);
  if (secret.kind === 'master-key') throw notDivisible('it came as an extended key, and the seed behind it cannot be found', plan.scheme);
  const seed = seedOfKept(secret);
  try {
    return plan.scheme === 'slip39' ? await splitBySlip39(seed, key, plan, deps) : await splitByCodex32(seed, key, plan, deps);
  } finally {
    wipe(seed);
  }
}

async function splitBySlip39(seed: Uint8Array, key: Owner, plan: Extract<SharePlan, { scheme: 'slip39' }>, { random, slow, pause }: SplitDeps): Promise<readonly KeyShare[]> {
  const { groups, groupThreshold, passphrase } = plan;
  const texts = await splitSlip39(seed, { groups, groupThreshold, passphrase, iterationExponent: ITERATION_EXPONENT, extendable: true }, random, slow);
  // Members of a group, and groups, are recovered by themselves: with each sufficient set of either tried, all are.
  const memberSets = groups.map(({ threshold }, group) => someSubsets(texts[group] as readonly string[], threshold));
  for (const chosen of someSubsets([...groups.keys()], groupThreshold)) {
    const rounds = Math.max(...chosen.map((group) => (memberSets[group] as readonly unknown[]).length));
    for (let round = 0; round < rounds; round += 1) {
      await pause();
      const given = chosen.flatMap((group) => {
        const sets = memberSets[group] as readonly (readonly string[])[];
        return sets[round % sets.length] as readonly string[];
      });
      requireSame(await recoverSlip39(given, passphrase, slow), seed, key, plan.scheme);
    }
  }
  const first = parseSlip39Share((texts[0] as readonly string[])[0] as string);
  const identifier = String(first.identifier);
  wipe(first.value);
  return texts.flatMap((members, group) =>
    members.map((text, member): KeyShare => {
      const { threshold, count } = groups[group] as GroupPlan;
      const isGrouped = groups.length > 1;
      return {
        scheme: 'slip39', text, identifier, threshold, total: count,
        share: isGrouped ? `group ${group + 1}, share ${member + 1}` : String(member + 1),
        groups: isGrouped ? { threshold: groupThreshold, total: groups.length } : null,
        passphrase: passphrase === '' ? 'none' : 'slip39',
      };
    }),
  );
}

async function splitByCodex32(seed: Uint8Array, key: Owner, { scheme, threshold, count }: Extract<SharePlan, { scheme: 'codex32' }>, { random, pause }: SplitDeps): Promise<readonly KeyShare[]> {
  // Drawn anew each time, and not taken from the fingerprint as BIP93 suggests: shares of two divisions of one key must not
  // pass for one set, since nothing in codex32 would tell that what they lead to is wrong.
  const identifier = [...takeRandom(random, 4)].map((byte) => ALPHABET[byte & 31] as string).join('');
  const texts = splitCodex32(seed, { identifier, threshold, count }, random).map((share) => ({ index: share.index, text: formatCodex32(share) }));
  for (const chosen of someSubsets(texts, threshold)) {
    await pause();
    requireSame(seedOfCodex32(recoverCodex32(chosen.map(({ text }) => parseCodex32(text)))), seed, key, scheme);
  }
  return texts.map(({ index, text }): KeyShare => ({ scheme, text, identifier: identifier.toUpperCase(), share: index.toUpperCase(), threshold, total: count, groups: null, passphrase: 'none' }));
}

function splitBySeedXor(secret: KeptSecret, key: Owner, parts: number, random: RandomSource): readonly KeyShare[] {
  if (secret.kind !== 'mnemonic') throw notDivisible('Seed XOR divides a mnemonic, and this key has none', 'seed-xor');
  if (secret.language !== 'english') throw notDivisible('Seed XOR divides English mnemonics', 'seed-xor');
  const entropies = splitSeedXor(secret.entropy, parts, random);
  const texts = entropies.map(mnemonicOf);
  wipe(...entropies);
  const given = texts.map(parseMnemonic);
  const joined = joinSeedXor(given);
  const seed = seedOfKept(secret);
  try {
    requireSame(seedOfMnemonic(mnemonicOf(joined), secret.bip39Passphrase), seed, key, 'seed-xor');
  } finally {
    wipe(seed, joined, ...given);
  }
  return texts.map((text, index): KeyShare => ({ scheme: 'seed-xor', text, identifier: '', share: `${index + 1}`, threshold: parts, total: parts, groups: null, passphrase: secret.bip39Passphrase === '' ? 'none' : 'bip39' }));
}

interface Owner {
  readonly fingerprint: Fingerprint;
  readonly network: NetworkName;
}

/** SECURITY: a share that does not lead back must cost an error now, not the money later. What was recovered is wiped. */
function requireSame(recovered: Uint8Array, seed: Uint8Array, { fingerprint, network }: Owner, scheme: SharePlan['scheme']): void {
  const key = SigningKey.fromSeed(recovered, network);
  const isSame = equalBytes(recovered, seed) && key.fingerprint === fingerprint;
  key.wipe();
  wipe(recovered);
  if (!isSame) throw new StrongroomError('share.mismatch', `The ${scheme} shares do not lead back to the key; none was given out.`, { form: scheme, reason: 'what was split does not lead back to the key' }, 'Do not use this installation. Install Strongroom again and compare its checksum.');
}

const notDivisible = (reason: string, scheme: SharePlan['scheme']): StrongroomError =>
  new StrongroomError('secret.not-divisible', `The key cannot be divided so: ${reason}.`, { reason, scheme }, scheme === 'seed-xor' ? 'Divide it by SLIP-39 or codex32.' : 'Make a new key from a mnemonic for this purpose.');
