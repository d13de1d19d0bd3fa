import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../src/domain/bytes.ts';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import { walletScripts } from '../../../src/domain/wallet-script.ts';
import { hintsOf, ownScriptsOf, scanLimit } from '../../../src/psbt/own-scripts.ts';
import type { AddressDeriver } from '../../../src/wallet/address.ts';
import { scriptTypeOf } from '../../../src/wallet/script-type.ts';
import { strangerScript, testWallet } from '../support/psbt-builder.ts';

const wallet = testWallet(1, 1);
const strange = testWallet(1, 1, 'regtest', 5).deriver.derive(0, 0).scriptPubKey;

/** The wallet's deriver, counting its work. */
function counted(): { readonly deriver: AddressDeriver; readonly derived: () => number } {
  let count = 0;
  return { deriver: { wallet: wallet.wallet, derive: (branch, index) => { count += 1; return wallet.deriver.derive(branch, index); } }, derived: () => count };
}

test('a hint leads straight to the script', () => {
  const { deriver, derived } = counted();
  expect(ownScriptsOf(deriver).find(wallet.deriver.derive(1, 54_321).scriptPubKey, [parsePath('48h/1h/0h/2h/1/54321')])).toMatchObject({ branch: 1, index: 54_321 });
  expect(derived()).toBe(1);
});

test('hints that lead nowhere do no harm: the scan finds the script on either branch', () => {
  const { deriver } = counted();
  expect(ownScriptsOf(deriver).find(wallet.deriver.derive(1, 30).scriptPubKey, [[0, 0], [9, 9], [], [0, 0x8000_0000]])).toMatchObject({ branch: 1, index: 30 });
});

test('the scan is done once for all scripts, ends, and costs nothing for scripts that cannot be the wallet\'s', () => {
  const { deriver, derived } = counted();
  const own = ownScriptsOf(deriver);
  expect(own.find(strangerScript(), [])).toBeNull();
  expect(derived()).toBe(0);
  expect(own.find(strange, [])).toBeNull();
  expect(derived()).toBe(2 * scanLimit(wallet.wallet));
  expect(own.find(strange, [])).toBeNull();
  expect(own.find(wallet.deriver.derive(0, scanLimit(wallet.wallet)).scriptPubKey, [])).toBeNull();
  expect(ownScriptsOf(deriver).find(wallet.deriver.derive(0, 499).scriptPubKey, [])).toMatchObject({ index: 499 });
  expect(derived()).toBe(2 * scanLimit(wallet.wallet));
});

test('a flood of hints costs three derivations', () => {
  const { deriver, derived } = counted();
  const own = ownScriptsOf(deriver);
  own.find(strange, []);
  own.find(strange, Array.from({ length: 5000 }, (_, index) => [0, index + 5000]));
  expect(derived()).toBe(2 * scanLimit(wallet.wallet) + 3);
});

test('a file of thousands of scripts with false hints stops being followed, and its own scripts are still found by scanning', () => {
  const { deriver, derived } = counted();
  const own = ownScriptsOf(deriver);
  own.find(strange, []);
  for (let script = 0; script < 3000; script += 1) own.find(Uint8Array.from(strange, (byte, at) => (at > 31 ? (script >> (8 * (33 - at))) & 255 : byte)), [0, 1, 2].map((hint) => [1, 2000 + 3 * script + hint]));
  expect(derived()).toBeLessThanOrEqual(2 * scanLimit(wallet.wallet) + 4002);
  expect(own.find(wallet.deriver.derive(1, 499).scriptPubKey, [[9, 9]])).toMatchObject({ branch: 1, index: 499 });
});

test('how far is searched depends on the number of cosigners alone: 3,000 point additions for both branches, and at most 1,000 addresses of each', () => {
  expect([1, 2, 3, 7, 15, 20].map((total) => scanLimit(testWallet(1, total).wallet))).toEqual([1000, 750, 500, 214, 100, 75]);
});

describe('hints', () => {
  const at = (branch: 0 | 1, index: number): Uint8Array => wallet.deriver.derive(branch, index).scriptPubKey;
  const afterScan = () => {
    const counting = counted();
    const own = ownScriptsOf(counting.deriver);
    own.find(strange, []);
    const before = counting.derived();
    return { find: (script: Uint8Array, paths: readonly (readonly number[])[]) => own.find(script, paths), derived: () => counting.derived() - before };
  };

  test('lead up to the highest index, on either branch, and no further', () => {
    const { find, derived } = afterScan();
    expect(find(at(0, 999_999), [[0, 999_999]])).toMatchObject({ branch: 0, index: 999_999 });
    expect(find(at(1, 999_999), [[1, 999_999]])).toMatchObject({ branch: 1, index: 999_999 });
    expect(derived()).toBe(2);
    expect(find(strange, [[0, 1_000_000], [2, 5000], [5000], [], [0x8000_0000, 5000], [0, 0x8000_0000]])).toBeNull();
    expect(derived()).toBe(2);
  });

  test('to what the search has passed cost nothing', () => {
    const { find, derived } = afterScan();
    expect(find(strange, [[0, 999], [1, 0]])).toBeNull();
    expect(derived()).toBe(0);
    expect(find(strange, [[0, 1000]])).toBeNull();
    expect(derived()).toBe(1);
  });

  test('that say the same count once: three different ones are tried', () => {
    const { find, derived } = afterScan();
    expect(find(at(0, 4003), [[0, 4001], [9, 0, 4001], [0, 4001], [1, 4001], [0, 4003], [0, 4004]])).toMatchObject({ index: 4003 });
    expect(derived()).toBe(3);
    expect(find(at(0, 4008), [[0, 4005], [0, 4006], [0, 4007], [0, 4008]])).toBeNull();
    expect(derived()).toBe(6);
  });

  test('are the paths of origins', () => {
    expect(hintsOf([{ publicKey: strange, masterFingerprint: wallet.keys[0]!.fingerprint, path: [1, 2] }])).toEqual([[1, 2]]);
  });
});

test('what was found is remembered, as long as the wallet is', () => {
  const { deriver, derived } = counted();
  const script = wallet.deriver.derive(1, 54_321).scriptPubKey;
  const found = ownScriptsOf(deriver).find(script, [[1, 54_321]]);
  expect(ownScriptsOf(deriver).find(script, [])).toBe(found);
  expect(derived()).toBe(1);
});

test.each(walletScripts)('a wallet of %s finds its own, and looks for nothing among outputs of another type', (type) => {
  const own = testWallet(1, 1, 'regtest', 1, type);
  const deriver: AddressDeriver = { wallet: own.wallet, derive: own.deriver.derive };
  expect(ownScriptsOf(deriver).find(own.deriver.derive(1, 2).scriptPubKey, [])).toMatchObject({ branch: 1, index: 2 });
  const never: AddressDeriver = { wallet: own.wallet, derive: () => { throw new Error('was asked'); } };
  const outputType = scriptTypeOf(own.deriver.derive(0, 0).scriptPubKey);
  const others = [`76a914${'11'.repeat(20)}88ac`, `a914${'11'.repeat(20)}87`, `0014${'11'.repeat(20)}`, `0020${'11'.repeat(32)}`, `5120${'11'.repeat(32)}`, '51'].map((hex) => parseHex(hex)).filter((script) => scriptTypeOf(script) !== outputType);
  expect(others).toHaveLength(5);
  for (const script of others) expect(ownScriptsOf(never).find(script, [[0, 0]])).toBeNull();
});
