import { Agent, type AgentOptions } from 'node:https';
import { connectTls, type TlsTarget } from './peer-certificate.ts';

type Connection = NonNullable<ReturnType<Agent['createConnection']>>;

/** HTTPS connections whose peer was identified before anything was sent. */
export class TrustedAgent extends Agent {
  readonly #target: TlsTarget;

  constructor(target: TlsTarget, options: AgentOptions) {
    super(options);
    this.#target = target;
  }

  override createConnection(_options: unknown, callback?: (fault: Error | null, stream: Connection) => void): Connection | null | undefined {
    connectTls(this.#target).then((socket) => callback?.(null, socket), (fault: Error) => callback?.(fault, undefined as unknown as Connection));
    return undefined;
  }
}
