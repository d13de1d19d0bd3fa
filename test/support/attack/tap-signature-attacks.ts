/** Attacks by signatures of taproot inputs: of strangers, for other leaves, by other rules. */
import * as secp from 'tiny-secp256k1';
import { concat } from '../../../src/domain/bytes.ts';
import { INPUT } from '../../../src/psbt/codec/field-types.ts';
import type { PsbtInput } from '../../../src/psbt/psbt.ts';
import { createSighasher } from '../../../src/psbt/sighash.ts';
import { leafSignaturesOf, tapKeySignatureOf, withTapKeySignature } from '../../../src/psbt/taproot-fields.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import { xOnly } from '../../../src/wallet/locking-script.ts';
import type { SigningRule } from '../../../src/wallet/signing-rule.ts';
import { tapLeafHash } from '../../../src/wallet/taproot.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import type { TestKey } from '../../unit/support/psbt-builder.ts';
import { attacked, field, fieldOf, flipped, inputsOf, pick, sourceOf, spentOf, taproot, walletAt, walletInputsOf, withInput, type Attack, type Attacked } from './attack.ts';
import type { HonestSpend } from './honest.ts';
import { leafOf, partsOf, strangeLeaf, strangeX } from './tap-parts.ts';
import { cosignersLeft } from './transaction-attacks.ts';

const { tapScriptSignature: LEAF_SIGNATURE } = INPUT;

/** What an input's keys sign, by a rule that need not be its own. */
function hashOf(spend: HonestSpend, index: number, rule: SigningRule, sighashType: number): Uint8Array | null {
  return createSighasher(spend.psbt.transaction, spend.psbt.inputs.map((_, at) => spentOf(spend.psbt, at) ?? null)).hash(index, rule, sighashType);
}
const privateKeyAt = (key: TestKey, derived: DerivedAddress): Uint8Array => {
  const path = derived.keys.find(({ masterFingerprint }) => masterFingerprint === key.fingerprint)?.path ?? [];
  return path.reduce((node, step) => node.derive(step), key.root).privateKey as Uint8Array;
};
const schnorr = (hash: Uint8Array, privateKey: Uint8Array): Uint8Array => secp.signSchnorr(hash, privateKey, new Uint8Array(32));

interface LeafSigning {
  readonly hash: Uint8Array;
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly leafHash: Uint8Array;
}
/** A further signature for a leaf that is a lie in one thing. */
const leafSigned = (name: string, made: (honest: LeafSigning, random: Random, spend: HonestSpend, index: number) => { readonly publicKey: Uint8Array; readonly leafHash: Uint8Array; readonly signature: Uint8Array } | null, ...codes: readonly Attack['code'][]): Attack => ({
  name, code: 'signature.invalid', by: 'count', touches: ['signatures', 'sighash', 'utxo', 'scripts'],
  apply(spend, random) {
    const key = pick(random, cosignersLeft(spend));
    const index = key === null ? null : pick(random, walletInputsOf(spend, 'p2tr-multi').filter((at) => walletAt(spend, at).treasury === spend.treasuries[0]));
    if (key === null || index === null) return null;
    const { derived } = walletAt(spend, index);
    const hash = hashOf(spend, index, derived.rule, 0);
    if (hash === null) return null;
    const privateKey = privateKeyAt(key, derived);
    const lie = made({ hash, privateKey, publicKey: xOnly(secp.pointFromScalar(privateKey, true) as Uint8Array), leafHash: leafOf(derived).hash }, random, spend, index);
    if (lie === null) return null;
    const added = field(LEAF_SIGNATURE, lie.signature, concat(lie.publicKey, lie.leafHash));
    return attacked({ ...withInput(spend, index, (input) => ({ ...input, otherFields: [...input.otherFields, added] })), hasSignatures: true }, 'signature.invalid', codes);
  },
});

/** Changes one of the leaf signatures that stand in the file. */
function altered(spend: HonestSpend, random: Random, change: (signature: { readonly keyData: Uint8Array; readonly value: Uint8Array }, index: number) => { readonly keyData: Uint8Array; readonly value: Uint8Array }): Attacked | null {
  const index = pick(random, inputsOf(spend, 'p2tr-multi').filter((at) => leafSignaturesOf(spend.psbt.inputs[at] as PsbtInput).length > 0));
  if (index === null) return null;
  const victim = fieldOf(spend.psbt.inputs[index] as PsbtInput, LEAF_SIGNATURE);
  return attacked(withInput(spend, index, (input) => ({ ...input, otherFields: input.otherFields.map((other) => (other === victim ? { ...other, ...change(other, index) } : other)) })), 'signature.invalid');
}

export const taprootSignatureAttacks: readonly Attack[] = [
  leafSigned('a stranger\'s valid signature of our leaf', ({ hash, leafHash }, random) => {
    const privateKey = concat(Uint8Array.of(1), random.bytes(31));
    return { publicKey: xOnly(secp.pointFromScalar(privateKey, true) as Uint8Array), leafHash, signature: schnorr(hash, privateKey) };
  }),
  leafSigned('a cosigner\'s signature of another leaf', ({ privateKey, publicKey }, random, spend, index) => {
    const leafHash = tapLeafHash(strangeLeaf(random));
    const hash = hashOf(spend, index, { kind: 'taproot-leaf', leafHash }, 0);
    return hash === null ? null : { publicKey, leafHash, signature: schnorr(hash, privateKey) };
  }),
  leafSigned('a cosigner\'s signature of our leaf, said to be of another', ({ hash, privateKey, publicKey }, random) => ({ publicKey, leafHash: random.bytes(32), signature: schnorr(hash, privateKey) })),
  leafSigned('a cosigner\'s signature of the key path, said to be of our leaf', ({ privateKey, publicKey, leafHash }, _random, spend, index) => {
    const hash = hashOf(spend, index, { kind: 'taproot-key' }, 0);
    return hash === null ? null : { publicKey, leafHash, signature: schnorr(hash, privateKey) };
  }),
  leafSigned('a signature of our leaf under the internal key', ({ hash, privateKey, leafHash }, _random, spend, index) => ({ publicKey: partsOf(walletAt(spend, index).derived).internalKey, leafHash, signature: schnorr(hash, privateKey) })),
  leafSigned('a signature of our leaf whose type byte stands for DEFAULT', ({ hash, privateKey, publicKey, leafHash }) => ({ publicKey, leafHash, signature: concat(schnorr(hash, privateKey), Uint8Array.of(0)) }), 'sighash.forbidden'),
  leafSigned('a signature of our leaf with a type that does not exist', ({ hash, privateKey, publicKey, leafHash }, random) => ({ publicKey, leafHash, signature: concat(schnorr(hash, privateKey), Uint8Array.of(random.pick([4, 0x10, 0x80, 0x84, 0xff]))) }), 'sighash.forbidden'),
  leafSigned('a DEFAULT signature of our leaf with the type byte of ALL', ({ hash, privateKey, publicKey, leafHash }) => ({ publicKey, leafHash, signature: concat(schnorr(hash, privateKey), Uint8Array.of(1)) })),
  { name: 'a bit of a leaf signature changed', code: 'signature.invalid', by: 'value', touches: ['signatures'], apply: (spend, random) => altered(spend, random, ({ keyData, value }) => ({ keyData, value: flipped(value, random.int(64), 1 << random.int(8)) })) },
  { name: 'a leaf signature under a stranger\'s key', code: 'signature.invalid', by: 'value', touches: ['signatures'], apply: (spend, random) => altered(spend, random, ({ keyData, value }) => ({ keyData: concat(strangeX(random), keyData.subarray(32)), value })) },
  { name: 'a leaf signature under another leaf hash', code: 'signature.invalid', by: 'value', touches: ['signatures'], apply: (spend, random) => altered(spend, random, ({ keyData, value }) => ({ keyData: concat(keyData.subarray(0, 32), random.bytes(32)), value })) },
  {
    name: 'a leaf signature under another cosigner\'s key', code: 'signature.invalid', by: 'order', touches: ['signatures'],
    apply(spend, random) {
      const other = pick(random, cosignersLeft(spend));
      return other === null ? null : altered(spend, random, ({ keyData, value }, index) => ({ keyData: concat(walletAt(spend, index).derived.keys.find(({ masterFingerprint }) => masterFingerprint === other.fingerprint)?.signingKey ?? strangeX(random), keyData.subarray(32)), value }));
    },
  },
  {
    name: 'the leaf signatures of two inputs exchanged', code: 'signature.invalid', by: 'order', touches: ['signatures'],
    apply(spend) {
      const [a, b] = inputsOf(spend, 'p2tr-multi').filter((at) => leafSignaturesOf(spend.psbt.inputs[at] as PsbtInput).length > 0);
      if (a === undefined || b === undefined) return null;
      const signatureAt = (index: number): Uint8Array => fieldOf(spend.psbt.inputs[index] as PsbtInput, LEAF_SIGNATURE)?.value as Uint8Array;
      const exchanged = (input: PsbtInput, value: Uint8Array): PsbtInput => {
        const first = fieldOf(input, LEAF_SIGNATURE);
        return { ...input, otherFields: input.otherFields.map((other) => (other === first ? { ...other, value } : other)) };
      };
      return attacked(withInput(withInput(spend, a, (input) => exchanged(input, signatureAt(b))), b, (input) => exchanged(input, signatureAt(a))), 'signature.invalid');
    },
  },
  {
    name: 'a key-path signature on a wallet whose internal key nobody has', code: 'signature.invalid', by: 'field', touches: ['signatures', 'sighash', 'utxo', 'scripts'],
    apply(spend, random) {
      const index = pick(random, walletInputsOf(spend, 'p2tr-multi'));
      const key = pick(random, index === null ? [] : walletAt(spend, index).treasury.keys);
      if (index === null || key === null) return null;
      const hash = hashOf(spend, index, { kind: 'taproot-key' }, 0);
      return hash === null ? null : attacked({ ...withInput(spend, index, (input) => withTapKeySignature(input, schnorr(hash, privateKeyAt(key, walletAt(spend, index).derived)))), hasSignatures: true }, 'signature.invalid');
    },
  },
  {
    name: 'a key-path signature of the key that is not tweaked', code: 'signature.invalid', by: 'value', touches: ['signatures', 'sighash', 'utxo', 'scripts'],
    apply(spend, random) {
      const index = pick(random, walletInputsOf(spend, 'p2tr').filter((at) => tapKeySignatureOf(spend.psbt.inputs[at] as PsbtInput) === undefined));
      if (index === null) return null;
      const { treasury, derived } = walletAt(spend, index);
      const hash = hashOf(spend, index, derived.rule, 0);
      return hash === null ? null : attacked({ ...withInput(spend, index, (input) => withTapKeySignature(input, schnorr(hash, privateKeyAt(treasury.keys[0] as TestKey, derived)))), hasSignatures: true }, 'signature.invalid');
    },
  },
  {
    name: 'an ECDSA signature on a taproot input', code: 'signature.invalid', by: 'field', touches: ['signatures', 'sighash', 'utxo', 'scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, ...taproot));
      if (index === null) return null;
      const source = sourceOf(spend, index);
      const publicKey = source.kind === 'wallet' ? random.pick(source.derived.keys).publicKey : source.paper.publicKey;
      const signature = concat(Uint8Array.of(0x30, 0x44, 0x02, 0x20, 1), random.bytes(31), Uint8Array.of(0x02, 0x20, 1), random.bytes(31), Uint8Array.of(1));
      return attacked({ ...withInput(spend, index, (input) => ({ ...input, partialSignatures: [{ publicKey, signature }] })), hasSignatures: true }, 'signature.invalid');
    },
  },
];
