import { ShowCodes } from '../../frames/show-codes.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { base64OfText } from '../../ui/file-content.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { formatName } from '../../wallet/foreign-wallet.ts';
import { LossList } from '../../wallet/loss-list.tsx';
import type { CompanionContext } from '../context.ts';
import type { StoredWallet } from '../session.ts';
import type { ImportActions } from './import-actions.ts';
import { exportFormats, type Exporting } from './wallets-state.ts';

/** A wallet in another program's format, with all that it loses, before it is saved or shown. */
export function ExportView({ wallet, exporting, context, actions }: { readonly wallet: StoredWallet; readonly exporting: Exporting | null; readonly context: CompanionContext; readonly actions: ImportActions }) {
  const written = exporting?.written ?? null;
  // Cameras read the descriptor itself; its frames are chosen where they are shown.
  const shown = written?.format === 'ur' ? wallet.policy.descriptor : (written?.content ?? '');
  return (
    <div class="stack">
      <SelectField label="Format" value={exporting?.format ?? ''} options={exportFormats.map((value) => ({ value, name: formatName(value) }))} onSelect={(format) => void actions.chooseFormat(wallet, format)}
        hint="What the other program reads. Output descriptors are read by nearly all of today." />
      {exporting !== null && exporting.error !== null && <ErrorNotice error={exporting.error} title="That program has no such wallets" />}
      {written !== null && (
        <>
          <LossList title="What this format has no place for" losses={written.losses} none="Nothing is left behind." />
          <details><summary>{written.suggestedName}</summary><p class="quote">{written.content.slice(0, 4000)}</p></details>
          <div class="form-actions">
            <Button onPress={() => void actions.saveExport()}>{`Save ${written.suggestedName}`}</Button>
            <ShowCodes host={context.host} contentBase64={base64OfText(shown)} what="wallet" />
          </div>
        </>
      )}
    </div>
  );
}
