import { StrongroomError } from '../../errors/strongroom-error.ts';

/** Forms of a secret whose text or code was recognised. */
export type SecretForm = 'seedqr' | 'compact-seedqr' | 'xprv' | 'wif' | 'bip38' | 'codex32' | 'seed-xor';

/** What is wrong with a secret, by form and reason; never a part of it. */
export const malformedSecret = (form: SecretForm, reason: string, details: Readonly<Record<string, string | number>> = {}): StrongroomError =>
  new StrongroomError('secret.malformed', `The ${form} secret is malformed: ${reason}.`, { form, reason, ...details }, 'Compare it with the paper or the screen that it came from, character by character.');

export const unfitParameters = (reason: string): StrongroomError => new StrongroomError('secret.parameters', `This cannot be done: ${reason}.`, { reason }, 'Choose values within the stated bounds.');
