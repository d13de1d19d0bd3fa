import * as v from 'valibot';
import { MAX_COSIGNERS } from '../domain/wallet-script.ts';
import { command } from './contract.ts';
import { framesContract } from './frames-wire.ts';
import { finishMessage, verifyMessage } from './message-wire.ts';
import {
  AddressIndex, AppInfo, BranchName, DamagedFile, DerivedAddresses, FeeRateText, FileBase64, FileName, Height, Label, Network, Passphrase,
  PercentText, ReviewReport, SatsText, ScriptName, SignedSatsText, SigningQuorum, SmallText, TxidHex, WalletPolicy, openFile, saveFile,
} from './wire.ts';

/** `bitcoind://127.0.0.1:8332?cookie=PATH`, `practice://FOLDER`, ...: never with a credential inside. */
const NodeUrl = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
/** The name of a wallet that the node itself keeps (a hot wallet). */
const NodeWalletName = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const NodeStatus = v.strictObject({
  chain: v.string(), network: Network, height: Height, headers: Height, pruned: v.boolean(), synced: v.boolean(), version: v.string(),
});

const PlanInput = v.strictObject({ txid: TxidHex, vout: v.number(), amountSats: SatsText, address: v.nullable(v.string()), confirmations: v.number() });
const PlanPayment = v.strictObject({ address: v.string(), amountSats: SatsText, reference: v.string() });

/** What an unsigned transaction will do, in the same words as the Signer's review. */
const Plan = v.strictObject({
  kind: v.picklist(['sweep', 'pay']),
  inputs: v.array(PlanInput),
  inputsSats: SatsText,
  payments: v.array(PlanPayment),
  paymentsSats: SatsText,
  feeSats: SatsText,
  feeRateSatPerVb: FeeRateText,
  feePercent: PercentText,
  vsizeVb: v.number(),
  change: v.nullable(v.strictObject({ address: v.string(), amountSats: SatsText, branch: v.nullable(BranchName), index: v.nullable(AddressIndex) })),
  /** Where a sweep goes; `null` for a payment. */
  destination: v.nullable(v.strictObject({ address: v.string(), branch: BranchName, index: AddressIndex })),
  /** What a sweep leaves in the hot wallet; `null` for a payment. */
  leftHotSats: v.nullable(SatsText),
  /** Outputs that were not spent, each with its reason. */
  skipped: v.array(v.strictObject({ txid: TxidHex, vout: v.number(), amountSats: SatsText, reason: v.picklist(['unconfirmed', 'dust', 'locked', 'floor', 'not-needed', 'limit', 'spent', 'immature']) })),
  /** What the payments file should make a person think of; lines count from 1, the header included. */
  notes: v.optional(v.array(v.strictObject({ code: v.picklist(['payments.duplicate', 'payments.same-address']), lines: v.array(v.number()) }))),
});
const PlannedPsbt = v.strictObject({ plan: Plan, psbtBase64: FileBase64, psbtSha256: v.string(), suggestedName: FileName });

const Utxo = v.strictObject({
  txid: TxidHex, vout: v.number(), amountSats: SatsText, address: v.string(), branch: BranchName, index: AddressIndex, confirmations: v.number(),
});

/** A line of the books: what one transaction did to one wallet. */
const LedgerEntry = v.strictObject({
  txid: TxidHex,
  walletId: v.string(),
  walletName: v.string(),
  kind: v.picklist(['sweep', 'pay', 'receive', 'spend']),
  changeSats: SignedSatsText,
  feeSats: v.nullable(SatsText),
  /** `null` while unconfirmed. */
  height: v.nullable(Height),
  confirmations: v.number(),
  state: v.picklist(['broadcast', 'confirmed', 'replaced', 'reorganised']),
  /** ISO 8601, UTC: when the ledger first knew of it. */
  bookedAt: v.string(),
  references: v.array(v.string()),
});
const WalletBalance = v.strictObject({ walletId: v.string(), walletName: v.string(), confirmedSats: SatsText, unconfirmedSats: SignedSatsText });

const AuditDifference = v.strictObject({ kind: v.picklist(['missing-in-ledger', 'missing-in-node', 'amount']), outpoint: v.string(), amountSats: SatsText });

/** A wallet file of another program; one of Electrum holds its whole history. */
const ForeignText = v.pipe(v.string(), v.maxLength(8_388_608));
/** The formats that a wallet is written in. */
export const walletFormats = ['strongroom', 'descriptor', 'bip388', 'coldcard', 'bsms', 'specter', 'sparrow', 'caravan', 'electrum', 'core', 'ur'] as const;
/** What a conversion left behind or took for granted; codes in docs/dialects.md. */
const Losses = v.array(v.strictObject({ code: v.string(), text: v.string() }));

/** A wallet, or all that a transaction draws on. */
const WalletOrWallets = v.union([SmallText, v.pipe(v.array(SmallText), v.minLength(1), v.maxLength(20))]);

export const companionCoreContract = {
  'node.check': command(v.strictObject({ node: NodeUrl }), NodeStatus),
  'wallet.create': command(
    v.strictObject({
      name: Label, network: Network, script: ScriptName, required: v.pipe(v.number(), v.integer()),
      cosigners: v.pipe(v.array(v.strictObject({ label: Label, record: SmallText })), v.minLength(1), v.maxLength(MAX_COSIGNERS)),
    }),
    v.strictObject({ ...WalletPolicy.entries, wallet: SmallText, suggestedName: FileName }),
  ),
  /**
   * A wallet from the file of any program, whose content decides what it is. `name`, `network` and `script` say what the file leaves
   * open; `password` is Electrum's, or the token of a BSMS session.
   */
  'wallet.import': command(
    v.strictObject({
      file: ForeignText, name: v.optional(v.nullable(Label)), fallbackName: v.optional(v.nullable(Label)), network: v.optional(v.nullable(Network)),
      script: v.optional(v.nullable(ScriptName)), password: v.optional(v.nullable(Passphrase)),
    }),
    v.strictObject({ ...WalletPolicy.entries, wallet: SmallText, suggestedName: FileName, format: v.string(), losses: Losses }),
  ),
  /** A wallet in another program's format; refused where that program has no such wallets. */
  'wallet.export': command(
    v.strictObject({ wallet: SmallText, format: v.picklist(walletFormats) }),
    v.strictObject({ content: ForeignText, format: v.string(), losses: Losses, suggestedName: FileName }),
  ),
  'wallet.policy': command(v.strictObject({ wallet: SmallText, network: v.optional(v.nullable(Network)), fallbackName: v.optional(v.nullable(Label)) }), WalletPolicy),
  'wallet.address': command(
    v.strictObject({ wallet: SmallText, branch: BranchName, index: AddressIndex, count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)) }),
    DerivedAddresses,
  ),
  'wallet.sync': command(
    v.strictObject({ wallet: SmallText, node: NodeUrl }),
    v.strictObject({ walletId: v.string(), balanceSats: SatsText, unconfirmedSats: SatsText, utxos: v.array(Utxo), height: Height, nextReceive: v.strictObject({ address: v.string(), index: AddressIndex }) }),
  ),
  'hot.balance': command(v.strictObject({ node: NodeUrl, from: NodeWalletName }), v.strictObject({ balanceSats: SatsText, utxos: v.number() })),
  'sweep.plan': command(
    v.strictObject({ from: NodeWalletName, to: SmallText, node: NodeUrl, floorSats: v.nullable(SatsText), feeRate: v.nullable(FeeRateText) }),
    PlannedPsbt,
  ),
  /** Everything on the addresses of paper wallets into the cold wallet. `addresses`: one a line, or a CSV with a column of that name. */
  'sweep.plan-addresses': command(
    v.strictObject({ addresses: SmallText, to: SmallText, node: NodeUrl, feeRate: v.nullable(FeeRateText) }),
    v.strictObject({ ...PlannedPsbt.entries, /** What is on each address, in the order given. */ found: v.array(v.strictObject({ address: v.string(), outputs: v.number(), amountSats: SatsText })) }),
  ),
  /** Asks the node to sign with its own hot wallet; the reply is a final PSBT. */
  'hot.sign': command(v.strictObject({ from: NodeWalletName, node: NodeUrl, psbtFileBase64: FileBase64 }), v.strictObject({ psbtBase64: FileBase64, txid: TxidHex })),
  'pay.plan': command(
    v.strictObject({ wallet: SmallText, paymentsCsv: v.pipe(v.string(), v.maxLength(4_194_304)), node: NodeUrl, feeRate: v.nullable(FeeRateText) }),
    PlannedPsbt,
  ),
  /**
   * Replies may be PSBTs, also ones that hold nothing but signatures, or signed network transactions. What they lack comes from the
   * original: the one given, or the plan in the books.
   */
  'psbt.combine': command(
    v.strictObject({
      wallet: WalletOrWallets, psbtFilesBase64: v.pipe(v.array(FileBase64), v.minLength(1), v.maxLength(30)),
      /** What errors call the files, in their order. */
      names: v.optional(v.pipe(v.array(FileName), v.maxLength(30))),
      /** The unsigned file that the replies answer. */
      originalFileBase64: v.optional(v.nullable(FileBase64)),
      /** Files of versions of the payment that were replaced: what was signed for them is refused by name. */
      supersededFilesBase64: v.optional(v.pipe(v.array(FileBase64), v.maxLength(30))),
      /** Combines what is good and names the files that are not, where otherwise the first such file is an error. */
      leaveOutBad: v.optional(v.boolean()),
    }),
    v.strictObject({
      psbtBase64: FileBase64,
      /** Of several wallets, the one that lacks most signatures. */
      quorum: SigningQuorum,
      /** By wallet id, where several wallets were given: those that the transaction spends from. */
      quorums: v.optional(v.record(v.string(), SigningQuorum)),
      suggestedName: FileName,
      /** Where `leaveOutBad` was asked for: files that were not taken. `position` counts from 1. */
      leftOut: v.optional(v.array(v.strictObject({ file: v.string(), position: v.number(), code: v.string(), message: v.string(), hint: v.string() }))),
    }),
  ),
  /** The Signer's review without a key: what a PSBT does, before it is handed on or sent. */
  'psbt.review': command(v.strictObject({ wallet: WalletOrWallets, psbtFileBase64: FileBase64 }), ReviewReport),
  /**
   * `wallet` is `null` for a sweep of paper wallets, whose inputs are single keys' and no wallet's. The transaction is compared with
   * its plan: the one given, or the one in the books.
   */
  'psbt.finalize': command(
    v.strictObject({ wallet: v.nullable(WalletOrWallets), psbtFileBase64: FileBase64, planFileBase64: v.optional(v.nullable(FileBase64)) }),
    v.strictObject({
      transactionHex: v.pipe(v.string(), v.maxLength(8_400_000)), txid: TxidHex, vsizeVb: v.number(), feeSats: SatsText, feeRateSatPerVb: FeeRateText, suggestedName: FileName,
      /** Whether a plan was known and the transaction compared with it; a transaction that differs from it is an error. */
      matchesPlan: v.optional(v.boolean()),
    }),
  ),
  'message.finish': command(finishMessage.input, finishMessage.output),
  'message.verify': command(verifyMessage.input, verifyMessage.output),
  /** Test-accept, then send, then book. Takes a final transaction (hex or bytes) or a final PSBT. */
  'tx.broadcast': command(
    v.strictObject({ transactionFileBase64: FileBase64, node: NodeUrl, wallets: v.pipe(v.array(SmallText), v.maxLength(50)), references: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(10_000)) }),
    v.strictObject({ txid: TxidHex }),
  ),
  /** Asks the node for confirmations of what is booked, and books what it finds in the wallets. */
  'ledger.refresh': command(
    v.strictObject({ wallets: v.pipe(v.array(SmallText), v.maxLength(50)), node: NodeUrl }),
    v.strictObject({
      height: Height, balances: v.array(WalletBalance), entries: v.number(),
      /** Transactions that were to be broadcast and that the node does not know: broadcast them again. */
      unsent: v.optional(v.array(TxidHex)),
    }),
  ),
  'ledger.list': command(v.strictObject({ walletId: v.nullable(v.string()) }), v.strictObject({ entries: v.array(LedgerEntry), balances: v.array(WalletBalance) })),
  'ledger.export': command(v.strictObject({ format: v.picklist(['csv', 'json']) }), v.strictObject({ content: v.string(), suggestedName: FileName, entries: v.number() })),
  /** The books against the node's UTXO set, scanned by descriptor. */
  'ledger.audit': command(
    v.strictObject({ wallet: SmallText, node: NodeUrl }),
    v.strictObject({ walletId: v.string(), height: Height, ledgerSats: SatsText, nodeSats: SatsText, agrees: v.boolean(), differences: v.array(AuditDifference) }),
  ),
} as const;

const StoredWallet = v.strictObject({ name: FileName, wallet: SmallText, policy: WalletPolicy });

/** What the window can ask for besides: the shelf of wallets, the configured node, file dialogs, codes and the camera, practice blocks. */
export const companionContract = {
  ...companionCoreContract,
  'app.info': command(v.strictObject({}), AppInfo),
  ...framesContract,
  /** The camera may be asked for only while this is on. */
  'camera.use': command(v.strictObject({ on: v.boolean() }), v.strictObject({})),
  'settings.read': command(v.strictObject({}), v.strictObject({ node: v.nullable(NodeUrl), hotWallet: v.nullable(NodeWalletName) })),
  'settings.write': command(v.strictObject({ node: v.nullable(NodeUrl), hotWallet: v.nullable(NodeWalletName) }), v.strictObject({})),
  'shelf.list': command(v.strictObject({}), v.strictObject({ wallets: v.array(StoredWallet), damaged: v.optional(v.array(DamagedFile)) })),
  'shelf.add-wallet': command(v.strictObject({ name: FileName, wallet: SmallText }), v.strictObject({ name: FileName })),
  /** Practice network only: have the practice node find blocks. */
  'practice.mine': command(v.strictObject({ blocks: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)) }), v.strictObject({ height: Height })),
  'file.open': command(openFile.input, openFile.output),
  'file.save': command(saveFile.input, saveFile.output),
} as const;

