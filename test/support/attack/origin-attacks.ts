/** Attacks on key origins, of both kinds: who is said to hold a key, and where. */
import { HARDENED, parsePath, type DerivationPath } from '../../../src/domain/derivation-path.ts';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import type { PsbtInput } from '../../../src/psbt/psbt.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { attacked, flipped, inputOrigins, ownInputs, pick, sourceOf, taproot, walletAt, walletInputsOf, withInput, writeOrigin, type Attack, type Origin } from './attack.ts';
import { strangePoint, type HonestSpend } from './honest.ts';

const tail = (path: DerivationPath, branch: number, index: number): DerivationPath => [...path.slice(0, -2), branch, index];

/** Tails that no address of a wallet has. */
export const badTails: readonly ((path: DerivationPath, random: Random) => DerivationPath)[] = [
  (path, random) => tail(path, 2 + random.int(1000), path.at(-1) as number),
  (path) => tail(path, path.at(-2) as number, 1_000_000),
  (path, random) => tail(path, path.at(-2) as number, HARDENED + random.int(100)),
  (path) => tail(path, HARDENED, path.at(-1) as number),
  (path) => path.slice(0, 1),
  () => [],
];

const originsAt = (spend: HonestSpend, index: number): readonly Origin[] => inputOrigins.of(spend.psbt.inputs[index] as PsbtInput);
const withOrigins = (spend: HonestSpend, index: number, change: (origins: readonly Origin[]) => readonly Origin[]): HonestSpend => withInput(spend, index, (input) => inputOrigins.with(input, change));
const isThis = (spend: HonestSpend) => ({ masterFingerprint }: Origin): boolean => masterFingerprint === spend.context.thisKey?.fingerprint;
/** Inputs of wallets that state origins; where another cosigner has one; where this key has one. */
const stating = (spend: HonestSpend): number[] => ownInputs(spend).filter((index) => sourceOf(spend, index).kind === 'wallet' && originsAt(spend, index).length > 0);
const withOthers = (spend: HonestSpend): number[] => stating(spend).filter((index) => !originsAt(spend, index).every(isThis(spend)));
export const withThis = (spend: HonestSpend): number[] => stating(spend).filter((index) => originsAt(spend, index).some(isThis(spend)));
const another = (spend: HonestSpend, index: number, random: Random): Origin => random.pick(originsAt(spend, index).filter((origin) => !isThis(spend)(origin)));

/** One cosigner's origin, changed. */
const changed = (spend: HonestSpend, index: number, victim: (origin: Origin) => boolean, change: (origin: Origin) => Origin): HonestSpend =>
  withOrigins(spend, index, (origins) => origins.map((origin) => (victim(origin) ? change(origin) : origin)));
const sameAs = (one: Origin) => ({ publicKey }: Origin): boolean => Buffer.compare(publicKey, one.publicKey) === 0;

export const originAttacks: readonly Attack[] = [
  {
    name: 'an origin of this key beside another public key', code: 'input.origin-lie', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withThis(spend));
      return index === null ? null : attacked(changed(spend, index, isThis(spend), (origin) => ({ ...origin, publicKey: strangePoint(random) })), 'input.origin-lie');
    },
  },
  {
    name: 'an origin of another cosigner beside another public key', code: 'input.origin-lie', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withOthers(spend));
      if (index === null) return null;
      return attacked(changed(spend, index, sameAs(another(spend, index, random)), (origin) => ({ ...origin, publicKey: strangePoint(random) })), 'input.origin-lie');
    },
  },
  {
    name: 'an origin beside the public key of the same x and the other y', code: 'input.origin-lie', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, stating(spend).filter((at) => originsAt(spend, at)[0]?.publicKey.length === 33));
      if (index === null) return null;
      return attacked(changed(spend, index, sameAs(random.pick(originsAt(spend, index))), (origin) => ({ ...origin, publicKey: flipped(origin.publicKey, 0) })), 'input.origin-lie');
    },
  },
  {
    name: 'a taproot origin beside the output key', code: 'input.origin-lie', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, walletInputsOf(spend, ...taproot).filter((at) => originsAt(spend, at).length > 0));
      if (index === null) return null;
      const { outputKey } = walletAt(spend, index).derived.taproot as { outputKey: Uint8Array };
      return attacked(changed(spend, index, sameAs(random.pick(originsAt(spend, index))), (origin) => ({ ...origin, publicKey: outputKey })), 'input.origin-lie');
    },
  },
  {
    name: 'the public keys of two origins exchanged', code: 'input.origin-lie', by: 'order', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, stating(spend).filter((at) => originsAt(spend, at).length > 1));
      if (index === null) return null;
      return attacked(withOrigins(spend, index, ([first, second, ...others]) => [{ ...(first as Origin), publicKey: (second as Origin).publicKey }, { ...(second as Origin), publicKey: (first as Origin).publicKey }, ...others]), 'input.origin-lie');
    },
  },
  {
    name: 'a further origin that claims this key', code: 'input.origin-lie', by: 'count', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withThis(spend));
      if (index === null) return null;
      const mine = originsAt(spend, index).find(isThis(spend)) as Origin;
      return attacked(withOrigins(spend, index, (origins) => [...origins, { ...mine, publicKey: strangePoint(random) }]), 'input.origin-lie');
    },
  },
  {
    name: 'an origin of the other kind that claims this key', code: 'input.origin-lie', by: 'field', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withThis(spend));
      if (index === null) return null;
      const lie = { ...(originsAt(spend, index).find(isThis(spend)) as Origin), publicKey: strangePoint(random) };
      return attacked(withInput(spend, index, (input) => (input.bip32Derivations.length > 0
        ? { ...input, otherFields: [...input.otherFields, writeOrigin(0x16, lie)] }
        : { ...input, bip32Derivations: [{ publicKey: lie.publicKey, masterFingerprint: lie.masterFingerprint, path: lie.path }] })), 'input.origin-lie');
    },
  },
  {
    name: 'this key\'s origin with the path of another account', code: 'input.origin-lie', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withThis(spend));
      if (index === null) return null;
      return attacked(changed(spend, index, isThis(spend), (origin) => ({ ...origin, path: [origin.path[0] as number, origin.path[1] as number, HARDENED + 1 + random.int(50), ...origin.path.slice(3)] })), 'input.origin-lie');
    },
  },
  {
    name: 'another cosigner\'s origin under this key\'s fingerprint', code: 'input.origin-lie', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withOthers(spend).filter((at) => withThis(spend).includes(at)));
      const mine = index === null ? undefined : originsAt(spend, index).find(isThis(spend));
      if (index === null || mine === undefined) return null;
      return attacked(changed(spend, index, sameAs(another(spend, index, random)), (origin) => ({ ...origin, masterFingerprint: mine.masterFingerprint })), 'input.origin-lie');
    },
  },
  ...badTails.map((bad, way): Attack => ({
    name: `every origin of an input on a path that no address has (${way})`, code: 'path.out-of-range', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, stating(spend));
      if (index === null) return null;
      return attacked(changed(spend, index, () => true, (origin) => ({ ...origin, path: bad(origin.path, random) })), 'path.out-of-range', withThis(spend).includes(index) ? 'input.origin-lie' : []);
    },
  })),
  ...badTails.map((bad, way): Attack => ({
    name: `one cosigner's origin on a path that no address has (${way})`, code: 'path.out-of-range', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withOthers(spend));
      return index === null ? null : attacked(changed(spend, index, sameAs(another(spend, index, random)), (origin) => ({ ...origin, path: bad(origin.path, random) })), 'path.out-of-range');
    },
  })),
  {
    name: 'cosigners on different tails', code: 'path.out-of-range', by: 'order', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withOthers(spend).filter((at) => originsAt(spend, at).length > 1));
      if (index === null) return null;
      return attacked(changed(spend, index, sameAs(another(spend, index, random)), (origin) => ({ ...origin, path: tail(origin.path, origin.path.at(-2) as number, (origin.path.at(-1) as number) + 1 + random.int(50)) })), 'path.out-of-range');
    },
  },
  {
    name: 'an input origin with mainnet\'s coin type', code: 'network.mismatch', by: 'value', touches: ['network'],
    apply(spend, random) {
      const index = pick(random, ownInputs(spend));
      if (index === null) return null;
      const path = parsePath(random.pick(['48h/0h/0h/2h/0/0', '84h/0h/0h/0/5', '86h/0h/0h/1/5', '44h/0h/0h/0/1', '49h/0h/1h/0/1']));
      return attacked(withOrigins(spend, index, (origins) => [...origins, { publicKey: strangePoint(random), masterFingerprint: parseFingerprint('01020304'), path }]), 'network.mismatch');
    },
  },
];
