import { expect, test } from 'vitest';
import type { CompanionContext } from '../../../renderer/companion/context.ts';
import { ledgerActions } from '../../../renderer/companion/ledger/ledger-actions.ts';
import { ledgerTransition, openBooks, type LedgerEvent, type LedgerState } from '../../../renderer/companion/ledger/ledger-state.ts';
import type { ReadySession, StoredWallet } from '../../../renderer/companion/session.ts';

const wallet = { name: 'treasury.wallet.json', wallet: 'wallet text', policy: { walletId: 'w', name: 'Treasury' } } as unknown as StoredWallet;
const NODE = 'practice:///somewhere';

/** The Ledger's actions over a host of which one command may fail. */
function workspace(failing: Readonly<Record<string, string>> = {}) {
  const asked: [string, Record<string, unknown>][] = [];
  const stages: string[] = [];
  const sent: string[] = [];
  let state: LedgerState = openBooks;
  const ledger = { get state() { return { value: state }; }, send: (event: LedgerEvent) => {
    state = ledgerTransition(state, event);
    stages.push(state.stage === 'auditing' && state.isWidening === true ? 'widening' : state.stage);
  } };
  const host = new Proxy({}, { get: (_, name: string) => async (input: Record<string, unknown>) => {
    asked.push([name, input]);
    return failing[name] === undefined ? { ok: true, value: { entries: [], balances: [], walletId: 'w' } } : { ok: false, error: { code: failing[name], message: 'm', details: {}, hint: 'h' } };
  } });
  const session = { send: ({ type }: { type: string }) => void sent.push(type) };
  const actions = ledgerActions({ host, ledger, session, running: new Map() } as unknown as CompanionContext, {} as ReadySession);
  return { actions, asked, sent, stages, names: () => asked.map(([name]) => name), state: () => state };
}

test('money too far out: the wallet is watched as far as its address, what is there is booked, and the audit is made once more', async () => {
  const { actions, asked, names, sent, stages, state } = workspace();
  await actions.widen(wallet, NODE, 1_300);
  expect(names()).toEqual(['wallet.widen', 'ledger.refresh', 'ledger.list', 'ledger.audit']);
  expect(asked[0]?.[1]).toEqual({ wallet: 'wallet text', node: NODE, to: 1_300 });
  expect(asked[1]?.[1]).toEqual({ wallets: ['wallet text'], node: NODE });
  expect(sent).toEqual(['books-read', 'audited']);
  expect([...new Set(stages)]).toEqual(['widening', 'auditing', 'ready']);
  expect(state()).toEqual(openBooks);
});

test.each([
  ['wallet.widen', 'node.pruned', ['wallet.widen']],
  ['ledger.refresh', 'node.unreachable', ['wallet.widen', 'ledger.refresh', 'ledger.list']],
  ['ledger.list', 'ledger.busy', ['wallet.widen', 'ledger.refresh', 'ledger.list']],
] as const)('what fails on the way is shown, and nothing goes on after it: %s', async (name, code, expected) => {
  const { actions, names, state } = workspace({ [name]: code });
  await actions.widen(wallet, NODE, 1_300);
  expect(names()).toEqual(expected);
  expect(state()).toMatchObject({ stage: 'failed', error: { code } });
});

test.each(['wallet.widen', 'ledger.refresh'])('%s that a person stopped shows the books again', async (name) => {
  const { actions, names, state } = workspace({ [name]: 'host.cancelled' });
  await actions.widen(wallet, NODE, 1_300);
  expect(state()).toEqual(openBooks);
  expect(names()).not.toContain('ledger.audit');
});
