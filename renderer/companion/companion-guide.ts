import type { GuideStepId } from '../guide/ceremony-guide.ts';
import type { CombineState } from './combine/combine-state.ts';
import type { Session } from './session.ts';

/** Steps of the rehearsal that the Companion's window knows to be done. */
export function companionKnows(session: Session, combine: CombineState): ReadonlySet<GuideStepId> {
  const known = new Set<GuideStepId>();
  if (session.stage !== 'ready') return known;
  const entries = session.books?.entries ?? [];
  const sweeps = entries.filter((entry) => entry.kind === 'sweep');
  const payments = entries.filter((entry) => entry.kind === 'pay');
  if (session.wallets.length > 0) known.add('wallet');
  if (sweeps.length > 0) known.add('sweep');
  if (sweeps.some((entry) => entry.state === 'confirmed')) known.add('confirm');
  if (session.plans.length > 0) known.add('pay');
  if (combine.stage === 'sent' || (combine.stage === 'combined' && combine.final !== null)) known.add('sign');
  if (payments.some((entry) => entry.state === 'confirmed')) {
    known.add('send');
    if ([...session.audits.values()].some((audit) => audit.agrees)) known.add('books');
  }
  return known;
}
