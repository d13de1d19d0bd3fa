import * as v from 'valibot';
import { command } from './contract.ts';
import { checkSheet, makeSheet } from './paper-wire.ts';
import {
  AddressIndex, AppInfo, BranchName, DamagedFile, DerivedAddresses, FileBase64, FileName, FingerprintText, KeyHandle, Label, Network, Passphrase, Quorum,
  ReviewReport, ScriptName, Sha256Hex, SigningQuorum, SmallText, WalletPolicy, Finding, openFile, saveFile,
} from './wire.ts';

const Words = v.picklist([12, 24]);
const Rolls = v.pipe(v.string(), v.maxLength(4096));

const KeyFacts = v.strictObject({
  keyHandle: KeyHandle,
  fingerprint: FingerprintText,
  network: Network,
  label: v.string(),
  /** Program version that made the key, and when (ISO 8601, UTC). */
  createdBy: v.string(),
  createdAt: v.string(),
  words: Words,
  /** Where its entropy came from, for example `["os", "dice:99"]`. */
  sources: v.array(v.string()),
});

/** The commands that the command-line program shares with the window. Contents go in and out; files are the host's matter. */
export const signerCoreContract = {
  'key.create': command(
    v.strictObject({ network: Network, label: Label, words: Words, dice: Rolls, coins: Rolls, passphrase: Passphrase }),
    v.strictObject({ ...KeyFacts.entries, keyFileBase64: FileBase64, suggestedName: FileName }),
  ),
  'key.restore': command(
    v.strictObject({ network: Network, label: Label, mnemonic: Passphrase, bip39Passphrase: Passphrase, passphrase: Passphrase }),
    v.strictObject({ ...KeyFacts.entries, keyFileBase64: FileBase64, suggestedName: FileName }),
  ),
  'key.unlock': command(v.strictObject({ keyFileBase64: FileBase64, passphrase: Passphrase }), KeyFacts),
  'key.lock': command(v.strictObject({ keyHandle: KeyHandle }), v.strictObject({})),
  'key.export': command(
    v.strictObject({ keyHandle: KeyHandle, script: ScriptName, account: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999)) }),
    v.strictObject({ keyRecord: v.string(), fingerprint: FingerprintText, path: v.string(), xpub: v.string(), suggestedName: FileName }),
  ),
  'wallet.policy': command(v.strictObject({ wallet: SmallText }), WalletPolicy),
  'wallet.register': command(
    v.strictObject({ keyHandle: KeyHandle, wallet: SmallText, policyId: v.pipe(v.string(), v.maxLength(200)) }),
    v.strictObject({
      registration: SmallText, walletId: v.string(), policyId: v.string(), quorum: Quorum, ownKey: FingerprintText,
      firstReceive: v.string(), firstChange: v.string(), suggestedName: FileName,
    }),
  ),
  'wallet.address': command(
    v.strictObject({ keyHandle: KeyHandle, registration: SmallText, branch: BranchName, index: AddressIndex, count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)) }),
    DerivedAddresses,
  ),
  'psbt.review': command(
    v.strictObject({ keyHandle: KeyHandle, psbtFileBase64: FileBase64, registrations: v.pipe(v.array(SmallText), v.minLength(1), v.maxLength(20)) }),
    ReviewReport,
  ),
  'psbt.sign': command(
    v.strictObject({ keyHandle: KeyHandle, reviewId: Sha256Hex, acknowledged: v.pipe(v.array(v.pipe(v.string(), v.maxLength(60))), v.maxLength(60)) }),
    v.strictObject({ psbtBase64: FileBase64, psbtSha256: Sha256Hex, signedInputs: v.number(), quorum: SigningQuorum, findings: v.array(Finding) }),
  ),
  /** A sheet that has read back as what it should be; nothing else is given out. */
  'paper.make': command(makeSheet.input, makeSheet.output),
  /** Whether a print in hand is that sheet; one that is not is an error. */
  'paper.check': command(checkSheet.input, checkSheet.output),
} as const;

const StoredKey = v.strictObject({ name: FileName, contentBase64: FileBase64 });
const StoredRegistration = v.strictObject({ name: FileName, registration: SmallText, policy: WalletPolicy, ownKey: FingerprintText });

/** What the window can ask for besides: the laptop's own shelf of key files and registrations, and file dialogs. */
export const signerContract = {
  ...signerCoreContract,
  'app.info': command(v.strictObject({}), AppInfo),
  /** The mnemonic, for writing it down by hand; the window drops it when the page is left. */
  'key.words': command(v.strictObject({ keyHandle: KeyHandle }), v.strictObject({ words: v.array(v.string()) })),
  'shelf.list': command(v.strictObject({}), v.strictObject({ keys: v.array(StoredKey), registrations: v.array(StoredRegistration), damaged: v.optional(v.array(DamagedFile)) })),
  'shelf.add-key': command(v.strictObject({ name: FileName, keyFileBase64: FileBase64 }), v.strictObject({ name: FileName })),
  'shelf.add-registration': command(v.strictObject({ name: FileName, registration: SmallText }), v.strictObject({ name: FileName })),
  'file.open': command(openFile.input, openFile.output),
  'file.save': command(saveFile.input, saveFile.output),
} as const;
