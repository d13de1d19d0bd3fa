import * as v from 'valibot';
import { utf8 } from '../domain/bytes.ts';
import { parseFingerprint, type Fingerprint } from '../domain/fingerprint.ts';
import { networkNames, type NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { mnemonicOf, parseMnemonic, seedOfMnemonic, type MnemonicLength } from './mnemonic.ts';
import { SigningKey } from './signing-key.ts';

/** The least length of a new passphrase, in characters. */
export const LEAST_PASSPHRASE_CHARACTERS = 12;
/** Nothing that could be a key file is larger. */
export const MAX_KEY_FILE_BYTES = 65_536;

/**
 * What an encrypted key file holds.
 *
 * The mnemonic stands in words, because a person who opens the file with the age tool must be able to type it into any
 * wallet. The BIP39 passphrase stands beside it: the file's own passphrase protects both, and a file that needs a second
 * secret that nobody wrote down is a lost key. Whoever wants the BIP39 passphrase apart keeps it out of Strongroom.
 */
export interface KeyFile {
  readonly network: NetworkName;
  readonly label: string;
  /** 16 or 32 bytes. A secret. */
  readonly entropy: Uint8Array;
  /** NFKD. The empty text is none. A secret. */
  readonly bip39Passphrase: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Program and version. */
  readonly createdBy: string;
  /** Where the entropy came from: `os`, `dice:99`, `mnemonic`. */
  readonly sources: readonly string[];
}

const Line = v.pipe(v.string(), v.maxLength(100), v.regex(/^[^\p{C}]*$/u));

const KeyFileContent = v.strictObject({
  format: v.literal('strongroom-key'),
  version: v.literal(1),
  network: v.picklist(networkNames),
  label: v.pipe(Line, v.minLength(1), v.maxLength(60)),
  fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
  mnemonic: v.pipe(v.string(), v.maxLength(300)),
  bip39Passphrase: v.pipe(v.string(), v.maxLength(20_000)),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  createdBy: Line,
  sources: v.pipe(v.array(v.pipe(v.string(), v.regex(/^(os|mnemonic|(dice|coins):[1-9][0-9]{0,4})$/))), v.minLength(1), v.maxLength(8)),
});

export const wordCountOf = (entropy: Uint8Array): MnemonicLength => (entropy.length === 16 ? 12 : 24);

/**
 * The key of a key file's content.
 * @throws StrongroomError `path.malformed` where, once in 2^127, the seed has no master key
 */
export function openSigningKey(file: KeyFile): SigningKey {
  const seed = seedOfMnemonic(mnemonicOf(file.entropy), file.bip39Passphrase);
  try {
    return SigningKey.fromSeed(seed, file.network);
  } finally {
    seed.fill(0);
  }
}

/**
 * The content as UTF-8 JSON, to be encrypted at once. A secret: wipe it after use.
 * @throws StrongroomError `key.file-malformed` when it would not lead back to this key
 */
export function encodeKeyFile(file: KeyFile, fingerprint: Fingerprint): Uint8Array {
  const content: v.InferOutput<typeof KeyFileContent> = {
    format: 'strongroom-key',
    version: 1,
    network: file.network,
    label: file.label,
    fingerprint,
    mnemonic: mnemonicOf(file.entropy),
    bip39Passphrase: file.bip39Passphrase,
    createdAt: file.createdAt,
    createdBy: file.createdBy,
    sources: [...file.sources],
  };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  // SECURITY: read back before anything is paid to this key: a broken word list or a fault in memory must cost an error
  // now, not the money later.
  const readBack = decodeKeyFile(text);
  readBack.key.wipe();
  readBack.file.entropy.fill(0);
  if (readBack.key.fingerprint !== fingerprint) throw malformed('it does not lead back to the key');
  return utf8(text);
}

/**
 * Content that was just decrypted. The fingerprint that it states must be the one that its mnemonic leads to.
 * @throws StrongroomError `key.file-malformed`, which tells nothing of the content
 */
export function decodeKeyFile(text: string): { readonly file: KeyFile; readonly key: SigningKey } {
  const content = v.safeParse(KeyFileContent, parseJson(text));
  const entropy = content.success ? parsedEntropy(content.output.mnemonic) : null;
  if (!content.success || entropy === null) throw malformed('its content is not that of a key file');
  const { network, label, bip39Passphrase, createdAt, createdBy, sources } = content.output;
  const file: KeyFile = { network, label, entropy, bip39Passphrase, createdAt, createdBy, sources };
  const key = openSigningKey(file);
  if (key.fingerprint !== parseFingerprint(content.output.fingerprint)) {
    key.wipe();
    entropy.fill(0);
    throw malformed('its mnemonic does not lead to its fingerprint');
  }
  return { file, key };
}

/**
 * Refuses a new passphrase that is too short. Existing files open with whatever they were made with.
 * @throws StrongroomError `key.passphrase-weak`
 */
export function requireStrongPassphrase(passphrase: string): void {
  if ([...passphrase.trim()].length < LEAST_PASSPHRASE_CHARACTERS) {
    throw new StrongroomError('key.passphrase-weak', `A new passphrase needs at least ${LEAST_PASSPHRASE_CHARACTERS} characters.`, { least: LEAST_PASSPHRASE_CHARACTERS }, 'Take five or more words that you draw by chance.');
  }
}

export const malformed = (reason: string): StrongroomError =>
  new StrongroomError('key.file-malformed', `The file is not a Strongroom key file or was damaged: ${reason}.`, { reason }, 'Use another copy of the key file, or restore the key from its mnemonic.');

function parsedEntropy(mnemonic: string): Uint8Array | null {
  try {
    return parseMnemonic(mnemonic);
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
