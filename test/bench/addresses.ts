import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DescriptorsFactory } from '@bitcoinerlab/descriptors';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import type { Wallet as BdkWallet } from '@metamask/bitcoindevkit';
import * as ecc from 'tiny-secp256k1';
import { nativeLibraries } from '../../scripts/lib/bundles.mjs';
import { openLibrary } from '../../src/node/shared/native-curve/open-library.ts';
import { pinnedFiles } from '../../src/node/shared/native-curve/pinned-files.ts';
import { useNativeCurve } from '../../src/node/shared/native-curve/use-native-curve.ts';
import { createAddressDeriver } from '../../src/wallet/address.ts';
import { deriveChild } from '../../src/wallet/extended-public-key.ts';
import { pointAddScalar } from '../../src/wallet/secp256k1-public.ts';
import { walletDescriptor } from '../../src/wallet/wallet.ts';
import { testWallet } from '../unit/support/psbt-builder.ts';

/*
 * Addresses of a 3-of-5 P2WSH wallet, against the point additions alone that they take in the same library, and against
 * @bitcoinerlab/descriptors and BDK. Processor time, in one run, in turns, so that what else the machine does weighs on all alike.
 *
 * Arguments: `webassembly` or `native` (the curve), and how many addresses. Prints one JSON line.
 */
const [curve = 'webassembly', count = '10000'] = process.argv.slice(2);
const ADDRESSES = Number(count);
/** Addresses of a turn. */
const TURN = 500;
/** The other libraries take long: of them as many turns, counted up. */
const TURNS_OF_OTHERS = 4;

if (curve === 'native') {
  const platform = `${process.platform}-${process.arch}`;
  const library = openLibrary({ file: nativeLibraries[`secp256k1-${platform}.node`] ?? '', pinned: pinnedFiles[platform] ?? { bytes: 0, sha256: '' } });
  if (library === null) throw new Error(`no native library for ${platform}`);
  useNativeCurve(library);
}

interface Bdk {
  readonly Wallet: typeof BdkWallet;
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/** BDK's package is for bundlers, which take a WebAssembly file for a module; here it is put together by hand. */
async function openBdk(): Promise<Bdk> {
  const folder = dirname(createRequire(import.meta.url).resolve('@metamask/bitcoindevkit'));
  const glue = (await import(join(folder, 'bitcoindevkit_bg.js'))) as Bdk & WebAssembly.ModuleImports;
  const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, 'bitcoindevkit_bg.wasm')), { './bitcoindevkit_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as (() => void) | undefined)?.();
  return glue;
}

/** Nobody pays for what another left to be collected. */
const collect = (globalThis as { gc?: () => void }).gc ?? (() => { throw new Error('run with --expose-gc'); });

const processorMs = (work: () => void): number => {
  collect();
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
};
const each = (from: number, to: number, work: (index: number) => void) => (): void => {
  for (let index = from; index < to; index += 1) work(index);
};

const { wallet } = testWallet(3, 5, 'mainnet');
const receive = wallet.cosigners.map(({ record }) => deriveChild(record.key, 0));
/** What is added for each key of a turn's addresses. The same few scalars over and over would be found in the processor's cache. */
const scalarsOf = (from: number, to: number): readonly (readonly Uint8Array[])[] => Array.from({ length: to - from }, (_, offset) => receive.map(({ chainCode, publicKey }) => {
  const data = new Uint8Array(37);
  data.set(publicKey);
  new DataView(data.buffer).setUint32(33, from + offset);
  return hmac(sha512, chainCode, data).slice(0, 32);
}));
const additions = (scalars: readonly (readonly Uint8Array[])[]) => (): void => {
  for (const ofAddress of scalars) for (const [position, { publicKey }] of receive.entries()) pointAddScalar(publicKey, ofAddress[position] as Uint8Array, true);
};

const { Output } = DescriptorsFactory(ecc);
const descriptor = walletDescriptor(wallet, 0).slice(0, -9);
const bdk = await openBdk();
const bdkWallet = bdk.Wallet.create('bitcoin', walletDescriptor(wallet, 0), walletDescriptor(wallet, 1));
const bitcoinerlab = (index: number): string => new Output({ descriptor, index }).getAddress();
const bdkAddress = (index: number): string => bdkWallet.peek_address('external', index).address.toString();

const deriver = createAddressDeriver(wallet);
const warm = createAddressDeriver(wallet);
additions(scalarsOf(0, 500))();
for (let index = 0; index < 500; index += 1) {
  const { address } = warm.derive(0, index);
  if (index < 20 && (bitcoinerlab(index) !== address || bdkAddress(index) !== address)) throw new Error(`another address at ${index}`);
}
const measured = { ours: 0, additions: 0, bitcoinerlab: 0, bdk: 0 };
for (let from = 0, turn = 0; from < ADDRESSES; from += TURN, turn += 1) {
  const to = Math.min(ADDRESSES, from + TURN);
  measured.ours += processorMs(each(from, to, (index) => void deriver.derive(0, index)));
  measured.additions += processorMs(additions(scalarsOf(from, to)));
  if (turn >= TURNS_OF_OTHERS) continue;
  measured.bitcoinerlab += processorMs(each(from, to, bitcoinerlab));
  measured.bdk += processorMs(each(from, to, bdkAddress));
}
const ofOthers = Math.min(ADDRESSES, TURN * TURNS_OF_OTHERS);
const us = (ms: number, addresses: number): number => Math.round((ms * 1000) / addresses);
const perAddress = { ours: us(measured.ours, ADDRESSES), additions: us(measured.additions, ADDRESSES), bitcoinerlab: us(measured.bitcoinerlab, ofOthers), bdk: us(measured.bdk, ofOthers) };
console.log(JSON.stringify({ curve, addresses: ADDRESSES, microsecondsPerAddress: perAddress }));
