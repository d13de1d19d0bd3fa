import { expect } from 'vitest';
import { inflateRaw } from '../../../../src/airgap/inflate.ts';
import type { NetworkName } from '../../../../src/domain/network.ts';
import { isQuorumScript, type WalletScript } from '../../../../src/domain/wallet-script.ts';
import { accountKeyRecord } from '../../../../src/signer/account-key.ts';
import { createAddressDeriver } from '../../../../src/wallet/address.ts';
import { importWallet, type ImportChoices, type ImportedWallet } from '../../../../src/wallet/dialects/import-wallet.ts';
import { readForeign, type ReadOptions } from '../../../../src/wallet/dialects/read-foreign.ts';
import { formatExtendedPublicKey } from '../../../../src/wallet/extended-public-key.ts';
import type { SigningKey } from '../../../../src/signer/signing-key.ts';
import { createWallet, type Wallet } from '../../../../src/wallet/wallet.ts';
import { keyOf } from '../../signer/fixtures.ts';

export const code = (expected: string, details: object = {}): unknown => expect.objectContaining({ code: expected, details: expect.objectContaining(details) });

const people = ['alice', 'bob', 'carol'] as const;

const keys = new Map<string, SigningKey>();
/** Each once: stretching a mnemonic takes a tenth of a second. */
function cachedKey(person: (typeof people)[number], network: NetworkName): SigningKey {
  const key = keys.get(person + network) ?? keyOf(person, network);
  keys.set(person + network, key);
  return key;
}

/** A 2-of-3 of a quorum's script, or alice's own wallet of a script of one key. */
export function walletOfScript(script: WalletScript, network: NetworkName = 'mainnet', name = 'Treasury'): Wallet {
  const isQuorum = isQuorumScript(script);
  const names = isQuorum ? people : (['alice'] as const);
  return createWallet({ name, network, script, required: isQuorum ? 2 : 1, cosigners: names.map((label) => ({ label, record: accountKeyRecord(cachedKey(label, network), script, 0) })) });
}

export const read = (text: string, options: Partial<ReadOptions> = {}) => readForeign(text, { script: null, password: null, inflate: inflateRaw, ...options });
export const importText = (text: string, choices: Partial<ImportChoices> = {}, options: Partial<ReadOptions> = {}): ImportedWallet =>
  importWallet(read(text, options), { name: null, fallbackName: null, network: null, ...choices });

/** The first addresses of both branches. */
export function addressesOf(wallet: Wallet, count = 3): readonly string[] {
  const deriver = createAddressDeriver(wallet);
  return ([0, 1] as const).flatMap((branch) => Array.from({ length: count }, (_, index) => deriver.derive(branch, index).address));
}

/** Fingerprint, path and xpub of each cosigner, for texts as other programs write them. */
export const partsOf = (wallet: Wallet) => wallet.cosigners.map(({ label, record }) => ({
  label,
  fingerprint: record.masterFingerprint,
  path: `m/${record.path.map((step) => (step >= 0x8000_0000 ? `${step - 0x8000_0000}'` : step)).join('/')}`,
  xpub: formatExtendedPublicKey(record.key, wallet.network),
}));
