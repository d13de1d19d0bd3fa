import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ModeBand, NetworkBand, Watermark } from './mode-band.tsx';
import type { NetworkName } from './networks.ts';
import { Palette } from './palette.tsx';
import { Sidebar, type NavItem } from './sidebar.tsx';

export interface FrameInfo {
  readonly edition: 'signer' | 'companion';
  readonly version: string;
  readonly runtime: { readonly electron: string; readonly official: boolean };
  readonly rehearsal: { readonly gapFolder: string; readonly node: string } | null;
}

interface WindowFrameProps<Place extends string> {
  readonly info: FrameInfo;
  readonly network: NetworkName | null;
  /** At the right of the mode band: the tip's height. */
  readonly aside: string | null;
  readonly items: readonly NavItem<Place>[];
  readonly current: Place;
  readonly onGo: (place: Place) => void;
  readonly children: ComponentChildren;
  readonly guide: ComponentChildren;
}

/** Everything around a workspace. */
export function WindowFrame<Place extends string>({ info, network, aside, items, current, onGo, children, guide }: WindowFrameProps<Place>) {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setPaletteOpen(true);
      }
    };
    // A file that misses its place must not replace the page; the host refuses it too.
    const refuseDrop = (event: DragEvent): void => event.preventDefault();
    addEventListener('keydown', onKeyDown);
    addEventListener('dragover', refuseDrop);
    addEventListener('drop', refuseDrop);
    return () => {
      removeEventListener('keydown', onKeyDown);
      removeEventListener('dragover', refuseDrop);
      removeEventListener('drop', refuseDrop);
    };
  }, []);
  return (
    <div class="window" data-edition={info.edition}>
      <ModeBand edition={info.edition} aside={aside} />
      <NetworkBand network={network} />
      <div class="frame-body">
        <Sidebar
          title={info.edition === 'signer' ? 'Signer' : 'Companion'} items={items} current={current} onGo={onGo} onPalette={() => setPaletteOpen(true)}
          version={info.version} developmentRuntime={info.runtime.official ? null : `Electron ${info.runtime.electron}`}
        />
        {children}
        {guide}
        {network === 'practice' && <Watermark />}
      </div>
      {isPaletteOpen && <Palette items={items} onGo={onGo} onClose={() => setPaletteOpen(false)} />}
    </div>
  );
}
