import { Dialog } from '../ui/dialog.tsx';

/** Says why files that were dropped were not taken. */
export function DropProblem({ words, onClose }: { readonly words: string; readonly onClose: () => void }) {
  return <Dialog title="Not taken" onClose={onClose}><p role="alert" class="breakable">{words}</p></Dialog>;
}
