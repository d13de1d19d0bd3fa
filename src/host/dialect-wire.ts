import * as v from 'valibot';
import { FileName, FingerprintText, Label, Network, Passphrase, ScriptName, SmallText, WalletPolicy } from './wire.ts';

/** Schemas of wallets and keys as other programs write them. The same in both editions. */

/** A wallet file of another program; one of Electrum holds its whole history. */
export const ForeignText = v.pipe(v.string(), v.maxLength(8_388_608));
/** The formats that a wallet is written in. */
export const walletFormats = ['strongroom', 'descriptor', 'bip388', 'coldcard', 'bsms', 'specter', 'sparrow', 'caravan', 'electrum', 'core', 'ur'] as const;
/** The formats that a public key record is written in. */
export const keyRecordFormats = ['descriptor', 'coldcard', 'bsms', 'ur'] as const;
/** What a conversion left behind or took for granted; codes in docs/dialects.md. */
export const Losses = v.array(v.strictObject({ code: v.string(), text: v.string() }));

/** What a person says where a file leaves it open; `password` is Electrum's, or the token of a BSMS session. */
export const foreignChoices = {
  fallbackName: v.optional(v.nullable(Label)), network: v.optional(v.nullable(Network)), script: v.optional(v.nullable(ScriptName)), password: v.optional(v.nullable(Passphrase)),
} as const;

/** A wallet from the file of any program, whose content decides what it is. */
export const importWallet = {
  input: v.strictObject({
    file: ForeignText, name: v.optional(v.nullable(Label)), ...foreignChoices,
    /** The network that is taken where the file fits several and nobody chose. */
    preferredNetwork: v.optional(v.nullable(Network)),
  }),
  output: v.strictObject({ ...WalletPolicy.entries, wallet: SmallText, suggestedName: FileName, format: v.string(), losses: Losses }),
} as const;

/** A wallet in another program's format; refused where that program has no such wallets. */
export const exportWallet = {
  input: v.strictObject({ wallet: SmallText, format: v.picklist(walletFormats) }),
  output: v.strictObject({ content: ForeignText, format: v.string(), losses: Losses, suggestedName: FileName }),
} as const;

/** The public keys in the key record or key export of any program. */
export const readKeys = {
  input: v.strictObject({ file: ForeignText, password: v.optional(v.nullable(Passphrase)) }),
  output: v.strictObject({
    format: v.string(),
    keys: v.array(v.strictObject({
      label: v.nullable(v.string()),
      /** What the key is meant for, where the file says it. */
      script: v.nullable(ScriptName),
      fingerprint: FingerprintText, path: v.string(),
      /** `[fingerprint/path]xpub`. */
      record: v.string(),
    })),
  }),
} as const;
