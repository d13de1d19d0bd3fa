import type { WireError } from '../../src/host/contract.ts';
import type { ScanReport } from './frames-host.ts';

/** A scan as the window knows it; what was read stays in the host until it is whole. */
export interface ScanView {
  /** `null` until the host has opened the scan. */
  readonly session: string | null;
  readonly report: ScanReport | null;
  /** The content is whole and handed on; pictures that are still under way are not looked at. */
  readonly isDone: boolean;
  readonly error: WireError | null;
}

export type ScanEvent =
  | { readonly type: 'begun'; readonly session: string }
  | { readonly type: 'reported'; readonly report: ScanReport }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly error: WireError };

export const noScan: ScanView = { session: null, report: null, isDone: false, error: null };

export function scanTransition(state: ScanView, event: ScanEvent): ScanView {
  switch (event.type) {
    case 'begun':
      return { session: event.session, report: null, isDone: false, error: null };
    case 'reported':
      // An answer that was under way when the scan ended does not open it again.
      return state.isDone ? state : { ...state, report: event.report, error: null };
    case 'done':
      return { ...state, isDone: true };
    case 'failed':
      return { ...state, error: event.error };
  }
}
