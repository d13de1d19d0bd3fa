import { secretShapeOf, secretShapeOfBytes, type Judging, type SecretShape } from '../../companion/private-key-shapes.ts';
import { parseBase64 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** Fields in which a person writes a text for other people. */
const PROSE: ReadonlySet<string> = new Set(['message', 'message-file']);
/** Fields in which the secret that opens one of our own encrypted files belongs: age's own, no key to any coin. */
const AGE_IDENTITIES: ReadonlySet<string> = new Set(['identity', 'identity-file']);
/** Fields of encrypted backups and bundles: age files, opened with care of their own. */
const AGE_FILES: ReadonlySet<string> = new Set(['backup', 'bundle']);

/**
 * Why a text or bytes given under a name may not come in.
 * @param name of the field or option, without dashes before it
 * @returns `null` where it may
 */
export function secretGivenAs(name: string, given: string | Uint8Array): SecretShape | null {
  const judging: Judging = PROSE.has(name) ? 'prose' : 'anything';
  const shape = typeof given === 'string' ? secretShapeOf(given, judging) : secretShapeOfBytes(given, judging);
  if (shape === 'age-identity' && AGE_IDENTITIES.has(name)) return null;
  if (shape === 'key-file' && AGE_FILES.has(name)) return null;
  return shape;
}

/**
 * Refuses private-key material given to the Companion, whatever it was given as: before it is parsed, kept, sent or answered. Error and
 * details name the kind and never the text.
 * @throws StrongroomError `wallet.private-key`
 */
export function requireNoSecret(name: string, given: string | Uint8Array): void {
  const shape = secretGivenAs(name, given);
  if (shape !== null) throw privateKeyGiven(shape);
}

const what: Readonly<Record<SecretShape, string>> = {
  'extended-key': 'an extended PRIVATE key (xprv)', wif: 'a PRIVATE key (WIF)', bip38: 'an encrypted PRIVATE key (BIP38)', 'mini-key': 'a PRIVATE key (mini key)',
  mnemonic: 'the words of a mnemonic', seedqr: 'a SeedQR', codex32: 'a codex32 secret or share', 'age-identity': 'an age SECRET key', 'key-file': 'an encrypted key file',
  'wallet-database': 'a node\'s wallet file, which may hold PRIVATE keys', 'wallet-dump': 'a dump of a node\'s wallet with its PRIVATE keys', 'pem-key': 'a PRIVATE key (PEM)', 'secret-code': 'a seed or share as a UR',
};

export const privateKeyGiven = (shape: SecretShape): StrongroomError =>
  new StrongroomError(
    'wallet.private-key', `What was given looks like ${what[shape]}. The Companion holds no private key and takes none.`, { form: shape },
    'It was not kept, sent or written, and was cleared from this program. This computer is online: treat the key as exposed, and move what it guards. Give public keys, descriptors and addresses here; secrets belong to the Signer.',
  );

/** Longer texts under such a name are files as the boundary carries them; what they hold is looked at decoded. */
const BASE64_FIELD = /Base64$/;
const SHORTEST_FILE_CHARACTERS = 200;

/**
 * Refuses a request with private-key material in any text of it, at any depth, also in files that it carries. It looks at the request
 * before its form is checked: a form's complaint must not be what a person is told who pasted a key.
 * @throws StrongroomError `wallet.private-key`
 */
export function requireNoSecretIn(request: unknown): void {
  const open: { readonly name: string; readonly value: unknown }[] = [{ name: '', value: request }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { name, value } = next;
    if (typeof value === 'string') requireNoSecretInField(name, value);
    else if (Array.isArray(value)) {
      // Words may come one in each.
      if (value.length <= 60 && value.every((item) => typeof item === 'string' && item.length <= 12)) requireNoSecret(name, value.join(' '));
      for (const item of value) open.push({ name, value: item });
    } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      // A file that is saved is named by its kind: encrypted bundles and backups are age files, as key files are.
      const isBundle = 'kind' in value && value.kind === 'bundle';
      for (const [key, member] of Object.entries(value)) open.push({ name: isBundle && key === 'contentBase64' ? 'bundleBase64' : key, value: member });
    }
  }
}

function requireNoSecretInField(name: string, value: string): void {
  // A key's own text may happen to be base64 too; no file is so short.
  if (!BASE64_FIELD.test(name) || value.length <= SHORTEST_FILE_CHARACTERS) requireNoSecret(name.replace(BASE64_FIELD, ''), value);
  if (!BASE64_FIELD.test(name)) return;
  const bytes = attempt(() => parseBase64(value));
  if (bytes === null) {
    requireNoSecret(name, value);
    return;
  }
  const field = name.replace(BASE64_FIELD, '');
  const shape = secretGivenAs(field, bytes);
  if (shape === null) return;
  bytes.fill(0);
  throw privateKeyGiven(shape);
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
