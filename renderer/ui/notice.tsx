import type { ComponentChildren } from 'preact';
import type { WireError } from '../../src/host/contract.ts';
import { Icon, type IconName } from './icon.tsx';

export type Weight = 'danger' | 'caution' | 'verified' | 'plain';

const icons: Readonly<Record<Weight, IconName>> = { danger: 'refuse', caution: 'caution', verified: 'check', plain: 'note' };

/** A message with its weight in words, sign and colour. */
export function Notice({ weight, title, children }: { readonly weight: Weight; readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class={`notice notice-${weight}`} role={weight === 'danger' ? 'alert' : 'status'}>
      <Icon name={icons[weight]} />
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** An error of the host: what happened, what to do next, and every detail that it names. */
export function ErrorNotice({ error, title }: { readonly error: WireError; readonly title?: string }) {
  const details = Object.entries(error.details);
  return (
    <Notice weight="danger" title={title ?? error.message}>
      {title !== undefined && <p>{error.message}</p>}
      <p>{error.hint}</p>
      {details.length > 0 && (
        <ul class="notice-details mono breakable">
          {details.map(([name, value]) => <li key={name}>{name}: {String(value)}</li>)}
        </ul>
      )}
      <p class="caption">{error.code}</p>
    </Notice>
  );
}
