import fc from 'fast-check';
import type { Spendable } from '../../../src/companion/plan/plan.ts';
import type { HotCandidate } from '../../../src/companion/plan/sweep-plan.ts';
import type { SpendKind } from '../../../src/companion/plan/vsize.ts';
import { concat } from '../../../src/domain/bytes.ts';
import { feeRateFromSatPerKvb } from '../../../src/domain/fee-rate.ts';
import { addressOfScript } from '../../../src/wallet/address.ts';
import { strangerScript, testWallet } from '../support/psbt-builder.ts';

export const cold = testWallet(2, 3);
export const coldKind: SpendKind = { type: 'p2wsh', required: 2, total: 3 };
export const satPerVb = (rate: number) => feeRateFromSatPerKvb(BigInt(Math.round(rate * 1000)));

const txid = (number: number): string => number.toString(16).padStart(64, '0');

export const coldOutput = (number: number, amountSats: bigint, confirmations = 6): Spendable => ({
  txid: txid(number), vout: number % 3, amountSats, scriptPubKey: cold.deriver.derive(0, 0).scriptPubKey, address: cold.deriver.derive(0, 0).address, confirmations,
  kind: coldKind, own: { branch: 0, index: 0 },
});

export const hotOutput = (number: number, amountSats: bigint, more: Partial<HotCandidate> = {}): HotCandidate => ({
  txid: txid(number), vout: 0, amountSats, scriptPubKey: strangerScript(1), address: null, confirmations: 6, kind: { type: 'p2wpkh' }, own: null, ...more,
});

/** Output scripts of every type that addresses have. */
export const someScripts: readonly Uint8Array[] = [
  strangerScript(9),
  cold.deriver.derive(0, 3).scriptPubKey,
  concat(Uint8Array.of(0x76, 0xa9, 0x14), new Uint8Array(20).fill(7), Uint8Array.of(0x88, 0xac)),
  concat(Uint8Array.of(0xa9, 0x14), new Uint8Array(20).fill(8), Uint8Array.of(0x87)),
];
export const payment = (script: Uint8Array, amountSats: bigint, line = 2) => ({ line, address: addressOfScript(script, 'regtest') ?? '', scriptPubKey: script, amountSats: amountSats as never, reference: '' });

export const rates = fc.integer({ min: 1000, max: 300_000 }).map((rate) => feeRateFromSatPerKvb(BigInt(rate)));
export const amounts = fc.oneof(fc.bigInt({ min: 300n, max: 60_000n }), fc.bigInt({ min: 60_000n, max: 500_000_000n }));
