import * as v from 'valibot';
import { FileBase64, FileName, FingerprintText, KeyHandle, Label, Network, Passphrase } from './wire.ts';

/** Schemas of keys: how they are made, what is recorded of it, and how they come back. */

/** What a person threw, drew or typed, as text; empty where that source was not used. */
const Rolls = v.pipe(v.string(), v.maxLength(16_384));
/** Words, digits, shares or an extended key, as typed or scanned. A secret. */
export const SecretText = v.pipe(v.string(), v.maxLength(4096));

export const MnemonicLanguageName = v.picklist(['english', 'japanese', 'korean', 'spanish', 'chinese-simplified', 'chinese-traditional', 'french', 'italian', 'czech', 'portuguese']);

/** `mixed`: system and person, either of which suffices. `dice-only`: SHA-256 of the rolls as text, and nothing else. */
export const EntropyMode = v.picklist(['mixed', 'dice-only']);

export const UserEntropyTexts = {
  dice: v.optional(Rolls, ''),
  coins: v.optional(Rolls, ''),
  cards: v.optional(Rolls, ''),
  typed: v.optional(Rolls, ''),
} as const;

/** How a key came to be. Nothing in it is secret; it lies beside the key file, and inside it. */
export const EntropyRecord = v.strictObject({
  format: v.literal('strongroom-entropy-record'),
  version: v.literal(1),
  fingerprint: FingerprintText,
  network: Network,
  label: v.string(),
  /** `restored`: the key is older than this file, and where it came from is not known here. */
  mode: v.picklist(['mixed', 'dice-only', 'restored', 'derived']),
  /** `count`: bytes read, rolls, flips, cards or characters. `bits`: what they are worth at least, by the source's own measure. */
  sources: v.array(v.strictObject({ source: v.string(), count: v.number(), bits: v.number() })),
  /** Checks that ran and were passed; a failed one makes no key. */
  health: v.array(v.string()),
  program: v.string(),
  programVersion: v.string(),
  /** SHA-256 of what the program was built from, 64 hex digits, or `source` for a program run from its source. */
  build: v.pipe(v.string(), v.regex(/^([0-9a-f]{64}|source)$/)),
  /** ISO 8601, UTC. */
  madeAt: v.string(),
});

export const KeyFacts = v.strictObject({
  keyHandle: KeyHandle,
  fingerprint: FingerprintText,
  network: Network,
  label: v.string(),
  /** Program version that made the key, and when (ISO 8601, UTC). */
  createdBy: v.string(),
  createdAt: v.string(),
  /** What the key file keeps; only a mnemonic can be shown as words. */
  secret: v.picklist(['mnemonic', 'seed', 'master-key']),
  /** Of a mnemonic. */
  words: v.nullable(v.picklist([12, 15, 18, 21, 24])),
  language: v.nullable(MnemonicLanguageName),
  hasBip39Passphrase: v.boolean(),
  /** Where its entropy came from, for example `["os", "dice:99"]`. */
  sources: v.array(v.string()),
  entropyRecord: v.nullable(EntropyRecord),
});

/** A key file that was just written: facts, content, and the name of the record beside it. */
export const NewKeyFile = v.strictObject({ ...KeyFacts.entries, keyFileBase64: FileBase64, suggestedName: FileName, recordName: FileName });

export const createKey = {
  input: v.strictObject({ network: Network, label: Label, words: v.picklist([12, 24]), mode: v.optional(EntropyMode, 'mixed'), ...UserEntropyTexts, passphrase: Passphrase }),
  output: NewKeyFile,
} as const;

/** A secret as people keep it: one text, or several shares. `language` where words are of several lists. */
export const GivenSecret = {
  secrets: v.pipe(v.array(SecretText), v.minLength(1), v.maxLength(64)),
  language: v.optional(v.nullable(MnemonicLanguageName), null),
  bip39Passphrase: v.optional(Passphrase, ''),
  /** SLIP-39's own passphrase. */
  sharePassphrase: v.optional(Passphrase, ''),
  /** Several mnemonics are the parts of one (Seed XOR). Nothing in them tells, so it must be said. */
  seedXor: v.optional(v.boolean(), false),
} as const;

export const restoreKey = {
  input: v.strictObject({ network: Network, label: Label, ...GivenSecret, passphrase: Passphrase }),
  output: NewKeyFile,
} as const;

/** A child key by BIP85 as a key file of its own. */
export const childKey = {
  input: v.strictObject({ keyHandle: KeyHandle, words: v.picklist([12, 18, 24]), index: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_147_483_647)), label: Label, passphrase: Passphrase }),
  output: NewKeyFile,
} as const;

export const changePassphrase = {
  input: v.strictObject({ keyFileBase64: FileBase64, passphrase: Passphrase, newPassphrase: Passphrase }),
  output: v.strictObject({ keyFileBase64: FileBase64, fingerprint: FingerprintText }),
} as const;

/** Help while words are typed. Everything in the reply is part of a secret. */
export const checkWords = {
  input: v.strictObject({ text: SecretText, language: v.nullable(MnemonicLanguageName) }),
  output: v.strictObject({
    language: v.nullable(MnemonicLanguageName),
    words: v.array(v.strictObject({ position: v.number(), known: v.boolean(), suggestions: v.array(v.string()) })),
    /** `open` until the number of words is 12, 15, 18, 21 or 24 and all are known. */
    checksum: v.picklist(['open', 'fits', 'wrong']),
    /** Ways in which a wrong checksum may have come about, likeliest first: a word misread, or two neighbours that changed places. */
    repairs: v.array(v.variant('kind', [
      v.strictObject({ kind: v.literal('word'), position: v.number(), word: v.string(), distance: v.number() }),
      v.strictObject({ kind: v.literal('swap'), positions: v.tuple([v.number(), v.number()]) }),
    ])),
  }),
} as const;

/** Every last word that completes 11, 14, 17, 20 or 23 words. */
export const lastWords = {
  input: v.strictObject({ text: SecretText, language: MnemonicLanguageName }),
  output: v.strictObject({ words: v.array(v.string()) }),
} as const;

/** Shares gathered so far: whether each is good and of one set, and what is missing. Nothing is recovered. */
export const checkShares = {
  input: v.strictObject({ secrets: v.pipe(v.array(SecretText), v.minLength(1), v.maxLength(64)) }),
  output: v.strictObject({
    form: v.picklist(['slip39', 'codex32']),
    /** What the shares of one set have in common, as it stands on their sheets. */
    identifier: v.string(),
    shares: v.array(v.strictObject({ group: v.number(), share: v.string() })),
    groups: v.array(v.strictObject({ group: v.number(), have: v.number(), need: v.number() })),
    groupsComplete: v.number(),
    groupsNeeded: v.number(),
    isComplete: v.boolean(),
  }),
} as const;

/** A passphrase, character by character, so that what a keyboard really sent can be seen. */
export const codePoints = {
  input: v.strictObject({ text: Passphrase }),
  output: v.strictObject({
    characters: v.array(v.strictObject({
      position: v.number(), codePoint: v.string(), shown: v.nullable(v.string()), kind: v.string(), name: v.nullable(v.string()),
      combining: v.boolean(), invisible: v.boolean(), edgeBlank: v.boolean(), nonAscii: v.boolean(), normalised: v.boolean(),
    })),
  }),
} as const;
