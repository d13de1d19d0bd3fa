import { randomInt } from 'node:crypto';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { companion, done, practice, scratch, signer, type Scratch } from './programs.ts';

/** Three keys, a registered 2-of-3 wallet and a funded practice chain, made once by the real programs; copied for each test. */
export interface Treasury extends Scratch {
  readonly node: string;
  readonly fingerprints: readonly string[];
  readonly policyId: string;
  readonly walletId: string;
}

export const PASSPHRASE = 'only a rehearsal passphrase';

export function makeTreasury(network: 'practice' | 'regtest' = 'practice'): Treasury {
  const place = scratch();
  const options = { folder: place.folder };
  place.file('passphrase.txt', `${PASSPHRASE}\n`);
  const fingerprints = ['a', 'b', 'c'].map((name) => {
    const create = () => signer(['key', 'create', '--network', network, '--label', name, '--dice', 'dice.txt', '--passphrase-file', 'passphrase.txt', '--out', `${name}.key.age`], options);
    const roll = () => place.file('dice.txt', `${Array.from({ length: 99 }, () => randomInt(1, 7)).join('')}\n`);
    roll();
    let made = create();
    // Some honest rolls look too regular; the Signer then asks for others.
    for (let again = 0; again < 5 && made.exit === 65; again += 1) {
      roll();
      made = create();
    }
    const { fingerprint } = done(made);
    done(signer(['key', 'export', '--key', `${name}.key.age`, '--passphrase-file', 'passphrase.txt', '--script', 'p2wsh', '--out', `${name}.record.txt`], options));
    return String(fingerprint);
  });
  const wallet = done(companion(['wallet', 'create', '--name', 'Treasury', '--network', network, '--script', 'p2wsh', '--required', '2', ...['a', 'b', 'c'].flatMap((name) => ['--cosigner', `${name}.record.txt`]), '--out', 'wallet.json'], options));
  for (const name of ['a', 'b', 'c']) {
    done(signer(['wallet', 'register', '--key', `${name}.key.age`, '--passphrase-file', 'passphrase.txt', '--wallet', 'wallet.json', '--policy-id', wallet['policyId'], '--out', `${name}.registration.json`], options));
  }
  if (network === 'practice') {
    done(practice(['init', '--folder', 'chain'], options));
    done(practice(['faucet', '--folder', 'chain', '--to', wallet['firstReceive'], '--amount-sats', '100000000'], options));
    done(practice(['faucet', '--folder', 'chain', '--amount-sats', '50000000'], options));
  }
  return { ...place, node: 'practice://chain', fingerprints, policyId: wallet['policyId'], walletId: wallet['walletId'] };
}

/** The same treasury in a folder of its own. */
export function copyOf(treasury: Treasury): Treasury {
  const place = scratch();
  cpSync(treasury.folder, place.folder, { recursive: true });
  mkdirSync(join(place.folder, 'out'));
  return { ...treasury, ...place };
}

/** Options of a cosigner's commands. */
export const asCosigner = (name: 'a' | 'b' | 'c'): string[] => ['--key', `${name}.key.age`, '--passphrase-file', 'passphrase.txt', '--registration', `${name}.registration.json`];

/** A payment's unsigned PSBT in `pay.psbt`; its recipient is a fresh address of the practice node's hot wallet. */
export function planPayment(treasury: Treasury, { sats = '10000000', feeRate = '5' } = {}): Record<string, any> {
  const options = { folder: treasury.folder };
  const { address } = done(practice(['hot', 'address', '--folder', 'chain'], options));
  treasury.file('payments.csv', `address,amount_sats,reference\n${address},${sats},invoice 1\n`);
  return done(companion(['pay', 'plan', '--wallet', 'wallet.json', '--payments', 'payments.csv', '--node', treasury.node, '--fee-rate', feeRate, '--out', 'pay.psbt'], options));
}
