import type { WireError } from '../../../src/host/contract.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { SignerContext } from '../context.ts';
import { faultNames, trialWords } from './drill-texts.ts';
import type { DrillsActions } from './drills-actions.ts';
import { rehearsalVerdict, type DrillPage, type FaultLine, type Rehearsed } from './drills-state.ts';

type Rehearsal = Extract<DrillPage, { stage: 'rehearsal' }>;

const isError = (outcome: Rehearsed | WireError): outcome is WireError => 'code' in outcome;

/** An error code that may break after its dot, and nowhere inside a word. */
function Outcome({ words }: { readonly words: string }) {
  const [area = '', ...rest] = trialWords(words).split('.');
  return rest.length === 0 ? <span>{area}</span> : <span>{area}.<wbr />{rest.join('.')}</span>;
}

/** The ways in which one fault was planted: what was done, what was predicted, what happened. */
function FaultRows({ line }: { readonly line: FaultLine }) {
  const { outcome } = line;
  if (outcome === null) return <tr><td colSpan={4} class="muted">not tried yet</td></tr>;
  if (isError(outcome)) {
    return (
      <tr>
        <td colSpan={3}>could not be tried: <Outcome words={outcome.code} /></td>
        <td><span class="tag tag-danger"><Icon name="refuse" />not shown</span></td>
      </tr>
    );
  }
  const [what, predicted, happened] = [outcome.what, outcome.predicted, outcome.happened].map((text) => text.split('; ')) as [string[], string[], string[]];
  return (
    <>
      {what.map((planted, index) => {
        const agrees = predicted[index] === happened[index];
        return (
          <tr key={planted}>
            <td>{planted}</td>
            <td><Outcome words={predicted[index] ?? ''} /></td>
            <td><Outcome words={happened[index] ?? ''} /></td>
            <td><span class={`tag ${agrees ? 'tag-verified' : 'tag-danger'}`}><Icon name={agrees ? 'check' : 'refuse'} />{agrees ? 'as predicted' : 'not as predicted'}</span></td>
          </tr>
        );
      })}
    </>
  );
}

/** Faults on throw-away keys: what must come of each, and what does. */
export function RehearsalView({ page, context, actions }: { readonly page: Rehearsal; readonly context: SignerContext; readonly actions: DrillsActions }) {
  const done = page.lines.filter(({ outcome }) => outcome !== null).length;
  const verdict = rehearsalVerdict(page.lines);
  return (
    <Workspace
      title="Rehearse with faults" purpose="A drill that is passed proves something only where a damaged one fails. Throw-away keys only; yours are not touched."
      tools={<Button disabled={page.isBusy} onPress={() => context.drills.send({ type: 'closed' })}>Back to the keys</Button>}
      words={page.isBusy ? `Rehearsing ${done + 1} of ${page.lines.length}. Opening key files slowly is on purpose.` : verdict === null ? 'Makes keys, shares, sheets and backups that are thrown away, plants a fault in each, and brings them back.' : 'Plants the faults again, on other keys.'}
      actions={<Button kind="primary" disabled={page.isBusy} onPress={() => void actions.rehearse()}>{verdict === null ? 'Plant the faults' : 'Plant them again'}</Button>}
    >
      {/* Without a control of its own it could not be scrolled by keyboard. */}
      <div class="page stack" role="region" aria-label="Faults" tabIndex={0}>
        {verdict === 'as-predicted' && <Notice weight="verified" title="Every fault ended as predicted" />}
        {verdict === 'surprise' && <Notice weight="danger" title="Something did not end as predicted"><p>Do not trust drills of this installation. Install it again from a verified copy; if it repeats, report it.</p></Notice>}
        <table class="drill-rehearsal" aria-busy={page.isBusy}>
          <caption class="visually-hidden">Faults, what was predicted, and what happened</caption>
          <thead><tr>{['Planted', 'Predicted', 'Happened', 'Outcome'].map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
          {page.lines.map((line) => (
            <tbody key={line.fault}>
              <tr><th scope="rowgroup" colSpan={4} class="drill-fault">{faultNames[line.fault]}</th></tr>
              <FaultRows line={line} />
            </tbody>
          ))}
        </table>
      </div>
    </Workspace>
  );
}
