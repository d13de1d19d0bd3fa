import { errorCatalog, type ErrorCode, type ExitCode } from './catalog.ts';

/** Facts that belong to an error; never a secret, never free text of a server. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/**
 * Work that cannot continue. The code is stable and belongs to the closed list in catalog.ts; the message says what and
 * where; the hint says what to do next. Neither ever holds a secret.
 */
export class StrongroomError extends Error {
  override readonly name = 'StrongroomError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, details: ErrorDetails, hint: string) {
    super(message);
    this.code = code;
    this.details = details;
    this.hint = hint;
  }

  /** Exit code of a command-line program that stops with this error. */
  get exitCode(): ExitCode {
    return errorCatalog[this.code].exit;
  }
}
