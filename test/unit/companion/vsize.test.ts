import { Transaction } from 'bitcoinjs-lib/src/transaction';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputVsizeVb, transactionVsizeVb, transactionWeight, type SpendKind } from '../../../src/companion/plan/vsize.ts';
import { concat } from '../../../src/domain/bytes.ts';
import { pushOf } from '../../../src/psbt/script-pushes.ts';
import { sortedMultisigLeaf, sortedMultisigScript } from '../../../src/wallet/locking-script.ts';
import { coldKind, someScripts } from './plan-fixtures.ts';

const keysOf = (total: number): Uint8Array[] => Array.from({ length: total }, () => new Uint8Array(33).fill(2));
const multisigItems = ({ required, total }: { readonly required: number; readonly total: number }): Uint8Array[] =>
  [new Uint8Array(0), ...Array.from({ length: required }, () => new Uint8Array(72)), sortedMultisigScript(required, keysOf(total))];

/** A spend of this kind with signatures of the longest form, as a real transaction holds it. */
function longestInput(kind: SpendKind): { script: Uint8Array; witness: Uint8Array[] } {
  const signature = new Uint8Array(72);
  const key = new Uint8Array(33);
  switch (kind.type) {
    case 'p2wsh':
      return { script: new Uint8Array(0), witness: multisigItems(kind) };
    case 'p2sh-p2wsh':
      return { script: new Uint8Array(35), witness: multisigItems(kind) };
    case 'p2sh':
      return { script: concat(...multisigItems(kind).map(pushOf)), witness: [] };
    case 'p2tr-multi': {
      const signatures = Array.from({ length: kind.total }, (_, position) => new Uint8Array(position < kind.required ? 65 : 0));
      return { script: new Uint8Array(0), witness: [...signatures, sortedMultisigLeaf(kind.required, keysOf(kind.total).map((each) => each.subarray(1))), new Uint8Array(33)] };
    }
    case 'p2pkh':
      return { script: new Uint8Array(1 + 72 + 1 + 33), witness: [] };
    case 'p2pkh-uncompressed':
      return { script: new Uint8Array(1 + 72 + 1 + 65), witness: [] };
    case 'p2sh-p2wpkh':
      return { script: new Uint8Array(23), witness: [signature, key] };
    case 'p2wpkh':
      return { script: new Uint8Array(0), witness: [signature, key] };
    case 'p2tr':
      return { script: new Uint8Array(0), witness: [new Uint8Array(65)] };
  }
}

const kinds = fc.oneof(
  fc.constantFrom<SpendKind>({ type: 'p2pkh' }, { type: 'p2pkh-uncompressed' }, { type: 'p2sh-p2wpkh' }, { type: 'p2wpkh' }, { type: 'p2tr' }),
  ...(['p2wsh', 'p2sh-p2wsh', 'p2tr-multi', 'p2sh'] as const).map((type) =>
    fc.integer({ min: 1, max: type === 'p2sh' ? 15 : 20 }).chain((total) => fc.integer({ min: 1, max: total }).map((required): SpendKind => ({ type, required, total })))),
);

test('property: the estimate is exactly the weight of the transaction with the longest signatures, so it is never undershot', () => {
  fc.assert(fc.property(fc.array(kinds, { minLength: 1, maxLength: 300 }), fc.array(fc.constantFrom(...someScripts), { minLength: 1, maxLength: 300 }), (inputs, outputs) => {
    const transaction = new Transaction();
    for (const kind of inputs) transaction.ins.push({ hash: new Uint8Array(32).fill(1), index: 0, sequence: 0xfffffffd, ...longestInput(kind) });
    for (const script of outputs) transaction.outs.push({ script, value: 1n });
    expect(transactionWeight(inputs, outputs)).toBe(transaction.weight());
    expect(transactionVsizeVb(inputs, outputs)).toBe(transaction.virtualSize());
  }), { numRuns: 60 });
});

test('sizes of the usual inputs in virtual bytes', () => {
  expect(inputVsizeVb({ type: 'p2pkh' })).toBe(149);
  expect(inputVsizeVb({ type: 'p2pkh-uncompressed' })).toBe(181);
  expect(inputVsizeVb({ type: 'p2wpkh' })).toBe(68);
  expect(inputVsizeVb({ type: 'p2sh-p2wpkh' })).toBe(91);
  expect(inputVsizeVb({ type: 'p2tr' })).toBe(58);
  expect(inputVsizeVb(coldKind)).toBe(105);
});
