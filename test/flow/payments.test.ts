import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { companion, done, practice, requireBuilt, signer } from './programs.ts';
import { asCosigner, copyOf, makeTreasury, type Treasury } from './treasury.ts';

/*
 * Payments on the command line, on the practice network: a batch, a higher fee after one signature, replies in any order, a child for a
 * parent, coins and labels.
 */

let made: Treasury;
let treasury: Treasury;
let options: { folder: string };

beforeAll(() => {
  requireBuilt();
  made = makeTreasury();
}, 120_000);
afterAll(() => made?.remove());
beforeEach(() => {
  treasury = copyOf(made);
  options = { folder: treasury.folder };
});
afterEach(() => treasury.remove());

const run = (args: readonly string[]) => companion([...args, '--db', 'books.db'], options);
const hotAddress = (): string => done(practice(['hot', 'address', '--folder', 'chain'], options))['address'] as string;
const payments = (amounts: readonly string[]): string => `address,amount,reference,cost_code\n${amounts.map((amount, index) => `${hotAddress()},${amount},INV-${index + 1},CC-${index + 1}\n`).join('')}`;
const plan = (csv: string, ...more: readonly string[]) => {
  treasury.file('payments.csv', csv);
  return run(['pay', 'plan', '--wallet', 'wallet.json', '--payments', 'payments.csv', '--node', treasury.node, '--out', 'out', ...more]);
};
const sign = (name: 'a' | 'b' | 'c', file: string, out: string): void => void done(signer(['psbt', 'sign', file, ...asCosigner(name), '--acknowledge', 'fee.high', '--out', out], options));
const mine = (): void => void done(practice(['mine', '--folder', 'chain', '--blocks', '1'], options));
const refresh = (): void => void done(run(['ledger', 'refresh', '--wallet', 'wallet.json', '--node', treasury.node]));
const code = (ended: ReturnType<typeof run>): string => ended.json()['error'].code as string;

test('a batch, a higher fee after one signature, and replies in any order: the stale ones are refused by name, and keep no good one back', () => {
  const first = done(plan(payments(['0.01 BTC', '250000 sats', '0.002 BTC']), '--fee-rate', '2'));
  expect(first['plan']).toMatchObject({ feeRateSatPerVb: '2', payments: [{ costCode: 'CC-1' }, { amountSats: '250000', reference: 'INV-2', costCode: 'CC-2' }, {}] });
  expect(Number(first['plan'].feeSavedSats)).toBe(Number(first['plan'].singlesFeeSats) - Number(first['plan'].feeSats));
  expect(Number(first['plan'].feeSavedPercent)).toBeGreaterThan(40);
  sign('a', first['out'], 'early-a.psbt');
  expect(done(run(['queue', 'add', 'early-a.psbt'])).entries[0]).toMatchObject({ state: 'partly-signed', version: 1, signedBy: [{ fingerprint: treasury.fingerprints[0], label: 'a.record', file: 'early-a.psbt' }] });

  const second = done(run(['pay', 'bump', first['queue'].planId.slice(0, 12), '--fee-rate', '9', '--node', treasury.node, '--out', 'out']));
  expect(second['plan'].payments).toEqual(first['plan'].payments);
  expect(second['plan'].inputs.map((input: { txid: string }) => input.txid)).toEqual(first['plan'].inputs.map((input: { txid: string }) => input.txid));
  expect(second).toMatchObject({ queue: { version: 2, paymentId: first['queue'].paymentId }, replaces: { planId: first['queue'].planId, feeRateSatPerVb: '2' }, plan: { feeRateSatPerVb: '9' } });

  sign('b', first['out'], 'early-b.psbt');
  sign('c', second['out'], 'late-c.psbt');
  sign('b', second['out'], 'late-b.psbt');
  mkdirSync(join(treasury.folder, 'stick'));
  for (const file of ['early-b.psbt', 'late-b.psbt', 'late-c.psbt']) renameSync(join(treasury.folder, file), join(treasury.folder, 'stick', file));
  treasury.file('stick/holiday.txt', 'wish you were here');
  const added = run(['queue', 'add', 'stick']);
  expect(added.exit).toBe(3);
  expect(added.json()['outcomes'].map((outcome: any) => [outcome.file, outcome.outcome, outcome.error?.code ?? null, outcome.finalized])).toEqual([
    ['early-b.psbt', 'refused', 'psbt.superseded', false], ['holiday.txt', 'refused', 'psbt.malformed', false], ['late-b.psbt', 'taken', null, false], ['late-c.psbt', 'taken', null, true],
  ]);
  expect(done(run(['queue', 'add', join('stick', 'late-b.psbt')])).outcomes[0]).toMatchObject({ outcome: 'duplicate', finalized: true });

  const board = done(run(['queue', 'show', second['queue'].planId]));
  expect(board['versions'].map((version: any) => [version.version, version.state, version.signedBy.map((each: any) => each.label)])).toEqual([[1, 'superseded', ['a.record']], [2, 'finalized', ['b.record', 'c.record']]]);
  expect(board['quarantined']).toMatchObject([{ file: 'early-b.psbt', code: 'psbt.superseded', signedBy: [treasury.fingerprints[1]] }]);
  // The old way is closed too.
  expect(code(run(['psbt', 'combine', 'early-a.psbt', join('stick', 'early-b.psbt'), '--wallet', 'wallet.json', '--out', 'early.psbt']))).toBe('psbt.superseded');

  const { txid } = done(run(['queue', 'broadcast', second['queue'].planId, '--node', treasury.node]));
  expect(done(run(['queue', 'list'])).entries).toMatchObject([{ planId: second['queue'].planId, state: 'broadcast' }]);
  expect(code(run(['queue', 'discard', txid, '--reason', 'wrong payee']))).toBe('queue.already-sent');

  // It waits, and is pulled along by a child of its change, at the rate of both.
  const child = done(run(['pay', 'cpfp', txid, '--wallet', 'wallet.json', '--fee-rate', '15', '--node', treasury.node, '--out', 'out']));
  expect(child['plan']).toMatchObject({ payments: [], inputs: [{ txid, confirmations: 0 }] });
  expect(child['package'].transactions).toBe(2);
  expect(Number(child['package'].feeRateSatPerVb)).toBeGreaterThanOrEqual(15);
  for (const name of ['a', 'b'] as const) sign(name, child['out'], `child-${name}.psbt`);
  expect(done(run(['queue', 'add', 'child-b.psbt', 'child-a.psbt'])).outcomes).toMatchObject([{ finalized: false }, { finalized: true }]);
  done(run(['queue', 'broadcast', child['queue'].planId, '--node', treasury.node]));
  mine();
  refresh();
  expect(done(run(['queue', 'list'])).entries).toEqual([]);
  expect(done(run(['queue', 'list', '--all'])).entries.map((entry: any) => [entry.reason, entry.version, entry.state])).toEqual([['child', 1, 'confirmed'], ['bumped', 2, 'confirmed'], ['planned', 1, 'superseded']]);
  expect(done(run(['ledger', 'list'])).entries).toContainEqual(expect.objectContaining({ txid, kind: 'pay', feeSats: second['plan'].feeSats }));
  expect(code(run(['pay', 'bump', txid, '--node', treasury.node, '--out', 'out']))).toBe('bump.not-possible');
});

test('coins are chosen, frozen, tagged and held; addresses are given out once', () => {
  const next = () => done(run(['wallet', 'next-address', '--wallet', 'wallet.json', '--node', treasury.node, '--label', 'Customer Müller'])) as { address: string; index: number };
  const [one, two] = [next(), next()];
  expect([one.index, two.index]).toEqual([1, 2]);
  for (const { address } of [one, two]) done(practice(['faucet', '--folder', 'chain', '--to', address, '--amount-sats', '3000000'], options));
  const coins = () => done(run(['coins', 'list', '--wallet', 'wallet.json', '--node', treasury.node]))['coins'] as { txid: string; vout: number; label: string; frozen: boolean; tags: string[]; reservedBy: string | null; index: number }[];
  const outpoints = coins().map(({ txid, vout }) => `${txid}:${vout}`) as [string, string, string];
  expect(coins().map(({ label }) => label)).toEqual(['', 'Customer Müller', 'Customer Müller']);
  done(run(['coins', 'freeze', outpoints[0]]));
  done(run(['coins', 'tag', outpoints[1], '--add', 'customers']));
  const tagged = done(plan(payments(['0.01 BTC']), '--fee-rate', '2', '--tag', 'customers'));
  expect(tagged['plan'].inputs.map((input: any) => `${input.txid}:${input.vout}`)).toEqual([outpoints[1]]);
  // What the first payment holds, and what is frozen, leaves the third output.
  const second = done(plan(payments(['0.02 BTC']), '--fee-rate', '2'));
  expect(second['plan'].inputs.map((input: any) => `${input.txid}:${input.vout}`)).toEqual([outpoints[2]]);
  expect(second['plan'].skipped.map((coin: any) => coin.reason).sort()).toEqual(['frozen', 'reserved']);
  expect(code(plan(payments(['0.021 BTC']), '--fee-rate', '2'))).toBe('plan.insufficient-funds');
  expect(code(plan(payments(['0.021 BTC']), '--fee-rate', '2', '--only', outpoints[0]))).toBe('coins.frozen');
  expect(coins().map((coin) => [coin.frozen, coin.tags, coin.reservedBy])).toEqual([[true, [], null], [false, ['customers'], tagged['queue'].planId], [false, [], second['queue'].planId]]);

  done(run(['labels', 'export', '--out', 'labels.jsonl']));
  const exported = readFileSync(join(treasury.folder, 'labels.jsonl'), 'utf8');
  expect(exported.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    { type: 'addr', ref: one.address, label: 'Customer Müller' }, { type: 'addr', ref: two.address, label: 'Customer Müller' },
    { type: 'output', ref: outpoints[0], label: '', spendable: false }, { type: 'output', ref: outpoints[1], label: '', strongroom_tags: ['customers'] },
  ]);
  expect(done(companion(['labels', 'import', 'labels.jsonl', '--db', 'other.db'], options))).toMatchObject({ records: 4, frozen: 1, unknownTypes: 0 });
  expect(companion(['labels', 'export', '--db', 'other.db'], options).json()['content']).toBe(exported);
  done(run(['coins', 'unfreeze', outpoints[0]]));
  expect(done(plan(payments(['0.021 BTC']), '--fee-rate', '2'))['plan'].inputs.map((input: any) => `${input.txid}:${input.vout}`)).toEqual([outpoints[0]]);
});
