import { networkWords } from '../../frame/networks.ts';
import { Amount } from '../../ui/amount.tsx';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import type { CompanionContext } from '../context.ts';
import { bookedText } from '../ledger/entry-words.ts';
import type { CareActions } from './care-actions.ts';
import type { Backup, CareForm, CareState, Health } from './care-state.ts';

export interface CareViewProps {
  readonly context: CompanionContext;
  readonly state: CareState;
  readonly actions: CareActions;
  readonly node: string;
}

const judged: Readonly<Record<Health['items'][number]['judgement'], { readonly words: string; readonly look: string; readonly icon: 'check' | 'caution' | 'refuse' | 'note' }>> = {
  ok: { words: 'Good', look: 'tag-verified', icon: 'check' }, attention: { words: 'Look at it', look: 'tag-caution', icon: 'caution' },
  bad: { words: 'Bad', look: 'tag-danger', icon: 'refuse' }, unknown: { words: 'Cannot be known', look: 'tag-plain', icon: 'note' },
};

export function HealthView({ state }: CareViewProps) {
  const { health } = state;
  if (health === null) return <p class="muted">Not asked yet.</p>;
  const unknown = health.items.filter(({ judgement }) => judgement === 'unknown').length;
  return (
    <>
      <Notice weight={health.overall === 'ok' ? (unknown === 0 ? 'verified' : 'plain') : health.overall === 'bad' ? 'danger' : 'caution'} title={{ ok: unknown === 0 ? 'The node is well' : `Nothing wrong was seen; ${unknown} of ${health.items.length} could not be looked at`, attention: 'Something wants to be looked at', bad: 'The node must not be relied on as it is' }[health.overall]} />
      <Table
        caption="What was looked at" rows={health.items} keyOf={(item) => `${item.topic}-${item.code}`} empty=""
        columns={[
          { name: 'Topic', cell: (item) => item.topic.charAt(0).toUpperCase() + item.topic.slice(1) },
          { name: 'Judgement', cell: (item) => { const { words, look, icon } = judged[item.judgement]; return <span class={`tag ${look}`}><Icon name={icon} />{words}</span>; } },
          { name: 'Seen', cell: (item) => <div class="stack-tight"><span>{item.seen}</span>{item.todo !== '' && <span class="muted">{item.todo}</span>}</div> },
        ]}
      />
      <Section name="Fee rates" note="To be confirmed within">
        <ul class="inline">{health.facts.feeRates.map(({ blocks, rate }) => <li key={blocks}>{counted(blocks, 'block')}: {rate === null ? 'not known' : `${rate} sat/vB`}</li>)}</ul>
      </Section>
    </>
  );
}

const typed = (context: CompanionContext) => (form: Partial<CareForm>): void => context.care.send({ type: 'typed', form });

/** For whom a file is encrypted. */
function LockFields({ context, state, isBusy }: { readonly context: CompanionContext; readonly state: CareState; readonly isBusy: boolean }) {
  const change = typed(context);
  return (
    <>
      <TextArea label="Public keys (age1…), one a line" mono rows={2} size="wide" value={state.form.recipients} disabled={isBusy} onInput={(recipients) => change({ recipients })} hint="Their owners can open it, and this machine cannot. Leave empty for a passphrase." />
      <SecretField label="Passphrase" value={state.form.passphrase} disabled={isBusy || state.form.recipients.trim() !== ''} onInput={(passphrase) => change({ passphrase })} hint="Also what opens a file that is tested." />
    </>
  );
}

const backupStates: Readonly<Record<Backup['state'], { readonly words: string; readonly look: string }>> = {
  good: { words: 'Restores', look: 'tag-verified' }, due: { words: 'Test is due', look: 'tag-caution' }, untested: { words: 'Never tested', look: 'tag-caution' }, failed: { words: 'Does not restore', look: 'tag-danger' },
};

export function BackupsView({ context, state }: CareViewProps) {
  const isBusy = state.progress !== null;
  const { tested } = state;
  return (
    <>
      <Section name="Wallet">
        <TextField label="Wallet on the node" value={state.form.wallet} disabled={isBusy} onInput={(wallet) => typed(context)({ wallet })} hint="The node writes it, with its private keys; it is encrypted before it is kept anywhere." />
        <LockFields context={context} state={state} isBusy={isBusy} />
      </Section>
      {tested !== null && (
        <Section name="Last test" note={`${bookedText(tested.testedAt)} UTC`}>
          <Notice weight={tested.good ? 'verified' : 'danger'} title={tested.good ? 'The restored wallet is the same' : 'The restored wallet is another one'}>
            <p>{counted(tested.descriptors, 'descriptor')}, {counted(tested.addresses, 'address', 'addresses')} and {counted(tested.outputs, 'output')} compared. Live <Amount sats={tested.amountSats} />, restored <Amount sats={tested.restoredSats} />.</p>
            {tested.differences.length > 0 && <ul>{tested.differences.map((difference) => <li key={difference}>{difference}</li>)}</ul>}
          </Notice>
        </Section>
      )}
      <Section name="Backups" note={state.backups === null ? undefined : counted(state.backups.length, 'file')}>
        <Table
          caption="Backups, with their tests" rows={state.backups ?? []} keyOf={(backup) => backup.sha256} empty="None was made here"
          columns={[
            { name: 'File', cell: (backup) => <div class="stack-tight"><span class="breakable">{backup.file}</span><span class="caption">{backup.wallet} · {backup.openedBy === 'passphrase' ? 'opened by a passphrase' : 'opened by an age key'}</span></div> },
            { name: 'Made (UTC)', cell: (backup) => bookedText(backup.madeAt) },
            { name: 'State', cell: (backup) => <span class={`tag ${backupStates[backup.state].look}`}>{backupStates[backup.state].words}</span> },
            { name: 'Last good test', cell: (backup) => (backup.lastGoodTest === null ? 'never' : bookedText(backup.lastGoodTest)) },
          ]}
        />
      </Section>
    </>
  );
}

export function RepairView({ context, state, actions, node }: CareViewProps) {
  const isBusy = state.progress !== null;
  const { repair } = state;
  return (
    <>
      <Section name="Wallet">
        <TextField label="Wallet on the node" value={state.form.wallet} disabled={isBusy || repair !== null} onInput={(wallet) => typed(context)({ wallet })} hint="Nothing is ever deleted, and no private key is read. The steps follow each other; each can be skipped." />
      </Section>
      {repair !== null && (
        <Section name="Steps">
          <ol class="repair-steps">
            {repair.steps.map((step) => (
              <li key={step.step}>
                <Icon name={step.state === 'done' ? 'check' : step.state === 'skipped' ? 'cross' : 'chevron'} />
                <strong>{step.purpose}</strong>
                {step.state !== 'open' && <span class="muted">{`${step.state}${step.at === null ? '' : ` ${bookedText(step.at)} UTC`}`}</span>}
                {step.record.slice(0, 20).map((line) => <span key={line} class="mono breakable">{line}</span>)}
                {step.step === repair.next && (
                  <>
                    {step.commands.map((command) => <span key={command} class="mono breakable">{command}</span>)}
                    <div class="form-actions">
                      {step.byProgram && <Button small disabled={isBusy} onPress={() => void actions.repair(node, 'run', step.step)}>Have the program do it</Button>}
                      <Button small disabled={isBusy} onPress={() => void actions.repair(node, 'done', step.step)}>I have done it</Button>
                      <Button small disabled={isBusy} onPress={() => void actions.repair(node, 'skip', step.step)}>Skip it</Button>
                    </div>
                  </>
                )}
              </li>
            ))}
          </ol>
        </Section>
      )}
    </>
  );
}

const programs = ['bitcoind', 'litecoind', 'dogecoind', 'particld', 'qtumd', 'blackcoind', 'peercoind'].map((value) => ({ value, name: value }));
const uses = [{ value: 'hot', name: 'Keeps the hot wallet' }, { value: 'watch', name: 'Watches cold wallets, holds no keys' }, { value: 'audit', name: 'Audits: every transaction, no wallet' }] as const;

export function ConfigurationView({ context, state, actions }: CareViewProps) {
  const isBusy = state.progress !== null;
  const change = typed(context);
  const networks = Object.entries(networkWords).filter(([network]) => network !== 'practice').map(([value, { name }]) => ({ value, name }));
  return (
    <>
      <Section name="Node">
        <div class="form-row">
          <SelectField label="Program" value={state.form.program} options={programs} disabled={isBusy} onSelect={(program) => change({ program })} />
          <SelectField label="Network" value={state.form.network} options={networks} disabled={isBusy} onSelect={(network) => change({ network })} />
          <SelectField label="What it is for" value={state.form.use} options={uses} disabled={isBusy} onSelect={(use) => change({ use })} />
        </div>
      </Section>
      {state.config !== null && (
        <>
          <Section name="Files"><div class="form-actions"><Button disabled={isBusy} onPress={() => void actions.saveConfig('config')}>{`Save ${state.config.suggestedName}`}</Button><Button disabled={isBusy} onPress={() => void actions.saveConfig('login')}>{`Save the login, ${state.config.loginName}`}</Button></div></Section>
          <Section name="Lines" note="Each with its reason">
            <Table caption="Lines of the configuration" rows={state.config.lines} keyOf={(line) => line.setting} empty="" columns={[{ name: 'Setting', cell: (line) => <span class="mono breakable">{line.setting}</span> }, { name: 'Why', cell: (line) => line.why }]} />
          </Section>
        </>
      )}
    </>
  );
}

export function StandbyView({ context, state }: CareViewProps) {
  const { verified } = state;
  return (
    <>
      <Section name="Two machines" note="One truth">
        <p>A bundle holds the wallets, the books, labels, the queue and the schedules of this machine. Take one after every working day to the standby machine: losing this one then loses nothing.</p>
        <LockFields context={context} state={state} isBusy={state.progress !== null} />
      </Section>
      {verified !== null && (
        <Section name="Verified" note={`Bundle of ${bookedText(verified.madeAt)} UTC`}>
          <Notice weight={verified.agrees ? 'verified' : 'danger'} title={verified.agrees ? `The bundle agrees with the node at height ${verified.height.toLocaleString('en-GB')}` : 'The bundle and the node disagree'} />
          <Table
            caption="Wallets of the bundle" rows={verified.wallets} keyOf={(wallet) => wallet.walletId} empty="It holds no wallet"
            columns={[
              { name: 'Wallet', cell: (wallet) => wallet.name },
              { name: 'State', cell: (wallet) => (wallet.agrees ? <span class="tag tag-verified">Agrees</span> : <span class="tag tag-danger">{wallet.differences.join(', ')}</span>) },
              { name: 'Books', isNumber: true, cell: (wallet) => <Amount sats={wallet.confirmedSats} /> },
              { name: 'Node', isNumber: true, cell: (wallet) => <Amount sats={wallet.nodeSats} /> },
            ]}
          />
          {verified.conflicts.length > 0 && <Notice weight="caution" title={`${counted(verified.conflicts.length, 'plan')} made on both machines or on one alone`}><ul class="mono breakable">{verified.conflicts.map((conflict) => <li key={`${conflict.side}-${conflict.planId}`}>{conflict.side === 'own' ? 'here' : 'in the bundle'}: {conflict.planId}{conflict.addressTwice ? ' (the same address twice)' : ''}</li>)}</ul></Notice>}
        </Section>
      )}
    </>
  );
}
