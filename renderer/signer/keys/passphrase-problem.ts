/** Characters that a new passphrase has at least; the host refuses fewer. */
export const LEAST_PASSPHRASE = 12;

/** Why a new passphrase cannot be used yet, or `null`. */
export function passphraseProblem(first: string, second: string): string | null {
  const missing = LEAST_PASSPHRASE - [...first].length;
  if (missing > 0) return first === '' ? `Choose a passphrase of at least ${LEAST_PASSPHRASE} characters.` : `The passphrase: at least ${LEAST_PASSPHRASE} characters; ${missing} more.`;
  if (second !== first) return second === '' ? 'Type the passphrase a second time.' : 'The two passphrases are not the same.';
  return null;
}
