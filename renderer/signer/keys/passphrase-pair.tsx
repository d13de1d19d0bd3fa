import { SecretField } from '../../ui/secret-field.tsx';
import { LEAST_PASSPHRASE } from './passphrase-problem.ts';

interface PassphrasePairProps {
  /** What it is for: "Passphrase", "New passphrase for the key file". */
  readonly label: string;
  readonly first: string;
  readonly second: string;
  readonly disabled: boolean;
  readonly onChange: (first: string, second: string) => void;
}

/** A new passphrase, typed twice. What is wrong is said only once a person can have meant it. */
export function PassphrasePair({ label, first, second, disabled, onChange }: PassphrasePairProps) {
  const missing = LEAST_PASSPHRASE - [...first].length;
  return (
    <>
      <SecretField label={label} value={first} disabled={disabled} onInput={(typed) => onChange(typed, second)}
        hint={first !== '' && missing > 0 ? `${missing} more characters.` : `At least ${LEAST_PASSPHRASE} characters. Five unrelated words are good.`} />
      <SecretField label={`${label} again`} value={second} disabled={disabled} onInput={(typed) => onChange(first, typed)}
        problem={second !== '' && missing <= 0 && !first.startsWith(second) ? 'Not the same as above.' : null} />
    </>
  );
}
