import { expect, test } from 'vitest';
import { caredFor, careTransition, noCare } from '../../../renderer/companion/care/care-state.ts';
import { nodesProblem, nodeTransition, nodeUrlOf, noNode, typedNodes } from '../../../renderer/companion/node/node-state.ts';
import { areSameNodes, nodesOf, sessionTransition, settingsOf, storedSettings, type Session } from '../../../renderer/companion/session.ts';

const A = 'bitcoind://127.0.0.1:8332?cookie=/a';
const B = 'electrum+tls://b.example:50002';

test('one node is passed on as it is, several as a list without empty lines', () => {
  expect(nodeUrlOf({ url: ` ${A} `, more: '\n  \n' })).toBe(A);
  expect(nodeUrlOf({ url: A, more: `\n ${B}\n` })).toEqual([A, B]);
  expect(nodeUrlOf({ url: ' ', more: '' })).toBeNull();
  expect(typedNodes({ url: '', more: B })).toEqual([B]);
});

test('an address twice, and more addresses than are taken, are said before any node is asked', () => {
  expect(nodesProblem({ url: A, more: B })).toBeNull();
  expect(nodesProblem({ url: A, more: `${B}\n${A}` })).toMatch(/twice/);
  expect(nodesProblem({ url: A, more: Array.from({ length: 10 }, (_, at) => `${B}${at}`).join('\n') })).toBe('At most 10 nodes; there are 11.');
});

test('typing one field leaves the others, and an answer to what stood there before does not count', () => {
  const typed = nodeTransition(nodeTransition(noNode, { type: 'typed', form: { url: A, hotWallet: 'hot' } }), { type: 'typed', form: { more: B } });
  expect(typed).toEqual({ stage: 'editing', url: A, more: B, hotWallet: 'hot' });
  const asking = nodeTransition(typed, { type: 'checking' });
  const changed = nodeTransition(asking, { type: 'typed', form: { more: '' } });
  expect(nodeTransition(changed, { type: 'answered' })).toBe(changed);
});

test('settings keep the first node and the others apart, and read back as the same nodes', () => {
  expect(settingsOf({ node: A, hotWallet: null })).toEqual({ node: A, hotWallet: null });
  expect(settingsOf({ node: A, moreNodes: [B], hotWallet: 'hot' })).toEqual({ node: [A, B], hotWallet: 'hot' });
  expect(storedSettings({ node: [A, B], hotWallet: 'hot' })).toEqual({ node: A, moreNodes: [B], hotWallet: 'hot' });
  expect(storedSettings({ node: A, hotWallet: null })).toEqual({ node: A, hotWallet: null });
  expect(storedSettings({ node: null, hotWallet: null })).toEqual({ node: null, hotWallet: null });
  expect([nodesOf(null), nodesOf(A), nodesOf([A, B])]).toEqual([[], [A], [A, B]]);
  expect([areSameNodes([A, B], [A, B]), areSameNodes([A, B], A), areSameNodes([A], A)]).toEqual([true, false, true]);
});

test('a further node forgets what was said before it had to agree', () => {
  const ready = sessionTransition({ stage: 'reading' }, { type: 'read', settings: { node: A, hotWallet: null }, wallets: [], damaged: [] });
  const synced = { walletId: 'w', balanceSats: '1', unconfirmedSats: '0', utxos: [], height: 5, nextReceive: { address: 'x', index: 0 } };
  const known = sessionTransition(ready, { type: 'synced', synced });
  const sizeAfter = (node: string | string[]): number => (sessionTransition(known, { type: 'settings-written', settings: { node, hotWallet: null } }) as Extract<Session, { stage: 'ready' }>).synced.size;
  expect([sizeAfter(A), sizeAfter([A, B])]).toEqual([1, 0]);
});

test('care is of one node: the chosen one while it is set, else the first', () => {
  expect([caredFor([A, B], null), caredFor([A, B], B), caredFor([A], B), caredFor([], B)]).toEqual([A, B, A, null]);
});

test('what one node was found to be is not shown of another', () => {
  const health = { overall: 'ok' } as unknown as NonNullable<typeof noCare.health>;
  const found = careTransition(noCare, { type: 'found', found: { health } });
  expect(careTransition(found, { type: 'typed', form: { wallet: 'hot' } }).health).toBe(health);
  expect(careTransition(found, { type: 'typed', form: { node: B } })).toMatchObject({ health: null, form: { node: B } });
});

test('a passphrase goes when another page is looked at, and when its work is done', () => {
  const typed = careTransition(noCare, { type: 'typed', form: { passphrase: 'canary' } });
  expect(careTransition(typed, { type: 'viewed', view: 'standby' }).form.passphrase).toBe('');
  expect(careTransition(typed, { type: 'done', title: 't', text: 'x' }).form.passphrase).toBe('');
});
