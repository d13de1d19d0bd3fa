import { Icon } from '../../ui/icon.tsx';
import type { Part } from './job-state.ts';
import { partWords } from './paper-words.ts';

/** Public or secret: a word, a sign and, for secrets that are printed, the colour of danger. */
export function PartTag({ part, isBlank = false }: { readonly part: Part; readonly isBlank?: boolean }) {
  const { name, icon, tag } = partWords(part, isBlank);
  return <span class={tag}><Icon name={icon} />{name}</span>;
}
