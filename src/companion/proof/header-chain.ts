import { bitsOfTarget, parseHeader, targetOfBits, workOfTarget, type BlockHeader } from './block-header.ts';
import { nextTarget, requireWork, RETARGET_BLOCKS, type HeaderRules } from './header-rules.ts';
import type { LightServer, TipHeader } from './light-server.ts';
import { falseProof, laggingNode } from './refusals.ts';

type HeaderGiver = Pick<LightServer, 'headers'>;

/** Called between batches of headers; may throw to stop. */
export type HeaderProgress = (done: number, total: number) => void;

/** A block's time must be above the median of so many before it. */
const MEDIAN_BLOCKS = 11;
const MOST_A_REQUEST = 2_016;

/**
 * Headers of one server from some height to its tip, each with its own work and following the one before it. A server cannot take
 * blocks back without showing more work than it showed before.
 */
export class HeaderChain {
  readonly rules: HeaderRules;
  readonly #linkDepth: number | null;
  /** Height of `#headers[0]`. */
  #low = 0;
  #headers: BlockHeader[] = [];
  /** Headers far below the tip, each proven by its own work alone. */
  readonly #lone = new Map<number, BlockHeader>();

  /** @param linkDepth how far below the tip headers are linked; `null`: as far as they are needed */
  constructor(rules: HeaderRules, linkDepth: number | null) {
    this.rules = rules;
    this.#linkDepth = linkDepth;
  }

  get high(): number {
    return this.#low + this.#headers.length - 1;
  }

  get tip(): BlockHeader | undefined {
    return this.#headers.at(-1);
  }

  /** A header that was proven already. */
  at(height: number): BlockHeader | undefined {
    return height < this.#low ? this.#lone.get(height) : this.#headers[height - this.#low];
  }

  /**
   * Follows the server to its tip.
   * @throws StrongroomError `node.proof`; `node.lagging` where the server shows less work than before
   */
  async follow(server: HeaderGiver, { height, header: raw }: TipHeader): Promise<void> {
    const tip = parseHeader(raw);
    requireWork(tip, height, this.rules);
    if (this.#headers.length === 0) {
      this.#low = height;
      this.#headers = [tip];
      return;
    }
    if (this.at(height)?.hash === tip.hash && height >= this.#low) {
      if (height < this.high) throw laggingNode('', { height, before: this.high });
      return;
    }
    // Below everything that was read of it: whatever is there, it is less than it showed.
    if (height < this.#low) throw laggingNode('', { height, before: this.high });
    const { from, branch } = await this.#branchTo(server, height);
    if (branch.at(-1)?.hash !== tip.hash) throw falseProof('tip', { height });
    const replaced = this.#headers.slice(from - this.#low);
    if (replaced.length > 0 && workOf(branch) <= workOf(replaced)) throw laggingNode('', { height, before: this.high });
    if (replaced.length > 0) this.#lone.clear();
    if (from === this.#low) this.#headers = branch;
    else this.#headers.splice(from - this.#low, replaced.length, ...branch);
  }

  /** The headers up to a new tip, from where they leave what is known; the server is asked further back until they meet. */
  async #branchTo(server: HeaderGiver, height: number): Promise<{ readonly from: number; readonly branch: BlockHeader[] }> {
    for (let back = 0; ; back = back === 0 ? 10 : back * 10) {
      const start = Math.max(this.#low, Math.min(this.high + 1, height) - back);
      const before = this.#headers.slice(0, start - this.#low);
      const first = parseHeader((await server.headers(start, 1))[0] ?? new Uint8Array(0));
      const meets = before.at(-1)?.hash === first.previousHash;
      if (!meets && start > this.#low) continue;
      const branch = await this.#read(server, start, height, before);
      return { from: start, branch };
    }
  }

  /**
   * Proves the header of a height; those between it and the tip as well, as far as `linkDepth` goes.
   * @throws StrongroomError `node.proof`
   */
  async reach(server: HeaderGiver, height: number, progress: HeaderProgress = () => undefined): Promise<BlockHeader> {
    if (height > this.high || height < 0) throw falseProof('tip', { height });
    const lowest = this.#linkDepth === null ? 0 : Math.max(0, this.high - this.#linkDepth);
    if (height < lowest && height < this.#low) return this.#reachLone(server, height);
    // Whole periods, so that each change of the target is computed and not only bounded.
    const goal = this.#linkDepth === null ? height - (height % RETARGET_BLOCKS) : height;
    const total = this.#low - goal;
    while (this.#low > height) {
      const start = Math.max(goal, this.#low - 1 - ((this.#low - 1) % RETARGET_BLOCKS));
      const below = await this.#read(server, start, this.#low - 1, []);
      const upper = this.#headers[0] as BlockHeader;
      if (below.at(-1)?.hash !== upper.previousHash) throw falseProof('link', { height: this.#low });
      requireTarget(upper, this.#low, below, this.rules);
      this.#headers = [...below, ...this.#headers];
      this.#low = start;
      progress(total - (this.#low - goal), total);
    }
    return this.at(height) as BlockHeader;
  }

  async #reachLone(server: HeaderGiver, height: number): Promise<BlockHeader> {
    const known = this.#lone.get(height);
    if (known !== undefined) return known;
    const header = parseHeader((await server.headers(height, 1))[0] ?? new Uint8Array(0));
    requireWork(header, height, this.rules);
    this.#lone.set(height, header);
    return header;
  }

  /** Headers from one height to another, both included, each following the one before it. */
  async #read(server: HeaderGiver, start: number, end: number, before: readonly BlockHeader[]): Promise<BlockHeader[]> {
    const known = before.slice(-RETARGET_BLOCKS);
    const base = start - known.length;
    while (base + known.length <= end) {
      const next = base + known.length;
      const wanted = Math.min(MOST_A_REQUEST, end - next + 1);
      const raws = await server.headers(next, wanted);
      if (raws.length === 0 || raws.length > wanted) throw falseProof('tip', { height: next });
      for (const raw of raws) {
        const height = base + known.length;
        const header = parseHeader(raw);
        requireWork(header, height, this.rules);
        const parent = known.at(-1);
        if (parent !== undefined) {
          if (parent.hash !== header.previousHash) throw falseProof('link', { height });
          requireTarget(header, height, known, this.rules);
        }
        known.push(header);
      }
    }
    return known.slice(start - base);
  }
}

/**
 * That a header's target and time are those that the headers right before it demand, as far as they are known.
 * @param before consecutive headers; the last is its parent
 */
function requireTarget(header: BlockHeader, height: number, before: readonly BlockHeader[], rules: HeaderRules): void {
  const parent = before.at(-1) as BlockHeader;
  const times = before.slice(-MEDIAN_BLOCKS).map(({ time }) => time).sort((a, b) => a - b);
  if (times.length === MEDIAN_BLOCKS && header.time <= (times[Math.floor(MEDIAN_BLOCKS / 2)] as number)) throw falseProof('time', { height });
  if (rules.retargets === 'loose') return;
  if (rules.retargets === 'none' || height % RETARGET_BLOCKS !== 0) {
    if (header.bits !== parent.bits) throw falseProof('difficulty', { height });
    return;
  }
  const first = before.at(-RETARGET_BLOCKS);
  if (first !== undefined) {
    if (header.bits !== bitsOfTarget(nextTarget(parent.bits, first.time, parent.time, rules.limitBits))) throw falseProof('difficulty', { height });
    return;
  }
  // Without the whole period only the largest step is known.
  const [target, before4] = [targetOfBits(header.bits) as bigint, (targetOfBits(parent.bits) as bigint) * 4n];
  if (target > before4 || target * 16n < before4 - (before4 >> 15n)) throw falseProof('difficulty', { height });
}

const workOf = (headers: readonly BlockHeader[]): bigint => headers.reduce((sum, { bits }) => sum + workOfTarget(targetOfBits(bits) as bigint), 0n);
