import type { GenericSchema, InferInput, InferOutput } from 'valibot';

/** One thing that an edition's user interface can ask of its host: what goes in and what comes out, as schemas. */
export interface Command<Input extends GenericSchema = GenericSchema, Output extends GenericSchema = GenericSchema> {
  readonly input: Input;
  readonly output: Output;
}

export const command = <Input extends GenericSchema, Output extends GenericSchema>(input: Input, output: Output): Command<Input, Output> => ({ input, output });

/** Everything that one edition's user interface can ask for, by name. */
export type Contract = Readonly<Record<string, Command>>;

/** How far a request has come. */
export interface Progress {
  /** 0 to 1, or `null` while the total is unknown. */
  readonly fraction: number | null;
  /** What is being done now, in the imperative of the log: "Scanning block 812,000". */
  readonly activity: string;
  /** What is left of the time, by how fast it went so far; left out while that is unknown. */
  readonly remainingSeconds?: number;
}

/** What a handler may do besides its work: tell how far it is, and notice that the person gave up. */
export interface RequestContext {
  readonly progress: (progress: Progress) => void;
  readonly isCancelled: () => boolean;
}

/** What the host runs for each command. Inputs are parsed already; outputs are checked before they leave. */
export type Handlers<C extends Contract> = {
  readonly [Name in keyof C]: (input: InferOutput<C[Name]['input']>, context: RequestContext) => Promise<InferInput<C[Name]['output']>> | InferInput<C[Name]['output']>;
};

/** An error as data: all that crosses a boundary of an error. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly hint: string;
}

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

/** The client's side of a contract: one function a command. */
export type Client<C extends Contract> = {
  readonly [Name in keyof C]: (input: InferInput<C[Name]['input']>, onProgress?: (progress: Progress) => void) => Promise<Reply<InferOutput<C[Name]['output']>>>;
};
