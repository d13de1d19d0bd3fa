import * as v from 'valibot';
import type { ErrorCode } from '../../../errors/catalog.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { RequestContext } from '../../../host/contract.ts';
import { wipe } from '../../../signer/secrets/wipe.ts';
import type { SignerEffects } from '../effects.ts';
import { secretsOf, SigningAnswer, type AnyJob, type MessageSigned, type Reviewed, type Signed } from './messages.ts';
import { signingProgress } from './signing-progress.ts';

/** The process of one job, as its starter sees it. */
export interface SigningProcess {
  /**
   * Hands the job over. What it is told is copied before this returns; the secrets may be given away instead, so that one copy of
   * them is left.
   */
  readonly post: (job: AnyJob, secrets: readonly Uint8Array[]) => void;
  /** Ends it, whatever it is doing. @returns when it is gone, and with it all that it held */
  readonly end: () => Promise<void>;
}

/** What is heard of it. */
export interface SigningProcessEvents {
  readonly onMessage: (message: unknown) => void;
  /** It is gone: because it was ended, or by itself. */
  readonly onGone: () => void;
}

/** Starts a process for one job, which says `ready` once it can take it. */
export type StartSigningProcess = (events: SigningProcessEvents) => SigningProcess;

/** What is asked of the desk. */
export interface SigningOrder {
  /** Handles of the keys that the job has: when one of them is locked, the job ends. */
  readonly handles: readonly string[];
  /** Makes the job when its process waits for it, and not earlier. @throws StrongroomError `key.locked` */
  readonly job: () => AnyJob;
}

/** A process that is not ready after so long is ended: it takes a third of a second. */
const STARTING_MS = 60_000;
/** One that does not go in so long is a fault: the system should have killed it. */
const GOING_MS = 10_000;
/** How often it is looked whether the person gave up or the process went silent. */
const LOOK_EVERY_MS = 100;
/**
 * A process that says nothing for so long is ended. The longest silence of an honest one is the review of a sweep of ten thousand legacy
 * inputs on a slow laptop, which hashes four gigabytes.
 */
export const SILENT_MS = 180_000;

type Heard = v.InferOutput<typeof SigningAnswer>;
type Outcome = Extract<Heard, { kind: 'reviewed' | 'signed' | 'message-signed' }>;

/** A job that waits or is under way. */
interface Ticket {
  readonly handles: readonly string[];
  /** Why it is to end, if it is. */
  ended: StrongroomError | null;
  /** Ends it where it is under way. */
  end: (reason: StrongroomError) => void;
}

/**
 * Has files reviewed and signed in a process of their own each: the window stays free, and a key is in another process only while that
 * one reviews or signs. One at a time; the next waits.
 */
export class SigningDesk {
  readonly #effects: Pick<SignerEffects, 'startSigningProcess' | 'after' | 'now' | 'steadyMs'>;
  readonly #tickets = new Set<Ticket>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(effects: Pick<SignerEffects, 'startSigningProcess' | 'after' | 'now' | 'steadyMs'>) {
    this.#effects = effects;
  }

  /** @throws StrongroomError `host.cancelled`, `key.locked`, `sign.process-ended`, `sign.process-silent`, and what the job throws */
  async review(order: SigningOrder, context: RequestContext): Promise<Reviewed> {
    const outcome = await this.#inTurn('review', order, context);
    if (outcome.kind !== 'reviewed') throw new TypeError('the process gave another answer');
    return outcome.report;
  }

  /** @throws StrongroomError as `review` */
  async sign(order: SigningOrder, context: RequestContext): Promise<Signed> {
    const outcome = await this.#inTurn('sign', order, context);
    if (outcome.kind !== 'signed') throw new TypeError('the process gave another answer');
    return outcome.reply;
  }

  /** @throws StrongroomError as `review` */
  async signMessage(order: SigningOrder, context: RequestContext): Promise<MessageSigned> {
    const outcome = await this.#inTurn('sign', order, context);
    if (outcome.kind !== 'message-signed') throw new TypeError('the process gave another answer');
    return outcome.reply;
  }

  /** A key was locked: jobs that have it end, and with them its copy. */
  endOf(handle: string): void {
    for (const ticket of [...this.#tickets]) if (ticket.handles.includes(handle)) endTicket(ticket, locked());
  }

  endAll(): void {
    for (const ticket of [...this.#tickets]) endTicket(ticket, locked());
  }

  async #inTurn(kind: 'review' | 'sign', order: SigningOrder, context: RequestContext): Promise<Outcome> {
    const ticket: Ticket = { handles: order.handles, ended: null, end: () => undefined };
    this.#tickets.add(ticket);
    const before = this.#turn;
    const { promise: done, resolve: pass } = Promise.withResolvers<void>();
    this.#turn = done;
    try {
      await before;
      if (ticket.ended !== null) throw ticket.ended;
      if (context.isCancelled()) throw cancelled();
      return await this.#inProcess(kind, order, ticket, context);
    } finally {
      this.#tickets.delete(ticket);
      pass();
    }
  }

  #inProcess(kind: 'review' | 'sign', order: SigningOrder, ticket: Ticket, context: RequestContext): Promise<Outcome> {
    const clock = (): number => (this.#effects.steadyMs ?? this.#effects.now)();
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    let state: 'starting' | 'working' | 'over' = 'starting';
    let readyAt = clock();
    let heardAt = readyAt;
    let stopLooking = (): void => undefined;

    /** The answer is given when the process is gone: whoever has it knows that no copy of the key is left there. */
    const settle = (tell: () => void): void => {
      if (state === 'over') return;
      state = 'over';
      stopLooking();
      stopLooking = this.#effects.after(GOING_MS, () => reject(new Error('the signing process does not end')));
      const over = (then: () => void) => (): void => {
        stopLooking();
        then();
      };
      void process.end().then(over(tell), over(() => reject(new Error('the signing process could not be ended'))));
    };
    const fail = (reason: unknown): void => settle(() => reject(reason));
    const look = (): void => {
      const limitMs = state === 'starting' ? STARTING_MS : SILENT_MS;
      if (context.isCancelled()) fail(cancelled());
      else if (clock() - heardAt > limitMs) fail(silent(limitMs));
      else stopLooking = this.#effects.after(LOOK_EVERY_MS, look);
    };
    const begin = (): void => {
      if (state !== 'starting') return;
      state = 'working';
      readyAt = clock();
      let job: AnyJob | null = null;
      try {
        job = order.job();
        process.post(job, secretsOf(job));
      } catch (reason) {
        fail(reason);
      } finally {
        // What was given away is not here any more: its array is empty, and cannot be written to.
        if (job !== null) wipe(...secretsOf(job).filter(({ length }) => length > 0));
      }
    };
    const take = (answer: Heard): void => {
      switch (answer.kind) {
        case 'ready':
          begin();
          break;
        case 'progress':
          context.progress(signingProgress(kind, answer, heardAt - readyAt));
          break;
        case 'failed':
          fail(errorOf(answer.error));
          break;
        case 'fault':
          fail(faultAt(answer.places));
          break;
        case 'reviewed':
        case 'signed':
        case 'message-signed':
          settle(() => resolve(answer));
          break;
      }
    };
    const onMessage = (message: unknown): void => {
      if (state === 'over') return;
      heardAt = clock();
      const parsed = v.safeParse(SigningAnswer, message);
      if (context.isCancelled()) fail(cancelled());
      else if (!parsed.success) fail(new TypeError('the signing process said what it cannot say'));
      else take(parsed.output);
    };
    ticket.end = fail;
    context.progress({ fraction: null, activity: 'Starting a process for this transaction' });
    const process = this.#effects.startSigningProcess({ onMessage, onGone: () => fail(endedByItself()) });
    stopLooking = this.#effects.after(LOOK_EVERY_MS, look);
    return promise;
  }
}

function endTicket(ticket: Ticket, reason: StrongroomError): void {
  ticket.ended = reason;
  ticket.end(reason);
}

type FailedAnswer = Extract<v.InferOutput<typeof SigningAnswer>, { kind: 'failed' }>;
// Codes were looked up in the catalog when the answer was parsed.
const errorOf = ({ code, message, details, hint }: FailedAnswer['error']): StrongroomError => new StrongroomError(code as ErrorCode, message, details, hint);

/** For the host's own log; what people see of it is `host.unknown`. */
const faultAt = (places: string): Error => Object.assign(new Error('the signing process met a fault'), { stack: places });

const again = 'Nothing was signed by this step. Try it again; if it repeats, report what you did.';
const locked = (): StrongroomError => new StrongroomError('key.locked', 'The key was locked while the transaction was at work.', {}, 'Nothing was signed by this step. Unlock the key and begin again.');
const cancelled = (): StrongroomError => new StrongroomError('host.cancelled', 'The step was stopped. Nothing was signed by it.', {}, 'Begin again when you are ready.');
const endedByItself = (): StrongroomError => new StrongroomError('sign.process-ended', 'The process that reviews and signs ended before it was done.', {}, again);
const silent = (milliseconds: number): StrongroomError => new StrongroomError('sign.process-silent', `The process that reviews and signs said nothing for ${milliseconds / 60_000} min and was ended.`, { seconds: milliseconds / 1000 }, again);
