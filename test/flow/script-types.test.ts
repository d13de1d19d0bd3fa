import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isQuorumScript, walletScripts, type WalletScript } from '../../src/domain/wallet-script.ts';
import { companion, done, practice, requireBuilt, scratch, signer } from './programs.ts';
import { PASSPHRASE } from './treasury.ts';

/*
 * The main job by the built programs, for wallets of every script type: a key record for the type, the wallet, its registration;
 * money in by a sweep of the hot wallet; a payment planned, reviewed, signed, combined, finalized, sent and booked.
 */

const place = scratch();
const options = { folder: place.folder };
const node = 'practice://chain';
const HOT_SATS = 30_000_000n;
const PAID_SATS = 12_000_000n;
const STRANGER = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';

beforeAll(() => {
  requireBuilt();
  place.file('passphrase.txt', `${PASSPHRASE}\n`);
  for (const name of ['a', 'b']) {
    for (;;) {
      place.file('dice.txt', `${Array.from({ length: 50 }, () => randomInt(1, 7)).join('')}\n`);
      const made = signer(['key', 'create', '--network', 'practice', '--words', '12', '--label', name, '--dice', 'dice.txt', '--passphrase-file', 'passphrase.txt', '--out', `${name}.key.age`], options);
      // Some honest rolls look too regular; the Signer then asks for others.
      if (made.exit === 65) continue;
      done(made);
      break;
    }
  }
  done(practice(['init', '--folder', 'chain'], options));
});
afterAll(() => place.remove());

const asKey = (name: string): string[] => ['--key', `${name}.key.age`, '--passphrase-file', 'passphrase.txt'];
const jsonOf = (file: string): Record<string, any> => JSON.parse(readFileSync(join(place.folder, file), 'utf8'));

const paths: Readonly<Record<WalletScript, string>> = {
  p2sh: '45h/1h/0h', 'p2sh-p2wsh': '48h/1h/0h/1h', p2wsh: '48h/1h/0h/2h', 'p2tr-multi': '48h/1h/0h/3h', p2pkh: '44h/1h/0h', 'p2sh-p2wpkh': '49h/1h/0h', p2wpkh: '84h/1h/0h', p2tr: '86h/1h/0h',
};

describe.each(walletScripts.map((script) => [script]))('%s', (script) => {
  const names = isQuorumScript(script) ? ['a', 'b'] : ['a'];
  const file = (name: string): string => `${script}.${name}`;
  const wallet = file('wallet.json');

  test('a wallet is made of key records for its type, and registered; Signer and Companion derive the same addresses', () => {
    for (const name of names) {
      const { path } = done(signer(['key', 'export', ...asKey(name), '--script', script, '--out', file(`${name}.record.txt`)], options));
      expect(path).toBe(paths[script]);
    }
    const made = done(companion(['wallet', 'create', '--name', `Wallet of ${script}`, '--network', 'practice', '--script', script, '--required', String(names.length), ...names.flatMap((name) => ['--cosigner', file(`${name}.record.txt`)]), '--out', wallet], options));
    expect(made).toMatchObject({ script, quorum: { required: names.length, total: names.length } });
    for (const name of names) {
      const registered = done(signer(['wallet', 'register', ...asKey(name), '--wallet', wallet, '--policy-id', made['policyId'], '--out', file(`${name}.registration.json`)], options));
      expect(registered).toMatchObject({ walletId: made['walletId'], firstReceive: made['firstReceive'], firstChange: made['firstChange'] });
    }
  });

  test('a sweep of the hot wallet arrives at its next receive address', () => {
    done(practice(['faucet', '--folder', 'chain', '--amount-sats', String(HOT_SATS), '--outputs', '3'], options));
    const { plan } = done(companion(['sweep', 'plan', '--from', 'hot', '--to', wallet, '--node', node, '--fee-rate', '2', '--out', file('sweep.psbt')], options));
    expect(plan['destination']).toMatchObject({ branch: 'receive', index: 0, address: jsonOf(wallet)['firstReceive'] });
    done(companion(['hot', 'sign', file('sweep.psbt'), '--from', 'hot', '--node', node, '--out', file('sweep.final.psbt')], options));
    done(companion(['tx', 'broadcast', file('sweep.final.psbt'), '--node', node, '--wallet', wallet], options));
    done(practice(['mine', '--folder', 'chain'], options));
    const state = done(companion(['wallet', 'sync', '--wallet', wallet, '--node', node], options));
    expect(state['balanceSats']).toBe(plan['paymentsSats']);
    expect(state['utxos']).toMatchObject([{ branch: 'receive', index: 0 }]);
  });

  test('a payment is planned, reviewed, signed by the quorum, sent and booked', () => {
    place.file(file('payments.csv'), `address,amount_sats,reference\n${STRANGER},${PAID_SATS},invoice ${script}\n`);
    const { plan } = done(companion(['pay', 'plan', '--wallet', wallet, '--payments', file('payments.csv'), '--node', node, '--fee-rate', '3', '--out', file('pay.psbt')], options));
    expect(plan).toMatchObject({ paymentsSats: String(PAID_SATS), change: { branch: 'change', index: 0, address: jsonOf(wallet)['firstChange'] } });
    const registered = (name: string): string[] => [...asKey(name), '--registration', file(`${name}.registration.json`)];
    // By the Signer's rules, without a key: opening a key file takes long on purpose. Signing reviews once more.
    const review = done(companion(['psbt', 'review', file('pay.psbt'), '--wallet', wallet], options));
    expect(review).toMatchObject({ verdict: 'ready', paymentsSats: String(PAID_SATS), feeSats: plan['feeSats'], change: [{ branch: 'change', childIndex: 0 }] });
    for (const name of names) {
      const signed = done(signer(['psbt', 'sign', file('pay.psbt'), ...registered(name), '--review-id', review['reviewId'], '--out', file(`pay.${name}.psbt`)], options));
      expect(signed).toMatchObject({ signedInputs: 1, quorum: { stillNeeded: names.length - 1 } });
    }
    done(companion(['psbt', 'combine', ...names.map((name) => file(`pay.${name}.psbt`)), '--wallet', wallet, '--out', file('pay.combined.psbt')], options));
    const final = done(companion(['psbt', 'finalize', file('pay.combined.psbt'), '--wallet', wallet, '--out', file('pay.tx')], options));
    expect(final['feeSats']).toBe(plan['feeSats']);
    expect(final['vsizeVb']).toBeLessThanOrEqual(plan['vsizeVb']);
    expect(final['vsizeVb']).toBeGreaterThan(plan['vsizeVb'] - 4 * names.length);
    expect(done(companion(['tx', 'broadcast', file('pay.tx'), '--node', node, '--wallet', wallet], options))['txid']).toBe(final['txid']);
    done(practice(['mine', '--folder', 'chain'], options));
    const state = done(companion(['wallet', 'sync', '--wallet', wallet, '--node', node], options));
    expect(state).toMatchObject({ balanceSats: plan['change']['amountSats'], utxos: [{ branch: 'change', index: 0 }] });
    done(companion(['ledger', 'refresh', '--wallet', wallet, '--node', node], options));
    const { entries } = done(companion(['ledger', 'list'], options));
    const ofWallet = entries.filter(({ walletId }: { walletId: string }) => walletId === review['wallets'][0]);
    expect(ofWallet.map(({ kind, state }: Record<string, string>) => `${kind} ${state}`).sort()).toEqual(['pay confirmed', 'sweep confirmed']);
    expect(done(companion(['ledger', 'audit', '--wallet', wallet, '--node', node], options))['agrees']).toBe(true);
  });
});
