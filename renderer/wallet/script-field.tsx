import { quorumScripts, scriptWords, singleKeyScripts, walletScripts, type WalletScript } from '../../src/host/wallet-scripts.ts';
import { SelectField } from '../ui/field.tsx';

/** The choice's order: what new wallets take first, what only existing ones have last. */
const order = { new: 0, possible: 1, existing: 2 } as const;
const byStanding = (a: WalletScript, b: WalletScript): number => order[scriptWords[a].standing] - order[scriptWords[b].standing];
const offered: readonly WalletScript[] = [...[...quorumScripts].sort(byStanding), ...[...singleKeyScripts].sort(byStanding)];

const standings = { new: ', recommended', possible: '', existing: ', for existing wallets' } as const;

/** "P2WSH: segwit quorum, recommended" */
const optionName = (script: WalletScript): string => `${scriptWords[script].name}: ${scriptWords[script].kind}${standings[scriptWords[script].standing]}`;

/** Which script type is meant, with a sentence on the one that is chosen. */
export function ScriptField({ label, script, disabled = false, onSelect }: { readonly label: string; readonly script: WalletScript; readonly disabled?: boolean; readonly onSelect: (script: WalletScript) => void }) {
  return (
    <SelectField<WalletScript> label={label} value={script} disabled={disabled} hint={scriptWords[script].advice}
      options={offered.map((value) => ({ value, name: optionName(value) }))}
      onSelect={(value) => { if (walletScripts.includes(value)) onSelect(value); }} />
  );
}
