import { useEffect } from 'preact/hooks';

/** Covers what is uncovered when its page is left by whatever way, and when the window goes out of sight. */
export function useCover(cover: () => void): void {
  useEffect(() => {
    const onHidden = (): void => { if (document.hidden) cover(); };
    document.addEventListener('visibilitychange', onHidden);
    return () => {
      document.removeEventListener('visibilitychange', onHidden);
      cover();
    };
  }, []);
}
