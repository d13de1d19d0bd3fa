import { StrongroomError } from '../errors/strongroom-error.ts';
import { toHex } from '../domain/bytes.ts';
import type { NetworkName } from '../domain/network.ts';
import { formatKeyRecord, parseKeyRecord, rejectPrivateKeyText, type KeyRecord } from './key-record.ts';
import { UNSPENDABLE_INTERNAL_KEY } from './taproot.ts';
import { isQuorumScript, walletScripts, type WalletScript } from '../domain/wallet-script.ts';

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

/** What a wallet's descriptor says. */
export interface WalletDescriptor {
  readonly script: WalletScript;
  /** Of a script of one key: 1. */
  readonly required: number;
  readonly keys: readonly KeyRecord[];
}

/** How a descriptor of each script type begins and ends; its keys stand between. */
const forms: Readonly<Record<WalletScript, readonly [string, string]>> = {
  p2sh: ['sh(sortedmulti(', '))'],
  'p2sh-p2wsh': ['sh(wsh(sortedmulti(', ')))'],
  p2wsh: ['wsh(sortedmulti(', '))'],
  'p2tr-multi': [`tr(${toHex(UNSPENDABLE_INTERNAL_KEY)},sortedmulti_a(`, '))'],
  p2pkh: ['pkh(', ')'],
  'p2sh-p2wpkh': ['sh(wpkh(', '))'],
  p2wpkh: ['wpkh(', ')'],
  p2tr: ['tr(', ')'],
};
/** Both branches, as a multipath. @see BIP389 */
const BRANCHES = '/<0;1>/*';

/**
 * A wallet's descriptor: one of the forms above, each key with its origin and `/<0;1>/*`; the checksum is required.
 * @throws StrongroomError `wallet.checksum`, `wallet.malformed`, `wallet.descriptor-unsupported`, and what `parseKeyRecord` throws
 * @see BIP380 to BIP387, BIP389
 */
export function parseDescriptor(text: string): WalletDescriptor {
  const trimmed = text.trim();
  rejectPrivateKeyText(trimmed);
  const [body = '', checksum, ...rest] = trimmed.split('#');
  if (rest.length > 0 || checksum === undefined || descriptorChecksum(body) !== checksum) {
    throw new StrongroomError('wallet.checksum', 'The descriptor\'s checksum is wrong or missing.', {}, 'Copy the whole descriptor again, with the eight characters after #.');
  }
  const script = walletScripts.find((candidate) => body.startsWith(forms[candidate][0]) && body.endsWith(forms[candidate][1]) && !/[()]/.test(argumentsOf(body, candidate)));
  const parts = script === undefined ? [] : argumentsOf(body, script).split(',');
  const required = script === undefined ? null : isQuorumScript(script) ? (/^[1-9][0-9]?$/.test(parts[0] as string) ? Number(parts.shift()) : null) : 1;
  if (script === undefined || required === null || parts.length === 0 || (!isQuorumScript(script) && parts.length !== 1)) {
    throw new StrongroomError('wallet.descriptor-unsupported', 'A wallet here is one key or a quorum of sorted keys: pkh, wpkh, sh(wpkh), tr, or sortedmulti in sh, sh(wsh) or wsh, or sortedmulti_a in tr with the unspendable internal key of BIP341.', {}, 'Export the wallet in one of these forms, for instance as P2WSH multisig with sorted keys.');
  }
  const keys = parts.map((expression) => {
    if (!expression.endsWith(BRANCHES)) {
      throw new StrongroomError('wallet.descriptor-unsupported', 'Each key of the descriptor must end in /<0;1>/*.', {}, 'Export the descriptor with its receive and change branches as a multipath (BIP389).');
    }
    return parseKeyRecord(expression.slice(0, -BRANCHES.length));
  });
  return { script, required, keys };
}

const argumentsOf = (body: string, script: WalletScript): string => body.slice(forms[script][0].length, body.length - forms[script][1].length);

/** The descriptor's text with its checksum, both branches as a BIP389 multipath or one branch alone. */
export function formatDescriptor(descriptor: WalletDescriptor, network: NetworkName, branch?: 0 | 1): string {
  const { script, required } = descriptor;
  const tail = branch === undefined ? BRANCHES : `/${branch}/*`;
  const keys = descriptor.keys.map((key) => `${formatKeyRecord(key, network)}${tail}`);
  const [head, end] = forms[script];
  return withChecksum(`${head}${[...(isQuorumScript(script) ? [required] : []), ...keys].join(',')}${end}`);
}
