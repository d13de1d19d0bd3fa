import { basename } from 'node:path';

/** What a wallet is called that has no name of its own: by its file. `treasury.bsms` is "treasury". `null` for standard input. */
export function nameOfWalletFile(path: string): string | null {
  const name = path === '-' ? '' : basename(path).replace(/\.[^.]*$/, '').replace(/\p{C}/gu, '').trim().slice(0, 60).trim();
  return name === '' ? null : name;
}
