import * as v from 'valibot';
import { networkNames } from '../domain/network.ts';
import { walletScripts } from '../domain/wallet-script.ts';

/** Schemas of what crosses the boundary in both editions. Every text is bounded: the other side may be hostile. */

export const Network = v.picklist(networkNames);
/** Satoshis as a decimal string; see `parseSats`. */
export const SatsText = v.pipe(v.string(), v.regex(/^(0|[1-9][0-9]{0,18})$/));
/** Satoshis that may be negative, as a decimal string (changes of a balance). */
export const SignedSatsText = v.pipe(v.string(), v.regex(/^-?(0|[1-9][0-9]{0,18})$/));
/** sat/vB with at most three decimals; see `parseFeeRate`. */
export const FeeRateText = v.pipe(v.string(), v.regex(/^(0|[1-9][0-9]{0,6})(\.[0-9]{1,3})?$/));
/** Percent with two decimals, or `null` where there is nothing to compare with. */
export const PercentText = v.nullable(v.pipe(v.string(), v.regex(/^[0-9]{1,12}\.[0-9]{2}$/)));
/** Names an unlocked key within this process. Not a secret, and worthless in any other process. */
export const KeyHandle = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
export const FingerprintText = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/));
export const Sha256Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const TxidHex = Sha256Hex;
export const HexText = v.pipe(v.string(), v.maxLength(20_000), v.regex(/^([0-9a-f]{2})*$/));
export const Label = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60), v.regex(/^[^\p{C}]*$/u));
export const Passphrase = v.pipe(v.string(), v.maxLength(1024));
/** A file's bytes as base64; at most 24 MiB of text, a little above the PSBT cap of 16 MiB. */
export const FileBase64 = v.pipe(v.string(), v.maxLength(25_165_824));
/** A small text file: wallet, registration, key record. */
export const SmallText = v.pipe(v.string(), v.maxLength(262_144));
export const FileName = v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.regex(/^[^/\\\p{C}]+$/u));
export const Height = v.pipe(v.number(), v.integer(), v.minValue(0));
export const AddressIndex = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999_999));
export const BranchName = v.picklist(['receive', 'change']);
/** Scripts of a wallet, as its type names them. */
export const ScriptName = v.picklist(walletScripts);

/** Scripts of one key. */
export const PaperScript = v.picklist(['p2pk', 'p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr']);

export const Quorum = v.strictObject({ required: v.number(), total: v.number() });

/** What a wallet is, in the words that people compare. */
export const WalletPolicy = v.strictObject({
  walletId: v.string(),
  policyId: v.string(),
  name: v.string(),
  network: Network,
  script: v.picklist(walletScripts),
  quorum: Quorum,
  cosigners: v.array(v.strictObject({ label: v.string(), fingerprint: FingerprintText, path: v.string(), xpub: v.string() })),
  descriptor: v.string(),
  firstReceive: v.string(),
  firstChange: v.string(),
  /** What a person should know before relying on the wallet; left out where there is nothing. */
  notes: v.optional(v.array(v.strictObject({ code: v.picklist(['wallet.same-fingerprint']), text: v.string() }))),
});

export const DerivedAddresses = v.strictObject({
  addresses: v.array(v.strictObject({ branch: BranchName, index: AddressIndex, address: v.string() })),
});

export const SigningQuorum = v.strictObject({
  required: v.number(),
  total: v.number(),
  signed: v.array(FingerprintText),
  thisKey: v.nullable(FingerprintText),
  /** All keys at hand, where there are several. */
  keys: v.optional(v.array(FingerprintText)),
  stillNeeded: v.number(),
});

export const Finding = v.strictObject({
  severity: v.picklist(['refuse', 'acknowledge', 'note']),
  code: v.string(),
  where: v.strictObject({ scope: v.picklist(['global', 'input', 'output']), index: v.number() }),
  details: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
});

/** The review as CONTRACT's JSON: amounts as decimal strings. */
export const ReviewReport = v.strictObject({
  verdict: v.picklist(['ready', 'judgement', 'refused']),
  reviewId: Sha256Hex,
  psbtVersion: v.picklist([0, 2]),
  network: Network,
  /** Version and locktime of the transaction. */
  transactionVersion: v.number(),
  locktime: v.number(),
  wallets: v.array(v.string()),
  inputsSats: SatsText,
  paymentsSats: SatsText,
  changeSats: SatsText,
  feeSats: SignedSatsText,
  feeRateSatPerVb: FeeRateText,
  feePercent: PercentText,
  payments: v.array(v.strictObject({
    index: v.number(), address: v.nullable(v.string()), scriptHex: HexText, amountSats: SatsText,
    /** In a sweep: the registered wallet whose address this was proven to be. It is a payment all the same. */
    to: v.optional(v.strictObject({ wallet: v.string(), branch: BranchName, childIndex: v.number() })),
  })),
  change: v.array(v.strictObject({ index: v.number(), address: v.string(), amountSats: SatsText, wallet: v.string(), branch: BranchName, childIndex: v.number() })),
  inputs: v.array(
    v.strictObject({
      index: v.number(),
      txid: TxidHex,
      vout: v.number(),
      sequence: v.number(),
      amountSats: SatsText,
      proof: v.nullable(v.picklist(['previous-transaction', 'taproot'])),
      wallet: v.nullable(v.string()),
      branch: v.nullable(BranchName),
      childIndex: v.nullable(v.number()),
      signedBy: v.array(FingerprintText),
      /** The paper key that spends it, by the script that was rebuilt from it. */
      paperKey: v.optional(v.strictObject({ fingerprint: FingerprintText, script: PaperScript })),
    }),
  ),
  quorum: SigningQuorum,
  findings: v.array(Finding),
});

/** What the window must know of its host before anything else. */
export const AppInfo = v.strictObject({
  edition: v.picklist(['signer', 'companion']),
  version: v.string(),
  /** The runtime under the window, and whether it is the Electron project's own package. */
  runtime: v.strictObject({ electron: v.string(), official: v.boolean() }),
  /** The folder and practice node of a rehearsal, or `null` in real use. */
  rehearsal: v.nullable(v.strictObject({ gapFolder: v.string(), node: v.string() })),
});

/** A file on the shelf that could not be read or understood, by its name and error code. It is shown, never hidden. */
export const DamagedFile = v.strictObject({ name: FileName, code: v.string() });

export const FileKind = v.picklist(['psbt', 'key', 'key-record', 'wallet', 'registration', 'payments', 'transaction', 'ledger', 'picture', 'sheet', 'entropy-record', 'drill-record', 'labels', 'close', 'bundle', 'configuration']);
export const OpenedFile = v.strictObject({ name: FileName, contentBase64: FileBase64 });
/** Files as both apps hand them over: by dialog only, never by a path that the window names. */
export const openFile = { input: v.strictObject({ kind: FileKind, several: v.boolean() }), output: v.strictObject({ files: v.array(OpenedFile) }) } as const;
export const saveFile = {
  input: v.strictObject({ kind: FileKind, suggestedName: FileName, contentBase64: FileBase64 }),
  /** `null` when the person closed the dialog. */
  output: v.strictObject({ savedAs: v.nullable(v.string()) }),
} as const;
