import type { InferOutput } from 'valibot';
import { frameSequence } from '../../airgap/frames/frame-sequence.ts';
import { utf8 } from '../../domain/bytes.ts';
import type { WalletScript } from '../../domain/wallet-script.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { bsmsKeyRecord } from '../../signer/bsms-key-record.ts';
import type { SigningKey } from '../../signer/signing-key.ts';
import { formatColdcardKey } from '../../wallet/dialects/coldcard-export.ts';
import { formatKeyRecord, type KeyRecord } from '../../wallet/key-record.ts';

type KeyRecordFormat = NonNullable<InferOutput<(typeof signerCoreContract)['key.export']['input']>['format']>;

/** What a record's file is called at its end. */
export const keyRecordExtensions: Readonly<Record<KeyRecordFormat, string>> = { descriptor: '.txt', coldcard: '.json', bsms: '.bsms', ur: '.ur.txt' };

/** The densest code: frames of a file are read by programs, not by cameras. */
const FRAME_VERSION = 40;

/**
 * A public key record in the format that was asked for.
 * @throws StrongroomError `wallet.export-limit`, `key.locked`, `sign.disagreement` (BSMS records are signed)
 */
export function writtenKeyRecord(key: SigningKey, record: KeyRecord, { script, account, format, label }: { readonly script: WalletScript; readonly account: number; readonly format: KeyRecordFormat; readonly label: string }): string {
  const text = formatKeyRecord(record, key.network);
  switch (format) {
    case 'descriptor': return text;
    case 'coldcard': return formatColdcardKey(record, script, key.network, account);
    case 'bsms': return bsmsKeyRecord(key, record, label);
    case 'ur': return frameSequence({ kind: 'key-record', bytes: utf8(text) }, { format: 'ur', version: FRAME_VERSION }).frame(0);
  }
}
