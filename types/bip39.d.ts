// The package's own types pull all of Node's into whatever imports it, and with them `process` and `fetch` into the core.
declare module 'bip39' {
  export function mnemonicToSeedSync(mnemonic: string, passphrase?: string): Uint8Array;
  export function mnemonicToEntropy(mnemonic: string, wordlist?: readonly string[]): string;
  export function entropyToMnemonic(entropyHex: string, wordlist?: readonly string[]): string;
  export function validateMnemonic(mnemonic: string, wordlist?: readonly string[]): boolean;
  export const wordlists: Readonly<Record<string, readonly string[]>>;
}
