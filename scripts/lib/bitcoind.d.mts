export interface Bitcoind {
  readonly command: string;
  readonly version: string;
  readonly origin: 'path' | 'environment' | 'debian';
}
export function findBitcoind(): Bitcoind | null;
export function ensureBitcoind(): Bitcoind;
