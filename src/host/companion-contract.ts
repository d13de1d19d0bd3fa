import * as v from 'valibot';
import { MAX_COSIGNERS } from '../domain/wallet-script.ts';
import { nodeBackup, nodeBackups, nodeBackupTest, nodeConfig, nodeHealth, nodeRepair, standbyExport, standbyImport, standbyVerify, standbyVerifyFolder } from './care-wire.ts';
import { coinContract } from './coin-wire.ts';
import { command } from './contract.ts';
import { exportWallet, importWallet, readKeys } from './dialect-wire.ts';
import { filesContract } from './files-wire.ts';
import { framesContract } from './frames-wire.ts';
import { booksFileContract, ledgerContract, WalletBalance } from './ledger-wire.ts';
import { finishMessage, verifyMessage } from './message-wire.ts';
import { payContract } from './pay-wire.ts';
import { NodeUrl, NodeWalletName, OneNodeUrl, PlannedPsbt, Sources } from './plan-wire.ts';
import { queueContract } from './queue-wire.ts';
import { scheduleContract } from './schedule-wire.ts';
import { sweepContract } from './sweep-wire.ts';
import {
  AddressIndex, AppInfo, BranchName, DamagedFile, DerivedAddresses, FeeRateText, FileBase64, FileName, Height, Label, Network,
  ReviewReport, SatsText, ScriptName, SigningQuorum, SmallText, TxidHex, WalletPolicy, openFile, saveFile,
} from './wire.ts';

const NodeStatus = v.strictObject({
  chain: v.string(), network: Network, height: Height, headers: Height, pruned: v.boolean(), synced: v.boolean(), version: v.string(),
  /** Where several nodes were asked: how each of them stands. Height is then what all of them have. */
  sources: v.optional(Sources),
});

const Utxo = v.strictObject({
  txid: TxidHex, vout: v.number(), amountSats: SatsText, address: v.string(), branch: BranchName, index: AddressIndex, confirmations: v.number(),
});

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
  'wallet.import': command(importWallet.input, importWallet.output),
  'wallet.export': command(exportWallet.input, exportWallet.output),
  'key.read': command(readKeys.input, readKeys.output),
  'wallet.policy': command(v.strictObject({ wallet: SmallText, network: v.optional(v.nullable(Network)), fallbackName: v.optional(v.nullable(Label)) }), WalletPolicy),
  'wallet.address': command(
    v.strictObject({ wallet: SmallText, branch: BranchName, index: AddressIndex, count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)) }),
    DerivedAddresses,
  ),
  'wallet.sync': command(
    v.strictObject({ wallet: SmallText, node: NodeUrl }),
    v.strictObject({ walletId: v.string(), balanceSats: SatsText, unconfirmedSats: SatsText, utxos: v.array(Utxo), height: Height, nextReceive: v.strictObject({ address: v.string(), index: AddressIndex }), /** Where several nodes were asked: all that could be reached say the same. */ sources: v.optional(Sources) }),
  ),
  /** Has the node watch more addresses of a wallet, both branches up to an index, and scan its past for them; the books remember it. */
  'wallet.widen': command(
    v.strictObject({ wallet: SmallText, node: NodeUrl, to: AddressIndex }),
    v.strictObject({
      walletId: v.string(),
      /** The last address of each branch that was watched before (`null`: none that the books know of), and that is watched now. */
      from: v.strictObject({ receive: v.nullable(v.number()), change: v.nullable(v.number()) }),
      to: v.strictObject({ receive: v.number(), change: v.number() }),
      /** How many more are watched, both branches together. */
      addresses: v.number(),
      /** What is there and not in the books yet; a refresh books it. */
      found: v.strictObject({ outputs: v.number(), amountSats: SatsText, /** Of it, what is unspent. */ unspentSats: SatsText }),
      height: Height,
      sources: v.optional(Sources),
    }),
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
  ...sweepContract,
  ...scheduleContract,
  /** Asks the node to sign with its own hot wallet; the reply is a final PSBT. */
  'hot.sign': command(v.strictObject({ from: NodeWalletName, node: NodeUrl, psbtFileBase64: FileBase64 }), v.strictObject({ psbtBase64: FileBase64, txid: TxidHex })),
  ...payContract,
  ...queueContract,
  ...coinContract,
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
  /**
   * The Signer's review without a key: what a PSBT does, before it is handed on or sent. `wallet` is `null` for the signed sweep of paper
   * wallets, whose keys are those that signed; `destinations` are wallets to which an output may be proven to go.
   */
  'psbt.review': command(
    v.pipe(
      v.strictObject({ wallet: v.nullable(WalletOrWallets), destinations: v.optional(v.pipe(v.array(SmallText), v.maxLength(50))), psbtFileBase64: FileBase64 }),
      v.check(({ wallet, destinations = [] }) => wallet !== null || destinations.length > 0, 'a wallet, or a destination'),
    ),
    ReviewReport,
  ),
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
  ...ledgerContract,
  'node.health': command(nodeHealth.input, nodeHealth.output),
  /** A configuration for a node, and the login that goes with it. */
  'node.config': command(nodeConfig.input, nodeConfig.output),
  /** A wallet of the node as an encrypted file. */
  'node.backup': command(nodeBackup.input, nodeBackup.output),
  /** Restores a backup beside the living wallet, compares the two, and takes it away again. */
  'node.backup-test': command(nodeBackupTest.input, nodeBackupTest.output),
  'node.backups': command(nodeBackups.input, nodeBackups.output),
  'node.repair': command(nodeRepair.input, nodeRepair.output),
  /** Wallets, books and settings in one file, for a second machine. */
  'standby.export': command(standbyExport.input, standbyExport.output),
  /** Whether a bundle's books say what a node says. */
  'standby.verify': command(standbyVerify.input, standbyVerify.output),
} as const;

/** What only the command line can ask for: the window names no folders. */
export const companionCommandContract = {
  ...companionCoreContract,
  'standby.import': command(standbyImport.input, standbyImport.output),
  'standby.verify-folder': command(standbyVerifyFolder.input, standbyVerifyFolder.output),
} as const;

const StoredWallet = v.strictObject({ name: FileName, wallet: SmallText, policy: WalletPolicy });

/** What the window can ask for besides: the shelf of wallets, the configured node, file dialogs, codes and the camera, practice blocks. */
export const companionContract = {
  ...companionCoreContract,
  'app.info': command(v.strictObject({}), AppInfo),
  ...framesContract,
  ...filesContract,
  ...booksFileContract,
  /** The camera may be asked for only while this is on. */
  'camera.use': command(v.strictObject({ on: v.boolean() }), v.strictObject({})),
  /** `moreNodes`: those that must agree with `node`; commands then take `[node, ...moreNodes]`. */
  'settings.read': command(v.strictObject({}), v.strictObject({ node: v.nullable(OneNodeUrl), moreNodes: v.optional(v.pipe(v.array(OneNodeUrl), v.maxLength(9))), hotWallet: v.nullable(NodeWalletName) })),
  'settings.write': command(v.strictObject({ node: v.nullable(OneNodeUrl), moreNodes: v.optional(v.pipe(v.array(OneNodeUrl), v.maxLength(9))), hotWallet: v.nullable(NodeWalletName) }), v.strictObject({})),
  'shelf.list': command(v.strictObject({}), v.strictObject({ wallets: v.array(StoredWallet), damaged: v.optional(v.array(DamagedFile)) })),
  'shelf.add-wallet': command(v.strictObject({ name: FileName, wallet: SmallText }), v.strictObject({ name: FileName })),
  /** Practice network only: have the practice node find blocks. */
  'practice.mine': command(v.strictObject({ blocks: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)) }), v.strictObject({ height: Height })),
  'file.open': command(openFile.input, openFile.output),
  'file.save': command(saveFile.input, saveFile.output),
} as const;

