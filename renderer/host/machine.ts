import { signal, type ReadonlySignal } from '@preact/signals';

/** A state that changes by events only, through one pure function. */
export interface Machine<State, Event> {
  readonly state: ReadonlySignal<State>;
  readonly send: (event: Event) => void;
}

export function machine<State, Event>(initial: State, transition: (state: State, event: Event) => State): Machine<State, Event> {
  const state = signal(initial);
  return {
    state,
    send: (event) => {
      state.value = transition(state.value, event);
    },
  };
}
