import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { dropProblem, readFiles, type FileContent } from './file-content.ts';

interface DropZoneProps {
  /** What belongs here: "Drop the unsigned PSBT here". */
  readonly children: ComponentChildren;
  /** The button for those who do not drag: "Open PSBT". */
  readonly openName: string;
  readonly onOpen: () => void;
  readonly onFiles: (files: readonly FileContent[]) => void;
  /** Another way to take the same in, beside the button. */
  readonly beside?: ComponentChildren;
  readonly small?: boolean;
  readonly disabled?: boolean;
}

/** Where files are put down. Reads contents only; the button beside it opens the host's file dialog instead. */
export function DropZone({ children, openName, onOpen, onFiles, beside, small = false, disabled = false }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    // Taken here, and not by the window too.
    event.stopPropagation();
    setOver(false);
    const dropped = Array.from(event.dataTransfer?.files ?? []);
    const wrong = dropProblem(dropped);
    setProblem(wrong);
    if (dropped.length > 0 && !disabled && wrong === null) onFiles(await readFiles(dropped));
  };
  return (
    <div
      class={`drop-zone${small ? ' drop-zone-small' : ''}`} data-over={isOver}
      onDragOver={(event) => { event.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void take(event)}
    >
      <div class="muted">{children}{problem !== null && <p class="risk-danger" role="alert">{problem}</p>}</div>
      <div class="drop-zone-buttons"><Button onPress={onOpen} disabled={disabled}>{openName}</Button>{beside}</div>
    </div>
  );
}
