import { expect, test } from 'vitest';
import { planLines } from '../../../../src/cli/companion/plan-text.ts';
import { plainStyle } from '../../../../src/cli/shared/text-style.ts';

const txid = 'cd'.repeat(32);

test('a sweep says what goes, where, what stays, and why outputs were left', () => {
  const text = planLines({
    kind: 'sweep', inputs: [{ txid, vout: 0, amountSats: '250000000', address: null, confirmations: 3 }], inputsSats: '250000000',
    payments: [{ address: 'bcrt1qcold', amountSats: '199998555', reference: '' }], paymentsSats: '199998555', feeSats: '1445', feeRateSatPerVb: '5', feePercent: '0.01', vsizeVb: 289,
    change: { address: 'bcrt1qhot', amountSats: '50000000', branch: null, index: null }, destination: { address: 'bcrt1qcold', branch: 'receive', index: 4 }, leftHotSats: '50000000',
    skipped: [{ txid, vout: 1, amountSats: '200', reason: 'dust' }],
  }, plainStyle).join('\n');
  expect(text).toContain('Sweep, unsigned');
  expect(text).toContain('1.99998555 BTC to\n    bcrt1qcold');
  expect(text).toContain('receive address 4');
  expect(text).toContain('left in the hot wallet: 0.50000000 BTC');
  expect(text).toContain('costs more to spend than it is worth');
});

test('a payment names its references and what to look at in the file', () => {
  const text = planLines({
    kind: 'pay', inputs: [], inputsSats: '1000', payments: [{ address: 'bcrt1qa', amountSats: '400', reference: 'invoice 7' }, { address: 'bcrt1qa', amountSats: '400', reference: 'invoice 7' }], paymentsSats: '800',
    feeSats: '200', feeRateSatPerVb: '1', feePercent: null, vsizeVb: 200, change: null, destination: null, leftHotSats: null, skipped: [],
    notes: [{ code: 'payments.duplicate', lines: [2, 3] }],
  }, plainStyle).join('\n');
  expect(text).toContain('Payment to 2 recipients, unsigned');
  expect(text).toContain('(invoice 7)');
  expect(text).toContain('no change');
  expect(text).toContain('look at lines 2, 3');
});
