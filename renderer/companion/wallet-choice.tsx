import { SelectField } from '../ui/field.tsx';
import { shortRule } from '../wallet/policy-sheet.tsx';
import type { ReadySession } from './session.ts';

/** Which wallet is meant. */
export function WalletChoice({ label, session, walletId, onSelect, disabled = false }: { readonly label: string; readonly session: ReadySession; readonly walletId: string; readonly onSelect: (walletId: string) => void; readonly disabled?: boolean }) {
  return (
    <SelectField label={label} value={walletId} disabled={disabled} onSelect={onSelect}
      options={session.wallets.map(({ policy }) => ({ value: policy.walletId, name: `${policy.name} (${shortRule(policy)})` }))} />
  );
}
