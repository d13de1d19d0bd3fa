import { expect, test } from 'vitest';
import { combineActions } from '../../../renderer/companion/combine/combine-actions.ts';
import { combineTransition, nothingCombined, type CombineEvent, type CombineState } from '../../../renderer/companion/combine/combine-state.ts';
import type { CompanionContext } from '../../../renderer/companion/context.ts';
import type { ReadySession, StoredWallet } from '../../../renderer/companion/session.ts';

const wallet = { name: 'treasury.wallet.json', wallet: 'wallet text', policy: { walletId: 'w' } } as unknown as StoredWallet;
const quorum = { required: 2, total: 3, signed: [], thisKey: null, stillNeeded: 1 };

/** The page's actions over a host that leaves out every file whose name begins with "bad". */
function workspace() {
  const asked: Record<string, unknown>[] = [];
  let state: CombineState = nothingCombined;
  const combine = { get state() { return { value: state }; }, send: (event: CombineEvent) => { state = combineTransition(state, event); } };
  const host = {
    'psbt.combine': async (input: { names: string[]; psbtFilesBase64: string[] }) => {
      asked.push(input);
      const leftOut = input.names.flatMap((file, at) => (file.startsWith('bad') ? [{ file, position: at + 1, code: 'psbt.superseded', message: 'm', hint: 'h' }] : []));
      return { ok: true, value: { psbtBase64: 'AA==', quorum, suggestedName: 'p.psbt', leftOut } };
    },
    'psbt.review': async () => ({ ok: true, value: { findings: [] } }),
  };
  const actions = combineActions({ host, combine } as unknown as CompanionContext, {} as ReadySession);
  return { actions, asked, state: () => state as Extract<CombineState, { stage: 'combined' }> };
}
const file = (name: string) => ({ name, contentBase64: btoa(name) });

test('replies that are not good are left out by name, and are not asked about again', async () => {
  const { actions, asked, state } = workspace();
  await actions.takeFiles([file('alice.psbt'), file('bad-bob.psbt')], wallet);
  expect(asked[0]).toMatchObject({ names: ['alice.psbt', 'bad-bob.psbt'], leaveOutBad: true });
  expect(state().files.map(({ name }) => name)).toEqual(['alice.psbt']);
  expect(state().combined?.leftOut).toMatchObject([{ file: 'bad-bob.psbt', code: 'psbt.superseded' }]);
  await actions.takeFiles([file('carol.psbt')], wallet);
  expect(asked[1]).toMatchObject({ names: ['alice.psbt', 'carol.psbt'] });
  expect(state().combined?.leftOut).toEqual([]);
});

test('a file\'s name is told to the host as one line of no folder', async () => {
  const { actions, asked } = workspace();
  await actions.takeFiles([file('a/b\\c\u0000\n.psbt'), file(`${'x'.repeat(300)}.psbt`), file('')], wallet);
  expect(asked[0]).toMatchObject({ names: ['a b c .psbt', 'x'.repeat(200), 'file without a name'] });
});

test('a file that spends nothing of the wallet is taken as a sweep of papers: finalized without a wallet, its destination looked for on the shelf', async () => {
  const asked: (readonly [string, unknown])[] = [];
  let state: CombineState = nothingCombined;
  const combine = { get state() { return { value: state }; }, send: (event: CombineEvent) => { state = combineTransition(state, event); } };
  let finalized: object = { ok: true, value: { txid: 't' } };
  const foreign = { code: 'psbt.foreign-input', message: 'm', hint: 'h', details: {} };
  const host = {
    'psbt.combine': async () => ({ ok: false, error: foreign }),
    'psbt.finalize': async (input: unknown) => (asked.push(['psbt.finalize', input]), finalized),
    'psbt.review': async (input: unknown) => (asked.push(['psbt.review', input]), { ok: true, value: { findings: [] } }),
  };
  const known = { ...wallet, policy: { walletId: 'w', network: 'mainnet' } } as unknown as StoredWallet;
  const elsewhere = { ...known, wallet: 'of another network', policy: { walletId: 'x', network: 'testnet' } } as unknown as StoredWallet;
  const actions = combineActions({ host, combine } as unknown as CompanionContext, { wallets: [known, elsewhere] } as unknown as ReadySession);
  await actions.takeFiles([file('sweep.psbt')], known);
  expect(asked).toEqual([
    ['psbt.finalize', { wallet: null, psbtFileBase64: btoa('sweep.psbt') }],
    ['psbt.review', { wallet: null, destinations: ['wallet text'], psbtFileBase64: btoa('sweep.psbt') }],
  ]);
  expect(state).toMatchObject({ stage: 'combined', combined: null, final: { txid: 't' } });
  combine.send({ type: 'put-away' });
  // Not signed by all of the papers: that is said. No sweep of papers at all: it is of another wallet, as was said first.
  finalized = { ok: false, error: { ...foreign, code: 'psbt.incomplete' } };
  await actions.takeFiles([file('half.psbt')], known);
  expect(state).toMatchObject({ stage: 'empty', error: { code: 'psbt.incomplete' } });
  finalized = { ok: false, error: { ...foreign, message: 'of finalizing' } };
  await actions.takeFiles([file('other.psbt')], known);
  expect(state).toMatchObject({ stage: 'empty', error: foreign });
  // Several files are replies of cosigners.
  await actions.takeFiles([file('a.psbt'), file('b.psbt')], known);
  expect([state, asked.length]).toMatchObject([{ error: foreign }, 4]);
});
