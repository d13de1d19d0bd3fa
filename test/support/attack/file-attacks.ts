/** Attacks that end the reading: what BIP174, BIP370 and BIP371 forbid, and what is over the caps. */
import { concat } from '../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { readShape, readTransactionShape, sizeBytes, writeShape, writeTransactionShape, type PsbtShape, type ShapeField, type TransactionShape } from '../../fuzz/mutation/psbt-shape.ts';
import { asVersion2, strangePoint, type HonestSpend } from './honest.ts';

export interface FileAttack {
  readonly name: string;
  readonly code: 'psbt.malformed' | 'psbt.too-large' | 'psbt.unsupported';
  /** `null` where the file has nothing to attack in this way. */
  readonly apply: (spend: HonestSpend, random: Random) => Uint8Array | null;
}

const uint32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
};
const key = (type: number, ...data: readonly Uint8Array[]): Uint8Array => concat(sizeBytes(type), ...data);
const typeOf = (field: ShapeField): number => field.key[0] as number;

/** Changes the maps of the file as it stands. */
const byShape = (name: string, change: (shape: PsbtShape, random: Random, spend: HonestSpend) => boolean | undefined, code: FileAttack['code'] = 'psbt.malformed'): FileAttack => ({
  name, code,
  apply(spend, random) {
    const shape = readShape(encodePsbt(spend.psbt));
    return change(shape, random, spend) === false ? null : writeShape(shape);
  },
});
/** Changes the bytes of the file as they stand. */
const byBytes = (name: string, change: (bytes: Uint8Array, random: Random) => Uint8Array): FileAttack => ({ name, code: 'psbt.malformed', apply: (spend, random) => change(encodePsbt(spend.psbt), random) });

const inputMap = (shape: PsbtShape, random: Random, { psbt }: HonestSpend): ShapeField[] => shape.maps[1 + random.int(psbt.inputs.length)] as ShapeField[];
const outputMap = (shape: PsbtShape, random: Random, { psbt }: HonestSpend): ShapeField[] => shape.maps[1 + psbt.inputs.length + random.int(psbt.outputs.length)] as ShapeField[];
const globalMap = (shape: PsbtShape): ShapeField[] => shape.maps[0] as ShapeField[];

/** A field that must not be there in this form; put in, or in place of one of its key. */
function planted(map: ShapeField[], field: ShapeField, random: Random): void {
  const same = map.findIndex((each) => Buffer.compare(each.key, field.key) === 0);
  if (same >= 0) map.splice(same, 1);
  map.splice(random.int(map.length + 1), 0, field);
}

type Made = (random: Random) => ShapeField;
const bad = (type: number, keyLength: number | ((random: Random) => Uint8Array), valueLength: number | ((random: Random) => Uint8Array)): Made => (random) => ({
  key: key(type, typeof keyLength === 'number' ? random.bytes(keyLength) : keyLength(random)),
  value: typeof valueLength === 'number' ? random.bytes(valueLength) : valueLength(random),
});
const badPoint = (random: Random): Uint8Array => concat(Uint8Array.of(5 + random.int(200)), random.bytes(32));

const badInputs: readonly (readonly [string, Made])[] = [
  ['a previous transaction with key data', bad(0x00, 1, 60)],
  ['a previous transaction that is none', bad(0x00, 0, (random) => random.bytes(30 + random.int(30)))],
  ['a witness UTXO with key data', bad(0x01, 1, 31)],
  ['a witness UTXO cut off', bad(0x01, 0, (random) => concat(random.bytes(8), Uint8Array.of(34), random.bytes(random.int(34))))],
  ['bytes behind a witness UTXO', bad(0x01, 0, (random) => concat(random.bytes(8), Uint8Array.of(22), random.bytes(23 + random.int(9))))],
  ['a signature under a key of 32 bytes', bad(0x02, 32, 71)],
  ['a signature under no key', bad(0x02, 0, 71)],
  ['a signature under a key of an unknown form', bad(0x02, badPoint, 71)],
  ['a signature of 8 bytes', bad(0x02, strangePoint, 8)],
  ['a signature of 74 bytes', bad(0x02, strangePoint, 74)],
  ['a sighash type of 3 bytes', bad(0x03, 0, 3)],
  ['a sighash type of 5 bytes', bad(0x03, 0, 5)],
  ['a sighash type with key data', bad(0x03, 1, 4)],
  ['a redeem script with key data', bad(0x04, 1, 22)],
  ['a witness script with key data', bad(0x05, 1, 22)],
  ['an origin under a key of 34 bytes', bad(0x06, 34, 8)],
  ['an origin under a key of an unknown form', bad(0x06, badPoint, 8)],
  ['an origin without a fingerprint', bad(0x06, strangePoint, 0)],
  ['an origin that is no whole number of steps', bad(0x06, strangePoint, 10)],
  ['a final scriptSig with key data', bad(0x07, 1, 3)],
  ['a final witness with key data', bad(0x08, 1, () => Uint8Array.of(0))],
  ['a final witness cut off', bad(0x08, 0, () => Uint8Array.of(2, 1, 7))],
  ['a final witness of a million items', bad(0x08, 0, () => Uint8Array.of(0xfe, 0x40, 0x42, 0x0f, 0))],
  ['bytes behind a final witness', bad(0x08, 0, () => Uint8Array.of(0, 0))],
  ['a taproot signature of 63 bytes', bad(0x13, 0, 63)],
  ['a taproot signature of 66 bytes', bad(0x13, 0, 66)],
  ['a taproot signature with key data', bad(0x13, 1, 64)],
  ['a leaf signature under a key of 63 bytes', bad(0x14, 63, 64)],
  ['a leaf under a control block of 34 bytes', bad(0x15, 34, 20)],
  ['a taproot origin under a key of 33 bytes', bad(0x16, 33, (random) => concat(Uint8Array.of(0), random.bytes(8)))],
  ['an internal key of 33 bytes', bad(0x17, 0, 33)],
  ['a merkle root of 31 bytes', bad(0x18, 0, 31)],
  ['a leaf signature under a compressed key', bad(0x14, 65, 64)],
  ['a leaf signature of 66 bytes', bad(0x14, 64, 66)],
  ['a leaf of another version than its control block', bad(0x15, (random) => concat(Uint8Array.of(0xc0), random.bytes(32)), (random) => concat(random.bytes(20), Uint8Array.of(0xc4)))],
  ['a leaf without a version', bad(0x15, 33, 0)],
  ['a control block of 129 steps', bad(0x15, (random) => concat(Uint8Array.of(0xc0), random.bytes(32 * 130)), (random) => concat(random.bytes(20), Uint8Array.of(0xc0)))],
  ['a taproot origin with fewer leaves than it counts', bad(0x16, 32, (random) => concat(Uint8Array.of(2), random.bytes(40)))],
  ['a taproot origin that is no whole number of steps', bad(0x16, 32, (random) => concat(Uint8Array.of(0), random.bytes(10)))],
  ['an internal key with key data', bad(0x17, 1, 32)],
  ['a merkle root with key data', bad(0x18, 1, 32)],
  ['a preimage under a hash of another length', bad(0x0b, 31, 32)],
  ['a proprietary field whose name is cut off', bad(0xfc, () => Uint8Array.of(9, 1, 2), 3)],
];
const badOutputs: readonly (readonly [string, Made])[] = [
  ['a redeem script with key data', bad(0x00, 1, 22)],
  ['a witness script with key data', bad(0x01, 1, 22)],
  ['an origin under a key of 32 bytes', bad(0x02, 32, 8)],
  ['an origin of 7 bytes', bad(0x02, strangePoint, 7)],
  ['an internal key of 31 bytes', bad(0x05, 0, 31)],
  ['a script tree that is not whole', bad(0x06, 0, () => Uint8Array.of(1, 0xc0, 1, 0x51))],
  ['a script tree without a leaf', bad(0x06, 0, 0)],
  ['a script tree with a leaf beside its root', bad(0x06, 0, () => Uint8Array.of(0, 0xc0, 1, 0x51, 0, 0xc0, 1, 0x52))],
  ['a script tree with a leaf of an odd version', bad(0x06, 0, () => Uint8Array.of(0, 0xc1, 1, 0x51))],
  ['a script tree of 129 levels', bad(0x06, 0, () => Uint8Array.of(129, 0xc0, 1, 0x51, 129, 0xc0, 1, 0x52))],
  ['a script tree cut off', bad(0x06, 0, () => Uint8Array.of(0, 0xc0, 9, 0x51))],
  ['a script tree with key data', bad(0x06, 1, () => Uint8Array.of(0, 0xc0, 1, 0x51))],
  ['a taproot origin without a fingerprint', bad(0x07, 32, () => Uint8Array.of(0))],
  ['a taproot origin under a key of 31 bytes', bad(0x07, 31, (random) => concat(Uint8Array.of(0), random.bytes(8)))],
];
const badGlobals: readonly (readonly [string, Made])[] = [
  ['an extended key of 77 bytes', bad(0x01, 77, 4)],
  ['an extended key whose origin is no whole number of steps', bad(0x01, 78, 6)],
  ['an extended key whose depth is not its path\'s', bad(0x01, (random) => concat(random.bytes(4), Uint8Array.of(3), random.bytes(73)), 8)],
  ['a version of 3 bytes', bad(0xfb, 0, 3)],
  ['a proprietary field without a name', bad(0xfc, 0, 3)],
];

/** Changes the unsigned transaction of a file of version 0. */
const byTransaction = (name: string, change: (shape: TransactionShape, random: Random) => void, code: FileAttack['code'] = 'psbt.malformed', write = writeTransactionShape): FileAttack =>
  byShape(name, (shape, random, { psbt }) => {
    const unsigned = globalMap(shape).find((field) => typeOf(field) === 0x00);
    if (psbt.version !== 0 || unsigned === undefined) return false;
    const transaction = readTransactionShape(unsigned.value) as TransactionShape;
    change(transaction, random);
    unsigned.value = write(transaction);
    return true;
  }, code);

/** Changes the maps of the file said in version 2. */
const byVersion2 = (name: string, change: (shape: PsbtShape, random: Random, spend: HonestSpend) => boolean | undefined, code: FileAttack['code'] = 'psbt.malformed'): FileAttack => {
  const inner = byShape(name, change, code);
  return { ...inner, apply: (spend, random) => inner.apply(spend.psbt.version === 2 ? spend : { ...spend, psbt: asVersion2({ ...spend.psbt, globalFields: spend.psbt.globalFields.filter(({ keyType }) => keyType !== 0xfb) }) }, random) };
};
const without = (map: ShapeField[], type: number): boolean => {
  const at = map.findIndex((field) => typeOf(field) === type);
  if (at >= 0) map.splice(at, 1);
  return at >= 0;
};

const MEBIBYTE = 1024 * 1024;

export const fileAttacks: readonly FileAttack[] = [
  byBytes('a magic byte changed', (bytes, random) => { const at = random.int(5); return bytes.map((byte, index) => (index === at ? byte ^ (1 + random.int(255)) : byte)); }),
  byBytes('cut off', (bytes, random) => bytes.subarray(0, random.int(bytes.length - 1) + 1)),
  byBytes('a byte behind the last map', (bytes, random) => concat(bytes, random.bytes(1))),
  byBytes('itself twice', (bytes) => concat(bytes, bytes)),
  byBytes('nothing but its magic', (bytes, random) => concat(bytes.subarray(0, 5), new Uint8Array(random.int(9)))),
  byShape('a map too many', (shape) => { shape.maps.push([]); return true; }),
  byShape('a map too few', (shape) => { shape.maps.pop(); return true; }),
  byShape('a key twice in one map', (shape, random) => {
    const map = random.pick(shape.maps.filter((each) => each.length > 0));
    const field = random.pick(map);
    map.splice(random.int(map.length + 1), 0, { key: field.key, value: random.oneIn(2) ? field.value : random.bytes(field.value.length) });
    return true;
  }),
  byShape('a key\'s size longer written than needed', (shape, random) => {
    const field = random.pick(random.pick(shape.maps.filter((each) => each.length > 0)));
    field.keySize = random.pick([concat(Uint8Array.of(0xfd, field.key.length, 0)), concat(Uint8Array.of(0xfe), uint32(field.key.length)), concat(Uint8Array.of(0xff), uint32(field.key.length), uint32(0))]);
    return true;
  }),
  byShape('a value\'s size longer written than needed', (shape, random) => {
    const field = random.pick(random.pick(shape.maps.filter((each) => each.length > 0)));
    field.valueSize = random.pick([concat(Uint8Array.of(0xfe), uint32(field.value.length)), concat(Uint8Array.of(0xff), uint32(field.value.length), uint32(0))]);
    return true;
  }),
  byShape('a value\'s size beyond the file', (shape, random) => {
    random.pick(random.pick(shape.maps.filter((each) => each.length > 0))).valueSize = sizeBytes(100_000 + random.int(1_000_000));
    return true;
  }),
  byShape('a value above the cap', (shape, random) => {
    random.pick(random.pick(shape.maps.filter((each) => each.length > 0))).valueSize = sizeBytes(4 * MEBIBYTE + 1 + random.int(1_000_000_000));
    return true;
  }, 'psbt.too-large'),
  byShape('a key above the cap', (shape, random) => {
    random.pick(random.pick(shape.maps.filter((each) => each.length > 0))).keySize = sizeBytes(4 * MEBIBYTE + 1 + random.int(1_000_000_000));
    return true;
  }, 'psbt.too-large'),
  ...badInputs.map(([what, made]) => byShape(`an input: ${what}`, (shape, random, spend) => { planted(inputMap(shape, random, spend), made(random), random); return true; })),
  ...badOutputs.map(([what, made]) => byShape(`an output: ${what}`, (shape, random, spend) => { planted(outputMap(shape, random, spend), made(random), random); return true; })),
  ...badGlobals.map(([what, made]) => byShape(`global: ${what}`, (shape, random) => { planted(globalMap(shape), made(random), random); return true; })),
  ...[1, 3, 4, 0xff, 0x0200_0000].map((version) => byShape(`version ${version}`, (shape, random) => { planted(globalMap(shape), { key: key(0xfb), value: uint32(version) }, random); return true; }, 'psbt.unsupported')),

  // Version 0: the transaction stands in one field, and nothing of version 2 beside it.
  byShape('no unsigned transaction', (shape, _random, { psbt }) => psbt.version === 0 && without(globalMap(shape), 0x00)),
  byShape('an unsigned transaction with key data', (shape, random, { psbt }) => {
    const unsigned = globalMap(shape).find((field) => typeOf(field) === 0x00);
    if (psbt.version !== 0 || unsigned === undefined) return false;
    unsigned.key = key(0x00, random.bytes(1));
    return true;
  }),
  byTransaction('an unsigned transaction with a scriptSig', ({ ins }, random) => { (random.pick(ins) as { script: Uint8Array }).script = random.bytes(1 + random.int(100)); }),
  byTransaction('an unsigned transaction with witnesses', (shape) => { shape.witness = { marker: Uint8Array.of(0, 1), stacks: concat(...shape.ins.map(() => Uint8Array.of(1, 1, 7))) }; }),
  byTransaction('an unsigned transaction with an input too many', (shape) => { shape.ins = [...shape.ins, ...shape.ins]; }),
  byTransaction('an unsigned transaction with an output too many', (shape, random) => { shape.outs = [...shape.outs, { value: new Uint8Array(8), script: random.bytes(22) }]; }),
  byTransaction('bytes behind the unsigned transaction', (shape, random) => { shape.locktime = concat(shape.locktime, random.bytes(1 + random.int(4))); }),
  byTransaction('an unsigned transaction cut off', () => undefined, 'psbt.malformed', (shape) => { const bytes = writeTransactionShape(shape); return bytes.subarray(0, bytes.length - 1); }),
  byTransaction('more inputs than the cap', (shape) => { shape.ins = Array.from({ length: 10_001 }, () => shape.ins[0] as TransactionShape['ins'][number]); }, 'psbt.too-large'),
  byTransaction('more outputs than the cap', (shape) => { shape.outs = Array.from({ length: 10_001 }, () => shape.outs[0] as TransactionShape['outs'][number]); }, 'psbt.too-large'),
  ...([[0x02, 4], [0x03, 4], [0x04, 1], [0x05, 1], [0x06, 1]] as const).map(([type, length]) => byShape(`a global field of version 2 in version 0: 0x${type.toString(16)}`, (shape, random, { psbt }) => psbt.version === 0 && (planted(globalMap(shape), { key: key(type), value: random.bytes(length) }, random), true))),
  ...([[0x0e, 32], [0x0f, 4], [0x10, 4], [0x11, 4], [0x12, 4]] as const).map(([type, length]) => byShape(`an input field of version 2 in version 0: 0x${type.toString(16)}`, (shape, random, spend) => spend.psbt.version === 0 && (planted(inputMap(shape, random, spend), { key: key(type), value: random.bytes(length) }, random), true))),
  ...([[0x03, 8], [0x04, 22]] as const).map(([type, length]) => byShape(`an output field of version 2 in version 0: 0x${type.toString(16)}`, (shape, random, spend) => spend.psbt.version === 0 && (planted(outputMap(shape, random, spend), { key: key(type), value: random.bytes(length) }, random), true))),

  // Version 2: spread over the maps, with what it requires.
  byVersion2('version 2 with an unsigned transaction', (shape, random) => { planted(globalMap(shape), { key: key(0x00), value: random.bytes(60) }, random); return true; }),
  ...[0x02, 0x04, 0x05].map((type) => byVersion2(`version 2 without the global field 0x0${type}`, (shape) => without(globalMap(shape), type))),
  ...[0x0e, 0x0f].map((type) => byVersion2(`version 2 without the input field 0x${type.toString(16)}`, (shape, random, spend) => without(inputMap(shape, random, spend), type))),
  ...[0x03, 0x04].map((type) => byVersion2(`version 2 without the output field 0x0${type}`, (shape, random, spend) => without(outputMap(shape, random, spend), type))),
  ...([[0x0e, 31], [0x0f, 3], [0x10, 5]] as const).map(([type, length]) => byVersion2(`version 2 with ${length} bytes in the input field 0x${type.toString(16)}`, (shape, random, spend) => { planted(inputMap(shape, random, spend), { key: key(type), value: random.bytes(length) }, random); return true; })),
  byVersion2('an amount of 7 bytes', (shape, random, spend) => { planted(outputMap(shape, random, spend), { key: key(0x03), value: random.bytes(7) }, random); return true; }),
  byVersion2('modifiable flags of 2 bytes', (shape, random) => { planted(globalMap(shape), { key: key(0x06), value: random.bytes(2) }, random); return true; }),
  byVersion2('a time that is a height', (shape, random, spend) => { planted(inputMap(shape, random, spend), { key: key(0x11), value: uint32(random.int(500_000_000)) }, random); return true; }),
  byVersion2('a height that is a time', (shape, random, spend) => { planted(inputMap(shape, random, spend), { key: key(0x12), value: uint32(500_000_000 + random.int(1_000_000_000)) }, random); return true; }),
  byVersion2('a required height of 0', (shape, random, spend) => { planted(inputMap(shape, random, spend), { key: key(0x12), value: uint32(0) }, random); return true; }),
  byVersion2('an input that requires a height beside one that requires a time', (shape, random, { psbt }) => {
    if (psbt.inputs.length < 2) return false;
    planted(shape.maps[1] as ShapeField[], { key: key(0x12), value: uint32(1 + random.int(1000)) }, random);
    planted(shape.maps[2] as ShapeField[], { key: key(0x11), value: uint32(500_000_000 + random.int(1000)) }, random);
    return true;
  }),
  byVersion2('more inputs stated than there can be', (shape, random) => { planted(globalMap(shape), { key: key(0x04), value: sizeBytes(9_000 + random.int(1000)) }, random); return true; }),
  byVersion2('more inputs stated than the cap', (shape, random) => { planted(globalMap(shape), { key: key(0x04), value: sizeBytes(10_001 + random.int(1_000_000)) }, random); return true; }, 'psbt.too-large'),
  byVersion2('more outputs stated than the cap', (shape, random) => { planted(globalMap(shape), { key: key(0x05), value: sizeBytes(10_001 + random.int(1_000_000)) }, random); return true; }, 'psbt.too-large'),
  byVersion2('a count that is not written in its shortest form', (shape, random, { psbt }) => { planted(globalMap(shape), { key: key(0x04), value: Uint8Array.of(0xfd, psbt.inputs.length, 0) }, random); return true; }),
];
