import { create } from 'qrcode/lib/core/qrcode.js';
import { QUIET_MODULES, qrPath } from './qr-path.ts';

/** A QR code of a public text: plain squares, error correction Q, and a white quiet zone whatever the window's colours. */
export function QrView({ text, label }: { readonly text: string; readonly label: string }) {
  const { modules } = create(text, { errorCorrectionLevel: 'Q' });
  const side = modules.size + 2 * QUIET_MODULES;
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges" role="img" aria-label={label}>
      <rect width={side} height={side} />
      <path d={qrPath({ size: modules.size, isDark: (row, column) => modules.get(row, column) !== 0 })} />
    </svg>
  );
}
