import { StrongroomError, type ErrorDetails } from '../../errors/strongroom-error.ts';

/** The two standards of shares. */
export type ShareForm = 'slip39' | 'codex32';

/** What is wrong with one share; never a part of it. */
export const malformedShare = (form: ShareForm, reason: string, details: ErrorDetails = {}): StrongroomError =>
  new StrongroomError('share.malformed', `The ${form} share is malformed: ${reason}.`, { form, reason, ...details }, 'Compare it with its sheet, character by character.');

/** Shares that do not go together. */
export const mismatch = (form: ShareForm, reason: string, details: ErrorDetails = {}): StrongroomError =>
  new StrongroomError('share.mismatch', `The ${form} shares do not go together: ${reason}.`, { form, reason, ...details }, 'Take shares of one set only, each once.');

export const tooFew = (form: ShareForm, have: number, need: number, details: ErrorDetails = {}): StrongroomError =>
  new StrongroomError('share.too-few', `${have} of ${need} ${form} shares were given.`, { form, have, need, ...details }, 'Fetch the shares that are missing.');
