import type { SignerContext } from '../context.ts';
import type { PaperState } from './paper-state.ts';

const names: Readonly<Record<PaperState['view'], string>> = { make: 'Make', job: 'Open print', register: 'Register' };

/** The parts of the workspace; the open print only while there is one. */
export function PaperTabs({ context }: { readonly context: SignerContext }) {
  const { view, job } = context.paper.state.value;
  const views = (['make', 'job', 'register'] as const).filter((each) => each !== 'job' || job !== null);
  return (
    <div class="tabs" role="group" aria-label="Parts of the workspace">
      {views.map((each) => (
        <button key={each} type="button" class="tab" aria-pressed={each === view} onClick={() => context.paper.send({ type: 'shown', view: each })}>{names[each]}</button>
      ))}
    </div>
  );
}
