import { walletScripts, type WalletScript } from './wallet-script.ts';

/** How a key's path from the master begins, by script type, without coin type and account. @see BIP44, BIP45, BIP48, BIP49, BIP84, BIP86 */
const patterns: Readonly<Record<WalletScript, RegExp>> = {
  p2sh: /^45h(\/|$)/,
  'p2sh-p2wsh': /^48h\/\d+h\/\d+h\/1h$/,
  p2wsh: /^48h\/\d+h\/\d+h\/2h$/,
  'p2tr-multi': /^48h\/\d+h\/\d+h\/3h$/,
  p2pkh: /^44h\//,
  'p2sh-p2wpkh': /^49h\//,
  p2wpkh: /^84h\//,
  p2tr: /^86h\//,
};

/**
 * The script type that an account's path is usually for; `null` where it says nothing. A habit, no rule: wallets of other types
 * have such keys too, and whoever restores one from its keys alone looks for this type first.
 * @param path as text, hardened steps marked by h or '
 */
export function usualScriptOf(path: string): WalletScript | null {
  const plain = path.replace(/^m\//, '').replace(/['H]/g, 'h');
  return walletScripts.find((script) => patterns[script].test(plain)) ?? null;
}
