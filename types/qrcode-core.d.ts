// The package has no types of its own, and its entry pulls in image writers and a command line; only the core is used.
declare module 'qrcode/lib/core/qrcode.js' {
  export interface QrSymbol {
    /** Row by row; 1 is dark. */
    readonly modules: { readonly size: number; readonly data: Uint8Array };
    readonly version: number;
  }
  export interface QrSegment {
    readonly data: string;
    readonly mode: 'alphanumeric' | 'byte' | 'numeric';
  }
  export function create(data: string | readonly QrSegment[], options: { readonly errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H'; readonly version?: number; readonly maskPattern?: number }): QrSymbol;
}
