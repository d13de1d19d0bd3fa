import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '../../domain/bytes.ts';
import type { MnemonicLength } from '../mnemonic.ts';
import { requireHealthy, type SystemReading } from './system-entropy.ts';
import type { UserEntropy } from './user-entropy.ts';

/** Bytes of entropy under a mnemonic of so many words (BIP39: 11 bits a word, of which 1 in 33 is checksum). */
export const entropyBytesOf = (words: MnemonicLength): 16 | 32 => (words === 12 ? 16 : 32);

/** Fresh key entropy with the record of where it came from. */
export interface MixedEntropy {
  /** 16 or 32 bytes. A secret: wipe it after use. */
  readonly entropy: Uint8Array;
  /** For the key file and for people: `os`, then for example `dice:99`. */
  readonly sources: readonly string[];
}

/**
 * Mixes the system's and the person's entropy, so that whoever knows all but one of the sources knows nothing of the key.
 *
 * entropy = HKDF-SHA256(ikm, salt "strongroom key entropy 1", info "mnemonic 12|24"), 16 or 32 bytes, where ikm is a field
 * for each source in this order: each system reading (`system/runtime/1`, `system/runtime/2`, `system/kernel/1`, ...),
 * `dice`, `coins`. A field is its name's length (4 bytes, big-endian), the name, its content's length (4 bytes), the content. The
 * lengths rule out that two different sets of sources make one ikm. What was mixed is wiped.
 * @throws StrongroomError `entropy.source-failed`
 * @see RFC 5869
 */
export function mixEntropy(words: MnemonicLength, system: readonly SystemReading[], user: readonly UserEntropy[]): MixedEntropy {
  requireHealthy(system);
  const inOrder = [...user].sort((a, b) => (a.source < b.source ? 1 : -1));
  const fields = [
    ...system.flatMap(({ source, first, second }) => [field(`system/${source}/1`, first), field(`system/${source}/2`, second)]),
    ...inOrder.map(({ source, faces }) => field(source, faces)),
  ];
  const material = concat(...fields);
  const entropy = hkdf(sha256, material, utf8('strongroom key entropy 1'), utf8(`mnemonic ${words}`), entropyBytesOf(words));
  const sources = ['os', ...inOrder.map(({ source, faces }) => `${source}:${faces.length}`)];
  const mixed = [...system.flatMap(({ first, second }) => [first, second]), ...user.map(({ faces }) => faces)];
  for (const secret of [material, ...fields, ...mixed]) secret.fill(0);
  return { entropy, sources };
}

function field(name: string, content: Uint8Array): Uint8Array {
  const header = new Uint8Array(8 + name.length);
  const view = new DataView(header.buffer);
  view.setUint32(0, name.length);
  header.set(utf8(name), 4);
  view.setUint32(4 + name.length, content.length);
  return concat(header, content);
}
