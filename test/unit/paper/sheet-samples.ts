import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { pointFromScalar, xOnlyPointAddTweak } from 'tiny-secp256k1';
import { wordlists } from 'bip39';
import { concat, utf8 } from '../../../src/domain/bytes.ts';
import { chainParameters, type NetworkName } from '../../../src/domain/network.ts';
import type { Fingerprint } from '../../../src/domain/fingerprint.ts';
import { maxCosigners, walletScripts, type WalletScript } from '../../../src/domain/wallet-script.ts';
import { cosignerCard } from '../../../src/paper/sheets/cosigner-card.ts';
import { depositAddressSheet } from '../../../src/paper/sheets/deposit-addresses.ts';
import { paperWalletSheets, type PaperWallet, type PaperWalletScript, type SecretForm } from '../../../src/paper/sheets/paper-wallet.ts';
import { seedSheet, type Seed } from '../../../src/paper/sheets/seed.ts';
import { shareSheet, type Share } from '../../../src/paper/sheets/share.ts';
import { templateNames, templateSheet, type TemplateName } from '../../../src/paper/sheets/template.ts';
import { walletSheet } from '../../../src/paper/sheets/wallet.ts';
import type { Sheet, SheetFacts } from '../../../src/paper/sheet.ts';
import { accountKeyRecord } from '../../../src/signer/account-key.ts';
import { codex32OfSeed, formatCodex32 } from '../../../src/signer/secrets/codex32/codex32.ts';
import { SigningKey } from '../../../src/signer/signing-key.ts';
import { addressOfScript } from '../../../src/wallet/address.ts';
import { hash160 } from '../../../src/wallet/extended-public-key.ts';
import type { KeyRecord } from '../../../src/wallet/key-record.ts';
import { createWallet, type Wallet } from '../../../src/wallet/wallet.ts';
import { noise } from '../signer/fixtures.ts';

/** Sheets with real addresses and keys, made from names; the same in every run, and for tests only. */

const base58check = createBase58check(sha256);
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const english = wordlists['english'] as readonly string[];

export const factsOf = (serial: string, network: NetworkName = 'mainnet', label = 'Reserve 2026'): SheetFacts => ({ serial, label, network, date: '2026-11-22' });

function addressOf(script: PaperWalletScript, publicKey: Uint8Array, network: NetworkName): string {
  const prefixes: Readonly<Record<PaperWalletScript, () => Uint8Array>> = {
    p2pkh: () => concat(Uint8Array.of(0x76, 0xa9, 0x14), hash160(publicKey), Uint8Array.of(0x88, 0xac)),
    p2wpkh: () => concat(Uint8Array.of(0x00, 0x14), hash160(publicKey)),
    p2tr: () => {
      const internal = publicKey.subarray(1);
      const tag = sha256(utf8('TapTweak'));
      const output = xOnlyPointAddTweak(internal, sha256(concat(tag, tag, internal)));
      return concat(Uint8Array.of(0x51, 0x20), output?.xOnlyPubkey as Uint8Array);
    },
  };
  return addressOfScript(prefixes[script](), network) as string;
}

export function paperWalletOf(name: string, script: PaperWalletScript, form: SecretForm, network: NetworkName = 'mainnet'): PaperWallet {
  const privateKey = noise(`paper ${name}`, 32);
  const publicKey = pointFromScalar(privateKey, true) as Uint8Array;
  const wif = base58check.encode(concat(Uint8Array.of(chainParameters(network).wif), privateKey, Uint8Array.of(1)));
  const encrypted = `6PYJ${Array.from(noise(`bip38 ${name}`, 54), (byte) => BASE58[byte % 58]).join('')}`;
  return { address: addressOf(script, publicKey, network), script, secret: { form, text: form === 'wif' ? wif : encrypted } };
}

export function seedOf(name: string, words: 12 | 15 | 18 | 21 | 24, more: Partial<Seed> = {}): Seed {
  const positions = Array.from({ length: words }, (_, index) => new DataView(noise(`${name} ${index}`, 2).buffer).getUint16(0) % 2048);
  return { words: positions.map((position) => english[position] as string), positions, language: 'english', fingerprint: '73c5da0a' as Fingerprint, hasPassphrase: false, filling: 'printed', ...more };
}

/** @param size words of SLIP-39 and Seed XOR, bytes under a codex32 share */
export function shareOf(scheme: Share['scheme'], size = scheme === 'codex32' ? 16 : 20, name = 'share'): Share {
  const common = { scheme, share: 'B', threshold: 2, total: 3, groups: null, passphrase: 'none', fingerprint: '73c5da0a' } as const;
  if (scheme === 'codex32') return { ...common, identifier: 'NAME', text: formatCodex32({ ...codex32OfSeed(noise(name, size), 'name', 2), index: 'c' }) };
  const words = [0, 1, 2].flatMap((part) => seedOf(`${name} ${part}`, 24).words);
  return { ...common, identifier: scheme === 'slip39' ? '7945' : '', text: words.slice(0, size).join(' ') };
}

const records = new Map<string, KeyRecord>();

export function recordOf(name: string, network: NetworkName = 'mainnet'): KeyRecord {
  const id = `${network} ${name}`;
  const record = records.get(id) ?? accountKeyRecord(SigningKey.fromSeed(noise(`seed ${name}`, 64), network), 'p2wsh', 0);
  records.set(id, record);
  return record;
}

export function walletOf(required: number, total: number, network: NetworkName = 'mainnet', labelOf = (index: number): string => `Officer ${index + 1}`, script: WalletScript = 'p2wsh'): Wallet {
  return createWallet({ name: 'Treasury', network, script, required, cosigners: Array.from({ length: total }, (_, index) => ({ label: labelOf(index), record: recordOf(String(index), network) })) });
}

const plain = { serial: 'SR-2026-0007', date: '2026-11-22' };

const made = new Map<NetworkName, Readonly<Record<string, Sheet>>>();

/** Every kind of sheet in every form, by a name for pictures. */
export function sampleSheets(network: NetworkName = 'mainnet'): Readonly<Record<string, Sheet>> {
  const sheets = made.get(network) ?? makeSamples(network);
  made.set(network, sheets);
  return sheets;
}

function makeSamples(network: NetworkName): Readonly<Record<string, Sheet>> {
  const facts = factsOf('SR-2026-0007', network);
  const [p2wpkh, p2tr, p2pkh] = [paperWalletSheets(facts, paperWalletOf('a', 'p2wpkh', 'wif', network)), paperWalletSheets(facts, paperWalletOf('b', 'p2tr', 'bip38', network)), paperWalletSheets(facts, paperWalletOf('c', 'p2pkh', 'secure-print', network))];
  return {
    'paper-wallet-p2wpkh-public': p2wpkh[0],
    'paper-wallet-p2wpkh-wif': p2wpkh[1],
    'paper-wallet-p2tr-public': p2tr[0],
    'paper-wallet-p2tr-bip38': p2tr[1],
    'paper-wallet-p2pkh-public': p2pkh[0],
    'paper-wallet-p2pkh-secure-print': p2pkh[1],
    'seed-12': seedSheet(facts, seedOf('twelve', 12)),
    'seed-24': seedSheet(facts, seedOf('twenty-four', 24, { hasPassphrase: true })),
    'seed-by-hand': seedSheet(facts, seedOf('hand', 24, { filling: 'by-hand' })),
    'seed-japanese': seedSheet(facts, seedOf('japanese', 12, { language: 'japanese', words: Array.from({ length: 12 }, () => 'あいこくしん') })),
    'share-slip39-20': shareSheet(facts, shareOf('slip39', 20)),
    'share-slip39-33': shareSheet(facts, shareOf('slip39', 33)),
    'share-slip39-59-groups': shareSheet(facts, { ...shareOf('slip39', 59), share: 'group 2, share 3', groups: { threshold: 2, total: 3 }, passphrase: 'slip39' }),
    'share-codex32': shareSheet(facts, shareOf('codex32')),
    'share-codex32-long': shareSheet(facts, shareOf('codex32', 64)),
    'share-seed-xor': shareSheet(facts, shareOf('seed-xor', 24)),
    'cosigner-card': cosignerCard({ ...facts, label: 'Alice Example, treasurer' }, recordOf('0', network), 'p2wsh'),
    'wallet-2-of-3': walletSheet(plain, walletOf(2, 3, network), 1_760_000_000),
    'wallet-8-of-15': walletSheet(plain, walletOf(8, 15, network), 0),
    'deposit-addresses': depositAddressSheet(plain, walletOf(2, 3, network), 0, 6),
    ...Object.fromEntries(templateNames.map((name: TemplateName) => [`template-${name}`, templateSheet({ ...facts, date: '', label: '' }, name)])),
  };
}

const networks = ['mainnet', 'testnet4', 'signet', 'regtest', 'practice'] as const;
const scripts = ['p2wpkh', 'p2tr', 'p2pkh'] as const;
const forms = ['wif', 'bip38', 'secure-print'] as const;

/** Every scheme in every length that keys here give. */
const shareKinds: readonly ((name: string) => Share)[] = [
  (name) => shareOf('slip39', 20, name),
  (name) => shareOf('codex32', 16, name),
  (name) => shareOf('seed-xor', 12, name),
  (name) => shareOf('slip39', 33, name),
  (name) => shareOf('codex32', 32, name),
  (name) => shareOf('seed-xor', 24, name),
  (name) => ({ ...shareOf('slip39', 59, name), share: 'group 1, share 2', groups: { threshold: 2, total: 3 }, passphrase: 'slip39' }),
  (name) => shareOf('codex32', 64, name),
];

/** As many sheets as asked for, no two alike, of every kind that has a code, in turn. */
export function* mixedSheets(count: number): Generator<Sheet> {
  const makers: readonly ((round: number, facts: SheetFacts) => readonly Sheet[])[] = [
    (round, facts) => paperWalletSheets(facts, paperWalletOf(`bulk ${round}`, scripts[round % 3] as PaperWalletScript, forms[Math.floor(round / 3) % 3] as SecretForm, facts.network)),
    (round, facts) => [seedSheet(facts, seedOf(`bulk ${round}`, ([12, 15, 18, 21, 24] as const)[round % 5] as 12))],
    (round, facts) => [shareSheet(facts, shareKinds[round % shareKinds.length]?.(`share ${round}`) as Share)],
    (round, facts) => [cosignerCard(facts, recordOf(`bulk ${round}`, facts.network), walletScripts[round % walletScripts.length] as WalletScript)],
    (round, facts) => {
      const script = walletScripts[round % walletScripts.length] as WalletScript;
      return [walletSheet(facts, walletOf(1, 1 + (round % maxCosigners(script)), facts.network, undefined, script), 0)];
    },
    (round, facts) => [depositAddressSheet(facts, walletOf(1, 1 + (round % 3), facts.network), round * 3, 1 + (round % 3))],
  ];
  let made = 0;
  for (let round = 0; ; round += 1) {
    for (const make of makers) {
      for (const sheet of make(round, factsOf(`SR-${String(round).padStart(5, '0')}`, networks[round % networks.length]))) {
        if (made === count) return;
        made += 1;
        yield sheet;
      }
    }
  }
}
