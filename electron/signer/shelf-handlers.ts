import { join } from 'node:path';
import { entropyRecordFileName } from '../../src/airgap/file-names.ts';
import { parseBase64, toBase64, utf8 } from '../../src/domain/bytes.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import type { Handlers } from '../../src/host/contract.ts';
import type { signerContract } from '../../src/host/signer-contract.ts';
import { formatDrillRecord, parseDrillRecord, writtenRecord, type DrillRecord } from '../../src/signer/drills/drill-record.ts';
import { formatEntropyRecord, parseEntropyRecord } from '../../src/signer/entropy/entropy-record-file.ts';
import { MAX_PAPER_WALLET_RECORD_BYTES } from '../../src/signer/entropy/paper-wallet-record.ts';
import { walletFacts } from '../../src/service/shared/wallet-facts.ts';
import { parseRegistration } from '../../src/wallet/registration.ts';
import { openShelf, textOf, type Shelf } from '../shell/shelf.ts';

type ShelfHandlers = Pick<Handlers<typeof signerContract>, 'shelf.list' | 'shelf.add-key' | 'shelf.replace-key' | 'shelf.add-registration' | 'drill.list' | 'drill.keep'>;
type WireRecord = Parameters<ShelfHandlers['shelf.add-key']>[0]['entropyRecord'];

/** The folders of the Signer's own data. Records lie beside their key files, so that who copies the folder has both. */
export interface SignerShelves {
  readonly keys: Shelf;
  readonly entropyRecords: Shelf;
  /** Records of batches of paper wallets. */
  readonly papers: Shelf;
  readonly registrations: Shelf;
  readonly drills: Shelf;
}

export const openSignerShelves = (userDataFolder: string): SignerShelves => ({
  keys: openShelf(join(userDataFolder, 'keys'), '.age', 65_536),
  entropyRecords: openShelf(join(userDataFolder, 'keys'), '.entropy.json', 65_536),
  papers: openShelf(join(userDataFolder, 'papers'), '.entropy.json', MAX_PAPER_WALLET_RECORD_BYTES),
  registrations: openShelf(join(userDataFolder, 'registrations'), '.json', 262_144),
  drills: openShelf(join(userDataFolder, 'drills'), '.drill.json', 262_144),
});

export function createShelfHandlers(shelves: SignerShelves): ShelfHandlers {
  return {
    'shelf.list': async () => {
      const keys = await shelves.keys.list(({ name, bytes }) => ({ name, contentBase64: toBase64(bytes) }));
      const records = await shelves.entropyRecords.list(({ bytes }) => wireRecord(parseEntropyRecord(textOf(bytes))));
      const registrations = await shelves.registrations.list(({ name, bytes }) => {
        const registration = textOf(bytes);
        const { wallet, ownKey } = parseRegistration(registration);
        return { name, registration, policy: walletFacts(wallet), ownKey };
      });
      return {
        keys: [...keys.files],
        registrations: [...registrations.files],
        entropyRecords: [...records.files],
        damaged: [...keys.damaged, ...records.damaged, ...registrations.damaged],
      };
    },
    'shelf.add-key': async ({ name, keyFileBase64, entropyRecord }) => {
      const bytes = keyFileOf(keyFileBase64);
      const record = entropyRecord === null ? null : utf8(recordText(entropyRecord));
      await shelves.keys.add(name, bytes);
      // After the key: a key without its record is worth more than a record without its key. The key file has it inside, too.
      if (record !== null) await shelves.entropyRecords.add(entropyRecordFileName(name), record);
      return { name };
    },
    'shelf.replace-key': async ({ name, keyFileBase64 }) => {
      await shelves.keys.replace(name, keyFileOf(keyFileBase64));
      return { name };
    },
    'shelf.add-registration': async ({ name, registration }) => {
      parseRegistration(registration);
      await shelves.registrations.add(name, utf8(registration));
      return { name };
    },
    'drill.list': async () => {
      const { files, damaged } = await shelves.drills.list(({ bytes }) => writtenRecord(parseDrillRecord(textOf(bytes))));
      // Records are what an auditor counts: one that cannot be read is neither passed over nor hides the others.
      return { records: [...files], damaged: [...damaged] };
    },
    'drill.keep': async ({ record }) => {
      const kept = parseDrillRecord(JSON.stringify(record));
      const name = drillFileName(kept);
      await shelves.drills.add(name, utf8(formatDrillRecord(kept)));
      return { name };
    },
  };
}

/** `73c5da0a-2026-11-22-101500.drill.json` */
const drillFileName = ({ fingerprint, startedAt }: DrillRecord): string => `${fingerprint}-${startedAt.slice(0, 10)}-${startedAt.slice(11, 19).replaceAll(':', '')}.drill.json`;

/** Only what looks like a key file is kept: a shelf that holds anything else would have to be explained later. */
function keyFileOf(keyFileBase64: string): Uint8Array {
  const bytes = parseBase64(keyFileBase64);
  if (!textOf(bytes.slice(0, 64)).startsWith('age-encryption.org/v1\n')) {
    throw new StrongroomError('key.file-malformed', 'The file is not a Strongroom key file.', {}, 'Choose the .key.age file that the Signer wrote.');
  }
  return bytes;
}

const recordText = (record: NonNullable<WireRecord>): string => formatEntropyRecord(parseEntropyRecord(JSON.stringify(record)));

const wireRecord = (record: ReturnType<typeof parseEntropyRecord>): NonNullable<WireRecord> => ({
  format: 'strongroom-entropy-record',
  version: 1,
  ...record,
  sources: record.sources.map((source) => ({ ...source })),
  health: [...record.health],
});
