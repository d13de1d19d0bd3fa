import * as v from 'valibot';
import { command } from './contract.ts';
import { CustodyNote, CustodySheet, SheetPartName } from './custody-wire.ts';
import { answerDrill, beginDrill, DrillHandle, DrillRecord, dueDrills, rehearseDrill } from './drill-wire.ts';
import { filesContract } from './files-wire.ts';
import { foreignChoices, ForeignText, importWallet, keyRecordFormats } from './dialect-wire.ts';
import { framesContract } from './frames-wire.ts';
import { changePassphrase, checkShares, checkWords, childKey, codePoints, createKey, EntropyRecord, KeyFacts, lastWords, restoreKey, SecretText } from './key-wire.ts';
import { signMessage, verifyMessage } from './message-wire.ts';
import { CameraFrame, checkSheet, makePaperWallets, makeSheet, prepareSheets, Printer, printSheets, ReadState, SheetJob, splitKey } from './paper-wire.ts';
import {
  AddressIndex, AppInfo, BranchName, DamagedFile, DerivedAddresses, FileBase64, FileName, FingerprintText, KeyHandle, Network, PaperScript, Passphrase, Quorum,
  ReviewReport, ScriptName, Sha256Hex, SigningQuorum, SmallText, WalletPolicy, Finding, openFile, saveFile,
} from './wire.ts';

const SignedReply = v.strictObject({ psbtBase64: FileBase64, psbtSha256: Sha256Hex, signedInputs: v.number(), quorum: SigningQuorum, findings: v.array(Finding) });
const Acknowledged = v.pipe(v.array(v.pipe(v.string(), v.maxLength(60))), v.maxLength(60));

/** The commands that the command-line program shares with the window. Contents go in and out; files are the host's matter. */
export const signerCoreContract = {
  'key.create': command(createKey.input, createKey.output),
  'key.restore': command(restoreKey.input, restoreKey.output),
  'key.child': command(childKey.input, childKey.output),
  'key.change-passphrase': command(changePassphrase.input, changePassphrase.output),
  'key.unlock': command(v.strictObject({ keyFileBase64: FileBase64, passphrase: Passphrase }), KeyFacts),
  'key.lock': command(v.strictObject({ keyHandle: KeyHandle }), v.strictObject({})),
  'key.export': command(
    v.strictObject({
      keyHandle: KeyHandle, script: ScriptName, account: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999)),
      /** How `keyRecord` is written; `descriptor` where left out. */
      format: v.optional(v.picklist(keyRecordFormats)),
    }),
    v.strictObject({ keyRecord: v.string(), fingerprint: FingerprintText, path: v.string(), xpub: v.string(), suggestedName: FileName }),
  ),
  /** Reads the wallet of any program, to be looked at before it is registered. */
  'wallet.import': command(importWallet.input, importWallet.output),
  'wallet.policy': command(v.strictObject({ wallet: ForeignText, ...foreignChoices }), WalletPolicy),
  'wallet.register': command(
    v.strictObject({ keyHandle: KeyHandle, wallet: ForeignText, policyId: v.pipe(v.string(), v.maxLength(200)), ...foreignChoices }),
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
    v.strictObject({
      keyHandle: KeyHandle,
      /** Keys that sign in the same step. Each registration counts for the key that made it, and each key needs one. */
      furtherKeyHandles: v.optional(v.pipe(v.array(KeyHandle), v.maxLength(19)), []),
      psbtFileBase64: FileBase64,
      registrations: v.pipe(v.array(SmallText), v.minLength(1), v.maxLength(20)),
    }),
    ReviewReport,
  ),
  /** By the keys of the review; the handle is that of its first one. */
  'psbt.sign': command(
    v.strictObject({ keyHandle: KeyHandle, reviewId: Sha256Hex, acknowledged: Acknowledged }),
    SignedReply,
  ),
  /** A single private key (WIF or BIP38) and the addresses that it can spend from. */
  'paper-key.open': command(
    v.strictObject({ network: Network, secret: SecretText, passphrase: v.optional(Passphrase, '') }),
    v.strictObject({ paperKeyHandle: KeyHandle, fingerprint: FingerprintText, form: v.picklist(['wif', 'bip38']), compressed: v.boolean(), addresses: v.array(v.strictObject({ script: PaperScript, address: v.string() })) }),
  ),
  'paper-key.close': command(v.strictObject({ paperKeyHandle: KeyHandle }), v.strictObject({})),
  /** `keyHandle` and `registrations` name the cold wallet that the sweep goes to, so that its address can be proven. */
  'sweep.review': command(
    v.strictObject({ paperKeyHandles: v.pipe(v.array(KeyHandle), v.minLength(1), v.maxLength(500)), keyHandle: v.nullable(KeyHandle), registrations: v.pipe(v.array(SmallText), v.maxLength(20)), psbtFileBase64: FileBase64 }),
    ReviewReport,
  ),
  'sweep.sign': command(v.strictObject({ reviewId: Sha256Hex, acknowledged: Acknowledged }), SignedReply),
  'message.sign': command(signMessage.input, signMessage.output),
  'message.verify': command(verifyMessage.input, verifyMessage.output),
  'mnemonic.check-words': command(checkWords.input, checkWords.output),
  'mnemonic.last-words': command(lastWords.input, lastWords.output),
  'share.check': command(checkShares.input, checkShares.output),
  'passphrase.code-points': command(codePoints.input, codePoints.output),
  'drill.begin': command(beginDrill.input, beginDrill.output),
  'drill.answer': command(answerDrill.input, answerDrill.output),
  'drill.abandon': command(v.strictObject({ drillHandle: DrillHandle, by: v.pipe(v.string(), v.maxLength(60)) }), v.strictObject({ record: DrillRecord })),
  'drill.due': command(dueDrills.input, dueDrills.output),
  'drill.rehearse': command(rehearseDrill.input, rehearseDrill.output),
} as const;

/**
 * What only the command line can ask for: documents that hold secrets come out as bytes, for files. The window never gets
 * such bytes; its sheets stay in the host.
 */
export const signerCommandContract = {
  ...signerCoreContract,
  /** A sheet that has read back as what it should be; nothing else is given out. */
  'paper.make': command(makeSheet.input, makeSheet.output),
  /** Whether a print in hand is that sheet; one that is not is an error. */
  'paper.check': command(checkSheet.input, checkSheet.output),
  'paper.wallets': command(makePaperWallets.input, makePaperWallets.output),
  'key.split': command(splitKey.input, splitKey.output),
} as const;

const StoredKey = v.strictObject({ name: FileName, contentBase64: FileBase64 });
const StoredRegistration = v.strictObject({ name: FileName, registration: SmallText, policy: WalletPolicy, ownKey: FingerprintText });

/** One key file's copies. `state` is as of `checkedAt`; a copy on a stick that is not plugged in is `absent`. */
export const KeyCopies = v.strictObject({
  name: FileName,
  sha256: Sha256Hex,
  copies: v.array(v.strictObject({ place: v.string(), madeAt: v.string(), checkedAt: v.string(), state: v.picklist(['intact', 'changed', 'absent', 'unreadable']) })),
});

/** What the window can ask for besides: the laptop's own shelf of key files and registrations, and file dialogs. */
export const signerContract = {
  ...signerCoreContract,
  ...framesContract,
  ...filesContract,
  'app.info': command(v.strictObject({}), AppInfo),
  /** The mnemonic, for writing it down by hand; the window drops it when the page is left. */
  'key.words': command(v.strictObject({ keyHandle: KeyHandle }), v.strictObject({ words: v.array(v.string()) })),
  'shelf.list': command(
    v.strictObject({}),
    v.strictObject({ keys: v.array(StoredKey), registrations: v.array(StoredRegistration), entropyRecords: v.array(EntropyRecord), damaged: v.optional(v.array(DamagedFile)) }),
  ),
  /** `entropyRecord` is kept beside it, for recalls. */
  'shelf.add-key': command(v.strictObject({ name: FileName, keyFileBase64: FileBase64, entropyRecord: v.optional(v.nullable(EntropyRecord), null) }), v.strictObject({ name: FileName })),
  /** The key file under a new passphrase; the generation before stays beside it. */
  'shelf.replace-key': command(v.strictObject({ name: FileName, keyFileBase64: FileBase64 }), v.strictObject({ name: FileName })),
  'shelf.add-registration': command(v.strictObject({ name: FileName, registration: SmallText }), v.strictObject({ name: FileName })),
  /** Where the key files' copies lie, and how each was when it was last looked at. */
  'copies.list': command(v.strictObject({}), v.strictObject({ keys: v.array(KeyCopies) })),
  /** Lets a person choose a folder or a stick, writes the key file there and reads it back. `null` when the dialog was closed. */
  'copies.add': command(v.strictObject({ name: FileName }), v.strictObject({ copies: v.nullable(KeyCopies) })),
  /** Reads every copy again. */
  'copies.check': command(v.strictObject({ name: FileName }), v.strictObject({ copies: KeyCopies })),
  'sheet.prepare': command(prepareSheets.input, prepareSheets.output),
  'sheet.printers': command(v.strictObject({}), v.strictObject({ printers: v.array(Printer) })),
  'sheet.print': command(printSheets.input, printSheets.output),
  'sheet.save': command(v.strictObject({ job: SheetJob, part: SheetPartName, by: v.pipe(v.string(), v.maxLength(200)) }), v.strictObject({ savedAs: v.nullable(v.string()) })),
  'sheet.scan': command(v.strictObject({ job: SheetJob, frame: CameraFrame }), ReadState),
  /** Lets a person choose pictures of the print. */
  'sheet.scan-file': command(v.strictObject({ job: SheetJob }), ReadState),
  'sheet.type-words': command(v.strictObject({ job: SheetJob, words: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(50)) }), ReadState),
  'sheet.drop': command(v.strictObject({ job: SheetJob }), v.strictObject({})),
  /** The camera may be asked for only while this is on. */
  'camera.use': command(v.strictObject({ on: v.boolean() }), v.strictObject({})),
  /** The texts of the codes in a picture, for a form that takes them as if they were typed: secrets, where a code is one. */
  'camera.read': command(v.strictObject({ frame: CameraFrame }), v.strictObject({ texts: v.array(v.string()) })),
  /** The same of pictures that a person chooses. */
  'camera.read-file': command(v.strictObject({}), v.strictObject({ texts: v.array(v.string()) })),
  'custody.list': command(v.strictObject({}), v.strictObject({ sheets: v.array(CustodySheet) })),
  'custody.note': command(CustodyNote, v.strictObject({ sheet: CustodySheet })),
  'drill.list': command(v.strictObject({}), v.strictObject({ records: v.array(DrillRecord), damaged: v.optional(v.array(DamagedFile)) })),
  'drill.keep': command(v.strictObject({ record: DrillRecord }), v.strictObject({ name: FileName })),
  'file.open': command(openFile.input, openFile.output),
  'file.save': command(saveFile.input, saveFile.output),
} as const;
