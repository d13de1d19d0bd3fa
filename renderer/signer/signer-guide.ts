import type { GuideStepId } from '../guide/ceremony-guide.ts';
import type { Session } from './session.ts';
import type { SignState } from './sign/sign-state.ts';

/** Steps of the rehearsal that the Signer's window knows to be done. */
export function signerKnows(session: Session, sign: SignState): ReadonlySet<GuideStepId> {
  const known = new Set<GuideStepId>();
  if (session.stage !== 'ready') return known;
  if (session.shelf.keys.length >= 3) known.add('keys');
  if (session.recordsSaved.length >= 3) known.add('records');
  if (new Set(session.shelf.registrations.map((registration) => registration.ownKey)).size >= 2) known.add('register');
  // A transaction that came across the gap was planned there, out of money that was swept there.
  if ((sign.stage !== 'empty' && sign.stage !== 'sweep') || session.signaturesGiven > 0) known.add('pay');
  if (session.signaturesGiven >= 2) known.add('sign');
  return known;
}
