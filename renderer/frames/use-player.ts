import { signal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DrawnCode } from './code-path.ts';
import { framePlayer, type FramePlayer, type PlayerWorld } from './frame-player.ts';

/** Whether the person asked the system for less motion. */
export const prefersLessMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

interface Shown {
  readonly code: ReadonlySignal<DrawnCode | null>;
  readonly position: ReadonlySignal<number>;
  readonly isPlaying: boolean;
  readonly toggle: () => void;
  readonly step: (by: 1 | -1) => void;
}

/**
 * Plays what `codes` gives, from its beginning whenever `key` changes. It begins by itself, unless less motion was asked for.
 * @param key `null` while there is nothing to play
 */
export function usePlayer(key: string | null, codes: PlayerWorld<DrawnCode>['codes'], perSecond: number): Shown {
  const [isPlaying, setPlaying] = useState(() => !prefersLessMotion());
  const { code, position } = useMemo(() => ({ code: signal<DrawnCode | null>(null), position: signal(0) }), []);
  const player = useRef<FramePlayer | null>(null);
  const now = useRef({ codes, isPlaying, perSecond });
  now.current = { codes, isPlaying, perSecond };

  useEffect(() => {
    if (key === null) {
      // A code of something else does not stay in view.
      code.value = null;
      return undefined;
    }
    const made = framePlayer<DrawnCode>({
      codes: (from, count) => now.current.codes(from, count),
      show: (shown, at) => {
        code.value = shown;
        position.value = at;
      },
    });
    player.current = made;
    made.setSpeed(now.current.perSecond);
    if (now.current.isPlaying) made.play();
    void made.begin();
    let frame = 0;
    const tick = (time: number): void => {
      made.tick(time);
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => {
      cancelAnimationFrame(frame);
      made.end();
      player.current = null;
    };
  }, [key]);
  useEffect(() => player.current?.setSpeed(perSecond), [perSecond]);

  return {
    code, position, isPlaying,
    toggle: () => {
      if (isPlaying) player.current?.pause();
      else player.current?.play();
      setPlaying(!isPlaying);
    },
    step: (by) => {
      player.current?.step(by);
      setPlaying(false);
    },
  };
}
