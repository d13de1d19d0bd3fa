import { isMoney } from '../../domain/amount.ts';
import { feeForVsize } from '../../domain/fee-rate.ts';
import type { RejectReason } from '../chain-source.ts';
import { COINBASE_MATURITY, MAX_BROADCAST_RATE, MIN_RELAY_RATE } from './chain-rules.ts';
import { areRelativeLocksPassed, isFinal, type BlockMoment } from './finality.ts';
import { checkInput } from './input-check.ts';
import type { Mempool } from './mempool.ts';
import { readTransaction, type Coin, type PracticeTransaction } from './practice-transaction.ts';
import { checkForm, checkStandard } from './transaction-check.ts';

/** What admission asks of the chain. */
export interface ChainView {
  readonly mempool: Mempool;
  /** The coming block. */
  readonly moment: BlockMoment;
  /** An output that is unspent in the chain, or made in the mempool (whether spent there or not). */
  coin(outpoint: string): Coin | undefined;
  /** Whether a transaction is in a block and one of its outputs is still unspent there. */
  hasUnspentOutputs(practice: PracticeTransaction): boolean;
  medianTimePastAt(height: number): number;
}

export type Admission =
  | { readonly accepted: true; readonly practice: PracticeTransaction; readonly feeSats: bigint; readonly replaced: ReadonlySet<string> }
  | { readonly accepted: false; readonly reason: RejectReason };

/** `relay`: all of a node's rules for a stranger's transaction. `consensus`: those of blocks alone, for what was in one. */
export type Strictness = 'relay' | 'consensus';

const refuse = (reason: RejectReason): Admission => ({ accepted: false, reason });

/** Whether bytes may enter the mempool. */
export function admitBytes(view: ChainView, bytes: Uint8Array): Admission {
  const practice = readTransaction(bytes);
  return practice === null ? refuse('invalid') : admit(view, practice, 'relay');
}

/**
 * Whether a transaction may enter the mempool, by the rules of a node in the order of a node.
 * @see Bitcoin Core, validation `MemPoolAccept::PreChecks`
 */
export function admit(view: ChainView, practice: PracticeTransaction, strictness: Strictness): Admission {
  const malformed = checkForm(practice) ?? (strictness === 'relay' ? checkStandard(practice) : null);
  if (malformed !== null) return refuse(malformed);
  if (!isFinal(practice, view.moment)) return refuse('non-final');
  if (view.mempool.get(practice.txid) !== undefined || view.hasUnspentOutputs(practice)) return refuse('already-known');

  const coins = practice.inputs.flatMap((input) => view.coin(input.key) ?? []);
  if (coins.length < practice.inputs.length) return refuse('inputs-missing-or-spent');
  const isImmature = coins.some((coin) => coin.coinbase && view.moment.height - (coin.height ?? view.moment.height) < COINBASE_MATURITY);
  if (isImmature) return refuse('invalid');
  if (!areRelativeLocksPassed(practice, coins, view.moment, (height) => view.medianTimePastAt(height))) return refuse('non-final');

  const feeSats = sumOf(coins.map((coin) => coin.amountSats)) - sumOf(practice.transaction.outs.map((output) => output.value));
  if (!isMoney(feeSats, 'practice')) return refuse('invalid');
  const chain = strictness === 'relay' ? checkRelay(view.mempool, practice, feeSats) : null;
  if (chain !== null) return refuse(chain);
  const replacement = view.mempool.checkReplacement(practice, feeSats);
  if ('reason' in replacement) return refuse(replacement.reason);

  // Signatures last: they cost the most.
  const verdicts = practice.inputs.map((_, index) => checkInput(practice, index, coins));
  if (verdicts.includes('invalid')) return refuse('invalid');
  if (verdicts.includes('policy')) return refuse('policy');
  return { accepted: true, practice, feeSats, replaced: replacement.replaced };
}

function checkRelay(mempool: Mempool, practice: PracticeTransaction, feeSats: bigint): RejectReason | null {
  if (feeSats < feeForVsize(practice.vsizeVb, MIN_RELAY_RATE)) return 'fee-too-low';
  if (feeSats > feeForVsize(practice.vsizeVb, MAX_BROADCAST_RATE)) return 'fee-too-high';
  return mempool.checkChain(practice);
}

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
