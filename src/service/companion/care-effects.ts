import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { CareNode } from '../../companion/node-care/care-node.ts';
import type { BooksSummary } from '../../companion/standby/books-summary.ts';
import type { BundleFile } from '../../companion/standby/tar.ts';

/** For whom a file is encrypted (age). */
export type AgeLock = { readonly kind: 'passphrase'; readonly passphrase: string } | { readonly kind: 'recipients'; readonly recipients: readonly string[] };
/** What opens such a file. */
export type AgeKey = { readonly kind: 'passphrase'; readonly passphrase: string } | { readonly kind: 'identity'; readonly identity: string };

/** A folder that only we can look into, and that is gone afterwards whatever happens. */
export interface PrivateFolder {
  /** The path of a file in it, for the node. */
  readonly path: (name: string) => string;
  /** @throws StrongroomError `file.*` */
  readonly read: (name: string, maxBytes: number) => Promise<Uint8Array>;
  /** @throws StrongroomError `file.*` */
  readonly write: (name: string, bytes: Uint8Array) => Promise<void>;
}

/** One small file of the Companion's own data folder. */
export interface KeptText {
  /** `null` while nothing was ever written. @throws StrongroomError `file.*` */
  readonly read: () => Promise<string | null>;
  /** Writes it whole; the generation before stays beside it. @throws StrongroomError `file.*` */
  readonly write: (text: string) => Promise<void>;
}

/** What node care and the standby need of the world. */
export interface CareEffects {
  /** @throws StrongroomError `node.url`, `care.not-a-node` */
  readonly openNode: (url: string) => Promise<CareNode>;
  /** Lends a private folder where files can pass between the node and us. */
  readonly withPrivateFolder: <T>(work: (folder: PrivateFolder) => Promise<T>) => Promise<T>;
  /** @throws StrongroomError `backup.recipient`, `backup.passphrase-weak` */
  readonly encrypt: (plaintext: Uint8Array, lock: AgeLock) => Promise<Uint8Array>;
  /** @throws StrongroomError `backup.not-opened` */
  readonly decrypt: (file: Uint8Array, key: AgeKey) => Promise<Uint8Array>;
  readonly random: (length: number) => Uint8Array;
  /** The list of backups and their tests, beside the ledger. */
  readonly backupList: KeptText;
  readonly books: StandbyBooks;
  /** A folder that a standby bundle is unpacked into, or was. */
  readonly standbyFolder: (path: string) => StandbyFolder;
}

/** The ledger's file as a whole, for the standby. */
export interface StandbyBooks {
  /** A consistent copy of the books, also while they are written to; `null` where none were begun. @throws StrongroomError `ledger.*`, `file.*` */
  readonly copy: () => Promise<Uint8Array | null>;
  /** What a copy holds that cannot be recomputed from a node. @throws StrongroomError `ledger.malformed` */
  readonly summarise: (books: Uint8Array) => Promise<BooksSummary>;
  /** Lends a copy as open books, or empty ones for `null`; what is written to them is dropped afterwards. */
  readonly withCopy: <T>(books: Uint8Array | null, work: (ledger: Ledger) => Promise<T>) => Promise<T>;
}

export interface StandbyFolder {
  /** What lies there of a bundle, the manifest first; `null` where there is none. @throws StrongroomError `file.*` */
  readonly read: () => Promise<readonly BundleFile[] | null>;
  /** The books that lie there, as a consistent copy; `null` where there are none. @throws StrongroomError `ledger.*`, `file.*` */
  readonly books: () => Promise<Uint8Array | null>;
  /** Writes each file whole; the generation before stays beside it. The last one is the manifest. @throws StrongroomError `file.*` */
  readonly write: (files: readonly BundleFile[]) => Promise<void>;
}
