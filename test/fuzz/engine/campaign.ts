import { Coverage } from './coverage.ts';
import { signatureOf, type Fault } from './fault.ts';
import { minimise } from './minimise.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';

/** Inputs that are kept of one target because each did something new. */
const MOST_KEPT = 6000;
/** Of one signature; more would say the same. */
const MOST_OF_A_KIND = 1;
export const MOST_MILLISECONDS = 1000;
/** What takes less has not filled a hundred MiB. */
const WHILE_MS = 5;

export interface Progress {
  inputs: number;
  accepted: number;
  corpus: number;
  slowestMs: number;
  /** In the program under test, by the clock. */
  spentMs: number;
}

export interface CampaignOptions {
  readonly targets: readonly Target[];
  readonly seed: number;
  /** Processes of one run have different streams. */
  readonly stream: number;
  /** One for each edge. */
  readonly counters: Uint8Array;
  /** Told of each input before it is run, so that it is not lost with the process. */
  readonly before: (target: Target, input: Uint8Array) => void;
  readonly found: (fault: Fault) => void;
  /** Milliseconds that pass, and those that this process computed. */
  readonly wallMs: () => number;
  readonly processorMs: () => number;
  /** Told of inputs that took a while: memory that is written to takes time. */
  readonly took?: (target: Target, input: Uint8Array) => void;
}

interface Work {
  readonly target: Target;
  readonly random: Random;
  readonly corpus: Uint8Array[];
  readonly coverage: Coverage;
  readonly progress: Progress;
}

/**
 * Mutates what did something new, and keeps what did something new again. The same options give the same inputs in the same
 * order: nothing depends on the clock but what is found slow.
 */
export class Campaign {
  private readonly options: CampaignOptions;
  private readonly works: readonly Work[];
  private readonly known = new Map<string, number>();

  constructor(options: CampaignOptions) {
    this.options = options;
    this.works = options.targets.map((target, index) => ({
      target,
      random: new Random(options.seed, options.stream * 1000 + index),
      corpus: [],
      coverage: new Coverage(options.counters),
      progress: { inputs: 0, accepted: 0, corpus: 0, slowestMs: 0, spentMs: 0 },
    }));
  }

  get progress(): Readonly<Record<string, Progress>> {
    return Object.fromEntries(this.works.map(({ target, progress, corpus }) => [target.name, { ...progress, corpus: corpus.length }]));
  }

  /** For each edge, the buckets that any target saw. */
  seen(): Uint8Array {
    const all = new Uint8Array(this.options.counters.length);
    for (const { coverage } of this.works) {
      for (let edge = 0; edge < all.length; edge += 1) (all[edge] as number) |= coverage.seen[edge] as number;
    }
    return all;
  }

  /** Without an end: the seeds of every target, then rounds of mutations. Gives way after each input. */
  *steps(): Generator<void, never> {
    for (const work of this.works) {
      for (const seed of work.target.seeds()) {
        this.give(work, seed);
        yield;
      }
      if (work.corpus.length === 0) work.corpus.push(new Uint8Array(0));
    }
    for (;;) {
      for (const work of this.works) {
        for (let input = 0; input < work.target.share; input += 1) {
          this.give(work, mutated(work));
          yield;
        }
      }
    }
  }

  private give(work: Work, input: Uint8Array): void {
    const { target, coverage, corpus, progress } = work;
    this.options.before(target, input);
    coverage.clear();
    const start = this.options.wallMs();
    let error: unknown;
    let accepted = false;
    let threw = false;
    try {
      accepted = target.run(input);
    } catch (thrown) {
      error = thrown;
      threw = true;
    }
    const wallMs = this.options.wallMs() - start;
    progress.inputs += 1;
    progress.spentMs += wallMs;
    if (accepted) progress.accepted += 1;
    if (wallMs > WHILE_MS) this.options.took?.(target, input);
    if (coverage.learn() && corpus.length < MOST_KEPT) corpus.push(input);
    if (threw) this.report(target, input, error);
    else if (wallMs > MOST_MILLISECONDS) this.reportSlow(target, input);
    else if (wallMs > progress.slowestMs) progress.slowestMs = wallMs;
  }

  private report(target: Target, input: Uint8Array, error: unknown): void {
    const { signature } = faultOf(target, input) ?? signatureOf(error);
    const name = `${target.name} ${signature}`;
    const count = this.known.get(name) ?? 0;
    this.known.set(name, count + 1);
    if (count >= MOST_OF_A_KIND) return;
    const small = minimise(input, (candidate) => faultOf(target, candidate)?.signature === signature);
    this.options.found({ target: target.name, input: small, ...(faultOf(target, small) ?? signatureOf(error)) });
  }

  /** The machine may have been busy with something else: a second time decides, by the processor's time. */
  private reportSlow(target: Target, input: Uint8Array): void {
    const start = this.options.processorMs();
    faultOf(target, input);
    const tookMs = this.options.processorMs() - start;
    const name = `${target.name} slow`;
    if (tookMs <= MOST_MILLISECONDS || this.known.has(name)) return;
    this.known.set(name, 1);
    this.options.found({ target: target.name, kind: 'slow', signature: 'slow', message: `took ${Math.round(tookMs)} ms of the processor`, input });
  }
}

/** What an input shows, with a stack that says where; `undefined` where nothing is wrong. */
export function faultOf(target: Target, input: Uint8Array): ReturnType<typeof signatureOf> | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 20;
  try {
    target.run(input);
    return undefined;
  } catch (error) {
    return signatureOf(error);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function mutated({ target, random, corpus }: Work): Uint8Array {
  // What did something new of late leads on more often than what is old.
  const recent = Math.min(corpus.length, 48);
  const from = random.oneIn(2) ? (corpus[corpus.length - 1 - random.int(recent)] as Uint8Array) : shorterOf(random.pick(corpus), random.pick(corpus), random);
  const input = target.mutate(from, shorterOf(random.pick(corpus), random.pick(corpus), random), random);
  return input.length > target.maxBytes ? input.slice(0, target.maxBytes) : input;
}

/** Mostly the shorter: what is short is quick, and a change in it matters more often. */
const shorterOf = (a: Uint8Array, b: Uint8Array, random: Random): Uint8Array => (a.length <= b.length !== random.oneIn(8) ? a : b);
