import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connectTls, type TlsTarget } from './peer-certificate.ts';

/** HTTPS connections whose peer was identified before anything was sent. */
export class TrustedAgent extends Agent {
  readonly #target: TlsTarget;

  constructor(target: TlsTarget, options: AgentOptions) {
    super(options);
    this.#target = target;
  }

  override createConnection(_options: unknown, callback?: (fault: Error | null, stream: Duplex) => void): Duplex | null | undefined {
    connectTls(this.#target).then((socket) => callback?.(null, socket), (fault: Error) => callback?.(fault, undefined as unknown as Duplex));
    return undefined;
  }
}
