import { useEffect, useState } from 'preact/hooks';
import type { Machine } from '../host/machine.ts';
import { dropProblem, readFiles } from '../ui/file-content.ts';
import type { FilesHost } from './files-host.ts';
import { handedCount, useOfDropped, type FilesEvent, type FilesState, type FileUses } from './files-state.ts';
import { lookForFiles } from './files-workspace.tsx';

const ASK_EVERY_MS = 2000;

/**
 * Takes files that are dropped anywhere on the window to where their kind belongs (a drop zone takes its own before), and looks for
 * files that were handed over: when the window comes to the front, and every few seconds, since it may be in front already, or the
 * system may not let it come there.
 * @param uses `null` while the window is not ready for any
 * @returns why the last drop was not taken, in words
 */
export function useGapFiles(host: FilesHost, files: Machine<FilesState, FilesEvent>, uses: FileUses | null): { readonly problem: string | null; readonly forget: () => void } {
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const look = (): void => void lookForFiles({ host, files });
    look();
    const ask = async (): Promise<void> => {
      const reply = await host['files.waiting']({});
      if (reply.ok && reply.value.count !== handedCount(files.state.value)) look();
    };
    addEventListener('focus', look);
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
      removeEventListener('focus', look);
      clearInterval(timer);
    };
  }, []);
  useEffect(() => {
    const take = async (event: DragEvent): Promise<void> => {
      event.preventDefault();
      const dropped = Array.from(event.dataTransfer?.files ?? []);
      if (dropped.length === 0 || uses === null) return;
      const wrong = dropProblem(dropped);
      const use = wrong === null ? useOfDropped(dropped, uses) : null;
      setProblem(wrong ?? (use === null ? `${dropped.length === 1 ? `${dropped[0]?.name ?? 'The file'} is` : 'These files are'} not of one kind that this window takes, by name. Open what you mean where it belongs.` : null));
      if (use !== null) use.take(await readFiles(dropped));
    };
    const listener = (event: DragEvent): void => void take(event);
    addEventListener('drop', listener);
    return () => removeEventListener('drop', listener);
  }, [uses]);
  return { problem, forget: () => setProblem(null) };
}
