import type { InferOutput } from 'valibot';
import { toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { RequestContext } from '../../host/contract.ts';
import type { ShareOrder } from '../../host/paper-wire.ts';
import { shareSheet } from '../../paper/sheets/share.ts';
import { takeRandom } from '../../signer/secrets/random-source.ts';
import { splitKey, type KeyShare } from '../../signer/shares.ts';
import { preparedSheet, type PreparedSheet, type SheetDeps } from './prepared-sheet.ts';

type Order = InferOutput<typeof ShareOrder>;

/** A share and the sheet that it is on. Both are secrets. */
export interface PreparedShare {
  readonly share: KeyShare;
  readonly prepared: PreparedSheet;
}

/**
 * Divides a key and puts each share on a sheet of its own.
 * @param today ISO 8601 date, for an order that states none
 * @throws StrongroomError `host.cancelled`, `key.locked`, `secret.*`, `share.mismatch`, `paper.*`
 */
export async function makeShareSheets({ keyHandle, plan, label, serial, date, pageSize }: Order, { effects, keys }: SheetDeps, today: string, { progress, isCancelled }: RequestContext): Promise<readonly PreparedShare[]> {
  const { key, file } = keys.use(keyHandle);
  progress({ fraction: null, activity: 'Dividing the key and bringing it back from its shares' });
  const pause = async (): Promise<void> => {
    await effects.pause();
    if (isCancelled()) throw new StrongroomError('host.cancelled', 'The key was not divided: the step was cancelled.', {}, 'No share is left of it. Start it again when you are ready.');
  };
  const shares = await splitKey(file.secret, key, plan, { random: effects.random, slow: effects.slow, pause });
  progress({ fraction: null, activity: 'Drawing the sheets and reading them back' });
  const digits = String(shares.length).length;
  const stem = serial ?? `SHARE-${key.fingerprint.toUpperCase()}-${divisionOf(shares, effects)}`;
  return shares.map((share, index) => {
    const number = String(index + 1).padStart(digits, '0');
    const facts = { serial: `${stem}-${number}`, label: label ?? file.label, network: key.network, date: date ?? today };
    return { share, prepared: preparedSheet(shareSheet(facts, { ...share, fingerprint: key.fingerprint }), pageSize, key.fingerprint) };
  });
}

/**
 * What tells this division of a key from others in the serials: the shares' own identifier, at most 5 characters, so that sheet and
 * share can be compared; parts of a Seed XOR have none, and get four digits that are drawn for the serial alone.
 */
function divisionOf([first]: readonly KeyShare[], { random }: SheetDeps['effects']): string {
  const identifier = first?.identifier ?? '';
  return identifier === '' ? toHex(takeRandom(random, 2)).toUpperCase() : identifier;
}
