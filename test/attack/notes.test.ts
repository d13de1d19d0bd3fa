/** What is told and does not stop anybody; and that no finding code is without its attack. */
import { describe, expect, test } from 'vitest';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { approve } from '../../src/review/approve.ts';
import { findingCatalog, type FindingCode } from '../../src/review/finding.ts';
import { reviewPsbt } from '../../src/review/review-psbt.ts';
import { Random } from '../fuzz/engine/random.ts';
import { signedAs } from '../unit/support/psbt-builder.ts';
import { testPaper } from '../unit/support/paper-sweep-builder.ts';
import type { Review } from '../../src/review/review.ts';
import { field, hasSigned, insertOutput, outputFieldsOf, spentOf, withInput, withOutput, withTransaction } from '../support/attack/attack.ts';
import { attacks } from '../support/attack/attacks.ts';
import { addressOf, type HonestSpend } from '../support/attack/honest.ts';
import { pairings, walletSpend } from '../support/attack/spends.ts';
import { firstTargets } from '../support/attack/targets.ts';

interface Told {
  readonly code: FindingCode;
  readonly name: string;
  readonly apply: (spend: HonestSpend, random: Random) => HonestSpend | null;
}

const unsigned = (spend: HonestSpend): HonestSpend | null => (spend.hasSignatures ? null : spend);
const signedBy = (spend: HonestSpend, fingerprints: readonly string[]): HonestSpend => {
  const psbt = spend.treasuries.reduce((all, wallet) => wallet.keys.filter(({ fingerprint }) => fingerprints.includes(fingerprint)).reduce((each, key) => signedAs(each, wallet, key), all), spend.psbt);
  return { ...spend, psbt, hasSignatures: true };
};

const told: readonly Told[] = [
  { code: 'rbf.signalled', name: 'a transaction that may be replaced', apply: (spend) => (unsigned(spend) === null ? null : withTransaction(spend, ({ ins }) => { for (const input of ins) input.sequence = 0xffff_fffd; })) },
  { code: 'output.reused', name: 'change back to where it came from', apply(spend, random) {
    const [source] = spend.sources;
    if (source?.kind !== 'wallet' || unsigned(spend) === null || spend.payments.length === 0) return null;
    const { derived } = source;
    return insertOutput(spend, random, { scriptPubKey: derived.scriptPubKey, amountSats: 2_000n }).spend;
  } },
  { code: 'psbt.unknown-field', name: 'a field that nobody knows', apply: (spend, random) => withInput(spend, 0, (input) => ({ ...input, otherFields: [...input.otherFields, field(0xe0 + random.int(16), random.bytes(9), random.bytes(3))] })) },
  { code: 'psbt.unknown-field', name: 'a field that nobody knows on an output', apply: (spend, random) => withOutput(spend, 0, (output) => ({ ...output, otherFields: [...output.otherFields, field(0xe0 + random.int(16), random.bytes(9), random.bytes(3))] })) },
  { code: 'quorum.already-signed', name: 'this key\'s own signature', apply: (spend) => (spend.signer === null || spend.psbt.inputs.some((_, index) => hasSigned(spend, index, spend.signer?.test.fingerprint ?? '')) ? null : signedBy(spend, [spend.signer.test.fingerprint])) },
  { code: 'quorum.complete', name: 'signatures enough', apply(spend) {
    if (spend.signer === null || spend.hasSignatures || spend.treasuries.length > 1) return null;
    const [wallet] = spend.treasuries;
    return wallet === undefined ? null : signedBy(spend, wallet.keys.slice(0, wallet.required).map(({ fingerprint }) => fingerprint));
  } },
  { code: 'sweep.key-unused', name: 'a paper that nothing is spent from', apply: (spend) => (spend.kind === 'wallet' ? null : { ...spend, context: { ...spend.context, singleKeys: [...spend.papers, testPaper(900)] } }) },
];

const honest = firstTargets();

describe('what informs', () => {
  test.each(told.map((each, number) => [each.code, each.name, each, number] as const))('%s: %s', (code, _name, { apply }, number) => {
    let applied = 0;
    honest.forEach((spend, position) => {
      const made = apply(spend, new Random(600 + number, position));
      if (made === null) return;
      applied += 1;
      const bytes = encodePsbt(made.psbt);
      const review = reviewPsbt(bytes, made.context);
      expect(review.findings.filter(({ severity }) => severity !== 'note').map((finding) => finding.code)).toEqual([]);
      expect(review.findings.map((finding) => finding.code)).toContain(code);
      expect(approve(review, bytes, []).reviewId).toBe(review.reviewId);
      expect(decodePsbt(bytes).inputs.length).toBe(review.inputs.length);
    });
    expect(applied).toBeGreaterThan(0);
  });
});

describe('two registered wallets in one transaction', () => {
  /** What came back is sent to the second wallet, with all its fields; so much above what that wallet put in. */
  function passedOn(pair: (typeof pairings)[number], number: number, aboveSats: bigint): { readonly review: Review; readonly index: number } {
    const [, second] = pair;
    const spend = walletSpend(new Random(650, number), { wallets: pair, inputs: 2, payments: 1, change: true, signed: 0 });
    const [own] = spend.own as [HonestSpend['own'][number]];
    const [payment] = spend.payments as [number];
    const derived = addressOf(second, 1, 50 + (number % 9));
    const put = (spentOf(spend.psbt, 1)?.amountSats ?? 0n) + aboveSats;
    const sent = withTransaction(spend, ({ outs }) => {
      const [to, rest] = [outs[own.index], outs[payment]] as [(typeof outs)[number], (typeof outs)[number]];
      rest.value += to.value - put;
      to.value = put;
      to.script = derived.scriptPubKey;
    });
    return { review: reviewPsbt(encodePsbt(withOutput(sent, own.index, () => outputFieldsOf(derived)).psbt), spend.context), index: own.index };
  }

  test.each(pairings.map((pair, number) => [pair.map(({ name }) => name).join(' and '), pair, number] as const))('%s: what one of them gains is a payment and no change', (_name, pair, number) => {
    const { review: gained, index } = passedOn(pair, number, 1n);
    expect(gained.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(gained.change).toEqual([]);
    expect(gained.payments.map((payment) => payment.index)).toContain(index);
    const { review: even } = passedOn(pair, number, 0n);
    expect(even.change.map((change) => change.index)).toEqual([index]);
  });
});

test('every finding code is what some attack must give', () => {
  const covered = new Set<string>([...attacks.map(({ code }) => code), ...told.map(({ code }) => code)]);
  expect(Object.keys(findingCatalog).filter((code) => !covered.has(code))).toEqual([]);
});

test('each is attacked by what it says: fields, values, orders, counts, and what the Signer has at hand', () => {
  expect([...new Set(attacks.map(({ by }) => by))].sort()).toEqual(['context', 'count', 'field', 'order', 'value']);
});

test('the names of the attacks tell them apart', () => {
  const names = attacks.map(({ name, code }) => `${code} ${name}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
