import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

/** What stands where nothing is yet: it teaches the next physical act. */
export function EmptyState({ icon, title, children }: { readonly icon: IconName; readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
