import { useEffect, useState } from 'preact/hooks';
import { ProgressView } from '../../ui/progress.tsx';
import type { SignerContext } from '../context.ts';
import { courseOf, stopWork } from './work.ts';

/** What takes less needs no bar: it would only flicker. */
const SHOWN_AFTER_MS = 800;

/** Work under way, in words at first; with its progress, what is left of it, and a way to stop it once it takes longer. */
export function Working({ words, context }: { readonly words: string; readonly context: SignerContext }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const progress = courseOf(context).state.value;
  return isLong && progress !== null ? <ProgressView progress={progress} onCancel={() => stopWork(context)} /> : <span>{words}</span>;
}
