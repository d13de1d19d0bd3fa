import { Workspace } from '../../frame/workspace.tsx';
import { ScanCodes } from '../../frames/scan-codes.tsx';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { PolicyWords } from '../../ui/policy-words.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { Section } from '../../ui/section.tsx';
import { AddressTable } from '../../wallet/address-table.tsx';
import { PolicySheet, quorumWords, scriptOf, shortRule } from '../../wallet/policy-sheet.tsx';
import { tailText } from '../../review/from-report.ts';
import type { CompanionContext, WorkspaceProps } from '../context.ts';
import { chosenWallet, type StoredWallet, type Synced } from '../session.ts';
import { CreateView } from './create-view.tsx';
import { ExportView } from './export-view.tsx';
import { importActions, type ImportActions } from './import-actions.ts';
import { ImportView } from './import-view.tsx';
import { walletsActions, type WalletsActions } from './wallets-actions.ts';
import type { WalletsState } from './wallets-state.ts';

type OnShelf = Extract<WalletsState, { stage: 'shelf' }>;

/** Unspent outputs, each with its address whole. */
function Outputs({ synced }: { readonly synced: Synced }) {
  if (synced.utxos.length === 0) return <p class="muted">The wallet holds nothing.</p>;
  return (
    <ul class="output-list">
      {synced.utxos.map((utxo) => (
        <li key={`${utxo.txid}:${utxo.vout}`}>
          <div class="stack-tight">
            <Address address={utxo.address} />
            <span class="caption">{tailText(utxo.branch, utxo.index)} · {utxo.confirmations === 0 ? 'unconfirmed' : counted(utxo.confirmations, 'confirmation')}</span>
            <span class="outpoint">{utxo.txid}:{utxo.vout}</span>
          </div>
          <Amount sats={utxo.amountSats} withSats />
        </li>
      ))}
    </ul>
  );
}

function WalletView({ wallet, state, synced, context, actions, imports }: { readonly wallet: StoredWallet; readonly state: OnShelf; readonly synced: Synced | undefined; readonly context: CompanionContext; readonly actions: WalletsActions; readonly imports: ImportActions }) {
  const { policy } = wallet;
  return (
    <div class="page">
      <div class="detail-head">
        <div class="stack-tight">
          <h2>{policy.name}</h2>
          <p class="muted">{quorumWords(policy)} · {scriptOf(policy)}</p>
        </div>
        <div class="detail-tools"><Button onPress={() => void actions.save(wallet)}>Save wallet file</Button></div>
      </div>
      {state.savedAs !== null && <Notice weight="verified" title="Saved, to be carried to each Signer"><p class="mono breakable">{state.savedAs}</p></Notice>}
      {state.error !== null && <ErrorNotice error={state.error} />}
      {state.syncing !== null && <ProgressView progress={state.syncing} onCancel={actions.stopSync} />}
      <Section name="Balance" note={synced === undefined ? 'Not synced in this session' : `At height ${synced.height.toLocaleString('en-GB')}`}>
        {synced === undefined
          ? <p class="muted">Sync the wallet to see what it holds.</p>
          : (
            <div class="balance">
              <span class="total"><Amount sats={synced.balanceSats} withSats /></span>
              {synced.unconfirmedSats !== '0' && <span class="risk-caution">of it unconfirmed: <Amount sats={synced.unconfirmedSats} /></span>}
            </div>
          )}
      </Section>
      {synced !== undefined && <Section name="Next receive" note={tailText('receive', synced.nextReceive.index)}><Address address={synced.nextReceive.address} /></Section>}
      <Section name="Policy id" note="Read it aloud to each signing officer"><PolicyWords words={policy.policyId} /></Section>
      {synced !== undefined && <Section name="Unspent outputs" note={counted(synced.utxos.length, 'output')}><Outputs synced={synced} /></Section>}
      <Section name="Policy"><PolicySheet policy={policy} ownKey={null} /></Section>
      <Section name="For other programs" note="The same wallet in their format"><ExportView wallet={wallet} exporting={state.exporting} context={context} actions={imports} /></Section>
      <Section name="Addresses">
        {state.addresses.length > 0 ? <AddressTable addresses={state.addresses} /> : <div><Button onPress={() => void actions.showAddresses(wallet)}>Show the first 20 receive addresses</Button></div>}
      </Section>
    </div>
  );
}

/** Where watch-only wallets are made and looked at. */
export function WalletsWorkspace({ context, session }: WorkspaceProps) {
  const actions = walletsActions(context);
  const state = context.wallets.state.value;
  const imports = importActions(context);
  if (state.stage === 'importing') return <ImportView state={state} context={context} actions={imports} />;
  if (state.stage === 'creating') return <CreateView state={state} context={context} actions={actions} />;

  const head = { title: 'Wallets', purpose: 'Watched through the node. Nothing here can spend.' };
  const begin = (): void => context.wallets.send({ type: 'create-begun', network: session.node?.network ?? (context.info.rehearsal === null ? 'mainnet' : 'practice') });
  const scan = <ScanCodes host={context.host} expects={['wallet-descriptor', 'text']} what="a wallet" onContent={(file) => void imports.takeWallet([file])} />;
  if (session.wallets.length === 0) {
    return (
      <Workspace {...head} words="Makes a wallet from the cosigners' key records." actions={<Button kind="primary" onPress={begin}>New wallet</Button>}>
        <EmptyState icon="wallet" title="No wallet yet">
          <p>A wallet is a rule: which keys there are, and how many of them must sign. It is made from public key records that each signing officer hands out.</p>
          <ol>
            <li>On each Signer, show the key's public record and save it on a stick.</li>
            <li>Bring the sticks here and choose "New wallet".</li>
            <li>Carry the wallet file back and read the eight words aloud there.</li>
          </ol>
          <div class="form-actions"><Button onPress={() => void imports.openWallet()}>Open an existing wallet file</Button>{scan}</div>
          <p>Files of other programs are read too: descriptors, Coldcard, BSMS, Specter, Sparrow, Caravan, Electrum, Bitcoin Core, UR.</p>
          {state.error !== null && <ErrorNotice error={state.error} />}
        </EmptyState>
      </Workspace>
    );
  }
  const selected = chosenWallet(session, state.selected) ?? session.wallets[0];
  const { node } = session.settings;
  return (
    <Workspace
      {...head} tools={<Button onPress={begin}>New wallet</Button>}
      words={node === null ? 'No node is set; without it nothing can be synced.' : 'Asks the node for everything that this wallet holds.'}
      actions={node === null
        ? <Button kind="primary" onPress={() => context.go('node')}>Go to Node</Button>
        : selected !== undefined && <Button kind="primary" disabled={state.syncing !== null} onPress={() => void actions.sync(selected, node)}>{`Sync ${selected.policy.name}`}</Button>}
    >
      <div class="split">
        <div class="list-pane">
          <ul aria-label="Wallets">
            {session.wallets.map((wallet) => {
              const synced = session.synced.get(wallet.policy.walletId);
              return (
                <li key={wallet.name}>
                  <button type="button" class="list-row" aria-current={wallet === selected} onClick={() => context.wallets.send({ type: 'selected', walletId: wallet.policy.walletId })}>
                    <span class="list-line"><b>{wallet.policy.name}</b><span class="caption">{shortRule(wallet.policy)}</span></span>
                    <span class="muted">{synced === undefined ? 'not synced' : <Amount sats={synced.balanceSats} />}</span>
                  </button>
                </li>
              );
            })}
          </ul>
          <div class="list-actions">
            <DropZone small openName="Open" onOpen={() => void imports.openWallet()} onFiles={(files) => void imports.takeWallet(files)} beside={scan}>Drop a wallet file</DropZone>
          </div>
        </div>
        <div class="detail-pane">{selected !== undefined && <WalletView key={selected.name} wallet={selected} state={state} synced={session.synced.get(selected.policy.walletId)} context={context} actions={actions} imports={imports} />}</div>
      </div>
    </Workspace>
  );
}
