/** Attacks on what proves the amounts that are spent. */
import type { PsbtInput, TxOutput } from '../../../src/psbt/psbt.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { amountBytes, attacked, brokenByAmount, brokenByNothingKnown, brokenByTransaction, forged, inputFieldsOf, inputsOf, insertInput, isSignedInput, isTaprootOnly, legacy, ownInputs, pick, proven, segwit, segwitV0, spentOf, taproot, withInput, withoutPrevious, withTransaction, type Attack, type Attacked } from './attack.ts';
import { isTaprootInputField } from '../../../src/psbt/taproot-fields.ts';
import { addressOf, strangeScript, type HonestSpend } from './honest.ts';
import { keyHashScript } from '../../../src/wallet/locking-script.ts';

const MAX_MONEY = 2_100_000_000_000_000n;

/** One input with its claim of what it spends, where a change of that claim is only one of its amount. */
const claimedBy = (delta: bigint) => (input: PsbtInput): PsbtInput => ({ ...input, witnessUtxo: { ...(input.witnessUtxo as TxOutput), amountSats: (input.witnessUtxo as TxOutput).amountSats + delta } });
/** Segwit inputs that enclose both; a nested one without a witness UTXO would spend something unknown. */
const claimable = (spend: HonestSpend): number[] => inputsOf(spend, ...segwit).filter((index) => spend.psbt.inputs[index]?.witnessUtxo !== undefined && spend.psbt.inputs[index]?.nonWitnessUtxo !== undefined);
const withPrevious = (spend: HonestSpend): number[] => ownInputs(spend).filter((index) => spend.psbt.inputs[index]?.nonWitnessUtxo !== undefined);

export const proofAttacks: readonly Attack[] = [
  {
    name: 'the previous transaction left out, the witness UTXO alone', code: 'input.prevtx-missing', by: 'field', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, isTaprootOnly(spend) ? [] : claimable(spend));
      return index === null ? null : attacked(withInput(spend, index, withoutPrevious), 'input.prevtx-missing');
    },
  },
  {
    name: 'the previous transaction left out, and the amount overstated', code: 'input.prevtx-missing', by: 'value', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, isTaprootOnly(spend) ? [] : claimable(spend));
      if (index === null) return null;
      const lie = random.pick([1n, 7n, 100n]);
      return attacked(withInput(spend, index, (input) => claimedBy(lie)(withoutPrevious(input))), 'input.prevtx-missing', brokenByAmount(spend, index));
    },
  },
  {
    name: 'a taproot input without its previous transaction beside one that is none', code: 'input.prevtx-missing', by: 'field', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, isTaprootOnly(spend) ? [] : claimable(spend).filter((at) => inputsOf(spend, ...taproot).includes(at)));
      return index === null ? null : attacked(withInput(spend, index, withoutPrevious), 'input.prevtx-missing');
    },
  },
  {
    name: 'every input but the taproot ones without its previous transaction', code: 'input.prevtx-missing', by: 'count', touches: ['utxo'],
    apply(spend) {
      const others = claimable(spend).filter((index) => inputsOf(spend, ...segwitV0).includes(index));
      return others.length === 0 ? null : attacked({ ...spend, psbt: { ...spend.psbt, inputs: spend.psbt.inputs.map((input, index) => (others.includes(index) ? withoutPrevious(input) : input)) } }, 'input.prevtx-missing');
    },
  },
  ...[...legacy, ...segwit].map((script): Attack => ({
    name: `a ${script} input described by a witness UTXO alone`, code: 'input.prevtx-missing', by: 'field', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, isTaprootOnly(spend) ? [] : inputsOf(spend, script).filter((at) => spend.psbt.inputs[at]?.nonWitnessUtxo !== undefined));
      const spent = index === null ? undefined : spentOf(spend.psbt, index);
      if (index === null || spent === undefined) return null;
      const isLegacy = (legacy as readonly string[]).includes(script);
      return attacked(withInput(spend, index, (input) => ({ ...withoutPrevious(input), witnessUtxo: spent })), 'input.prevtx-missing', isLegacy ? 'input.legacy-witness-utxo' : []);
    },
  })),
  {
    name: 'every previous transaction left out', code: 'input.prevtx-missing', by: 'count', touches: ['utxo'],
    apply(spend) {
      if (isTaprootOnly(spend) || claimable(spend).length < spend.psbt.inputs.length) return null;
      return attacked({ ...spend, psbt: { ...spend.psbt, inputs: spend.psbt.inputs.map(withoutPrevious) } }, 'input.prevtx-missing');
    },
  },
  {
    name: 'nothing that says what an input spends', code: 'input.prevtx-missing', by: 'field', touches: ['utxo', 'fee', 'scripts', 'sighash', 'origins', 'signatures'],
    apply(spend, random) {
      const index = pick(random, withPrevious(spend));
      if (index === null) return null;
      const stripped = withInput(spend, index, ({ nonWitnessUtxo: _, witnessUtxo: __, witnessScript: ___, redeemScript: ____, ...input }) => ({ ...input, otherFields: input.otherFields.filter((field) => !isTaprootInputField(field)) }));
      // Signatures for its leaf are gone with the leaf.
      const bare = { ...stripped, hasSignatures: stripped.psbt.inputs.some(isSignedInput) };
      const alone: boolean = spend.psbt.inputs.some((input, at) => at !== index && input.nonWitnessUtxo === undefined);
      return alone ? null : attacked(bare, 'input.prevtx-missing', 'input.foreign', brokenByNothingKnown(bare, index));
    },
  },
  {
    name: 'a previous transaction that pays more than the real one', code: 'input.prevtx-hash', by: 'value', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, claimable(spend));
      if (index === null) return null;
      const { witnessUtxo, nonWitnessUtxo } = spend.psbt.inputs[index] as Required<PsbtInput>;
      const vout = spend.psbt.transaction.ins[index]?.index as number;
      const more = witnessUtxo.amountSats + random.pick([1n, 50n, 99n]);
      const lying = forged(nonWitnessUtxo, ({ outs }) => { (outs[vout] as { value: Uint8Array }).value = amountBytes(more); });
      return attacked(withInput(spend, index, (input) => ({ ...input, nonWitnessUtxo: lying, witnessUtxo: { ...witnessUtxo, amountSats: more } })), 'input.prevtx-hash', brokenByAmount(spend, index), alsoUnproven(spend, index));
    },
  },
  {
    name: 'a previous transaction with another locktime, version or order of outputs', code: 'input.prevtx-hash', by: 'order', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, claimable(spend));
      if (index === null) return null;
      const way = random.int(3);
      const lying = forged((spend.psbt.inputs[index] as Required<PsbtInput>).nonWitnessUtxo, (shape) => {
        if (way === 0) shape.locktime = Uint8Array.of(1 + random.int(200), 0, 0, 0);
        else if (way === 1) shape.version = Uint8Array.of(3 + random.int(100), 0, 0, 0);
        else shape.outs = [...shape.outs, ...shape.outs].reverse();
      });
      return attacked(withInput(spend, index, (input) => ({ ...input, nonWitnessUtxo: lying })), 'input.prevtx-hash', alsoUnproven(spend, index));
    },
  },
  {
    name: 'the previous transaction of a legacy input forged', code: 'input.prevtx-hash', by: 'value', touches: ['utxo', 'fee', 'scripts', 'sighash', 'origins', 'signatures'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, ...legacy).filter((at) => spend.psbt.inputs[at]?.witnessUtxo === undefined && spend.psbt.inputs[at]?.nonWitnessUtxo !== undefined));
      if (index === null || alsoUnproven(spend, index).length > 0) return null;
      const vout = spend.psbt.transaction.ins[index]?.index as number;
      const lying = forged((spend.psbt.inputs[index] as Required<PsbtInput>).nonWitnessUtxo, ({ outs }) => { (outs[vout] as { value: Uint8Array }).value = amountBytes(1n + BigInt(random.int(1_000_000))); });
      return attacked(withInput(spend, index, (input) => ({ ...input, nonWitnessUtxo: lying })), 'input.prevtx-hash', 'input.foreign', brokenByNothingKnown(spend, index));
    },
  },
  {
    name: 'the previous transactions of two inputs exchanged', code: 'input.prevtx-hash', by: 'order', touches: ['utxo'],
    apply(spend, random) {
      const first = pick(random, claimable(spend));
      const second = first === null ? null : pick(random, claimable(spend).filter((index) => !sameTxid(spend, first, index)));
      if (first === null || second === null) return null;
      const [a, b] = [first, second].map((index) => (spend.psbt.inputs[index] as Required<PsbtInput>).nonWitnessUtxo) as [Uint8Array, Uint8Array];
      return attacked(withInput(withInput(spend, first, (input) => ({ ...input, nonWitnessUtxo: b })), second, (input) => ({ ...input, nonWitnessUtxo: a })), 'input.prevtx-hash', alsoUnproven(spend, first));
    },
  },
  {
    name: 'an input that spends another transaction than the one enclosed', code: 'input.prevtx-hash', by: 'value', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, claimable(spend));
      if (index === null) return null;
      const lying = withTransaction(spend, ({ ins }) => { (ins[index] as { hash: Uint8Array }).hash = random.bytes(32); });
      return attacked(lying, 'input.prevtx-hash', brokenByTransaction(spend), alsoUnproven(spend, index));
    },
  },
  {
    name: 'an output number that the previous transaction does not have', code: 'input.prevtx-vout', by: 'value', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, claimable(spend));
      if (index === null) return null;
      const lying = withTransaction(spend, ({ ins }) => { (ins[index] as { index: number }).index = random.pick([200 + random.int(1000), 0x7fff_ffff, 0xffff_ffff]); });
      return attacked(lying, 'input.prevtx-vout', brokenByTransaction(spend), alsoUnproven(spend, index));
    },
  },
  {
    name: 'the output number of a legacy input that its transaction does not have', code: 'input.prevtx-vout', by: 'value', touches: ['utxo', 'fee', 'scripts', 'sighash', 'origins', 'signatures'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, ...legacy));
      if (index === null) return null;
      const lying = withTransaction(spend, ({ ins }) => { (ins[index] as { index: number }).index = 900 + random.int(1000); });
      return attacked(lying, 'input.prevtx-vout', 'input.foreign', brokenByTransaction(spend));
    },
  },
  {
    name: 'a witness UTXO of another amount than the proven one', code: 'input.utxo-conflict', by: 'value', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, claimable(spend));
      return index === null ? null : attacked(withInput(spend, index, claimedBy(random.pick([-1n, 1n, 1_000n, 100_000_000n]))), 'input.utxo-conflict');
    },
  },
  {
    name: 'a witness UTXO of another script than the proven one', code: 'input.utxo-conflict', by: 'value', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, claimable(spend));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, witnessUtxo: { ...(input.witnessUtxo as TxOutput), scriptPubKey: strangeScript(random) } })), 'input.utxo-conflict');
    },
  },
  {
    name: 'the witness UTXOs of two inputs exchanged', code: 'input.utxo-conflict', by: 'order', touches: ['utxo'],
    apply(spend, random) {
      const first = pick(random, claimable(spend));
      const second = pick(random, claimable(spend).filter((index) => index !== first));
      if (first === null || second === null) return null;
      const [a, b] = [first, second].map((index) => (spend.psbt.inputs[index] as Required<PsbtInput>).witnessUtxo) as [TxOutput, TxOutput];
      return attacked(withInput(withInput(spend, first, (input) => ({ ...input, witnessUtxo: b })), second, (input) => ({ ...input, witnessUtxo: a })), 'input.utxo-conflict');
    },
  },
  {
    name: 'a legacy input with a witness UTXO beside its previous transaction', code: 'input.legacy-witness-utxo', by: 'field', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, ...legacy));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, witnessUtxo: spentOf(spend.psbt, index) as TxOutput })), 'input.legacy-witness-utxo');
    },
  },
  {
    name: 'a stranger\'s legacy input described by a witness UTXO alone', code: 'input.legacy-witness-utxo', by: 'count', touches: [],
    apply(spend, random) {
      const output = { scriptPubKey: keyHashScript(random.bytes(20)), amountSats: 700n };
      const added = insertInput(spend, random, { ...proven(random, output), fields: withoutPrevious(proven(random, output).fields) });
      return attacked(added.spend, added.codes, 'input.legacy-witness-utxo', 'input.foreign', 'input.prevtx-missing');
    },
  },
  {
    name: 'an own input worth more than there are bitcoin', code: 'input.amount-range', by: 'value', touches: ['fee'],
    apply: (spend, random) => ownExtra(spend, random, [MAX_MONEY + 1n + BigInt(random.int(1000))], 'input.amount-range'),
  },
  {
    name: 'an own input of a negative amount', code: 'input.amount-range', by: 'value', touches: ['fee'],
    apply: (spend, random) => ownExtra(spend, random, [-1n - BigInt(random.int(100_000))], 'input.amount-range'),
  },
  {
    name: 'own inputs whose sum passes 21 million', code: 'input.amount-range', by: 'count', touches: ['fee'],
    apply: (spend, random) => ownExtra(spend, random, [MAX_MONEY, MAX_MONEY - BigInt(random.int(1000))], 'input.amount-range', 'fee.excessive', 'fee.high'),
  },
  {
    name: 'a witness UTXO above 21 million beside a proven amount', code: 'input.amount-range', by: 'value', touches: ['utxo'],
    apply(spend, random) {
      const index = pick(random, claimable(spend));
      return index === null ? null : attacked(withInput(spend, index, claimedBy(MAX_MONEY)), 'input.amount-range', 'input.utxo-conflict');
    },
  },
];

/** What becomes of the other inputs where the wrong transaction of one of them ends taproot's own proofs. */
const alsoUnproven = (spend: HonestSpend, index: number): readonly 'input.prevtx-missing'[] =>
  spend.psbt.inputs.some((input, at) => at !== index && input.nonWitnessUtxo === undefined) ? ['input.prevtx-missing'] : [];

const sameTxid = ({ psbt }: HonestSpend, a: number, b: number): boolean => Buffer.compare(psbt.transaction.ins[a]?.hash as Uint8Array, psbt.transaction.ins[b]?.hash as Uint8Array) === 0;

/** Inputs of the spending wallet itself, proven by transactions that no chain would hold; nothing in the outputs answers them. */
function ownExtra(spend: HonestSpend, random: Random, amounts: readonly bigint[], ...codes: readonly Attacked['codes'][number][]): Attacked | null {
  const [wallet] = spend.treasuries;
  if (wallet === undefined) return null;
  const added = amounts.reduce<Attacked>((state, amountSats, position) => {
    // Addresses that no honest spend uses, and that are found without an origin.
    const derived = addressOf(wallet, 0, 60 + position * 7 + random.int(7));
    const entry = proven(random, { scriptPubKey: derived.scriptPubKey, amountSats }, { ...inputFieldsOf(derived), bip32Derivations: [] }, derived.rule.kind !== 'legacy');
    const next = insertInput(state.spend, random, { ...entry, amountSats: 0n, source: { kind: 'wallet', treasury: wallet, derived } });
    return { spend: next.spend, codes: [...state.codes, ...next.codes] };
  }, { spend, codes: [] });
  return attacked(added.spend, added.codes, codes);
}
