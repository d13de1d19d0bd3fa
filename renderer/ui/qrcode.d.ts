// The package ships no types; only the drawing core is used, which pulls in neither files nor canvases.
declare module 'qrcode/lib/core/qrcode.js' {
  export function create(text: string, options: { readonly errorCorrectionLevel: 'Q' | 'H' }): { readonly modules: { readonly size: number; get(row: number, column: number): number } };
}
