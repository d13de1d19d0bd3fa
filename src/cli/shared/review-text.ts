import type { InferOutput } from 'valibot';
import { findingCatalog, type FindingCode } from '../../review/finding.ts';
import { sequenceText, termsText } from '../../review/terms.ts';
import type { Finding, ReviewReport, SigningQuorum } from '../../host/wire.ts';
import { btc, facts, inFours, satsText, table, wrap } from './text-layout.ts';
import type { TextStyle } from './text-style.ts';

type Report = InferOutput<typeof ReviewReport>;
type ReportFinding = InferOutput<typeof Finding>;

/** The exit code of a review that was only shown: ready 0, a person must judge 2, refused 3. */
export const verdictExit = (verdict: Report['verdict']): { exit?: 2 | 3 } => (verdict === 'ready' ? {} : { exit: verdict === 'judgement' ? 2 : 3 });

/**
 * The review for people, always in this order: verdict, arithmetic, payments, change with its proof, fee, terms, findings, quorum,
 * inputs. What is decided by comes first; what is looked up comes last.
 */
export function reviewLines(review: Report, style: TextStyle): readonly string[] {
  return [
    ...section('Review', style, [verdictText(review), ...facts([['network', review.network], ['review id', review.reviewId]])]),
    ...section('What it does', style, arithmetic(review)),
    ...section(review.payments.length === 1 ? 'Payment' : `Payments (${review.payments.length})`, style, paymentLines(review, style)),
    ...section('Change', style, changeLines(review, style)),
    ...section('Fee', style, [feeLine(review)]),
    ...section('Terms', style, facts(termsText(review))),
    ...section(`Findings (${review.findings.length})`, style, review.findings.length === 0 ? ['None.'] : findingLines(review.findings, style)),
    ...section('Quorum', style, facts(quorumFacts(review.quorum))),
    ...section(`Inputs (${review.inputs.length})`, style, inputLines(review, style)),
  ].slice(0, -1);
}

const section = (title: string, style: TextStyle, lines: readonly string[]): readonly string[] => [style.bold(title), ...lines.map((line) => `  ${line}`), ''];

function verdictText(review: Report): string {
  const judged = review.findings.filter((finding) => finding.severity === 'acknowledge').length;
  switch (review.verdict) {
    case 'ready':
      return 'READY: nothing speaks against signing what is shown below.';
    case 'judgement':
      return `NEEDS YOUR JUDGEMENT: ${judged} ${judged === 1 ? 'finding' : 'findings'} below must be acknowledged.`;
    case 'refused':
      return 'REFUSED: this must not be signed. The findings say why.';
  }
}

function arithmetic(review: Report): readonly string[] {
  const rows: readonly (readonly [string, string])[] = [['inputs', review.inputsSats], ['- payments', review.paymentsSats], ['- fee', review.feeSats], ['= change', review.changeSats]];
  return table(rows.map(([label, sats]) => [label, btc(sats)]), [1]);
}

function paymentLines(review: Report, style: TextStyle): readonly string[] {
  if (review.payments.length === 0) return ['Nothing leaves the wallet.'];
  return review.payments.flatMap((payment) => [
    `output ${payment.index}: ${btc(payment.amountSats)} to`,
    ...(payment.address === null ? [`  script ${payment.scriptHex}`] : [`  ${payment.address}`, `  ${style.dim(inFours(payment.address))}`]),
    ...(payment.to === undefined ? [] : [`  proven: your registered wallet ${payment.to.wallet}, ${payment.to.branch} ${payment.to.childIndex}`]),
  ]);
}

function changeLines(review: Report, style: TextStyle): readonly string[] {
  if (review.change.length === 0) return ['None.'];
  return review.change.flatMap((change) => [
    `output ${change.index}: ${btc(change.amountSats)} back to`,
    `  ${change.address}`,
    `  ${style.dim(`proven: derived by this wallet at .../${change.branch === 'receive' ? 0 : 1}/${change.childIndex}`)}`,
  ]);
}

function feeLine(review: Report): string {
  const percent = review.feePercent === null ? '' : `, ${review.feePercent} % of ${review.payments.every((payment) => payment.to !== undefined) ? 'the inputs' : 'the payments'}`;
  return `${satsText(review.feeSats)}, ${review.feeRateSatPerVb} sat/vB${percent}`;
}

const severityWords = { refuse: 'REFUSED', acknowledge: 'JUDGE', note: 'NOTE' } as const;

/** Findings with their meaning, evidence and next step. */
export function findingLines(findings: readonly ReportFinding[], style: TextStyle): readonly string[] {
  return findings.flatMap((found) => {
    const entry = (findingCatalog as Readonly<Record<string, { readonly meaning: string; readonly nextStep: string } | undefined>>)[found.code];
    const where = found.where.scope === 'global' ? '' : ` (${found.where.scope} ${found.where.index})`;
    const evidence = Object.entries(found.details).map(([name, value]) => `${name} ${String(value)}`).join(', ');
    return [
      `${style.bold(severityWords[found.severity])} ${found.code}${where}`,
      ...wrap(entry?.meaning ?? 'A finding without a description.', 92, '  '),
      ...(evidence === '' ? [] : wrap(`Evidence: ${evidence}`, 92, '  ')),
      ...wrap(`Next: ${entry?.nextStep ?? 'Ask before you sign.'}`, 92, '  '),
    ];
  });
}

/** The codes that a person must acknowledge, each once. */
export const codesToAcknowledge = (findings: readonly ReportFinding[]): readonly FindingCode[] => [...new Set(findings.filter((found) => found.severity === 'acknowledge').map((found) => found.code as FindingCode))];

export function quorumFacts(quorum: InferOutput<typeof SigningQuorum>): readonly (readonly [string, string])[] {
  return [
    ['required', `${quorum.required} of ${quorum.total} keys`],
    ['signed', quorum.signed.length === 0 ? 'nobody yet' : quorum.signed.join(', ')],
    ...(quorum.keys !== undefined ? [['these keys', quorum.keys.join(', ')] as const] : quorum.thisKey === null ? [] : [['this key', quorum.thisKey] as const]),
    ['still needed', String(quorum.stillNeeded)],
  ];
}

function inputLines(review: Report, style: TextStyle): readonly string[] {
  return review.inputs.flatMap((input) => {
    const place = input.paperKey !== undefined ? `paper key ${input.paperKey.fingerprint} (${input.paperKey.script})` : input.branch === null ? 'of no registered wallet' : `${input.branch} ${input.childIndex ?? ''}`;
    const proof = input.proof === null ? 'AMOUNT NOT PROVEN' : `amount proven by ${input.proof === 'taproot' ? 'the taproot signatures' : 'the full previous transaction'}`;
    const signed = input.signedBy.length === 0 ? '' : `, signed by ${input.signedBy.join(', ')}`;
    return [`input ${input.index}: ${btc(input.amountSats)} from ${place}${signed}`, `  ${style.dim(`${input.txid}:${input.vout}, sequence ${sequenceText(input.sequence)}, ${proof}`)}`];
  });
}
