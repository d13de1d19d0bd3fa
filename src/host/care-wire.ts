import * as v from 'valibot';
import { networkNames } from '../domain/network.ts';
import { FeeRateText, FileName, Passphrase, SatsText, Sha256Hex, SmallText, TxidHex } from './wire.ts';

/** Schemas of node care and the standby. Texts are bounded: the other side may be hostile. */

/** One node: care is of each by itself, also where several are asked for the chain. */
const OneNode = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const WalletName = v.pipe(v.string(), v.maxLength(200), v.regex(/^[^\p{C}]*$/u));
/** A wallet's file or a bundle, encrypted, as base64: 256 MiB. */
const LargeFileBase64 = v.pipe(v.string(), v.maxLength(360_000_000));
/** A folder on this machine; command line only. */
const Folder = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const Judged = v.picklist(['ok', 'attention', 'bad', 'unknown']);

/** For whom a file is encrypted: a passphrase, or public keys of age; exactly one. */
const Lock = v.union([
  v.strictObject({ kind: v.literal('passphrase'), passphrase: Passphrase }),
  v.strictObject({ kind: v.literal('recipients'), recipients: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.minLength(1), v.maxLength(20)) }),
]);
/** What opens it. */
const Key = v.union([v.strictObject({ kind: v.literal('passphrase'), passphrase: Passphrase }), v.strictObject({ kind: v.literal('identity'), identity: v.pipe(v.string(), v.maxLength(4096)) })]);

export const nodeHealth = {
  input: v.strictObject({ node: OneNode }),
  output: v.strictObject({
    overall: v.picklist(['ok', 'attention', 'bad']),
    items: v.array(v.strictObject({ topic: v.string(), judgement: Judged, code: v.string(), seen: v.string(), todo: v.string() })),
    /** The figures that were judged; `null` where this source cannot say. */
    facts: v.strictObject({
      chain: v.string(), height: v.number(), headers: v.number(), initialDownload: v.boolean(), pruned: v.boolean(), tipTime: v.nullable(v.number()),
      program: v.nullable(v.picklist(['core', 'knots', 'litecoin', 'dogecoin', 'other'])), version: v.nullable(v.string()),
      peers: v.nullable(v.strictObject({ inbound: v.nullable(v.number()), outbound: v.nullable(v.number()), total: v.number() })), networkActive: v.boolean(),
      clockOffsetSeconds: v.nullable(v.number()),
      wallets: v.nullable(v.array(v.strictObject({ name: v.string(), kind: v.picklist(['descriptor', 'legacy']), privateKeys: v.boolean(), encrypted: v.nullable(v.boolean()), unlocked: v.boolean(), scanning: v.boolean() }))),
      sizeOnDisk: v.nullable(v.number()), diskFree: v.nullable(v.number()),
      mempool: v.nullable(v.strictObject({ loaded: v.boolean(), count: v.number(), bytes: v.number(), minimumFeeRate: FeeRateText })),
      feeRates: v.array(v.strictObject({ blocks: v.number(), rate: v.nullable(FeeRateText) })),
      uptimeSeconds: v.nullable(v.number()), hasWarnings: v.nullable(v.boolean()),
    }),
  }),
} as const;

/** As `configPrograms`, `configUses` and `repairSteps` of the Companion's zone have them. */
export const configProgramNames = ['bitcoind', 'litecoind', 'dogecoind', 'particld', 'qtumd', 'blackcoind', 'peercoind'] as const;
export const configUses = ['hot', 'watch', 'audit'] as const;
export const repairStepNames = ['note-pending', 'stop-using', 'back-up', 'compare', 'rescan', 'compare-again', 'restore', 'move-out', 'list-descriptors'] as const;

const Address = v.pipe(v.string(), v.maxLength(60));
export const nodeConfig = {
  input: v.strictObject({
    program: v.picklist(configProgramNames),
    network: v.picklist(networkNames), use: v.picklist(configUses),
    rpcUser: v.pipe(v.string(), v.maxLength(60)), bind: v.pipe(v.array(Address), v.maxLength(10)), allow: v.pipe(v.array(Address), v.maxLength(50)),
    rpcPort: v.nullable(v.number()), pruneMib: v.nullable(v.number()), maxConnections: v.number(),
  }),
  /** The password is in `login` alone: the file by which the Companion logs in. */
  output: v.strictObject({
    config: v.string(), suggestedName: FileName, login: v.string(), loginName: FileName,
    lines: v.array(v.strictObject({ setting: v.string(), why: v.string() })),
  }),
} as const;

const Backup = v.strictObject({
  sha256: Sha256Hex, file: v.string(), wallet: v.string(), bytes: v.number(), madeAt: v.string(), openedBy: v.picklist(['passphrase', 'recipients']),
  state: v.picklist(['good', 'due', 'untested', 'failed']), lastGoodTest: v.nullable(v.string()),
  /** From when on it should be tested; `null` for one that failed: make another. */
  dueAt: v.nullable(v.string()),
});
export const nodeBackup = {
  input: v.strictObject({ node: OneNode, wallet: WalletName, lock: Lock, fileName: FileName }),
  output: v.strictObject({ backupBase64: LargeFileBase64, sha256: Sha256Hex, bytes: v.number() }),
} as const;
export const nodeBackupTest = {
  input: v.strictObject({ node: OneNode, wallet: WalletName, backupBase64: LargeFileBase64, fileName: FileName, key: Key }),
  output: v.strictObject({
    good: v.boolean(), differences: v.array(v.string()), sha256: Sha256Hex, testedAt: v.string(),
    descriptors: v.number(), addresses: v.number(), outputs: v.number(), amountSats: SatsText, restoredSats: SatsText,
  }),
} as const;
export const nodeBackups = { input: v.strictObject({}), output: v.strictObject({ backups: v.array(Backup) }) } as const;

const RepairStepName = v.picklist(repairStepNames);
export const nodeRepair = {
  /** `record`: the repair as it stands; `null` begins one. `run` does a step that the program can do; `done` and `skip` record a person's. */
  input: v.strictObject({
    node: OneNode, wallet: WalletName, record: v.nullable(v.pipe(v.string(), v.maxLength(20_000_000))), action: v.picklist(['show', 'run', 'done', 'skip']), step: v.nullable(RepairStepName),
    fromHeight: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  output: v.strictObject({
    record: v.string(), next: v.nullable(RepairStepName),
    steps: v.array(v.strictObject({ step: RepairStepName, state: v.picklist(['open', 'done', 'skipped']), at: v.nullable(v.string()), record: v.array(v.string()), purpose: v.string(), commands: v.array(v.string()), byProgram: v.boolean() })),
    /** Transactions that waited, whole, where the step was to note them. */
    pending: v.array(v.strictObject({ txid: TxidHex, transactionHex: v.string(), inMempool: v.boolean() })),
  }),
} as const;

const Conflict = v.strictObject({ side: v.picklist(['own', 'other']), planId: v.string(), walletId: v.string(), plannedAt: v.string(), reserved: v.nullable(v.string()), addressTwice: v.boolean() });
const Tips = v.array(v.strictObject({ network: v.string(), height: v.number(), refreshedAt: v.string() }));
const Wallets = v.array(v.strictObject({ walletId: v.string(), name: v.string() }));
export const standbyExport = {
  /** `lock` `null`: not encrypted. Whoever reads a bundle sees every balance and payment. */
  input: v.strictObject({ wallets: v.pipe(v.array(SmallText), v.maxLength(50)), settings: v.nullable(SmallText), lock: v.nullable(Lock) }),
  output: v.strictObject({ bundleBase64: LargeFileBase64, sha256: Sha256Hex, bytes: v.number(), suggestedName: FileName, madeAt: v.string(), wallets: Wallets, tips: Tips, entries: v.number(), encrypted: v.boolean() }),
} as const;
export const standbyImport = {
  input: v.strictObject({ bundleBase64: LargeFileBase64, key: v.nullable(Key), into: Folder, force: v.boolean() }),
  output: v.strictObject({ madeAt: v.string(), order: v.picklist(['first', 'same', 'newer', 'older', 'diverged']), wallets: Wallets, tips: Tips, entries: v.number(), files: v.array(v.string()), conflicts: v.array(Conflict) }),
} as const;
const Verified = v.strictObject({
  agrees: v.boolean(), madeAt: v.string(), height: v.number(),
  wallets: v.array(v.strictObject({
    walletId: v.string(), name: v.string(), agrees: v.boolean(), confirmedSats: SatsText, nodeSats: SatsText, nextReceive: v.string(),
    differences: v.array(v.picklist(['balance', 'entries', 'outputs', 'next-address'])),
  })),
  /** Where this machine has books of its own that went another way. */
  conflicts: v.array(Conflict),
});
export const standbyVerify = { input: v.strictObject({ bundleBase64: LargeFileBase64, key: v.nullable(Key), node: OneNode }), output: Verified } as const;
export const standbyVerifyFolder = { input: v.strictObject({ folder: Folder, node: OneNode }), output: Verified } as const;
