import { app } from 'electron';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { nativeSlowHashes } from '../../../src/node/signer/slow-hashes.ts';
import { checkedEntropy, mnemonicIn, readMnemonic, seedOfMnemonic, seedTextOf, wordsOf } from '../../../src/signer/mnemonic.ts';
import { masterKeyOf } from '../../../src/signer/private-derivation.ts';
import { decryptBip38, encryptBip38 } from '../../../src/signer/secrets/bip38.ts';
import { formatExtendedPrivateKey } from '../../../src/signer/secrets/extended-private-key.ts';
import { mnemonicLanguages, wordListOf } from '../../../src/signer/secrets/mnemonic-languages.ts';
import { formatWif, parseWif } from '../../../src/signer/secrets/wif.ts';

/**
 * A host process without a window that computes what published vectors state. Electron's cryptography is another than Node's
 * (BoringSSL for OpenSSL), so what passes there need not pass here.
 */
const computations = {
  languages: () => mnemonicLanguages.map((language) => ({ language, words: [...wordListOf(language)] })),
  mnemonic: (text: string, passphrase: string) => {
    const found = readMnemonic(text);
    const seed = seedOfMnemonic(seedTextOf(found), passphrase);
    return { language: found.language, entropy: toHex(found.entropy), words: mnemonicIn(found.language, found.entropy), seed: toHex(seed), xprv: formatExtendedPrivateKey(masterKeyOf(seed), 'mainnet') };
  },
  listed: (entropy: string, list: string[]) => {
    const words = wordsOf(parseHex(entropy), list);
    return { words: words.join(' '), entropy: toHex(checkedEntropy(words, list) as Uint8Array), seed: toHex(seedOfMnemonic(words.join(' '), '')) };
  },
  decryptBip38: async (encrypted: string, passphrase: string) => formatWif(await decryptBip38(encrypted, passphrase, nativeSlowHashes), 'mainnet'),
  encryptBip38: (wif: string, passphrase: string) => encryptBip38(parseWif(wif), 'mainnet', passphrase, nativeSlowHashes),
};
export type Computations = typeof computations;

Object.assign(globalThis, { computations });
app.on('window-all-closed', () => undefined);
