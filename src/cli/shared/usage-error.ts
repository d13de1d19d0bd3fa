import { StrongroomError } from '../../errors/strongroom-error.ts';

/** A command line that cannot be understood. The message may name options, never their values: a value may be a secret. */
export const usageError = (message: string, hint: string): StrongroomError => new StrongroomError('usage.malformed', message, {}, hint);
