import { useEffect } from 'preact/hooks';
import type { SignerContext } from '../context.ts';
import { drillsActions } from './drills-actions.ts';
import { ListView } from './list-view.tsx';
import { RehearsalView } from './rehearsal-view.tsx';
import { ResultView } from './result-view.tsx';
import { RunningView } from './running-view.tsx';

/** Where keys are brought back from paper or a backup, to see that they come back. */
export function DrillsWorkspace({ context }: { readonly context: SignerContext }) {
  const actions = drillsActions(context);
  const { page } = context.drills.state.value;
  const { stage } = context.session.state.value;
  useEffect(() => void (stage === 'ready' && actions.readRecords()), [stage]);
  // SECURITY: what was typed is gone the moment the page is left.
  useEffect(() => () => context.drills.send({ type: 'left' }), []);
  switch (page.stage) {
    case 'list':
      return <ListView page={page} context={context} actions={actions} />;
    case 'running':
      return <RunningView page={page} context={context} actions={actions} />;
    case 'result':
      return <ResultView page={page} context={context} actions={actions} />;
    case 'rehearsal':
      return <RehearsalView page={page} context={context} actions={actions} />;
  }
}
