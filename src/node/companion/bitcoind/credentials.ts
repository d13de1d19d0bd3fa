import { open } from 'node:fs/promises';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { BitcoindAddress } from './node-url.ts';

/** A cookie is one short line; a bitcoin.conf a page or two. */
const MAX_FILE_BYTES = 262_144;

/**
 * The value of the HTTP header by which the node knows us, from its cookie file or from `rpcuser` and `rpcpassword` of a
 * configuration file. Read anew on each login: the node writes another cookie whenever it starts.
 * @throws StrongroomError `node.unreachable` where there is no cookie (the node is not running), `node.unauthorised`
 */
export async function readAuthorization(login: BitcoindAddress['login']): Promise<string> {
  const text = await readSmallText(login);
  const pair = login.kind === 'cookie' ? text.trim() : pairOfConf(text);
  if (pair === null || !/^[^:\r\n]+:[^\r\n]+$/.test(pair)) {
    throw new StrongroomError('node.unauthorised', login.kind === 'cookie' ? 'The cookie file is not a node\'s.' : 'The configuration file has no rpcuser and rpcpassword.', { login: login.kind }, login.kind === 'cookie' ? 'Give the file named .cookie in the node\'s data folder.' : 'Write rpcuser and rpcpassword into a file of their own that only you can read. The hash of an rpcauth line is not enough.');
  }
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

async function readSmallText(login: BitcoindAddress['login']): Promise<string> {
  try {
    const file = await open(login.file, 'r');
    try {
      const buffer = Buffer.alloc(MAX_FILE_BYTES);
      const { bytesRead } = await file.read(buffer, 0, MAX_FILE_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (fault) {
    const isMissing = fault instanceof Error && 'code' in fault && fault.code === 'ENOENT';
    if (isMissing && login.kind === 'cookie') {
      throw new StrongroomError('node.unreachable', 'The node\'s cookie file is not there, so the node is not running.', {}, 'Start the node, or correct the path after cookie= in its URL.');
    }
    throw new StrongroomError('node.unauthorised', `The ${login.kind === 'cookie' ? 'cookie' : 'configuration'} file cannot be read.`, { login: login.kind }, 'Check the path in the node\'s URL and the file\'s permissions.');
  }
}

/** `user:password` of the settings before the first section, which hold for every network; the last of each counts. */
function pairOfConf(text: string): string | null {
  let user: string | null = null;
  let password: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*\[/.test(line)) break;
    const match = /^\s*(rpcuser|rpcpassword)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1] === 'rpcuser') user = match[2] as string;
    if (match?.[1] === 'rpcpassword') password = match[2] as string;
  }
  return user === null || password === null ? null : `${user}:${password}`;
}
