import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes, scryptSync } from 'node:crypto';
import { PaperKey } from '../../src/signer/paper-key.ts';
import { encryptBip38 } from '../../src/signer/secrets/bip38.ts';
import { formatWif } from '../../src/signer/secrets/wif.ts';
import { asCosigner, copyOf, makeTreasury, type Treasury } from './treasury.ts';
import { companion, done, practice, requireBuilt, signer } from './programs.ts';

/*
 * Papers of every kind, funded on a practice chain, swept into the registered cold wallet by the built programs: planned from
 * public addresses, signed from WIF and BIP38, mined, and found again in the wallet.
 */

const PAPER_PASSPHRASE = 'passphrase of the papers';
const slow = {
  scrypt: (password: Uint8Array, salt: Uint8Array, cost: { N: number; r: number; p: number }, length: number) => Promise.resolve(new Uint8Array(scryptSync(password, salt, length, { ...cost, maxmem: 256 * cost.N * cost.r }))),
  pbkdf2Sha256: () => Promise.reject(new TypeError('not asked for')),
};
const FUNDED = ['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr'] as const;

let origin: Treasury;
let texts: string[];
let addresses: string[];

beforeAll(async () => {
  requireBuilt();
  origin = makeTreasury();
  const compressed = FUNDED.map((script) => ({ script, key: { privateKey: new Uint8Array(randomBytes(32)), compressed: true } }));
  const uncompressed = { script: 'p2pkh' as const, key: { privateKey: new Uint8Array(randomBytes(32)), compressed: false } };
  const encrypted = [{ script: 'p2pkh' as const, key: { privateKey: new Uint8Array(randomBytes(32)), compressed: false } }, { script: 'p2wpkh' as const, key: { privateKey: new Uint8Array(randomBytes(32)), compressed: true } }];
  const papers = [...compressed, uncompressed, ...encrypted];
  addresses = papers.map(({ script, key }) => new PaperKey(key, 'practice', 'wif').addresses().find((each) => each.script === script)?.address ?? '');
  texts = [...[...compressed, uncompressed].map(({ key }) => formatWif(key, 'practice')), ...(await Promise.all(encrypted.map(({ key }) => encryptBip38(key, 'practice', PAPER_PASSPHRASE, slow))))];
  const options = { folder: origin.folder };
  for (const address of addresses) done(practice(['faucet', '--folder', 'chain', '--to', address, '--amount-sats', '1000000'], options));
  origin.file('addresses.csv', `serial,network,script,address\n${papers.map(({ script }, at) => `PW-${at},practice,${script},${addresses[at]}\n`).join('')}`);
  origin.file('papers.txt', `# found in the old safe\n${texts.slice(0, 5).join('\n')}\n\n`);
  origin.file('encrypted.txt', `${texts.slice(5).join('\n')}\n`);
  origin.file('bip38.txt', `${PAPER_PASSPHRASE}\n`);
  done(companion(['sweep', 'plan', '--from-addresses', 'addresses.csv', '--to', 'wallet.json', '--node', origin.node, '--fee-rate', '3', '--db', 'ledger.db', '--out', 'sweep.psbt'], options));
});
afterAll(() => origin?.remove());

const papers = ['--network', 'practice', '--secret-file', 'papers.txt', '--secret-file', 'encrypted.txt', '--bip38-passphrase-file', 'bip38.txt'];

describe('seven papers of every script and form', () => {
  test('go from plan to block in one transaction, and the cold wallet holds all but the fee', () => {
    const treasury = copyOf(origin);
    const options = { folder: treasury.folder };
    try {
      const { plan, found } = done(companion(['sweep', 'plan', '--from-addresses', 'addresses.csv', '--to', 'wallet.json', '--node', treasury.node, '--fee-rate', '3', '--db', 'ledger.db', '--out', 'again.psbt'], options));
      expect(found.map(({ amountSats, outputs }: Record<string, unknown>) => [amountSats, outputs])).toEqual(addresses.map(() => ['1000000', 1]));
      expect(plan).toMatchObject({ inputsSats: '7000000', leftHotSats: '0', destination: { branch: 'receive', index: 1 } });
      expect(readFileSync(join(treasury.folder, 'again.psbt'))).toEqual(readFileSync(join(treasury.folder, 'sweep.psbt')));

      const review = done(signer(['sweep', 'review', 'sweep.psbt', ...papers, ...asCosigner('a')], options));
      expect(review).toMatchObject({ verdict: 'ready', inputsSats: '7000000', payments: [{ address: plan.destination.address, to: { wallet: treasury.walletId, branch: 'receive', childIndex: 1 } }], quorum: { required: 7, stillNeeded: 7 } });
      const signed = done(signer(['sweep', 'sign', 'sweep.psbt', ...papers, ...asCosigner('a'), '--review-id', review['reviewId'], '--out', 'signed.psbt'], options));
      expect(signed).toMatchObject({ signedInputs: 7, quorum: { stillNeeded: 0 }, out: 'signed.psbt' });
      const final = done(companion(['psbt', 'finalize', 'signed.psbt', '--out', 'final.tx'], options));
      expect(final['feeSats']).toBe(plan.feeSats);
      expect(Number(final['feeRateSatPerVb'])).toBeGreaterThanOrEqual(3);
      done(companion(['tx', 'broadcast', 'final.tx', '--node', treasury.node, '--wallet', 'wallet.json', '--db', 'ledger.db'], options));
      done(practice(['mine', '--folder', 'chain'], options));
      const { entries, balances } = done(companion(['ledger', 'refresh', '--wallet', 'wallet.json', '--node', treasury.node, '--db', 'ledger.db'], options));
      expect(entries).toBe(2);
      expect(balances).toMatchObject([{ confirmedSats: String(100_000_000n + 7_000_000n - BigInt(plan.feeSats)) }]);
      expect(done(companion(['ledger', 'audit', '--wallet', 'wallet.json', '--node', treasury.node, '--db', 'ledger.db'], options))).toMatchObject({ agrees: true });
      // The papers are empty now.
      expect(companion(['sweep', 'plan', '--from-addresses', 'addresses.csv', '--to', 'wallet.json', '--node', treasury.node, '--fee-rate', '3', '--db', 'ledger.db', '--out', 'nothing.psbt'], options).json()).toMatchObject({ ok: false, error: { code: 'plan.nothing-to-sweep' } });
      // No secret stands in any answer or file but those that held it.
      for (const name of Object.keys(treasury.listing()).filter((each) => !['papers.txt', 'encrypted.txt'].includes(each) && !each.endsWith('/'))) {
        const content = readFileSync(join(treasury.folder, name), 'latin1');
        for (const text of texts) expect(content.includes(text)).toBe(false);
      }
      expect(statSync(join(treasury.folder, 'signed.psbt')).mode & 0o777).toBe(statSync(join(treasury.folder, 'sweep.psbt')).mode & 0o777);
    } finally {
      treasury.remove();
    }
  });

  test('the Signer\'s one reply completes the plan in the signing queue, and the queue sends it', () => {
    const treasury = copyOf(origin);
    const options = { folder: treasury.folder };
    const queue = (...args: readonly string[]) => companion(['queue', ...args, '--db', 'ledger.db'], options);
    try {
      const { entries: [planned] } = done(queue('list'));
      expect(planned).toMatchObject({ kind: 'sweep', signers: 'paper', state: 'unsigned', quorum: null, awaited: [] });
      const unsigned = queue('add', 'sweep.psbt');
      expect([unsigned.exit, unsigned.json()['outcomes'][0].error.code]).toEqual([3, 'psbt.incomplete']);
      expect(queue('broadcast', planned.planId, '--node', treasury.node).json()).toMatchObject({ ok: false, error: { code: 'psbt.incomplete' } });
      const review = done(signer(['sweep', 'review', 'sweep.psbt', ...papers, ...asCosigner('a')], options));
      done(signer(['sweep', 'sign', 'sweep.psbt', ...papers, ...asCosigner('a'), '--review-id', review['reviewId'], '--out', 'signed.psbt'], options));
      expect(done(queue('add', 'signed.psbt'))).toMatchObject({ outcomes: [{ outcome: 'taken', signedBy: [], finalized: true, stillNeeded: 0 }], entries: [{ planId: planned.planId, state: 'finalized' }] });
      const { txid, entry } = done(queue('broadcast', planned.planId, '--node', treasury.node));
      expect([entry.state, entry.final.txid]).toEqual(['broadcast', txid]);
      done(practice(['mine', '--folder', 'chain'], options));
      expect(done(companion(['ledger', 'refresh', '--wallet', 'wallet.json', '--node', treasury.node, '--db', 'ledger.db'], options))['balances']).toMatchObject([{ confirmedSats: String(100_000_000n + 7_000_000n - BigInt(planned.feeSats)) }]);
      expect(done(queue('show', planned.planId))['entry']).toMatchObject({ state: 'confirmed' });
    } finally {
      treasury.remove();
    }
  });

  test('addresses can stand in the command line too, and on standard input', () => {
    const options = { folder: origin.folder };
    const plan = (args: readonly string[], input?: string) => done(companion(['sweep', 'plan', ...args, '--to', 'wallet.json', '--node', origin.node, '--fee-rate', '3', '--db', 'other.db', '--force', '--out', 'some.psbt'], { ...options, ...(input === undefined ? {} : { input }) }))['plan'];
    expect(plan(['--from-addresses', addresses[0]!, '--from-addresses', addresses[3]!]).inputsSats).toBe('2000000');
    expect(plan(['--from-addresses', '-'], `${addresses[2]}\n`).inputsSats).toBe('1000000');
  });
});

describe('what is not signed', () => {
  const attempt = (args: readonly string[]) => signer(['sweep', 'sign', 'sweep.psbt', ...args, '--out', 'never.psbt'], { folder: origin.folder });
  const refused = (args: readonly string[], exit: number, code: string): void => {
    const ended = attempt(args);
    expect([ended.exit, ended.json()['error'].code]).toEqual([exit, code]);
    expect(Object.keys(origin.listing())).not.toContain('never.psbt');
  };

  test('without a registration, before the destination was acknowledged', () => {
    refused(papers, 2, 'review.not-acknowledged');
    expect(signer(['sweep', 'review', 'sweep.psbt', ...papers], { folder: origin.folder }).exit).toBe(2);
    const signed = done(signer(['sweep', 'sign', 'sweep.psbt', ...papers, '--acknowledge', 'sweep.unproven-destination', '--out', 'acknowledged.psbt'], { folder: origin.folder }));
    expect(signed['signedInputs']).toBe(7);
  });

  test('where a paper is missing, its passphrase is wrong, or its network another', () => {
    refused(['--network', 'practice', '--secret-file', 'papers.txt', ...asCosigner('a')], 3, 'review.refused');
    origin.file('wrong.txt', 'another passphrase\n');
    refused(['--network', 'practice', '--secret-file', 'encrypted.txt', '--bip38-passphrase-file', 'wrong.txt'], 65, 'secret.passphrase-wrong');
    refused(['--network', 'mainnet', '--secret-file', 'papers.txt'], 65, 'key.network');
    origin.file('empty.txt', '# nothing\n');
    refused(['--network', 'practice', '--secret-file', 'empty.txt'], 64, 'usage.malformed');
    refused([...papers, '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt'], 64, 'usage.malformed');
  });

  test('other bytes than those that were reviewed', () => {
    refused([...papers, ...asCosigner('a'), '--review-id', '00'.repeat(32)], 3, 'review.stale');
  });

  test('a file of keys in the Companion\'s hands is refused by name', () => {
    const plan = (args: readonly string[]) => companion(['sweep', 'plan', ...args, '--to', 'wallet.json', '--node', origin.node, '--out', 'never.psbt'], { folder: origin.folder });
    const ended = plan(['--from-addresses', 'papers.txt']);
    expect([ended.exit, ended.json()['error'].code]).toEqual([3, 'wallet.private-key']);
    expect(plan([]).json()['error'].code).toBe('usage.malformed');
    expect(plan(['--from', 'hot', '--from-addresses', 'addresses.csv']).json()['error'].code).toBe('usage.malformed');
  });
});
