import { Notice } from '../ui/notice.tsx';
import type { Loss } from './foreign-wallet.ts';

/** What a conversion leaves behind, each with its code. */
export function LossList({ title, losses, none }: { readonly title: string; readonly losses: readonly Loss[]; readonly none: string }) {
  if (losses.length === 0) return <p class="muted">{none}</p>;
  return (
    <Notice weight="caution" title={title}>
      <ul aria-label={title}>{losses.map(({ code, text }) => <li key={`${code} ${text}`}>{text} <span class="caption">({code})</span></li>)}</ul>
    </Notice>
  );
}
