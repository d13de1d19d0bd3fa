import * as v from 'valibot';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { entropyRecordFields, type EntropyRecord } from './entropy-record.ts';

/** Nothing that could be a record is larger. */
export const MAX_ENTROPY_RECORD_BYTES = 16_384;

const RecordFile = v.strictObject({ format: v.literal('strongroom-entropy-record'), version: v.literal(1), ...entropyRecordFields });

/**
 * The record as the file that lies beside its key file: JSON, UTF-8. It holds nothing secret.
 * @throws StrongroomError `entropy.record-malformed` when it would not read back
 */
export function formatEntropyRecord({ fingerprint, network, label, mode, sources, health, program, programVersion, build, madeAt }: EntropyRecord): string {
  const content = { format: 'strongroom-entropy-record', version: 1, fingerprint, network, label, mode, sources, health, program, programVersion, build, madeAt };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  parseEntropyRecord(text);
  return text;
}

/**
 * A record file's content. Strict: a field that is missing or unknown makes it no record.
 * @throws StrongroomError `entropy.record-malformed`
 */
export function parseEntropyRecord(text: string): EntropyRecord {
  const content = text.length > MAX_ENTROPY_RECORD_BYTES ? null : v.safeParse(RecordFile, jsonOf(text));
  if (content?.success !== true) {
    throw new StrongroomError('entropy.record-malformed', 'The file is not a Strongroom entropy record, or was damaged.', {}, 'Use another copy. The key file itself holds the record too: key show reads it.');
  }
  const { format: _format, version: _version, ...record } = content.output;
  return { ...record, fingerprint: parseFingerprint(record.fingerprint) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
