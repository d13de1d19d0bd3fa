export interface Fault {
  readonly target: string;
  readonly kind: 'throws' | 'wrong' | 'slow' | 'hang' | 'memory' | 'crash';
  /** Equal for faults of one cause, as far as can be told. */
  readonly signature: string;
  readonly message: string;
  readonly input: Uint8Array;
}

/** What distinguishes an error: its class, the rule that is broken, or the program's function that it came out of. */
export function signatureOf(error: unknown): Pick<Fault, 'kind' | 'signature' | 'message'> {
  if (!(error instanceof Error)) return { kind: 'throws', signature: 'no-error-object', message: String(error) };
  if (error.name === 'OracleBroken') return { kind: 'wrong', signature: error.message, message: error.message };
  const place = /\n\s+at (?:new )?(?:Object\.|Array\.)?([A-Za-z0-9_$.]+) /.exec(error.stack ?? '')?.[1] ?? 'somewhere';
  const code = (error as { readonly code?: unknown }).code;
  return { kind: 'throws', signature: `${error.name}${typeof code === 'string' ? ` ${code}` : ''} in ${place}`, message: `${error.name}: ${error.message}`.slice(0, 300) };
}
