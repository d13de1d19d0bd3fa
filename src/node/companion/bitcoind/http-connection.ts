import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { TlsTrust } from '../transport/peer-certificate.ts';
import { TrustedAgent } from '../transport/trusted-agent.ts';
import type { BitcoindAddress } from './node-url.ts';

/** How long and how much a node may answer. */
export interface ConnectionLimits {
  /** Time to connect, milliseconds. */
  readonly connectMs: number;
  /** Longest silence while an answer is waited for, milliseconds. */
  readonly silenceMs: number;
  /** Time from the first byte of an answer to its last, milliseconds: a scan is long silent, but its answer does not drip. */
  readonly bodyMs: number;
  /** Largest answer, bytes. */
  readonly answerBytes: number;
}

export const defaultLimits: ConnectionLimits = { connectMs: 10_000, silenceMs: 120_000, bodyMs: 300_000, answerBytes: 128 * 1024 * 1024 };

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** One HTTP peer with connections that stay open between requests. Redirects are not followed and proxies not used. */
export interface HttpConnection {
  /** @throws StrongroomError `node.unreachable`, `node.certificate`, `node.malformed` for an answer over the limit */
  post(path: string, authorization: string, body: string, silenceMs?: number, answerBytes?: number): Promise<HttpAnswer>;
  close(): void;
}

export function openHttpConnection(address: BitcoindAddress, trust: TlsTrust, limits: ConnectionLimits): HttpConnection {
  const settings = { keepAlive: true, maxSockets: 4, scheduling: 'lifo' } as const;
  const agent = address.tls ? new TrustedAgent({ ...address, trust, connectMs: limits.connectMs }, settings) : new HttpAgent(settings);

  const attempt = (path: string, authorization: string, body: string, silenceMs: number, answerBytes: number): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const send = address.tls ? httpsRequest : httpRequest;
      const outgoing: ClientRequest = send({
        agent, host: address.host, port: address.port, path, method: 'POST', family: 0,
        headers: { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), connection: 'keep-alive' },
      });
      const connecting = setTimeout(() => outgoing.destroy(new Error('connect timeout')), limits.connectMs);
      outgoing.on('socket', (socket) => {
        const ready = (): void => clearTimeout(connecting);
        // A TLS connection is handed over when its peer was identified.
        if (socket.connecting) socket.once('connect', ready);
        else ready();
      });
      outgoing.setTimeout(silenceMs, () => outgoing.destroy(new Error('silence')));
      outgoing.on('response', (answer) => {
        const dripping = setTimeout(() => outgoing.destroy(new Error('drip')), limits.bodyMs);
        readBody(answer, answerBytes).finally(() => clearTimeout(dripping)).then((text) => resolve({ status: answer.statusCode ?? 0, body: text }), reject);
      });
      outgoing.on('error', (fault) => reject(fault instanceof StrongroomError ? fault : new ConnectionFault(outgoing.reusedSocket)));
      outgoing.on('close', () => clearTimeout(connecting));
      outgoing.end(body);
    });

  return {
    async post(path, authorization, body, silenceMs = limits.silenceMs, answerBytes = limits.answerBytes) {
      try {
        return await attempt(path, authorization, body, silenceMs, Math.min(answerBytes, limits.answerBytes)).catch((fault: unknown) => {
          // The node closes idle connections; a request that met one of these never reached it (RFC 9112, section 9.3.1).
          if (fault instanceof ConnectionFault && fault.onReusedSocket) return attempt(path, authorization, body, silenceMs, Math.min(answerBytes, limits.answerBytes));
          throw fault;
        });
      } catch (fault) {
        throw fault instanceof StrongroomError ? fault : unreachableNode(address);
      }
    },
    close: () => agent.destroy(),
  };
}

/** No connection, or it broke; the system's text is dropped, it may hold paths or names. */
class ConnectionFault extends Error {
  readonly onReusedSocket: boolean;
  constructor(onReusedSocket: boolean) {
    super('connection fault');
    this.onReusedSocket = onReusedSocket;
  }
}

function readBody(answer: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    answer.on('data', (part: Buffer) => {
      size += part.length;
      if (size > maxBytes) {
        reject(new StrongroomError('node.malformed', 'The node\'s answer is larger than any answer can be.', { maxBytes }, 'Check which program listens at the node\'s address.'));
        answer.destroy();
        return;
      }
      parts.push(part);
    });
    answer.on('end', () => (answer.complete ? resolve(Buffer.concat(parts).toString('utf8')) : reject(new ConnectionFault(false))));
    answer.on('error', () => reject(new ConnectionFault(false)));
    answer.on('aborted', () => reject(new ConnectionFault(false)));
  });
}

const unreachableNode = (address: BitcoindAddress): StrongroomError =>
  new StrongroomError('node.unreachable', `No answer from the node at ${address.host}:${address.port}.`, { host: address.host, port: address.port }, 'Check that the node runs, and the host and port of its URL.');
