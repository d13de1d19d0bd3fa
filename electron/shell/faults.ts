import { app, dialog } from 'electron';

/**
 * The place and kind of a fault, without its message: a message can quote what was being worked on, and that can be secret.
 */
export function describeFault(fault: unknown): string {
  if (!(fault instanceof Error)) return typeof fault;
  const frames = (fault.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8);
  return [fault.constructor.name, ...frames].join('\n');
}

/** Ends the program on a fault that nothing caught, with a sentence for people and no text from inside. */
export function endOnFaults(title: string): void {
  const end = (fault: unknown): void => {
    console.error(describeFault(fault));
    if (app.isReady()) dialog.showErrorBox(title, 'Strongroom met a fault of its own and closes. Nothing was signed or sent by this step. If it repeats, report what you did.');
    app.exit(70);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
