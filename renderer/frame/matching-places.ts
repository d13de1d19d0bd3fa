import type { NavItem } from './sidebar.tsx';

/** Places whose name holds every word that was typed, in any order. */
export function matchingPlaces<Place extends string>(items: readonly NavItem<Place>[], typed: string): readonly NavItem<Place>[] {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return items.filter((item) => words.every((word) => item.name.toLowerCase().includes(word)));
}
