import * as v from 'valibot';
import { utf8 } from '../domain/bytes.ts';
import { parseFingerprint, type Fingerprint } from '../domain/fingerprint.ts';
import { networkNames, type NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { mnemonicLanguages } from './secrets/mnemonic-languages.ts';
import { entropyRecordFields, type EntropyRecord } from './entropy/entropy-record.ts';
import { masterKeyOfKept, readSecret, wipeSecret, writeSecret, type KeptSecret } from './kept-secret.ts';
import { wipeKey } from './private-derivation.ts';
import { SigningKey } from './signing-key.ts';

/** The least length of a new passphrase, in characters. */
export const LEAST_PASSPHRASE_CHARACTERS = 12;
/** Nothing that could be a key file is larger. */
export const MAX_KEY_FILE_BYTES = 65_536;

/**
 * What an encrypted key file holds.
 *
 * A mnemonic stands in words, because a person who opens the file with the age tool must be able to type it into any
 * wallet. The BIP39 passphrase stands beside it: the file's own passphrase protects both, and a file that needs a second
 * secret that nobody wrote down is a lost key. Whoever wants the BIP39 passphrase apart keeps it out of Strongroom.
 */
export interface KeyFile {
  readonly network: NetworkName;
  readonly label: string;
  readonly secret: KeptSecret;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Program and version. */
  readonly createdBy: string;
  /** Where the entropy came from: `os`, `dice:99`, `mnemonic`. */
  readonly sources: readonly string[];
  /** How it was made; `null` in files of version 1, which did not say. */
  readonly entropyRecord: EntropyRecord | null;
}

const Line = v.pipe(v.string(), v.maxLength(100), v.regex(/^[^\p{C}]*$/u));

const common = {
  format: v.literal('strongroom-key'),
  network: v.picklist(networkNames),
  label: v.pipe(Line, v.minLength(1), v.maxLength(60)),
  fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  createdBy: Line,
  sources: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,20}(:[1-9][0-9]{0,4})?$/))), v.minLength(1), v.maxLength(8)),
} as const;

const Bip39Passphrase = v.pipe(v.string(), v.maxLength(20_000));

/** As it was while key files held English mnemonics of 12 and 24 words only. Read for ever, written no more. */
const ContentOfVersion1 = v.strictObject({ ...common, version: v.literal(1), mnemonic: v.pipe(v.string(), v.maxLength(300)), bip39Passphrase: Bip39Passphrase });

const ContentOfVersion2 = v.strictObject({
  ...common,
  version: v.literal(2),
  secret: v.variant('kind', [
    v.strictObject({ kind: v.literal('mnemonic'), language: v.picklist(mnemonicLanguages), words: v.pipe(v.string(), v.maxLength(2000)), bip39Passphrase: Bip39Passphrase }),
    v.strictObject({ kind: v.literal('seed'), hex: v.pipe(v.string(), v.regex(/^([0-9a-f]{2}){16,64}$/)), from: v.picklist(['codex32', 'slip39']) }),
    v.strictObject({ kind: v.literal('master-key'), xprv: v.pipe(v.string(), v.maxLength(120)) }),
  ]),
  entropyRecord: v.nullable(v.strictObject(entropyRecordFields)),
});

const Content = v.variant('version', [ContentOfVersion1, ContentOfVersion2]);

/**
 * The key of a key file's content.
 * @throws StrongroomError `path.malformed` where, once in 2^127, the seed has no master key
 */
export function openSigningKey(file: Pick<KeyFile, 'secret' | 'network'>): SigningKey {
  const master = masterKeyOfKept(file.secret);
  try {
    return SigningKey.fromMaster(master, file.network);
  } finally {
    wipeKey(master);
  }
}

/**
 * The content as UTF-8 JSON, to be encrypted at once. A secret: wipe it after use.
 * @throws StrongroomError `key.file-malformed` when it would not lead back to this key
 */
export function encodeKeyFile(file: KeyFile, fingerprint: Fingerprint): Uint8Array {
  const content: v.InferInput<typeof ContentOfVersion2> = {
    format: 'strongroom-key',
    version: 2,
    network: file.network,
    label: file.label,
    fingerprint,
    secret: writeSecret(file.secret, file.network),
    createdAt: file.createdAt,
    createdBy: file.createdBy,
    sources: [...file.sources],
    entropyRecord: file.entropyRecord === null ? null : { ...file.entropyRecord, sources: [...file.entropyRecord.sources], health: [...file.entropyRecord.health] },
  };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  // SECURITY: read back before anything is paid to this key: a broken word list or a fault in memory must cost an error
  // now, not the money later.
  const readBack = decodeKeyFile(text);
  readBack.key.wipe();
  wipeSecret(readBack.file.secret);
  if (readBack.key.fingerprint !== fingerprint) throw malformed('it does not lead back to the key');
  return utf8(text);
}

/**
 * Content that was just decrypted. The fingerprint that it states must be the one that its secret leads to.
 * @throws StrongroomError `key.file-malformed`, which tells nothing of the content
 */
export function decodeKeyFile(text: string): { readonly file: KeyFile; readonly key: SigningKey } {
  const content = v.safeParse(Content, parseJson(text));
  const secret = content.success ? secretOf(content.output) : null;
  if (!content.success || secret === null) throw malformed('its content is not that of a key file');
  const { network, label, createdAt, createdBy, sources } = content.output;
  const file: KeyFile = { network, label, secret, createdAt, createdBy, sources, entropyRecord: recordOf(content.output) };
  const key = openSigningKey(file);
  const fingerprint = parseFingerprint(content.output.fingerprint);
  if (key.fingerprint !== fingerprint || (file.entropyRecord !== null && file.entropyRecord.fingerprint !== fingerprint)) {
    key.wipe();
    wipeSecret(secret);
    throw malformed('its secret does not lead to its fingerprint');
  }
  return { file, key };
}

const secretOf = (content: v.InferOutput<typeof Content>): KeptSecret | null =>
  content.version === 1
    ? readSecret({ kind: 'mnemonic', language: 'english', words: content.mnemonic, bip39Passphrase: content.bip39Passphrase }, content.network)
    : readSecret(content.secret, content.network);

const recordOf = (content: v.InferOutput<typeof Content>): EntropyRecord | null =>
  content.version === 1 || content.entropyRecord === null ? null : { ...content.entropyRecord, fingerprint: parseFingerprint(content.entropyRecord.fingerprint) };

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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
