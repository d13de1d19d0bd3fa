import { utf8 as utf8Codec } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { InferInput } from 'valibot';
import { keyFileName, keyRecordFileName, registrationFileName } from '../../airgap/file-names.ts';
import { readPsbtFile } from '../../airgap/psbt-file.ts';
import { parseBase64, toBase64, toHex } from '../../domain/bytes.ts';
import { formatPath } from '../../domain/derivation-path.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import { approve } from '../../review/approve.ts';
import { findingCatalog, type FindingCode } from '../../review/finding.ts';
import { reviewPsbt } from '../../review/review-psbt.ts';
import { toReviewReport } from '../../review/review-report.ts';
import type { Review } from '../../review/review.ts';
import { accountKeyRecord } from '../../signer/account-key.ts';
import { mixEntropy } from '../../signer/entropy/mix.ts';
import { parseCoins, parseDice } from '../../signer/entropy/user-entropy.ts';
import { decodeKeyFile, encodeKeyFile, openSigningKey, requireStrongPassphrase, wordCountOf, type KeyFile } from '../../signer/key-file.ts';
import { mnemonicOf } from '../../signer/mnemonic.ts';
import { registerWallet, verifyRegistration, type RegisteredWallet } from '../../signer/registration.ts';
import { restorableEntropy } from '../../signer/restorable-entropy.ts';
import { signPsbt } from '../../signer/sign.ts';
import type { SigningKey } from '../../signer/signing-key.ts';
import { formatRegistration, parseRegistration } from '../../wallet/registration.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { formatExtendedPublicKey } from '../../wallet/extended-public-key.ts';
import { formatKeyRecord } from '../../wallet/key-record.ts';
import type { SignerEffects } from './effects.ts';
import { createPaperHandlers } from './paper-handlers.ts';
import { RememberedReviews } from './remembered-reviews.ts';
import { UnlockedKeys, type UnlockedKey } from './unlocked-keys.ts';
import { branchOf, walletFacts } from '../shared/wallet-facts.ts';

type CoreHandlers = Handlers<typeof signerCoreContract>;

/** The Signer's work behind its window and its command line: one for each process. */
export interface SignerService {
  readonly handlers: CoreHandlers;
  /**
   * The mnemonic of an unlocked key, for writing it down.
   * @throws StrongroomError `key.locked`
   */
  readonly wordsOf: (keyHandle: string) => readonly string[];
  /** Wipes every key, for example when the window closes or the machine sleeps. */
  readonly lockAll: () => void;
}

/** The handlers of the contract that window and command line share. */
export const createSignerHandlers = (effects: SignerEffects): CoreHandlers => createSignerService(effects).handlers;

export function createSignerService(effects: SignerEffects): SignerService {
  const reviews = new RememberedReviews();
  const keys = new UnlockedKeys(effects, (handle) => reviews.forget(handle));
  const handlers: CoreHandlers = {
    ...createPaperHandlers(effects, keys),
    'key.create': async ({ network, label, words, dice, coins, passphrase }, { progress }) => {
      requireStrongPassphrase(passphrase);
      const user = [...(dice.trim() === '' ? [] : [parseDice(dice, words)]), ...(coins.trim() === '' ? [] : [parseCoins(coins, words)])];
      progress({ fraction: null, activity: 'Reading the system\'s random sources' });
      const { entropy, sources } = mixEntropy(words, await effects.readSystemEntropy(), user);
      progress({ fraction: null, activity: 'Encrypting the key file' });
      return issueKey({ network, label, entropy, bip39Passphrase: '', sources, ...provenance() }, passphrase);
    },
    'key.restore': async ({ network, label, mnemonic, bip39Passphrase, passphrase }, { progress }) => {
      requireStrongPassphrase(passphrase);
      const entropy = restorableEntropy(mnemonic);
      progress({ fraction: null, activity: 'Encrypting the key file' });
      return issueKey({ network, label, entropy, bip39Passphrase: bip39Passphrase.normalize('NFKD'), sources: ['mnemonic'], ...provenance() }, passphrase);
    },
    'key.unlock': async ({ keyFileBase64, passphrase }, { progress }) => {
      progress({ fraction: null, activity: 'Opening the key file' });
      const plaintext = await effects.decryptKeyFile(parseBase64(keyFileBase64), passphrase);
      try {
        const unlocked = decodeKeyFile(utf8Codec.encode(plaintext));
        return keyFacts(keys.add(unlocked), unlocked);
      } finally {
        plaintext.fill(0);
      }
    },
    'key.lock': ({ keyHandle }) => {
      keys.lock(keyHandle);
      return {};
    },
    'key.export': ({ keyHandle, script, account }) => {
      const { key, file } = keys.use(keyHandle);
      const record = accountKeyRecord(key, script, account);
      return {
        keyRecord: formatKeyRecord(record, key.network),
        fingerprint: key.fingerprint,
        path: formatPath(record.path),
        xpub: formatExtendedPublicKey(record.key, key.network),
        suggestedName: keyRecordFileName(file.label, key.fingerprint),
      };
    },
    'wallet.policy': ({ wallet }) => walletFacts(parseWalletFile(wallet)),
    'wallet.register': ({ keyHandle, wallet: walletText, policyId }) => {
      const { key } = keys.use(keyHandle);
      const wallet = parseWalletFile(walletText);
      const registration = registerWallet(key, wallet, policyId);
      const facts = walletFacts(wallet);
      return {
        registration: formatRegistration(registration),
        walletId: facts.walletId,
        policyId: facts.policyId,
        quorum: facts.quorum,
        ownKey: key.fingerprint,
        firstReceive: facts.firstReceive,
        firstChange: facts.firstChange,
        suggestedName: registrationFileName(wallet.name, key.fingerprint),
      };
    },
    'wallet.address': ({ keyHandle, registration, branch, index, count }) => {
      const { deriver } = verifyRegistration(keys.use(keyHandle).key, parseRegistration(registration));
      const indices = Array.from({ length: count }, (_, offset) => index + offset);
      return { addresses: indices.map((each) => ({ branch, index: each, address: deriver.derive(branchOf(branch), each).address })) };
    },
    'psbt.review': ({ keyHandle, psbtFileBase64, registrations }) => {
      const { key } = keys.use(keyHandle);
      const wallets = registrations.map((text) => verifyRegistration(key, parseRegistration(text)));
      const psbtBytes = readPsbtFile(parseBase64(psbtFileBase64));
      const review = reviewWith(key, wallets, psbtBytes);
      reviews.remember(keyHandle, { review, psbtBytes, wallets });
      return toReviewReport(review);
    },
    'psbt.sign': ({ keyHandle, reviewId, acknowledged }) => {
      const { key } = keys.use(keyHandle);
      const { review, psbtBytes, wallets } = reviews.recall(keyHandle, reviewId);
      const approval = approve(review, psbtBytes, acknowledged.filter(isFindingCode));
      const signed = signPsbt(approval, key, effects.curves, wallets);
      const signedBytes = encodePsbt(signed);
      const signedReview = reviewWith(key, wallets, signedBytes);
      // SECURITY: what leaves is read back as a stranger would read it; a signature that fails here never gets out.
      if (signedReview.verdict === 'refused') throw unfit();
      const report = toReviewReport(signedReview);
      const before = approval.review.inputs;
      return {
        psbtBase64: toBase64(signedBytes),
        psbtSha256: toHex(sha256(signedBytes)),
        signedInputs: signedReview.inputs.filter((input, index) => input.signedBy.length > (before[index]?.signedBy.length ?? 0)).length,
        quorum: report.quorum,
        findings: toReviewReport(review).findings,
      };
    },
  };

  const provenance = (): Pick<KeyFile, 'createdAt' | 'createdBy'> => ({
    createdAt: new Date(effects.now()).toISOString(),
    createdBy: `strongroom-signer ${effects.version}`,
  });

  /** Encrypts a new key and keeps it unlocked, since its record and its words are what people want next. */
  async function issueKey(file: KeyFile, passphrase: string): Promise<InferInput<(typeof signerCoreContract)['key.create']['output']>> {
    const key = openSigningKey(file);
    const plaintext = encodeKeyFile(file, key.fingerprint);
    try {
      const encrypted = await effects.encryptKeyFile(plaintext, passphrase);
      const unlocked = { file, key };
      return { ...keyFacts(keys.add(unlocked), unlocked), keyFileBase64: toBase64(encrypted), suggestedName: keyFileName(file.label, key.fingerprint) };
    } catch (fault) {
      key.wipe();
      file.entropy.fill(0);
      throw fault;
    } finally {
      plaintext.fill(0);
    }
  }

  return {
    handlers,
    wordsOf: (keyHandle) => mnemonicOf(keys.use(keyHandle).file.entropy).split(' '),
    lockAll: () => keys.lockAll(),
  };
}

const keyFacts = (keyHandle: string, { file, key }: UnlockedKey) => ({
  keyHandle,
  fingerprint: key.fingerprint,
  network: file.network,
  label: file.label,
  createdBy: file.createdBy,
  createdAt: file.createdAt,
  words: wordCountOf(file.entropy),
  sources: [...file.sources],
});

const reviewWith = (key: SigningKey, wallets: readonly RegisteredWallet[], psbtBytes: Uint8Array): Review =>
  reviewPsbt(psbtBytes, {
    wallets: wallets.map(({ policyId, deriver }) => ({ walletId: policyId.walletId, deriver })),
    network: key.network,
    thisKey: { fingerprint: key.fingerprint, publicKeyAt: (path) => key.publicKeyAt(path) },
  });

const isFindingCode = (code: string): code is FindingCode => Object.hasOwn(findingCatalog, code);

const unfit = (): StrongroomError =>
  new StrongroomError('sign.disagreement', 'The signed file does not pass its own review. It was not given out.', {}, 'Review the file again. If it repeats, do not use this installation.');
