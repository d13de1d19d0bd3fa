/** A count as one bit: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, more. A loop that runs twice as often is news, once more is not. */
const BUCKET = Uint8Array.from({ length: 256 }, (_, count) => (count === 0 ? 0 : count === 1 ? 1 : count === 2 ? 2 : count === 3 ? 4 : count < 8 ? 8 : count < 16 ? 16 : count < 32 ? 32 : count < 128 ? 64 : 128));

/** Which branches were taken, and about how often, by all inputs so far. */
export class Coverage {
  /** For each edge, the buckets that were seen. */
  readonly seen: Uint8Array;
  private readonly counters: Uint8Array;
  private readonly words: Uint32Array;

  /** @param counters one for each edge, counted up by the program under test; a multiple of four long */
  constructor(counters: Uint8Array) {
    this.counters = counters;
    this.words = new Uint32Array(counters.buffer, counters.byteOffset, counters.length >> 2);
    this.seen = new Uint8Array(counters.length);
  }

  clear(): void {
    this.words.fill(0);
  }

  /** Takes up what the last input did. @returns whether any of it is new */
  learn(): boolean {
    let isNew = false;
    for (let word = 0; word < this.words.length; word += 1) {
      if (this.words[word] === 0) continue;
      for (let edge = word << 2; edge < (word << 2) + 4; edge += 1) {
        const bucket = BUCKET[this.counters[edge] as number] as number;
        const known = this.seen[edge] as number;
        if ((bucket & ~known) === 0) continue;
        this.seen[edge] = known | bucket;
        isNew = true;
      }
    }
    return isNew;
  }
}
