/** Attacks on what BIP371's fields say of an input's script tree. */
import { concat } from '../../../src/domain/bytes.ts';
import { INPUT } from '../../../src/psbt/codec/field-types.ts';
import type { PsbtInput } from '../../../src/psbt/psbt.ts';
import { tapInputFields } from '../../../src/psbt/taproot-fields.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import { xOnly } from '../../../src/wallet/locking-script.ts';
import { singleLeafOutput } from '../../../src/wallet/taproot.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { attacked, field, fieldOf, flipped, inputsOf, ownInputs, pick, taproot, walletAt, walletInputsOf, withField, withInput, type Attack } from './attack.ts';
import type { HonestSpend } from './honest.ts';
import { leafField, leafOf, partsOf, strangeLeaf, strangeX } from './tap-parts.ts';
import { lowered } from './treasury.ts';

const { tapLeafScript: LEAF, tapInternalKey: INTERNAL_KEY, tapMerkleRoot: MERKLE_ROOT } = INPUT;

/** A lie about what an own taproot input is made of, told by fields of its own. */
const telling = (name: string, by: Attack['by'], scripts: readonly ('p2tr' | 'p2tr-multi')[], lie: (input: PsbtInput, derived: DerivedAddress, random: Random, spend: HonestSpend, index: number) => PsbtInput | null): Attack => ({
  name, code: 'input.script-hash', by, touches: ['scripts'],
  apply(spend, random) {
    const index = pick(random, walletInputsOf(spend, ...scripts));
    const told = index === null ? null : lie(spend.psbt.inputs[index] as PsbtInput, walletAt(spend, index).derived, random, spend, index);
    return index === null || told === null ? null : attacked(withInput(spend, index, () => told), 'input.script-hash');
  },
});

export const taprootScriptAttacks: readonly Attack[] = [
  {
    name: 'a taproot input with another internal key', code: 'input.script-hash', by: 'value', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, ...taproot));
      return index === null ? null : attacked(withInput(spend, index, (input) => withField(input, INTERNAL_KEY, field(INTERNAL_KEY, strangeX(random)))), 'input.script-hash');
    },
  },
  {
    name: 'an internal key on an input that is no taproot', code: 'input.script-hash', by: 'field', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, ownInputs(spend).filter((at) => !inputsOf(spend, ...taproot).includes(at)));
      return index === null ? null : attacked(withInput(spend, index, (input) => withField(input, INTERNAL_KEY, field(INTERNAL_KEY, strangeX(random)))), 'input.script-hash');
    },
  },
  telling('the key of a cosigner as internal key', 'value', ['p2tr-multi'], (input, { keys }, random) => withField(input, INTERNAL_KEY, field(INTERNAL_KEY, xOnly(random.pick(keys).publicKey)))),
  telling('the output key as internal key', 'value', ['p2tr', 'p2tr-multi'], (input, derived) => withField(input, INTERNAL_KEY, field(INTERNAL_KEY, partsOf(derived).outputKey))),
  telling('another merkle root', 'value', ['p2tr-multi'], (input, _derived, random) => withField(input, MERKLE_ROOT, field(MERKLE_ROOT, random.bytes(32)))),
  telling('the merkle root of a lower quorum', 'value', ['p2tr-multi'], (input, { branch, index }, _random, spend, at) => {
    const { treasury } = walletAt(spend, at);
    return treasury.required < 2 ? null : withField(input, MERKLE_ROOT, field(MERKLE_ROOT, leafOf(lowered(treasury).derive(branch, index)).hash));
  }),
  telling('a leaf of a lower quorum under our control block', 'value', ['p2tr-multi'], (input, derived, _random, spend, at) => {
    const { treasury } = walletAt(spend, at);
    return treasury.required < 2 ? null : withField(input, LEAF, leafField(leafOf(derived).controlBlock, leafOf(lowered(treasury).derive(derived.branch, derived.index)).script));
  }),
  telling('all fields of a lower quorum', 'value', ['p2tr-multi'], (input, { branch, index }, _random, spend, at) => {
    const { treasury } = walletAt(spend, at);
    const fields = tapInputFields(lowered(treasury).derive(branch, index)).filter(({ keyType }) => keyType === LEAF || keyType === MERKLE_ROOT || keyType === INTERNAL_KEY);
    return treasury.required < 2 ? null : fields.reduce((map, each) => withField(map, each.keyType, each), input);
  }),
  telling('all fields of another address of the same wallet', 'value', ['p2tr-multi'], (input, { branch, index }, random, spend, at) => {
    const fields = tapInputFields(walletAt(spend, at).treasury.deriver.derive(branch, index + 1 + random.int(10))).filter(({ keyType }) => keyType === LEAF || keyType === MERKLE_ROOT);
    return fields.reduce((map, each) => withField(map, each.keyType, each), input);
  }),
  telling('a leaf with its keys in another order', 'order', ['p2tr-multi'], (input, derived) => {
    const { script, controlBlock } = leafOf(derived);
    if (derived.keys.length < 2) return null;
    return withField(input, LEAF, leafField(controlBlock, concat(script.subarray(0, 1), script.subarray(35, 67), script.subarray(33, 35), script.subarray(1, 33), script.subarray(67))));
  }),
  telling('a leaf that anybody meets', 'value', ['p2tr-multi'], (input, derived) => withField(input, LEAF, leafField(leafOf(derived).controlBlock, Uint8Array.of(0x51)))),
  telling('a control block with the other parity', 'value', ['p2tr-multi'], (input, derived) => withField(input, LEAF, leafField(flipped(leafOf(derived).controlBlock, 0), leafOf(derived).script))),
  telling('a control block with a longer path', 'count', ['p2tr-multi'], (input, derived, random) => withField(input, LEAF, leafField(concat(leafOf(derived).controlBlock, random.bytes(32 * (1 + random.int(4)))), leafOf(derived).script))),
  telling('a control block with another internal key', 'value', ['p2tr-multi'], (input, derived, random) => withField(input, LEAF, leafField(concat(leafOf(derived).controlBlock.subarray(0, 1), strangeX(random)), leafOf(derived).script))),
  telling('a leaf of another version', 'value', ['p2tr-multi'], (input, derived, random) => {
    const version = 0xc2 + 2 * random.int(20);
    const { controlBlock, script } = leafOf(derived);
    return withField(input, LEAF, leafField(concat(Uint8Array.of(version | ((controlBlock[0] as number) & 1)), controlBlock.subarray(1)), script, Uint8Array.of(version)));
  }),
  telling('a second leaf beside our own', 'count', ['p2tr-multi'], (input, derived, random) => ({ ...input, otherFields: [...input.otherFields, leafField(concat(leafOf(derived).controlBlock, random.bytes(32)), strangeLeaf(random))] })),

  // Where no wallet has a leaf, its fields are a finding of their own, whatever they say.
  {
    name: 'a whole script path on a key-path wallet', code: 'taproot.script-path', by: 'field', touches: ['scripts'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, 'p2tr'));
      const internalKey = index === null ? undefined : fieldOf(spend.psbt.inputs[index] as PsbtInput, INTERNAL_KEY)?.value;
      if (index === null || internalKey === undefined) return null;
      const script = strangeLeaf(random);
      const output = singleLeafOutput(internalKey, script);
      if (output === null) return null;
      return attacked(withInput(spend, index, (input) => withField(withField(input, LEAF, leafField(output.controlBlock, script)), MERKLE_ROOT, field(MERKLE_ROOT, output.leafHash))), 'taproot.script-path');
    },
  },
  {
    // What an input spends says that its witness is taproot's.
    name: 'an annex in a final witness', code: 'taproot.script-path', by: 'value', touches: ['final', 'utxo'],
    apply(spend, random) {
      const index = pick(random, inputsOf(spend, ...taproot));
      if (index === null) return null;
      const path = inputsOf(spend, 'p2tr').includes(index) || random.oneIn(2) ? [] : [random.bytes(34), random.bytes(33)];
      return attacked(withInput(spend, index, (input) => ({ ...input, finalScriptWitness: [random.bytes(64), ...path, concat(Uint8Array.of(0x50), random.bytes(random.int(40)))] })), 'taproot.script-path', 'input.already-final');
    },
  },
];
