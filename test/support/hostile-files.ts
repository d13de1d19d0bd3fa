/** Files under 16 MiB that are well-formed, and made to take as much memory and time as a file can. */
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { concat, parseHex } from '../../src/domain/bytes.ts';
import { ByteWriter } from '../../src/domain/byte-writer.ts';
import { MAX_PSBT_BYTES, MAX_PSBT_INPUTS, MAX_PSBT_ITEMS, MAX_PSBT_OUTPUTS } from '../../src/psbt/psbt.ts';
import { serializeTransaction } from '../../src/psbt/transaction.ts';
import { testPaper } from '../unit/support/paper-sweep-builder.ts';
import { fundingTransaction, hashOfTxid, strangerScript, type TestWallet } from '../unit/support/psbt-builder.ts';

/** Whose outputs the file of signed parents spends. */
export const paper = testPaper(1);
const none = new Uint8Array(0);
const end = Uint8Array.of(0);
const pair = (key: Uint8Array, value: Uint8Array): Uint8Array => new ByteWriter().sized(key).sized(value).bytes();
const numbered = (length: number, number: number, first: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(length - 4, number);
  bytes[0] = first;
  return bytes;
};
interface Parts {
  readonly inputs?: readonly { readonly hash: Uint8Array; readonly index: number }[];
  readonly outputs?: readonly { readonly script: Uint8Array; readonly value: bigint }[];
}
const outpoints = (count: number) => Array.from({ length: count }, (_, index) => ({ hash: new Uint8Array(32).fill(9), index }));
const payment = [{ script: strangerScript(), value: 1000n }];

/** A file of these maps. */
function fileOf({ inputs = outpoints(1), outputs = payment }: Parts, globals: readonly Uint8Array[], inputMap: (index: number) => readonly Uint8Array[], outputMap: (index: number) => readonly Uint8Array[] = () => []): Uint8Array {
  const transaction = new Transaction();
  transaction.version = 2;
  transaction.ins = inputs.map((input) => ({ ...input, script: none, sequence: 0, witness: [] }));
  transaction.outs = outputs.map((output) => ({ ...output }));
  return joined([
    parseHex('70736274ff'), pair(Uint8Array.of(0), serializeTransaction(transaction, false)), ...globals, end,
    ...inputs.flatMap((_, index) => [...inputMap(index), end]), ...outputs.flatMap((_, index) => [...outputMap(index), end]),
  ]);
}

/** One array of any number of parts: a call takes only so many arguments. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
const items = MAX_PSBT_ITEMS - 20;
const perInput = Math.floor(items / MAX_PSBT_INPUTS);
const listed = (count: number, make: (number: number) => Uint8Array): Uint8Array[] => Array.from({ length: Math.floor(count) }, (_, number) => make(number));
/** As many parts as fit under the cap. */
const room = (each: number, fixed = 4096): number => Math.floor((MAX_PSBT_BYTES - fixed) / each);

const makers = {
  /** Nothing but fields without a meaning. */
  fields: () => fileOf({}, listed(items, (number) => pair(numbered(5, number, 0xf0), none)), () => []),
  'fields of inputs': () => fileOf({ inputs: outpoints(MAX_PSBT_INPUTS) }, [], (index) => listed(perInput - 1, (number) => pair(numbered(5, index * 64 + number, 0xf0), none))),
  'witness items': () => fileOf({}, [], () => [pair(Uint8Array.of(8), new ByteWriter().compactSize(items - 10).raw(new Uint8Array(items - 10)).bytes())]),
  /** Signatures of no cosigner, of a type that is forbidden: two findings each. */
  signatures: () => fileOf({ inputs: outpoints(9_000) }, [], (index) => listed(room(34 + 2 + 2 + 9, 9_000 * 45) / 9_000, (number) => pair(concat(Uint8Array.of(2), numbered(33, index * 64 + number, 2)), parseHex('300602010102010102')))),
  /** Origins that claim the key at hand and lie. */
  origins: ({ keys: [key] }: TestWallet) => fileOf({ inputs: outpoints(9_000) }, [], (index) => listed(Math.min(perInput + 3, room(36 + 9, 9_000 * 45) / 9_000), (number) => pair(concat(Uint8Array.of(6), numbered(33, index * 64 + number, 2)), concat(parseHex(key!.fingerprint), numbered(4, 1, 0))))),
  'long paths': ({ keys: [key] }: TestWallet) => fileOf({ inputs: outpoints(3) }, [], () => [pair(concat(Uint8Array.of(6), numbered(33, 1, 2)), concat(parseHex(key!.fingerprint), new Uint8Array(4 * 1_040_000)))]),
  /** Output scripts as long as the report shows, of data; of version 2, where one transaction of more than 4 MiB can stand. */
  data: () => {
    const scripts = listed(room(9_960), (number) => concat(parseHex('6a4dac26'), numbered(9_900, number, 7)));
    const number32 = (value: number): Uint8Array => Uint8Array.of(value & 255, value >> 8, 0, 0);
    return joined([
      parseHex('70736274ff'), pair(Uint8Array.of(2), number32(2)), pair(Uint8Array.of(4), Uint8Array.of(1)), pair(Uint8Array.of(5), new ByteWriter().compactSize(scripts.length).bytes()), pair(Uint8Array.of(0xfb), number32(2)), end,
      pair(Uint8Array.of(0x0e), new Uint8Array(32).fill(9)), pair(Uint8Array.of(0x0f), number32(0)), end,
      ...scripts.flatMap((script) => [pair(Uint8Array.of(3), new Uint8Array(8)), pair(Uint8Array.of(4), script), end]),
    ]);
  },
  outputs: () => fileOf({ outputs: Array.from({ length: MAX_PSBT_OUTPUTS }, (_, index) => ({ script: concat(Uint8Array.of(0, 0x20), numbered(32, index, 5)), value: 1n })) }, [], () => [], () => listed(33, (number) => pair(numbered(5, number, 0xf0), none))),
  /** Previous transactions of 16 kB with a thousand witness items each. */
  parents: ({ deriver }: TestWallet) => {
    const { scriptPubKey } = deriver.derive(0, 0);
    const fundings = Array.from({ length: 900 }, (_, number) => fundingTransaction([{ scriptPubKey, amountSats: 10_000n }, ...Array.from({ length: 520 }, () => ({ scriptPubKey: strangerScript(), amountSats: 1n }))], number));
    return fileOf({ inputs: fundings.map(({ txid }) => ({ hash: hashOfTxid(txid), index: 0 })) }, [], (index) => [pair(Uint8Array.of(0), fundings[index]!.bytes)]);
  },
  /** The same of taproot outputs of a paper key, each of which is to be signed. */
  'parents that are signed': () => {
    const { scriptPubKey } = paper.output('p2tr');
    const fundings = Array.from({ length: 900 }, (_, number) => fundingTransaction([{ scriptPubKey, amountSats: 10_000n }, ...Array.from({ length: 520 }, () => ({ scriptPubKey: strangerScript(), amountSats: 1n }))], number));
    return fileOf({ inputs: fundings.map(({ txid }) => ({ hash: hashOfTxid(txid), index: 0 })), outputs: [{ script: strangerScript(), value: 8_900_000n }] }, [], (index) => [pair(Uint8Array.of(0), fundings[index]!.bytes)]);
  },
  /** Four previous transactions of four hundred thousand outputs each. */
  'outputs of parents': () => {
    const fundings = Array.from({ length: 4 }, (_, number) => fundingTransaction(Array.from({ length: 455_000 }, () => ({ scriptPubKey: none, amountSats: 1n })), number));
    return fileOf({ inputs: fundings.map(({ txid }) => ({ hash: hashOfTxid(txid), index: 454_000 })) }, [], (index) => [pair(Uint8Array.of(0), fundings[index]!.bytes)]);
  },
  /** As many findings as an input and an output can have, on ten thousand of each. */
  findings: ({ keys: [key] }: TestWallet) => {
    const origin = (number: number): Uint8Array => concat(parseHex(key!.fingerprint), parseHex('300000800000008000000080020000800900000001000000'.slice(0, 48)), numbered(4, number & 1, 0));
    const amount = new Uint8Array(8).fill(0xff);
    const input = (index: number): Uint8Array[] => [
      pair(Uint8Array.of(1), concat(amount, Uint8Array.of(25), parseHex('76a914'), numbered(20, index, 3), parseHex('88ac'))),
      pair(concat(Uint8Array.of(2), numbered(33, index, 2)), parseHex('300602010102010102')),
      pair(Uint8Array.of(3), Uint8Array.of(2, 0, 0, 0)),
      pair(Uint8Array.of(4), Uint8Array.of(0x51)), pair(Uint8Array.of(5), Uint8Array.of(0x52)),
      pair(concat(Uint8Array.of(6), numbered(33, index, 2)), origin(index)),
      pair(Uint8Array.of(7), Uint8Array.of(0x51)),
      pair(Uint8Array.of(0x13), concat(new Uint8Array(64).fill(5), Uint8Array.of(2))),
      pair(Uint8Array.of(0x18), new Uint8Array(32).fill(7)),
      pair(numbered(5, index, 0xf0), none),
    ];
    const output = (index: number): Uint8Array[] => [pair(Uint8Array.of(0), Uint8Array.of(0x51)), pair(concat(Uint8Array.of(2), numbered(33, index, 2)), origin(index)), pair(numbered(5, index, 0xf0), none)];
    const outputs = Array.from({ length: MAX_PSBT_OUTPUTS }, (_, index) => ({ script: index % 2 === 0 ? Uint8Array.of(0x6a, 1, 2) : concat(Uint8Array.of(0x52, 0x20), numbered(32, index, 5)), value: index % 3 === 0 ? -1n : 0n }));
    return fileOf({ inputs: Array.from({ length: MAX_PSBT_INPUTS }, () => ({ hash: new Uint8Array(32).fill(9), index: 1 })), outputs }, [], input, output);
  },
  /** Ten thousand inputs of the wallet, each with its previous transaction. */
  inputs: ({ deriver }: TestWallet) => {
    const { scriptPubKey } = deriver.derive(0, 0);
    const fundings = Array.from({ length: MAX_PSBT_INPUTS }, (_, number) => fundingTransaction([{ scriptPubKey, amountSats: 10_000n }], number));
    return fileOf({ inputs: fundings.map(({ txid }) => ({ hash: hashOfTxid(txid), index: 0 })) }, [], (index) => [pair(Uint8Array.of(0), fundings[index]!.bytes), ...listed(perInput - 3, (number) => pair(numbered(5, number, 0xf0), none))]);
  },
} as const satisfies Readonly<Record<string, (wallet: TestWallet) => Uint8Array>>;

export type HostileName = keyof typeof makers;
export const hostileNames = Object.keys(makers) as readonly HostileName[];

/** @throws when it is over the cap, and so no case of this list */
export function hostileFile(name: HostileName, wallet: TestWallet): Uint8Array {
  const bytes = makers[name](wallet);
  if (bytes.length > MAX_PSBT_BYTES) throw new Error(`${name}: ${bytes.length} bytes are refused by their number`);
  return bytes;
}
