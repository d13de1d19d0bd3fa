/** What a person chose over what the system asks for. */
export type Appearance = 'system' | 'light' | 'dark';

/** Sets the attribute that tokens.css listens to; it holds for this window and is not stored. */
export function applyAppearance(appearance: Appearance): void {
  if (appearance === 'system') delete document.documentElement.dataset['appearance'];
  else document.documentElement.dataset['appearance'] = appearance;
}
