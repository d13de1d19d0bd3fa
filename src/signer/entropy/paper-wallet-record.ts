import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { toHex, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { entropyRecordFields, type EntropyRecord } from './entropy-record.ts';

/** Five hundred addresses of the longest form take about 40,000 bytes. */
export const MAX_PAPER_WALLET_RECORD_BYTES = 65_536;

/**
 * How a batch of paper wallets came to be, for the day on which a generator turns out to have been weak: they have no key file
 * that could hold it. Nothing in it is secret; it names the wallets by serial and address.
 */
export interface PaperWalletRecord extends Pick<EntropyRecord, 'network' | 'label' | 'sources' | 'health' | 'program' | 'programVersion' | 'build' | 'madeAt'> {
  /** What the serials of the batch's sheets begin with. */
  readonly serial: string;
  /** In the order of their numbers, from 1. */
  readonly addresses: readonly string[];
}

const { network, sources, health, program, programVersion, build, madeAt } = entropyRecordFields;
const RecordFile = v.strictObject({
  format: v.literal('strongroom-paper-wallet-record'),
  version: v.literal(1),
  serial: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{1,24}$/)),
  network,
  // Paper wallets need no label.
  label: v.pipe(v.string(), v.maxLength(60), v.regex(/^[^\p{C}]*$/u)),
  addresses: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{20,100}$/))), v.minLength(1), v.maxLength(500)),
  sources, health, program, programVersion, build, madeAt,
});

/**
 * The record as the file that lies beside the batch's other files: JSON, UTF-8. It holds nothing secret.
 * @throws StrongroomError `entropy.record-malformed` when it would not read back
 */
export function formatPaperWalletRecord(record: PaperWalletRecord): string {
  const { serial, network: net, label, addresses, sources: from, health: checks, program: by, programVersion: version, build: hash, madeAt: at } = record;
  const content = { format: 'strongroom-paper-wallet-record', version: 1, serial, network: net, label, addresses, sources: from, health: checks, program: by, programVersion: version, build: hash, madeAt: at };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  parsePaperWalletRecord(text);
  return text;
}

/**
 * A record file's content. Strict: a field that is missing or unknown makes it no record.
 * @throws StrongroomError `entropy.record-malformed`
 */
export function parsePaperWalletRecord(text: string): PaperWalletRecord {
  const content = text.length > MAX_PAPER_WALLET_RECORD_BYTES ? null : v.safeParse(RecordFile, jsonOf(text));
  if (content?.success !== true) {
    throw new StrongroomError('entropy.record-malformed', 'The file is not a Strongroom record of paper wallets, or was damaged.', {}, 'Use another copy.');
  }
  const { format: _format, version: _version, ...record } = content.output;
  return record;
}

/** Whether a text says that it is such a record, as opposed to a key's. */
export const isPaperWalletRecord = (text: string): boolean => (jsonOf(text) as { readonly format?: unknown } | null | undefined)?.format === 'strongroom-paper-wallet-record';

/**
 * `paper-wallets-pw-20261122-3f9a-0c1d2e3f.entropy.json`. The digits are of the first address: batches to which a person gave one
 * serial twice differ by them.
 */
export const paperWalletRecordFileName = ({ serial, addresses }: Pick<PaperWalletRecord, 'serial' | 'addresses'>): string =>
  `paper-wallets-${serial.toLowerCase()}-${toHex(sha256(utf8(addresses[0] ?? ''))).slice(0, 8)}.entropy.json`;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
