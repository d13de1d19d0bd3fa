/** Messages signed by an address's keys: what the virtual transaction must be, and what a signature's text may hold. @see BIP322 */
import { describe, expect, test } from 'vitest';
import { concat, parseBase64, toBase64 } from '../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import { createMessagePsbt, mergeMessagePsbts, messageSignatureText } from '../../../src/psbt/messages/message-psbt.ts';
import { isMessageToSign, MAX_MESSAGE_BYTES, messageHash, messageToSign, messageToSpend } from '../../../src/psbt/messages/message-transactions.ts';
import { verifyMessage } from '../../../src/psbt/messages/verify-message.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { parseTransaction, serializeTransaction, transactionId } from '../../../src/psbt/transaction.ts';
import { fundingTransaction, hashOfTxid, signedAs, testWallet, type TestKey, type TestWallet } from '../support/psbt-builder.ts';

const code = (expected: string, details?: object): unknown => expect.objectContaining({ code: expected, ...(details === undefined ? {} : { details }) });
const wallet = testWallet(1, 1, 'regtest', 1, 'p2wpkh');
const nested = testWallet(2, 3, 'regtest', 1, 'p2sh-p2wsh');
const message = 'We hold this address.';
const at = ({ deriver }: TestWallet, index = 3) => deriver.derive(0, index);
const keyOf = (of: TestWallet, position = 0): TestKey => of.keys[position] as TestKey;
/** The wallet's message as a PSBT with signatures of its first keys. */
const signedBy = (of: TestWallet, count = of.wallet.required, changed: (psbt: Psbt) => Psbt = (psbt) => psbt): Psbt =>
  of.keys.slice(0, count).reduce<Psbt>((psbt, key) => signedAs(psbt, of, key), changed(createMessagePsbt(at(of), message)));
const textOf = (of: TestWallet, psbt: Psbt): string => messageSignatureText(combinePsbts([psbt], of.deriver), of.deriver);
const verified = (of: TestWallet, text: string) => verifyMessage(at(of).address, message, text, 'regtest');

describe('the transaction that is signed', () => {
  const toSpend = messageToSpend(at(wallet).scriptPubKey, message);
  const altered = (alter: (transaction: ReturnType<typeof messageToSign>) => void): boolean => {
    const transaction = messageToSign(toSpend);
    alter(transaction);
    return isMessageToSign(transaction, toSpend);
  };
  const nothing = Uint8Array.of(0x6a);

  test('spends the message first and pays nothing to nobody, or it is none', () => {
    expect(altered(() => undefined)).toBe(true);
    const wrong: ((transaction: ReturnType<typeof messageToSign>) => void)[] = [
      (t) => { t.ins = []; },
      (t) => { t.ins[0]!.index = 1; },
      (t) => { t.ins[0]!.hash = t.ins[0]!.hash.map((byte, offset) => (offset === 31 ? byte ^ 1 : byte)); },
      (t) => { t.outs = []; },
      (t) => { t.outs.push({ script: nothing, value: 0n }); },
      (t) => { t.outs[0]!.value = 1n; },
      (t) => { t.outs[0]!.script = Uint8Array.of(0x6a, 0x00); },
      (t) => { t.outs[0]!.script = Uint8Array.of(0x6b); },
      (t) => { t.outs[0]!.script = new Uint8Array(0); },
    ];
    expect(wrong.map(altered)).toEqual(wrong.map(() => false));
    // More inputs may follow, which are what a proof of funds is.
    expect(altered((t) => { t.ins.push({ ...t.ins[0]!, index: 5 }); })).toBe(true);
  });

  test('one that is signed and pays something proves nothing', () => {
    const generous = signedBy(wallet, 1, (psbt) => {
      const transaction = psbt.transaction.clone();
      transaction.outs[0]!.value = 1n;
      return { ...psbt, transaction };
    });
    const final = finalizePsbt(combinePsbts([generous], wallet.deriver).psbt, wallet.deriver);
    const transaction = final.transaction.clone();
    transaction.ins[0]!.witness = [...final.inputs[0]!.finalScriptWitness!];
    expect(verified(wallet, `ful${toBase64(serializeTransaction(transaction, true))}`).state).toBe('invalid');
  });

  test('a message of 10,000 bytes is signed, one of a byte more is not', () => {
    expect(messageHash('a'.repeat(MAX_MESSAGE_BYTES))).toHaveLength(32);
    expect(() => messageHash('a'.repeat(MAX_MESSAGE_BYTES + 1))).toThrow(code('message.too-long', { bytes: 10_001, limit: 10_000 }));
  });

  test('it commits to the address and the message, and to nothing else', () => {
    const id = (index: number, text: string): string => transactionId(messageToSign(messageToSpend(at(wallet, index).scriptPubKey, text)));
    expect(new Set([id(3, message), id(4, message), id(3, `${message} `)]).size).toBe(3);
    const psbt = createMessagePsbt(at(wallet), message);
    expect([psbt.inputs.length, psbt.outputs, psbt.globalFields, psbt.inputs[0]!.otherFields, psbt.inputs[0]!.partialSignatures]).toEqual([1, [{ bip32Derivations: [], otherFields: [] }], [], [], []]);
    expect(toSpend.ins.map(({ index, witness, sequence }) => [index, witness, sequence])).toEqual([[0xffff_ffff, [], 0]]);
    expect([toSpend.version, toSpend.locktime, psbt.transaction.version, psbt.transaction.ins[0]!.witness]).toEqual([0, 0, 0, []]);
  });
});

describe('files of several cosigners', () => {
  test('one of another message or address is named', () => {
    const other = createMessagePsbt(at(nested, 4), message);
    expect(() => mergeMessagePsbts(at(nested), message, [signedBy(nested, 1), other], nested.deriver)).toThrow(code('message.other', { file: 2, transaction: transactionId(other.transaction) }));
    expect(() => mergeMessagePsbts(at(nested), `${message}\n`, [signedBy(nested, 1)], nested.deriver)).toThrow(code('message.other', { file: 1, transaction: transactionId(createMessagePsbt(at(nested), message).transaction) }));
  });

  test('signatures in final scripts count, and what else a file says does not', () => {
    for (const of of [nested, testWallet(2, 3, 'regtest', 1, 'p2sh'), testWallet(2, 3)]) {
      const text = textOf(of, signedBy(of));
      const final = finalizePsbt(combinePsbts([signedBy(of)], of.deriver).psbt, of.deriver);
      expect(messageSignatureText(mergeMessagePsbts(at(of), message, [final], of.deriver), of.deriver)).toBe(text);
      expect(verified(of, text)).toMatchObject({ state: 'valid', funds: [], locktime: 0, sequence: 0 });
      const chatty = { ...signedBy(of), globalFields: [{ keyType: 0xf0, keyData: Uint8Array.of(1), value: Uint8Array.of(2) }] };
      expect(mergeMessagePsbts(at(of), message, [chatty], of.deriver).psbt.globalFields).toEqual([]);
    }
  });

  test('a quorum that is not complete has no signature', () => {
    expect(() => messageSignatureText(mergeMessagePsbts(at(nested), message, [signedBy(nested, 1)], nested.deriver), nested.deriver)).toThrow(code('psbt.incomplete'));
  });
});

describe('the text of a signature', () => {
  const simple = textOf(wallet, signedBy(wallet));
  const full = textOf(nested, signedBy(nested));

  test('has the prefix of its form, or none; white space around it is none of it', () => {
    expect([simple.slice(0, 3), full.slice(0, 3)]).toEqual(['smp', 'ful']);
    expect(verified(wallet, simple)).toEqual({ form: 'simple', state: 'valid', locktime: 0, sequence: 0, funds: [] });
    expect(verified(wallet, simple.slice(3))).toMatchObject({ form: 'simple', state: 'valid' });
    expect(verified(nested, full.slice(3))).toMatchObject({ form: 'full', state: 'valid' });
    expect(verified(wallet, `smp ${simple.slice(3)}\n`)).toMatchObject({ state: 'valid' });
    expect(() => verified(wallet, `ful${simple.slice(3)}`)).toThrow(code('message.signature-malformed', { form: 'full' }));
  });

  test('is a whole witness and nothing after it', () => {
    const bytes = parseBase64(simple.slice(3));
    for (const odd of [concat(bytes, Uint8Array.of(0)), bytes.subarray(0, -1), Uint8Array.of(0)]) {
      expect(() => verified(wallet, `smp${toBase64(odd)}`)).toThrow(code('message.signature-malformed', { form: 'simple' }));
    }
  });

  test('of a version that may get rules of its own is inconclusive', () => {
    const ofVersion = (version: number): string => {
      const psbt = signedBy(wallet, 1, (made) => {
        const transaction = made.transaction.clone();
        transaction.version = version;
        return { ...made, transaction };
      });
      const final = finalizePsbt(combinePsbts([psbt], wallet.deriver).psbt, wallet.deriver);
      const transaction = final.transaction.clone();
      transaction.ins[0]!.witness = [...final.inputs[0]!.finalScriptWitness!];
      return verified(wallet, `ful${toBase64(serializeTransaction(transaction, true))}`).state;
    };
    expect([0, 1, 2, 3].map(ofVersion)).toEqual(['valid', 'valid', 'valid', 'inconclusive']);
  });

  test('that spends more than the message says of the rest what it is worth, as a PSBT; as a transaction it cannot', () => {
    const fund = at(wallet, 9);
    const funding = fundingTransaction([{ scriptPubKey: fund.scriptPubKey, amountSats: 5_000n }, { scriptPubKey: fund.scriptPubKey, amountSats: 77_000n }]);
    const bare = createMessagePsbt(at(wallet), message);
    const transaction = bare.transaction.clone();
    transaction.ins[0]!.sequence = 5;
    transaction.ins.push({ hash: hashOfTxid(funding.txid), index: 1, script: new Uint8Array(0), sequence: 9, witness: [] });
    const empty = { partialSignatures: [], bip32Derivations: [], otherFields: [] };
    const spend = (more: object): Psbt => ({ ...bare, transaction, inputs: [...bare.inputs, { ...empty, ...more }] });
    const finals = (psbt: Psbt): Psbt => finalizePsbt(combinePsbts([signedAs(psbt, wallet, keyOf(wallet))], wallet.deriver).psbt, wallet.deriver);
    const whole = finals(spend({ nonWitnessUtxo: funding.bytes }));
    const proof = (psbt: Psbt): string => `pof${toBase64(encodePsbt(psbt))}`;
    const expected = { form: 'proof-of-funds', state: 'valid', locktime: 0, sequence: 5, funds: [{ outpoint: `${funding.txid}:1`, amountSats: 77_000n }] };
    expect(verified(wallet, proof(whole))).toEqual(expected);
    // A witness UTXO states the same of what is spent; nothing at all states nothing.
    const [first, second] = whole.inputs as [Psbt['inputs'][number], Psbt['inputs'][number]];
    const { nonWitnessUtxo: _, ...claimed } = second;
    expect(verified(wallet, proof({ ...whole, inputs: [first, { ...claimed, witnessUtxo: { scriptPubKey: fund.scriptPubKey, amountSats: 77_000n } }] }))).toEqual(expected);
    expect(verified(wallet, proof({ ...whole, inputs: [first, { ...claimed, witnessUtxo: { scriptPubKey: fund.scriptPubKey, amountSats: 77_001n } }] })).state).toBe('invalid');
    expect(() => verified(wallet, proof({ ...whole, inputs: [first, { ...claimed, finalScriptWitness: second.finalScriptWitness! }].map((input, index) => (index === 1 ? (({ witnessUtxo: __, ...rest }) => rest)(input) : input)) }))).toThrow(code('message.signature-malformed', { form: 'proof-of-funds' }));
    const unsigned = { ...whole, inputs: [first, { ...empty, nonWitnessUtxo: funding.bytes }] };
    expect(verified(wallet, proof(unsigned)).state).toBe('invalid');
    const network = whole.transaction.clone();
    network.ins.forEach((input, index) => { input.witness = [...whole.inputs[index]!.finalScriptWitness!]; });
    expect(parseTransaction(serializeTransaction(network, true)).transaction.ins).toHaveLength(2);
    expect(() => verified(wallet, `ful${toBase64(serializeTransaction(network, true))}`)).toThrow(code('message.signature-malformed', { form: 'full' }));
  });
});
