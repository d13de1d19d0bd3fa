import { isIPv4 } from 'node:net';
import { StrongroomError } from '../../../errors/strongroom-error.ts';

/** Where a server is, and how its certificate is checked. No secret is in it. */
export interface ServerAddress {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** Path of an HTTP server, without a slash at its end; empty at its root. */
  readonly path: string;
  /** SHA-256 of the certificate or of its public key (SPKI), 64 hexadecimal digits; `null` where authorities vouch. */
  readonly pin: string | null;
  /** A PEM file of the authority that signed the certificate; `null` for the system's own. */
  readonly caFile: string | null;
}

const known = new Set(['pin', 'ca']);

/** What URLs of a kind of server look like. */
export interface UrlForm {
  readonly tls: string;
  readonly plain: string;
  /** What the URL should look like, for the error. */
  readonly form: string;
  readonly hasPath: boolean;
  /** `null`: the port must be named. */
  readonly defaultPort: number | null;
}

/**
 * The address of an Electrum or Esplora server. Plain connections go to loopback only. The URL never holds a credential.
 * @throws StrongroomError `node.url`; the message never repeats the URL
 */
export function parseServerUrl(text: string, { tls: tlsScheme, plain, form, hasPath, defaultPort }: UrlForm): ServerAddress {
  const badUrl = (reason: string): StrongroomError => new StrongroomError('node.url', `The node's URL cannot be used: ${reason}.`, { reason }, `Write ${form}.`);
  const [head = '', ...query] = text.split('?');
  const literal = [head, query.join('?').replaceAll('+', '%2B')].join('?');
  const url = URL.canParse(literal) ? new URL(literal) : null;
  if (url === null || (url.protocol !== `${tlsScheme}:` && url.protocol !== `${plain}:`)) throw badUrl(`it is not of the form ${form}`);
  const keys = [...url.searchParams.keys()];
  // SECURITY: as of a bitcoind's URL: refused before anything else is said of it.
  if (url.username !== '' || url.password !== '' || keys.some((key) => /user|pass|auth|token|secret|key/i.test(key))) throw badUrl('it holds a credential');
  if (keys.some((key) => !known.has(key)) || new Set(keys).size !== keys.length) throw badUrl('it has an unknown or repeated option');
  if (url.hash !== '') throw badUrl('it has a fragment');

  const tls = url.protocol === `${tlsScheme}:`;
  const named = url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const host = named === 'localhost' ? '127.0.0.1' : named;
  const port = url.port === '' ? defaultPort : Number(url.port);
  if (!/^[a-z0-9.:_-]+$/.test(host) || port === null || port === 0) throw badUrl('host or port is missing');
  if (!tls && host !== '::1' && !(isIPv4(host) && host.startsWith('127.'))) throw badUrl('plain connections are for loopback only');
  const pin = url.searchParams.get('pin')?.replaceAll(':', '').toLowerCase() ?? null;
  const caFile = url.searchParams.get('ca');
  if ((pin !== null || caFile !== null) && !tls) throw badUrl('"pin" and "ca" belong to TLS');
  if (pin !== null && (!/^[0-9a-f]{64}$/.test(pin) || caFile !== null)) throw badUrl('"pin" is the SHA-256 of a certificate in 64 hexadecimal digits, and stands without "ca"');
  const path = url.pathname.replace(/\/+$/, '');
  if (path !== '' && !hasPath) throw badUrl('it has a path');
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(path)) throw badUrl('its path has characters that no server needs');
  return { tls, host, port, path, pin, caFile };
}

/** `host:port`, as people and errors call it. */
export const serverName = ({ host, port }: Pick<ServerAddress, 'host' | 'port'>): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
