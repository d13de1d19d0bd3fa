import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '../../domain/bytes.ts';
import { requireHealthy, type SystemReading } from './system-entropy.ts';

/**
 * Random bytes for shares, codes and practice keys: HKDF-SHA256(all readings in a row, salt "strongroom random 1", info "draw"),
 * so that whoever knows all but one of the system's sources knows nothing of them. Each draw takes readings of its own; there is
 * no state that could be copied, and no way on from a source that fails. Readings have a fixed length, so that their row can be
 * read in one way only. They are wiped.
 * @param system fresh readings
 * @returns `length` bytes. A secret.
 * @throws StrongroomError `entropy.source-failed`
 * @see RFC 5869
 */
export function randomOfReadings(system: readonly SystemReading[], length: number): Uint8Array {
  const reads = system.flatMap(({ first, second }) => [first, second]);
  try {
    requireHealthy(system);
    const material = concat(...reads);
    try {
      return hkdf(sha256, material, utf8('strongroom random 1'), utf8('draw'), length);
    } finally {
      material.fill(0);
    }
  } finally {
    for (const bytes of reads) bytes.fill(0);
  }
}
