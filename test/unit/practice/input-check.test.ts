import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { describe, expect, test } from 'vitest';
import { concat } from '../../../src/domain/bytes.ts';
import { checkInput } from '../../../src/companion/practice/input-check.ts';
import { sealTransaction, type Coin } from '../../../src/companion/practice/practice-transaction.ts';
import { p2pkh, p2sh, p2shP2wpkh, p2shP2wsh, p2tr, p2wpkh, p2wsh, spend, spenders } from './spenders.ts';

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
    if (isTaproot) transaction.setWitness(0, [concat(input.witness[0] as Uint8Array, Uint8Array.of(0))]);
    else if (input.witness.length > 0) transaction.setWitness(0, input.witness.map((item) => (item[0] === 0x30 ? concat(item.subarray(0, -1), Uint8Array.of(4)) : item)));
    else return expect(name).toMatch(/^P2PKH$|^P2SH multisig$/);
    expect(verdict(transaction, coins)).toBe('invalid');
  });
});

test('native witness inputs with a script signature are malleated', () => {
  for (const spender of [p2wpkh, p2wsh, p2tr]) {
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

test('a taproot annex or script path is refused as policy', () => {
  const coins = [coinOf(p2tr.scriptPubKey)];
  const transaction = spend({ coins, outputs: payment });
  transaction.setWitness(0, [...(transaction.ins[0]?.witness ?? []), Uint8Array.of(0x50, 0x01)]);
  expect(verdict(transaction, coins)).toBe('policy');
});

test('BIP341: SIGHASH_SINGLE without an output beside the input is invalid', () => {
  const coins = [coinOf(p2wpkh.scriptPubKey, 1), coinOf(p2tr.scriptPubKey, 2)];
  const transaction = spend({ coins, outputs: payment });
  transaction.setWitness(1, [concat(transaction.ins[1]?.witness[0] as Uint8Array, Uint8Array.of(3))]);
  expect(verdict(transaction, coins, 1)).toBe('invalid');
});
