/** Attacks on the transaction as a whole, on signatures, and on what the file asks for; and on what the Signer has at hand. */
import * as secp from 'tiny-secp256k1';
import { concat, parseHex } from '../../../src/domain/bytes.ts';
import { parseFeeRate } from '../../../src/domain/fee-rate.ts';
import { createSighasher } from '../../../src/psbt/sighash.ts';
import { tapKeySignatureOf, withTapKeySignature } from '../../../src/psbt/taproot-fields.ts';
import type { PartialSignature, Psbt, PsbtInput } from '../../../src/psbt/psbt.ts';
import { feeRateOf } from '../../../src/domain/fee-rate.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { derSignature, signedAs, testKey, type TestKey } from '../../unit/support/psbt-builder.ts';
import { attacked, brokenByTransaction, feeOf, field, flipped, hasSigned, inputsOf, legacy, ownInputs, pick, scriptAt, segwitV0, sourceOf, spentOf, withInput, withTransaction, type Attack, type Attacked } from './attack.ts';
import { withThis } from './origin-attacks.ts';
import { asVersion2, strangePoint, type HonestSpend, type Source } from './honest.ts';

const ecdsaTypes = [2, 3, 0x81, 0x82, 0x83, 0x41] as const;
const taprootTypes: readonly number[] = [2, 3, 0x81, 0x82, 0x83];
/** Cosigners of the first wallet who have signed nothing, but for this one; of a wallet of one key, that key. */
export const cosignersLeft = (spend: HonestSpend): readonly TestKey[] => {
  const [wallet] = spend.treasuries;
  return wallet?.keys.filter(({ fingerprint }) => (wallet.total === 1 || fingerprint !== spend.context.thisKey?.fingerprint) && !spend.psbt.inputs.some((_, index) => hasSigned(spend, index, fingerprint))) ?? [];
};
const keyAt = (spend: HonestSpend, index: number, fingerprint: string): string | undefined => {
  const source = spend.sources[index];
  const key = source?.kind === 'wallet' ? source.derived.keys.find(({ masterFingerprint }) => masterFingerprint === fingerprint) : undefined;
  return key === undefined ? undefined : Buffer.from(key.publicKey).toString('hex');
};

/** Further signatures of one cosigner, valid but for their type. */
function cosigned(spend: HonestSpend, random: Random, sighashType: number): HonestSpend | null {
  const key = pick(random, cosignersLeft(spend));
  const [wallet] = spend.treasuries;
  if (key === null || wallet === undefined) return null;
  // A type that taproot does not know cannot be signed, and SINGLE needs an output beside the input.
  const isTaproot = wallet.script === 'p2tr' || wallet.script === 'p2tr-multi';
  if (isTaproot && !taprootTypes.includes(sighashType)) return null;
  if ((sighashType & 3) === 3 && spend.psbt.inputs.length > spend.psbt.outputs.length) return null;
  return { ...spend, psbt: signedAs(spend.psbt, wallet, key, sighashType), hasSignatures: true };
}

type PaperSource = Extract<Source, { kind: 'paper' }>;
const unsignedPapers = (spend: HonestSpend): number[] => ownInputs(spend).filter((index) => sourceOf(spend, index).kind === 'paper' && spend.psbt.inputs[index]?.partialSignatures.length === 0 && tapKeySignatureOf(spend.psbt.inputs[index] as PsbtInput) === undefined);

/** A paper key's own signature, valid but for its type. */
function paperSigned(spend: HonestSpend, index: number, sighashType: number): HonestSpend | null {
  const { paper, script } = sourceOf(spend, index) as PaperSource;
  const output = paper.output(script);
  const sighasher = createSighasher(spend.psbt.transaction, spend.psbt.inputs.map((_, at) => spentOf(spend.psbt, at) ?? null));
  const hash = sighasher.hash(index, output.rule, sighashType);
  if (hash === null) return null;
  const signed = withInput(spend, index, (input) =>
    paper.paperKey.usePrivateKeyFor(output, (privateKey) =>
      script === 'p2tr'
        ? withTapKeySignature(input, concat(secp.signSchnorr(hash, privateKey, new Uint8Array(32)), Uint8Array.of(sighashType)))
        : { ...input, partialSignatures: [{ publicKey: paper.publicKey, signature: derSignature(secp.sign(hash, privateKey), sighashType) }] }));
  return { ...signed, hasSignatures: true };
}

export const sighashAttacks: readonly Attack[] = [
  ...[2, 3, 0x81, 0x82, 0x83, 4, 0x41, 0x101, 0x8000_0001, 0xffff_ffff].map((sighashType): Attack => ({
    name: `SIGHASH 0x${sighashType.toString(16)} asked for`, code: 'sighash.forbidden', by: 'value', touches: ['sighash'],
    apply(spend, random) {
      const index = pick(random, ownInputs(spend));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, sighashType })), 'sighash.forbidden');
    },
  })),
  {
    name: 'taproot\'s DEFAULT asked for where there is none', code: 'sighash.forbidden', by: 'value', touches: ['sighash'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, ...legacy, ...segwitV0));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, sighashType: 0 })), 'sighash.forbidden');
    },
  },
  {
    name: 'every input asked for SIGHASH_NONE', code: 'sighash.forbidden', by: 'count', touches: ['sighash'],
    apply: (spend) => attacked({ ...spend, psbt: { ...spend.psbt, inputs: spend.psbt.inputs.map((input) => ({ ...input, sighashType: 2 })) } }, 'sighash.forbidden'),
  },
  // Most of these types leave the sequences of other inputs open: whoever changes one leaves such a signature valid.
  ...ecdsaTypes.map((sighashType): Attack => ({
    name: `a cosigner's valid signature of type 0x${sighashType.toString(16)}`, code: 'sighash.forbidden', by: 'count', touches: ['signatures', 'sighash', 'utxo', 'scripts', 'locktime'],
    apply(spend, random) {
      const signed = cosigned(spend, random, sighashType);
      return signed === null ? null : attacked(signed, 'sighash.forbidden');
    },
  })),
  ...[2, 3, 0x81, 0x82, 0x83].map((sighashType): Attack => ({
    name: `a paper key's valid signature of type 0x${sighashType.toString(16)}`, code: 'sighash.forbidden', by: 'count', touches: ['signatures', 'sighash', 'utxo', 'locktime'],
    apply(spend, random) {
      const index = pick(random, unsignedPapers(spend));
      const signed = index === null ? null : paperSigned(spend, index, sighashType);
      return signed === null ? null : attacked(signed, 'sighash.forbidden');
    },
  })),
  {
    name: 'a taproot signature whose type byte stands for DEFAULT', code: 'sighash.forbidden', by: 'value', touches: ['signatures', 'sighash', 'utxo'],
    apply(spend, random) {
      const index = pick(random, unsignedPapers(spend).filter((at) => inputsOf(spend, 'p2tr').includes(at)));
      const signed = index === null ? null : paperSigned(spend, index, 0);
      return signed === null ? null : attacked(signed, 'sighash.forbidden', 'signature.invalid');
    },
  },
];

/** Changes one of the ECDSA signatures that stand in the file. */
function altered(spend: HonestSpend, random: Random, change: (partial: PartialSignature, index: number) => PartialSignature): Attacked | null {
  const index = pick(random, spend.psbt.inputs.flatMap(({ partialSignatures }, at) => (partialSignatures.length > 0 ? [at] : [])));
  if (index === null) return null;
  return attacked(withInput(spend, index, (input) => ({ ...input, partialSignatures: input.partialSignatures.map((partial, at) => (at === 0 ? change(partial, index) : partial)) })), 'signature.invalid');
}

export const signatureAttacks: readonly Attack[] = [
  { name: 'a bit of a signature changed', code: 'signature.invalid', by: 'value', touches: ['signatures'], apply: (spend, random) => altered(spend, random, (partial) => ({ ...partial, signature: flipped(partial.signature, 12 + random.int(40), 1 << random.int(8)) })) },
  { name: 'a signature with its s in the upper half', code: 'signature.invalid', by: 'value', touches: ['signatures'], apply: (spend, random) => altered(spend, random, (partial) => ({ ...partial, signature: highS(partial.signature) })) },
  { name: 'a signature under a stranger\'s key', code: 'signature.invalid', by: 'value', touches: ['signatures'], apply: (spend, random) => altered(spend, random, (partial) => ({ ...partial, publicKey: strangePoint(random) })) },
  { name: 'a signature under the key of the same x and the other y', code: 'signature.invalid', by: 'value', touches: ['signatures'], apply: (spend, random) => altered(spend, random, (partial) => (partial.publicKey.length === 33 ? { ...partial, publicKey: flipped(partial.publicKey, 0) } : { ...partial, publicKey: strangePoint(random) })) },
  { name: 'bytes that are no signature', code: 'signature.invalid', by: 'value', touches: ['signatures'], apply: (spend, random) => altered(spend, random, (partial) => ({ ...partial, signature: concat(Uint8Array.of(0x31), random.bytes(50 + random.int(20)), Uint8Array.of(1)) })) },
  {
    name: 'a further signature of a stranger', code: 'signature.invalid', by: 'count', touches: ['signatures'],
    apply(spend, random) {
      const index = pick(random, ownInputs(spend));
      if (index === null) return null;
      const partial = { publicKey: strangePoint(random), signature: derSignature(secp.sign(random.bytes(32), concat(Uint8Array.of(1), random.bytes(31)))) };
      return attacked(withInput({ ...spend, hasSignatures: true }, index, (input) => ({ ...input, partialSignatures: [...input.partialSignatures, partial] })), 'signature.invalid');
    },
  },
  {
    name: 'a signature under another cosigner\'s key', code: 'signature.invalid', by: 'order', touches: ['signatures'],
    apply(spend, random) {
      const other = pick(random, cosignersLeft(spend));
      return other === null || spend.treasuries.length > 1 ? null : altered(spend, random, (partial, index) => ({ ...partial, publicKey: parseHex(keyAt(spend, index, other.fingerprint) as string) }));
    },
  },
  {
    name: 'the signatures of two inputs exchanged', code: 'signature.invalid', by: 'order', touches: ['signatures'],
    apply(spend) {
      const signed = spend.psbt.inputs.flatMap(({ partialSignatures }, index) => (partialSignatures.length > 0 ? [index] : []));
      const [a, b] = signed;
      if (a === undefined || b === undefined) return null;
      const of = (index: number): readonly PartialSignature[] => (spend.psbt.inputs[index] as PsbtInput).partialSignatures;
      return attacked(withInput(withInput(spend, a, (input) => ({ ...input, partialSignatures: of(b) })), b, (input) => ({ ...input, partialSignatures: of(a) })), 'signature.invalid');
    },
  },
  {
    name: 'a bit of a taproot signature changed', code: 'signature.invalid', by: 'value', touches: ['signatures'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2tr').filter((at) => tapKeySignatureOf(spend.psbt.inputs[at] as PsbtInput) !== undefined));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, otherFields: input.otherFields.map((other) => (other.keyType === 0x13 ? { ...other, value: flipped(other.value, random.int(64), 1 << random.int(8)) } : other)) })), 'signature.invalid');
    },
  },
  {
    name: 'a taproot signature on an input that is none', code: 'signature.invalid', by: 'field', touches: ['signatures'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, ...legacy, ...segwitV0));
      return index === null ? null : attacked({ ...withInput(spend, index, (input) => withTapKeySignature(input, random.bytes(64))), hasSignatures: true }, 'signature.invalid');
    },
  },
  {
    name: 'what was signed altered after a cosigner agreed', code: 'signature.invalid', by: 'value', touches: ['fee', 'signatures'],
    apply(spend, random) {
      if (!spend.hasSignatures) return null;
      const index = random.int(spend.psbt.outputs.length);
      return attacked(withTransaction(spend, ({ outs }) => { const output = outs[index]; if (output !== undefined) output.value -= 1n; }), 'signature.invalid');
    },
  },
];

const ORDER = 0xffffffff_ffffffff_ffffffff_fffffffe_baaedce6_af48a03b_bfd25e8c_d0364141n;
/** The same signature with s negated: valid by the mathematics, and not by the rules of nodes. @see BIP146 */
function highS(signature: Uint8Array): Uint8Array {
  const rLength = signature[3] as number;
  const s = signature.subarray(4 + rLength + 2, -1);
  const negated = (ORDER - BigInt(`0x${Buffer.from(s).toString('hex')}`)).toString(16).padStart(64, '0');
  const r = Buffer.from(signature.subarray(4, 4 + rLength)).toString('hex').padStart(64, '0').slice(-64);
  return derSignature(parseHex(r + negated), 1);
}

const everySequence = (spend: HonestSpend, sequence: number): HonestSpend => withTransaction(spend, ({ ins }) => { for (const input of ins) input.sequence = sequence; });

export const transactionAttacks: readonly Attack[] = [
  ...[0, 4, 5, 0x7fff_ffff, 0xffff_ffff].map((version): Attack => ({
    name: `version ${version}`, code: 'tx.version', by: 'value', touches: ['version'],
    apply: (spend) => attacked(withTransaction(spend, (transaction) => { transaction.version = version; }), 'tx.version', brokenByTransaction(spend)),
  })),
  {
    name: 'no inputs', code: 'tx.empty', by: 'count', touches: ['everything'],
    apply(spend) {
      const psbt: Psbt = { ...withTransaction(spend, (transaction) => { transaction.ins = []; }).psbt, inputs: [] };
      return attacked({ ...spend, psbt, sources: [], hasSignatures: false }, 'tx.empty');
    },
  },
  {
    name: 'no outputs', code: 'tx.empty', by: 'count', touches: ['everything'],
    apply(spend) {
      const psbt: Psbt = { ...withTransaction(spend, (transaction) => { transaction.outs = []; }).psbt, outputs: [] };
      return attacked({ ...spend, psbt, own: [], payments: [] }, 'tx.empty', 'fee.excessive', 'fee.high', brokenByTransaction(spend));
    },
  },
  {
    name: 'a height or date far ahead', code: 'locktime.future', by: 'value', touches: ['locktime'],
    apply(spend, random) {
      const locktime = random.pick([500 + random.int(900_000), 499_999_999, 500_000_000, 1_900_000_000 + random.int(1_000_000), 0xffff_ffff]);
      return attacked(withTransaction(everySequence(spend, 0xffff_fffe), (transaction) => { transaction.locktime = locktime; }), 'locktime.future', brokenByTransaction(spend));
    },
  },
  {
    name: 'a height that an input of version 2 requires', code: 'locktime.future', by: 'field', touches: ['locktime', 'psbt-version'],
    apply(spend, random) {
      const { version2, transaction } = spend.psbt;
      if (version2 === undefined) return null;
      const requiredHeightLocktime = 1000 + random.int(100_000);
      const later = withTransaction(everySequence(spend, 0xffff_fffd), (each) => { each.locktime = requiredHeightLocktime; });
      return attacked({ ...later, psbt: { ...later.psbt, version2: { ...version2, inputs: transaction.ins.map((_, index) => ({ statesSequence: true, ...(index === 0 ? { requiredHeightLocktime } : {}) })) } } }, 'locktime.future', brokenByTransaction(spend));
    },
  },
  {
    name: 'an input locked for blocks or time', code: 'sequence.relative', by: 'value', touches: ['locktime', 'version'],
    apply(spend, random) {
      const index = pick(random, ownInputs(spend));
      if (index === null) return null;
      const sequence = random.pick([1 + random.int(0xffff), 0x40_0001 + random.int(0xfffe), 0x7fff_ffff]);
      return attacked(withTransaction(spend, ({ ins }) => { (ins[index] as { sequence: number }).sequence = sequence; }), 'sequence.relative', brokenByTransaction(spend));
    },
  },
  {
    name: 'a final scriptSig', code: 'input.already-final', by: 'field', touches: ['final'],
    apply(spend, random) {
      const index = pick(random, ownInputs(spend));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, finalScriptSig: random.bytes(random.int(40)) })), 'input.already-final');
    },
  },
  {
    name: 'a final witness', code: 'input.already-final', by: 'field', touches: ['final'],
    apply(spend, random) {
      const index = pick(random, ownInputs(spend));
      return index === null ? null : attacked(withInput(spend, index, (input) => ({ ...input, finalScriptWitness: Array.from({ length: random.int(4) }, () => random.bytes(random.int(40))) })), 'input.already-final');
    },
  },
  ...([
    ['a merkle root', (random: Random) => field(0x18, random.bytes(32))],
    ['a leaf script', (random: Random) => field(0x15, concat(random.bytes(20), Uint8Array.of(0xc0)), concat(Uint8Array.of(0xc0 + random.int(2)), random.bytes(32 * (1 + random.int(3)))))],
    ['a signature of a leaf', (random: Random) => field(0x14, random.bytes(64), random.bytes(64))],
  ] as const).map(([what, made]): Attack => ({
    name: `${what} on an input`, code: 'taproot.script-path', by: 'field', touches: [],
    apply(spend, random) {
      // The leaf of a wallet that has one is compared with it.
      const index = pick(random, ownInputs(spend).filter((at) => scriptAt(spend, at) !== 'p2tr-multi'));
      const added = made(random);
      if (index === null || spend.psbt.inputs[index]?.otherFields.some(({ keyType }) => keyType === added.keyType) === true) return null;
      return attacked(withInput(spend, index, (input) => ({ ...input, otherFields: [...input.otherFields, added] })), 'taproot.script-path');
    },
  })),
  {
    name: 'a global key of mainnet', code: 'network.mismatch', by: 'value', touches: ['network'],
    apply: (spend, random) => attacked({ ...spend, psbt: { ...spend.psbt, globalFields: [...spend.psbt.globalFields, field(0x01, parseHex('01020304'), concat(parseHex('0488b21e'), Uint8Array.of(0), random.bytes(40), strangePoint(random)))] } }, 'network.mismatch'),
  },
  ...[1, 2, 3, 7, 8, 0x10, 0x80, 0xff].map((modifiable): Attack => ({
    name: `a file of version 2 with flags ${modifiable}`, code: 'psbt.modifiable', by: 'value', touches: ['psbt-version'],
    apply: (spend) => (spend.psbt.version2 === undefined
      ? attacked({ ...spend, psbt: asVersion2(spend.psbt, modifiable) }, 'psbt.modifiable')
      : attacked({ ...spend, psbt: { ...spend.psbt, version2: { ...spend.psbt.version2, modifiable } } }, 'psbt.modifiable')),
  })),
];

export const contextAttacks: readonly Attack[] = [
  {
    name: 'a key of nobody here', code: 'quorum.not-a-cosigner', by: 'context', touches: ['key'],
    apply: (spend) => (spend.kind === 'sweep' ? null : attacked({ ...spend, context: { ...spend.context, thisKey: testKey(60).reviewKey } }, 'quorum.not-a-cosigner')),
  },
  {
    name: 'another key under a cosigner\'s fingerprint', code: 'quorum.not-a-cosigner', by: 'context', touches: ['key', 'origins', 'utxo'],
    apply(spend) {
      const { thisKey } = spend.context;
      return thisKey === null ? null : attacked({ ...spend, context: { ...spend.context, thisKey: { fingerprint: thisKey.fingerprint, publicKeyAt: testKey(60).reviewKey.publicKeyAt } } }, 'quorum.not-a-cosigner', withThis(spend).length > 0 ? 'input.origin-lie' : []);
    },
  },
  {
    name: 'a wallet of another network', code: 'network.mismatch', by: 'context', touches: ['network'],
    apply: (spend) => attacked({ ...spend, context: { ...spend.context, network: 'practice' } }, 'network.mismatch'),
  },
  {
    name: 'more than three times the planned rate', code: 'fee.high', by: 'context', touches: ['fee'],
    apply: (spend) => (feeRateOf(feeOf(spend), spend.psbt.transaction.virtualSize() * 2) < 2_000n ? null : attacked({ ...spend, context: { ...spend.context, plannedFeeRate: parseFeeRate('0.1') } }, 'fee.high')),
  },
];
