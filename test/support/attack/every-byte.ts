/**
 * Single-byte changes to honest PSBTs: each must be refused, or shown in the review, or change nothing that is signed.
 */
import { toHex } from '../../../src/domain/bytes.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { previousOutputs } from '../../../src/psbt/previous-outputs.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { SIGHASH_ALL, SIGHASH_DEFAULT } from '../../../src/psbt/sighash-types.ts';
import { createSighasher } from '../../../src/psbt/sighash.ts';
import { serializeTransaction } from '../../../src/psbt/transaction.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { toReviewReport } from '../../../src/review/review-report.ts';
import type { Review } from '../../../src/review/review.ts';
import { ruleOf, type HonestSpend, type Source } from './honest.ts';

const UNREADABLE: readonly string[] = ['psbt.malformed', 'psbt.too-large', 'psbt.unsupported'];

export interface Tally {
  tried: number;
  /** No review at all. */
  unreadable: number;
  refused: number;
  /** The report says something else than that of the honest file. */
  shown: number;
  /** Everything that a signature commits to is the same. */
  nothingSigned: number;
  /** None of these: what was changed, and how often. */
  readonly unshown: Map<string, number>;
}

export const emptyTally = (): Tally => ({ tried: 0, unreadable: 0, refused: 0, shown: 0, nothingSigned: 0, unshown: new Map() });

/** What people see, as one text. The hash of the bytes is none of it: nobody compares it with anything. */
const reportOf = (review: Review): string => JSON.stringify({ ...toReviewReport(review), reviewId: '' });

/**
 * Everything that signatures of the file's own inputs would commit to: the transaction, and of each input the hash that is signed, by
 * the rule of the script that its owner derives: legacy, BIP143, or BIP341 by key or by leaf.
 */
function signedBy(psbt: Psbt, sources: readonly Source[]): string {
  const spent = previousOutputs(psbt).map((previous) => (previous.proof === null ? null : previous.output));
  const sighasher = createSighasher(psbt.transaction, spent);
  const hashes = sources.map((source, index) => {
    if (source.kind === 'stranger') return 'none';
    const stated = psbt.inputs[index]?.sighashType ?? SIGHASH_ALL;
    // Taproot's DEFAULT commits to the same as ALL (BIP341, "Signature validation rules"), so that asking for one or the other
    // changes no more than the type byte of the signature.
    const hash = sighasher.hash(index, ruleOf(source), stated === SIGHASH_DEFAULT ? SIGHASH_ALL : stated);
    return hash === null ? 'none' : toHex(hash);
  });
  return `${toHex(serializeTransaction(psbt.transaction, false))} ${hashes.join(' ')}`;
}

/** Parts of the transaction, and of what it spends, in which two files differ. */
function differences(honest: Psbt, other: Psbt): string {
  const parts: string[] = [];
  const [a, b] = [honest.transaction, other.transaction];
  if (a.version !== b.version) parts.push('version');
  if (a.locktime !== b.locktime) parts.push('locktime');
  if (a.ins.some(({ sequence }, index) => sequence !== b.ins[index]?.sequence)) parts.push('sequence');
  if (a.ins.some(({ hash, index: vout }, index) => vout !== b.ins[index]?.index || toHex(hash) !== toHex(b.ins[index]?.hash ?? new Uint8Array(0)))) parts.push('outpoint');
  if (a.outs.some(({ value, script }, index) => value !== b.outs[index]?.value || toHex(script) !== toHex(b.outs[index]?.script ?? new Uint8Array(0)))) parts.push('output');
  if (honest.inputs.some(({ sighashType }, index) => sighashType !== other.inputs[index]?.sighashType)) parts.push('sighash type');
  return parts.length === 0 ? 'something else' : parts.join(', ');
}

/**
 * Changes bytes of the file, one at a time, and says what became of it.
 * @param valuesAt the values that are tried at an offset, of the byte's own; that one is left out
 */
export function changeBytes(spend: HonestSpend, offsets: Iterable<number>, valuesAt: (own: number, offset: number) => readonly number[]): Tally {
  const bytes = encodePsbt(spend.psbt);
  const tally = emptyTally();
  const honestReport = reportOf(reviewPsbt(bytes, spend.context));
  const honest = decodePsbt(bytes);
  const honestSigned = signedBy(honest, spend.sources);
  const altered = bytes.slice();
  for (const offset of offsets) {
    const own = bytes[offset] as number;
    for (const value of valuesAt(own, offset)) {
      if (value === own) continue;
      altered[offset] = value;
      judgeChange(altered);
    }
    altered[offset] = own;
  }
  return tally;

  function judgeChange(changed: Uint8Array): void {
    tally.tried += 1;
    let review: Review;
    try {
      review = reviewPsbt(changed, spend.context);
    } catch (error) {
      if (!UNREADABLE.includes((error as { code?: string }).code ?? '')) throw error;
      tally.unreadable += 1;
      return;
    }
    if (review.verdict === 'refused') tally.refused += 1;
    else if (reportOf(review) !== honestReport) tally.shown += 1;
    else {
      const psbt = decodePsbt(changed);
      if (signedBy(psbt, spend.sources) === honestSigned) tally.nothingSigned += 1;
      else {
        const what = differences(honest, psbt);
        tally.unshown.set(what, (tally.unshown.get(what) ?? 0) + 1);
      }
    }
  }
}

const everyValue: readonly number[] = Array.from({ length: 256 }, (_, value) => value);
/** Values of a byte that find the most: single bits, neighbours, the ends. Of these, two that change with the offset. */
const telling = (own: number, offset: number): readonly number[] => {
  const values = [own ^ 0x01, own ^ 0x80, (own + 3) & 0xff, 0x00, own ^ 0x02, 0xff, own ^ 0x10, (own - 3) & 0xff];
  return [0, 1].map((number) => values[(offset * 3 + number * 5) % values.length] as number);
};

/** Every offset of the file, with all values or some telling ones. */
export const changeAll = (spend: HonestSpend, isFull: boolean): Tally =>
  changeBytes(spend, encodePsbt(spend.psbt).keys(), (own, offset) => (isFull ? everyValue : telling(own, offset)));

export const tallyText = (spend: HonestSpend, tally: Tally): string =>
  `${spend.name}: ${tally.tried} changes, ${tally.unreadable} unreadable, ${tally.refused} refused, ${tally.shown} shown, ${tally.nothingSigned} change nothing signed, said nowhere: ${[...tally.unshown].map(([what, count]) => `${what} ${count}`).join(', ') || 'none'}`;
