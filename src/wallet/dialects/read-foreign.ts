import type { WalletScript } from '../../domain/wallet-script.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { decryptBsms, isEncryptedBsms } from './bsms-encryption.ts';
import { isBsms, readBsms } from './bsms.ts';
import { isCaravan, readCaravan } from './caravan.ts';
import { isGenericExport, isMultisigKeyExport, readGenericExport, readMultisigKeyExport } from './coldcard-export.ts';
import { isColdcardText, readColdcardText } from './coldcard-text.ts';
import { isCore, readCore } from './core.ts';
import { readDescriptorText } from './descriptor-text.ts';
import { electrumWithPatches, isElectrum, readElectrum } from './electrum.ts';
import { isElectrumStorage, openElectrumStorage, type Inflate } from './electrum-storage.ts';
import { malformedFile, MAX_FOREIGN_CHARACTERS, type ForeignFile, type ForeignWallet } from './foreign.ts';
import { isKeyText, readKeyText } from './key-text.ts';
import { isPolicyJson, readPolicyJson } from './policy-json.ts';
import { rejectCertainPrivateKeys, rejectPrivateKeysInJson, rejectPrivateKeysInText } from './private-keys.ts';
import { isSpecterDevice, isSpecterWallet, readSpecterDevice, readSpecterWallet } from './specter.ts';
import { parseWalletFile } from './strongroom.ts';

export interface ReadOptions {
  /** The script type that is meant, where a file holds several. */
  readonly script: WalletScript | null;
  /** Of an encrypted file: Electrum's password, or the token of a BSMS session. */
  readonly password: string | null;
  readonly inflate: Inflate;
}

/**
 * A wallet or public keys from a text of whatever program; its content decides which. A private key anywhere in it stops everything.
 * @throws StrongroomError and nothing else: `wallet.private-key`, `wallet.malformed`, `wallet.encrypted`, `wallet.ambiguous`,
 * `file.too-large`, and what descriptors and keys are refused for
 */
export function readForeign(text: string, options: ReadOptions): ForeignFile {
  if (text.length > MAX_FOREIGN_CHARACTERS) throw new StrongroomError('file.too-large', 'The file is larger than any wallet\'s.', { characters: text.length, most: MAX_FOREIGN_CHARACTERS }, 'Choose the right file.');
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  rejectCertainPrivateKeys(trimmed);
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    const file = parseJson(trimmed);
    if (file !== null) return readJson(trimmed, file, options);
  }
  rejectPrivateKeysInText(trimmed);
  if (isBsms(trimmed)) return readBsms(trimmed);
  if (isEncryptedBsms(trimmed)) return readForeign(decryptBsms(trimmed, options.password), options);
  if (isElectrumStorage(trimmed)) return readForeign(openElectrumStorage(trimmed, options.password, options.inflate), options);
  if (isColdcardText(trimmed)) return readColdcardText(trimmed);
  const content = trimmed.replace(/^\s*#.*$/gm, '').trim();
  if (isKeyText(content)) return readKeyText(content);
  if (/^(addwallet [^&\n]{1,200}&)?[a-z_]{2,20}\(/.test(content)) return readDescriptorText(content, options.script);
  throw malformedFile('it is of no known form');
}

/** The JSON of a text; of an Electrum file with patches behind it the file; `null` for what is none. */
function parseJson(text: string): object | null {
  try {
    return JSON.parse(text) as object;
  } catch {
    try {
      return electrumWithPatches(JSON.parse(`[${text}]`) as unknown[]);
    } catch (error) {
      if (error instanceof StrongroomError) throw error;
      return null;
    }
  }
}

function readJson(text: string, file: object, options: ReadOptions): ForeignFile {
  // Electrum keeps ciphertext under such names, and its own dialect judges them.
  rejectPrivateKeysInJson(file, !isElectrum(file));
  if (isCore(file)) return readCore(file, options.script);
  if (Array.isArray(file)) throw malformedFile('it is a list of something else than descriptors');
  const { format } = file as { readonly format?: unknown };
  if (format === 'strongroom-wallet') return ourWallet(text);
  if (typeof format === 'string' && format.startsWith('strongroom-')) throw malformedFile(`it is a ${format.slice(11, 40)} of Strongroom and no wallet`, 'Choose the wallet file (….wallet.json).');
  if (isElectrum(file)) return readElectrum(file);
  if (isCaravan(file)) return readCaravan(file);
  if (isPolicyJson(file)) return readPolicyJson(file);
  if (isMultisigKeyExport(file)) return readMultisigKeyExport(file);
  if (isGenericExport(file)) return readGenericExport(file);
  if (isSpecterWallet(file)) return readSpecterWallet(file);
  if (isSpecterDevice(file)) return readSpecterDevice(file);
  throw malformedFile('it is JSON of no known form');
}

function ourWallet(text: string): ForeignWallet {
  const { name, network, script, required, cosigners } = parseWalletFile(text);
  return { kind: 'wallet', format: 'strongroom', name, networks: [network], script, required, cosigners, firstReceive: null, firstChange: null, losses: [] };
}
