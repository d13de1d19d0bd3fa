import { StrongroomError } from '../../errors/strongroom-error.ts';
import { toHex } from '../../domain/bytes.ts';
import type { NetworkName } from '../../domain/network.ts';
import { scriptOfAddress } from '../../wallet/address.ts';
import { rejectPrivateKeyText } from '../../wallet/key-record.ts';
import { parseCsv } from '../payments/csv.ts';

/** An address of a paper wallet. */
export interface ListedAddress {
  readonly address: string;
  readonly scriptPubKey: Uint8Array;
}

/** The most addresses of one sweep; a batch of paper wallets has 500 at most. */
export const MAX_ADDRESSES = 5_000;
/** Lines that an error names. */
const MAX_NAMED = 20;
/** An encrypted private key (BIP38), with or without blanks between its groups. */
const BIP38_TEXT = /(^|[^1-9A-HJ-NP-Za-km-z])6P[1-9A-HJ-NP-Za-km-z]{56}($|[^1-9A-HJ-NP-Za-km-z])/;

/**
 * Public addresses of paper wallets: one a line, or a CSV whose header names a column `address`, as `paper wallets` writes
 * it. Each address counts once.
 * @throws StrongroomError `addresses.malformed` naming every line that is no address of the network; `wallet.private-key`
 */
export function parseAddressList(text: string, network: NetworkName): readonly ListedAddress[] {
  // SECURITY: a file with the keys in it must not have come here at all; it is not read further, and its lines are not repeated.
  text.split(/[\n,]/).forEach(rejectPrivateKeyText);
  if (BIP38_TEXT.test(text)) throw new StrongroomError('wallet.private-key', 'The text holds an encrypted PRIVATE key where addresses belong.', {}, 'Give the public addresses alone. Keys belong into the Signer.');
  const { records, faults } = parseCsv(text);
  const header = records[0]?.fields.map((field) => field.trim().toLowerCase()) ?? [];
  const column = header.indexOf('address');
  const rows = column < 0 ? records : records.slice(1);
  const bad: number[] = faults.map(({ line }) => line);
  const byScript = new Map<string, ListedAddress>();
  for (const { line, fields } of rows) {
    const address = (fields[Math.max(column, 0)] ?? '').trim();
    if (column < 0 && fields.length === 1 && address === '') continue;
    const scriptPubKey = fields.length === (column < 0 ? 1 : header.length) ? scriptOrNull(address, network) : null;
    if (scriptPubKey === null) bad.push(line);
    else if (!byScript.has(toHex(scriptPubKey))) byScript.set(toHex(scriptPubKey), { address, scriptPubKey });
  }
  if (bad.length > 0) throw malformed('lines', `Lines that are no address of ${network}: ${bad.slice(0, MAX_NAMED).join(', ')}${bad.length > MAX_NAMED ? ', ...' : ''}.`, { lines: bad.slice(0, MAX_NAMED).join(', '), count: bad.length, network });
  if (byScript.size === 0) throw malformed('empty', 'No address was given.', {});
  if (byScript.size > MAX_ADDRESSES) throw malformed('too-many', `More than ${MAX_ADDRESSES} addresses.`, { most: MAX_ADDRESSES });
  return [...byScript.values()];
}

function scriptOrNull(address: string, network: NetworkName): Uint8Array | null {
  try {
    return scriptOfAddress(address, network);
  } catch (error) {
    if (error instanceof StrongroomError) return null;
    throw error;
  }
}

const malformed = (reason: string, sentence: string, details: Readonly<Record<string, string | number>>): StrongroomError =>
  new StrongroomError('addresses.malformed', sentence, { reason, ...details }, 'Give one address a line, or the CSV that "paper wallets" wrote. P2PK outputs have no address and cannot be named here.');
