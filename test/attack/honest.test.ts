/** Honest PSBTs: no false refusal, and every one can be signed. */
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { extractTransaction } from '../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../src/psbt/finalizer.ts';
import { combinePsbts } from '../../src/psbt/combiner.ts';
import { finalizeSingleKeys } from '../../src/psbt/single-key-finalizer.ts';
import { approve } from '../../src/review/approve.ts';
import { reviewPsbt } from '../../src/review/review-psbt.ts';
import type { Review } from '../../src/review/review.ts';
import type { HonestSpend } from '../support/attack/honest.ts';
import { walletScripts } from '../../src/domain/wallet-script.ts';
import { honestSpend, pairings, quorumsOf } from '../support/attack/spends.ts';

const SEED = 20_261;
const COUNT = 600;
const PER_CASE = 50;

/** Findings that an honest file may have: they inform. */
const NOTES: readonly string[] = ['rbf.signalled', 'psbt.unknown-field', 'quorum.complete'];

describe('honest PSBTs', () => {
  const seen = new Set<string>();
  const shapes = new Set<string>();
  test.each(Array.from({ length: COUNT / PER_CASE }, (_, part) => part * PER_CASE))('%i and the next are ready, and get the signatures that they ask for', (start) => {
    for (let number = start; number < start + PER_CASE; number += 1) {
      const spend = honestSpend(SEED, number);
      const bytes = encodePsbt(spend.psbt);
      seen.add(toHex(bytes));
      shapes.add(spend.name.replace(/, .*/, ''));
      const review = reviewPsbt(bytes, spend.context);
      expect({ number, name: spend.name, verdict: review.verdict, codes: review.findings.map(({ code }) => code).filter((code) => !NOTES.includes(code)) }).toEqual({ number, name: spend.name, verdict: 'ready', codes: [] });
      expect(toHex(encodePsbt(decodePsbt(bytes)))).toBe(toHex(bytes));
      const signed = decodePsbt(encodePsbt(spend.sign(approve(review, bytes, []))));
      const after = reviewPsbt(encodePsbt(signed), spend.context);
      expect(after.verdict).toBe('ready');
      for (const { signedBy } of after.inputs) expect(signedBy).toContain(spend.signer?.test.fingerprint ?? signedBy[0] ?? 'nobody');
      finishWhereComplete(spend, signed, after);
    }
  });

  test('they are all different, and of every script type, quorum and pairing', () => {
    expect(seen.size).toBe(COUNT);
    const wanted = [...walletScripts.flatMap((script) => quorumsOf(script)).map(({ name }) => name), ...pairings.map((pair) => pair.map(({ name }) => name).join(' and '))];
    expect(wanted.filter((name) => !shapes.has(name))).toEqual([]);
  });
});

/** The last signature makes a transaction that the extractor takes. */
function finishWhereComplete(spend: HonestSpend, signed: ReturnType<typeof decodePsbt>, after: Review): void {
  if (after.quorum.stillNeeded > 0 || spend.treasuries.length > 1) return;
  const [wallet] = spend.treasuries;
  const final = wallet === undefined ? finalizeSingleKeys(signed) : finalizePsbt(combinePsbts([signed], wallet.deriver).psbt, wallet.deriver);
  expect(extractTransaction(final).feeSats).toBe(after.feeSats);
}
