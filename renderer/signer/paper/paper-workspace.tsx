import { useEffect } from 'preact/hooks';
import type { SignerContext } from '../context.ts';
import { JobView } from './job-view.tsx';
import { MakeView } from './make-view.tsx';
import { paperActions } from './paper-actions.ts';
import { RegisterView } from './register-view.tsx';

/** Where sheets are made, printed, read back, and kept account of. */
export function PaperWorkspace({ context }: { readonly context: SignerContext }) {
  const actions = paperActions(context);
  const { view, job } = context.paper.state.value;
  useEffect(() => () => context.paper.send({ type: 'left' }), []);
  if (view === 'job' && job !== null) return <JobView context={context} job={job} actions={actions} />;
  if (view === 'register') return <RegisterView context={context} actions={actions} />;
  return <MakeView context={context} actions={actions} />;
}
