import { formatFeeRate, parseFeeRate } from '../../domain/fee-rate.ts';
import { parseSats } from '../../domain/amount.ts';
import { usageError } from './usage-error.ts';

/** How one value on a command line is named in help, read, and completed. */
export interface ValueKind<T> {
  /** The word that stands for the value in help, in capitals: `FILE`. */
  readonly placeholder: string;
  /** The closed list of values, where there is one. */
  readonly choices: readonly string[];
  /** What a shell should offer. */
  readonly completes: 'file' | 'folder' | 'choices' | 'nothing';
  /** @throws StrongroomError `usage.malformed`, or the value's own code (`amount.malformed`, ...) */
  readonly parse: (text: string, optionName: string) => T;
}

/** Free text. */
export const textValue = (placeholder: string): ValueKind<string> => ({ placeholder, choices: [], completes: 'nothing', parse: (text) => text });

/** A path of an input file; `-` is standard input. */
export const inputFileValue: ValueKind<string> = { placeholder: 'FILE', choices: [], completes: 'file', parse: requireText };

/** A path of an output file, or of a folder to write into under the suggested name. */
export const outputFileValue: ValueKind<string> = {
  placeholder: 'FILE',
  choices: [],
  completes: 'file',
  parse(text, optionName) {
    if (text === '-') throw usageError(`${optionName} takes a file, not standard output.`, 'Name a file or an existing folder.');
    return requireText(text, optionName);
  },
};

export const folderValue: ValueKind<string> = { placeholder: 'FOLDER', choices: [], completes: 'folder', parse: requireText };

/** A whole number within bounds, both included. */
export const integerValue = (placeholder: string, least: number, most: number): ValueKind<number> => ({
  placeholder,
  choices: [],
  completes: 'nothing',
  parse(text, optionName) {
    const value = /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) throw usageError(`${optionName} takes a whole number from ${least} to ${most}.`, `Write for example ${optionName} ${least}.`);
    return value;
  },
});

/** One of a closed list. */
export const choiceValue = <const T extends string>(placeholder: string, choices: readonly T[]): ValueKind<T> => ({
  placeholder,
  choices,
  completes: 'choices',
  parse(text, optionName) {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw usageError(`${optionName} takes one of: ${choices.join(', ')}.`, `Write for example ${optionName} ${choices[0] ?? ''}.`);
    return found;
  },
});

/** Satoshis as a decimal string, checked. */
export const satsValue: ValueKind<string> = { placeholder: 'SATS', choices: [], completes: 'nothing', parse: (text) => String(parseSats(text)) };

/** A fee rate in sat/vB as a decimal string, checked. */
export const feeRateValue: ValueKind<string> = { placeholder: 'SAT_PER_VB', choices: [], completes: 'nothing', parse: (text) => formatFeeRate(parseFeeRate(text)) };

function requireText(text: string, optionName: string): string {
  if (text === '') throw usageError(`${optionName} is empty.`, 'Name a file or folder.');
  return text;
}
