import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareWithLive } from '../../../../src/companion/node-care/backup-comparison.ts';
import { formatBackupList, parseBackupList, stateOfBackup, withBackup, withTest, type Backup } from '../../../../src/companion/node-care/backup-list.ts';
import type { WalletView } from '../../../../src/companion/node-care/care-node.ts';
import { formatRepair, newRepair, nextStep, parseRepair, repairSteps, withStep } from '../../../../src/companion/node-care/repair-plan.ts';

const backup: Backup = { sha256: 'ab'.repeat(32), file: 'hot.age', wallet: 'hot', bytes: 1000, madeAt: '2026-01-31T10:00:00.000Z', openedBy: 'recipients', tests: [] };
const coded = (code: string) => expect.objectContaining({ code });

describe('the list of backups', () => {
  test('a backup is untested, then good for thirty days, then due; failed where its last test did not agree', () => {
    expect(stateOfBackup(backup, '2026-01-31T10:00:01.000Z').state).toBe('untested');
    const [tested] = withTest([backup], backup.sha256, { at: '2026-01-31T12:00:00.000Z', good: true, differences: [] }) as [Backup];
    expect(stateOfBackup(tested, '2026-03-01T23:59:59.000Z')).toEqual({ state: 'good', lastGoodTest: '2026-01-31T12:00:00.000Z', dueAt: '2026-03-02' });
    expect(stateOfBackup(tested, '2026-03-02T00:00:00.000Z').state).toBe('due');
    const [failed] = withTest([tested], backup.sha256, { at: '2026-02-01T12:00:00.000Z', good: false, differences: ['outputs'] }) as [Backup];
    expect(stateOfBackup(failed, '2026-02-02T00:00:00.000Z')).toMatchObject({ state: 'failed', lastGoodTest: '2026-01-31T12:00:00.000Z', dueAt: null });
  });
  test('it reads back, keeps tests of a file that is listed again, and a damaged one is named', () => {
    const listed = withTest(withBackup([], backup), backup.sha256, { at: '2026-02-01T12:00:00.000Z', good: true, differences: [] });
    expect(parseBackupList(formatBackupList(withBackup(listed, backup)))).toEqual(listed);
    expect(parseBackupList(null)).toEqual([]);
    expect(() => parseBackupList('{"format":"strongroom-backups"}')).toThrow(coded('backup.list-malformed'));
  });
  test('thirty days are thirty days by the runtime\'s own calendar', () => {
    fc.assert(fc.property(fc.date({ min: new Date('1990-01-01'), max: new Date('2190-01-01'), noInvalidDate: true }), (date) => {
      const at = date.toISOString();
      const { dueAt } = stateOfBackup({ ...backup, tests: [{ at, good: true, differences: [] }] }, at);
      expect(dueAt).toBe(new Date(Date.parse(at.slice(0, 10)) + 30 * 86_400_000).toISOString().slice(0, 10));
    }));
  });
});

describe('a restored wallet against the living one', () => {
  const live: WalletView = { kind: 'descriptor', privateKeys: true, descriptors: [{ descriptor: 'wpkh(a)', active: true, internal: false }], firstAddresses: ['x', 'y'], outputs: [{ outpoint: 'a:0', amountSats: 5n, confirmations: 3 }, { outpoint: 'b:0', amountSats: 7n, confirmations: 0 }] };
  test('the same is the same, whatever waits in the mempool', () => {
    expect(compareWithLive(live, { ...live, outputs: live.outputs.slice(0, 1) }, [true, true])).toEqual([]);
  });
  test('each difference has its name', () => {
    expect(compareWithLive(live, { ...live, privateKeys: false }, [true, true])).toEqual(['private-keys']);
    expect(compareWithLive(live, { ...live, kind: 'legacy', descriptors: [] }, [true, true])).toEqual(['kind', 'descriptors']);
    expect(compareWithLive(live, live, [true, false])).toEqual(['first-addresses']);
    expect(compareWithLive(live, { ...live, outputs: [] }, [true, true])).toEqual(['outputs']);
    expect(compareWithLive(live, { ...live, outputs: [{ outpoint: 'a:0', amountSats: 6n, confirmations: 3 }] }, [true, true])).toEqual(['amounts']);
  });
});

describe('a repair', () => {
  const now = '2026-11-23T10:00:00.000Z';
  test('goes step by step, is written down and read back, and is of one order', () => {
    let plan = newRepair('hot', now);
    expect(() => withStep(plan, 'rescan', 'done', [], now)).toThrow(coded('repair.order'));
    for (const step of repairSteps) {
      expect(nextStep(plan)).toBe(step);
      plan = parseRepair(formatRepair(withStep(plan, step, step === 'restore' ? 'skipped' : 'done', [`did ${step}`], now)));
    }
    expect(nextStep(plan)).toBeNull();
    expect(withStep(plan, 'rescan', 'done', ['again'], now).steps[4]?.record).toEqual(['again']);
    expect(() => parseRepair(formatRepair({ ...plan, steps: plan.steps.slice(1) }))).toThrow(coded('repair.malformed'));
    expect(() => parseRepair('no JSON')).toThrow(coded('repair.malformed'));
  });
});
