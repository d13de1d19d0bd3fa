import { StrongroomError } from '../errors/strongroom-error.ts';

/** An output of a transaction, by its id (hex in display order) and position. */
export interface Outpoint {
  readonly txid: string;
  readonly vout: number;
}

/** `txid:vout`: equal texts mean the same output. */
export const formatOutpoint = (outpoint: Outpoint): string => `${outpoint.txid}:${outpoint.vout}`;

/**
 * @throws StrongroomError `outpoint.malformed`
 */
export function parseOutpoint(text: string): Outpoint {
  const match = /^([0-9a-f]{64}):(0|[1-9][0-9]{0,9})$/.exec(text);
  const vout = Number(match?.[2] ?? Number.NaN);
  if (match === null || vout > 0xffff_ffff) {
    throw new StrongroomError('outpoint.malformed', 'An outpoint is a transaction id, a colon and an output number.', {}, 'Copy it again from the node or the ledger.');
  }
  return { txid: match[1] as string, vout };
}
