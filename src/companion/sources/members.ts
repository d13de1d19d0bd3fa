import type { ErrorCode } from '../../errors/catalog.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { ChainSource, SourceReport } from '../chain-source.ts';
import { ofNode } from '../proof/refusals.ts';

/** One of several sources. */
export interface Member {
  /** Host and port of our own URL. */
  readonly name: string;
  readonly source: ChainSource;
}

/** What the agreement of several sources needs of the world. */
export interface SourceClock {
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
  /** @param isBackground whether the program may end meanwhile */
  readonly delay: (ms: number, isBackground?: boolean) => Promise<void>;
}

interface State {
  report: SourceReport;
  /** Not asked again before. */
  silentUntil: number;
}

/** Failures that say nothing of the chain: the source is not there for us now, and the others go on. */
const absent: ReadonlySet<ErrorCode> = new Set(['node.unreachable', 'node.unauthorised', 'node.not-ready', 'node.certificate', 'node.rejected']);
/** How long a source that was not there is left alone. */
const SILENCE_MS = 20_000;

export const isAbsent = (error: unknown): error is StrongroomError => error instanceof StrongroomError && absent.has(error.code);

/** Several sources and how each of them did: the only place that knows who is asked and who was dropped. */
export class Members {
  readonly all: readonly Member[];
  readonly clock: SourceClock;
  readonly #least: number;
  readonly #states: ReadonlyMap<Member, State>;

  /** @param least how many must answer before anything is stated of a wallet */
  constructor(all: readonly Member[], clock: SourceClock, least: number) {
    this.all = all;
    this.clock = clock;
    this.#least = least;
    this.#states = new Map(all.map((member) => [member, { report: { node: member.name, state: 'unasked', height: null, code: null }, silentUntil: Number.NEGATIVE_INFINITY }]));
  }

  reports(): readonly SourceReport[] {
    return [...this.#states.values()].map(({ report }) => report);
  }

  note(member: Member, change: Partial<Omit<SourceReport, 'node'>>): void {
    const state = this.#states.get(member) as State;
    state.report = { ...state.report, ...change };
  }

  /** Those that are worth asking; all of them where none is. */
  awake(): readonly Member[] {
    const now = this.clock.now();
    const awake = this.all.filter((member) => (this.#states.get(member) as State).silentUntil <= now);
    return awake.length === 0 ? this.all : awake;
  }

  /** Asks one, and remembers how it went. @throws what the source throws, with its name */
  async ask<T>(member: Member, read: (source: ChainSource) => Promise<T>): Promise<T> {
    const state = this.#states.get(member) as State;
    try {
      const answer = await read(member.source);
      state.silentUntil = Number.NEGATIVE_INFINITY;
      if (state.report.state === 'unreachable' || state.report.state === 'unasked') this.note(member, { state: 'asked', code: null });
      return answer;
    } catch (error) {
      if (error instanceof StrongroomError && error.code.startsWith('node.') && error.code !== 'node.rejected' && error.code !== 'node.wallet') {
        const isGone = absent.has(error.code);
        if (isGone) state.silentUntil = this.clock.now() + SILENCE_MS;
        this.note(member, { state: isGone ? 'unreachable' : error.code === 'node.lagging' ? 'lagging' : 'disagrees', code: error.code });
      }
      throw ofNode(error, member.name);
    }
  }

  /**
   * Asks all that are awake, and goes on without those that are not there.
   * @throws StrongroomError the first failure that is more than absence; `node.unreachable` where fewer answered than must
   */
  async askAll<T>(read: (source: ChainSource, member: Member) => Promise<T>, least = this.#least): Promise<ReadonlyMap<Member, T>> {
    const asked = this.awake();
    const settled = await Promise.allSettled(asked.map((member) => this.ask(member, (source) => read(source, member))));
    const answers = new Map<Member, T>();
    const faults: unknown[] = [];
    settled.forEach((outcome, position) => {
      if (outcome.status === 'fulfilled') answers.set(asked[position] as Member, outcome.value);
      else {
        const fault: unknown = outcome.reason;
        faults.push(fault);
        // Whoever refuses what all must say is left out of it, and that is said.
        if (isAbsent(fault)) this.note(asked[position] as Member, { state: 'unreachable', code: fault.code });
      }
    });
    const grave = faults.find((fault) => !isAbsent(fault));
    if (grave !== undefined) throw grave;
    if (answers.size === 0 && faults[0] !== undefined) throw faults[0];
    if (answers.size < least) throw tooFew(answers.size, least, this.all.filter((member) => !answers.has(member)));
    return answers;
  }

  /**
   * The first answer of any: the next is asked where one fails, or takes its time. For what proves itself or harms nobody.
   * @throws what the last of them threw
   */
  async first<T>(read: (source: ChainSource) => Promise<T>, hedgeMs = 2_000): Promise<T> {
    const waiting: Promise<{ readonly value: T } | { readonly fault: unknown }>[] = [];
    const faults: unknown[] = [];
    const open = [...this.awake()];
    for (let next = open.shift(); next !== undefined || waiting.length > 0; next = open.shift()) {
      if (next !== undefined) waiting.push(this.ask(next, read).then((value) => ({ value }), (fault: unknown) => ({ fault })));
      for (;;) {
        const tagged = waiting.map((each, index) => each.then((outcome) => ({ index, outcome })));
        const done = await Promise.race(open.length > 0 ? [...tagged, this.clock.delay(hedgeMs, true).then(() => null)] : tagged);
        if (done === null) break;
        if ('value' in done.outcome) return done.outcome.value;
        faults.push(done.outcome.fault);
        waiting.splice(done.index, 1);
        if (open.length > 0 || waiting.length === 0) break;
      }
    }
    throw faults.find((fault) => !isAbsent(fault)) ?? faults[0];
  }
}

const tooFew = (answered: number, least: number, missing: readonly Member[]): StrongroomError =>
  new StrongroomError('node.unreachable', `${answered} of ${least} nodes that must answer did so.`, { answered, least, node: missing.map(({ name }) => name).join(', ') }, 'Start the missing nodes, or leave them out.');
