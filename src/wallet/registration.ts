import * as v from 'valibot';
import { concat, utf8 } from '../domain/bytes.ts';
import { parseFingerprint, type Fingerprint } from '../domain/fingerprint.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { formatWalletFile, parseWalletFile } from './dialects/strongroom.ts';
import type { Wallet } from './wallet.ts';

/** A wallet that a person has bound to a key after comparing its policy id. Only the key's holder can make one. */
export interface Registration {
  readonly wallet: Wallet;
  readonly ownKey: Fingerprint;
  /** HMAC-SHA256 under a secret of the key (64 hex digits), over `registrationMessage`. */
  readonly mac: string;
}

const RegistrationFile = v.strictObject({
  format: v.literal('strongroom-registration'),
  version: v.literal(1),
  ownKey: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
  mac: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  wallet: v.looseObject({}),
});

/** The bytes under a registration's MAC: the whole wallet file, labels included, since people decide by the labels. */
export function registrationMessage(wallet: Wallet, ownKey: Fingerprint): Uint8Array {
  return concat(utf8('strongroom-registration-1\n'), utf8(`${ownKey}\n`), utf8(formatWalletFile(wallet)));
}

export function formatRegistration(registration: Registration): string {
  const file: v.InferOutput<typeof RegistrationFile> = {
    format: 'strongroom-registration',
    version: 1,
    ownKey: registration.ownKey,
    mac: registration.mac,
    wallet: JSON.parse(formatWalletFile(registration.wallet)),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * A registration as stated by a file. Whether a key made it, `verifyRegistration` of the Signer must say.
 * @throws StrongroomError `registration.malformed`, and what `parseWalletFile` throws
 */
export function parseRegistration(text: string): Registration {
  const file = v.safeParse(RegistrationFile, parseJson(text));
  const walletText = file.success ? jsonOf(file.output.wallet) : undefined;
  if (!file.success || walletText === undefined) {
    throw new StrongroomError('registration.malformed', 'The file is not a wallet registration.', {}, 'Choose the registration that the Signer wrote when the wallet was registered.');
  }
  return {
    wallet: parseWalletFile(walletText),
    ownKey: parseFingerprint(file.output.ownKey),
    mac: file.output.mac,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value's JSON, or `undefined` for one nested so deep that writing it down exhausts the stack. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
