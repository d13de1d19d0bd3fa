import type { WireError } from '../../../src/host/contract.ts';
import { passphraseProblem } from './passphrase-problem.ts';

/** What is done to a key in a dialog of its own. */
export type KeyTask =
  | { readonly kind: 'passphrase'; readonly fileName: string; readonly old: string; readonly first: string; readonly second: string; readonly isBusy: boolean; readonly isDone: boolean; readonly error: WireError | null }
  | { readonly kind: 'child'; readonly keyHandle: string; readonly label: string; readonly words: 12 | 18 | 24; readonly index: string; readonly first: string; readonly second: string; readonly isBusy: boolean; readonly error: WireError | null };

type Changes<Task> = Partial<Omit<Task, 'kind' | 'fileName' | 'keyHandle' | 'isBusy' | 'isDone' | 'error'>>;
export type TaskEvent =
  | { readonly type: 'changed'; readonly passphrase: Changes<Extract<KeyTask, { kind: 'passphrase' }>> }
  | { readonly type: 'child-changed'; readonly child: Changes<Extract<KeyTask, { kind: 'child' }>> }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'done' }
  /** The page was left: whatever is secret in the dialog is dropped. */
  | { readonly type: 'hidden' };

export const passphraseTask = (fileName: string): KeyTask => ({ kind: 'passphrase', fileName, old: '', first: '', second: '', isBusy: false, isDone: false, error: null });
export const childTask = (keyHandle: string): KeyTask => ({ kind: 'child', keyHandle, label: '', words: 24, index: '0', first: '', second: '', isBusy: false, error: null });

export function taskTransition(task: KeyTask, event: TaskEvent): KeyTask {
  switch (event.type) {
    case 'changed':
      return task.kind === 'passphrase' ? { ...task, ...event.passphrase, error: null } : task;
    case 'child-changed':
      return task.kind === 'child' ? { ...task, ...event.child, error: null } : task;
    case 'working':
      return { ...task, isBusy: true, error: null };
    case 'failed':
      return { ...withoutPassphrases(task), isBusy: false, error: event.error };
    case 'done':
      return task.kind === 'passphrase' ? { ...task, old: '', first: '', second: '', isBusy: false, isDone: true, error: null } : task;
    case 'hidden':
      return withoutPassphrases(task);
  }
}

const withoutPassphrases = (task: KeyTask): KeyTask => (task.kind === 'passphrase' ? { ...task, old: '', first: '', second: '' } : { ...task, first: '', second: '' });

/** The number of a child, or `null` for what is none. BIP85 counts to 2^31 - 1. */
export function childIndex(typed: string): number | null {
  const index = /^\d{1,10}$/.test(typed.trim()) ? Number(typed) : Number.NaN;
  return index <= 2_147_483_647 ? index : null;
}

/** Why a task cannot be done yet, or `null`. */
export function taskProblem(task: KeyTask): string | null {
  if (task.kind === 'passphrase') {
    if (task.old === '') return 'Type the passphrase that opens the key file now.';
    return passphraseProblem(task.first, task.second) ?? (task.first === task.old ? 'The new passphrase is the old one.' : null);
  }
  if (task.label.trim() === '') return 'Give the child key a label.';
  if (childIndex(task.index) === null) return 'The number of the child is a whole number from 0.';
  return passphraseProblem(task.first, task.second);
}
