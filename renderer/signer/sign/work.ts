import type { Progress } from '../../../src/host/contract.ts';
import type { Watch } from '../../host/client.ts';
import { machine, type Machine } from '../../host/machine.ts';
import type { SignerContext } from '../context.ts';

type Place = Pick<SignerContext, 'sign'>;

/** A review or a signing under way. */
interface Work {
  /** What the host is asked with. */
  readonly watch: Watch;
  /** To be called with the answer in hand. @returns whether it is still waited for: nothing else was begun, and the file was not put away */
  readonly isWanted: () => boolean;
}

/**
 * How far the work of this workspace is. A state of its own: it changes a hundred times while a sheet of thousands of lines beside it
 * stays as it is.
 */
type Course = Machine<Progress | null, Progress | null>;

const courses = new WeakMap<SignerContext['sign'], Course>();
/** What is under way, so that it can be stopped from a view that was drawn later. One thing at a time. */
const underWay = new WeakMap<SignerContext['sign'], AbortController>();

export function courseOf({ sign }: Place): Course {
  const known = courses.get(sign) ?? machine<Progress | null, Progress | null>(null, (_, progress) => progress);
  courses.set(sign, known);
  return known;
}

/** Begins; what was under way before is stopped, and neither its progress nor its answer is wanted any more. */
export function beginWork(place: Place): Work {
  const { sign } = place;
  underWay.get(sign)?.abort();
  const abort = new AbortController();
  underWay.set(sign, abort);
  const course = courseOf(place);
  course.send(null);
  const isLatest = (): boolean => underWay.get(sign) === abort;
  return {
    watch: { signal: abort.signal, onProgress: (progress) => { if (isLatest() && !abort.signal.aborted) course.send(progress); } },
    isWanted: () => {
      if (!isLatest()) return false;
      course.send(null);
      return true;
    },
  };
}

/** Asks the host to stop. The process that holds the key ends, and nothing is signed; the answer then is `host.cancelled`. */
export const stopWork = ({ sign }: Place): void => underWay.get(sign)?.abort();

/** The same, where nobody waits for the answer. */
export function dropWork(place: Place): void {
  stopWork(place);
  underWay.delete(place.sign);
  courseOf(place).send(null);
}
