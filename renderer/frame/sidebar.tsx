import { useState } from 'preact/hooks';
import { Icon, type IconName } from '../ui/icon.tsx';
import { SelectField } from '../ui/field.tsx';
import { applyAppearance, type Appearance } from './appearance.ts';

export interface NavItem<Place extends string> {
  readonly place: Place;
  readonly name: string;
  readonly icon: IconName;
  /** A short fact at the right: how many, or how far. */
  readonly fact?: string | undefined;
}

interface SidebarProps<Place extends string> {
  readonly title: string;
  readonly items: readonly NavItem<Place>[];
  readonly current: Place;
  readonly onGo: (place: Place) => void;
  readonly onPalette: () => void;
  readonly version: string;
  /** Name and version of a runtime that is not the Electron project's own package; `null` for the official one. */
  readonly developmentRuntime: string | null;
}

export function Sidebar<Place extends string>({ title, items, current, onGo, onPalette, version, developmentRuntime }: SidebarProps<Place>) {
  const [appearance, setAppearance] = useState<Appearance>('system');
  return (
    <div class="sidebar">
      <div class="sidebar-title"><b>Strongroom</b><span class="muted">{title}</span></div>
      <nav aria-label="Workspaces">
        {items.map((item) => (
          <button key={item.place} type="button" class="nav-item" aria-current={item.place === current ? 'page' : undefined} onClick={() => onGo(item.place)}>
            <Icon name={item.icon} />
            {item.name}
            {item.fact !== undefined && <span class="nav-count">{item.fact}</span>}
          </button>
        ))}
      </nav>
      <div class="sidebar-foot">
        {developmentRuntime !== null && (
          <div class="runtime-notice" role="note"><Icon name="caution" /><span>Development runtime ({developmentRuntime}), not the Electron project's own package. Never with real keys.</span></div>
        )}
        <SelectField<Appearance>
          label="Appearance" value={appearance}
          options={[{ value: 'system', name: 'As the system' }, { value: 'light', name: 'Light' }, { value: 'dark', name: 'Dark' }]}
          onSelect={(chosen) => { setAppearance(chosen); applyAppearance(chosen); }}
        />
        <div class="shortcut caption">
          <button type="button" class="button button-quiet button-small" onClick={onPalette}>Go to…</button>
          <kbd>Ctrl K</kbd>
        </div>
        <span class="caption">Version {version}</span>
      </div>
    </div>
  );
}
