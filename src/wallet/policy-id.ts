import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, utf8 } from '../domain/bytes.ts';
import { isTyped, proquint } from '../domain/proquint.ts';
import { formatKeyRecord } from './key-record.ts';
import type { Wallet } from './wallet.ts';

/** What people compare before they register a wallet. */
export interface PolicyId {
  /** 32 hex digits: the same 128 bits as the words. Names the wallet in files and JSON. */
  readonly walletId: string;
  /** Eight pronounceable words of 16 bits each. */
  readonly words: string;
}

// Slows down the search for two wallets with one id by a factor of 2^16 and costs a person a tenth of a second (ADR-0004).
const STRETCH_ROUNDS = 65_536;

/**
 * The wallet's policy as one text: network, script, quorum and key records in sorted order. Names, labels and the order
 * of the cosigners are not part of it, so that it is the same on every machine.
 */
export function normalisedPolicy(wallet: Wallet): string {
  const keys = wallet.cosigners.map((cosigner) => formatKeyRecord(cosigner.record, wallet.network)).sort();
  return ['strongroom-policy-1', wallet.network, wallet.script, 'sorted', String(wallet.required), ...keys].join('\n');
}

const known = new WeakMap<Wallet, PolicyId>();

/**
 * The wallet's policy id: 128 bits of PBKDF2-HMAC-SHA256 over the normalised policy. Takes about a tenth of a second the
 * first time; wallets are immutable, so the answer is kept for as long as the wallet lives.
 */
export function policyIdOf(wallet: Wallet): PolicyId {
  const policyId = known.get(wallet) ?? computePolicyId(wallet);
  known.set(wallet, policyId);
  return policyId;
}

function computePolicyId(wallet: Wallet): PolicyId {
  const bits = pbkdf2(sha256, utf8(normalisedPolicy(wallet)), utf8('strongroom policy id'), { c: STRETCH_ROUNDS, dkLen: 16 });
  const view = new DataView(bits.buffer, bits.byteOffset, bits.byteLength);
  const words = Array.from({ length: 8 }, (_, index) => proquint(view.getUint16(index * 2)));
  return { walletId: toHex(bits), words: words.join(' ') };
}

/** True when a person typed this policy id; case and the kind of blanks do not matter. */
export const isPolicyId = (typed: string, expected: PolicyId): boolean => isTyped(typed, expected.words);
