import * as v from 'valibot';
import { command } from './contract.ts';
import { FileBase64, FileName } from './wire.ts';

/** Schemas of what crosses the gap as codes: shown by one window, scanned by the other. The same in both editions. */

/** Who reads the codes; what each reads best is `chooseFrames`'s to know. */
export const FrameReaderName = v.picklist(['strongroom', 'coldcard-q', 'sparrow', 'specter', 'specter-diy', 'seedsigner', 'krux', 'jade', 'keystone', 'passport', 'nunchuk', 'bluewallet', 'electrum', 'any']);
export const FrameFormatName = v.picklist(['strongroom', 'bbqr', 'ur', 'ur1', 'specter', 'base43', 'plain']);
export const ContentKindName = v.picklist(['psbt', 'transaction', 'wallet-descriptor', 'key-record', 'text', 'bytes']);

/** Names a transfer that the host shows or reads. Worthless in any other process. */
const TransferHandle = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
/** Version of a code: its density. */
export const CodeVersion = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(40));
export const CodesPerSecond = v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(15));
/** Positions of an animation go on without end; nobody watches for longer than this. */
const Position = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000_000));
/** Codes of one request: a few seconds of an animation. */
const CodeCount = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64));
/** Modules row by row, each row filled up to whole bytes; the highest bit comes first and 1 is dark. */
const CodeRows = v.string();

/** One picture of a camera: brightness, a byte a pixel. Bytes as they are, since up to thirty a second come. */
export const CameraPicture = v.pipe(
  v.strictObject({ width: v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(4096)), height: v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(4096)), luma: v.instance(Uint8Array) }),
  v.check(({ width, height, luma }) => luma.length === width * height),
);

const Transfer = v.strictObject({
  format: FrameFormatName,
  name: v.string(),
  /** `null` where the format does not say before the end. */
  kind: v.nullable(ContentKindName),
  parts: v.number(),
  /** Any frame helps; of the others each is waited for by its number. */
  isFountain: v.boolean(),
});

/** What a scan has come to. */
export const ScanState = v.strictObject({
  /** Codes in the last picture. */
  seen: v.number(),
  transfer: v.nullable(Transfer),
  /** Frames that told something new. */
  received: v.number(),
  /** Numbers, from 1, of the parts that are not known yet. */
  missing: v.array(v.number()),
  isComplete: v.boolean(),
  /** Transfers that were in view besides and were not taken: of another content, or not of what is expected here. The latest last. */
  others: v.array(v.strictObject({ name: v.string(), why: v.picklist(['other-transfer', 'other-kind']), kind: v.nullable(ContentKindName), codes: v.number() })),
  /** What was wrong with the last code that could not be read, or with the whole transfer. */
  problem: v.nullable(v.strictObject({ code: v.string(), message: v.string(), hint: v.string() })),
});

/** A code of the calibration: its version, and which of the codes of that version it is. */
const CalibrationMark = v.strictObject({ version: CodeVersion, number: v.number() });

/** What this machine's owner found to be read best, for showing to the other edition; `null` where nobody measured it. */
const CodeSettings = v.strictObject({ version: v.nullable(CodeVersion), codesPerSecond: CodesPerSecond });

export const framesContract = {
  /** Opens the endless frames of a content. Overrides say what a person chose instead of what the reader reads best. */
  'frames.encode': command(
    v.strictObject({ contentBase64: FileBase64, reader: FrameReaderName, format: v.nullable(FrameFormatName), version: v.nullable(CodeVersion) }),
    v.strictObject({
      sequence: TransferHandle, format: FrameFormatName,
      /** Frames after which everything was shown once. */
      parts: v.number(),
      version: CodeVersion,
      /** Modules in a row and in a column, without the quiet zone. */
      size: v.number(),
      /** Whether a lost frame is made up for by any other. */
      isFountain: v.boolean(),
    }),
  ),
  'frames.codes': command(v.strictObject({ sequence: TransferHandle, from: Position, count: CodeCount }), v.strictObject({ codes: v.array(CodeRows) })),
  /** Puts a sequence or a scan away. */
  'frames.drop': command(v.strictObject({ handle: TransferHandle }), v.strictObject({})),
  /** Begins to scan for contents of some kinds; others are told and not taken. */
  'frames.begin': command(v.strictObject({ expects: v.pipe(v.array(ContentKindName), v.minLength(1)) }), v.strictObject({ session: TransferHandle })),
  /** Looks for codes in a picture of the camera. */
  'frames.scan': command(v.strictObject({ session: TransferHandle, picture: CameraPicture }), ScanState),
  /** The same of pictures that a person chooses; `null` when the dialog was closed. */
  'frames.scan-file': command(v.strictObject({ session: TransferHandle }), v.nullable(ScanState)),
  /** The same of texts of codes, as another program read them. */
  'frames.read': command(v.strictObject({ session: TransferHandle, texts: v.pipe(v.array(v.pipe(v.string(), v.maxLength(7089))), v.maxLength(4096)) }), ScanState),
  /** Begins anew, so that a transfer that was told apart can be read instead. */
  'frames.reset': command(v.strictObject({ session: TransferHandle }), ScanState),
  'frames.result': command(v.strictObject({ session: TransferHandle }), v.strictObject({ kind: ContentKindName, contentBase64: FileBase64, name: FileName })),
  /** Codes of one density that say which they are, for the other machine's camera. */
  'frames.calibration': command(v.strictObject({ version: CodeVersion, from: Position, count: CodeCount }), v.strictObject({ codes: v.array(CodeRows), size: v.number() })),
  /** Which of them a picture shows. */
  'frames.measure': command(v.strictObject({ picture: CameraPicture }), v.strictObject({ marks: v.array(CalibrationMark) })),
  'frames.settings': command(v.strictObject({}), CodeSettings),
  'frames.keep-settings': command(CodeSettings, v.strictObject({})),
} as const;
