import { inFours } from './address-groups.ts';

/**
 * An address, whole and in groups of four, every second one lighter, so that an eye can keep its place while comparing.
 * The gaps are margins: what is copied has none.
 */
export function Address({ address }: { readonly address: string }) {
  return (
    <span class="address" translate={false}>
      {inFours(address).map((group, index) => <span key={index} class="address-group">{group}</span>)}
    </span>
  );
}
