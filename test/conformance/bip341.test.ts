import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../src/domain/bytes.ts';
import { createSighasherTaproot } from '../../src/psbt/sighash-taproot.ts';
import { keyPathOutputKey, keyPathTweak } from '../../src/wallet/taproot.ts';
import { parseTransaction } from '../../src/psbt/transaction.ts';
import { libsecp256k1 } from '../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../src/signer/curve-noble.ts';
import { signSchnorrAgreed } from '../../src/signer/schnorr-signer.ts';
import { useKeyPathPrivateKey } from '../../src/signer/key-path-private-key.ts';
import { addressOfScript } from '../../src/wallet/address.ts';
import { isXOnlyPoint } from '../../src/wallet/secp256k1-public.ts';

interface Vectors {
  readonly scriptPubKey: readonly { given: { internalPubkey: string; scriptTree: unknown }; intermediary: { tweak: string; tweakedPubkey: string }; expected: { scriptPubKey: string; bip350Address: string } }[];
  readonly keyPathSpending: readonly {
    given: { rawUnsignedTx: string; utxosSpent: { scriptPubKey: string; amountSats: number }[] };
    inputSpending: { given: { txinIndex: number; internalPrivkey: string; merkleRoot: string | null; hashType: number }; intermediary: { internalPubkey: string; tweak: string; tweakedPrivkey: string; sigHash: string }; expected: { witness: string[] } }[];
  }[];
}
const file = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip341/wallet-test-vectors.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const keyPathOnly = vectors.scriptPubKey.filter(({ given }) => given.scriptTree === null);
const [spending] = vectors.keyPathSpending;
const transaction = parseTransaction(parseHex(spending?.given.rawUnsignedTx ?? '')).transaction;
const spent = (spending?.given.utxosSpent ?? []).map(({ scriptPubKey, amountSats }) => ({ scriptPubKey: parseHex(scriptPubKey), amountSats: BigInt(amountSats) }));
const inputs = spending?.inputSpending ?? [];

test('the vectors are there: one output without a tree (six have one, which single keys never do), seven inputs', () => {
  expect(vectors.scriptPubKey).toHaveLength(7);
  expect(keyPathOnly).toHaveLength(1);
  expect(vectors.keyPathSpending).toHaveLength(1);
  expect(inputs).toHaveLength(7);
});

test.each(keyPathOnly)('BIP341, output without a script tree: $expected.bip350Address', ({ given, intermediary, expected }) => {
  const internalKey = parseHex(given.internalPubkey);
  expect(toHex(keyPathTweak(internalKey))).toBe(intermediary.tweak);
  const outputKey = keyPathOutputKey(internalKey) as Uint8Array;
  expect(toHex(outputKey)).toBe(intermediary.tweakedPubkey);
  expect(isXOnlyPoint(outputKey)).toBe(true);
  const script = concat(Uint8Array.of(0x51, 0x20), outputKey);
  expect(toHex(script)).toBe(expected.scriptPubKey);
  expect(addressOfScript(script, 'mainnet')).toBe(expected.bip350Address);
});

test.each(inputs)('BIP341, key-path spending: the hash of input $given.txinIndex, sighash type $given.hashType', ({ given, intermediary }) => {
  const hash = createSighasherTaproot(transaction, spent).hash(given.txinIndex, given.hashType, null);
  expect(hash === null ? null : toHex(hash)).toBe(intermediary.sigHash);
});

test.each(inputs)('BIP341, key-path spending: the witness of input $given.txinIndex, made by two implementations', ({ given, intermediary, expected }) => {
  const hash = createSighasherTaproot(transaction, spent).hash(given.txinIndex, given.hashType, null) as Uint8Array;
  const outputKey = spent[given.txinIndex]?.scriptPubKey.subarray(2) as Uint8Array;
  const signature = useKeyPathPrivateKey(parseHex(given.internalPrivkey), parseHex(intermediary.tweak), outputKey, (privateKey) => {
    expect(toHex(privateKey)).toBe(intermediary.tweakedPrivkey);
    return signSchnorrAgreed({ first: libsecp256k1, second: nobleCurves }, hash, privateKey, outputKey);
  });
  const item = given.hashType === 0 ? signature : concat(signature, Uint8Array.of(given.hashType));
  expect([toHex(item)]).toEqual(expected.witness);
});
