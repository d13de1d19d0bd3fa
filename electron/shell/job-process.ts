import { utilityProcess, type UtilityProcess } from 'electron';

/** A process that does one job, as its starter sees it. */
export interface JobProcess {
  /** What it is told is copied before this returns. */
  readonly post: (message: unknown) => void;
  /** Ends it, whatever it is doing. @returns when it is gone */
  readonly end: () => Promise<void>;
}

export interface JobProcessEvents {
  readonly onMessage: (message: unknown) => void;
  /** It is gone: because it was ended, or by itself. */
  readonly onGone: () => void;
}

export interface JobProgram {
  /** Its bundle. */
  readonly file: string;
  /** As systems list it among their processes. */
  readonly name: string;
  readonly mostHeapMb: number;
}

/**
 * Starts a process beside the main one, so that the window and its dialogs stay free, and what it holds is gone with it.
 *
 * SECURITY: an empty environment would mean the whole environment of this process, so it gets one variable that says nothing. No
 * streams: what a runtime prints when it ends may quote what it worked on. No code is made of texts in it.
 */
export function startJobProcess({ file, name, mostHeapMb }: JobProgram, { onMessage, onGone }: JobProcessEvents): JobProcess {
  const child = utilityProcess.fork(file, [], {
    serviceName: name,
    env: { LANG: 'C' },
    execArgv: [`--js-flags=--max-old-space-size=${mostHeapMb} --disallow-code-generation-from-strings`],
    stdio: 'ignore',
  });
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  let isGone = false;
  child.on('message', onMessage);
  child.on('exit', () => {
    isGone = true;
    resolve();
    onGone();
  });
  return {
    post: (message) => child.postMessage(message),
    end: () => {
      if (isGone) return gone;
      // One that is only being started cannot be ended yet.
      if (child.pid === undefined) child.once('spawn', () => kill(child));
      else kill(child);
      return gone;
    },
  };
}

/**
 * At once and without a word: there is nothing that it should tidy up, and one that was stopped hears no other signal, so that it would
 * outlive this process.
 */
function kill(child: UtilityProcess): void {
  try {
    if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
  } catch {
    // It went by itself a moment ago, and `exit` is on its way.
  }
  child.kill();
}
