/** Attacks on key origins: who is said to hold a key, and where. */
import { HARDENED, parsePath, type DerivationPath } from '../../../src/domain/derivation-path.ts';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import type { Bip32Derivation, PsbtInput } from '../../../src/psbt/psbt.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { attacked, inputsOf, ownInputs, pick, withInput, type Attack } from './attack.ts';
import { strangePoint, type HonestSpend } from './honest.ts';

const derivationOf = (random: Random, fingerprint: string, path: DerivationPath): Bip32Derivation => ({ publicKey: strangePoint(random), masterFingerprint: parseFingerprint(fingerprint), path });

const replacePath = (input: PsbtInput, which: (derivation: Bip32Derivation, position: number) => boolean, change: (path: DerivationPath) => DerivationPath): PsbtInput =>
  ({ ...input, bip32Derivations: input.bip32Derivations.map((derivation, position) => (which(derivation, position) ? { ...derivation, path: change(derivation.path) } : derivation)) });
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

const quorumInputs = (spend: HonestSpend): number[] => inputsOf(spend, 'p2wsh').filter((index) => (spend.psbt.inputs[index]?.bip32Derivations.length ?? 0) > 0);
const thisFingerprint = (spend: HonestSpend): string | undefined => spend.context.thisKey?.fingerprint;
/** Inputs where another cosigner has an origin too, and inputs where this key has one. */
const withOthers = (spend: HonestSpend): number[] => quorumInputs(spend).filter((index) => spend.psbt.inputs[index]?.bip32Derivations.some(({ masterFingerprint }) => masterFingerprint !== thisFingerprint(spend)));
const withThis = (spend: HonestSpend): number[] => quorumInputs(spend).filter((index) => spend.psbt.inputs[index]?.bip32Derivations.some(({ masterFingerprint }) => masterFingerprint === thisFingerprint(spend)));

export const originAttacks: readonly Attack[] = [
  {
    name: 'an origin of this key beside another public key', code: 'input.origin-lie', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withThis(spend));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, bip32Derivations: input.bip32Derivations.map((derivation) => (derivation.masterFingerprint === thisFingerprint(spend) ? { ...derivation, publicKey: strangePoint(random) } : derivation)) })), 'input.origin-lie');
    },
  },
  {
    name: 'an origin of another cosigner beside another public key', code: 'input.origin-lie', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withOthers(spend));
      if (index === null) return null;
      const victim = random.pick((spend.psbt.inputs[index] as PsbtInput).bip32Derivations.filter(({ masterFingerprint }) => masterFingerprint !== thisFingerprint(spend)));
      return attacked(withInput(spend, index, (input) => ({ ...input, bip32Derivations: input.bip32Derivations.map((derivation) => (derivation === victim ? { ...derivation, publicKey: strangePoint(random) } : derivation)) })), 'input.origin-lie');
    },
  },
  {
    name: 'the public keys of two origins exchanged', code: 'input.origin-lie', by: 'order', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, quorumInputs(spend).filter((at) => (spend.psbt.inputs[at]?.bip32Derivations.length ?? 0) > 1));
      if (index === null) return null;
      return attacked(withInput(spend, index, (input) => {
        const [first, second, ...others] = input.bip32Derivations as [Bip32Derivation, Bip32Derivation];
        return { ...input, bip32Derivations: [{ ...first, publicKey: second.publicKey }, { ...second, publicKey: first.publicKey }, ...others] };
      }), 'input.origin-lie');
    },
  },
  {
    name: 'a further origin that claims this key', code: 'input.origin-lie', by: 'count', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withThis(spend));
      const mine = index === null ? undefined : spend.psbt.inputs[index]?.bip32Derivations.find(({ masterFingerprint }) => masterFingerprint === thisFingerprint(spend));
      if (index === null || mine === undefined) return null;
      return attacked(withInput(spend, index, (input) => ({ ...input, bip32Derivations: [...input.bip32Derivations, { ...mine, publicKey: strangePoint(random) }] })), 'input.origin-lie');
    },
  },
  ...badTails.map((bad, way): Attack => ({
    name: `every origin of an input on a path that no address has (${way})`, code: 'path.out-of-range', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, quorumInputs(spend));
      if (index === null) return null;
      const claimsThis = withThis(spend).includes(index);
      return attacked(withInput(spend, index, (input) => replacePath(input, () => true, (path) => bad(path, random))), 'path.out-of-range', claimsThis ? 'input.origin-lie' : []);
    },
  })),
  ...badTails.map((bad, way): Attack => ({
    name: `one cosigner's origin on a path that no address has (${way})`, code: 'path.out-of-range', by: 'value', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withOthers(spend));
      if (index === null) return null;
      const victim = random.pick((spend.psbt.inputs[index] as PsbtInput).bip32Derivations.filter(({ masterFingerprint }) => masterFingerprint !== thisFingerprint(spend)));
      return attacked(withInput(spend, index, (input) => replacePath(input, (derivation) => derivation === victim, (path) => bad(path, random))), 'path.out-of-range');
    },
  })),
  {
    name: 'cosigners on different tails', code: 'path.out-of-range', by: 'order', touches: ['origins', 'key'],
    apply(spend, random) {
      const index = pick(random, withOthers(spend).filter((at) => (spend.psbt.inputs[at]?.bip32Derivations.length ?? 0) > 1));
      if (index === null) return null;
      const victim = random.pick((spend.psbt.inputs[index] as PsbtInput).bip32Derivations.filter(({ masterFingerprint }) => masterFingerprint !== thisFingerprint(spend)));
      return attacked(withInput(spend, index, (input) => replacePath(input, (derivation) => derivation === victim, (path) => tail(path, path.at(-2) as number, (path.at(-1) as number) + 1 + random.int(50)))), 'path.out-of-range');
    },
  },
  {
    name: 'an input origin with mainnet\'s coin type', code: 'network.mismatch', by: 'value', touches: ['network'],
    apply(spend, random) {
      const index = pick(random, ownInputs(spend));
      if (index === null) return null;
      const path = random.pick(['48h/0h/0h/2h/0/0', '84h/0h/0h/0/5', '86h/0h/0h/1/5', '44h/0h/0h/0/1', '49h/0h/1h/0/1']);
      return attacked(withInput(spend, index, (input) => ({ ...input, bip32Derivations: [...input.bip32Derivations, derivationOf(random, '01020304', parsePath(path))] })), 'network.mismatch');
    },
  },
];
