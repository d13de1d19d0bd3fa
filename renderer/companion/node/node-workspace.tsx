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
import { nodesProblem, nodeUrlOf, sourceWords, typedNodes } from './node-state.ts';

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
      <p class="muted">{away === 0 ? `${counted(agreeing, 'node')} ${agreeing === 1 ? 'says' : 'say'} the same.` : `${counted(away, 'node')} cannot be reached; the others go on without ${away === 1 ? 'it' : 'them'}.`} The first that answers is asked for everything, and the others must agree. Where they disagree, work stops and names them: nobody outvotes anybody.</p>
    </>
  );
}

/** Where the organisation's own node is named and asked. */
export function NodeWorkspace({ context, session }: WorkspaceProps) {
  const state = context.node.state.value;
  const change = (part: { url?: string; hotWallet?: string }): void => context.node.send({ type: 'typed', url: state.url, hotWallet: state.hotWallet, ...part });
  const isBusy = state.stage === 'checking';
  const isEmpty = typedNodes(state.url).length === 0;
  const problem = nodesProblem(state.url);
  const several = typedNodes(state.url).length > 1;
  const isSaved = !isEmpty && areSameNodes(session.settings.node, nodeUrlOf(state.url)) && (session.settings.hotWallet ?? '') === state.hotWallet.trim();
  return (
    <Workspace
      title="Node" purpose="The organisation's own node: the only thing that this program asks about the chain."
      words={problem ?? (isEmpty ? 'Name the node first.' : isSaved && session.node !== null ? 'This node is in use. Asks it again.' : 'Asks the node who it is, and keeps it in the settings if it answers.')}
      actions={<Button kind="primary" disabled={isEmpty || isBusy || problem !== null} onPress={() => void checkNode(context)}>{isSaved && session.node !== null ? 'Check the node again' : several ? 'Check and use these nodes' : 'Check and use this node'}</Button>}
    >
      <div class="page">
        <Section name="Connection">
          <TextArea label="Node address" size="wide" mono rows={several ? 4 : 2} value={state.url} disabled={isBusy} onInput={(url) => change({ url })} problem={problem}
            hint={<>For example <span class="path">bitcoind://127.0.0.1:8332?cookie=/path/.cookie</span>. Loopback or TLS only; a password never stands in the address. Several, one a line, must agree; if one fails, the others go on.</>} />
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
