import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { practiceProgram } from '../../../src/cli/practice/program.ts';
import { runProgram } from '../../../src/cli/shared/run-program.ts';
import { parseBase64, parseHex } from '../../../src/domain/bytes.ts';
import { openPracticeChainSource } from '../../../src/node/companion/practice-chain-source.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import { scriptOfAddress } from '../../../src/wallet/address.ts';

let parent: string;
let folder: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'strongroom-practice-cli-'));
  folder = join(parent, 'net');
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** Runs a command line in this process. */
async function run(...args: readonly string[]): Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }> {
  let stdout = '';
  let stderr = '';
  const exit = await runProgram(practiceProgram, {
    args,
    environment: {},
    standardInput: (async function* () {})(),
    stdout: { isTerminal: false, write: (text) => void (stdout += text) },
    stderr: { isTerminal: false, write: (text) => void (stderr += text) },
    prompt: () => Promise.reject(new Error('nothing is asked here')),
    now: () => 0,
    onCancel: () => undefined,
  });
  return { exit, stdout, stderr };
}
const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => JSON.parse((await run(...args, '--json')).stdout) as Record<string, unknown>;

test('init makes a network, once', async () => {
  expect(await json('init', '--folder', folder)).toEqual({ ok: true, folder, chainId: expect.stringMatching(/^[0-9a-f]{64}$/), height: 200 });
  const again = await run('init', '--folder', folder, '--json');
  expect(again.exit).toBe(74);
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: false, error: { code: 'file.exists' } });
});

test('faucet pays the hot wallet, at once or left in the mempool', async () => {
  expect(await json('faucet', '--folder', folder, '--amount-sats', '3000000', '--outputs', '3')).toMatchObject({ ok: true, confirmed: true, height: 201, outputs: [{ vout: 0, amountSats: '1000000' }, { vout: 1 }, { vout: 2 }] });
  expect(await json('faucet', '--folder', folder, '--amount-sats', '500000', '--mempool')).toMatchObject({ ok: true, confirmed: false, height: 201 });
  expect(await json('hot', 'balance', '--folder', folder)).toEqual({ ok: true, balanceSats: '3000000', unconfirmedSats: '500000', utxos: 4 });
});

test('faucet pays an address', async () => {
  const { address } = await json('hot', 'address', '--folder', folder);
  expect(await json('faucet', '--folder', folder, '--amount-sats', '700000', '--to', String(address))).toMatchObject({ outputs: [{ address, amountSats: '700000' }] });
});

test('hot address never repeats itself', async () => {
  const given = [];
  for (let count = 0; count < 3; count += 1) given.push((await json('hot', 'address', '--folder', folder))['address']);
  expect(new Set(given).size).toBe(3);
  expect((await json('hot', 'address', '--folder', folder, '--branch', 'change'))['address']).toMatch(/^bcrt1q/);
});

test('mine and reorg move the chain; status tells where it is', async () => {
  const { height } = (await json('status', '--folder', folder)) as { height: number };
  expect(await json('mine', '--folder', folder, '--blocks', '4')).toEqual({ ok: true, height: height + 4, blocks: 4 });
  expect(await json('reorg', '--folder', folder, '--depth', '3')).toEqual({ ok: true, height: height + 5, depth: 3, blocks: 4, waiting: 0 });
  expect(await json('reorg', '--folder', folder, '--depth', '2', '--blocks', '0')).toMatchObject({ height: height + 3 });
  expect(await json('status', '--folder', folder)).toMatchObject({ ok: true, chain: 'practice', height: height + 3, mempool: 0, hotBalanceSats: '4200000', hotUnconfirmedSats: '0', hotUtxos: 5 });
});

test('hot sign signs and finalizes what is the hot wallet\'s', async () => {
  const source = openPracticeChainSource({ folder, hotWallet: null });
  try {
    const [coin] = await source.hotUtxos('hot');
    if (coin === undefined) throw new Error('no coin');
    const destination = await source.hotChangeAddress('hot');
    const created = createPsbt({ inputs: [{ txid: coin.txid, vout: coin.vout, sequence: 0xffff_fffd }], outputs: [{ scriptPubKey: scriptOfAddress(destination, 'practice'), amountSats: coin.amountSats - 1_000n }], locktime: 0 });
    const psbt = encodePsbt(updatePsbt(created, { inputs: [{ previousTransaction: await source.rawTransaction(coin.txid) }], outputs: [{}] }));
    const file = join(parent, 'sweep.psbt');
    const out = join(parent, 'signed.psbt');
    writeFileSync(file, psbt);
    const signed = await json('hot', 'sign', file, '--folder', folder, '--out', out);
    expect(signed).toMatchObject({ ok: true, signedInputs: 1, complete: true, txid: created.transaction.getId(), out });
    expect(readFileSync(out).equals(Buffer.from(parseBase64(String(signed['psbtBase64']))))).toBe(true);
    expect(await source.testAccept(parseHex(String(signed['transactionHex'])))).toEqual({ accepted: true });

    const foreign = createPsbt({ inputs: [{ txid: 'ab'.repeat(32), vout: 0, sequence: 0 }], outputs: [{ scriptPubKey: coin.scriptPubKey, amountSats: 1_000n }], locktime: 0 });
    writeFileSync(file, encodePsbt(foreign));
    const refused = await run('hot', 'sign', file, '--folder', folder, '--json');
    expect([refused.exit, JSON.parse(refused.stdout)]).toMatchObject([3, { ok: false, error: { code: 'sign.nothing' } }]);
    writeFileSync(file, 'not a PSBT');
    expect((await run('hot', 'sign', file, '--folder', folder, '--json')).exit).toBe(65);
  } finally {
    await source.close();
  }
});

test.each([
  ['no folder', ['mine'], 64, 'usage.malformed'],
  ['a folder that is not there', ['status', '--folder', '/nowhere/at/all'], 74, 'file.not-found'],
  ['a folder without a network', ['status', '--folder', tmpdir()], 74, 'practice.malformed'],
  ['too deep a reorganisation', ['reorg', '--depth', '9999'], 64, 'usage.malformed'],
  ['an amount that is none', ['faucet', '--amount-sats', '1.5'], 65, 'amount.malformed'],
  ['dust', ['faucet', '--amount-sats', '100'], 65, 'plan.dust'],
  ['another network\'s address', ['faucet', '--amount-sats', '100000', '--to', 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx'], 65, 'address.malformed'],
])('%s: exit code and error code', async (_, args, exit, code) => {
  const needsFolder = !args.includes('--folder') && args[0] !== 'mine';
  const result = await run(...args, ...(needsFolder ? ['--folder', folder] : []), '--json');
  expect([result.exit, JSON.parse(result.stdout)]).toMatchObject([exit, { ok: false, error: { code } }]);
});
