import { payments } from 'bitcoinjs-lib';
import { initEccLib } from 'bitcoinjs-lib/src/ecc_lib';
import * as secp from 'tiny-secp256k1';
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { walletScripts } from '../../../src/domain/wallet-script.ts';
import { createAddressDeriver } from '../../../src/wallet/address.ts';
import { parseDescriptor } from '../../../src/wallet/descriptor.ts';
import { lockingScript, sortedMultisigLeaf, sortedMultisigScript } from '../../../src/wallet/locking-script.ts';
import { createWallet, walletDescriptor } from '../../../src/wallet/wallet.ts';
import { testWallet } from '../support/psbt-builder.ts';

initEccLib(secp);

const three = testWallet(2, 3).deriver.derive(0, 4).keys.map((key) => key.publicKey);
const [first] = three as [Uint8Array];
const sorted = three.map(toHex).sort().map(parseHex);
const numbers = (required: number, total: number): string => toHex(sortedMultisigScript(required, Array.from({ length: total }, (_, index) => Uint8Array.of(2, ...new Uint8Array(31), index))));

// The library builds each type by code of its own.
test.each([
  ['p2sh', payments.p2sh({ redeem: payments.p2ms({ m: 2, pubkeys: sorted }) }).output],
  ['p2sh-p2wsh', payments.p2sh({ redeem: payments.p2wsh({ redeem: payments.p2ms({ m: 2, pubkeys: sorted }) }) }).output],
  ['p2wsh', payments.p2wsh({ redeem: payments.p2ms({ m: 2, pubkeys: sorted }) }).output],
  ['p2tr-multi', payments.p2tr({ internalPubkey: parseHex('50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0'), scriptTree: { output: sortedMultisigLeaf(2, three.map((key) => key.subarray(1))) } }).output],
  ['p2pkh', payments.p2pkh({ pubkey: first }).output],
  ['p2sh-p2wpkh', payments.p2sh({ redeem: payments.p2wpkh({ pubkey: first }) }).output],
  ['p2wpkh', payments.p2wpkh({ pubkey: first }).output],
  ['p2tr', payments.p2tr({ internalPubkey: first.subarray(1) }).output],
] as const)('%s: the output is the one that another implementation builds', (script, output) => {
  expect(toHex(lockingScript(script, 2, three).scriptPubKey)).toBe(toHex(output as Uint8Array));
});

test('BIP387: a leaf has CHECKSIG for the first key, CHECKSIGADD for the others, and counts', () => {
  const leaf = toHex(sortedMultisigLeaf(2, [new Uint8Array(32).fill(3), new Uint8Array(32).fill(1)]));
  expect(leaf).toBe(`20${'01'.repeat(32)}ac20${'03'.repeat(32)}ba529c`);
});

test('BIP62: numbers above 16 are pushed as one byte of data', () => {
  expect(numbers(16, 16).slice(0, 4)).toBe('6021');
  expect(numbers(16, 16).slice(-4)).toBe('60ae');
  expect(numbers(17, 20).slice(0, 6)).toBe('011121');
  expect(numbers(17, 20).slice(-6)).toBe('0114ae');
});

test.each(walletScripts.map((script) => ({ script })))('$script: a descriptor written and read again is the same wallet', ({ script }) => {
  const isQuorum = ['p2sh', 'p2sh-p2wsh', 'p2wsh', 'p2tr-multi'].includes(script);
  const { wallet, deriver } = testWallet(isQuorum ? 2 : 1, isQuorum ? 3 : 1, 'regtest', 1, script);
  const parsed = parseDescriptor(walletDescriptor(wallet));
  expect(parsed).toMatchObject({ script, required: wallet.required });
  const again = createWallet({ name: 'again', network: 'regtest', script: parsed.script, required: parsed.required, cosigners: parsed.keys.map((record) => ({ label: 'x', record })) });
  expect(createAddressDeriver(again).derive(1, 77).address).toBe(deriver.derive(1, 77).address);
});
