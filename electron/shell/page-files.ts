import { posix, sep } from 'node:path';

/** The scheme under which a window finds its page. Not `file:`, which would give every file of the disk one origin. */
export const SCHEME = 'app';

export type Edition = 'signer' | 'companion';

/** The origin of an edition's page: another one for each, so that neither can pass for the other. */
export const originOf = (edition: Edition): string => `${SCHEME}://${edition}`;

/** The whole policy of what a page may do; default is nothing (DESIGN: "What it looks like"). */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** A file of the page: its path below the page's folder and its type. */
export interface PageFile {
  readonly path: string;
  readonly contentType: string;
}

/**
 * The file that an address names, or `null` where it names none: another host, a step upwards in any spelling, a name that
 * is hidden, a kind of file that a page does not have.
 */
export function pageFileOf(edition: Edition, address: string): PageFile | null {
  let url: URL;
  let path: string;
  try {
    url = new URL(address);
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (url.protocol !== `${SCHEME}:` || url.host !== edition || url.username !== '' || url.password !== '') return null;
  const parts = (path === '/' ? '/index.html' : path).split('/').slice(1);
  // Only names that our own build gives: this leaves no room for "..", a backslash, a drive letter, NUL or a second encoding.
  if (parts.some((part) => !/^[a-z0-9][a-z0-9._-]*$/i.test(part) || part.includes('..'))) return null;
  const contentType = contentTypes[posix.extname(path === '/' ? 'index.html' : path).toLowerCase()];
  return contentType === undefined ? null : { path: parts.join(sep), contentType };
}

/** A document that the host holds in its memory and in no file: `held/<32 hex digits>/<name>`. */
export interface HeldAddress {
  readonly holder: string;
  readonly name: string;
}

/** What in the host's memory an address names, or `null` where it names a file or nothing. */
export function heldAddressOf(edition: Edition, address: string): HeldAddress | null {
  const match = new RegExp(`^${originOf(edition)}/held/([0-9a-f]{32})/([a-z0-9]+\\.(?:svg|html|css))$`).exec(address);
  return match === null ? null : { holder: match[1] as string, name: match[2] as string };
}

/** A held document by its name's ending; the endings are those of files of a page. */
export const heldContentType = (name: string): string => contentTypes[posix.extname(name)] as string;

/**
 * Headers of every answer, also of refusals. A page may ask for a camera, and then its session asks whether it may now
 * (camera-gate.ts).
 */
export function pageHeaders(contentType: string): Readonly<Record<string, string>> {
  return {
    'Content-Type': contentType,
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), usb=(), serial=(), hid=(), clipboard-read=(), display-capture=()',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  };
}
