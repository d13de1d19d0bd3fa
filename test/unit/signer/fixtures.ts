import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '../../../src/domain/bytes.ts';
import type { NetworkName } from '../../../src/domain/network.ts';
import { accountKeyRecord } from '../../../src/signer/account-key.ts';
import type { SystemReading } from '../../../src/signer/entropy/system-entropy.ts';
import { seedOfMnemonic } from '../../../src/signer/mnemonic.ts';
import { SigningKey } from '../../../src/signer/signing-key.ts';
import { createWallet, type Wallet } from '../../../src/wallet/wallet.ts';

/** Bytes that look random and are the same in every run. */
export const noise = (name: string, length: number): Uint8Array => hkdf(sha256, utf8(name), undefined, utf8('test noise'), length);

/** Healthy system readings, fresh arrays on every call since mixing wipes them. */
export const systemReadings = (name = 'a'): SystemReading[] => [
  { source: 'runtime', first: noise(`${name}1`, 64), second: noise(`${name}2`, 64) },
  { source: 'kernel', first: noise(`${name}3`, 64), second: noise(`${name}4`, 64) },
];

/** So many die rolls that look like chance. */
export const diceText = (count: number, name = 'dice'): string => Array.from(noise(name, count), (byte) => String((byte % 6) + 1)).join('');
export const coinText = (count: number, name = 'coins'): string => Array.from(noise(name, count), (byte) => String(byte & 1)).join('');

// Published test mnemonics (BIP39); never for money.
export const mnemonics = {
  alice: 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  bob: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
  carol: 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
  dave: 'zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong',
} as const;
export type Person = keyof typeof mnemonics;

export const keyOf = (person: Person, network: NetworkName = 'regtest'): SigningKey => SigningKey.fromSeed(seedOfMnemonic(mnemonics[person], ''), network);

/** A wallet of these people's account 0. */
export function walletOf(people: readonly Person[] = ['alice', 'bob', 'carol'], required = 2, network: NetworkName = 'regtest'): Wallet {
  return createWallet({
    name: 'Treasury',
    network,
    script: 'p2wsh',
    required,
    cosigners: people.map((person) => ({ label: person, record: accountKeyRecord(keyOf(person, network), 'p2wsh', 0) })),
  });
}
