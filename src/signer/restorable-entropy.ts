import { unreachable } from '../domain/unreachable.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { readMnemonic } from './mnemonic.ts';
import { parseSecret, type ParsedSecret } from './secrets/parse-secret.ts';
import { wipe } from './secrets/wipe.ts';

/**
 * The entropy of a secret that a key file can keep: an English mnemonic of 12 or 24 words, as words, as a SeedQR's digits or
 * as a CompactSeedQR in hexadecimal. A secret: wipe it after use.
 * @throws StrongroomError `key.secret-unsupported` for what was recognised and is something else; otherwise as `parseSecret`
 */
export function restorableEntropy(given: string): Uint8Array {
  const secret = recognised(given);
  if (secret.kind === 'mnemonic' && secret.mnemonic.language === 'english' && (secret.mnemonic.entropy.length === 16 || secret.mnemonic.entropy.length === 32)) {
    return secret.mnemonic.entropy;
  }
  const form = formOf(secret);
  wipe(...bytesOf(secret));
  throw new StrongroomError('key.secret-unsupported', `This is ${form}. A key file of this version keeps English mnemonics of 12 or 24 words only.`, { form }, hintOf(secret));
}

/** A text that is a mnemonic in English and in another language leads to one seed in both, since seeds are made from the words. */
function recognised(given: string): ParsedSecret {
  try {
    return parseSecret(given);
  } catch (fault) {
    if (!(fault instanceof StrongroomError) || fault.code !== 'mnemonic.ambiguous') throw fault;
    return { kind: 'mnemonic', mnemonic: readMnemonic(given, 'english'), source: 'words' };
  }
}

/** What it is, in words that hold nothing of it. */
function formOf(secret: ParsedSecret): string {
  switch (secret.kind) {
    case 'mnemonic':
      return `a mnemonic of ${secret.mnemonic.words.length} words (${secret.mnemonic.language})`;
    case 'seed':
      return 'a codex32 secret';
    case 'extended-private-key':
      return 'an extended private key (xprv)';
    case 'private-key':
      return 'a single private key (WIF)';
    case 'encrypted-private-key':
      return 'an encrypted single private key (BIP38)';
    case 'codex32-share':
      return 'a codex32 share';
    case 'slip39-share':
      return 'a SLIP-39 share';
    default:
      return unreachable(secret);
  }
}

const hintOf = ({ kind }: ParsedSecret): string =>
  kind === 'private-key' || kind === 'encrypted-private-key'
    ? 'It is one key and no wallet: sweep it with the wallet that it came from.'
    : 'Keep it where it is, unchanged. Nothing was written.';

function bytesOf(secret: ParsedSecret): Uint8Array[] {
  if (secret.kind === 'mnemonic') return [secret.mnemonic.entropy];
  if (secret.kind === 'seed') return [secret.seed];
  if (secret.kind === 'extended-private-key') return [secret.key.privateKey, secret.key.chainCode];
  return secret.kind === 'private-key' ? [secret.privateKey] : [];
}
