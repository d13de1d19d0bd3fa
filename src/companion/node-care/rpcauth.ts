import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlnopad } from '@scure/base';
import { toHex, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** A login to a node: the line that its configuration holds, and the password, which it does not. */
export interface RpcLogin {
  readonly user: string;
  readonly password: string;
  /** `user:salt$hash`. The password cannot be told from it. */
  readonly rpcauth: string;
}

/** Bytes of chance that a login is made of: 32 for the password, 16 for the salt. */
export const RPC_LOGIN_BYTES = 48;

/**
 * A login with a password by chance: nobody types it, it goes into a file that only the Companion reads.
 * @param random `RPC_LOGIN_BYTES` bytes of the system's entropy
 * @throws StrongroomError `config.malformed` for a user name that cannot stand in such a line
 * @see Bitcoin Core, share/rpcauth/rpcauth.py: HMAC-SHA256 of the password with the salt's hexadecimal text as key
 */
export function makeRpcLogin(user: string, random: Uint8Array): RpcLogin {
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(user)) throw new StrongroomError('config.malformed', 'The user\'s name has characters that cannot stand in a login.', { setting: 'rpc-user' }, 'Use letters, digits, - and _.');
  if (random.length !== RPC_LOGIN_BYTES) throw new StrongroomError('host.unknown', 'A login needs 48 bytes of chance.', {}, '');
  const password = base64urlnopad.encode(random.subarray(0, 32));
  const salt = toHex(random.subarray(32));
  return { user, password, rpcauth: `${user}:${salt}$${toHex(hmac(sha256, utf8(salt), utf8(password)))}` };
}

/** The file by which the Companion logs in: `bitcoind://HOST:PORT?conf=FILE`. */
export const loginFile = ({ user, password }: RpcLogin): string =>
  `# How Strongroom's Companion logs in to its node. Readable by its user only; name it with conf= in the node's URL.\nrpcuser=${user}\nrpcpassword=${password}\n`;
