import { networkWords } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { Section } from '../../ui/section.tsx';
import type { WorkspaceProps } from '../context.ts';
import type { NodeStatus } from '../session.ts';
import { checkNode } from './node-actions.ts';

function StatusView({ status }: { readonly status: NodeStatus }) {
  return (
    <>
      <p class={`inline ${status.synced ? 'risk-verified' : 'risk-caution'}`}>
        <Icon name={status.synced ? 'check' : 'caution'} />
        <strong>{status.synced ? 'Connected and up to date' : 'Connected, still catching up'}</strong>
      </p>
      <Facts facts={[
        ['Network', networkWords[status.network].name],
        ['Height', status.height.toLocaleString('en-GB')],
        ['Headers known', status.headers.toLocaleString('en-GB')],
        ['Old blocks', status.pruned ? 'Pruned: a wallet older than the kept blocks cannot be scanned' : 'All kept'],
        ['Version', <span key="version" class="mono breakable">{status.version}</span>],
      ]} />
    </>
  );
}

/** Where the organisation's own node is named and asked. */
export function NodeWorkspace({ context, session }: WorkspaceProps) {
  const state = context.node.state.value;
  const change = (part: { url?: string; hotWallet?: string }): void => context.node.send({ type: 'typed', url: state.url, hotWallet: state.hotWallet, ...part });
  const isBusy = state.stage === 'checking';
  const isEmpty = state.url.trim() === '';
  const check = (): void => { if (!isBusy && !isEmpty) void checkNode(context); };
  const isSaved = session.settings.node === state.url.trim() && (session.settings.hotWallet ?? '') === state.hotWallet.trim();
  return (
    <Workspace
      title="Node" purpose="The organisation's own node: the only thing that this program asks about the chain."
      words={isEmpty ? 'Name the node first.' : isSaved && session.node !== null ? 'This node is in use. Asks it again.' : 'Asks the node who it is, and keeps it in the settings if it answers.'}
      actions={<Button kind="primary" disabled={isEmpty || isBusy} onPress={check}>{isSaved && session.node !== null ? 'Check the node again' : 'Check and use this node'}</Button>}
    >
      <div class="page">
        <Section name="Connection">
          <TextField label="Node address" size="wide" mono value={state.url} disabled={isBusy} onInput={(url) => change({ url })} onEnter={check}
            hint={<>For example <span class="path">bitcoind://127.0.0.1:8332?cookie=/path/.cookie</span>. Loopback or TLS only; a password never stands in the address.</>} />
          <TextField label="Hot wallet on the node" value={state.hotWallet} disabled={isBusy} onInput={(hotWallet) => change({ hotWallet })}
            hint="The name of the wallet that the node keeps for daily business. Sweeps draw on it. May stay empty." />
        </Section>
        <Section name="Status">
          {isBusy && <ProgressView progress={{ fraction: null, activity: 'Asking the node' }} />}
          {state.stage === 'failed' && <ErrorNotice error={state.error} />}
          {!isBusy && state.stage !== 'failed' && session.node !== null && isSaved && <StatusView status={session.node} />}
          {!isBusy && state.stage !== 'failed' && !(session.node !== null && isSaved) && <p class="muted">Not asked yet.</p>}
        </Section>
        {session.damaged.length > 0 && (
          <Section name="Shelf">
            <Notice weight="caution" title="Files on the shelf that cannot be read">
              <ul class="mono">{session.damaged.map((file) => <li key={file.name}>{file.name} ({file.code})</li>)}</ul>
            </Notice>
          </Section>
        )}
      </div>
    </Workspace>
  );
}
