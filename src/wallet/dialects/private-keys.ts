import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { chainParameters, networkNames } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { rejectPrivateKeyText } from '../key-record.ts';

const base58check = createBase58check(sha256);
/** Longer texts of a wallet file are transactions and histories, in which a run of letters may look like a key by chance. */
const MAX_JUDGED_CHARACTERS = 400;
const PYTHON_SEED = /['"](seed|passphrase)['"]\s*:\s*['"][^'"]+['"]/;

export const privateKeyFound = (): StrongroomError =>
  new StrongroomError('wallet.private-key', 'The file holds a PRIVATE key or a mnemonic where public keys belong.', {}, 'Treat that key as exposed: do not use the file, and export only public keys on the signing device.');

/** Names under which programs keep a secret in the clear. Electrum's stand in its own dialect, since it encrypts them. */
const SECRET_NAMES = /^(xprv|private_?key|priv_?key|wif|mnemonic|seed_?phrase|seed_?words|secret_?key|master_?private_?key)$/i;

/**
 * Refuses a text with what is certainly a private key, however long the text: extended ones by their prefix, WIF by its checksum.
 * @throws StrongroomError `wallet.private-key`
 */
export function rejectCertainPrivateKeys(text: string): void {
  if (/(^|[^1-9A-HJ-NP-Za-km-z])(?:[xyztuvYZUV]prv|[LMt]tpv|dgpv)[1-9A-HJ-NP-Za-km-z]{20,}/.test(text)) throw privateKeyFound();
  for (const [, candidate] of text.matchAll(/(?<![1-9A-HJ-NP-Za-km-z])([5KLc9TQ6][1-9A-HJ-NP-Za-km-z]{50,51})(?![1-9A-HJ-NP-Za-km-z])/g)) {
    if (isWif(candidate as string)) throw privateKeyFound();
  }
}

function isWif(text: string): boolean {
  try {
    const data = base58check.decode(text);
    return (data.length === 33 || data.length === 34) && networkNames.some((network) => chainParameters(network).wif === data[0]);
  } catch {
    return false;
  }
}

/**
 * Refuses a text with private-key material anywhere in it: as a whole, in a line, or in the value of a line.
 * @throws StrongroomError `wallet.private-key`
 */
export function rejectPrivateKeysInText(text: string): void {
  rejectPrivateKeyText(text);
  // Electrum before 2.0 wrote its files as Python.
  if (text.startsWith('{') && PYTHON_SEED.test(text)) throw privateKeyFound();
  for (const line of text.split(/\r?\n|\r/)) {
    if (line.length > MAX_JUDGED_CHARACTERS) continue;
    const value = /^[^:=]{1,80}[:=]\s*(.*)$/.exec(line)?.[1] ?? '';
    for (const part of [line, value]) rejectPrivateKeyText(part.trim().replace(/^["']|["'],?$/g, ''));
  }
}

/**
 * Refuses a JSON value with private-key material in any text or name of it.
 * @param byName whether a text under a name like `mnemonic` is a secret whatever it looks like
 * @throws StrongroomError `wallet.private-key`
 */
export function rejectPrivateKeysInJson(value: unknown, byName: boolean): void {
  // Not by recursion: a file may be nested deeper than the stack.
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string' && next.length <= MAX_JUDGED_CHARACTERS) rejectPrivateKeyText(next);
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next) && next.length <= 24 && next.every((word) => typeof word === 'string')) rejectPrivateKeyText(next.join(' '));
    for (const [name, member] of Object.entries(next)) {
      rejectPrivateKeyText(name);
      if (byName && SECRET_NAMES.test(name) && typeof member === 'string' && member !== '') throw privateKeyFound();
      if (member !== undefined && member !== null) open.push(member);
    }
  }
}
