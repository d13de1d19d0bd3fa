/** A master key's fingerprint: a hint for people, never proof. */
export function Fingerprint({ value }: { readonly value: string }) {
  return <span class="fingerprint" translate={false}>{value}</span>;
}
