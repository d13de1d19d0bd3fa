import { Address } from '../../ui/address.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Table } from '../../ui/table.tsx';
import { scoreNames } from './drill-texts.ts';
import type { DrillRecord } from './drills-state.ts';

type Score = DrillRecord['scores'][number];

/** What must have come back beside what did, in groups of four. */
export function ScoreTable({ scores }: { readonly scores: readonly Score[] }) {
  return (
    <div class="drill-scores">
      <Table<Score>
        caption="What was compared" rows={scores} keyOf={({ what, wallet }) => `${what}/${wallet ?? ''}`} empty="Nothing could be compared."
        columns={[
          { name: 'Compared', cell: ({ what, wallet }) => <>{scoreNames[what]}{wallet !== null && <span class="caption">{wallet}</span>}</> },
          { name: 'Expected', cell: ({ expected }) => <Address address={expected} /> },
          { name: 'Found', cell: ({ found }) => (found === null ? <span class="muted">no</span> : <Address address={found} />) },
          { name: 'Outcome', cell: ({ agrees }) => <span class={`tag ${agrees ? 'tag-verified' : 'tag-danger'}`}><Icon name={agrees ? 'check' : 'refuse'} />{agrees ? 'agrees' : 'differs'}</span> },
        ]}
      />
    </div>
  );
}
