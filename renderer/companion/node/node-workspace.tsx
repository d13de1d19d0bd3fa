import { networkWords } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import { counted } from '../../ui/amount-text.ts';
import type { WorkspaceProps } from '../context.ts';
import { areSameNodes, type NodeStatus } from '../session.ts';
import { checkNode } from './node-actions.ts';
import { nodesProblem, nodeUrlOf, sourceWords, typedNodes, type NodeForm } from './node-state.ts';

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
      {status.sources !== undefined && <SourcesView sources={status.sources} />}
    </>
  );
}

/** How each of several nodes stands, and what follows from it. */
function SourcesView({ sources }: { readonly sources: NonNullable<NodeStatus['sources']> }) {
  const agreeing = sources.filter(({ state }) => state === 'agrees').length;
  const away = sources.filter(({ state }) => state === 'unreachable').length;
  return (
    <>
      <Table
        caption="The nodes one by one" rows={sources} keyOf={(source) => source.node} empty=""
        columns={[
          { name: 'Node', cell: (source) => <span class="mono breakable">{source.node}</span> },
          { name: 'State', cell: ({ state, code }) => <div class="stack-tight"><span class={`tag ${sourceWords[state].look}`}>{sourceWords[state].words}</span>{code !== null && <span class="caption mono">{code}</span>}</div> },
          { name: 'Height', isNumber: true, cell: (source) => (source.height === null ? <span class="muted">not known</span> : source.height.toLocaleString('en-GB')) },
        ]}
      />
      <p class="muted">{away === 0 ? `${counted(agreeing, 'node')} ${agreeing === 1 ? 'says' : 'say'} the same.` : `${counted(away, 'node')} cannot be reached; the others go on without ${away === 1 ? 'it' : 'them'}.`} All but one must answer. Where they disagree, nothing is stated or planned, and the one that contradicts is named.</p>
    </>
  );
}

/** Where the organisation's own node is named and asked. */
export function NodeWorkspace({ context, session }: WorkspaceProps) {
  const state = context.node.state.value;
  const change = (form: Partial<NodeForm>): void => context.node.send({ type: 'typed', form });
  const isBusy = state.stage === 'checking';
  const isEmpty = typedNodes(state).length === 0;
  const problem = nodesProblem(state);
  const several = typedNodes(state).length > 1;
  const isSaved = !isEmpty && areSameNodes(session.settings.node, nodeUrlOf(state)) && (session.settings.hotWallet ?? '') === state.hotWallet.trim();
  const check = (): void => { if (!isBusy && !isEmpty && problem === null) void checkNode(context); };
  return (
    <Workspace
      title="Node" purpose="The organisation's own node: the only thing that this program asks about the chain."
      words={problem ?? (isEmpty ? 'Name the node first.' : isSaved && session.node !== null ? 'This node is in use. Asks it again.' : 'Asks the node who it is, and keeps it in the settings if it answers.')}
      actions={<Button kind="primary" disabled={isEmpty || isBusy || problem !== null} onPress={check}>{isSaved && session.node !== null ? 'Check the node again' : several ? 'Check and use these nodes' : 'Check and use this node'}</Button>}
    >
      <div class="page">
        <Section name="Connection">
          <TextField label="Node address" size="wide" mono value={state.url} disabled={isBusy} onInput={(url) => change({ url })} onEnter={check}
            hint={<>For example <span class="path">bitcoind://127.0.0.1:8332?cookie=/path/.cookie</span>. Loopback or TLS only; a password never stands in the address.</>} />
          <TextArea label="Further nodes that must agree, one a line" size="wide" mono rows={Math.min(6, Math.max(2, state.more.split('\n').length))} value={state.more} disabled={isBusy} onInput={(more) => change({ more })} problem={problem}
            hint="May stay empty. No balance is stated and no plan is made unless all that can be reached say the same; if one fails, the others go on." />
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
