import { Fragment } from 'preact';
import { btcText, satsText } from '../ui/amount-text.ts';
import type { ReviewModel } from './model.ts';
import { PICTURE_WIDTH, pictureParts } from './picture.ts';

/** inputs - payments - fee = change, first as a picture, then as a sum. */
export function Arithmetic({ model }: { readonly model: ReviewModel }) {
  const terms = [
    { sign: null, name: 'Inputs', sats: model.inputsSats, swatch: null },
    { sign: '\u2212', name: 'Payments', sats: model.paymentsSats, swatch: 'payments' },
    { sign: '\u2212', name: 'Fee', sats: model.feeSats, swatch: 'fee' },
    { sign: '=', name: 'Change', sats: model.changeSats, swatch: 'change' },
  ] as const;
  return (
    <>
      <svg class="sum-picture" viewBox={`0 0 ${PICTURE_WIDTH} 16`} preserveAspectRatio="none" aria-hidden="true">
        {pictureParts(model).map((part) => <rect key={part.name} class={part.name} x={part.x} y="0" width={part.width} height="16" />)}
        <rect class="outline" x="0" y="0" width={PICTURE_WIDTH} height="16" />
      </svg>
      <div class="sum">
        {terms.map(({ sign, name, sats, swatch }) => (
          <Fragment key={name}>
            {sign !== null && <span class="sum-sign">{sign}</span>}
            <span class={`sum-term${name === 'Payments' ? ' sum-term-total' : ''}`}>
              <span class="sum-name">{swatch !== null && <span class={`swatch swatch-${swatch}`} />}{name}</span>
              <span class="sum-figure">{btcText(sats)}</span>
              <span class="caption">{satsText(sats)} sats</span>
            </span>
          </Fragment>
        ))}
      </div>
    </>
  );
}
