import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fittingSide, type DrawnCode } from './code-path.ts';

/** The room of an element, CSS pixels, as it changes. */
function useRoom() {
  const element = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setRoom(Math.floor(Math.min(entry.contentRect.width, entry.contentRect.height)));
    });
    if (element.current !== null) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return { element, room };
}

/** The code of now as one path, on white whatever the window's colours, in whole pixels a module, as large as there is room. */
export function CodePicture({ code, label }: { readonly code: ReadonlySignal<DrawnCode | null>; readonly label: string }) {
  const { element, room } = useRoom();
  const drawn = code.value;
  const pixels = drawn === null ? 0 : fittingSide(drawn.side, room, devicePixelRatio);
  return (
    <div ref={element} class="code-room">
      {drawn !== null && room > 0 && (
        <svg class="code" width={pixels} height={pixels} viewBox={`0 0 ${drawn.side} ${drawn.side}`} shape-rendering="crispEdges" role="img" aria-label={label}>
          <rect width={drawn.side} height={drawn.side} />
          <path d={drawn.path} />
        </svg>
      )}
    </div>
  );
}
