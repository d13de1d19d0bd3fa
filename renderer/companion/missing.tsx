import { Workspace } from '../frame/workspace.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import type { IconName } from '../ui/icon.tsx';
import type { CompanionContext, CompanionPlace } from './context.ts';

interface MissingProps {
  readonly context: CompanionContext;
  readonly head: { readonly title: string; readonly purpose: string };
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly place: CompanionPlace;
  readonly button: string;
}

/** A workspace that cannot work yet: what is missing, and the way there. */
export function Missing({ context, head, icon, title, text, place, button }: MissingProps) {
  return (
    <Workspace {...head} words={title} actions={<Button kind="primary" onPress={() => context.go(place)}>{button}</Button>}>
      <EmptyState icon={icon} title={title}><p>{text}</p></EmptyState>
    </Workspace>
  );
}
