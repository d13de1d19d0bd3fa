export interface Litecoind {
  readonly command: string;
  readonly version: string;
  readonly origin: 'path' | 'environment' | 'debian';
}
export function findLitecoind(): Litecoind | null;
export function ensureLitecoind(): Litecoind;
