import { Amount } from '../../ui/amount.tsx';
import { counted, percentText, satsText } from '../../ui/amount-text.ts';
import { Table } from '../../ui/table.tsx';
import { refusalWords, type SweepPreview } from './sweep-state.ts';

type Line = SweepPreview['preview'][number];

/** What the sweep comes to now and at lower fee rates, and when the node expects which rate to confirm. */
export function PreviewView({ preview }: { readonly preview: Pick<SweepPreview, 'preview' | 'targets' | 'feeRateSatPerVb'> }) {
  const rateOf = (line: Line) => <div class="stack-tight"><span class="nowrap">{line.feeRateSatPerVb} sat/vB</span>{line.feeRateSatPerVb === preview.feeRateSatPerVb && <span class="tag tag-accent">This sweep</span>}</div>;
  return (
    <>
      <Table
        caption="Cost at several fee rates" rows={preview.preview} keyOf={(line) => line.feeRateSatPerVb} empty="The node relays nothing cheaper"
        columns={[
          { name: 'Fee rate', cell: rateOf },
          { name: 'Fee', isNumber: true, cell: (line) => line.swept && <span class="amount-stack"><span>{satsText(line.feeSats)} sats</span><span class="amount-sats">{percentText(line.percent)} of what leaves</span>{!line.withinBudget && <span class="tag tag-caution">Over the fee budget</span>}</span> },
          { name: 'Leaves', isNumber: true, cell: (line) => (line.swept ? <span class="amount-stack"><Amount sats={line.movedSats} /><span class="amount-sats">{counted(line.inputs, 'output')} in {counted(line.transactions, 'transaction')}</span></span> : <span class="muted">Nothing: {refusalWords(line.code)}</span>) },
          { name: 'Stays hot', isNumber: true, cell: (line) => line.swept && <span class="amount-stack"><Amount sats={line.leftHotSats} /><span class="amount-sats">{counted(line.outputsLeft, 'output')} left</span></span> },
        ]}
      />
      <ul class="inline caption" aria-label="The node's estimates">
        {preview.targets.map(({ blocks, feeRateSatPerVb }) => <li key={blocks}>In {counted(blocks, 'block')}: {feeRateSatPerVb === null ? 'the node cannot say' : `${feeRateSatPerVb} sat/vB`}</li>)}
      </ul>
    </>
  );
}
