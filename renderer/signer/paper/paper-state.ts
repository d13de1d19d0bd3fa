import type { Progress, WireError } from '../../../src/host/contract.ts';
import { jobOf, jobTransition, type JobEvent, type JobState, type Prepared } from './job-state.ts';
import { emptyForm, isForHandwriting, withoutSecrets, type OrderForm } from './order-form.ts';
import { emptyRegister, registerTransition, type RegisterEvent, type RegisterState } from './register-state.ts';

/** An order: being filled in, or being prepared by the host. */
export type OrderState =
  | { readonly stage: 'form'; readonly error: WireError | null }
  | { readonly stage: 'preparing'; readonly progress: Progress };

/**
 * The workspace of paper. One job at a time is open in the host; it stays so while a person looks something up elsewhere,
 * and the form and the register stand beside it.
 */
export interface PaperState {
  readonly view: 'make' | 'job' | 'register';
  readonly form: OrderForm;
  readonly order: OrderState;
  readonly job: JobState | null;
  readonly register: RegisterState;
  /** Who printed last, so that it is typed once. */
  readonly by: string;
  /** What was thrown, drawn or typed for paper wallets was dropped when this workspace was left. */
  readonly wasDropped: boolean;
}

export type PaperEvent =
  | { readonly type: 'shown'; readonly view: PaperState['view'] }
  /** From the Keys workspace: this sheet of this key. */
  | { readonly type: 'ordered'; readonly keyHandle: string; readonly what: 'seed' | 'cosigner-card' | 'shares' }
  | { readonly type: 'form-changed'; readonly form: OrderForm }
  | { readonly type: 'preparing'; readonly progress: Progress }
  | { readonly type: 'not-prepared'; readonly error: WireError | null }
  | { readonly type: 'prepared'; readonly prepared: Prepared }
  | { readonly type: 'job'; readonly event: JobEvent }
  | { readonly type: 'job-ended' }
  /** The host dropped the sheets by itself: a key was locked, or nobody came for long. */
  | { readonly type: 'job-gone'; readonly error: WireError }
  | { readonly type: 'register'; readonly event: RegisterEvent }
  /** The workspace was left: nothing stays uncovered, and no secret stays typed. */
  | { readonly type: 'left' };

export const noPaper: PaperState = { view: 'make', form: emptyForm, order: { stage: 'form', error: null }, job: null, register: emptyRegister, by: '', wasDropped: false };

const onForm = (state: PaperState, error: WireError | null = null): PaperState => ({ ...state, order: { stage: 'form', error } });

export function paperTransition(state: PaperState, event: PaperEvent): PaperState {
  switch (event.type) {
    case 'shown':
      if (event.view === 'job' && state.job === null) return state;
      return { ...state, view: event.view, job: state.job === null ? null : jobTransition(state.job, { type: 'covered' }) };
    case 'ordered': {
      const ordered = { ...state, view: 'make' as const, form: { ...withoutSecrets(state.form), what: event.what, keyHandle: event.keyHandle } };
      // An order under way is not changed under the host's hands.
      return state.order.stage === 'preparing' ? { ...state, view: 'make' } : onForm(ordered);
    }
    case 'form-changed':
      return state.order.stage === 'preparing' ? state : onForm({ ...state, form: event.form, wasDropped: false });
    case 'preparing':
      return { ...state, order: { stage: 'preparing', progress: event.progress } };
    case 'not-prepared':
      return onForm(state, event.error);
    case 'prepared':
      return onForm({ ...state, view: 'job', form: withoutSecrets(state.form), job: jobOf(event.prepared, state.by, isForHandwriting(state.form)) });
    case 'job': {
      if (state.job === null) return state;
      const job = jobTransition(state.job, event.event);
      return { ...state, job, by: job.by };
    }
    case 'job-ended':
      return { ...state, view: state.view === 'job' ? 'make' : state.view, job: null };
    case 'job-gone':
      return state.job === null ? state : onForm({ ...state, view: state.view === 'job' ? 'make' : state.view, job: null }, event.error);
    case 'register':
      return { ...state, register: registerTransition(state.register, event.event) };
    case 'left': {
      const job = state.job === null ? null : { ...jobTransition(state.job, { type: 'covered' }), words: [] };
      // What is being prepared was handed to the host already; the form drops it when the answer is there.
      if (state.order.stage === 'preparing') return { ...state, job };
      const hadChance = Object.values(state.form.entropy).some((text) => text !== '');
      return { ...state, job, form: withoutSecrets(state.form), wasDropped: state.wasDropped || hadChance };
    }
  }
}
