import * as v from 'valibot';
import { SheetId, SheetKindName, SheetPartName } from './custody-wire.ts';
import { UserEntropyTexts } from './key-wire.ts';
import { AddressIndex, FileBase64, FileName, FingerprintText, KeyHandle, Label, Network, Passphrase, ScriptName, SmallText } from './wire.ts';

/** Schemas of sheets of paper. A sheet is ordered by what it is made of, so that a check can make the very same one again. */

const Account = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999));
const Template = v.picklist(['seed-12', 'seed-24', 'slip39-20', 'slip39-33', 'slip39-59', 'codex32-48', 'codex32-74', 'codex32-127', 'seedqr-21', 'seedqr-25', 'seedqr-29', 'custody-log']);

/** What a sheet is made of. `label: null` stands for the key's own label. */
export const SheetContent = v.variant('kind', [
  v.strictObject({ kind: v.literal('cosigner-card'), keyHandle: KeyHandle, script: v.optional(ScriptName, 'p2wsh'), account: Account, label: v.nullable(Label) }),
  /** `by-hand` prints lines for the words and no secret. */
  v.strictObject({ kind: v.literal('seed'), keyHandle: KeyHandle, filling: v.picklist(['printed', 'by-hand']), label: v.nullable(Label) }),
  /** `bornAt`: Unix seconds before the wallet's first payment; 0 scans the whole chain. */
  v.strictObject({ kind: v.literal('wallet'), keyHandle: KeyHandle, registration: SmallText, bornAt: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_295)) }),
  v.strictObject({ kind: v.literal('deposit-addresses'), keyHandle: KeyHandle, registration: SmallText, index: AddressIndex, count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)) }),
  v.strictObject({ kind: v.literal('template'), template: Template, network: Network, label: v.nullable(Label) }),
]);

const Serial = v.nullable(v.pipe(v.string(), v.maxLength(100)));
const PrintDate = v.nullable(v.pipe(v.string(), v.maxLength(100)));
const PageSize = v.picklist(['a4', 'letter']);

/** A sheet to be made, or the same one again to check a print of it. */
export const SheetOrder = v.strictObject({
  content: SheetContent,
  /** Capitals, digits and hyphens, at most 24; `null` takes one from the kind and the fingerprint. */
  serial: Serial,
  /** ISO 8601 date as it stands on the sheet; `null` is today, and no date on a template. */
  date: PrintDate,
  pageSize: PageSize,
});

/** How a key is divided. `parts` of a Seed XOR are all needed. */
export const SharePlan = v.variant('scheme', [
  v.strictObject({
    scheme: v.literal('slip39'),
    groupThreshold: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)),
    groups: v.pipe(v.array(v.strictObject({ threshold: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)), count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)) })), v.minLength(1), v.maxLength(16)),
    passphrase: v.optional(Passphrase, ''),
  }),
  v.strictObject({ scheme: v.literal('codex32'), threshold: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(9)), count: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(31)) }),
  v.strictObject({ scheme: v.literal('seed-xor'), parts: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(4)) }),
]);

/** A key divided into shares, a secret sheet for each. */
export const ShareOrder = v.strictObject({ keyHandle: KeyHandle, plan: SharePlan, label: v.nullable(Label), serial: Serial, date: PrintDate, pageSize: PageSize });

/** How the private key of a paper wallet stands on its sheet. SecurePrint: BIP38 under a short code that is never printed. */
export const PaperSecret = v.variant('form', [
  v.strictObject({ form: v.literal('wif') }),
  v.strictObject({ form: v.literal('bip38'), passphrase: Passphrase }),
  v.strictObject({ form: v.literal('secure-print') }),
]);

/** New single-key paper wallets, each from its own part of one mixed entropy. They are kept nowhere but on these sheets. */
export const PaperWalletOrder = v.strictObject({
  network: Network,
  script: v.picklist(['p2pkh', 'p2wpkh', 'p2tr']),
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
  secret: PaperSecret,
  ...UserEntropyTexts,
  label: v.nullable(Label),
  serial: Serial,
  date: PrintDate,
  pageSize: PageSize,
});

/** What names a sheet. Nothing in it is secret. */
const SheetFacts = {
  sheetId: SheetId,
  kind: SheetKindName,
  part: SheetPartName,
  serial: v.string(),
  date: v.string(),
  pages: v.number(),
};

/** `text` is there on public sheets only: what a code of a secret sheet holds is on the paper and nowhere else. */
const SheetCode = v.strictObject({ id: v.string(), text: v.optional(v.string()) });

export const makeSheet = {
  input: v.strictObject({ order: SheetOrder, format: v.picklist(['pdf', 'svg']) }),
  /** `documents`: one PDF, or an SVG for each page. Of a secret sheet they are the secret. */
  output: v.strictObject({ ...SheetFacts, codes: v.array(SheetCode), documents: v.array(v.strictObject({ name: FileName, contentBase64: FileBase64 })) }),
} as const;

const Document = v.strictObject({ name: FileName, contentBase64: FileBase64 });

/** For the command line: one PDF of the address sheets, one of the key sheets, and the addresses as CSV. */
export const makePaperWallets = {
  input: v.strictObject({ order: PaperWalletOrder }),
  output: v.strictObject({
    sheets: v.array(v.strictObject({ ...SheetFacts, codes: v.array(SheetCode) })),
    wallets: v.array(v.strictObject({ serial: v.string(), address: v.string() })),
    publicDocument: Document,
    /** A secret. */
    secretDocument: Document,
    addresses: Document,
    /** By which the prints are read back later: hashes of what stands on them, nothing secret. */
    readBack: Document,
    /** How the batch came to be, by which a recall names it; nothing secret. */
    record: Document,
    /** SecurePrint's codes, to be written by hand. Secrets; empty for the other forms. */
    handCodes: v.array(v.strictObject({ serial: v.string(), code: v.string() })),
  }),
} as const;

/** For the command line: the shares as sheets in one PDF each, and as texts. All of it is secret. */
export const splitKey = {
  input: v.strictObject({ order: ShareOrder }),
  output: v.strictObject({
    shares: v.array(v.strictObject({ ...SheetFacts, share: v.string(), text: v.string(), document: Document })),
    /** By which the prints are read back later: hashes of what stands on them, nothing secret. */
    readBack: Document,
  }),
} as const;

/** What shows that somebody has the print in hand. */
const Proof = v.variant('by', [
  v.strictObject({ by: v.literal('codes'), scanned: v.pipe(v.array(v.pipe(v.string(), v.maxLength(8192))), v.maxLength(500)) }),
  /** The check words of every page, three words an entry. */
  v.strictObject({ by: v.literal('words'), words: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(50)) }),
]);

export const checkSheet = {
  input: v.strictObject({ order: SheetOrder, proof: Proof }),
  output: v.strictObject({
    ...SheetFacts, codes: v.array(SheetCode), made: v.literal(true), by: v.picklist(['codes', 'words']),
    /** For the custody register. */
    label: v.string(), network: Network, fingerprint: v.nullable(FingerprintText),
  }),
} as const;

/** A prepared sheet or batch in the host's memory: the window shows it, prints it and proves it without ever holding it. */
export const SheetJob = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

export const prepareSheets = {
  input: v.strictObject({
    order: v.variant('what', [
      v.strictObject({ what: v.literal('sheet'), order: SheetOrder }),
      v.strictObject({ what: v.literal('shares'), order: ShareOrder }),
      v.strictObject({ what: v.literal('paper-wallets'), order: PaperWalletOrder }),
    ]),
  }),
  output: v.strictObject({
    job: SheetJob,
    sheets: v.array(v.strictObject({ ...SheetFacts, label: v.string(), codes: v.array(v.string()) })),
    /** `picture`: the path of the page's SVG below the page's own origin, good until the job is dropped. */
    pages: v.array(v.strictObject({ sheetId: SheetId, page: v.number(), picture: v.string(), widthMm: v.number(), heightMm: v.number() })),
    /** SecurePrint's codes, to be copied by hand onto the key sheets. Secrets. */
    handCodes: v.array(v.strictObject({ serial: v.string(), code: v.string() })),
  }),
} as const;

/** A printer, as the system tells of it. `connection`: by a cable, over a network (which others may listen to), or not known. */
export const Printer = v.strictObject({
  name: v.string(),
  displayName: v.string(),
  isDefault: v.boolean(),
  location: v.string(),
  model: v.optional(v.string()),
  connection: v.optional(v.picklist(['cable', 'network', 'unknown'])),
});
export const printSheets = {
  input: v.strictObject({ job: SheetJob, part: SheetPartName, printer: v.pipe(v.string(), v.maxLength(300)), by: v.pipe(v.string(), v.maxLength(200)) }),
  output: v.strictObject({ pages: v.number() }),
} as const;

/** How far the read-back of each sheet of a job is. */
export const ReadState = v.strictObject({
  sheets: v.array(v.strictObject({
    sheetId: SheetId,
    read: v.array(v.string()),
    missing: v.array(v.string()),
    /** Pages, from 1, whose check words were not typed. */
    unproven: v.optional(v.array(v.number())),
    made: v.boolean(),
    by: v.nullable(v.picklist(['codes', 'words'])),
  })),
  /** Codes that are on none of the job's sheets: another sheet, or an older print. */
  foreign: v.number(),
  /** Typed words that are on none of the job's pages. */
  foreignWords: v.optional(v.number()),
  /** How many codes the last picture held, known or not. */
  seen: v.number(),
});

/** One picture of the camera, brightness only. */
export const CameraFrame = v.pipe(v.strictObject({ width: v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(4096)), height: v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(4096)), lumaBase64: FileBase64 }));
