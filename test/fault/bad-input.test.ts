import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { companion, done, practice, requireBuilt, signer, type Ended } from '../flow/programs.ts';
import { asCosigner, copyOf, makeTreasury, planPayment, type Treasury } from '../flow/treasury.ts';

/* What people do wrong: each gives its named error and exit code, and nothing half-written stays. */

let made: Treasury;
let other: Treasury;
let treasury: Treasury;
beforeAll(() => {
  requireBuilt();
  made = makeTreasury();
  other = makeTreasury('regtest');
  planPayment(made);
});
afterAll(() => {
  made?.remove();
  other?.remove();
});
beforeEach(() => {
  treasury = copyOf(made);
});
afterEach(() => treasury.remove());
const here = () => ({ folder: treasury.folder });

/** Runs a command that must fail by this code, and compares the folder before and after. */
function fails(code: string, exit: number, command: () => Ended): void {
  const before = treasury.listing();
  const ended = command();
  expect({ code: ended.json()['error']?.code, exit: ended.exit }).toEqual({ code, exit });
  expect(ended.json()).toEqual({ ok: false, error: { code, message: expect.stringMatching(/\S/), details: expect.any(Object), hint: expect.stringMatching(/\S/) } });
  expect(treasury.listing()).toEqual(before);
}

describe('a wrong file', () => {
  test('a wallet where a PSBT belongs', () => fails('psbt.malformed', 65, () => signer(['psbt', 'review', 'wallet.json', ...asCosigner('a')], here())));
  test('a PSBT where a wallet belongs', () => fails('file.unreadable', 74, () => signer(['wallet', 'policy', '--wallet', 'pay.psbt'], here())));
  test('a registration where a wallet belongs', () => fails('wallet.malformed', 65, () => companion(['wallet', 'policy', '--wallet', 'a.registration.json'], here())));
  test('a wallet where a registration belongs', () => fails('registration.malformed', 65, () => signer(['psbt', 'sign', 'pay.psbt', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--registration', 'wallet.json', '--out', 'signed.psbt'], here())));
  test('a wallet where a key file belongs', () => fails('key.file-malformed', 65, () => signer(['key', 'show', '--key', 'wallet.json', '--passphrase-file', 'passphrase.txt'], here())));
  test('a text where a key record belongs', () => {
    treasury.file('odd.record.txt', 'not a record');
    fails('key.record-malformed', 65, () => companion(['wallet', 'create', '--name', 'X', '--network', 'practice', '--required', '1', '--cosigner', 'odd.record.txt', '--out', 'out/wallet.json'], here()));
  });
  test('a CSV with lines that cannot be read', () => {
    treasury.file('bad.csv', 'address,amount_sats\nbcrt1qnonsense,1000\n');
    fails('payments.malformed', 65, () => companion(['pay', 'plan', '--wallet', 'wallet.json', '--payments', 'bad.csv', '--node', treasury.node, '--fee-rate', '5', '--out', 'out.psbt', '--db', 'never.db'], here()));
  });
  test('a text where a transaction belongs', () => {
    treasury.file('bad.tx', 'hello');
    fails('broadcast.malformed', 65, () => companion(['tx', 'broadcast', 'bad.tx', '--node', treasury.node], { ...here(), environment: { HOME: made.folder } }));
  });
  test('another wallet\'s registration', () => fails('registration.forged', 3, () => signer(['psbt', 'review', 'pay.psbt', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--registration', 'b.registration.json'], here())));
  test('a registration that was changed by one letter', () => {
    treasury.file('changed.json', readFileSync(join(treasury.folder, 'a.registration.json'), 'utf8').replace('"Treasury"', '"Treasurx"'));
    fails('registration.forged', 3, () => signer(['psbt', 'review', 'pay.psbt', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--registration', 'changed.json'], here()));
  });
  test('no file at all', () => fails('file.not-found', 74, () => signer(['psbt', 'review', 'nothing.psbt', ...asCosigner('a')], here())));
  test('a folder, a link or a device in place of a file', () => {
    symlinkSync('pay.psbt', join(treasury.folder, 'link.psbt'));
    fails('file.not-regular', 74, () => signer(['psbt', 'review', 'out', ...asCosigner('a')], here()));
    fails('file.not-regular', 74, () => signer(['psbt', 'review', 'link.psbt', ...asCosigner('a')], here()));
    fails('file.not-regular', 74, () => signer(['psbt', 'review', '/dev/zero', ...asCosigner('a')], here()));
  });
  test('a file far larger than anything of its kind', () => {
    // A wallet of another program may be as large as its history makes it: 8 MiB.
    treasury.file('huge.json', ' '.repeat(8 * 1024 * 1024 + 1));
    fails('file.too-large', 65, () => signer(['wallet', 'policy', '--wallet', 'huge.json'], here()));
  });
});

describe('a damaged PSBT', () => {
  test('cut short at any place', () => {
    const psbt = readFileSync(join(treasury.folder, 'pay.psbt'));
    for (const length of [4, 5, 40, Math.floor(psbt.length / 2), psbt.length - 1]) {
      treasury.file('cut.psbt', psbt.subarray(0, length));
      fails('psbt.malformed', 65, () => signer(['psbt', 'sign', 'cut.psbt', ...asCosigner('a'), '--out', 'out/signed.psbt'], here()));
      fails('psbt.malformed', 65, () => companion(['psbt', 'combine', 'cut.psbt', '--wallet', 'wallet.json', '--out', 'out/combined.psbt'], here()));
    }
  });
  test('with bytes after its end', () => {
    treasury.file('long.psbt', Buffer.concat([readFileSync(join(treasury.folder, 'pay.psbt')), Buffer.of(0)]));
    fails('psbt.malformed', 65, () => signer(['psbt', 'review', 'long.psbt', ...asCosigner('a')], here()));
  });
  test('QR frames of which one is missing', () => {
    done(signer(['psbt', 'sign', 'pay.psbt', ...asCosigner('a'), '--out', 'out/signed.psbt', '--qr', 'out/qr'], here()));
    const [, ...rest] = readFileSync(join(treasury.folder, 'out/qr/signed.bbqr.txt'), 'utf8').trim().split('\n');
    expect(rest.length).toBeGreaterThanOrEqual(1);
    treasury.file('frames.txt', rest.join('\n'));
    fails('frames.incomplete', 65, () => companion(['psbt', 'combine', 'frames.txt', '--wallet', 'wallet.json', '--out', 'out/combined.psbt'], here()));
  });
});

describe('another network', () => {
  test('a wallet of another network is not registered', () => {
    treasury.file('regtest.json', readFileSync(join(other.folder, 'wallet.json')));
    fails('key.network', 65, () => signer(['wallet', 'register', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--wallet', 'regtest.json', '--policy-id', other.policyId, '--out', 'out/registration.json'], here()));
  });
  test('a wallet of another network is not watched or planned for', () => {
    treasury.file('regtest.json', readFileSync(join(other.folder, 'wallet.json')));
    fails('network.mismatch', 65, () => companion(['sweep', 'plan', '--from', 'hot', '--to', 'regtest.json', '--node', treasury.node, '--fee-rate', '5', '--out', 'out/sweep.psbt', '--db', join(made.folder, 'elsewhere.db')], here()));
  });
  test('mainnet keys and a test wallet do not mix', () => {
    done(signer(['key', 'create', '--network', 'mainnet', '--label', 'main', '--dice', 'dice.txt', '--passphrase-file', 'passphrase.txt', '--out', 'main.key.age'], here()));
    done(signer(['key', 'export', '--key', 'main.key.age', '--passphrase-file', 'passphrase.txt', '--script', 'p2wsh', '--out', 'main.record.txt'], here()));
    fails('network.mismatch', 65, () => companion(['wallet', 'create', '--name', 'X', '--network', 'practice', '--required', '1', '--cosigner', 'main.record.txt', '--out', 'out/wallet.json'], here()));
  });
});

describe('a wrong secret', () => {
  test('a wrong passphrase', () => {
    treasury.file('wrong.txt', 'another passphrase altogether');
    fails('key.passphrase-wrong', 65, () => signer(['psbt', 'sign', 'pay.psbt', '--key', 'a.key.age', '--passphrase-file', 'wrong.txt', '--registration', 'a.registration.json', '--out', 'out/signed.psbt'], here()));
  });
  test('a new passphrase that is too short', () => {
    treasury.file('short.txt', 'too short');
    fails('key.passphrase-weak', 65, () => signer(['key', 'create', '--network', 'regtest', '--passphrase-file', 'short.txt', '--out', 'out/new.age'], here()));
  });
  test('no rolls, too few, and rolls that no die gives', () => {
    fails('entropy.too-little', 65, () => signer(['key', 'create', '--network', 'regtest', '--passphrase-file', 'passphrase.txt', '--out', 'out/new.age'], here()));
    treasury.file('few.txt', '123');
    treasury.file('seven.txt', '7'.repeat(99));
    fails('entropy.too-little', 65, () => signer(['key', 'create', '--network', 'regtest', '--dice', 'few.txt', '--passphrase-file', 'passphrase.txt', '--out', 'out/new.age'], here()));
    fails('entropy.malformed', 65, () => signer(['key', 'create', '--network', 'regtest', '--dice', 'seven.txt', '--passphrase-file', 'passphrase.txt', '--out', 'out/new.age'], here()));
  });
  test('a mnemonic with a wrong word is refused without repeating it', () => {
    treasury.file('words.txt', `${'abandon '.repeat(11)}zzzzzz`);
    fails('mnemonic.malformed', 65, () => signer(['key', 'restore', '--network', 'regtest', '--mnemonic-file', 'words.txt', '--passphrase-file', 'passphrase.txt', '--out', 'out/new.age'], here()));
    expect(signer(['key', 'restore', '--network', 'regtest', '--mnemonic-file', 'words.txt', '--passphrase-file', 'passphrase.txt', '--out', 'out/new.age'], here()).stdout).not.toMatch(/abandon|zzzzzz/);
  });
  test('a private key where a public one belongs', () => {
    // BIP32, test vector 1.
    treasury.file('private.txt', 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi');
    fails('wallet.private-key', 3, () => companion(['wallet', 'create', '--name', 'X', '--network', 'mainnet', '--required', '1', '--cosigner', 'private.txt', '--out', 'out/wallet.json'], here()));
  });
  test('a policy id that is another', () => {
    fails('wallet.policy-mismatch', 3, () => signer(['wallet', 'register', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--wallet', 'wallet.json', '--policy-id', other.policyId, '--out', 'out/registration.json'], here()));
  });
});

describe('existing output', () => {
  test('is left alone, by every command that writes, before it does anything else', () => {
    treasury.file('taken', 'precious');
    const commands: (() => Ended)[] = [
      () => signer(['key', 'create', '--network', 'regtest', '--passphrase-file', 'passphrase.txt', '--out', 'taken'], here()),
      () => signer(['key', 'export', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--out', 'taken'], here()),
      () => signer(['wallet', 'register', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--wallet', 'wallet.json', '--policy-id', made.policyId, '--out', 'taken'], here()),
      () => signer(['psbt', 'sign', 'pay.psbt', ...asCosigner('a'), '--out', 'taken'], here()),
      () => companion(['wallet', 'create', '--name', 'X', '--network', 'practice', '--required', '1', '--cosigner', 'a.record.txt', '--out', 'taken'], here()),
      () => companion(['sweep', 'plan', '--from', 'hot', '--to', 'wallet.json', '--node', treasury.node, '--fee-rate', '5', '--out', 'taken', '--db', 'never.db'], here()),
      () => companion(['pay', 'plan', '--wallet', 'wallet.json', '--payments', 'payments.csv', '--node', treasury.node, '--fee-rate', '5', '--out', 'taken', '--db', 'never.db'], here()),
      () => companion(['psbt', 'combine', 'pay.psbt', '--wallet', 'wallet.json', '--out', 'taken'], here()),
      () => companion(['psbt', 'finalize', 'pay.psbt', '--wallet', 'wallet.json', '--out', 'taken'], here()),
      () => companion(['ledger', 'export', '--out', 'taken', '--db', 'never.db'], here()),
    ];
    for (const command of commands) fails('file.exists', 74, command);
    expect(readFileSync(join(treasury.folder, 'taken'), 'utf8')).toBe('precious');
  });

  test('--force replaces it and keeps the generation before', () => {
    treasury.file('taken', 'older');
    done(signer(['key', 'export', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--out', 'taken', '--force'], here()));
    expect(readFileSync(join(treasury.folder, 'taken'), 'utf8')).toMatch(/^\[[0-9a-f]{8}\//);
    expect(readFileSync(join(treasury.folder, 'taken.previous'), 'utf8')).toBe('older');
  });

  test('an output into a folder that is not there is named', () => fails('file.not-found', 74, () => signer(['key', 'export', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--out', 'no/such/folder/file'], here())));
});

describe('the node', () => {
  test('one that does not answer', () => {
    treasury.file('cookie', '__cookie__:0');
    fails('node.unreachable', 75, () => companion(['node', 'check', '--node', `bitcoind://127.0.0.1:9?cookie=${join(treasury.folder, 'cookie')}`], here()));
  });
  test('one whose cookie is not there', () => fails('node.unreachable', 75, () => companion(['node', 'check', '--node', `bitcoind://127.0.0.1:9?cookie=${join(treasury.folder, 'none')}`], here())));
  test('a credential inside the URL', () => fails('node.url', 64, () => companion(['node', 'check', '--node', 'bitcoind://user:pass@127.0.0.1:8332?cookie=x'], here())));
  test('a plain connection to another machine', () => fails('node.url', 64, () => companion(['node', 'check', '--node', 'bitcoind://192.0.2.1:8332?cookie=x'], here())));
  test('a kind that this version does not know', () => fails('node.url', 64, () => companion(['node', 'check', '--node', 'stratum://example.org:50002'], here())));
  test('a practice network that is not there', () => fails('file.not-found', 74, () => companion(['node', 'check', '--node', 'practice://no-such-folder'], here())));
  test('a folder that is no practice network', () => {
    mkdirSync(join(treasury.folder, 'empty'));
    fails('practice.malformed', 74, () => companion(['node', 'check', '--node', 'practice://empty'], here()));
  });
  test('a hot wallet that the node does not have', () => fails('node.wallet', 75, () => companion(['hot', 'balance', '--from', 'nobody', '--node', treasury.node], here())));
  test('a version that was replaced is not sent, and one whose inputs are spent is refused', () => {
    // The second takes the first one's place in these books; other books know of no second.
    const plan = (name: string, rate: string, db: string) => done(companion(['sweep', 'plan', '--from', 'hot', '--to', 'wallet.json', '--node', treasury.node, '--fee-rate', rate, '--out', `${name}.psbt`, '--db', db], here()));
    plan('one', '5', 'ledger.db');
    plan('two', '9', 'ledger.db');
    plan('other', '7', 'other.db');
    for (const name of ['one', 'two', 'other']) done(companion(['hot', 'sign', `${name}.psbt`, '--from', 'hot', '--node', treasury.node, '--out', `${name}.final.psbt`], here()));
    const send = (name: string, db: string) => companion(['tx', 'broadcast', `${name}.final.psbt`, '--node', treasury.node, '--wallet', 'wallet.json', '--db', db], here());
    fails('psbt.superseded', 3, () => send('one', 'ledger.db'));
    done(send('two', 'ledger.db'));
    done(practice(['mine', '--folder', 'chain'], here()));
    fails('broadcast.refused', 3, () => send('other', 'other.db'));
  });
});

describe('the books', () => {
  test('a file that is no ledger', () => {
    treasury.file('broken.db', 'this is not a database, and it is long enough to look at its header twice over');
    fails('ledger.malformed', 74, () => companion(['ledger', 'list', '--db', 'broken.db'], here()));
  });
  test('books that do not agree with the node: the audit says so with 3', () => {
    // Money that came in while nobody refreshed the books.
    const audit = companion(['ledger', 'audit', '--wallet', 'wallet.json', '--node', treasury.node, '--db', 'ledger.db'], here());
    expect(audit.exit).toBe(3);
    expect(audit.json()).toMatchObject({ ok: true, agrees: false, ledgerSats: '0', nodeSats: '100000000', differences: [{ kind: 'missing-in-ledger', amountSats: '100000000' }] });
  });
});
