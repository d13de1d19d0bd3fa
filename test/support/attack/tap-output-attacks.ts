/** Taproot outputs of our keys without being a registered wallet's, and lies about what an output is made of. */
import { compareBytes, concat } from '../../../src/domain/bytes.ts';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import { OUTPUT } from '../../../src/psbt/codec/field-types.ts';
import type { PsbtOutput } from '../../../src/psbt/psbt.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import { p2trScript, sortedMultisigLeaf, xOnly } from '../../../src/wallet/locking-script.ts';
import { xOnlyPointAddTweak } from '../../../src/wallet/secp256k1-public.ts';
import { singleLeafOutput, taggedHash, tapLeafHash, taprootTweak } from '../../../src/wallet/taproot.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { attacked, brokenByTransaction, field, outputFieldsOf, outputOrigins, pick, withField, withOutput, withTransaction, writeOrigin, type Attack } from './attack.ts';
import { strangePoint, type HonestSpend } from './honest.ts';
import { foreign } from './ownership-attacks.ts';
import { leafOf, partsOf, strangeLeaf, strangeX } from './tap-parts.ts';
import { lowered } from './treasury.ts';

const { tapInternalKey: OUT_INTERNAL_KEY, tapTree: OUT_TREE, tapBip32Derivation: OUT_ORIGIN } = OUTPUT;

/** Taproot outputs of our keys that no registered wallet has, with what an Updater would write of them. */
const lookAlikes: readonly (readonly [string, (derived: DerivedAddress, random: Random) => DerivedAddress | null])[] = [
  ['our leaf under the key of a cosigner', (derived, random) => (derived.taproot?.leaf == null ? null : underKey(derived, xOnly(random.pick(derived.keys).publicKey)))],
  ['our leaf under a stranger\'s key', (derived, random) => (derived.taproot?.leaf == null ? null : underKey(derived, strangeX(random)))],
  ['our leaf beside a second one', (derived, random) => (derived.taproot?.leaf == null ? null : besideLeaf(derived, strangeLeaf(random)))],
  ['the leaf of one cosigner alone', (derived, random) => (derived.taproot?.leaf == null || derived.keys.length < 2 ? null : withLeaf(derived, partsOf(derived).internalKey, sortedMultisigLeaf(1, [xOnly(random.pick(derived.keys).publicKey)])))],
  ['our key with a hidden leaf', (derived, random) => (derived.taproot === null || derived.taproot.leaf !== null ? null : withLeaf(derived, derived.taproot.internalKey, strangeLeaf(random)))],
  ['our key that is not tweaked', (derived) => (derived.taproot === null || derived.taproot.leaf !== null ? null : { ...derived, scriptPubKey: p2trScript(derived.taproot.internalKey), taproot: { ...derived.taproot, outputKey: derived.taproot.internalKey } })],
];

function withLeaf(derived: DerivedAddress, internalKey: Uint8Array, script: Uint8Array): DerivedAddress | null {
  const output = singleLeafOutput(internalKey, script);
  return output === null ? null : { ...derived, scriptPubKey: p2trScript(output.outputKey), taproot: { internalKey, outputKey: output.outputKey, leaf: { script, hash: output.leafHash, controlBlock: output.controlBlock } } };
}
const underKey = (derived: DerivedAddress, internalKey: Uint8Array): DerivedAddress | null => withLeaf(derived, internalKey, leafOf(derived).script);

/** A tree of two leaves, ours and another. */
function besideLeaf(derived: DerivedAddress, script: Uint8Array): DerivedAddress | null {
  const { internalKey } = partsOf(derived);
  const [ours, theirs] = [leafOf(derived).hash, tapLeafHash(script)];
  const root = taggedHash('TapBranch', ...[ours, theirs].sort(compareBytes));
  const tweaked = xOnlyPointAddTweak(internalKey, taprootTweak(internalKey, root));
  if (tweaked === null) return null;
  return { ...derived, scriptPubKey: p2trScript(tweaked.xOnlyPubkey), taproot: { internalKey, outputKey: tweaked.xOnlyPubkey, leaf: { ...leafOf(derived), controlBlock: concat(Uint8Array.of(0xc0 | tweaked.parity), internalKey, theirs) } } };
}

const tree = (...leaves: readonly (readonly [number, Uint8Array])[]): Uint8Array => concat(...leaves.map(([depth, script]) => concat(Uint8Array.of(depth, 0xc0), script.length < 0xfd ? Uint8Array.of(script.length) : Uint8Array.of(0xfd, script.length & 0xff, script.length >> 8), script)));

/** A lie about what an own output is made of. */
const claiming = (name: string, by: Attack['by'], applies: (derived: DerivedAddress) => boolean, lie: (output: PsbtOutput, derived: DerivedAddress, random: Random, spend: HonestSpend) => PsbtOutput | null): Attack => ({
  name, code: 'change.fraud', by, touches: ['destination'],
  apply(spend, random) {
    const own = pick(random, spend.own.filter(({ index, derived }) => index < spend.psbt.outputs.length && applies(derived)));
    const told = own === null ? null : lie(spend.psbt.outputs[own.index] as PsbtOutput, own.derived, random, spend);
    return own === null || told === null ? null : attacked(withOutput(spend, own.index, () => told), 'change.fraud');
  },
});
const hasLeaf = ({ taproot: parts }: DerivedAddress): boolean => parts?.leaf != null;
const isKeyPath = ({ taproot: parts }: DerivedAddress): boolean => parts !== null && parts.leaf === null;
const isNone = ({ taproot: parts }: DerivedAddress): boolean => parts === null;

export const taprootOutputAttacks: readonly Attack[] = [
  ...lookAlikes.map(([what, made]): Attack => ({
    name: `own output sent to ${what}`, code: 'change.fraud', by: 'value', touches: ['destination', 'fee'],
    apply(spend, random) {
      const own = pick(random, spend.own.filter(({ index }) => index < spend.psbt.outputs.length));
      const fake = own === null ? null : made(own.derived, random);
      if (own === null || fake === null) return null;
      const sent = withTransaction(spend, ({ outs }) => { (outs[own.index] as { script: Uint8Array }).script = fake.scriptPubKey; });
      return attacked({ ...withOutput(sent, own.index, () => outputFieldsOf(fake)), own: [], payments: [...spend.payments, own.index] }, 'change.fraud', brokenByTransaction(spend), spend.kind === 'sweep' ? 'sweep.unproven-destination' : []);
    },
  })),
  ...lookAlikes.map(([what, made]): Attack => ({
    name: `an input of ${what}`, code: 'input.foreign', by: 'value', touches: [],
    apply(spend, random) {
      const [wallet] = spend.treasuries;
      const fake = wallet === undefined ? null : made(wallet.deriver.derive(0, random.int(30)), random);
      return fake === null ? null : foreign(spend, random, fake);
    },
  })),
  claiming('change with the script tree of another leaf', 'value', hasLeaf, (output, _derived, random) => withField(output, OUT_TREE, field(OUT_TREE, tree([0, strangeLeaf(random)])))),
  claiming('change with the script tree of a lower quorum', 'value', hasLeaf, (output, derived, _random, spend) => {
    const wallet = spend.own[0]?.treasury;
    return wallet === undefined || wallet.required < 2 ? null : withField(output, OUT_TREE, field(OUT_TREE, tree([0, leafOf(lowered(wallet).derive(derived.branch, derived.index)).script])));
  }),
  claiming('change with a second leaf in its script tree', 'count', hasLeaf, (output, derived, random) => withField(output, OUT_TREE, field(OUT_TREE, tree([1, leafOf(derived).script], [1, strangeLeaf(random)])))),
  claiming('change with our leaf twice in its script tree', 'count', hasLeaf, (output, derived) => withField(output, OUT_TREE, field(OUT_TREE, tree([1, leafOf(derived).script], [1, leafOf(derived).script])))),
  claiming('change with the internal key of a cosigner', 'value', hasLeaf, (output, { keys }, random) => withField(output, OUT_INTERNAL_KEY, field(OUT_INTERNAL_KEY, xOnly(random.pick(keys).publicKey)))),
  claiming('change with another internal key', 'value', (derived) => derived.taproot !== null, (output, _derived, random) => withField(output, OUT_INTERNAL_KEY, field(OUT_INTERNAL_KEY, strangeX(random)))),
  claiming('key-path change with a script tree', 'field', isKeyPath, (output, _derived, random) => withField(output, OUT_TREE, field(OUT_TREE, tree([0, strangeLeaf(random)])))),
  claiming('change that is no taproot with an internal key', 'field', isNone, (output, _derived, random) => withField(output, OUT_INTERNAL_KEY, field(OUT_INTERNAL_KEY, strangeX(random)))),
  claiming('change that is no taproot with a script tree', 'field', isNone, (output, _derived, random) => withField(output, OUT_TREE, field(OUT_TREE, tree([0, strangeLeaf(random)])))),
  ...([
    ['an internal key', (random: Random) => field(OUT_INTERNAL_KEY, strangeX(random))],
    ['a script tree', (random: Random) => field(OUT_TREE, tree([0, strangeLeaf(random)]))],
  ] as const).map(([what, made]): Attack => ({
    name: `a payment with ${what}`, code: 'change.fraud', by: 'field', touches: ['destination'],
    apply(spend, random) {
      const index = pick(random, spend.payments);
      return index === null ? null : attacked(withOutput(spend, index, (output) => withField(output, made(random).keyType, made(random))), 'change.fraud');
    },
  })),
  {
    name: 'a payment dressed as ours by one taproot origin', code: 'change.fraud', by: 'field', touches: ['destination'],
    apply(spend, random) {
      const index = pick(random, spend.payments.filter((at) => outputOrigins.of(spend.psbt.outputs[at] as PsbtOutput).length === 0));
      const ours = spend.treasuries[0]?.keys[0]?.fingerprint;
      if (index === null || ours === undefined) return null;
      return attacked(withOutput(spend, index, (output) => ({ ...output, otherFields: [...output.otherFields, writeOrigin(OUT_ORIGIN, { publicKey: strangePoint(random), masterFingerprint: ours, path: parsePath(`48h/1h/0h/2h/1/${random.int(100)}`) })] })), 'change.fraud');
    },
  },
];
