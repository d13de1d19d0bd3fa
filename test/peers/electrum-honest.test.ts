/**
 * Honest PSBTs that a real Electrum makes out of our wallets, with and without key origins in its wallet files, unsigned and
 * co-signed by it: none is refused, each can be signed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureElectrum } from '../../scripts/lib/electrum.mjs';
import { toHex } from '../../src/domain/bytes.ts';
import { formatPath } from '../../src/domain/derivation-path.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { approve } from '../../src/review/approve.ts';
import { reviewPsbt, type ReviewContext } from '../../src/review/review-psbt.ts';
import { addressOfScript } from '../../src/wallet/address.ts';
import { formatExtendedPublicKey } from '../../src/wallet/extended-public-key.ts';
import { Random } from '../fuzz/engine/random.ts';
import { addressOf, strangeScript } from '../support/attack/honest.ts';
import { signAs, treasury, type Treasury } from '../support/attack/treasury.ts';
import { fundingTransaction, type TestKey } from '../unit/support/psbt-builder.ts';

const OF_EACH_WALLET = 12;
const COINS = 16;
const LEAST = 130;
/** What Electrum has: no taproot, at most 15 cosigners. */
const wallets: readonly Treasury[] = [
  treasury(2, 3, 'p2sh'), treasury(3, 5, 'p2sh'), treasury(15, 15, 'p2sh'), treasury(1, 2, 'p2sh-p2wsh'), treasury(2, 3, 'p2sh-p2wsh'), treasury(7, 11, 'p2sh-p2wsh'),
  treasury(1, 2, 'p2wsh'), treasury(2, 3, 'p2wsh'), treasury(3, 5, 'p2wsh'), treasury(11, 15, 'p2wsh'), treasury(1, 1, 'p2pkh'), treasury(1, 1, 'p2sh-p2wpkh'), treasury(1, 1, 'p2wpkh'),
];

const fundingsOf = (wallet: Treasury, random: Random): string[] => Array.from({ length: COINS / 4 }, (_, number) =>
  toHex(fundingTransaction(Array.from({ length: 4 }, (__, coin) => ({ scriptPubKey: addressOf(wallet, 0, number * 4 + coin).scriptPubKey, amountSats: 2_000_000n + BigInt(random.int(4_000_000)) })), random.int(2 ** 31)).bytes));

/** Electrum holds the last cosigner's key where there are several, and signs every third payment with it. */
const holds = (wallet: Treasury, position: number): boolean => wallet.total > 1 && position === wallet.total - 1;
const accountOf = ({ root, record }: TestKey): string => record.path.reduce((node, step) => node.derive(step), root).toBase58();
const isCosigned = (wallet: Treasury, number: number): boolean => wallet.required > 1 && number % 3 === 2;

function paymentsOf(random: Random, wallet: Treasury): unknown[] {
  return Array.from({ length: OF_EACH_WALLET }, (_, number) => ({
    coins: [...new Set(Array.from({ length: 1 + random.int(4) }, () => random.int(COINS)))],
    outputs: Array.from({ length: 1 + random.int(3) }, () => [addressOfScript(strangeScript(random), 'regtest'), 500_000 + random.int(100_000)]),
    rate: 2 + random.int(2),
    rbf: random.oneIn(2),
    sign: isCosigned(wallet, number),
    xpubs: random.oneIn(3),
  }));
}

let made: string[][] = [];
let version = '';

beforeAll(() => {
  const electrum = ensureElectrum();
  version = electrum.version;
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-electrum-'));
  try {
    const task = {
      folder,
      wallets: wallets.map((wallet, position) => {
        const random = new Random(14, position);
        const fundings = fundingsOf(wallet, random);
        return {
          file: join(folder, `wallet-${position}`), script: wallet.script, required: wallet.required, fundings, payments: paymentsOf(random, wallet),
          // Of every third wallet its file says nothing of where the keys come from, and Electrum writes origins of its own.
          cosigners: wallet.keys.map((key, at) => ({
            xpub: formatExtendedPublicKey(key.record.key, 'regtest'), xprv: holds(wallet, at) ? accountOf(key) : null,
            ...(position % 3 === 2 ? { derivation: null, fingerprint: null } : { derivation: `m/${formatPath(key.record.path).replaceAll('h', '\'')}`, fingerprint: key.fingerprint }),
          })),
        };
      }),
    };
    const result = spawnSync(electrum.python, [join(import.meta.dirname, '../support/attack/electrum-honest.py')], { encoding: 'utf8', input: JSON.stringify(task), env: { ...process.env, HOME: folder }, maxBuffer: 256 * 1024 * 1024 });
    if (result.status !== 0) throw new Error(`Electrum ended with ${result.status ?? result.signal}: ${result.stderr.trim().split('\n').slice(-5).join('\n')}`);
    made = JSON.parse(result.stdout) as string[][];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);

const seen = new Set<string>();

describe('payments out of wallets', () => {
  test.each(wallets.map((wallet, position) => [wallet.name, wallet, position] as const))('%s', (name, wallet, position) => {
    const psbts = made[position] ?? [];
    expect(psbts).toHaveLength(OF_EACH_WALLET);
    const cosigner = wallet.cosigner(0);
    const context: ReviewContext = { wallets: [wallet.reviewWallet], network: 'regtest', thisKey: cosigner.reviewKey };
    for (const [number, text] of psbts.entries()) {
      const bytes = new Uint8Array(Buffer.from(text, 'base64'));
      const review = reviewPsbt(bytes, context);
      expect({ name, number, found: review.findings.filter(({ severity }) => severity !== 'note') }).toEqual({ name, number, found: [] });
      expect(review.verdict).toBe('ready');
      const before = isCosigned(wallet, number) ? 1 : 0;
      expect(review.inputs.every(({ signedBy }) => signedBy.length === before)).toBe(true);
      const after = reviewPsbt(encodePsbt(signAs(cosigner, [wallet], approve(review, bytes, []))), context);
      expect(after.inputs.every(({ signedBy }) => signedBy.length === before + 1)).toBe(true);
      seen.add(toHex(bytes));
    }
  });
});

test(`these are more than ${LEAST} different files`, () => {
  expect(seen.size).toBeGreaterThan(LEAST);
  console.info(`${seen.size} honest PSBTs by Electrum ${version}`);
});
