import { app, dialog } from 'electron';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';

/**
 * The place and kind of a fault, without its message: a message can quote what was being worked on, and that can be secret.
 */
export function describeFault(fault: unknown): string {
  if (!(fault instanceof Error)) return typeof fault;
  const frames = (fault.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8);
  return [fault.constructor.name, ...frames].join('\n');
}

/** What people are told: by name what has a name (an installation that was changed), of all else nothing from inside. */
export const faultForPeople = (fault: unknown): string =>
  fault instanceof StrongroomError
    ? `${fault.message}\n\n${fault.hint}\n\n[${fault.code}]`
    : 'Strongroom met a fault of its own and closes. Nothing was signed or sent by this step. If it repeats, report what you did.';

/** Ends the program on a fault that nothing caught, with a sentence for people and no text from inside. */
export function endOnFaults(title: string): void {
  const end = (fault: unknown): void => {
    console.error(describeFault(fault));
    if (app.isReady()) dialog.showErrorBox(title, faultForPeople(fault));
    app.exit(70);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
