import { utf8 as utf8Codec } from '@scure/base';
import type { InferInput } from 'valibot';
import { entropyRecordFileName, keyFileName, keyRecordFileName } from '../../airgap/file-names.ts';
import { equalBytes, parseBase64, toBase64 } from '../../domain/bytes.ts';
import { formatPath } from '../../domain/derivation-path.ts';
import type { Handlers } from '../../host/contract.ts';
import type { NewKeyFile } from '../../host/key-wire.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { accountKeyRecord } from '../../signer/account-key.ts';
import { makeKeyEntropy } from '../../signer/entropy/key-entropy.ts';
import type { EntropyRecord } from '../../signer/entropy/entropy-record.ts';
import { decodeKeyFile, encodeKeyFile, malformed, openSigningKey, requireStrongPassphrase, type KeyFile } from '../../signer/key-file.ts';
import { wipeSecret, type KeptSecret } from '../../signer/kept-secret.ts';
import { restoreWithSource } from '../../signer/restored-secret.ts';
import { childMnemonicEntropy } from '../../signer/secrets/bip85.ts';
import type { SigningKey } from '../../signer/signing-key.ts';
import { formatExtendedPublicKey } from '../../wallet/extended-public-key.ts';
import type { SignerEffects } from './effects.ts';
import type { Admission, UnlockedKey, UnlockedKeys } from './unlocked-keys.ts';
import { keyRecordExtensions, writtenKeyRecord } from './written-key-record.ts';

type KeyHandlers = Pick<Handlers<typeof signerCoreContract>, 'key.create' | 'key.restore' | 'key.child' | 'key.change-passphrase' | 'key.unlock' | 'key.lock' | 'key.export'>;

/** What a new key file says of itself beside its secret. */
interface Birth extends Pick<EntropyRecord, 'mode' | 'sources' | 'health'> {
  readonly network: KeyFile['network'];
  readonly label: string;
  /** As `KeyFile.sources`. */
  readonly sourceNames: readonly string[];
}

export function createKeyHandlers(effects: SignerEffects, keys: UnlockedKeys): KeyHandlers {
  return {
    'key.create': async ({ network, label, passphrase, ...order }, { progress }) => {
      requireStrongPassphrase(passphrase);
      const admit = keys.admission();
      progress({ fraction: null, activity: 'Reading the system\'s random sources' });
      const made = makeKeyEntropy(order, await effects.readSystemEntropy());
      progress({ fraction: null, activity: 'Encrypting the key file' });
      return issueKey({ kind: 'mnemonic', language: 'english', entropy: made.entropy, bip39Passphrase: '' }, { network, label, ...made }, passphrase, admit);
    },
    'key.restore': async ({ network, label, passphrase, ...given }, { progress }) => {
      requireStrongPassphrase(passphrase);
      const admit = keys.admission();
      progress({ fraction: null, activity: 'Reading the secret' });
      const { secret, source } = await restoreWithSource(given, network, effects.slow);
      progress({ fraction: null, activity: 'Encrypting the key file' });
      const sourceName = source.count === 1 ? source.source : `${source.source}:${source.count}`;
      return issueKey(secret, { network, label, mode: 'restored', sources: [source], health: [], sourceNames: [sourceName] }, passphrase, admit);
    },
    'key.child': async ({ keyHandle, words, index, label, passphrase }, { progress }) => {
      requireStrongPassphrase(passphrase);
      const { key: parent } = keys.use(keyHandle);
      const entropy = childMnemonicEntropy(parent, { language: 'english', words, index });
      progress({ fraction: null, activity: 'Encrypting the key file' });
      // Who is recalled, is recalled with its children: the record names the parent, and the place below it.
      const source = `bip85-${parent.fingerprint}`;
      const birth: Birth = { network: parent.network, label, mode: 'derived', sources: [{ source, count: index, bits: 0 }], health: [], sourceNames: [source] };
      return issueKey({ kind: 'mnemonic', language: 'english', entropy, bip39Passphrase: '' }, birth, passphrase, keys.admission());
    },
    'key.change-passphrase': async ({ keyFileBase64, passphrase, newPassphrase }, { progress }) => {
      requireStrongPassphrase(newPassphrase);
      progress({ fraction: null, activity: 'Opening the key file' });
      const plaintext = await effects.decryptKeyFile(parseBase64(keyFileBase64), passphrase);
      try {
        // Its content stays as it is, to the byte: only what is certainly a key is encrypted anew.
        const { file, key } = decodeKeyFile(utf8Codec.encode(plaintext));
        const { fingerprint } = key;
        key.wipe();
        wipeSecret(file.secret);
        progress({ fraction: null, activity: 'Encrypting the key file under the new passphrase' });
        return { keyFileBase64: toBase64(await encryptAndReadBack(plaintext, newPassphrase)), fingerprint };
      } finally {
        plaintext.fill(0);
      }
    },
    'key.unlock': async ({ keyFileBase64, passphrase }, { progress }) => {
      progress({ fraction: null, activity: 'Opening the key file' });
      const admit = keys.admission();
      const plaintext = await effects.decryptKeyFile(parseBase64(keyFileBase64), passphrase);
      try {
        const unlocked = decodeKeyFile(utf8Codec.encode(plaintext));
        return keyFacts(admit(unlocked), unlocked);
      } finally {
        plaintext.fill(0);
      }
    },
    'key.lock': ({ keyHandle }) => {
      keys.lock(keyHandle);
      return {};
    },
    'key.export': ({ keyHandle, script, account, format = 'descriptor' }) => {
      const { key, file } = keys.use(keyHandle);
      const record = accountKeyRecord(key, script, account);
      return {
        keyRecord: writtenKeyRecord(key, record, { script, account, format, label: file.label }),
        fingerprint: key.fingerprint,
        path: formatPath(record.path),
        xpub: formatExtendedPublicKey(record.key, key.network),
        suggestedName: keyRecordFileName(file.label, key.fingerprint, script).replace(/\.txt$/, keyRecordExtensions[format]),
      };
    },
  };

  /**
   * Encrypts a new key and keeps it unlocked, since its record and its words are what people want next.
   * @param secret kept with the key; wiped where that fails
   * @param admit asked for when the secret came to be: what was locked since then leaves the file, and no key open
   */
  async function issueKey(secret: KeptSecret, birth: Birth, passphrase: string, admit: Admission): Promise<InferInput<typeof NewKeyFile>> {
    let key: SigningKey | null = null;
    let plaintext: Uint8Array | null = null;
    try {
      key = openSigningKey({ secret, network: birth.network });
      const at = new Date(effects.now()).toISOString();
      const { network, label, mode, sources, health, sourceNames } = birth;
      const entropyRecord: EntropyRecord = { fingerprint: key.fingerprint, network, label, mode, sources, health, program: 'strongroom-signer', programVersion: effects.version, build: effects.build, madeAt: at };
      const file: KeyFile = { network, label, secret, createdAt: at, createdBy: `strongroom-signer ${effects.version}`, sources: sourceNames, entropyRecord };
      plaintext = encodeKeyFile(file, key.fingerprint);
      const encrypted = await encryptAndReadBack(plaintext, passphrase);
      const unlocked = { file, key };
      const suggestedName = keyFileName(label, key.fingerprint);
      return { ...keyFacts(admit(unlocked), unlocked), keyFileBase64: toBase64(encrypted), suggestedName, recordName: entropyRecordFileName(suggestedName) };
    } catch (fault) {
      key?.wipe();
      wipeSecret(secret);
      throw fault;
    } finally {
      plaintext?.fill(0);
    }
  }

  /**
   * An age file that was opened again before anybody relies on it.
   * @throws StrongroomError `key.file-malformed` where it does not open with its own passphrase
   */
  async function encryptAndReadBack(plaintext: Uint8Array, passphrase: string): Promise<Uint8Array> {
    const encrypted = await effects.encryptKeyFile(plaintext, passphrase);
    const readBack = await effects.decryptKeyFile(encrypted, passphrase);
    const isSame = equalBytes(readBack, plaintext);
    readBack.fill(0);
    if (!isSame) throw malformed('what was encrypted does not open as what it was');
    return encrypted;
  }
}

const keyFacts = (keyHandle: string, { file, key }: UnlockedKey) => ({
  keyHandle,
  fingerprint: key.fingerprint,
  network: file.network,
  label: file.label,
  createdBy: file.createdBy,
  createdAt: file.createdAt,
  secret: file.secret.kind,
  words: file.secret.kind === 'mnemonic' ? wordCountOf(file.secret.entropy) : null,
  language: file.secret.kind === 'mnemonic' ? file.secret.language : null,
  hasBip39Passphrase: file.secret.kind === 'mnemonic' && file.secret.bip39Passphrase !== '',
  sources: [...file.sources],
  entropyRecord: file.entropyRecord === null ? null : { format: 'strongroom-entropy-record' as const, version: 1 as const, ...file.entropyRecord, sources: [...file.entropyRecord.sources], health: [...file.entropyRecord.health] },
});

/** Three words for each four bytes (BIP39: 11 bits a word, of which 1 in 33 is checksum). */
const wordCountOf = (entropy: Uint8Array): 12 | 15 | 18 | 21 | 24 => ((entropy.length / 4) * 3) as 12 | 15 | 18 | 21 | 24;
