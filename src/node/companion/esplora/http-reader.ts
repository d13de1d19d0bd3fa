import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { TlsTrust } from '../transport/peer-certificate.ts';
import { TrustedAgent } from '../transport/trusted-agent.ts';
import { serverName, type ServerAddress } from '../transport/server-url.ts';

export interface HttpLimits {
  /** Time to connect, milliseconds. */
  readonly connectMs: number;
  /** Time for one answer from question to last byte, milliseconds. */
  readonly answerMs: number;
  /** How long a busy server is asked again, milliseconds. */
  readonly patienceMs: number;
}

export const defaultHttpLimits: HttpLimits = { connectMs: 10_000, answerMs: 60_000, patienceMs: 20_000 };

export interface HttpReply {
  readonly status: number;
  readonly text: string;
}

/** Questions to one HTTP server. Redirects are not followed, proxies not used, nothing is unpacked. */
export interface HttpReader {
  /**
   * @param mostBytes of the answer
   * @returns the body of a 200; `null` for a 404
   * @throws StrongroomError `node.*`
   */
  get(path: string, mostBytes: number): Promise<string | null>;
  /** @returns a 200 or a 400, whose text says why */
  post(path: string, body: string, mostBytes: number): Promise<HttpReply>;
  close(): void;
}

const SOCKETS = 6;
const busyStatuses = new Set([429, 502, 503, 504]);
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4_000;

export function openHttpReader(address: ServerAddress, trust: TlsTrust, limits: HttpLimits): HttpReader {
  const agent = address.tls ? new TrustedAgent({ ...address, trust, connectMs: limits.connectMs }, { keepAlive: true, maxSockets: SOCKETS }) : new HttpAgent({ keepAlive: true, maxSockets: SOCKETS });
  const unreachable = (): StrongroomError =>
    new StrongroomError('node.unreachable', `No answer from the node at ${serverName(address)}.`, { host: address.host, port: address.port }, 'Check that the node runs, and the host, port and path of its URL.');

  const exchange = (method: 'GET' | 'POST', path: string, body: string | null, mostBytes: number): Promise<HttpReply> =>
    new Promise((resolve, reject) => {
      const send = address.tls ? httpsRequest : httpRequest;
      const outgoing: ClientRequest = send({
        agent, host: address.host, port: address.port, path: `${address.path}${path}`, method,
        headers: { accept: 'application/json, text/plain', 'accept-encoding': 'identity', ...(body === null ? {} : { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) }) },
      });
      // From question to last byte: a server that drips ends here as well.
      const timer = setTimeout(() => outgoing.destroy(new Error('silence')), limits.answerMs);
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        finish();
      };
      outgoing.on('response', (answer) => readText(answer, mostBytes).then((text) => settle(() => resolve({ status: answer.statusCode ?? 0, text })), (fault: unknown) => settle(() => reject(fault))));
      outgoing.on('error', (fault) => settle(() => reject(fault instanceof StrongroomError ? fault : unreachable())));
      outgoing.end(body ?? undefined);
    });

  /** As long as the server is busy it is asked again, ever more slowly. */
  const patient = async (method: 'GET' | 'POST', path: string, body: string | null, mostBytes: number): Promise<HttpReply> => {
    const deadline = Date.now() + limits.patienceMs;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      const reply = await exchange(method, path, body, mostBytes).catch((fault: unknown) => {
        throw fault instanceof StrongroomError ? fault : unreachable();
      });
      if (!busyStatuses.has(reply.status)) return reply;
      if (Date.now() + waitMs > deadline) throw new StrongroomError('node.not-ready', 'The node is busy or starting.', { status: reply.status }, 'Try again in a minute.');
      await delay(waitMs);
    }
  };

  return {
    async get(path, mostBytes) {
      const reply = await patient('GET', path, null, mostBytes);
      if (reply.status === 404) return null;
      if (reply.status !== 200) throw statusError(reply.status);
      return reply.text;
    },
    async post(path, body, mostBytes) {
      const reply = await patient('POST', path, body, mostBytes);
      if (reply.status !== 200 && reply.status !== 400) throw statusError(reply.status);
      return reply;
    },
    close: () => agent.destroy(),
  };
}

function readText(answer: IncomingMessage, mostBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const refuse = (fault: StrongroomError): void => {
      reject(fault);
      answer.destroy();
    };
    // SECURITY: nothing is unpacked, so a small answer stays small.
    if ((answer.headers['content-encoding'] ?? 'identity') !== 'identity') return refuse(notAsked('it is packed'));
    const stated = answer.headers['content-length'];
    if (stated !== undefined && Number(stated) > mostBytes) return refuse(notAsked('it is larger than any answer can be'));
    const parts: Buffer[] = [];
    let size = 0;
    answer.on('data', (part: Buffer) => {
      size += part.length;
      if (size > mostBytes) refuse(notAsked('it is larger than any answer can be'));
      else parts.push(part);
    });
    answer.on('end', () => (answer.complete ? resolve(Buffer.concat(parts).toString('utf8')) : reject(new Error('broken off'))));
    answer.on('error', reject);
    answer.on('aborted', () => reject(new Error('broken off')));
  });
}

const notAsked = (reason: string): StrongroomError =>
  new StrongroomError('node.malformed', `The node's answer is not what was asked for: ${reason}.`, {}, 'Check which program listens at the node\'s address.');

function statusError(status: number): StrongroomError {
  if (status === 401 || status === 403) return new StrongroomError('node.unauthorised', 'The node refuses to answer us.', { status }, 'Check whether it wants a login, which Strongroom has no place for, or allows this machine.');
  // A redirect is an answer of somebody else's choosing, so it is none.
  if (status >= 300 && status < 400) return new StrongroomError('node.malformed', 'The node sends us elsewhere; Strongroom does not go.', { status }, 'Correct the URL yourself, if that is right.');
  return new StrongroomError('node.rejected', `The node refused with status ${status}.`, { status }, 'Look into the node\'s log for the reason.');
}
