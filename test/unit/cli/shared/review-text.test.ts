import type { InferOutput } from 'valibot';
import { expect, test } from 'vitest';
import { codesToAcknowledge, findingLines, reviewLines, verdictExit } from '../../../../src/cli/shared/review-text.ts';
import { plainStyle } from '../../../../src/cli/shared/text-style.ts';
import type { ReviewReport } from '../../../../src/host/wire.ts';

const report: InferOutput<typeof ReviewReport> = {
  verdict: 'judgement', reviewId: 'ab'.repeat(32), psbtVersion: 0, network: 'regtest', transactionVersion: 2, locktime: 0, wallets: ['w'],
  inputsSats: '100000000', paymentsSats: '16545678', changeSats: '83452562', feeSats: '1760', feeRateSatPerVb: '8', feePercent: '0.01',
  payments: [
    { index: 0, address: 'bcrt1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysn', scriptHex: '00', amountSats: '12345678' },
    { index: 2, address: null, scriptHex: '6a0548656c6c6f', amountSats: '0' },
  ],
  change: [{ index: 1, address: 'bcrt1qchange', amountSats: '83452562', wallet: 'w', branch: 'change', childIndex: 42 }],
  inputs: [
    { index: 0, txid: 'cd'.repeat(32), vout: 3, sequence: 0xffff_fffd, amountSats: '100000000', proof: 'previous-transaction', wallet: 'w', branch: 'receive', childIndex: 7, signedBy: ['73c5da0a'] },
    { index: 1, txid: 'ef'.repeat(32), vout: 0, sequence: 0xffff_fffd, amountSats: '0', proof: null, wallet: null, branch: null, childIndex: null, signedBy: [] },
  ],
  quorum: { required: 2, total: 3, signed: ['73c5da0a'], thisKey: '9c5d1083', stillNeeded: 1 },
  findings: [
    { severity: 'acknowledge', code: 'fee.high', where: { scope: 'global', index: 0 }, details: { feeSats: '1760' } },
    { severity: 'acknowledge', code: 'fee.high', where: { scope: 'global', index: 0 }, details: {} },
    { severity: 'note', code: 'rbf.signalled', where: { scope: 'input', index: 0 }, details: {} },
  ],
};
const text = reviewLines(report, plainStyle).join('\n');

test('the review is printed from top to bottom in the order in which people decide', () => {
  const titles = ['Review', 'What it does', 'Payments (2)', 'Change', 'Fee', 'Findings (3)', 'Quorum', 'Inputs (2)'];
  const lines = text.split('\n');
  expect(lines.filter((line) => titles.includes(line))).toEqual(titles);
  expect(lines[1]).toContain('NEEDS YOUR JUDGEMENT: 2 findings');
});

test('an address stands whole on its own line, to be copied, and in fours below, to be compared', () => {
  expect(text.split('\n')).toContain('    bcrt1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysn');
  expect(text).toContain('bcrt 1qqq qsyq cyq5 rqwz qfpg 9scr gwpu gpzy sn');
});

test('arithmetic, change with its proof, fee, data outputs and unproven amounts are said', () => {
  expect(text).toMatch(/inputs +1\.00000000 BTC/);
  expect(text).toMatch(/= change +0\.83452562 BTC/);
  expect(text).toContain('proven: derived by this wallet at .../1/42');
  expect(text).toContain('1,760 sat, 8 sat/vB, 0.01 % of the payments');
  expect(text).toContain('script 6a0548656c6c6f');
  expect(text).toContain('AMOUNT NOT PROVEN');
  expect(text).toContain('of no registered wallet');
});

test('a finding comes with its meaning, its evidence and what to do next', () => {
  const lines = findingLines(report.findings.slice(0, 1), plainStyle).join(' ').replace(/\s+/g, ' ');
  expect(lines).toContain('JUDGE fee.high');
  expect(lines).toContain('over 5 % of the payments');
  expect(lines).toContain('Evidence: feeSats 1760');
  expect(lines).toContain('Next: Compare the fee with the plan before you go on.');
});

test('each code is to be acknowledged once; notes need no word', () => {
  expect(codesToAcknowledge(report.findings)).toEqual(['fee.high']);
});

test('exit codes of a verdict: ready 0, judgement 2, refused 3', () => {
  expect([verdictExit('ready').exit ?? 0, verdictExit('judgement').exit, verdictExit('refused').exit]).toEqual([0, 2, 3]);
});

test('a sweep: the payment says whose address it was proven to be, the inputs which paper they spend, the fee what it is a part of', () => {
  const swept: typeof report = {
    ...report,
    change: [],
    payments: [{ index: 0, address: 'bcrt1qcold', scriptHex: '00', amountSats: '100', to: { wallet: 'w', branch: 'receive', childIndex: 4 } }],
    inputs: [{ ...report.inputs[1]!, amountSats: '200', proof: 'taproot', paperKey: { fingerprint: '0a0b0c0d', script: 'p2tr' } }],
  };
  const lines = reviewLines(swept, plainStyle).join('\n');
  expect(lines).toContain('proven: your registered wallet w, receive 4');
  expect(lines).toContain('from paper key 0a0b0c0d (p2tr)');
  expect(lines).toContain('0.01 % of the inputs');
  expect(text).not.toContain('your registered wallet');
  expect(text).toContain('0.01 % of the payments');
});
