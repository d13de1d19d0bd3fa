import { taggedHash } from 'bitcoinjs-lib/src/crypto';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import * as secp from 'tiny-secp256k1';
import { describe, expect, test } from 'vitest';
import { concat } from '../../../src/domain/bytes.ts';
import { checkInput } from '../../../src/companion/practice/input-check.ts';
import { provenLeaf, readLeafQuorum } from '../../../src/companion/practice/leaf-check.ts';
import { readTransaction, sealTransaction, type Coin, type PracticeTransaction } from '../../../src/companion/practice/practice-transaction.ts';
import { isQuorumScript, walletScripts } from '../../../src/domain/wallet-script.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import { honestPsbt, signedAs, testWallet } from '../support/psbt-builder.ts';
import { controlBlock, leafScript, p2pkh, p2sh, p2shP2wpkh, p2shP2wsh, p2tr, p2trMulti, p2wpkh, p2wsh, spend, spenders } from './spenders.ts';

const coinOf = (scriptPubKey: Uint8Array, number = 1): Coin => ({ txid: String(number).repeat(64), vout: 0, amountSats: 100_000n, scriptPubKey, height: 1, coinbase: false });
const payment = [{ script: p2wpkh.scriptPubKey, sats: 90_000n }];
const verdict = (transaction: Transaction, coins: readonly Coin[], index = 0): string => checkInput(sealTransaction(transaction), index, coins);

describe.each(spenders.map((spender) => [spender.name, spender] as const))('%s', (name, spender) => {
  const coins = [coinOf(spender.scriptPubKey, 1), coinOf(p2wpkh.scriptPubKey, 2)];
  const isTaproot = spender === p2tr;

  test('a right signature spends', () => {
    const transaction = spend({ coins, outputs: payment });
    expect([verdict(transaction, coins, 0), verdict(transaction, coins, 1)]).toEqual(['valid', 'valid']);
  });

  test.each([1, 2, 3, 0x81, 0x82, 0x83])('sighash type %i is honoured', (sighashType) => {
    const transaction = spend({ coins, outputs: [...payment, { script: p2wpkh.scriptPubKey, sats: 1_000n }], faults: { sighashType } });
    expect(verdict(transaction, coins)).toBe('valid');
    (transaction.outs[0] as Transaction['outs'][number]).value -= 1n;
    // NONE signs no output, the others sign the first.
    expect(verdict(transaction, coins)).toBe((sighashType & 0x1f) === 2 ? 'valid' : 'invalid');
  });

  test('a signature does not survive a changed output, sequence or locktime', () => {
    const transaction = spend({ coins, outputs: payment });
    const output = transaction.clone();
    (output.outs[0] as Transaction['outs'][number]).value += 1n;
    const sequence = transaction.clone();
    (sequence.ins[0] as Transaction['ins'][number]).sequence = 1;
    const locktime = transaction.clone();
    locktime.locktime = 7;
    expect([output, sequence, locktime].map((changed) => verdict(changed, coins))).toEqual(['invalid', 'invalid', 'invalid']);
  });

  test('segwit signatures commit to the amount, legacy ones do not', () => {
    const transaction = spend({ coins, outputs: payment, faults: { amountSats: 99_999n } });
    expect(verdict(transaction, coins)).toBe(spender === p2pkh || spender === p2sh ? 'valid' : 'invalid');
  });

  test('an input without script and witness spends nothing', () => {
    const transaction = spend({ coins, outputs: payment });
    transaction.setInputScript(0, new Uint8Array(0));
    transaction.setWitness(0, []);
    expect(verdict(transaction, coins)).toBe('invalid');
  });

  test('an undefined sighash type spends nothing', () => {
    const transaction = spend({ coins, outputs: payment });
    const [input] = transaction.ins as [Transaction['ins'][number]];
    if (spender === p2trMulti) transaction.setWitness(0, input.witness.map((item) => (item.length === 64 ? concat(item, Uint8Array.of(0)) : item)));
    else if (isTaproot) transaction.setWitness(0, [concat(input.witness[0] as Uint8Array, Uint8Array.of(0))]);
    else if (input.witness.length > 0) transaction.setWitness(0, input.witness.map((item) => (item[0] === 0x30 ? concat(item.subarray(0, -1), Uint8Array.of(4)) : item)));
    else return expect(name).toMatch(/^P2PKH$|^P2SH multisig$/);
    expect(verdict(transaction, coins)).toBe('invalid');
  });
});

test('native witness inputs with a script signature are malleated', () => {
  for (const spender of [p2wpkh, p2wsh, p2tr, p2trMulti]) {
    const coins = [coinOf(spender.scriptPubKey)];
    const transaction = spend({ coins, outputs: payment });
    transaction.setInputScript(0, Uint8Array.of(0x51));
    expect(verdict(transaction, coins)).toBe('invalid');
  }
});

test('a witness on a legacy input is refused', () => {
  for (const spender of [p2pkh, p2sh]) {
    const coins = [coinOf(spender.scriptPubKey)];
    const transaction = spend({ coins, outputs: payment });
    transaction.setWitness(0, [Uint8Array.of(1)]);
    expect(verdict(transaction, coins)).toBe('invalid');
  }
});

test('a script signature that does more than push is refused as policy', () => {
  for (const spender of [p2pkh, p2sh, p2shP2wpkh]) {
    const coins = [coinOf(spender.scriptPubKey)];
    const transaction = spend({ coins, outputs: payment });
    transaction.setInputScript(0, concat(Uint8Array.of(0x61), transaction.ins[0]?.script ?? new Uint8Array(0)));
    expect(verdict(transaction, coins)).toBe('policy');
  }
});

describe('multisig', () => {
  const coins = [coinOf(p2wsh.scriptPubKey)];
  const witnessOf = (transaction: Transaction): Uint8Array[] => [...(transaction.ins[0]?.witness ?? [])];
  const changed = (change: (witness: Uint8Array[]) => Uint8Array[]): string => {
    const transaction = spend({ coins, outputs: payment });
    transaction.setWitness(0, change(witnessOf(transaction)));
    return verdict(transaction, coins);
  };

  test('BIP147: the dummy is empty', () => {
    expect(changed(([, ...rest]) => [Uint8Array.of(0), ...rest])).toBe('invalid');
  });
  test('signatures stand in the order of the keys', () => {
    expect(changed(([dummy, first, second, script]) => [dummy, second, first, script] as Uint8Array[])).toBe('invalid');
  });
  test('one signature does not count twice', () => {
    expect(changed(([dummy, first, , script]) => [dummy, first, first, script] as Uint8Array[])).toBe('invalid');
  });
  test('neither too few signatures nor too many', () => {
    expect(changed(([dummy, first, , script]) => [dummy, first, script] as Uint8Array[])).toBe('invalid');
    expect(changed(([dummy, first, second, script]) => [dummy, first, second, second, script] as Uint8Array[])).toBe('invalid');
  });
  test('an empty signature is none', () => {
    expect(changed(([dummy, first, , script]) => [dummy, first, new Uint8Array(0), script] as Uint8Array[])).toBe('invalid');
  });
  test('another witness script is not the one that was paid', () => {
    expect(changed((witness) => [...witness.slice(0, -1), Uint8Array.of(0x51)])).toBe('invalid');
  });
  test('a P2SH-P2WSH script signature holds the redeem script alone', () => {
    const nested = [coinOf(p2shP2wsh.scriptPubKey)];
    const transaction = spend({ coins: nested, outputs: payment });
    transaction.setInputScript(0, concat(Uint8Array.of(0x51), transaction.ins[0]?.script as Uint8Array));
    expect(verdict(transaction, nested)).toBe('invalid');
  });
});

test('scripts that the practice network does not run are refused as policy, not spent', () => {
  for (const script of [Uint8Array.of(0x51), Uint8Array.of(0x6a, 0x01, 0x00), concat(Uint8Array.of(0x52, 0x20), new Uint8Array(32)), concat(Uint8Array.of(0x21), new Uint8Array(33).fill(2), Uint8Array.of(0xac))]) {
    const coins = [coinOf(script)];
    const transaction = new Transaction();
    transaction.addInput(new Uint8Array(32).fill(0x11), 0);
    transaction.addOutput(p2wpkh.scriptPubKey, 90_000n);
    expect(verdict(transaction, coins)).toBe('policy');
  }
});

describe.each(walletScripts.map((script) => ({ script })))('a wallet of $script', ({ script }) => {
  test('spends on the practice network with what is finalized here, which shares no code with this check', () => {
    const wallet = testWallet(isQuorumScript(script) ? 2 : 1, isQuorumScript(script) ? 3 : 1, 'regtest', 1, script);
    const unsigned = honestPsbt({ wallet });
    const signed = wallet.keys.slice(-wallet.wallet.required).map((key) => signedAs(unsigned, wallet, key));
    const { bytes } = extractTransaction(finalizePsbt(combinePsbts(signed, wallet.deriver).psbt, wallet.deriver));
    const practice = readTransaction(bytes) as PracticeTransaction;
    const coins = practice.inputs.map(({ txid, vout }, index): Coin => {
      const output = Transaction.fromBuffer(unsigned.inputs[index]?.nonWitnessUtxo as Uint8Array).outs[vout] as Transaction['outs'][number];
      return { txid, vout, amountSats: output.value, scriptPubKey: output.script, height: 1, coinbase: false };
    });
    expect(coins.map((_, index) => checkInput(practice, index, coins))).toEqual(['valid', 'valid']);
    const [first, second] = coins as [Coin, Coin];
    const isLegacy = script === 'p2sh' || script === 'p2pkh';
    expect(checkInput(practice, 0, [{ ...first, amountSats: first.amountSats + 1n }, second])).toBe(isLegacy ? 'valid' : 'invalid');
  });
});

test('a taproot annex is refused as policy, on either path', () => {
  for (const spender of [p2tr, p2trMulti]) {
    const coins = [coinOf(spender.scriptPubKey)];
    const transaction = spend({ coins, outputs: payment });
    transaction.setWitness(0, [...(transaction.ins[0]?.witness ?? []), Uint8Array.of(0x50, 0x01)]);
    expect(verdict(transaction, coins)).toBe('policy');
  }
});

describe('a quorum in a taproot leaf', () => {
  const coins = [coinOf(p2trMulti.scriptPubKey)];
  const changed = (change: (witness: Uint8Array[]) => readonly (Uint8Array | undefined)[]): string => {
    const transaction = spend({ coins, outputs: payment });
    transaction.setWitness(0, change([...(transaction.ins[0]?.witness ?? [])]) as Uint8Array[]);
    return verdict(transaction, coins);
  };
  const empty = new Uint8Array(0);

  test('every key has its item, and exactly as many signatures as required stand in their places', () => {
    expect(changed((witness) => witness)).toBe('valid');
    expect(changed(([third, second, first, ...rest]) => [first, second, third, ...rest])).toBe('invalid');
    expect(changed(([third, , , ...rest]) => [third, empty, empty, ...rest])).toBe('invalid');
    expect(changed(([third, , first, ...rest]) => [third, third, first, ...rest])).toBe('invalid');
    expect(changed(([third, , first, ...rest]) => [third, first, ...rest])).toBe('invalid');
    expect(changed((witness) => [empty, ...witness])).toBe('invalid');
  });

  test('the control block must prove the leaf: version, parity, internal key and path', () => {
    const withBlock = (block: Uint8Array): string => changed((witness) => [...witness.slice(0, -1), block]);
    expect(withBlock(controlBlock.map((byte, at) => (at === 0 ? byte ^ 1 : byte)))).toBe('invalid');
    expect(withBlock(controlBlock.map((byte, at) => (at === 0 ? 0xc2 | (byte & 1) : byte)))).toBe('invalid');
    expect(withBlock(controlBlock.map((byte, at) => (at === 9 ? byte ^ 1 : byte)))).toBe('invalid');
    expect(withBlock(concat(controlBlock, new Uint8Array(32)))).toBe('invalid');
    expect(withBlock(controlBlock.subarray(0, 32))).toBe('invalid');
    expect(withBlock(concat(controlBlock, new Uint8Array(32 * 129)))).toBe('invalid');
  });

  test('another script is not in the output', () => {
    expect(changed((witness) => [...witness.slice(0, -2), leafScript.map((byte, at) => (at === leafScript.length - 2 ? 0x51 : byte)), controlBlock])).toBe('invalid');
  });
});

test('a leaf that is proven, and is no quorum or of another version, is refused as policy', () => {
  const nobody = controlBlock.subarray(1);
  for (const [version, script] of [[0xc0, Uint8Array.of(0x51)], [0xc2, leafScript]] as const) {
    const leafHash = taggedHash('TapLeaf', concat(Uint8Array.of(version, script.length), script));
    const output = secp.xOnlyPointAddTweak(nobody, taggedHash('TapTweak', concat(nobody, leafHash))) as { xOnlyPubkey: Uint8Array; parity: number };
    const coins = [coinOf(concat(Uint8Array.of(0x51, 0x20), output.xOnlyPubkey))];
    const transaction = new Transaction();
    transaction.addInput(new Uint8Array(32).fill(0x11), 0);
    transaction.addOutput(p2wpkh.scriptPubKey, 90_000n);
    transaction.setWitness(0, [script, concat(Uint8Array.of(version | output.parity), nobody)]);
    expect(verdict(transaction, coins)).toBe('policy');
    transaction.setWitness(0, [script, concat(Uint8Array.of(version | (output.parity ^ 1)), nobody)]);
    expect(verdict(transaction, coins)).toBe('invalid');
  }
});

test('a quorum in one of two leaves: the path to the root is part of the proof', () => {
  const nobody = controlBlock.subarray(1);
  const leafOf = (script: Uint8Array): Uint8Array => taggedHash('TapLeaf', concat(Uint8Array.of(0xc0, script.length), script));
  const own = leafOf(leafScript);
  for (const beside of [new Uint8Array(32), new Uint8Array(32).fill(0xff)]) {
    const root = taggedHash('TapBranch', beside[0] === 0 ? concat(beside, own) : concat(own, beside));
    const output = secp.xOnlyPointAddTweak(nobody, taggedHash('TapTweak', concat(nobody, root))) as { xOnlyPubkey: Uint8Array; parity: number };
    const block = concat(Uint8Array.of(0xc0 | output.parity), nobody, beside);
    expect(provenLeaf(output.xOnlyPubkey, leafScript, block)).toEqual(own);
    expect(provenLeaf(output.xOnlyPubkey, leafScript, block.subarray(0, 33))).toBeNull();
  }
});

test('a quorum of seventeen keys: its leaf\'s length takes three bytes', () => {
  const wallet = testWallet(17, 17, 'regtest', 1, 'p2tr-multi');
  const { taproot } = wallet.deriver.derive(0, 0);
  const leaf = taproot?.leaf as NonNullable<NonNullable<typeof taproot>['leaf']>;
  expect(leaf.script.length).toBeGreaterThan(0xfd);
  expect(provenLeaf(taproot?.outputKey as Uint8Array, leaf.script, leaf.controlBlock)).toEqual(leaf.hash);
  expect(readLeafQuorum(leaf.script)).toMatchObject({ required: 17 });
});

describe('leaves that are read', () => {
  const key = leafScript.subarray(1, 33);
  const one = concat(Uint8Array.of(0x20), key);
  test.each([
    ['one of one', concat(one, Uint8Array.of(0xac, 0x51, 0x9c)), 1],
    ['two of three', leafScript, 2],
    ['seventeen of seventeen, a number of one byte', concat(one, Uint8Array.of(0xac), ...Array.from({ length: 16 }, () => concat(one, Uint8Array.of(0xba))), Uint8Array.of(0x01, 17, 0x9c)), 17],
  ])('%s', (_, script, required) => {
    expect(readLeafQuorum(script)?.required).toBe(required);
  });
  test.each([
    ['a quorum of none', concat(one, Uint8Array.of(0xac, 0x00, 0x9c))],
    ['more than there are keys', concat(one, Uint8Array.of(0xac, 0x52, 0x9c))],
    ['a number in a longer push', concat(one, Uint8Array.of(0xac, 0x01, 0x01, 0x9c))],
    ['a key in a longer push', concat(Uint8Array.of(0x4c, 0x20), key, Uint8Array.of(0xac, 0x51, 0x9c))],
    ['a compressed key', concat(Uint8Array.of(0x21, 0x02), key, Uint8Array.of(0xac, 0x51, 0x9c))],
    ['CHECKSIG for the second key', concat(one, Uint8Array.of(0xac), one, Uint8Array.of(0xac, 0x52, 0x9c))],
    ['CHECKSIGADD for the first key', concat(one, Uint8Array.of(0xba, 0x51, 0x9c))],
    ['another end', concat(one, Uint8Array.of(0xac, 0x51, 0x87))],
    ['nothing', new Uint8Array(0)],
    ['a push that ends too early', Uint8Array.of(0x20, 0x01)],
  ])('%s is none', (_, script) => {
    expect(readLeafQuorum(script)).toBeNull();
  });
});

test('BIP341: SIGHASH_SINGLE without an output beside the input is invalid', () => {
  const coins = [coinOf(p2wpkh.scriptPubKey, 1), coinOf(p2tr.scriptPubKey, 2)];
  const transaction = spend({ coins, outputs: payment });
  transaction.setWitness(1, [concat(transaction.ins[1]?.witness[0] as Uint8Array, Uint8Array.of(3))]);
  expect(verdict(transaction, coins, 1)).toBe('invalid');
});
