/**
 * Single-byte changes to honest PSBTs: each must be refused, or shown in the review, or change nothing that is signed.
 */
import { toHex } from '../../../src/domain/bytes.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { previousOutputs } from '../../../src/psbt/previous-outputs.ts';
import { createSighasher } from '../../../src/psbt/sighash.ts';
import type { SigningRule } from '../../../src/wallet/signing-rule.ts';
import { serializeTransaction } from '../../../src/psbt/transaction.ts';
import { SIGHASH_ALL, SIGHASH_DEFAULT } from '../../../src/psbt/sighash-types.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { toReviewReport } from '../../../src/review/review-report.ts';
import type { Review } from '../../../src/review/review.ts';
import { Random } from '../../fuzz/engine/random.ts';
import type { HonestSpend, Source } from './honest.ts';
import { asVersion2, quorumSpend, sweepSpend } from './honest.ts';
import { treasury } from './treasury.ts';

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
  /** Neither of these: what was changed, and how often. */
  readonly unshown: Map<string, number>;
}

export const emptyTally = (): Tally => ({ tried: 0, unreadable: 0, refused: 0, shown: 0, nothingSigned: 0, unshown: new Map() });

/** What people see, as one text. The hash of the bytes is none of it: nobody compares it with anything. */
const reportOf = (review: Review): string => JSON.stringify({ ...toReviewReport(review), reviewId: '' });

function ruleOf(source: Source): SigningRule | null {
  if (source.kind === 'quorum') return source.derived.rule;
  return source.kind === 'paper' ? source.paper.output(source.script).rule : null;
}

/** Everything that signatures of the file's own inputs would commit to: the transaction, and of each input the hash that is signed. */
function signedBy(psbt: Psbt, sources: readonly Source[]): { readonly transaction: string; readonly hashes: string } {
  const spent = previousOutputs(psbt).map((previous) => (previous.proof === null ? null : previous.output));
  const sighasher = createSighasher(psbt.transaction, spent);
  const hashes = sources.map((source, index) => {
    const rule = ruleOf(source);
    const hash = rule === null ? null : sighasher.hash(index, rule, psbt.inputs[index]?.sighashType ?? (rule.kind === 'taproot-key' ? SIGHASH_DEFAULT : SIGHASH_ALL));
    return hash === null ? 'none' : toHex(hash);
  });
  return { transaction: toHex(serializeTransaction(psbt.transaction, false)), hashes: hashes.join(' ') };
}

/** Which parts of what is signed differ, in words. */
function differences(honest: Psbt, other: Psbt): string {
  const parts: string[] = [];
  const a = honest.transaction;
  const b = other.transaction;
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
 * @param valuesAt the values that are tried at an offset; the byte's own value is left out
 */
export function changeBytes(spend: HonestSpend, offsets: readonly number[], valuesAt: (offset: number) => readonly number[]): Tally {
  const bytes = encodePsbt(spend.psbt);
  const tally = emptyTally();
  const honestReport = reportOf(reviewPsbt(bytes, spend.context));
  const honest = decodePsbt(bytes);
  const honestSigned = signedBy(honest, spend.sources);
  const altered = bytes.slice();
  for (const offset of offsets) {
    const own = bytes[offset] as number;
    for (const value of valuesAt(offset)) {
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
      const signed = signedBy(psbt, spend.sources);
      if (signed.transaction === honestSigned.transaction && signed.hashes === honestSigned.hashes) tally.nothingSigned += 1;
      else {
        const what = differences(honest, psbt);
        tally.unshown.set(what, (tally.unshown.get(what) ?? 0) + 1);
      }
    }
  }
}

/** Parts of what is signed that the report says nothing of, and that move no money: see docs/attacks.md. */
export const SAID_NOWHERE: readonly string[] = ['version', 'locktime', 'sequence', 'sighash type'];

/** Eight values of a byte that find the most: single bits, neighbours, the ends. */
export const telling = (byte: number): readonly number[] => [byte ^ 0x01, byte ^ 0x02, byte ^ 0x10, byte ^ 0x80, (byte + 3) & 0xff, (byte - 3) & 0xff, 0x00, 0xff];
export const everyValue: readonly number[] = Array.from({ length: 256 }, (_, value) => value);

/** Every offset of the file, with all values or the telling ones. */
export function changeAll(spend: HonestSpend, isFull: boolean): Tally {
  const bytes = encodePsbt(spend.psbt);
  return changeBytes(spend, Array.from(bytes.keys()), (offset) => (isFull ? everyValue : telling(bytes[offset] as number)));
}

export const tallyText = (spend: HonestSpend, tally: Tally): string =>
  `${spend.name}: ${tally.tried} changes, ${tally.unreadable} unreadable, ${tally.refused} refused, ${tally.shown} shown, ${tally.nothingSigned} change nothing signed, said nowhere: ${[...tally.unshown].map(([what, count]) => `${what} ${count}`).join(', ') || 'none'}`;

const stated = (spend: HonestSpend): HonestSpend => ({ ...spend, name: `${spend.name} (sighash)`, psbt: { ...spend.psbt, inputs: spend.psbt.inputs.map((input) => ({ ...input, sighashType: SIGHASH_DEFAULT })) } });
const version2 = (spend: HonestSpend): HonestSpend => ({ ...spend, name: `${spend.name} (v2)`, psbt: asVersion2(spend.psbt, 0) });

/** Twenty honest PSBTs, small enough to change every byte of: ten of quorums, ten of sweeps. */
export function smallSpends(): { readonly quorums: readonly HonestSpend[]; readonly sweeps: readonly HonestSpend[] } {
  const random = new Random(20, 26);
  const quorum = (required: number, total: number, inputs: number, payments: number, signed = 0): HonestSpend => quorumSpend(random, { wallets: [treasury(required, total)], inputs, payments, change: true, signed, plain: true });
  const one = (script: 'p2pkh' | 'p2sh-p2wpkh' | 'p2wpkh' | 'p2tr', compressed = true) => ({ script, compressed });
  const sweep = (inputs: readonly ReturnType<typeof one>[], signed = 0, withoutPrevious = false): HonestSpend => sweepSpend(random, { inputs, signed, withoutPrevious, plain: true });
  return {
    quorums: [
      quorum(1, 1, 1, 1), quorum(1, 1, 1, 0), version2(quorum(1, 1, 1, 1)), quorum(2, 3, 1, 1), quorum(2, 3, 1, 0, 1),
      version2(quorum(2, 3, 1, 1, 1)), quorum(3, 5, 1, 0), quorum(3, 5, 1, 1, 2), quorum(2, 3, 2, 1), quorum(11, 15, 1, 0),
    ],
    sweeps: [
      sweep([one('p2pkh')]), sweep([one('p2pkh', false)]), sweep([one('p2sh-p2wpkh')]), sweep([one('p2wpkh')]), stated(sweep([one('p2tr')])),
      sweep([one('p2tr')], 0, true), version2(sweep([one('p2tr')], 0, true)), sweep([one('p2tr'), one('p2wpkh')], 1), version2(sweep([one('p2wpkh')])), sweep([one('p2tr'), one('p2tr')], 1, true),
    ],
  };
}
