import * as v from 'valibot';
import type { Fingerprint } from '../../domain/fingerprint.ts';
import { networkNames, type NetworkName } from '../../domain/network.ts';

/** What one source gave. */
export interface RecordedSource {
  /** `runtime`, `kernel`, `dice`, `coins`, `cards`, `typed`; or `mnemonic` and the like for what was restored. */
  readonly source: string;
  /** Bytes read, rolls, flips, cards or characters. */
  readonly count: number;
  /** What they are worth at least, by the source's own measure. */
  readonly bits: number;
}

/** How a key came to be, for the day on which a generator turns out to have been weak. Nothing in it is secret. */
export interface EntropyRecord {
  readonly fingerprint: Fingerprint;
  readonly network: NetworkName;
  readonly label: string;
  readonly mode: 'mixed' | 'dice-only' | 'restored' | 'derived';
  readonly sources: readonly RecordedSource[];
  /** The checks that ran and were passed. */
  readonly health: readonly string[];
  readonly program: string;
  readonly programVersion: string;
  /** SHA-256 of what the program was built from, or `source`. */
  readonly build: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
}

const Line = v.pipe(v.string(), v.maxLength(100), v.regex(/^[^\p{C}]*$/u));

/** The record's fields as they stand in files. */
export const entropyRecordFields = {
  fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
  network: v.picklist(networkNames),
  label: v.pipe(Line, v.minLength(1), v.maxLength(60)),
  mode: v.picklist(['mixed', 'dice-only', 'restored', 'derived']),
  sources: v.pipe(v.array(v.strictObject({ source: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,20}$/)), count: v.pipe(v.number(), v.integer(), v.minValue(0)), bits: v.pipe(v.number(), v.minValue(0)) })), v.maxLength(12)),
  health: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z0-9/-]{1,40}$/))), v.maxLength(40)),
  program: Line,
  programVersion: Line,
  build: v.pipe(v.string(), v.regex(/^([0-9a-f]{64}|source)$/)),
  madeAt: v.pipe(v.string(), v.isoTimestamp()),
} as const;
