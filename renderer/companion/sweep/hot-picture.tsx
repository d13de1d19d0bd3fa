import { Amount } from '../../ui/amount.tsx';
import { counted } from '../../ui/amount-text.ts';
import { hotPicture } from './sweep-state.ts';

/** What is hot now: how much of it leaves, how much stays. */
export function HotPicture({ balanceSats, staysSats, utxos }: { readonly balanceSats: bigint; readonly staysSats: bigint; readonly utxos: number | null }) {
  const picture = hotPicture(balanceSats, staysSats);
  const leaves = balanceSats > staysSats ? balanceSats - staysSats : 0n;
  return (
    <>
      <span class="total"><Amount sats={balanceSats} withSats /></span>
      <svg class="hot-picture" viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true">
        <rect class="outline" width="1000" height="20" />
        <rect class="leaves" width={picture.leaves} height="20" />
      </svg>
      <ul class="legend">
        <li><span class="swatch swatch-payments" />Leaves, fee included: <Amount sats={leaves} /></li>
        <li><span class="swatch swatch-change" />Stays hot: <Amount sats={balanceSats - leaves} /></li>
        {utxos !== null && <li class="muted">{counted(utxos, 'output')}</li>}
      </ul>
    </>
  );
}
