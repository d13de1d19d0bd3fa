import { usageError } from './usage-error.ts';
import type { ValueKind } from './value-kinds.ts';

/** One option or positional argument of a command: parsing, help and completion all derive from it. */
export interface Option<T> {
  /** `null` for a flag, which takes no value. */
  readonly kind: ValueKind<unknown> | null;
  readonly help: string;
  readonly required: boolean;
  readonly repeats: boolean;
  /** Said in help, for example `24`. */
  readonly defaultText: string | null;
  /** From the texts in the order given; none where the option is absent. */
  readonly read: (texts: readonly string[], optionName: string) => T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;

/** What a command receives: one value an option, under the option's own name. */
export type Values<O extends Options> = { readonly [Name in keyof O]: O[Name] extends Option<infer T> ? T : never };

/** Present or not. */
export const flag = (help: string): Option<boolean> => ({ kind: null, help, required: false, repeats: false, defaultText: null, read: (texts) => texts.length > 0 });

/** At most once. */
export const optional = <T>(kind: ValueKind<T>, help: string): Option<T | undefined> => ({
  kind, help, required: false, repeats: false, defaultText: null,
  read: (texts, name) => (texts[0] === undefined ? undefined : kind.parse(texts[0], name)),
});

/** Exactly once. */
export const required = <T>(kind: ValueKind<T>, help: string): Option<T> => ({
  kind, help, required: true, repeats: false, defaultText: null,
  read(texts, name) {
    if (texts[0] === undefined) throw usageError(`${name} is missing.`, `Add ${name}${name.startsWith('--') ? ` ${kind.placeholder}` : ''}.`);
    return kind.parse(texts[0], name);
  },
});

/** At most once; the default stands in. */
export const withDefault = <T>(kind: ValueKind<T>, defaultText: string, help: string): Option<T> => ({
  kind, help, required: false, repeats: false, defaultText,
  read: (texts, name) => kind.parse(texts[0] ?? defaultText, name),
});

/** Any number of times, at least `least`. */
export const repeated = <T>(kind: ValueKind<T>, least: 0 | 1, help: string): Option<readonly T[]> => ({
  kind, help, required: least > 0, repeats: true, defaultText: null,
  read(texts, name) {
    if (texts.length < least) throw usageError(`${name} is missing.`, `Add ${name}${name.startsWith('--') ? ` ${kind.placeholder}` : ''}.`);
    return texts.map((text) => kind.parse(text, name));
  },
});
