import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface WorkspaceProps {
  readonly title: string;
  /** One sentence: what this place is for. */
  readonly purpose: string;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
  /** What the next action will do, or why there is none; in words. */
  readonly words: ComponentChildren;
  readonly actions?: ComponentChildren;
}

/** A workspace: its head, its matter, and the bar that names the next effect. */
export function Workspace({ title, purpose, tools, children, words, actions }: WorkspaceProps) {
  const id = useId();
  return (
    <main class="workspace" aria-labelledby={id}>
      <div class="workspace-head">
        <div>
          <h1 id={id}>{title}</h1>
          <p class="caption">{purpose}</p>
        </div>
        {tools !== undefined && <div class="workspace-tools">{tools}</div>}
      </div>
      <div class="workspace-body">{children}</div>
      <div class="action-bar" role="region" aria-label="Next step">
        <div class="action-words" role="status">{words}</div>
        {actions !== undefined && <div class="action-buttons">{actions}</div>}
      </div>
    </main>
  );
}
