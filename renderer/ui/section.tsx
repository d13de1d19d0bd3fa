import type { ComponentChildren } from 'preact';

/** A section of a sheet: its name in the margin, its matter beside it. */
export function Section({ name, note, children }: { readonly name: string; readonly note?: ComponentChildren; readonly children: ComponentChildren }) {
  return (
    <section class="section" aria-label={name}>
      <div class="section-name">
        <h2>{name}</h2>
        {note !== undefined && <p class="caption">{note}</p>}
      </div>
      <div class="section-body">{children}</div>
    </section>
  );
}
