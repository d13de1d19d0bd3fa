import { describe, expect, test } from 'vitest';
import { withChecksum } from '../../../../src/wallet/descriptor.ts';
import { normalisedPolicy } from '../../../../src/wallet/policy-id.ts';
import { formatPrefixedKey, parseExtendedPublicKey } from '../../../../src/wallet/extended-public-key.ts';
import { walletDescriptor } from '../../../../src/wallet/wallet.ts';
import { addressesOf, code, importText, partsOf, read, walletOfScript } from './fixtures.ts';

/*
 * Files as other programs write them, by their documentation and by what they are known to write. All of them are of one wallet, so
 * each must give its policy.
 */
const wallet = walletOfScript('p2wsh');
const [alice, bob, carol] = partsOf(wallet) as [Part, Part, Part];
type Part = ReturnType<typeof partsOf>[number];
const policy = normalisedPolicy(wallet);
const prefixed = (xpub: string, script: 'p2wsh' | 'p2wpkh'): string => formatPrefixedKey(parseExtendedPublicKey(xpub).key, 'mainnet', script);

describe('the setup file of Coldcard, as each program writes it', () => {
  const texts: Readonly<Record<string, string>> = {
    Sparrow: `# Coldcard Multisig setup file (exported from Sparrow)\n#\nName: Treasury\nPolicy: 2 of 3\nDerivation: ${alice.path}\nFormat: P2WSH\n\n${[alice, bob, carol].map((part) => `${part.fingerprint.toUpperCase()}: ${part.xpub}`).join('\n')}\n`,
    'Specter, with a path before each key': `# Coldcard Multisig setup file (created on Specter Desktop)\n#\nName: Treasury\nPolicy: 2 of 3\nFormat: P2WSH\n\n${[alice, bob, carol].map((part) => `Derivation: ${part.path}\n${part.fingerprint}: ${part.xpub}\n`).join('\n')}`,
    'BlueWallet, with Zpub and Windows line ends': `# BlueWallet Multisig setup file\r\n# this file may contain private information\r\n#\r\nName: Treasury\r\nPolicy: 2 of 3\r\nDerivation: ${alice.path}\r\nFormat: P2WSH\r\n\r\n${[alice, bob, carol].map((part) => `${part.fingerprint.toUpperCase()}: ${prefixed(part.xpub, 'p2wsh')}`).join('\r\n\r\n')}\r\n`,
    'Nunchuk, path and key by turns': `# Exported from Nunchuk\nName: Treasury\nPolicy: 2 of 3\nFormat: P2WSH\n\n${[alice, bob, carol].map((part) => `Derivation: ${part.path.replaceAll("'", 'h')}\n${part.fingerprint.toUpperCase()}: ${part.xpub}`).join('\n')}\n`,
    'Keystone, SeedSigner and Krux, with other blanks and a policy by slash': `name:Treasury\npolicy:2/3\nformat:p2wsh\nderivation:${alice.path}\n${[alice, bob, carol].map((part) => `${part.fingerprint}:${part.xpub}`).join('\n')}`,
  };
  test.each(Object.entries(texts))('%s', (_, text) => {
    const imported = importText(text);
    expect(normalisedPolicy(imported.wallet)).toBe(policy);
    expect(imported.wallet.name).toBe('Treasury');
    expect(imported.losses.map((loss) => loss.code)).toEqual(['branches']);
  });

  const sparrow = texts['Sparrow'] as string;
  test.each([
    ['fewer keys than it says', sparrow.replace('2 of 3', '2 of 4'), 'wallet.malformed'],
    ['an unknown line', sparrow.replace('Format:', 'Sorted: no\nFormat:'), 'wallet.malformed'],
    ['two policies', sparrow.replace('Policy: 2 of 3', 'Policy: 2 of 3\nPolicy: 1 of 3'), 'wallet.malformed'],
    ['two names', sparrow.replace('Name: Treasury', 'Name: Treasury\nName: Other'), 'wallet.malformed'],
    ['two formats', sparrow.replace('Format: P2WSH', 'Format: P2WSH\nFormat: P2SH'), 'wallet.malformed'],
    ['a format that there is not', sparrow.replace('P2WSH', 'P2XYZ'), 'wallet.malformed'],
    ['a line without a colon', sparrow.replace('Name: Treasury', 'Treasury'), 'wallet.malformed'],
    ['no path before a key', sparrow.replace(/^Derivation.*\n/m, ''), 'key.origin-missing'],
    ['another path than the key\'s', sparrow.replace(alice.path, "m/48'/0'/0'/1'"), 'wallet.depth-path'],
    ['a prefix of another script', sparrow.replace(alice.xpub, prefixed(alice.xpub, 'p2wpkh')), 'wallet.prefix-script'],
    ['one key twice', sparrow.replace(bob.xpub, alice.xpub), 'wallet.duplicate-key'],
    ['a lowered threshold of none', sparrow.replace('2 of 3', '0 of 3'), 'wallet.quorum-range'],
    ['a threshold above its keys', sparrow.replace('2 of 3', '4 of 3'), 'wallet.quorum-range'],
  ])('is refused: %s', (_, text, expected) => {
    expect(() => importText(text)).toThrow(code(expected));
  });

  test('without a format it is P2SH, which is Coldcard\'s rule', () => {
    expect(importText(sparrow.replace('Format: P2WSH\n', '')).wallet.script).toBe('p2sh');
  });
});

describe('descriptors as text', () => {
  const both = walletDescriptor(wallet);
  const receive = walletDescriptor(wallet, 0);
  const change = walletDescriptor(wallet, 1);
  const bare = both.slice(0, -9);
  test.each([
    ['of both branches', both, []],
    ['without a checksum', bare, []],
    ['with apostrophes', withChecksum(bare.replace(/(\d)h/g, "$1'")), []],
    ['a pair', `${receive}\n${change}\n`, []],
    ['Sparrow\'s three, with remarks', `# Receive and change descriptor (BIP389):\n${both}\n\n# Receive descriptor (Bitcoin Core):\n${receive}\n\n# Change descriptor (Bitcoin Core):\n${change}\n`, []],
    ['of the receive branch alone', receive, ['branches']],
    ['without branches', bare.replaceAll('/<0;1>/*', ''), ['branches']],
    ['for Specter\'s device', `addwallet Treasury&${bare.replaceAll('/<0;1>/*', '')}`, ['branches']],
    ['with Zpub', bare.replaceAll(alice.xpub, prefixed(alice.xpub, 'p2wsh')), []],
    ['with a byte order mark', `\uFEFF${both}`, []],
  ])('%s', (_, text, losses) => {
    const imported = importText(text);
    expect(normalisedPolicy(imported.wallet)).toBe(policy);
    expect(imported.losses.map((loss) => loss.code)).toEqual(losses);
  });

  test('steps between the origin and the branches are part of the account', () => {
    const deeper = importText(bare.replaceAll('/<0;1>/*', '/7/<0;1>/*')).wallet;
    expect(deeper.cosigners.map(({ record }) => record.path.at(-1))).toEqual([7, 7, 7]);
    expect(deeper.cosigners[0]?.record.key.depth).toBe(5);
  });

  const xpub = alice.xpub;
  const origin = `[${alice.fingerprint}/48h/0h/0h/2h]`;
  test.each([
    ['unsorted multi', bare.replace('sortedmulti', 'multi'), 'wallet.unsorted', { function: 'multi', keys: 3 }],
    ['unsorted multi_a', bare.replace('wsh(sortedmulti(', 'tr(50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0,multi_a('), 'wallet.unsorted', { function: 'multi_a' }],
    ['combo', `combo(${origin}${xpub}/<0;1>/*)`, 'wallet.descriptor-unsupported', { what: 'combo' }],
    ['pk', `pk(${origin}${xpub}/<0;1>/*)`, 'wallet.descriptor-unsupported', { what: 'pk' }],
    ['sh(pk)', `sh(pk(${origin}${xpub}/<0;1>/*))`, 'wallet.descriptor-unsupported', { what: 'sh(pk)' }],
    ['wsh(pkh)', `sh(wsh(pkh(${origin}${xpub}/<0;1>/*)))`, 'wallet.descriptor-unsupported', { what: 'sh(wsh(pkh))' }],
    ['bare multi', bare.slice(4, -1), 'wallet.descriptor-unsupported', { what: 'bare multi' }],
    ['raw', 'raw(deadbeef)', 'wallet.descriptor-unsupported', { what: 'raw' }],
    ['addr', 'addr(bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4)', 'wallet.descriptor-unsupported', { what: 'addr' }],
    ['rawtr', `rawtr(${origin}${xpub}/<0;1>/*)`, 'wallet.descriptor-unsupported', { what: 'rawtr' }],
    ['miniscript', `wsh(and_v(v:pk(${origin}${xpub}/<0;1>/*),older(144)))`, 'wallet.descriptor-unsupported', { what: 'miniscript' }],
    ['musig', `tr(musig(${xpub},${bob.xpub})/<0;1>/*)`, 'wallet.descriptor-unsupported', { what: 'musig' }],
    ['a script tree', `tr(${origin}${xpub}/<0;1>/*,pk(${bob.xpub}))`, 'wallet.descriptor-unsupported', { what: 'taproot with a script tree' }],
    ['an internal key that somebody may hold', bare.replace('wsh(sortedmulti(', `tr(${xpub.slice(0, 0)}a34b99f22c790c4e36b2b3c2c35a36db06226e41c692fc82b8b56ac1c540c5bd,sortedmulti_a(`), 'wallet.descriptor-unsupported', { what: 'a taproot quorum whose internal key somebody may hold' }],
    ['fixed keys', 'wpkh(03a34b99f22c790c4e36b2b3c2c35a36db06226e41c692fc82b8b56ac1c540c5bd)', 'wallet.descriptor-unsupported', { what: 'a key without children' }],
    ['other branches', bare.replaceAll('<0;1>', '<2;3>'), 'wallet.descriptor-unsupported', { what: 'branches other than 0 and 1' }],
    ['three branches', bare.replaceAll('<0;1>', '<0;1;2>'), 'wallet.descriptor-unsupported', { what: 'branches other than 0 and 1' }],
    ['keys on different branches', receive.slice(0, -9).replace('/0/*', '/1/*'), 'wallet.descriptor-unsupported', { what: 'keys on different branches' }],
    ['no branch above the wildcard', bare.replaceAll('/<0;1>/*', '/*'), 'wallet.descriptor-unsupported', { what: 'keys without a receive and a change branch' }],
    ['hardened children', bare.replaceAll('/*', '/*h'), 'wallet.descriptor-unsupported', { what: 'hardened children of a public key' }],
    ['a wrong checksum', `${bare}#aaaaaaaa`, 'wallet.checksum', {}],
    ['two checksums', `${both}#${both.slice(-8)}`, 'wallet.checksum', {}],
    ['the change branch alone', change, 'wallet.malformed', {}],
    ['two wallets', `${both}\n${walletDescriptor(walletOfScript('p2wpkh'))}`, 'wallet.ambiguous', { scripts: 'p2wsh p2wpkh' }],
    ['a prefix of another script', `wpkh(${origin}${prefixed(xpub, 'p2wsh')}/<0;1>/*)`, 'wallet.prefix-script', { prefixScript: 'p2wsh', script: 'p2wpkh' }],
    ['a key without its origin', `wpkh(${xpub}/<0;1>/*)`, 'key.origin-missing', { depth: 4 }],
    ['a path of another length', bare.replace('/48h/0h/0h/2h', '/48h/0h/2h'), 'wallet.depth-path', {}],
    ['a character too many', `${bare})`, 'wallet.malformed', { position: bare.length + 1 }],
    ['a key that is cut off', bare.slice(0, 60), 'key.record-malformed', {}],
  ])('is refused by name: %s', (_, text, expected, details) => {
    expect(() => importText(text)).toThrow(code(expected, details));
  });

  test('the script type says which of several wallets is meant', () => {
    const text = `${both}\n${walletDescriptor(walletOfScript('p2wpkh'))}`;
    expect(importText(text, {}, { script: 'p2wpkh' }).wallet.script).toBe('p2wpkh');
    expect(importText(text, {}, { script: 'p2wsh' }).wallet.script).toBe('p2wsh');
    expect(() => importText(text, {}, { script: 'p2tr' })).toThrow(code('wallet.ambiguous'));
  });

  test('the grammar says at which character it is wrong', () => {
    for (const [text, position] of [['wsh(sh(x))', 5], ['nothing(x)', 1], ['wpkh(', 6], ['wsh(multi(0,a))', 11], ['wpkh([1234567/1]x)', 7]] as const) {
      expect(() => read(text)).toThrow(code('wallet.malformed', { position }));
    }
  });
});

describe('Bitcoin Core', () => {
  const entry = (desc: string, internal: boolean, more: object = {}) => ({ desc, active: true, internal, range: [0, 999], timestamp: 0, ...more });
  const [receive, change] = [walletDescriptor(wallet, 0), walletDescriptor(wallet, 1)];

  test('the argument of importdescriptors, and the answer of listdescriptors with the wallet\'s name', () => {
    expect(normalisedPolicy(importText(JSON.stringify([entry(receive, false), entry(change, true)])).wallet)).toBe(policy);
    const listed = importText(JSON.stringify({ wallet_name: 'wallets/cold', descriptors: [entry(change, true, { next: 3, next_index: 3 }), entry(receive, false)] }));
    expect(normalisedPolicy(listed.wallet)).toBe(policy);
    expect(listed.wallet.name).toBe('cold');
    expect(listed.losses).toEqual([]);
  });

  test('a node\'s own wallet has several script types: one is said', () => {
    const single = walletOfScript('p2wpkh');
    const taproot = walletOfScript('p2tr');
    const text = JSON.stringify({ wallet_name: '', descriptors: [single, taproot].flatMap((each) => [entry(walletDescriptor(each, 0), false), entry(walletDescriptor(each, 1), true)]) });
    expect(() => importText(text)).toThrow(code('wallet.ambiguous'));
    expect(addressesOf(importText(text, {}, { script: 'p2tr' }).wallet)).toEqual(addressesOf(taproot));
  });

  test('what is not active any more is left out; a branch that is called by the other\'s name is refused', () => {
    const old = entry(walletDescriptor(walletOfScript('p2wpkh'), 0), false, { active: false });
    expect(normalisedPolicy(importText(JSON.stringify([entry(receive, false), entry(change, true), old])).wallet)).toBe(policy);
    expect(() => importText(JSON.stringify([entry(receive, true), entry(change, false)]))).toThrow(code('wallet.malformed'));
  });
});

describe('Specter', () => {
  test('the export to wallet software: one descriptor, names of devices', () => {
    const imported = importText(JSON.stringify({ label: 'Treasury', blockheight: 700_000, descriptor: walletDescriptor(wallet, 0), devices: [{ type: 'coldcard', label: 'Cold A' }, { type: 'trezor', label: 'Cold B' }, { type: 'other', label: 'Cold C' }] }));
    expect(normalisedPolicy(imported.wallet)).toBe(policy);
    expect(imported.wallet.cosigners.map(({ label }) => label)).toEqual(['Cold A', 'Cold B', 'Cold C']);
    expect(imported.losses.map((loss) => loss.code)).toEqual(['branches', 'rescan']);
  });

  test('its own wallet file has both branches', () => {
    const imported = importText(JSON.stringify({ name: 'Treasury', recv_descriptor: walletDescriptor(wallet, 0), change_descriptor: walletDescriptor(wallet, 1), devices: ['a'], keys: [], address_type: 'bech32' }));
    expect(normalisedPolicy(imported.wallet)).toBe(policy);
    expect(imported.losses).toEqual([]);
  });
});

describe('names, networks and addresses', () => {
  const caravan = (more: object = {}): string => JSON.stringify({
    name: 'Treasury', addressType: 'P2WSH', network: 'mainnet', client: { type: 'public' }, quorum: { requiredSigners: 2, totalSigners: 3 }, startingAddressIndex: 0,
    extendedPublicKeys: [alice, bob, carol].map((part) => ({ name: part.label, bip32Path: part.path, xpub: part.xpub, xfp: part.fingerprint })), ...more,
  });

  test('Caravan\'s configuration, with an index to begin at', () => {
    const imported = importText(caravan({ startingAddressIndex: 5 }));
    expect(normalisedPolicy(imported.wallet)).toBe(policy);
    expect(imported.losses.map((loss) => loss.code)).toEqual(['start-index']);
  });
  test.each([
    ['a type that there is not', { addressType: 'P2TR' }, 'wallet.descriptor-unsupported'],
    ['a network that is not known', { network: 'litecoin' }, 'wallet.malformed'],
    ['a network that is not the keys\'', { network: 'testnet' }, 'network.mismatch'],
    ['fewer keys than it says', { quorum: { requiredSigners: 2, totalSigners: 4 } }, 'wallet.malformed'],
    ['keys whose paths are unknown', { extendedPublicKeys: [alice, bob, carol].map((part) => ({ name: part.label, bip32Path: 'Unknown', xpub: part.xpub, xfp: 'Unknown' })) }, 'key.origin-missing'],
    ['no keys', { extendedPublicKeys: [] }, 'wallet.malformed'],
  ])('Caravan\'s configuration is refused: %s', (_, more, expected) => {
    expect(() => importText(caravan(more))).toThrow(code(expected));
  });

  test('a first address that the keys do not give is refused', () => {
    const [first] = addressesOf(wallet);
    const [other] = addressesOf(walletOfScript('p2sh-p2wsh'));
    const bsms = (address: string | undefined): string => `BSMS 1.0\n${walletDescriptor(wallet).slice(0, -9).replaceAll('/<0;1>/*', '/**')}\n/0/*,/1/*\n${address}\n`;
    expect(normalisedPolicy(importText(bsms(first)).wallet)).toBe(policy);
    expect(normalisedPolicy(importText(bsms(first?.toUpperCase())).wallet)).toBe(policy);
    expect(() => importText(bsms(other))).toThrow(code('wallet.first-address', { branch: 'receive' }));
  });

  test('test networks look alike: the person says which, or the likeliest is taken and named', () => {
    const text = walletDescriptor(walletOfScript('p2wsh', 'signet'));
    expect(importText(text)).toMatchObject({ wallet: { network: 'testnet4' }, losses: [{ code: 'network' }] });
    expect(importText(text, { network: 'signet' })).toMatchObject({ wallet: { network: 'signet' }, losses: [] });
    expect(importText(text, { preferredNetwork: 'practice' })).toMatchObject({ wallet: { network: 'practice' }, losses: [] });
    expect(() => importText(text, { network: 'mainnet' })).toThrow(code('network.mismatch'));
    expect(importText(caravan({ network: 'mainnet' }), { preferredNetwork: 'regtest' }).wallet.network).toBe('mainnet');
  });

  test('an address tells some test networks apart', () => {
    const regtest = walletOfScript('p2wsh', 'regtest');
    const text = `BSMS 1.0\n${walletDescriptor(regtest).slice(0, -9).replaceAll('/<0;1>/*', '/**')}\n/0/*,/1/*\n${addressesOf(regtest)[0]}`;
    expect(importText(text).wallet.network).toBe('regtest');
  });

  test('names that do not fit are shortened, and that is said', () => {
    const imported = importText(caravan({ name: `${'x'.repeat(70)}\u0000` }));
    expect(imported.wallet.name).toBe('x'.repeat(60));
    expect(imported.losses.map((loss) => loss.code)).toEqual(['name']);
    expect(importText(walletDescriptor(wallet), { fallbackName: 'treasury' }).wallet.name).toBe('treasury');
    expect(importText(walletDescriptor(wallet)).wallet.name).toBe('Imported wallet');
  });
});
