import fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelOfPlan, type Plan } from '../../../renderer/review/from-plan.ts';
import { modelOfReport, tailText, type Report } from '../../../renderer/review/from-report.ts';
import { codesToJudge, verdictWords } from '../../../renderer/review/judgement.ts';
import { PICTURE_WIDTH, pictureParts } from '../../../renderer/review/picture.ts';
import { guideLines, guideSteps } from '../../../renderer/guide/ceremony-guide.ts';
import { matchingPlaces } from '../../../renderer/frame/matching-places.ts';
import { qrPath, QUIET_MODULES } from '../../../renderer/ui/qr-path.ts';
import { base64OfBytes, base64OfText, textOfBase64 } from '../../../renderer/ui/file-content.ts';

const report: Report = {
  verdict: 'refused', reviewId: 'a'.repeat(64), psbtVersion: 0, network: 'practice', transactionVersion: 2, locktime: 0, wallets: ['w'], inputsSats: '100', paymentsSats: '60', changeSats: '30', feeSats: '10', feeRateSatPerVb: '1', feePercent: '16.66',
  payments: [{ index: 0, address: null, scriptHex: '6a00', amountSats: '60' }],
  change: [{ index: 1, address: 'own', amountSats: '30', wallet: 'w', branch: 'change', childIndex: 42 }],
  inputs: [{ index: 0, txid: 'b'.repeat(64), vout: 3, sequence: 0xffff_fffd, amountSats: '0', proof: null, wallet: null, branch: null, childIndex: null, signedBy: [] }],
  quorum: { required: 2, total: 3, signed: [], thisKey: null, stillNeeded: 2 },
  findings: [],
};

test('change is shown with the place from which the wallet derives it', () => {
  const model = modelOfReport(report, new Map([['w', 'Treasury']]));
  expect(model.change).toMatchObject([{ address: 'own', proof: 'Derived by Treasury at \u2026/1/42', isProven: true }]);
  expect(tailText('receive', 0)).toBe('\u2026/0/0');
});

test('a payment without an address shows its script, and an unproven amount says so', () => {
  const model = modelOfReport(report, new Map(), new Map([[0, 'Invoice 7']]));
  expect(model.payments).toMatchObject([{ address: null, scriptHex: '6a00', reference: 'Invoice 7' }]);
  expect(model.inputs).toMatchObject([{ proof: 'Amount NOT proven', isProven: false, outpoint: `${'b'.repeat(64)}:3` }]);
});

const plan: Plan = {
  kind: 'sweep', inputs: [], inputsSats: '100', payments: [{ address: 'cold', amountSats: '60', reference: '' }], paymentsSats: '60', feeSats: '10', feeRateSatPerVb: '1', feePercent: null, vsizeVb: 1,
  change: { address: 'hot', amountSats: '30', branch: null, index: null }, destination: { address: 'cold', branch: 'receive', index: 7 }, leftHotSats: '30', skipped: [],
};

test('a sweep says that it pays the cold wallet\'s own address, and does not claim to prove the node\'s change', () => {
  const model = modelOfPlan(plan, 'Treasury');
  expect(model.payments[0]?.reference).toBe('Treasury, next unused receive address, at \u2026/0/7');
  expect(model.change).toMatchObject([{ isProven: false, proof: 'Goes back to the hot wallet that the node keeps' }]);
  expect(modelOfPlan({ ...plan, change: { address: 'own', amountSats: '30', branch: 'change', index: 1 } }, 'Treasury').change).toMatchObject([{ isProven: true }]);
});

test('the picture of the sum fills its width, and nothing that exists is invisible', () => {
  expect(pictureParts({ paymentsSats: 0n, feeSats: 0n, changeSats: 0n })).toEqual([]);
  const amount = fc.bigInt({ min: 0n, max: 2_100_000_000_000_000n });
  fc.assert(fc.property(amount, amount, amount, (paymentsSats, feeSats, changeSats) => {
    const parts = pictureParts({ paymentsSats, feeSats, changeSats });
    if (paymentsSats + feeSats + changeSats === 0n) return;
    expect(parts.reduce((sum, part) => sum + part.width, 0)).toBe(PICTURE_WIDTH);
    expect(parts.map((part) => part.width > 0)).toEqual([paymentsSats > 0n, feeSats > 0n, changeSats > 0n]);
    let x = 0;
    for (const part of parts) {
      expect(part.x).toBe(x);
      x += part.width;
    }
  }));
});

const finding = (code: string, severity: 'refuse' | 'acknowledge' | 'note') => ({ code, severity, where: { scope: 'global', index: 0 }, details: {} }) as const;

test('the verdict counts codes, not repetitions', () => {
  const findings = [finding('fee.high', 'acknowledge'), finding('fee.high', 'acknowledge'), finding('rbf.signalled', 'note')];
  expect(codesToJudge(findings)).toEqual(['fee.high']);
  expect(verdictWords('judgement', findings, 'sign').title).toBe('Needs your judgement (1)');
  expect(verdictWords('ready', [], 'send').title).toBe('Ready to send');
  expect(verdictWords('refused', [finding('change.fraud', 'refuse')], 'sign').sentence).toBe('An output claims to be the wallet\'s and is not what the registered wallet derives. It cannot be signed.');
  expect(verdictWords('refused', [finding('change.fraud', 'refuse'), finding('tx.version', 'refuse'), finding('tx.version', 'refuse')], 'send').sentence).toMatch(/1 further finding below\. It cannot be sent\.$/);
});

test('the guide takes a later step as proof of the earlier ones, also of the other window', () => {
  const lines = guideLines('companion', new Set(['sweep']));
  const states = Object.fromEntries(lines.map((line) => [line.step.id, line.state]));
  expect(states).toMatchObject({ keys: 'done', register: 'done', sweep: 'done', confirm: 'now', pay: 'later' });
});

test('the guide names what to do now, and what this window does next when the turn is the other\'s', () => {
  const lines = guideLines('companion', new Set());
  expect(lines.filter((line) => line.state === 'now').map((line) => line.step.id)).toEqual(['keys']);
  expect(lines.filter((line) => line.state === 'next-here').map((line) => line.step.id)).toEqual(['wallet']);
  expect(guideLines('companion', new Set(['books'])).every((line) => line.state === 'done')).toBe(true);
  expect(guideSteps).toHaveLength(10);
});

test('the palette finds a place by any part of its words', () => {
  const items = [{ place: 'combine', name: 'Combine & send', icon: 'combine' }, { place: 'pay', name: 'Pay', icon: 'pay' }] as const;
  expect(matchingPlaces(items, 'send com').map((item) => item.place)).toEqual(['combine']);
  expect(matchingPlaces(items, '').length).toBe(2);
  expect(matchingPlaces(items, 'sign')).toEqual([]);
});

test('a QR code is one path whose modules stand clear of the edge by the quiet zone', () => {
  const rows = ['110', '001', '111'];
  const path = qrPath({ size: 3, isDark: (row, column) => rows[row]?.[column] === '1' });
  expect(QUIET_MODULES).toBe(4);
  expect(path).toBe('M4 4h2v1h-2zM6 5h1v1h-1zM4 6h3v1h-3z');
});

test('files go across byte for byte, whatever they hold', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    expect(base64OfBytes(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  }));
  const large = new Uint8Array(100_000).map((_, index) => index % 251);
  expect(base64OfBytes(large)).toBe(Buffer.from(large).toString('base64'));
  expect(textOfBase64(base64OfText('Träsury ₿'))).toBe('Träsury ₿');
});
