import { BIP32Factory } from 'bip32';
import * as secp from 'tiny-secp256k1';
import { frameSequence } from '../../src/airgap/frames/frame-sequence.ts';
import { utf8 } from '../../src/domain/bytes.ts';
import { formatPath } from '../../src/domain/derivation-path.ts';
import { keyVersions } from '../../src/domain/network.ts';
import type { WalletScript } from '../../src/domain/wallet-script.ts';
import type { ErrorCode } from '../../src/errors/catalog.ts';
import { accountKeyRecord } from '../../src/signer/account-key.ts';
import { seedOfMnemonic } from '../../src/signer/mnemonic.ts';
import { SigningKey } from '../../src/signer/signing-key.ts';
import { createAddressDeriver } from '../../src/wallet/address.ts';
import { exportWallet, writtenFormats } from '../../src/wallet/dialects/export-wallet.ts';
import { formatExtendedPublicKey, formatPrefixedKey } from '../../src/wallet/extended-public-key.ts';
import { policyIdOf } from '../../src/wallet/policy-id.ts';
import { createWallet, walletDescriptor, type Cosigner, type Wallet } from '../../src/wallet/wallet.ts';

/*
 * Wallet files that are handed to an officer in place of the wallet that was agreed on: 2 of 3, the officer's key first. The officer
 * types the eight words of the wallet that was agreed on. One attack a file, in every dialect that can hold it.
 */

// Published test mnemonics (BIP39); never for money.
export const mnemonic = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const others = ['legal winner thank year wave sausage worth useful legal winner thank yellow', 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above', 'zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong'];
const NETWORK = 'practice';
const SCRIPT: WalletScript = 'p2wsh';

const keyOf = (words: string): SigningKey => SigningKey.fromSeed(seedOfMnemonic(words, ''), NETWORK);
const own = keyOf(mnemonic);
const [bob, carol, mallory] = others.map(keyOf) as [SigningKey, SigningKey, SigningKey];
const cosigner = (label: string, key: SigningKey, account = 0): Cosigner => ({ label, record: accountKeyRecord(key, SCRIPT, account) });
const walletOf = (cosigners: readonly Cosigner[], required = 2): Wallet => createWallet({ name: 'Treasury', network: NETWORK, script: SCRIPT, required, cosigners });

const agreed = walletOf([cosigner('Alice', own), cosigner('Bob', bob), cosigner('Carol', carol)]);
export const agreedPolicyId = policyIdOf(agreed).words;
export const agreedWallet = agreed;
export const ownFingerprint = own.fingerprint;

/** `ur` is made here, as any device makes it. */
export const dialects = [...writtenFormats, 'ur'] as const;
export type Dialect = (typeof dialects)[number];

function written(wallet: Wallet, dialect: Dialect): string {
  if (dialect !== 'ur') return exportWallet(wallet, dialect).content;
  const sequence = frameSequence({ kind: 'wallet-descriptor', bytes: utf8(walletDescriptor(wallet).slice(0, -9).replaceAll('/<0;1>/*', '')) }, { format: 'ur', version: 40 });
  return `${Array.from({ length: sequence.parts }, (_, position) => sequence.frame(position)).join('\n')}\n`;
}
export const honestFile = (dialect: Dialect): string => written(agreed, dialect);

/** A key of somebody else's under the fingerprint and path of the key that it stands for. */
const inPlaceOf = (key: SigningKey, label: string): Cosigner => ({ label, record: { ...accountKeyRecord(mallory, SCRIPT, 0), masterFingerprint: key.fingerprint } });

export interface AttackSetup {
  readonly name: string;
  readonly code: ErrorCode;
  /** Whether it is seen by reading alone, before any key or any typed word. */
  readonly byReading: boolean;
  readonly files: readonly { readonly dialect: Dialect; readonly text: string }[];
}

const inAll = (wallet: Wallet, without: readonly Dialect[] = []): AttackSetup['files'] => dialects.filter((dialect) => !without.includes(dialect)).map((dialect) => ({ dialect, text: written(wallet, dialect) }));

/** The account key of Bob as an extended private key. */
const bobsPrivateKey = (): string =>
  BIP32Factory(secp).fromSeed(seedOfMnemonic(others[0] as string, ''), keyVersions(NETWORK)).derivePath(`m/${formatPath(accountKeyRecord(bob, SCRIPT, 0).path).replaceAll('h', "'")}`).toBase58();
const bobsPublicKeys = [formatExtendedPublicKey(accountKeyRecord(bob, SCRIPT, 0).key, NETWORK), formatPrefixedKey(accountKeyRecord(bob, SCRIPT, 0).key, NETWORK, 'p2wsh')];
const withPrivateKey = (text: string): string => bobsPublicKeys.reduce((changed, key) => changed.replaceAll(key, bobsPrivateKey()), text);

const first = createAddressDeriver(agreed).derive(0, 0).address;
const strangers = createAddressDeriver(walletOf([cosigner('Mallory', mallory), cosigner('Bob', bob), cosigner('Carol', carol)])).derive(0, 0).address;
/** As Electrum keeps what it derived. */
const electrumWithAddresses = (receiving: string): string => JSON.stringify({ ...(JSON.parse(written(agreed, 'electrum')) as object), addresses: { receiving: [receiving], change: [] } });

/** Wallets that no program of ours makes: written without the checks. */
const twice: Wallet = { ...agreed, cosigners: [cosigner('Alice', own), cosigner('Bob', bob), { label: 'Carol', record: { ...accountKeyRecord(bob, SCRIPT, 0), masterFingerprint: carol.fingerprint } }] };

/** The same in a format whose writer refuses it, too. */
const withBobForCarol = (text: string): string => text.replace(formatExtendedPublicKey(accountKeyRecord(carol, SCRIPT, 0).key, NETWORK), bobsPublicKeys[0] as string);

export const attackSetups: readonly AttackSetup[] = [
  { name: 'own key missing', code: 'wallet.own-key-missing', byReading: false, files: inAll(walletOf([cosigner('Alice', mallory), cosigner('Bob', bob), cosigner('Carol', carol)])) },
  { name: 'own key swapped for another under its fingerprint', code: 'wallet.own-key-missing', byReading: false, files: inAll(walletOf([inPlaceOf(own, 'Alice'), cosigner('Bob', bob), cosigner('Carol', carol)])) },
  { name: 'another officer\'s key swapped under its fingerprint', code: 'wallet.policy-mismatch', byReading: false, files: inAll(walletOf([cosigner('Alice', own), cosigner('Bob', bob), inPlaceOf(carol, 'Carol')])) },
  { name: 'own key twice, by two accounts', code: 'wallet.own-key-twice', byReading: false, files: inAll(walletOf([cosigner('Alice', own), cosigner('Bob', bob), cosigner('Carol', own, 1)])) },
  { name: 'threshold lowered', code: 'wallet.policy-mismatch', byReading: false, files: inAll(walletOf(agreed.cosigners, 1)) },
  { name: 'the same key under another label and fingerprint', code: 'wallet.duplicate-key', byReading: true, files: [...inAll(twice, ['bip388']), { dialect: 'bip388', text: withBobForCarol(honestFile('bip388')) }] },
  {
    name: 'wrong first address', code: 'wallet.first-address', byReading: true,
    // The dialects that state one.
    files: [...(['strongroom', 'bsms'] as const).map((dialect) => ({ dialect, text: honestFile(dialect).replace(first, strangers) })), { dialect: 'electrum', text: electrumWithAddresses(strangers) }],
  },
  // UR's binary keys are another matter: test/conformance/ur.test.ts.
  { name: 'a private key inside', code: 'wallet.private-key', byReading: true, files: dialects.filter((dialect) => dialect !== 'ur').map((dialect) => ({ dialect, text: withPrivateKey(honestFile(dialect)) })) },
];

/** Registrations that the key did not make: changed after it was made, one thing each. */
export const forgeries: Readonly<Record<string, (registration: string, ownRegistrationOfOther: string) => string>> = {
  'a label changed': (registration) => registration.replace('"Carol"', '"Carla"'),
  'the code over it changed': (registration) => registration.replace(/"mac": "(.)/, (_, digit: string) => `"mac": "${digit === '0' ? '1' : '0'}`),
  'made by another key': (registration, other) => JSON.stringify({ ...(JSON.parse(other) as object), ownKey: (JSON.parse(registration) as { ownKey: string }).ownKey }),
  'the threshold lowered': (registration) => JSON.stringify({ ...(JSON.parse(registration) as object), wallet: JSON.parse(exportWallet(walletOf(agreed.cosigners, 1), 'strongroom').content) as object }),
};
export const otherMnemonic = others[0] as string;
