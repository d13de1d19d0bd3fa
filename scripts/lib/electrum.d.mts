export interface Electrum {
  readonly command: string;
  /** A Python that can import electrum. */
  readonly python: string;
  readonly version: string;
}
export function findElectrum(): Electrum | null;
export function ensureElectrum(): Electrum;
