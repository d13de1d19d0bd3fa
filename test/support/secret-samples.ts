import { createHash } from 'node:crypto';
import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { SecretShape } from '../../src/companion/private-key-shapes.ts';

/** Secrets in every form that people keep them in, made here: none of them ever had money. What is of published vectors says so. */
export interface SecretSample {
  readonly name: string;
  readonly text: string;
  readonly shape: SecretShape;
}

const base58check = createBase58check(sha256);
const bytes = (label: string, length: number): Uint8Array => Uint8Array.from(createHash('shake256', { outputLength: length }).update(label).digest());
const wif = (version: number, compressed: boolean): string => base58check.encode(Uint8Array.from([version, ...bytes('wif', 32), ...(compressed ? [1] : [])]));
const extended = (version: number): string => base58check.encode(Uint8Array.from([...[24, 16, 8, 0].map((shift) => (version >>> shift) & 0xff), ...new Uint8Array(9), ...bytes('chain', 32), 0, ...bytes('key', 32)]));
const xprv = extended(0x0488ade4);

const extendedVersions: Readonly<Record<string, number>> = {
  xprv: 0x0488ade4, yprv: 0x049d7878, zprv: 0x04b2430c, Yprv: 0x0295b005, Zprv: 0x02aa7a99, tprv: 0x04358394, uprv: 0x044a4e28, vprv: 0x045f18bc, Uprv: 0x024285b5, Vprv: 0x02575048,
  Ltpv: 0x019d9cfe, dgpv: 0x02fac398,
};

/** A mini key passes when SHA-256 of it and a question mark begins with zero. */
function miniKey(): string {
  const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  for (let count = 0; ; count += 1) {
    const text = `S${[...bytes(`mini ${count}`, 29)].map((byte) => letters[byte % letters.length]).join('')}`;
    if (sha256(Buffer.from(`${text}?`))[0] === 0) return text;
  }
}

// BIP39's published test vectors and their like; Japanese with its own blank.
const english12 = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const english24 = 'hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length';
const japanese = 'そつう　れきだい　ほんやく　わかす　りくつ　ばいか　ろせん　やちん　そつう　れきだい　ほんやく　わかめ';
const korean = '가격 가끔 가난 가능 가득 가르침 가뭄 가방 가상 가슴 가운데 가을';
const chinese = '的 一 是 在 不 了 有 和 人 这 中 大';
const spanish = 'ábaco abdomen abeja abierto abogado abono aborto abrazo abrir abuelo abuso acabar';
const french = 'abaisser abandon abdiquer abeille abolir aborder aboutir aboyer abrasif abreuver abriter abroger';
const italian = 'abaco abbaglio abbinato abete abisso abolire abrasivo abrogato accadere accenno accusato acetone';
const czech = 'abdikace abeceda adresa agrese akce aktovka alej alkohol amputace ananas andulka anekdota';
const slip39 = 'duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode duke ajar critical decision keyboard';

export const secrets: readonly SecretSample[] = [
  ...Object.entries(extendedVersions).map(([name, version]) => ({ name, text: extended(version), shape: 'extended-key' as const })),
  { name: 'WIF of mainnet, uncompressed', text: wif(0x80, false), shape: 'wif' },
  { name: 'WIF of mainnet, compressed', text: wif(0x80, true), shape: 'wif' },
  { name: 'WIF of a test network, uncompressed', text: wif(0xef, false), shape: 'wif' },
  { name: 'WIF of a test network, compressed', text: wif(0xef, true), shape: 'wif' },
  { name: 'WIF of Litecoin', text: wif(0xb0, true), shape: 'wif' },
  { name: 'WIF of Dogecoin', text: wif(0x9e, true), shape: 'wif' },
  { name: 'WIF with a letter misread', text: `${wif(0x80, true).slice(0, -2)}zz`, shape: 'wif' },
  { name: 'BIP38', text: base58check.encode(Uint8Array.from([0x01, 0x42, 0xe0, ...bytes('bip38', 36)])), shape: 'bip38' },
  { name: 'a mini key', text: miniKey(), shape: 'mini-key' },
  { name: '12 words in English', text: english12, shape: 'mnemonic' },
  { name: '24 words in English', text: english24, shape: 'mnemonic' },
  { name: '24 words in capitals', text: english24.toUpperCase(), shape: 'mnemonic' },
  { name: '12 words, numbered, one a line', text: english12.split(' ').map((word, index) => `${index + 1}. ${word}`).join('\n'), shape: 'mnemonic' },
  { name: '12 words with commas', text: english12.replaceAll(' ', ', '), shape: 'mnemonic' },
  { name: '12 words by their first four letters', text: english12.split(' ').map((word) => word.slice(0, 4)).join(' '), shape: 'mnemonic' },
  { name: 'words in Japanese', text: japanese, shape: 'mnemonic' },
  { name: 'words in Japanese, decomposed', text: japanese.normalize('NFKD'), shape: 'mnemonic' },
  { name: 'words in Korean', text: korean, shape: 'mnemonic' },
  { name: 'words in Chinese', text: chinese, shape: 'mnemonic' },
  { name: 'words in Spanish', text: spanish, shape: 'mnemonic' },
  { name: 'words in Spanish, decomposed', text: spanish.normalize('NFKD'), shape: 'mnemonic' },
  { name: 'words in French', text: french, shape: 'mnemonic' },
  { name: 'words in Italian', text: italian, shape: 'mnemonic' },
  { name: 'words in Czech', text: czech, shape: 'mnemonic' },
  { name: 'an Electrum seed', text: 'wild father tree among universe such mobile favorite target dynamic credit identify', shape: 'mnemonic' },
  { name: 'a SLIP-39 share of 20 words', text: slip39, shape: 'mnemonic' },
  { name: 'a SLIP-39 share of 33 words', text: `${slip39} ${slip39.split(' ').slice(0, 13).join(' ')}`, shape: 'mnemonic' },
  { name: 'a SeedQR', text: Array.from({ length: 12 }, (_, index) => String(index * 170).padStart(4, '0')).join(''), shape: 'seedqr' },
  { name: 'a SeedQR of 24 words', text: Array.from({ length: 24 }, (_, index) => String(2047 - index * 80).padStart(4, '0')).join(''), shape: 'seedqr' },
  // BIP93, test vectors 1 and 2.
  { name: 'a codex32 secret', text: 'ms10testsxxxxxxxxxxxxxxxxxxxxxxxxxx4nzvca9cmczlw', shape: 'codex32' },
  { name: 'a codex32 share', text: 'MS12NAMEA320ZYXWVUTSRQPNMLKJHGFEDCAXRPP870HKKQRM', shape: 'codex32' },
  { name: 'an age secret key', text: `# created: 2026-11-23T10:00:00Z\nAGE-SECRET-KEY-1${'GFPYYSJZGFPYYSJZ'.repeat(4).slice(0, 58)}`, shape: 'age-identity' },
  { name: 'a key file', text: 'age-encryption.org/v1\n-> scrypt 8Dtb2jvTHDNCy0bqtDeuJw 18\nabc\n--- abc\n', shape: 'key-file' },
  { name: 'a key file in armour', text: '-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCg==\n-----END AGE ENCRYPTED FILE-----\n', shape: 'key-file' },
  { name: 'a descriptor with an extended private key', text: `wsh(sortedmulti(2,[d34db33f/48h/0h/0h/2h]${xprv}/<0;1>/*,[aaaaaaaa/48h/0h/0h/2h]${xprv}/<0;1>/*))#abcdefgh`, shape: 'extended-key' },
  { name: 'a descriptor with a WIF', text: `wpkh(${wif(0xef, true)})`, shape: 'wif' },
  { name: 'listdescriptors with private keys', text: JSON.stringify({ wallet_name: 'hot', descriptors: [{ desc: `wpkh(${xprv}/84h/0h/0h/0/*)#abcdefgh`, active: true }] }), shape: 'extended-key' },
  { name: 'dumpwallet', text: `# Wallet dump created by Bitcoin v0.21\n# * Created on 2026-11-23\n`, shape: 'wallet-dump' },
  { name: 'bitcoin-wallet dump', text: 'BITCOIN_CORE_WALLET_DUMP,1\nformat,bdb\n036b6579,00\n', shape: 'wallet-dump' },
  { name: 'a PEM private key', text: '-----BEGIN EC PRIVATE KEY-----\nMHQCAQEE\n-----END EC PRIVATE KEY-----\n', shape: 'pem-key' },
  { name: 'a seed as UR', text: 'ur:seed/oyadgdaawzwplrbdhdpabgrnvokorolnrtemksayyadmut', shape: 'secret-code' },
];

const xpub = base58check.encode(Uint8Array.from([0x04, 0x88, 0xb2, 0x1e, ...new Uint8Array(9), ...bytes('chain', 32), 2, ...bytes('key', 32)]));

/** What is given to the Companion every day, and must not be refused. */
export const harmless: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'an xpub', text: xpub },
  { name: 'a descriptor', text: `wsh(sortedmulti(2,[d34db33f/48h/0h/0h/2h]${xpub}/<0;1>/*,[aaaaaaaa/48h/0h/0h/2h]${xpub}/<0;1>/*))#abcdefgh` },
  { name: 'an age public key', text: `age1${'gfpyysjzgfpyysjz'.repeat(4).slice(0, 58)}` },
  { name: 'a transaction id', text: Buffer.from(bytes('txid', 32)).toString('hex') },
  { name: 'a transaction', text: Buffer.from(bytes('transaction', 4000)).toString('hex') },
  { name: 'base64 of a mebibyte', text: Buffer.from(bytes('base64', 1_000_000)).toString('base64') },
  { name: 'addresses', text: 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq\n1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2\n3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy\n' },
  { name: 'a node\'s URL', text: 'bitcoind://127.0.0.1:8332?cookie=/home/treasury/.bitcoin/.cookie' },
  { name: 'payments', text: 'address,amount_sats,reference\nbc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq,150000,Invoice 2026-114 for October\n' },
  { name: 'a policy id', text: 'bakof-dubir-fukaz-hanot luvom-povuz-ritas-tobid' },
  { name: 'a label', text: 'Salaries of November, paid from the treasury of the foundation' },
  { name: 'numbers in a row', text: '202611231000000000123456' },
];
