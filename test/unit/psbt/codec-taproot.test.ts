/** The forms of BIP371's fields, beyond the lengths that its own vectors try. */
import { expect, test } from 'vitest';
import { concat } from '../../../src/domain/bytes.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { MAGIC, mapOf, raw, size, sized, transactionOf, type RawField } from './codec-maps.ts';

const outpoint = { txid: new Uint8Array(32).fill(7), vout: 0, sequence: 0 };
const transaction = raw(0x00, transactionOf(2, [outpoint], [{ amountSats: 1n, script: Uint8Array.of(0x51) }], 0));
const withFields = (input: readonly RawField[], output: readonly RawField[]): Uint8Array => concat(MAGIC, mapOf([transaction]), mapOf(input), mapOf(output));
const ofInput = (keyType: number, keyBytes: Uint8Array, value: Uint8Array): Uint8Array => withFields([raw(concat(size(keyType), keyBytes), value)], []);
const ofOutput = (keyType: number, keyBytes: Uint8Array, value: Uint8Array): Uint8Array => withFields([], [raw(concat(size(keyType), keyBytes), value)]);
const zeros = (length: number): Uint8Array => new Uint8Array(length);
const none = zeros(0);
const control = (first: number, steps: number): Uint8Array => concat(Uint8Array.of(first), zeros(32 + 32 * steps));
const leafScript = (version: number): Uint8Array => Uint8Array.of(0x51, version);
/** Leaves as pairs of depth and version, each with a script of one byte. */
const treeOf = (...leaves: readonly (readonly [depth: number, version?: number])[]): Uint8Array => concat(...leaves.map(([depth, version = 0xc0]) => concat(Uint8Array.of(depth, version), sized(Uint8Array.of(0x51)))));
const chain = (depth: number): Uint8Array => treeOf(...Array.from({ length: depth }, (_, at): [number] => [at + 1]), [depth]);

test.each<[string, Uint8Array]>([
  ['a control block without a path, of either parity', ofInput(0x15, control(0xc1, 0), leafScript(0xc0))],
  ['a control block of 128 steps', ofInput(0x15, control(0xc0, 128), leafScript(0xc0))],
  ['a leaf of another version', ofInput(0x15, control(0x66, 1), leafScript(0x66))],
  ['a leaf without a script', ofInput(0x15, control(0xc0, 1), Uint8Array.of(0xc0))],
  ['an origin without leaves', ofInput(0x16, zeros(32), concat(size(0), zeros(4)))],
  ['an origin with two leaves and a path', ofOutput(0x07, zeros(32), concat(size(2), zeros(64), zeros(12)))],
  ['a tree of one leaf', ofOutput(0x06, none, treeOf([0]))],
  ['a tree of three leaves', ofOutput(0x06, none, treeOf([2], [2], [1]))],
  ['a tree as deep as may be', ofOutput(0x06, none, chain(128))],
])('read: %s', (_title, bytes) => {
  expect(decodePsbt(bytes).version).toBe(0);
});

test.each<[string, Uint8Array]>([
  ['a control block of 129 steps', ofInput(0x15, control(0xc0, 129), leafScript(0xc0))],
  ['a control block that ends within a step', ofInput(0x15, zeros(34), leafScript(0x00))],
  ['a control block without a key', ofInput(0x15, Uint8Array.of(0xc0), leafScript(0xc0))],
  ['a leaf without a version', ofInput(0x15, control(0xc0, 0), none)],
  ['a leaf whose version is not that of its control block', ofInput(0x15, control(0xc0, 0), leafScript(0xc2))],
  ['a leaf of an odd version', ofInput(0x15, control(0xc1, 0), leafScript(0xc1))],
  ['an internal key of 33 bytes', ofInput(0x17, none, zeros(33))],
  ['an internal key with key data', ofInput(0x17, Uint8Array.of(1), zeros(32))],
  ['a merkle root of 31 bytes', ofInput(0x18, none, zeros(31))],
  ['a signature with key data', ofInput(0x13, Uint8Array.of(1), zeros(64))],
  ['a leaf signature whose key lacks the leaf', ofInput(0x14, zeros(32), zeros(64))],
  ['an origin of a key of 33 bytes', ofInput(0x16, zeros(33), concat(size(0), zeros(4)))],
  ['an origin that states more leaves than it has', ofInput(0x16, zeros(32), concat(size(2), zeros(32), zeros(4)))],
  ['an origin that states more leaves than memory has', ofInput(0x16, zeros(32), concat(Uint8Array.of(0xff, 0, 0, 0, 0, 0, 0, 16, 0), zeros(4)))],
  ['an origin without a fingerprint', ofInput(0x16, zeros(32), size(0))],
  ['an origin whose path ends within a step', ofOutput(0x07, zeros(32), concat(size(0), zeros(6)))],
  ['a tree with key data', ofOutput(0x06, Uint8Array.of(1), treeOf([0]))],
  ['a tree without leaves', ofOutput(0x06, none, none)],
  ['a tree that lacks a branch', ofOutput(0x06, none, treeOf([1]))],
  ['a tree that lacks the branch beside a deeper one', ofOutput(0x06, none, treeOf([2], [1]))],
  ['two trees', ofOutput(0x06, none, treeOf([0], [0]))],
  ['a leaf after a whole tree', ofOutput(0x06, none, treeOf([1], [1], [1]))],
  ['a tree that is too deep', ofOutput(0x06, none, chain(129))],
  ['a leaf of a tree with an odd version', ofOutput(0x06, none, treeOf([0, 0xc1]))],
  ['a tree that is cut off', ofOutput(0x06, none, treeOf([1], [1]).subarray(0, -1))],
])('psbt.malformed: %s', (_title, bytes) => {
  expect(() => decodePsbt(bytes)).toThrow(expect.objectContaining({ code: 'psbt.malformed' }));
});
