import type { Progress } from '../../host/contract.ts';
import type { CommandFiles } from './command-files.ts';
import type { Option, Options, Values } from './option.ts';
import type { Secrets } from './secrets.ts';
import type { TextStyle } from './text-style.ts';

/** What a command hands back: one JSON object for programs, lines for people, and the exit code of a judgement. */
export interface CommandResult {
  /** Beside `ok`; amounts as decimal strings. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
  /** A document that is itself the result; goes out byte for byte, in place of the lines, where no person watches. */
  readonly content?: string;
  /** 2: a person must judge; 3: refused. Done (0) where left out. */
  readonly exit?: 2 | 3;
}

/** Everything outside itself that a command may touch. */
export interface CommandIo {
  readonly files: CommandFiles;
  readonly secrets: Secrets;
  readonly style: TextStyle;
  /** True where lines on standard output are read by a person at this moment, and no JSON was asked for. */
  readonly interactive: boolean;
  /** Shows lines before the command ends; only for a question that follows. Nothing in JSON mode. */
  readonly show: (lines: readonly string[]) => void;
  readonly progress: (progress: Progress) => void;
  readonly isCancelled: () => boolean;
  /** Keeps an unknown exception for the person's report: its kind and place, never its text. */
  readonly onFault: (name: string, fault: unknown) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A command as its author writes it. */
export interface CommandSpec<P extends Options, O extends Options> {
  /** One or two words: `key create`. */
  readonly name: string;
  /** One line, imperative, without a full stop. */
  readonly summary: string;
  /** Paragraphs for the command's own help. */
  readonly notes: readonly string[];
  readonly positionals: P;
  readonly options: O;
  readonly run: (values: Values<P & O>, io: CommandIo) => Promise<CommandResult>;
}

/** A command as the toolkit handles it: the values' types are checked where it was defined. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly notes: readonly string[];
  readonly positionals: readonly (readonly [name: string, option: Option<unknown>])[];
  readonly options: readonly (readonly [name: string, option: Option<unknown>])[];
  readonly run: (values: Readonly<Record<string, unknown>>, io: CommandIo) => Promise<CommandResult>;
}

export interface Program {
  /** `strongroom-signer`. */
  readonly name: string;
  readonly version: string;
  /** SHA-256 of what it was built from, or `source`; where keys are made. */
  readonly build?: string;
  /** One sentence. */
  readonly summary: string;
  readonly notes: readonly string[];
  readonly commands: readonly Command[];
  /** Looks at the command line before anything is made of it, and throws where it holds what must not come in. */
  readonly refuse?: (args: readonly string[]) => void;
}

/** A command; the option names of the specification type what `run` receives. */
export function defineCommand<const P extends Options, const O extends Options>(spec: CommandSpec<P, O>): Command {
  return {
    name: spec.name,
    summary: spec.summary,
    notes: spec.notes,
    positionals: Object.entries(spec.positionals),
    options: Object.entries(spec.options),
    run: (values, io) => spec.run(values as Values<P & O>, io),
  };
}
