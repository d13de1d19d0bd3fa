import type { TargetedKeyboardEvent } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { matchingPlaces } from './matching-places.ts';
import type { NavItem } from './sidebar.tsx';

interface PaletteProps<Place extends string> {
  readonly items: readonly NavItem<Place>[];
  readonly onGo: (place: Place) => void;
  readonly onClose: () => void;
}

/** Goes places by keyboard (Ctrl/Cmd+K). Navigation only: nothing is signed, sent or saved from here. */
export function Palette<Place extends string>({ items, onGo, onClose }: PaletteProps<Place>) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const found = matchingPlaces(items, typed);
  const at = Math.min(chosen, found.length - 1);
  const go = (item: NavItem<Place> | undefined): void => {
    if (item === undefined) return;
    onClose();
    onGo(item.place);
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    // From the field itself: keys may come faster than the list is drawn anew, and Enter must not go to the list before.
    const inField = event.currentTarget.value;
    const now = matchingPlaces(items, inField);
    const from = inField === typed ? Math.min(chosen, now.length - 1) : 0;
    if (event.key === 'ArrowDown') setChosen(Math.min(from + 1, now.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(from - 1, 0));
    else if (event.key === 'Enter') go(now[from]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Go to a workspace" look="palette" onClose={onClose}>
      <input
        class="input" role="combobox" aria-label="Workspace" aria-expanded="true" aria-controls={`${id}-list`} aria-activedescendant={found[at] === undefined ? undefined : `${id}-${found[at].place}`}
        autofocus autocomplete="off" spellcheck={false} value={typed} placeholder="Type a name"
        onInput={(event) => { setTyped(event.currentTarget.value); setChosen(0); }} onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} role="listbox" aria-label="Workspaces">
        {found.map((item, index) => (
          <li key={item.place} id={`${id}-${item.place}`} class="palette-item" role="option" aria-selected={index === at} onClick={() => go(item)}>
            <Icon name={item.icon} />{item.name}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="muted">No workspace has that name.</p>}
    </Dialog>
  );
}
