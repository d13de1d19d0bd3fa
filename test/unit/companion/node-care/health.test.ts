import { describe, expect, test } from 'vitest';
import { feeRateFromSatPerKvb } from '../../../../src/domain/fee-rate.ts';
import { judgeHealth, overallJudgement } from '../../../../src/companion/node-care/health.ts';
import type { HealthFacts } from '../../../../src/companion/node-care/health-facts.ts';
import { judgeVersion, programOf } from '../../../../src/companion/node-care/known-versions.ts';

const NOW = 1_795_000_000;
const GIB = 1_073_741_824;
const rate = feeRateFromSatPerKvb(1000n);
const well: HealthFacts = {
  chain: 'main', isTestChain: false, height: 900_000, headers: 900_000, initialDownload: false, pruned: false, tipTime: NOW - 300, program: 'core', version: 300200,
  peers: { inbound: 0, outbound: 10, total: 10 }, networkActive: true, clockOffsetSeconds: -1, wallets: [], sizeOnDisk: 700 * GIB, diskFree: 200 * GIB,
  mempool: { loaded: true, count: 9000, bytes: 5_000_000, minimumFeeRate: rate }, feeRates: [1, 3, 6, 144].map((blocks) => ({ blocks, rate })), uptimeSeconds: 86_400, hasWarnings: false,
};
const wallet = { name: 'hot', kind: 'descriptor', privateKeys: true, encrypted: true, unlocked: false, scanning: false } as const;
const codes = (more: Partial<HealthFacts>): readonly string[] => judgeHealth({ ...well, ...more }, NOW).filter(({ judgement }) => judgement !== 'ok').map(({ code, judgement }) => `${code} ${judgement}`);

describe('health', () => {
  test('a node that is well has nothing to do', () => {
    expect(codes({})).toEqual([]);
    expect(overallJudgement(judgeHealth(well, NOW))).toBe('ok');
    expect(judgeHealth(well, NOW).every(({ todo }) => todo === '')).toBe(true);
  });
  test.each<[string, Partial<HealthFacts>, readonly string[]]>([
    ['syncing', { height: 100_000, initialDownload: true }, ['health.syncing bad']],
    ['one block behind', { height: 899_999 }, ['health.catching-up attention']],
    ['two hours without a block', { tipTime: NOW - 7200 }, ['health.tip-quiet attention']],
    ['a day without a block', { tipTime: NOW - 86_400 }, ['health.tip-stale bad']],
    ['no peers', { peers: { inbound: 3, outbound: 0, total: 3 } }, ['health.no-peers bad']],
    ['few peers', { peers: { inbound: 9, outbound: 2, total: 11 } }, ['health.few-peers attention']],
    ['its network off', { networkActive: false }, ['health.network-off bad']],
    ['an old release', { version: 280000 }, ['health.version-old attention']],
    ['a dangerous release', { version: 240000 }, ['health.version-dangerous bad']],
    ['a release that deletes wallets', { version: 300000 }, ['health.version-flawed bad']],
    ['an unknown program', { program: 'other' }, ['health.version-unknown unknown']],
    ['an unlocked wallet', { wallets: [{ ...wallet, unlocked: true }] }, ['health.wallet-unlocked bad']],
    ['an unencrypted wallet', { wallets: [{ ...wallet, encrypted: false }] }, ['health.wallet-unencrypted attention']],
    ['a legacy wallet', { wallets: [{ ...wallet, kind: 'legacy' }] }, ['health.wallet-legacy attention']],
    ['a scanning wallet', { wallets: [{ ...wallet, scanning: true }] }, ['health.wallet-scanning attention']],
    ['a full disk', { diskFree: GIB }, ['health.disk-full bad']],
    ['little room', { diskFree: 10 * GIB }, ['health.disk-low attention']],
    ['a disk elsewhere', { diskFree: null }, ['health.disk-unknown unknown']],
    ['an empty mempool', { mempool: { loaded: true, count: 0, bytes: 0, minimumFeeRate: rate } }, ['health.mempool-empty attention']],
    ['a mempool that loads', { mempool: { loaded: false, count: 5, bytes: 1000, minimumFeeRate: rate } }, ['health.mempool-loading attention']],
    ['no estimates', { feeRates: [{ blocks: 1, rate: null }] }, ['health.no-fee-rates attention']],
    ['some estimates', { feeRates: [{ blocks: 1, rate: null }, { blocks: 6, rate }] }, ['health.some-fee-rates attention']],
    ['a start a minute ago', { uptimeSeconds: 60 }, ['health.just-started attention']],
    ['warnings', { hasWarnings: true }, ['health.warnings attention']],
    ['a clock a minute off', { clockOffsetSeconds: -60 }, ['health.clock-off attention']],
    ['a clock an hour off', { clockOffsetSeconds: 3600 }, ['health.clock-wrong bad']],
  ])('%s', (_, facts, expected) => expect(codes(facts)).toEqual(expected));

  test('every judgement that is not well says what to do', () => {
    const bad = judgeHealth({ ...well, height: 1, tipTime: 0, version: 100, diskFree: 0, clockOffsetSeconds: 9999, wallets: [{ ...wallet, unlocked: true }] }, NOW).filter(({ judgement }) => judgement === 'bad');
    expect(bad.length).toBe(6);
    expect(bad.every(({ todo }) => todo.length > 20)).toBe(true);
  });
  test('programs are told by their own name, which is kept nowhere', () => {
    expect(['/Satoshi:29.5.0/', '/Satoshi:29.5.0/Knots:20260508/', '/LitecoinCore:0.21.4/', '/Shibetoshi:1.14.9/', '/<b>evil</b>/'].map(programOf)).toEqual(['core', 'knots', 'litecoin', 'dogecoin', 'other']);
    expect(judgeVersion('litecoin', 210400)).toBe('current');
    expect(judgeVersion('dogecoin', 1140600)).toBe('dangerous');
  });
});
