import type { DatabaseSync } from 'node:sqlite';
import { PracticeChain } from '../../companion/practice/practice-chain.ts';
import { ScriptBook, type BookedScript } from '../../companion/practice/script-book.ts';
import { databaseError, openDatabase, practiceMalformed } from './practice-database.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * A practice network in a folder. The chain is replayed into memory once and then follows what other programs write;
 * every change happens in one SQLite transaction, so that a program that is killed leaves the chain as it was.
 */
export class PracticeStore {
  readonly folder: string;
  readonly #database: DatabaseSync;
  #chain: PracticeChain;
  /** What of the chain is on disk, as this program last saw it. */
  #revision = -1;
  #savedHashes: string[] = [];
  #savedMempool: readonly string[] = [];
  #savedDeparted: readonly string[] = [];

  /**
   * @throws StrongroomError `file.not-found`, `practice.malformed`, `node.not-ready`
   */
  constructor(folder: string) {
    this.folder = folder;
    this.#database = openDatabase(folder);
    try {
      this.#chain = this.#emptyChain();
    } catch (fault) {
      this.#database.close();
      throw databaseError(folder, fault);
    }
  }

  /** Looks at one state of the chain, which does not change meanwhile. */
  read<T>(look: (chain: PracticeChain) => T): T {
    return this.#transaction('BEGIN', () => look(this.#follow()));
  }

  /** Changes the chain. When `change` throws, nothing of it remains. */
  write<T>(change: (chain: PracticeChain) => T): T {
    return this.#transaction('BEGIN IMMEDIATE', () => {
      const result = change(this.#follow());
      this.#save();
      return result;
    });
  }

  /** A fact of the folder. @throws StrongroomError `practice.malformed` when it is not there */
  fact(name: string): string {
    const value = this.#database.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.['value'];
    if (typeof value !== 'string') throw practiceMalformed(this.folder, name);
    return value;
  }

  /** Sets a fact. Inside `write` only. */
  setFact(name: string, value: string): void {
    this.#database.prepare('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(name, value);
  }

  /** The scripts that are kept for a wallet, or `null` when nobody watches it. Inside `read` or `write` only. */
  scriptBook(descriptor: string): ScriptBook | null {
    const id = this.#database.prepare('SELECT id FROM watched_wallet WHERE descriptor = ?').get(descriptor)?.['id'];
    if (typeof id !== 'number') return null;
    const book = new ScriptBook();
    const rows = this.#database.prepare('SELECT branch, child, script, address FROM watched_script WHERE wallet = ? ORDER BY branch, child').all(id);
    for (const row of rows) book.add({ branch: row['branch'] === 0 ? 0 : 1, index: Number(row['child']), scriptPubKey: bytesOf(row['script']), address: String(row['address']) });
    return book;
  }

  /** Keeps scripts of a wallet. Inside `write` only. */
  addScripts(descriptor: string, scripts: readonly BookedScript[]): void {
    this.#database.prepare('INSERT INTO watched_wallet (descriptor) VALUES (?) ON CONFLICT (descriptor) DO NOTHING').run(descriptor);
    const id = this.#database.prepare('SELECT id FROM watched_wallet WHERE descriptor = ?').get(descriptor)?.['id'] as number;
    const insert = this.#database.prepare('INSERT INTO watched_script (wallet, branch, child, script, address) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    for (const script of scripts) insert.run(id, script.branch, script.index, script.scriptPubKey, script.address);
  }

  close(): void {
    this.#database.close();
  }

  #transaction<T>(begin: string, work: () => T): T {
    try {
      this.#database.exec(begin);
    } catch (fault) {
      throw databaseError(this.folder, fault);
    }
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (fault) {
      // The chain in memory may be half changed: it is replayed before the next look.
      this.#revision = -1;
      this.#savedHashes = [];
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw databaseError(this.folder, fault);
    }
  }

  #emptyChain(): PracticeChain {
    const chainId = this.fact('chain_id');
    const time = Number(this.fact('genesis_time'));
    if (!/^[0-9a-f]{64}$/.test(chainId) || !Number.isSafeInteger(time) || time < 0) throw practiceMalformed(this.folder, 'genesis');
    return new PracticeChain(chainId, time);
  }

  /** The chain as it stands on disk now. */
  #follow(): PracticeChain {
    const revision = Number(this.fact('revision'));
    if (revision === this.#revision) return this.#chain;
    const last = this.#savedHashes.length;
    const lastOnDisk = this.#database.prepare('SELECT hash FROM block WHERE height = ?').get(last)?.['hash'];
    const continues = this.#revision >= 0 && (last === 0 || lastOnDisk === this.#savedHashes[last - 1]);
    if (!continues) {
      this.#chain = this.#emptyChain();
      this.#savedHashes = [];
    }
    this.#restoreBlocks();
    const mempool = this.#database.prepare('SELECT txid, bytes FROM mempool ORDER BY position').all();
    const departed = this.#database.prepare('SELECT txid, bytes FROM departed ORDER BY position').all();
    if (!this.#chain.restoreRest(mempool.map(bytesOfRow), departed.map(bytesOfRow), Number(this.fact('blocks_mined')))) throw practiceMalformed(this.folder, 'mempool');
    this.#savedMempool = mempool.map((row) => String(row['txid']));
    this.#savedDeparted = departed.map((row) => String(row['txid']));
    this.#revision = revision;
    return this.#chain;
  }

  #restoreBlocks(): void {
    const blocks = this.#database.prepare('SELECT height, hash, time FROM block WHERE height > ? ORDER BY height').all(this.#savedHashes.length);
    const transactions = this.#database.prepare('SELECT bytes FROM block_transaction WHERE height = ? ORDER BY position');
    for (const row of blocks) {
      const height = Number(row['height']);
      const hash = String(row['hash']);
      if (!this.#restoreBlock({ height, hash, time: Number(row['time']), transactions: transactions.all(height).map(bytesOfRow) })) {
        throw practiceMalformed(this.folder, 'blocks');
      }
      this.#savedHashes.push(hash);
    }
  }

  /** A block whose content contradicts the chain throws where a merely altered one is refused. */
  #restoreBlock(stored: Parameters<PracticeChain['restoreBlock']>[0]): boolean {
    try {
      return this.#chain.restoreBlock(stored);
    } catch {
      return false;
    }
  }

  #save(): void {
    const chain = this.#chain;
    let common = Math.min(this.#savedHashes.length, chain.height);
    while (common > 0 && chain.blockAt(common)?.hash !== this.#savedHashes[common - 1]) common -= 1;
    this.#database.prepare('DELETE FROM block WHERE height > ?').run(common);
    this.#database.prepare('DELETE FROM block_transaction WHERE height > ?').run(common);
    const hashes = this.#savedHashes.slice(0, common);
    const insertBlock = this.#database.prepare('INSERT INTO block (height, hash, time) VALUES (?, ?, ?)');
    const insertTransaction = this.#database.prepare('INSERT INTO block_transaction (height, position, bytes) VALUES (?, ?, ?)');
    for (let height = common + 1; height <= chain.height; height += 1) {
      const block = chain.blockAt(height);
      if (block === undefined) continue;
      insertBlock.run(height, block.hash, block.time);
      block.transactions.forEach((practice, position) => insertTransaction.run(height, position, practice.bytes));
      hashes.push(block.hash);
    }
    const mempool = chain.mempool.entries().map(({ practice }) => practice);
    const departed = chain.departed();
    const savedMempool = this.#saveList('mempool', this.#savedMempool, mempool);
    const savedDeparted = this.#saveList('departed', this.#savedDeparted, departed);
    const revision = this.#revision + 1;
    this.setFact('revision', String(revision));
    this.setFact('blocks_mined', String(chain.blocksMined));
    this.#revision = revision;
    this.#savedHashes = hashes;
    this.#savedMempool = savedMempool;
    this.#savedDeparted = savedDeparted;
  }

  /** Appends where the list only grew, and writes it anew otherwise. */
  #saveList(table: 'mempool' | 'departed', saved: readonly string[], now: readonly { readonly txid: string; readonly bytes: Uint8Array }[]): readonly string[] {
    const ids = now.map(({ txid }) => txid);
    const grew = saved.every((txid, index) => ids[index] === txid);
    if (!grew) this.#database.exec(`DELETE FROM ${table}`);
    const insert = this.#database.prepare(`INSERT INTO ${table} (position, txid, bytes) VALUES (?, ?, ?)`);
    for (let position = grew ? saved.length : 0; position < now.length; position += 1) {
      const { txid, bytes } = now[position] as (typeof now)[number];
      insert.run(position, txid, bytes);
    }
    return ids;
  }
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

const bytesOfRow = (row: Row): Uint8Array => bytesOf(row['bytes']);
