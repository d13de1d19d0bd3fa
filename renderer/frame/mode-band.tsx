import { Icon } from '../ui/icon.tsx';
import { networkWords, type NetworkName } from './networks.ts';

/** The band that says which half of the gap this is; unmistakable in greyscale too: dark with a lock, or pale with words. */
export function ModeBand({ edition, aside }: { readonly edition: 'signer' | 'companion'; readonly aside: string | null }) {
  return (
    <header class="mode-band">
      {edition === 'signer'
        ? <><Icon name="lock-closed" /><span class="mode-name">OFFLINE SIGNER</span></>
        : <><Icon name="eye" /><span><span class="mode-name">ONLINE · WATCH-ONLY</span> · holds no private keys</span></>}
      {aside !== null && <span class="mode-aside">{aside}</span>}
    </header>
  );
}

/** A second, striped band wherever the coins are not bitcoin. */
export function NetworkBand({ network }: { readonly network: NetworkName | null }) {
  const words = network === null ? null : networkWords[network].band;
  if (words === null) return <div hidden />;
  return <div class="network-band" role="note" aria-label="Network"><span>{words}</span></div>;
}

/** "PRACTICE" across the sheet, so that no picture of this window can pass for real business. */
export function Watermark() {
  return (
    <svg class="watermark" aria-hidden="true">
      <defs>
        <pattern id="practice" width="420" height="260" patternUnits="userSpaceOnUse" patternTransform="rotate(-24)">
          <text x="0" y="120" font-size="64" font-weight="600" letter-spacing="8">PRACTICE</text>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill="url(#practice)" />
    </svg>
  );
}
