/**
 * Well-formed PSBTs of both versions, written here byte by byte and not by the encoder that is tested: maps of fields as
 * BIP174, BIP370 and BIP371 describe them, in any order, with fields that have no meaning.
 */
import fc from 'fast-check';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';

export interface RawField {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const little = (value: bigint | number, bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, at) => Number((BigInt.asUintN(64, BigInt(value)) >> BigInt(8 * at)) & 0xffn));
export const u32 = (value: number): Uint8Array => little(value, 4);
export const i64 = (value: bigint): Uint8Array => little(value, 8);
export const size = (value: number): Uint8Array => (value < 0xfd ? little(value, 1) : value <= 0xffff ? concat(Uint8Array.of(0xfd), little(value, 2)) : concat(Uint8Array.of(0xfe), little(value, 4)));
export const sized = (bytes: Uint8Array): Uint8Array => concat(size(bytes.length), bytes);
export const hex = parseHex;
/** A field by its key (type and data) and value. */
export const raw = (key: Uint8Array | number, value: Uint8Array): RawField => ({ key: typeof key === 'number' ? size(key) : key, value });
/** Of more parts than a call takes as arguments. */
export const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
/** A map with its separator. */
export const mapOf = (fields: readonly RawField[]): Uint8Array => joined([...fields.flatMap(({ key, value }) => [sized(key), sized(value)]), Uint8Array.of(0)]);
export const MAGIC = parseHex('70736274ff');

export interface RawInput {
  readonly txid: Uint8Array;
  readonly vout: number;
  readonly sequence: number;
}
export interface RawOutput {
  readonly amountSats: bigint;
  readonly script: Uint8Array;
}

/** An unsigned transaction in network serialisation. */
export const transactionOf = (version: number, inputs: readonly RawInput[], outputs: readonly RawOutput[], locktime: number): Uint8Array =>
  joined([
    u32(version),
    size(inputs.length), ...inputs.map(({ txid, vout, sequence }) => concat(txid, u32(vout), Uint8Array.of(0), u32(sequence))),
    size(outputs.length), ...outputs.map(({ amountSats, script }) => concat(i64(amountSats), sized(script))),
    u32(locktime),
  ]);

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const upTo = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: length });
const uint32 = fc.nat({ max: 0xffff_ffff });
const publicKey = fc.tuple(fc.constantFrom(2, 3), bytesOf(32)).map(([prefix, x]) => concat(Uint8Array.of(prefix), x));
const origin = fc.tuple(bytesOf(4), fc.array(uint32, { maxLength: 6 })).map(([fingerprint, path]) => concat(fingerprint, ...path.map(u32)));
const tapOrigin = fc.tuple(fc.array(bytesOf(32), { maxLength: 3 }), origin).map(([leaves, at]) => concat(size(leaves.length), ...leaves, at));
const schnorr = fc.oneof(bytesOf(64), bytesOf(65));
const keyed = (keyType: number, keyData: fc.Arbitrary<Uint8Array>, value: fc.Arbitrary<Uint8Array>): fc.Arbitrary<RawField> => fc.tuple(keyData, value).map(([data, bytes]) => raw(concat(size(keyType), data), bytes));
const plain = (keyType: number, value: fc.Arbitrary<Uint8Array>): fc.Arbitrary<RawField> => keyed(keyType, fc.constant(new Uint8Array(0)), value);

/** Fields without a meaning here: of unknown types, of types longer than a byte, and proprietary ones. */
const unknown = (lowest: number): fc.Arbitrary<RawField> => fc.oneof(
  fc.tuple(fc.integer({ min: lowest, max: 0xef }), upTo(6), upTo(300)).map(([keyType, data, value]) => raw(concat(size(keyType), data), value)),
  fc.tuple(fc.constantFrom(0xfd, 0xfe, 0x1_0000, 0xffff_ffff), upTo(6), upTo(40)).map(([keyType, data, value]) => raw(concat(size(keyType), data), value)),
  fc.tuple(upTo(8), fc.nat({ max: 0xffff }), upTo(8), upTo(60)).map(([owner, subtype, data, value]) => raw(concat(Uint8Array.of(0xfc), sized(owner), size(subtype), data), value)),
);

const rawOutput: fc.Arbitrary<RawOutput> = fc.record({ amountSats: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), script: upTo(80) });
const rawInput: fc.Arbitrary<RawInput> = fc.record({ txid: bytesOf(32), vout: uint32, sequence: fc.oneof(fc.constant(0xffff_ffff), uint32) });
const someTransaction = fc.tuple(fc.array(rawInput, { minLength: 1, maxLength: 3 }), fc.array(rawOutput, { maxLength: 3 })).map(([inputs, outputs]) => transactionOf(2, inputs, outputs, 0));

const controlLeaf = fc.tuple(fc.integer({ min: 0, max: 127 }), fc.nat({ max: 1 }), bytesOf(32), fc.array(bytesOf(32), { maxLength: 4 }), upTo(50))
  .map(([version, parity, key, path, script]) => raw(concat(Uint8Array.of(0x15, version * 2 + parity), key, ...path), concat(script, Uint8Array.of(version * 2))));

/** A whole tree of leaves, in the order of a walk through it. */
interface Tree { readonly leaf?: Uint8Array; readonly branches?: readonly [Tree, Tree] }
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 5 }, upTo(20).map((leaf) => ({ leaf })), fc.tuple(tie('tree'), tie('tree')).map((branches) => ({ branches }))),
}));
export const leavesOf = (node: Tree, depth = 0): Uint8Array => (node.branches === undefined
  ? concat(Uint8Array.of(depth, 0xc0), sized(node.leaf as Uint8Array))
  : concat(...node.branches.map((branch) => leavesOf(branch, depth + 1))));

const inputField: fc.Arbitrary<RawField> = fc.oneof(
  plain(0x00, someTransaction),
  plain(0x01, rawOutput.map(({ amountSats, script }) => concat(i64(amountSats), sized(script)))),
  keyed(0x02, publicKey, fc.uint8Array({ minLength: 9, maxLength: 73 })),
  plain(0x03, bytesOf(4)), plain(0x04, upTo(60)), plain(0x05, upTo(200)), keyed(0x06, publicKey, origin), plain(0x07, upTo(60)),
  plain(0x08, fc.array(upTo(80), { maxLength: 5 }).map((items) => concat(size(items.length), ...items.map(sized)))),
  plain(0x09, upTo(30)), keyed(0x0a, bytesOf(20), upTo(30)), keyed(0x0b, bytesOf(32), upTo(30)), keyed(0x0c, bytesOf(20), upTo(30)), keyed(0x0d, bytesOf(32), upTo(30)),
  plain(0x13, schnorr), keyed(0x14, bytesOf(64), schnorr), controlLeaf, keyed(0x16, bytesOf(32), tapOrigin), plain(0x17, bytesOf(32)), plain(0x18, bytesOf(32)),
  unknown(0x1d),
);
const outputField: fc.Arbitrary<RawField> = fc.oneof(
  plain(0x00, upTo(60)), plain(0x01, upTo(60)), keyed(0x02, publicKey, origin),
  plain(0x05, bytesOf(32)), plain(0x06, tree.map((root) => leavesOf(root))), keyed(0x07, bytesOf(32), tapOrigin),
  unknown(0x09),
);
const globalField: fc.Arbitrary<RawField> = fc.oneof(
  fc.tuple(bytesOf(73), fc.array(uint32, { maxLength: 5 }), bytesOf(4)).map(([rest, path, fingerprint]) => raw(concat(hex('010488b21e'), Uint8Array.of(path.length), rest), concat(fingerprint, ...path.map(u32)))),
  unknown(0x07),
);
const fieldsOf = (field: fc.Arbitrary<RawField>): fc.Arbitrary<RawField[]> => fc.uniqueArray(field, { maxLength: 8, selector: ({ key }) => toHex(key) });
/** Its own fields among the others, in any order. */
const shuffled = (fields: readonly RawField[], seed: readonly number[]): RawField[] => fields.map((field, at) => ({ field, rank: seed[at % seed.length] as number })).sort((a, b) => a.rank - b.rank).map(({ field }) => field);
const order = fc.oneof(fc.constant([0]), fc.array(fc.nat({ max: 50 }), { minLength: 12, maxLength: 12 }));

export interface RawPsbt {
  readonly bytes: Uint8Array;
  readonly transactionVersion: number;
  readonly locktime: number;
  readonly inputs: readonly RawInput[];
  readonly outputs: readonly RawOutput[];
}

interface Parts {
  readonly inputs: readonly (readonly [RawInput, RawField[], readonly number[]])[];
  readonly outputs: readonly (readonly [RawOutput, RawField[], readonly number[]])[];
  readonly globals: readonly [RawField[], readonly number[]];
  readonly transactionVersion: number;
  readonly locktime: number;
}
const parts: fc.Arbitrary<Parts> = fc.record({
  inputs: fc.array(fc.tuple(rawInput, fieldsOf(inputField), order), { maxLength: 4 }),
  outputs: fc.array(fc.tuple(rawOutput, fieldsOf(outputField), order), { maxLength: 4 }),
  globals: fc.tuple(fieldsOf(globalField), order),
  transactionVersion: uint32,
  locktime: uint32,
});
const described = ({ inputs, outputs, transactionVersion, locktime }: Parts, maps: readonly Uint8Array[]): RawPsbt =>
  ({ bytes: concat(MAGIC, ...maps), transactionVersion, locktime, inputs: inputs.map(([input]) => input), outputs: outputs.map(([output]) => output) });

/** Files of version 0, some with the version stated. */
export const version0: fc.Arbitrary<RawPsbt> = fc.tuple(parts, fc.boolean()).map(([part, statesVersion]) => {
  const transaction = transactionOf(part.transactionVersion, part.inputs.map(([input]) => input), part.outputs.map(([output]) => output), part.locktime);
  const globals = [raw(0x00, transaction), ...(statesVersion ? [raw(0xfb, u32(0))] : []), ...part.globals[0]];
  return described(part, [
    mapOf(shuffled(globals, part.globals[1])),
    ...part.inputs.map(([, fields, seed]) => mapOf(shuffled(fields, seed))),
    ...part.outputs.map(([, fields, seed]) => mapOf(shuffled(fields, seed))),
  ]);
});

/** Files of version 2; the locktime by the fallback. */
export const version2: fc.Arbitrary<RawPsbt> = fc.tuple(parts, fc.option(fc.nat({ max: 255 })), fc.boolean()).map(([part, flags, leavesOut]) => {
  const globals = [
    raw(0xfb, u32(2)), raw(0x02, u32(part.transactionVersion)), raw(0x04, size(part.inputs.length)), raw(0x05, size(part.outputs.length)),
    ...(part.locktime === 0 && leavesOut ? [] : [raw(0x03, u32(part.locktime))]), ...(flags === null ? [] : [raw(0x06, Uint8Array.of(flags))]), ...part.globals[0],
  ];
  const inputMap = ([{ txid, vout, sequence }, fields, seed]: Parts['inputs'][number]): Uint8Array =>
    mapOf(shuffled([raw(0x0e, txid), raw(0x0f, u32(vout)), ...(sequence === 0xffff_ffff && leavesOut ? [] : [raw(0x10, u32(sequence))]), ...fields], seed));
  const outputMap = ([{ amountSats, script }, fields, seed]: Parts['outputs'][number]): Uint8Array => mapOf(shuffled([raw(0x03, i64(amountSats)), raw(0x04, script), ...fields], seed));
  return described(part, [mapOf(shuffled(globals, part.globals[1])), ...part.inputs.map(inputMap), ...part.outputs.map(outputMap)]);
});
