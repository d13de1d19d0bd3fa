import { useEffect } from 'preact/hooks';
import { unitOf } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { tailText } from '../../review/from-report.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Checkbox, SelectField, TextField } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import { UnitContext } from '../../ui/unit.ts';
import type { CompanionContext, WorkspaceProps } from '../context.ts';
import { Missing } from '../missing.tsx';
import { chosenWallet } from '../session.ts';
import { WalletChoice } from '../wallet-choice.tsx';
import { coinsActions } from './coins-actions.ts';
import { outpointOf, shownCoins, totalSats, type Coin, type CoinFilter, type CoinsState } from './coins-state.ts';

const head = { title: 'Coins', purpose: 'What a wallet holds, output by output: frozen, tagged, waiting for a plan, or free.' };
const filters: readonly { readonly value: CoinFilter; readonly name: string }[] = [
  { value: 'all', name: 'All' }, { value: 'free', name: 'Free to spend' }, { value: 'frozen', name: 'Frozen' }, { value: 'reserved', name: 'Wait for a plan' },
];
/** More rows than a person looks through; a search shows the others. */
const SHOWN_ROWS = 500;

function Coins({ context, state, coins }: { readonly context: CompanionContext; readonly state: CoinsState; readonly coins: readonly Coin[] }) {
  const tick = (outpoints: readonly string[], is: boolean): void => context.coins.send({ type: 'ticked', outpoints, is });
  const shown = coins.slice(0, SHOWN_ROWS);
  const areAllTicked = shown.length > 0 && shown.every((coin) => state.ticked.has(outpointOf(coin)));
  return (
    <>
      <Checkbox checked={areAllTicked} disabled={state.isBusy || shown.length === 0} onToggle={(is) => tick(shown.map(outpointOf), is)}>Tick all that are shown</Checkbox>
      <Table
        caption="Unspent outputs, the largest first" rows={shown} keyOf={outpointOf} empty="No output is like that"
        columns={[
          { name: 'Pick', cell: (coin) => <Checkbox checked={state.ticked.has(outpointOf(coin))} disabled={state.isBusy} onToggle={(is) => tick([outpointOf(coin)], is)}><span class="visually-hidden">{outpointOf(coin)}</span></Checkbox> },
          {
            name: 'Output', cell: (coin) => (
              <div class="stack-tight">
                <Address address={coin.address} />
                <span class="caption">{tailText(coin.branch, coin.index)} · {coin.confirmations === 0 ? 'unconfirmed' : counted(coin.confirmations, 'confirmation')}{coin.label === '' ? '' : ` · ${coin.label}`}</span>
                <span class="outpoint">{outpointOf(coin)}</span>
              </div>
            ),
          },
          {
            name: 'State', cell: (coin) => (
              <div class="stack-tight">
                {coin.frozen && <span class="tag tag-accent">Frozen</span>}
                {coin.reservedBy !== null && <span class="tag tag-caution">Waits for a plan</span>}
                {!coin.frozen && coin.reservedBy === null && <span class="tag tag-plain">Free</span>}
                {coin.tags.map((tag) => <span key={tag} class="tag tag-plain">#{tag}</span>)}
              </div>
            ),
          },
          { name: 'Amount', isNumber: true, cell: (coin) => <Amount sats={coin.amountSats} withSats /> },
        ]}
      />
      {coins.length > shown.length && <p class="muted">{counted(coins.length - shown.length, 'more output')} not shown; search for what you want to see.</p>}
    </>
  );
}

/** Coin control: which outputs plans may spend, and what they are called. */
export function CoinsWorkspace({ context, session }: WorkspaceProps) {
  const state = context.coins.state.value;
  const actions = coinsActions(context);
  const { node } = session.settings;
  const wallet = chosenWallet(session, state.walletId);
  const walletId = wallet?.policy.walletId ?? null;
  useEffect(() => {
    if (wallet !== undefined && node !== null && (state.list === null || state.list.walletId !== walletId)) void actions.read(wallet, node);
  }, [walletId, node === null]);
  if (node === null) return <Missing context={context} head={head} icon="node" title="No node is set" text="The node knows what a wallet holds." place="node" button="Go to Node" />;
  if (wallet === undefined) return <Missing context={context} head={head} icon="wallet" title="No wallet yet" text="Make or import a wallet first." place="wallets" button="Go to Wallets" />;
  const coins = shownCoins(state);
  const picked = coins.filter((coin) => state.ticked.has(outpointOf(coin)));
  const hasPicked = state.ticked.size > 0 && !state.isBusy;
  const tag = state.tag.trim();
  return (
    <Workspace {...head}
      tools={<><Button disabled={state.isBusy} onPress={() => void actions.openLabels(wallet, node)}>Import labels</Button><Button disabled={state.isBusy} onPress={() => void actions.saveLabels()}>Export labels</Button></>}
      words={state.ticked.size === 0 ? 'Tick outputs to freeze, free or tag them.' : `${counted(state.ticked.size, 'output')} ticked${picked.length === state.ticked.size ? '' : `, ${counted(state.ticked.size - picked.length, 'one', 'of them')} not shown`}. Frozen outputs are in no plan.`}
      actions={<>
        <Button disabled={!hasPicked} onPress={() => void actions.freeze(wallet, node, false)}>Free them again</Button>
        <Button kind="primary" disabled={!hasPicked} onPress={() => void actions.freeze(wallet, node, true)}>{state.ticked.size === 0 ? 'Freeze outputs' : `Freeze ${counted(state.ticked.size, 'output')}`}</Button>
      </>}
    >
      <UnitContext.Provider value={unitOf(wallet.policy.network)}>
        <div class="page">
          {state.error !== null && <ErrorNotice error={state.error} />}
          {state.done !== null && <Notice weight="verified" title={state.done.title}><p class="breakable">{state.done.text}</p></Notice>}
          {state.isBusy && state.list === null && <ProgressView progress={{ fraction: null, activity: 'Asking the node' }} />}
          <Section name="Wallet">
            {session.wallets.length > 1 && <WalletChoice label="Wallet" session={session} walletId={wallet.policy.walletId} disabled={state.isBusy} onSelect={(chosen) => context.coins.send({ type: 'wallet-chosen', walletId: chosen })} />}
            {state.list !== null && (
              <div class="balance">
                <span class="total"><Amount sats={state.list.totalSats} withSats /></span>
                {state.list.frozenSats !== '0' && <span>of it frozen <Amount sats={state.list.frozenSats} /></span>}
                {state.list.reservedSats !== '0' && <span>of it waiting for plans <Amount sats={state.list.reservedSats} /></span>}
              </div>
            )}
          </Section>
          {state.list !== null && state.list.coins.length === 0 && <EmptyState icon="wallet" title="The wallet holds nothing"><p>What arrives at its addresses is shown here.</p></EmptyState>}
          {state.list !== null && state.list.coins.length > 0 && (
            <Section name="Outputs" note={`${counted(coins.length, 'output')} shown`}>
              <div class="form-row">
                <SelectField label="Show" value={state.filter} options={filters} onSelect={(filter) => context.coins.send({ type: 'typed', filter })} />
                <TextField label="Search" value={state.search} onInput={(search) => context.coins.send({ type: 'typed', search })} hint="Address, label, tag or outpoint" />
              </div>
              <div class="form-row">
                <TextField label="Tag" size="short" value={state.tag} disabled={state.isBusy} onInput={(text) => context.coins.send({ type: 'typed', tag: text })} />
                <div class="form-actions">
                  <Button disabled={!hasPicked || tag === ''} onPress={() => void actions.tag(wallet, node, 'add')}>Tag the ticked</Button>
                  <Button disabled={!hasPicked || tag === ''} onPress={() => void actions.tag(wallet, node, 'remove')}>Take the tag off</Button>
                </div>
              </div>
              {picked.length > 0 && <p class="muted">Ticked: <Amount sats={totalSats(picked)} /></p>}
              <Coins context={context} state={state} coins={coins} />
            </Section>
          )}
        </div>
      </UnitContext.Provider>
    </Workspace>
  );
}
