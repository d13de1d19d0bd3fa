import { expect, test } from 'vitest';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import { ownScriptsOf, scanLimit } from '../../../src/psbt/own-scripts.ts';
import type { AddressDeriver } from '../../../src/wallet/address.ts';
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
