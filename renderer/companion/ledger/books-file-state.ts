import type { Progress, WireError } from '../../../src/host/contract.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';

export type BooksCheck = Answer<'ledger.check', CompanionHost>;
export type ChosenBackup = NonNullable<Answer<'books.choose-backup', CompanionHost>['chosen']>;
export type BooksFacts = ChosenBackup['holds'];
export type SavedBackup = NonNullable<Answer<'books.back-up', CompanionHost>['saved']>;

/** The books' file as a whole: checked, backed up, restored, exported. One thing at a time; what came of the last one stays until the next begins. */
export type BooksFileState =
  | { readonly stage: 'idle' }
  | { readonly stage: 'working'; readonly progress: Progress }
  | { readonly stage: 'checked'; readonly check: BooksCheck }
  | { readonly stage: 'backed-up'; readonly saved: SavedBackup }
  | { readonly stage: 'exported'; readonly savedAs: string; readonly entries: number }
  /** A backup was chosen, and a person decides whether it takes the books' place. */
  | { readonly stage: 'deciding'; readonly chosen: ChosenBackup; readonly present: BooksFacts | null }
  | { readonly stage: 'restored'; readonly name: string; readonly keptAs: string | null }
  | { readonly stage: 'failed'; readonly error: WireError };

export type BooksFileEvent =
  | { readonly type: 'began'; readonly activity: string }
  | { readonly type: 'moved'; readonly progress: Progress }
  /** Stopped, or its dialog was closed. */
  | { readonly type: 'ended' }
  | { readonly type: 'came-to'; readonly state: BooksFileState };

export const noBooksFile: BooksFileState = { stage: 'idle' };

export function booksFileTransition(state: BooksFileState, event: BooksFileEvent): BooksFileState {
  switch (event.type) {
    case 'began':
      return { stage: 'working', progress: { fraction: null, activity: event.activity } };
    case 'moved':
      // What is told late, after the answer, changes nothing.
      return state.stage === 'working' ? { stage: 'working', progress: event.progress } : state;
    case 'ended':
      return state.stage === 'working' || state.stage === 'deciding' ? noBooksFile : state;
    case 'came-to':
      return event.state;
  }
}
