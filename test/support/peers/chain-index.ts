import { createHash } from 'node:crypto';
import { Transaction } from 'bitcoinjs-lib/src/transaction';

/** A block as servers that index scripts keep it. */
export interface IndexedBlock {
  /** Display order. */
  readonly hash: string;
  readonly header: Buffer;
  readonly txids: readonly string[];
}

/** A line of a script's history. */
export interface IndexedLine {
  readonly txid: string;
  /** 0: in the mempool; -1: there, and so is something that it spends. */
  readonly height: number;
}

export const hash256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest();
export const displayHash = (bytes: Uint8Array): string => Buffer.from(hash256(bytes)).reverse().toString('hex');
/** Electrum's name of a script. */
export const electrumScriptHash = (script: Uint8Array): string => createHash('sha256').update(script).digest().reverse().toString('hex');

/** What Electrum and Esplora servers know: blocks, transactions, and which scripts each of them touches. */
export class ChainIndex {
  readonly blocks: IndexedBlock[] = [];
  readonly #bytes = new Map<string, Buffer>();
  readonly #places = new Map<string, { readonly height: number; readonly position: number }>();
  /** By script hash, confirmed lines in the order of the chain. */
  readonly #confirmed = new Map<string, string[]>();
  readonly #waiting = new Map<string, Set<string>>();
  #mempool = new Set<string>();
  readonly #scripts = new Map<string, readonly string[]>();
  #tree: { readonly hash: string; readonly levels: readonly (readonly Buffer[])[] } = { hash: '', levels: [] };

  get height(): number {
    return this.blocks.length - 1;
  }

  get mempool(): ReadonlySet<string> {
    return this.#mempool;
  }

  connect(header: Buffer, transactions: readonly Transaction[]): void {
    const height = this.blocks.length;
    const txids = transactions.map((transaction) => this.#learn(transaction));
    this.blocks.push({ hash: displayHash(header), header, txids });
    txids.forEach((txid, position) => {
      this.#places.set(txid, { height, position });
      for (const script of this.#scripts.get(txid) ?? []) {
        const lines = this.#confirmed.get(script) ?? [];
        lines.push(txid);
        this.#confirmed.set(script, lines);
      }
    });
    this.setMempool([...this.#mempool].filter((txid) => !this.#places.has(txid)));
  }

  /** Takes the last block back. */
  disconnect(): void {
    const block = this.blocks.pop();
    for (const txid of block?.txids ?? []) {
      this.#places.delete(txid);
      for (const script of this.#scripts.get(txid) ?? []) {
        const lines = this.#confirmed.get(script) ?? [];
        lines.splice(lines.lastIndexOf(txid), 1);
      }
    }
  }

  add(transaction: Transaction): string {
    return this.#learn(transaction);
  }

  setMempool(txids: readonly string[]): void {
    this.#mempool = new Set(txids);
    this.#waiting.clear();
    for (const txid of txids) {
      for (const script of this.#scripts.get(txid) ?? []) this.#waiting.set(script, (this.#waiting.get(script) ?? new Set()).add(txid));
    }
  }

  bytes(txid: string): Buffer | undefined {
    return this.#mempool.has(txid) || this.#places.has(txid) ? this.#bytes.get(txid) : undefined;
  }

  placeOf(txid: string): { readonly height: number; readonly position: number } | undefined {
    return this.#places.get(txid);
  }

  history(scriptHash: string): readonly IndexedLine[] {
    const confirmed = (this.#confirmed.get(scriptHash) ?? []).map((txid) => ({ txid, height: this.#places.get(txid)?.height ?? 0 }));
    const waiting = [...(this.#waiting.get(scriptHash) ?? [])].map((txid) => ({ txid, height: this.#hasWaitingParent(txid) ? -1 : 0 }));
    return [...confirmed, ...waiting];
  }

  merkle(height: number, position: number): readonly string[] {
    const { hash, txids } = this.blocks[height] as IndexedBlock;
    // Of the block that was asked for last: a wallet's proofs come block by block.
    if (this.#tree.hash !== hash) this.#tree = { hash, levels: merkleLevels(txids) };
    let place = position;
    return this.#tree.levels.slice(0, -1).map((level) => {
      const sibling = level[place ^ 1] ?? (level[place] as Buffer);
      place = Math.floor(place / 2);
      return Buffer.from(sibling).reverse().toString('hex');
    });
  }

  #learn(transaction: Transaction): string {
    const txid = transaction.getId();
    if (this.#bytes.has(txid)) return txid;
    this.#bytes.set(txid, Buffer.from(transaction.toBuffer()));
    const scripts = new Set(transaction.outs.map((output) => electrumScriptHash(output.script)));
    for (const input of transaction.ins) {
      const parent = this.#bytes.get(Buffer.from(input.hash).reverse().toString('hex'));
      const output = parent === undefined ? undefined : Transaction.fromBuffer(parent).outs[input.index];
      if (output !== undefined) scripts.add(electrumScriptHash(output.script));
    }
    this.#scripts.set(txid, [...scripts]);
    return txid;
  }

  #hasWaitingParent(txid: string): boolean {
    return Transaction.fromBuffer(this.#bytes.get(txid) as Buffer).ins.some((input) => this.#mempool.has(Buffer.from(input.hash).reverse().toString('hex')));
  }
}

/** The levels of a merkle tree from the leaves to the root, hashes in the order of a header. */
function merkleLevels(txids: readonly string[]): readonly (readonly Buffer[])[] {
  const levels: Buffer[][] = [txids.map((txid) => Buffer.from(txid, 'hex').reverse())];
  for (let level = levels[0] as Buffer[]; level.length > 1; level = levels.at(-1) as Buffer[]) {
    const pairs = Array.from({ length: Math.ceil(level.length / 2) }, (_, index) => [level[index * 2] as Buffer, level[index * 2 + 1] ?? (level[index * 2] as Buffer)]);
    levels.push(pairs.map((pair) => hash256(Buffer.concat(pair))));
  }
  return levels;
}

/** The merkle root of ids, in the order of a header. */
export const merkleRoot = (txids: readonly string[]): Buffer => merkleLevels(txids).at(-1)?.[0] as Buffer;
