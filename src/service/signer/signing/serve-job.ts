import * as v from 'valibot';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { toWireError } from '../../../host/serve.ts';
import type { Curves } from '../../../signer/ecdsa-signer.ts';
import { doSigningJob, type TellStep } from './do-job.ts';
import { doMessageJob } from './do-message-job.ts';
import { AnyJob, type SigningAnswer } from './messages.ts';

/** The process's end of the line to its host. */
export interface JobPort {
  readonly post: (answer: SigningAnswer) => void;
  readonly listen: (onMessage: (message: unknown) => void) => void;
}

/** Progress is told so many times a step at most. */
const MOST_TOLD = 100;

/**
 * Says that it is ready, takes one job, does it, answers. A second job is not taken: each has a process of its own, so that nothing
 * of one file is left where another is read.
 * @param curves made when the job has come, so that a fault in making them is an answer too
 */
export function serveSigningJob(port: JobPort, curves: () => Curves): void {
  let isTaken = false;
  port.listen((message) => {
    if (isTaken) return;
    isTaken = true;
    port.post(answerOf(message, curves, thinned((step, done, total) => port.post({ kind: 'progress', step, done, total }))));
  });
  port.post({ kind: 'ready' });
}

function answerOf(message: unknown, curves: () => Curves, tell: TellStep): SigningAnswer {
  try {
    const job = v.safeParse(AnyJob, message);
    if (!job.success) throw notAJob(job.issues.map((issue) => v.getDotPath(issue) ?? '').join(', '));
    return 'message' in job.output ? doMessageJob(job.output, curves(), tell) : doSigningJob(job.output, curves(), tell);
  } catch (fault) {
    if (!(fault instanceof StrongroomError)) return { kind: 'fault', places: placesOf(fault) };
    const { code, message: sentence, details, hint } = toWireError(fault);
    return { kind: 'failed', error: { code, message: sentence, details: { ...details }, hint } };
  }
}

/** Names the fields that do not fit, never their values. */
const notAJob = (fields: string): StrongroomError =>
  new StrongroomError('host.bad-request', 'The request does not fit the contract.', { command: 'signing job', fields: fields.slice(0, 200) }, 'Check the form; if it is filled in correctly, report this as a fault.');

/** SECURITY: an exception's text could quote what was being worked on, so it stays here; its kind and places go. */
function placesOf(fault: unknown): string {
  if (!(fault instanceof Error)) return typeof fault;
  const places = (fault.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8);
  return [fault.constructor.name, ...places].join('\n').slice(0, 4000);
}

function thinned(tell: TellStep): TellStep {
  let last = '';
  return (step, done, total) => {
    const place = `${step} ${total === 0 ? 0 : Math.floor((done / total) * MOST_TOLD)}`;
    if (place === last) return;
    last = place;
    tell(step, done, total);
  };
}
