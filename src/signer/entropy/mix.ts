import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '../../domain/bytes.ts';
import type { MnemonicLength } from '../mnemonic.ts';
import type { SystemReading } from './system-entropy.ts';
import { keyBits, userSourceNames, type UserEntropy } from './user-source.ts';

/**
 * Mixes the system's and the person's entropy, so that whoever knows all but one of the sources knows nothing of the key.
 *
 * entropy = HKDF-SHA256(ikm, salt "strongroom key entropy 1", info "mnemonic 12|24"), 16 or 32 bytes, where ikm is a field
 * for each source in this order: each system reading (`system/runtime/1`, `system/runtime/2`, `system/kernel/1`,
 * `system/kernel/2`), `dice`, `coins`, `cards`, `typed`; what was not given has no field. A field is its name's length
 * (4 bytes, big-endian), the name, its content's length (4 bytes), the content (see `UserEntropy`). The lengths rule out
 * that two different sets of sources make one ikm. What was mixed is wiped.
 *
 * It judges nothing: key-entropy.ts does, and nothing else calls this.
 * @returns a secret: wipe it after use
 * @see RFC 5869
 */
export function mixEntropy(words: MnemonicLength, system: readonly SystemReading[], user: readonly Pick<UserEntropy, 'source' | 'content'>[]): Uint8Array {
  const fields = [
    ...system.flatMap(({ source, first, second }) => [field(`system/${source}/1`, first), field(`system/${source}/2`, second)]),
    ...userSourceNames.flatMap((name) => user.filter(({ source }) => source === name).map(({ content }) => field(name, content))),
  ];
  const material = concat(...fields);
  const entropy = hkdf(sha256, material, utf8('strongroom key entropy 1'), utf8(`mnemonic ${words}`), keyBits(words) / 8);
  const mixed = [...system.flatMap(({ first, second }) => [first, second]), ...user.map(({ content }) => content)];
  for (const secret of [material, ...fields, ...mixed]) secret.fill(0);
  return entropy;
}

function field(name: string, content: Uint8Array): Uint8Array {
  const header = new Uint8Array(8 + name.length);
  const view = new DataView(header.buffer);
  view.setUint32(0, name.length);
  header.set(utf8(name), 4);
  view.setUint32(4 + name.length, content.length);
  return concat(header, content);
}
