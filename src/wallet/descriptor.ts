import { StrongroomError } from '../errors/strongroom-error.ts';
import type { NetworkName } from '../domain/network.ts';
import { formatKeyRecord, parseKeyRecord, rejectPrivateKeyText, type KeyRecord } from './key-record.ts';

const INPUT_CHARSET = '0123456789()[],\'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#"\\ ';
const CHECKSUM_CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0xf5dee51989n, 0xa9fdca3312n, 0x1bab10e32dn, 0x3706b1677an, 0x644d626ffdn] as const;

function polymod(state: bigint, symbol: number): bigint {
  const top = state >> 35n;
  let next = ((state & 0x7ffffffffn) << 5n) ^ BigInt(symbol);
  GENERATOR.forEach((generator, bit) => {
    if (((top >> BigInt(bit)) & 1n) === 1n) next ^= generator;
  });
  return next;
}

/**
 * The eight-character checksum of a descriptor without `#`.
 * @throws StrongroomError `wallet.malformed` for a character that no descriptor holds
 * @see BIP380, "Checksum"
 */
export function descriptorChecksum(descriptor: string): string {
  let state = 1n;
  let group = 0;
  let grouped = 0;
  for (const character of descriptor) {
    const position = INPUT_CHARSET.indexOf(character);
    if (position < 0) throw new StrongroomError('wallet.malformed', 'The descriptor holds a character that no descriptor has.', {}, 'Export the descriptor again.');
    state = polymod(state, position & 31);
    group = group * 3 + (position >> 5);
    grouped += 1;
    if (grouped === 3) {
      state = polymod(state, group);
      group = 0;
      grouped = 0;
    }
  }
  if (grouped > 0) state = polymod(state, group);
  for (let round = 0; round < 8; round += 1) state = polymod(state, 0);
  state ^= 1n;
  let checksum = '';
  for (let shift = 35n; shift >= 0n; shift -= 5n) checksum += CHECKSUM_CHARSET[Number((state >> shift) & 31n)];
  return checksum;
}

/** The descriptor followed by `#` and its checksum. */
export const withChecksum = (descriptor: string): string => `${descriptor}#${descriptorChecksum(descriptor)}`;

/** What `wsh(sortedmulti(...))` says: the narrow descriptor language of this version. */
export interface SortedMultisigDescriptor {
  readonly required: number;
  readonly keys: readonly KeyRecord[];
}

/**
 * A `wsh(sortedmulti(m,[origin]xpub/<0;1>/*,...))` descriptor; the checksum is required.
 * @throws StrongroomError `wallet.checksum`, `wallet.malformed`, `wallet.descriptor-unsupported`, and what `parseKeyRecord` throws
 * @see BIP380 to BIP383, BIP389
 */
export function parseDescriptor(text: string): SortedMultisigDescriptor {
  const trimmed = text.trim();
  rejectPrivateKeyText(trimmed);
  const [body = '', checksum, ...rest] = trimmed.split('#');
  if (rest.length > 0 || checksum === undefined || descriptorChecksum(body) !== checksum) {
    throw new StrongroomError('wallet.checksum', 'The descriptor\'s checksum is wrong or missing.', {}, 'Copy the whole descriptor again, with the eight characters after #.');
  }
  const match = /^wsh\(sortedmulti\(([0-9]{1,2}),(.+)\)\)$/.exec(body);
  if (match === null) {
    throw new StrongroomError('wallet.descriptor-unsupported', 'Only wsh(sortedmulti(...)) descriptors are supported by this version.', {}, 'Export the wallet as P2WSH multisig with sorted keys.');
  }
  const keys = (match[2] as string).split(',').map((expression) => {
    if (!expression.endsWith('/<0;1>/*')) {
      throw new StrongroomError('wallet.descriptor-unsupported', 'Each key of the descriptor must end in /<0;1>/*.', {}, 'Export the descriptor with its receive and change branches as a multipath (BIP389).');
    }
    return parseKeyRecord(expression.slice(0, -'/<0;1>/*'.length));
  });
  return { required: Number(match[1]), keys };
}

/** The descriptor's text with its checksum, both branches as a BIP389 multipath or one branch alone. */
export function formatDescriptor(descriptor: SortedMultisigDescriptor, network: NetworkName, branch?: 0 | 1): string {
  const tail = branch === undefined ? '<0;1>' : String(branch);
  const keys = descriptor.keys.map((key) => `${formatKeyRecord(key, network)}/${tail}/*`);
  return withChecksum(`wsh(sortedmulti(${descriptor.required},${keys.join(',')}))`);
}
