import { useEffect } from 'preact/hooks';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { Choices, SelectField } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import type { WorkspaceProps } from '../context.ts';
import { Missing } from '../missing.tsx';
import { nodesOf } from '../session.ts';
import { careActions, type CareActions } from './care-actions.ts';
import { caredFor, keyOf, lockOf, type CareState, type CareView } from './care-state.ts';
import { BackupsView, ConfigurationView, HealthView, RepairView, StandbyView, type CareViewProps } from './care-views.tsx';

const head = { title: 'Care', purpose: 'The node\'s health, its backups and repair, and a second machine for this one.' };
const views: readonly { readonly value: CareView; readonly name: string }[] = [
  { value: 'health', name: 'Health' }, { value: 'backups', name: 'Backups' }, { value: 'repair', name: 'Repair' }, { value: 'configuration', name: 'Configuration' }, { value: 'standby', name: 'Standby' },
];

function viewOf(props: CareViewProps) {
  switch (props.state.view) {
    case 'health': return <HealthView {...props} />;
    case 'backups': return <BackupsView {...props} />;
    case 'repair': return <RepairView {...props} />;
    case 'configuration': return <ConfigurationView {...props} />;
    case 'standby': return <StandbyView {...props} />;
  }
}

/** What the next action does, in words, and its buttons. */
function nextOf(state: CareState, actions: CareActions, node: string): { readonly words: string; readonly buttons: preact.ComponentChildren } {
  const isBusy = state.progress !== null;
  const lock = lockOf(state.form);
  const hasWallet = state.form.wallet.trim() !== '';
  switch (state.view) {
    case 'health':
      return { words: 'Asks the node about sync, peers, wallets, disk, mempool, fees and clock. None of its own text is shown.', buttons: <Button kind="primary" disabled={isBusy} onPress={() => void actions.readHealth(node)}>Look at the node&apos;s health</Button> };
    case 'backups':
      return {
        words: !hasWallet ? 'Name the wallet first.' : lock === null ? 'Give public keys or a passphrase first.' : 'Has the node write the wallet, encrypts it, and saves it.',
        buttons: <><Button disabled={isBusy || !hasWallet || keyOf(state.form) === null} onPress={() => void actions.testBackup(node)}>Test a backup by restoring it</Button><Button kind="primary" disabled={isBusy || !hasWallet || lock === null} onPress={() => void actions.makeBackup(node)}>Back up and encrypt</Button></>,
      };
    case 'repair':
      return state.repair === null
        ? { words: hasWallet ? 'Looks at the wallet and lists the steps. Nothing is changed.' : 'Name the wallet first.', buttons: <Button kind="primary" disabled={isBusy || !hasWallet} onPress={() => void actions.repair(node, 'show', null)}>Begin a repair</Button> }
        : { words: state.repair.next === null ? 'All steps are done or skipped.' : 'Do the next step, or save the record and go on another day.', buttons: <Button kind="primary" disabled={isBusy} onPress={() => void actions.saveRepair()}>Save the record of the repair</Button> };
    case 'configuration':
      return { words: 'Makes a configuration with a hashed password. Nothing is sent to any node.', buttons: <Button kind="primary" disabled={isBusy} onPress={() => void actions.writeConfig()}>Write the configuration</Button> };
    case 'standby':
      return {
        words: lock === null ? 'Without keys or passphrase the bundle is readable by whoever finds it: balances and payments, no keys.' : 'Exports everything that this machine keeps, encrypted.',
        buttons: <><Button disabled={isBusy} onPress={() => void actions.verifyStandby(node)}>Verify a bundle with the node</Button><Button kind="primary" disabled={isBusy} onPress={() => void actions.exportStandby()}>Export a standby bundle</Button></>,
      };
  }
}

/** Node care and the standby machine. */
export function CareWorkspace({ context, session }: WorkspaceProps) {
  const state = context.care.state.value;
  const actions = careActions(context, session);
  const nodes = nodesOf(session.settings.node);
  const node = caredFor(nodes, state.form.node);
  const isThere = node !== null;
  useEffect(() => {
    const { hotWallet } = session.settings;
    if (state.form.wallet === '' && hotWallet !== null) context.care.send({ type: 'typed', form: { wallet: hotWallet } });
    if (isThere && state.backups === null) void actions.readBackups();
  }, [isThere]);
  if (node === null) return <Missing context={context} head={head} icon="node" title="No node is set" text="Care is about a node." place="node" button="Go to Node" />;
  const next = nextOf(state, actions, node);
  return (
    <Workspace {...head} words={next.words} actions={next.buttons}>
      <div class="page">
        <Choices legend="What to look at" value={state.view} options={views} onSelect={(view) => context.care.send({ type: 'viewed', view })} />
        {nodes.length > 1 && state.view !== 'configuration' && <SelectField label="Node" size="wide" value={node} disabled={state.progress !== null} options={nodes.map((value) => ({ value, name: value }))} onSelect={(chosen) => context.care.send({ type: 'typed', form: { node: chosen } })} />}
        {state.error !== null && <ErrorNotice error={state.error} />}
        {state.done !== null && <Notice weight="verified" title={state.done.title}><p class="breakable">{state.done.text}</p></Notice>}
        {state.progress !== null && <ProgressView progress={state.progress} onCancel={actions.stop} />}
        {viewOf({ context, state, actions, node })}
      </div>
    </Workspace>
  );
}
