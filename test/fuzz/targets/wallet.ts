import { utf8 } from '../../../src/domain/bytes.ts';
import { descriptorChecksum, formatDescriptor, parseDescriptor } from '../../../src/wallet/descriptor.ts';
import { inflateRaw } from '../../../src/airgap/inflate.ts';
import { exportWallet, writtenFormats } from '../../../src/wallet/dialects/export-wallet.ts';
import { importWallet } from '../../../src/wallet/dialects/import-wallet.ts';
import { readForeign } from '../../../src/wallet/dialects/read-foreign.ts';
import { formatWalletFile, parseWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import { encodeBase58check, decodeBase58check } from '../../../src/signer/secrets/base58-secret.ts';
import { formatKeyRecord, parseKeyRecord } from '../../../src/wallet/key-record.ts';
import { formatRegistration, parseRegistration } from '../../../src/wallet/registration.ts';
import { walletDescriptor } from '../../../src/wallet/wallet.ts';
import type { Random } from '../engine/random.ts';
import { expectThat, unlessRefused, type Target } from '../engine/target.ts';
import { mutateBytes } from '../mutation/bytes.ts';
import { mutateJson, mutateText, textOf } from '../mutation/text.ts';
import { seedWallet, utf8All, vectorTexts } from '../seeds.ts';
import { testWallet } from '../../unit/support/psbt-builder.ts';

const network = seedWallet.wallet.network;
const wallets = [seedWallet.wallet, testWallet(3, 5).wallet, testWallet(2, 2, 'mainnet').wallet];
const walletFiles = wallets.map(formatWalletFile);
const recordTexts = wallets.flatMap((wallet) => wallet.cosigners.map(({ record }) => formatKeyRecord(record, wallet.network)));
const WORDS = ['wsh(', 'sortedmulti(', 'multi(', 'tr(', 'sh(', '/<0;1>/*', '/0/*', '/*', "48'/1'/0'/2'", '48h/0h/0h/2h', ...recordTexts];

/** Changes an extended key and rights its checksum, so that what it says is looked at. */
function mutateExtendedKeys(text: string, random: Random): string {
  const keys = text.match(/[1-9A-HJ-NP-Za-km-z]{100,120}/g) ?? [];
  const key = keys.length === 0 ? undefined : random.pick(keys);
  const bytes = key === undefined ? null : decodeBase58check(key);
  if (key === undefined || bytes === null) return text;
  const changed = mutateBytes(bytes, bytes, random);
  return text.replace(key, encodeBase58check(random.oneIn(5) ? changed : changed.length > 78 ? changed.subarray(0, 78) : changed));
}

/** Changes a descriptor, and mostly rights its checksum. */
function mutateDescriptor(text: string, other: string, random: Random): string {
  const body = text.split('#')[0] as string;
  const changed = random.oneIn(3) ? mutateExtendedKeys(body, random) : mutateText(body, other.split('#')[0] as string, random, WORDS);
  const checksum = random.oneIn(6) ? undefined : unlessRefused(() => descriptorChecksum(changed.trim()));
  return checksum === undefined ? mutateText(text, other, random, WORDS) : `${changed}#${checksum}`;
}

const mutateMember = (text: string, random: Random): string => (text.includes('#') ? mutateDescriptor(text, text, random) : mutateText(text, text, random, WORDS));

export const descriptorTarget: Target = {
  name: 'descriptor',
  share: 300,
  maxBytes: 8192,
  seeds: () => utf8All([...wallets.map((wallet) => walletDescriptor(wallet)), ...vectorTexts().filter((text) => /^(wsh|sh|wpkh|tr|pkh|multi)\(/.test(text) && text.length < 2000).slice(0, 150)]),
  mutate: (input, other, random) => utf8(mutateDescriptor(textOf(input), textOf(other), random)),
  run(input) {
    const parsed = unlessRefused(() => parseDescriptor(textOf(input)));
    if (parsed === undefined) return false;
    const realm = parsed.keys[0]?.realm === 'main' ? 'mainnet' : network;
    const text = formatDescriptor(parsed, realm);
    if (parsed.keys.every((key) => key.realm === parsed.keys[0]?.realm)) expectThat(formatDescriptor(parseDescriptor(text), realm) === text, 'a descriptor is read as another one than was written');
    return true;
  },
};

export const keyRecordTarget: Target = {
  name: 'key-record',
  share: 2000,
  maxBytes: 1024,
  seeds: () => utf8All([...recordTexts, ...vectorTexts().filter((text) => /^\[?[0-9a-f/'h\]]*[xtyzuvYZUV]p(ub|rv)[1-9A-Za-z]+$/.test(text)).slice(0, 100)]),
  mutate: (input, other, random) => utf8(random.oneIn(3) ? mutateExtendedKeys(textOf(input), random) : mutateText(textOf(input), textOf(other), random, WORDS)),
  run(input) {
    const record = unlessRefused(() => parseKeyRecord(textOf(input)));
    if (record === undefined) return false;
    const realm = record.realm === 'main' ? 'mainnet' : network;
    expectThat(formatKeyRecord(parseKeyRecord(formatKeyRecord(record, realm)), realm) === formatKeyRecord(record, realm), 'a key record is read as another one than was written');
    return true;
  },
};

export const walletFileTarget: Target = {
  name: 'wallet-file',
  share: 20,
  maxBytes: 16_384,
  seeds: () => utf8All(walletFiles),
  mutate: (input, other, random) => utf8(mutateJson(textOf(input), textOf(other), random, mutateMember)),
  run(input) {
    const wallet = unlessRefused(() => parseWalletFile(textOf(input)));
    if (wallet === undefined) return false;
    const text = formatWalletFile(wallet);
    expectThat(formatWalletFile(parseWalletFile(text)) === text, 'a wallet file is read as another one than was written');
    return true;
  },
};

const readOptions = { script: null, password: 'a54044308ceac9b7', inflate: inflateRaw };
const importChoices = { name: null, fallbackName: null, network: null };
const foreignTexts = wallets.flatMap((wallet) => writtenFormats.map((format) => exportWallet(wallet, format).content));

/** Wallets and keys as other programs write them. */
export const foreignWalletTarget: Target = {
  name: 'foreign-wallet',
  share: 60,
  maxBytes: 32_768,
  seeds: () => utf8All([...foreignTexts, ...vectorTexts().filter((text) => /^(wsh|sh|wpkh|tr|pkh|multi|combo)\(|^BSMS/.test(text) && text.length < 4000).slice(0, 100)]),
  mutate(input, other, random) {
    const [text, another] = [textOf(input), textOf(other)];
    return utf8(/^\s*[[{]/.test(text) && !random.oneIn(4) ? mutateJson(text, another, random, mutateMember) : random.oneIn(3) ? mutateExtendedKeys(text, random) : mutateText(text, another, random, WORDS));
  },
  run(input) {
    const imported = unlessRefused(() => {
      const file = readForeign(textOf(input), readOptions);
      return file.kind === 'keys' ? null : importWallet(file, importChoices);
    });
    if (imported === undefined || imported === null) return imported === null;
    const { wallet } = imported;
    const again = importWallet(readForeign(walletDescriptor(wallet), readOptions), { ...importChoices, network: wallet.network }).wallet;
    expectThat(walletDescriptor(again) === walletDescriptor(wallet), 'a foreign wallet is written as another one than was read');
    return true;
  },
};

export const registrationTarget: Target = {
  name: 'registration',
  share: 20,
  maxBytes: 16_384,
  seeds: () => utf8All(wallets.map((wallet, index) => formatRegistration({ wallet, ownKey: (wallet.cosigners[0] as { record: { masterFingerprint: typeof seedWallet.keys[number]['fingerprint'] } }).record.masterFingerprint, mac: `0${index}`.repeat(32) }))),
  mutate: (input, other, random) => utf8(mutateJson(textOf(input), textOf(other), random, mutateMember)),
  run(input) {
    const registration = unlessRefused(() => parseRegistration(textOf(input)));
    if (registration === undefined) return false;
    const text = formatRegistration(registration);
    expectThat(formatRegistration(parseRegistration(text)) === text, 'a registration is read as another one than was written');
    return true;
  },
};
