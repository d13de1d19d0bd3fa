/** What user interfaces may know of script types: they import no values of the core but by this zone. */
export { usualScriptOf } from '../domain/account-script.ts';
export { isQuorumScript, maxCosigners, quorumScripts, singleKeyScripts, walletScripts, type WalletScript } from '../domain/wallet-script.ts';
export { scriptName, scriptWords } from '../domain/wallet-script-words.ts';
