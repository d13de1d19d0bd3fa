import { describe, expect, test } from 'vitest';
import { coinsTransition, noCoins, outpointOf, shownCoins, totalSats, type Coin, type CoinList } from '../../../renderer/companion/coins/coins-state.ts';
import { exceptionWords } from '../../../renderer/companion/ledger/entry-words.ts';
import { firstPage, ledgerPageTransition, questionOf, type Notes } from '../../../renderer/companion/ledger/page-state.ts';
import { noPeriod, periodTransition, type Closed } from '../../../renderer/companion/ledger/period-state.ts';

const coin = (digit: string, part: Partial<Coin> = {}): Coin => ({ txid: digit.repeat(64), vout: 0, amountSats: '5', address: `bcrt1q${digit}`, branch: 'receive', index: 0, confirmations: 1, label: '', tags: [], frozen: false, reservedBy: null, ...part } as Coin);
const list = (...coins: Coin[]): CoinList => ({ walletId: 'w', coins, totalSats: '0', frozenSats: '0', reservedSats: '0' });

describe('coins', () => {
  test('an output that was spent meanwhile is not ticked any more', () => {
    const [a, b] = [coin('a'), coin('b')];
    const ticked = coinsTransition(coinsTransition(noCoins, { type: 'read', list: list(a, b) }), { type: 'ticked', outpoints: [outpointOf(a), outpointOf(b)], is: true });
    expect([...coinsTransition(ticked, { type: 'read', list: list(b) }).ticked]).toEqual([outpointOf(b)]);
    expect(coinsTransition(ticked, { type: 'wallet-chosen', walletId: 'v' }).ticked.size).toBe(0);
  });

  test('outputs are found by state, and by any part of address, label, tag or outpoint', () => {
    const coins = list(coin('a', { frozen: true, tags: ['Reserve'] }), coin('b', { reservedBy: 'p' }), coin('c', { label: 'Rent' }));
    const shown = (filter: 'all' | 'free' | 'frozen' | 'reserved', search = ''): readonly string[] => shownCoins({ list: coins, filter, search }).map(({ address }) => address);
    expect([shown('frozen'), shown('reserved'), shown('free')]).toEqual([['bcrt1qa'], ['bcrt1qb'], ['bcrt1qc']]);
    expect([shown('all', 'reserve'), shown('all', ' RENT '), shown('all', 'bbb'), shown('free', 'reserve')]).toEqual([['bcrt1qa'], ['bcrt1qc'], ['bcrt1qb'], []]);
    expect(totalSats(coins.coins)).toBe(15n);
  });
});

describe('the books', () => {
  const notes: Notes = { notes: [{ txid: 't', vout: 0, field: 'reference', text: 'of a payment' }, { txid: 't', vout: null, field: 'reference', text: 'Rent' }], changes: [] };

  test('a note is begun with what was noted of the transaction, and not with what its payments were booked for', () => {
    const noting = ledgerPageTransition(firstPage, { type: 'noting', txid: 't', notes });
    expect(noting.noting).toEqual({ txid: 't', reference: 'Rent', costCode: '', changes: [] });
    expect(ledgerPageTransition(noting, { type: 'typed', costCode: '4711' }).noting).toMatchObject({ reference: 'Rent', costCode: '4711' });
    expect(ledgerPageTransition(noting, { type: 'noted' }).noting).toBeNull();
  });

  test('more entries go behind those that are shown; another search begins anew', () => {
    const entry = (txid: string) => ({ txid }) as Parameters<typeof ledgerPageTransition>[0]['entries'][number];
    const first = ledgerPageTransition(firstPage, { type: 'read', entries: [entry('a')], next: 'after-a', isMore: false });
    expect(questionOf(first, true)).toMatchObject({ after: 'after-a', newestFirst: true });
    const more = ledgerPageTransition(first, { type: 'read', entries: [entry('b')], next: null, isMore: true });
    expect(more.entries.map(({ txid }) => txid)).toEqual(['a', 'b']);
    expect(questionOf(ledgerPageTransition(more, { type: 'filtered', filter: { text: ' rent ' } }), false)).toMatchObject({ text: 'rent', after: null, walletId: null, kind: null });
  });

  test('what was saved belongs to the close that it was saved from', () => {
    const saved = periodTransition(periodTransition(noPeriod, { type: 'found', found: { closed: {} as Closed } }), { type: 'saved', savedAs: 'x' });
    expect(periodTransition(saved, { type: 'found', found: { closes: [] } }).savedAs).toEqual(['x']);
    expect(periodTransition(saved, { type: 'found', found: { closed: {} as Closed } }).savedAs).toEqual([]);
  });

  test('an exception of a close is said in words, or by its code', () => {
    expect(exceptionWords('shallow')).toMatch(/few confirmations/);
    expect(exceptionWords('new')).toBe('new');
  });
});
