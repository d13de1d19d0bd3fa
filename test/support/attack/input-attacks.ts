/** Attacks on what is spent: proofs of amounts, scripts, owners, origins. */
import { concat } from '../../../src/domain/bytes.ts';
import { HARDENED, parsePath, type DerivationPath } from '../../../src/domain/derivation-path.ts';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import { keyHashScript, witnessKeyHashScript } from '../../../src/psbt/single-key-scripts.ts';
import type { Bip32Derivation, KeyValue, PsbtInput, TxOutput } from '../../../src/psbt/psbt.ts';
import { createAddressDeriver } from '../../../src/wallet/address.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { fundingTransaction } from '../../unit/support/psbt-builder.ts';
import { amountBytes, attacked, brokenByAmount, brokenByTransaction, forged, inputsOf, insertInput, isTaprootOnly, ownInputs, pick, segwit, sourceOf, spentOf, withInput, withTransaction, type Attack, type Attacked } from './attack.ts';
import { addressOf, strangePoint, strangeScript, type HonestSpend } from './honest.ts';
import { treasury, type Treasury } from './treasury.ts';

/** A wallet that nobody here has registered. */
export const strangers = (): Treasury => treasury(2, 3, 50);
const MAX_MONEY = 2_100_000_000_000_000n;
export const field = (keyType: number, value: Uint8Array, keyData: Uint8Array = new Uint8Array(0)): KeyValue => ({ keyType, keyData, value });

/** An input for insertion: proven by a transaction of its own, worth a little. */
export function proven(random: Random, output: TxOutput, more: Partial<PsbtInput> = {}, withWitness = true): Parameters<typeof insertInput>[2] {
  const { txid, bytes } = fundingTransaction([output], random.int(2 ** 31));
  return { txid, vout: 0, ...output, fields: { nonWitnessUtxo: bytes, ...(withWitness ? { witnessUtxo: output } : {}), partialSignatures: [], bip32Derivations: [], otherFields: [], ...more } };
}

/** One input with its claim of what it spends, where a change of that claim is only one of its amount. */
const claimedBy = (delta: bigint) => (input: PsbtInput): PsbtInput => ({ ...input, witnessUtxo: { ...(input.witnessUtxo as TxOutput), amountSats: (input.witnessUtxo as TxOutput).amountSats + delta } });
const withoutPrevious = ({ nonWitnessUtxo: _, ...input }: PsbtInput): PsbtInput => input;
/** Segwit inputs that enclose both; a nested one without a witness UTXO would spend something unknown. */
const claimable = (spend: HonestSpend): number[] => inputsOf(spend, ...segwit).filter((index) => spend.psbt.inputs[index]?.witnessUtxo !== undefined && spend.psbt.inputs[index]?.nonWitnessUtxo !== undefined);
const withPrevious = (spend: HonestSpend): number[] => ownInputs(spend).filter((index) => spend.psbt.inputs[index]?.nonWitnessUtxo !== undefined);
const derivationOf = (random: Random, fingerprint: string, path: DerivationPath): Bip32Derivation => ({ publicKey: strangePoint(random), masterFingerprint: parseFingerprint(fingerprint), path });

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
      const bare = withInput(spend, index, ({ nonWitnessUtxo: _, witnessUtxo: __, witnessScript: ___, redeemScript: ____, ...input }) => input);
      const alone: boolean = spend.psbt.inputs.some((input, at) => at !== index && input.nonWitnessUtxo === undefined);
      return alone ? null : attacked(bare, 'input.prevtx-missing', 'input.foreign', spend.psbt.inputs[index]?.partialSignatures.length === 0 ? brokenByAmount(spend, index) : 'signature.invalid');
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
      const index = pick(random, inputsOf(spend, 'p2pkh'));
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
      const index = pick(random, inputsOf(spend, 'p2pkh'));
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
    const derived = addressOf(wallet, 0, 100 + position * 50 + random.int(50));
    const entry = proven(random, { scriptPubKey: derived.scriptPubKey, amountSats }, { witnessScript: derived.witnessScript });
    const next = insertInput(state.spend, random, { ...entry, amountSats: 0n, source: { kind: 'quorum', treasury: wallet, derived } });
    return { spend: next.spend, codes: [...state.codes, ...next.codes] };
  }, { spend, codes: [] });
  return attacked(added.spend, added.codes, codes);
}

export const ownershipAttacks: readonly Attack[] = [
  {
    name: 'the witness script of another address of the same wallet', code: 'input.script-hash', by: 'value', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2wsh'));
      if (index === null) return null;
      const { treasury: own } = sourceOf(spend, index) as Extract<HonestSpend['sources'][number], { kind: 'quorum' }>;
      return attacked(withInput(spend, index, (input) => ({ ...input, witnessScript: addressOf(own, 0, 200 + random.int(40)).witnessScript })), 'input.script-hash');
    },
  },
  {
    name: 'the witness script with a lower quorum', code: 'input.script-hash', by: 'value', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2wsh').filter((at) => (spend.psbt.inputs[at]?.witnessScript?.[0] ?? 0) > 0x51));
      if (index === null) return null;
      return attacked(withInput(spend, index, (input) => ({ ...input, witnessScript: concat(Uint8Array.of(0x51), (input.witnessScript as Uint8Array).subarray(1)) })), 'input.script-hash');
    },
  },
  {
    name: 'the witness script with its keys in another order', code: 'input.script-hash', by: 'order', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2wsh').filter((at) => (spend.psbt.inputs[at]?.witnessScript?.length ?? 0) > 40));
      if (index === null) return null;
      const script = spend.psbt.inputs[index]?.witnessScript as Uint8Array;
      return attacked(withInput(spend, index, (input) => ({ ...input, witnessScript: concat(script.subarray(0, 1), script.subarray(35, 69), script.subarray(1, 35), script.subarray(69)) })), 'input.script-hash');
    },
  },
  {
    name: 'a redeem script on an input that has none', code: 'input.script-hash', by: 'field', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2wsh', 'p2wpkh', 'p2pkh', 'p2tr'));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, redeemScript: random.bytes(1 + random.int(60)) })), 'input.script-hash');
    },
  },
  {
    name: 'a nested input with the redeem script of another key', code: 'input.script-hash', by: 'value', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2sh-p2wpkh').filter((at) => spend.psbt.inputs[at]?.nonWitnessUtxo !== undefined));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, redeemScript: witnessKeyHashScript(random.bytes(20)) })), 'input.script-hash');
    },
  },
  {
    name: 'a witness script on a paper key\'s input', code: 'input.script-hash', by: 'field', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2wpkh', 'p2pkh', 'p2tr', 'p2sh-p2wpkh'));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, witnessScript: random.bytes(1 + random.int(60)) })), 'input.script-hash');
    },
  },
  {
    name: 'a taproot input with another internal key', code: 'input.script-hash', by: 'value', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2tr'));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, otherFields: [...input.otherFields, field(0x17, strangePoint(random).subarray(1))] })), 'input.script-hash');
    },
  },
  ...['p2wpkh', 'p2tr', 'any'].map((type): Attack => ({
    name: `an input of a stranger beside ours, with its own proof (${type})`, code: 'input.foreign', by: 'count', touches: [],
    apply(spend, random) {
      const scriptPubKey = type === 'any' ? strangeScript(random) : type === 'p2wpkh' ? witnessKeyHashScript(random.bytes(20)) : concat(Uint8Array.of(0x51, 0x20), strangePoint(random).subarray(1));
      const added = insertInput(spend, random, proven(random, { scriptPubKey, amountSats: 600n }, {}, type === 'p2tr' || type === 'p2wpkh'));
      return attacked(added.spend, added.codes, 'input.foreign');
    },
  })),
  {
    name: 'an input of another wallet of ours that is not registered, with all its origins', code: 'input.foreign', by: 'count', touches: [],
    apply(spend, random) {
      const derived = addressOf(strangers(), 0, random.int(30));
      const origins = derived.keys.map(({ publicKey, masterFingerprint, path }) => ({ publicKey, masterFingerprint, path }));
      const added = insertInput(spend, random, proven(random, { scriptPubKey: derived.scriptPubKey, amountSats: 900n }, { witnessScript: derived.witnessScript, bip32Derivations: origins }));
      return attacked(added.spend, added.codes, 'input.foreign');
    },
  },
  {
    name: 'an input of our own keys under a lower quorum', code: 'input.foreign', by: 'value', touches: [],
    apply(spend, random) {
      const [wallet] = spend.treasuries;
      if (wallet === undefined || wallet.required < 2) return null;
      const derived = lowered(wallet).derive(0, random.int(30));
      const origins = derived.keys.map(({ publicKey, masterFingerprint, path }) => ({ publicKey, masterFingerprint, path }));
      const added = insertInput(spend, random, proven(random, { scriptPubKey: derived.scriptPubKey, amountSats: 900n }, { witnessScript: derived.witnessScript, bip32Derivations: origins }));
      return attacked(added.spend, added.codes, 'input.foreign');
    },
  },
  {
    name: 'a paper whose key was not opened', code: 'input.foreign', by: 'context', touches: ['everything'],
    apply(spend) {
      if (spend.papers.length < 2) return null;
      const [first, ...others] = spend.papers;
      const left = spend.sources.some((source, index) => source.kind === 'paper' && source.paper === first && (spend.psbt.inputs[index]?.partialSignatures.length !== 0 || spend.psbt.inputs[index]?.otherFields.some(({ keyType }) => keyType === 0x13)));
      return attacked({ ...spend, context: { ...spend.context, singleKeys: others } }, 'input.foreign', left ? 'signature.invalid' : []);
    },
  },
  {
    name: 'one output spent twice', code: 'input.duplicate', by: 'count', touches: ['utxo', 'fee', 'signatures', 'sighash', 'scripts', 'origins', 'final', 'version', 'locktime'],
    apply(spend, random) {
      const index = pick(random, ownInputs(spend));
      const spent = index === null ? undefined : spentOf(spend.psbt, index);
      if (index === null || spent === undefined) return null;
      const { hash, index: vout } = spend.psbt.transaction.ins[index] as { hash: Uint8Array; index: number };
      const txid = Buffer.from(hash).reverse().toString('hex');
      const fields = { ...(spend.psbt.inputs[index] as PsbtInput), partialSignatures: [] };
      const added = insertInput(spend, random, { txid, vout, fields, ...spent, source: sourceOf(spend, index) });
      return attacked(added.spend, added.codes, 'input.duplicate');
    },
  },
];

const loweredByWallet = new Map<Treasury, ReturnType<typeof createAddressDeriver>>();
export function lowered(wallet: Treasury): ReturnType<typeof createAddressDeriver> {
  const made = loweredByWallet.get(wallet) ?? createAddressDeriver({ ...wallet.wallet, required: 1 });
  loweredByWallet.set(wallet, made);
  return made;
}

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
