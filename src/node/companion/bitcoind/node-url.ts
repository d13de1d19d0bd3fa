import { isIPv4 } from 'node:net';
import { StrongroomError } from '../../../errors/strongroom-error.ts';

/** Where a node's JSON-RPC is and how to log in; no secret is in it. */
export interface BitcoindAddress {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  readonly login: { readonly kind: 'cookie' | 'conf'; readonly file: string };
  /** A PEM file of the authority that signed the node's certificate; `null` for the system's own. */
  readonly caFile: string | null;
  /** SHA-256 of the certificate or its public key (SPKI); `null` where an authority vouches. */
  readonly pin: string | null;
  /** A wallet of the node to look into for previous transactions. */
  readonly wallet: string | null;
}

const known = new Set(['cookie', 'conf', 'ca', 'pin', 'wallet']);

/**
 * A node's address from `bitcoind://127.0.0.1:8332?cookie=PATH` (or `conf=PATH`, `&wallet=NAME`). `bitcoind://` is plain HTTP
 * and loopback only; `bitcoind+tls://host:port?...` (`&ca=PEM` or `&pin=SHA256`) goes anywhere. The URL never holds a credential.
 * @throws StrongroomError `node.url`; the message never repeats the URL
 */
export function parseBitcoindUrl(text: string): BitcoindAddress {
  // In a query a plus sign would be read as a blank; in a path it is a plus sign.
  const [head = '', ...query] = text.split('?');
  const literal = [head, query.join('?').replaceAll('+', '%2B')].join('?');
  const url = URL.canParse(literal) ? new URL(literal) : null;
  if (url === null || (url.protocol !== 'bitcoind:' && url.protocol !== 'bitcoind+tls:')) throw badUrl('it is not of the form bitcoind://host:port?cookie=PATH');
  const keys = [...url.searchParams.keys()];
  // SECURITY: what looks like a credential is refused before anything else is said of the URL; it would end in histories,
  // settings and process lists.
  if (url.username !== '' || url.password !== '' || keys.some((key) => /user|pass|auth|token|secret/i.test(key))) throw badUrl('it holds a credential');
  if (keys.some((key) => !known.has(key)) || new Set(keys).size !== keys.length) throw badUrl('it has an unknown or repeated option');
  if ((url.pathname !== '' && url.pathname !== '/') || url.hash !== '') throw badUrl('it has a path or fragment');

  const tls = url.protocol === 'bitcoind+tls:';
  const named = url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  // Not left to name resolution: what "localhost" stands for is a matter of a file on this machine.
  const host = named === 'localhost' ? '127.0.0.1' : named;
  const isLoopback = host === '::1' || (isIPv4(host) && host.startsWith('127.'));
  if (host === '' || url.port === '') throw badUrl('host or port is missing');
  if (!tls && !isLoopback) throw badUrl('plain connections are for loopback only');
  const caFile = url.searchParams.get('ca');
  const pin = url.searchParams.get('pin')?.replaceAll(':', '').toLowerCase() ?? null;
  if ((caFile !== null || pin !== null) && !tls) throw badUrl('"ca" and "pin" belong to bitcoind+tls');
  if (pin !== null && (!/^[0-9a-f]{64}$/.test(pin) || caFile !== null)) throw badUrl('"pin" is the SHA-256 of a certificate in 64 hexadecimal digits, and stands without "ca"');

  const cookie = url.searchParams.get('cookie');
  const conf = url.searchParams.get('conf');
  const file = cookie ?? conf;
  if (file === null || file === '' || (cookie !== null && conf !== null)) throw badUrl('it needs either cookie=PATH or conf=PATH');
  return { tls, host, port: Number(url.port), login: { kind: cookie === null ? 'conf' : 'cookie', file }, caFile, pin, wallet: url.searchParams.get('wallet') };
}

export const badUrl = (reason: string): StrongroomError =>
  new StrongroomError('node.url', `The node's URL cannot be used: ${reason}.`, { reason }, 'Write bitcoind://127.0.0.1:8332?cookie=PATH, or bitcoind+tls://host:port?conf=PATH for a node elsewhere.');
