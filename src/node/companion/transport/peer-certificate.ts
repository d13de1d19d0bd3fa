import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { StrongroomError } from '../../../errors/strongroom-error.ts';

/** Whom a TLS connection must end at. */
export interface TlsTrust {
  /** SHA-256 of the certificate or of its public key (SPKI), hexadecimal; with it no authority and no name is asked. */
  readonly pin: string | null;
  /** PEM of the authority that must have signed; `null` for the system's own. */
  readonly ca: Buffer | null;
}

export interface TlsTarget {
  readonly host: string;
  readonly port: number;
  readonly trust: TlsTrust;
  /** Time to connect and shake hands, milliseconds. */
  readonly connectMs: number;
}

/**
 * @throws StrongroomError `node.url` when the authority file cannot be read
 */
export async function readTrust({ pin, caFile }: { readonly pin: string | null; readonly caFile: string | null }): Promise<TlsTrust> {
  if (caFile === null) return { pin, ca: null };
  const ca = await readFile(caFile).catch(() => {
    throw new StrongroomError('node.url', 'The authority file named by "ca" cannot be read.', {}, 'Give the PEM file of the authority that signed the node\'s certificate.');
  });
  return { pin, ca };
}

/** Why a certificate is not taken, in closed words. */
type BadCertificate = 'pin' | 'authority' | 'name' | 'expired' | 'not-tls';

const words: Readonly<Record<BadCertificate, string>> = {
  pin: 'its certificate is not the pinned one',
  authority: 'no known authority signed its certificate',
  name: 'its certificate is for another host',
  expired: 'its certificate is not valid today',
  'not-tls': 'what listens there does not speak TLS',
};
const hints: Readonly<Record<BadCertificate, string>> = {
  pin: 'Ask whoever runs the server whether its key was changed. If not, somebody stands between you and it.',
  authority: 'If the server signs for itself, ask whoever runs it for the SHA-256 of its public key, compare, and add ?pin= to the URL; or give its authority with ?ca=.',
  name: 'Use the name that stands in the certificate.',
  expired: 'Have the certificate renewed, and check this machine\'s clock. The pin of a public key stays as long as the key.',
  'not-tls': 'Check the port: Electrum servers often listen with and without TLS.',
};

/**
 * A TLS connection whose peer was identified before a byte was written to it.
 * @throws StrongroomError `node.certificate`; anything else as a plain `Error`
 */
export function connectTls({ host, port, trust, connectMs }: TlsTarget): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // SECURITY: the library's own refusal names no fingerprint and knows no pins, so it is told to go on, and nothing is sent before
    // `certificateFault` said yes.
    const socket = connect({ host, port, minVersion: 'TLSv1.2', rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}), ...(trust.ca === null ? {} : { ca: trust.ca }) });
    const timer = setTimeout(() => socket.destroy(new Error('connect timeout')), connectMs);
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      const fault = certificateFault(socket, trust);
      if (fault !== null) {
        socket.destroy();
        reject(fault);
        return;
      }
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (fault: Error & { readonly code?: string }) => {
      clearTimeout(timer);
      reject(/^(EPROTO|ERR_SSL_)/.test(fault.code ?? '') ? badCertificate('not-tls', null) : fault);
    });
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new Error('closed'));
    });
  });
}

/** Why the peer is not the one that was meant, or `null`. */
function certificateFault(socket: TLSSocket, { pin }: TlsTrust): StrongroomError | null {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return badCertificate('authority', null);
  const keyHash = sha256Hex(certificate.publicKey.export({ type: 'spki', format: 'der' }));
  if (pin !== null) {
    if (pin !== keyHash && pin !== sha256Hex(certificate.raw)) return badCertificate('pin', keyHash);
    const now = Date.now();
    return now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo) ? badCertificate('expired', keyHash) : null;
  }
  if (socket.authorized) return null;
  const code = String((socket.authorizationError as unknown as { readonly code?: string } | null)?.code ?? socket.authorizationError);
  if (/EXPIRED|NOT_YET_VALID/.test(code)) return badCertificate('expired', keyHash);
  return badCertificate(/ALTNAME/.test(code) ? 'name' : 'authority', keyHash);
}

const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** @param keySha256 of the key that was shown, so that a person can compare it and pin it; never taken silently */
const badCertificate = (reason: BadCertificate, keySha256: string | null): StrongroomError =>
  new StrongroomError('node.certificate', `The node is not trusted: ${words[reason]}.`, { reason, ...(keySha256 === null ? {} : { keySha256 }) }, hints[reason]);
