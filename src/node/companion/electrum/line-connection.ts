import { connect as connectTcp, type Socket } from 'node:net';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { connectTls, type TlsTrust } from '../transport/peer-certificate.ts';
import { serverName, type ServerAddress } from '../transport/server-url.ts';

export interface LineLimits {
  /** Time to connect, milliseconds. */
  readonly connectMs: number;
  /** Time for one answer from question to last byte, milliseconds. A half-open connection ends here. */
  readonly answerMs: number;
}

export const defaultLineLimits: LineLimits = { connectMs: 10_000, answerMs: 60_000 };

/** One TCP or TLS connection that carries texts, one a line. */
export interface LineConnection {
  send(line: string): void;
  close(): void;
}

export interface LineListener {
  /** The most bytes that a line may have now. */
  readonly mostBytes: () => number;
  readonly line: (text: string) => void;
  /** Once, however it ended. */
  readonly closed: (fault: StrongroomError) => void;
}

const KEEP_ALIVE_MS = 30_000;
const NEWLINE = 0x0a;

/**
 * @throws StrongroomError `node.unreachable`, `node.certificate`
 */
export async function openLineConnection(address: ServerAddress, trust: TlsTrust, limits: LineLimits, listener: LineListener): Promise<LineConnection> {
  const unreachable = (): StrongroomError =>
    new StrongroomError('node.unreachable', `No answer from the node at ${serverName(address)}.`, { host: address.host, port: address.port }, 'Check that the node runs, and the host and port of its URL.');
  const socket = await (address.tls ? connectTls({ ...address, trust, connectMs: limits.connectMs }) : connectPlain(address, limits.connectMs)).catch((fault: unknown) => {
    throw fault instanceof StrongroomError ? fault : unreachable();
  });
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setNoDelay(true);

  let isOpen = true;
  const end = (fault: StrongroomError): void => {
    if (!isOpen) return;
    isOpen = false;
    parts = [];
    socket.destroy();
    listener.closed(fault);
  };
  let parts: Buffer[] = [];
  let size = 0;
  socket.on('data', (data: Buffer) => {
    let rest = data;
    while (isOpen && rest.length > 0) {
      const stop = rest.indexOf(NEWLINE);
      const part = stop === -1 ? rest : rest.subarray(0, stop);
      size += part.length;
      // Before it is kept: a line without end costs no more than the longest answer that was asked for.
      if (size > listener.mostBytes()) {
        end(tooLong());
        return;
      }
      parts.push(part);
      if (stop === -1) return;
      const text = Buffer.concat(parts).toString('utf8');
      parts = [];
      size = 0;
      rest = rest.subarray(stop + 1);
      listener.line(text);
    }
  });
  socket.on('error', () => end(unreachable()));
  socket.on('close', () => end(unreachable()));
  socket.on('end', () => end(unreachable()));
  return {
    send(line) {
      if (isOpen) socket.write(`${line}\n`);
    },
    close: () => {
      isOpen = false;
      socket.destroy();
    },
  };
}

function connectPlain({ host, port }: ServerAddress, connectMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port });
    const timer = setTimeout(() => socket.destroy(new Error('connect timeout')), connectMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', reject);
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new Error('closed'));
    });
  });
}

const tooLong = (): StrongroomError =>
  new StrongroomError('node.malformed', 'The node\'s answer is larger than any answer can be.', {}, 'Check which program listens at the node\'s address.');
