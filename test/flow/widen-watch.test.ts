import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openChainSource } from '../../src/node/companion/chain-sources.ts';
import { useNativeCurve } from '../../src/node/shared/native-curve/use-native-curve.ts';
import { work } from '../support/books/random-life.ts';
import { TestChain } from '../support/hostile/test-chain.ts';
import { booksPlace, type BooksPlace } from '../support/books/books-place.ts';
import type { ChainDriver } from '../support/peers/chain-driver.ts';
import { startElectrumServer } from '../support/peers/electrum-server.ts';
import { startEsploraServer } from '../support/peers/esplora-server.ts';
import { companion, done, practice, requireBuilt } from './programs.ts';
import { makeTreasury, type Treasury } from './treasury.ts';

/* Money on addresses further out than a source watches: servers that remember nothing, and the command line. */

/** Each address costs its derivation; further out it is the same: peers/widen-bitcoind.test.ts. */
const FAR = 450;
// As the program itself does: hundreds of addresses are derived.
useNativeCurve();
const kinds = {
  Electrum: async (chain: TestChain) => {
    const server = await startElectrumServer(chain);
    return { server, url: `electrum+tcp://127.0.0.1:${server.port}` };
  },
  Esplora: async (chain: TestChain) => {
    const server = await startEsploraServer(chain);
    return { server, url: `esplora+http://127.0.0.1:${server.port}` };
  },
} as const;

describe.each(['Electrum', 'Esplora'] as const)('an %s server, opened anew for each step as a command line does', (kind) => {
  let place: BooksPlace;
  let chain: TestChain;
  let end: () => Promise<void>;
  beforeEach(async () => {
    chain = new TestChain();
    const { server, url } = await kinds[kind](chain);
    end = () => server.close();
    place = booksPlace({ network: 'regtest' } as ChainDriver, () => openChainSource(url));
  });
  afterEach(async () => {
    place.close();
    await end();
  });

  test('the books remember how far a wallet is watched: refresh, audit and the next look find what is there, now and later', async () => {
    const cold = place.wallet(1);
    const script = (index: number) => cold.deriver.derive(0, index).scriptPubKey;
    chain.mine([chain.pay({ script: script(0), amountSats: 1_000n })]);
    chain.mine([chain.pay({ script: script(280), amountSats: 20n }), chain.pay({ script: script(FAR), amountSats: 300n })]);
    await place.refresh(cold);
    // A little past what is searched the audit sees for itself.
    const audit = await place.audit(cold);
    expect(audit.differences).toMatchObject([{ kind: 'missing-in-ledger', class: 'beyond-gap-limit', repair: { code: 'widen-watch' }, place: { branch: 'receive', index: 280 }, amountSats: '20' }]);
    expect(await place.widen(cold, FAR)).toMatchObject({ from: { receive: 200, change: 199 }, to: { receive: FAR + 200, change: FAR }, found: { outputs: 2, amountSats: '320', unspentSats: '320' } });
    await place.refresh(cold);
    expect(await place.audit(cold)).toMatchObject({ agrees: true, ledgerSats: '1320', nodeSats: '1320' });
    // What arrives out there later is found without being asked for again.
    chain.mine([chain.pay({ script: script(FAR - 1), amountSats: 4_000n })]);
    await place.refresh(cold);
    expect(await place.audit(cold)).toMatchObject({ agrees: true, ledgerSats: '5320' });
    // Who proves a close from the server alone does not open the books: they are told how far the wallet reaches.
    const closed = await place.handlers['ledger.close']({ wallets: [cold.file], node: 'node', from: null, to: '3' }, work);
    expect(closed.wallets).toMatchObject([{ closingSats: '5320' }]);
    const verify = (watchTo: number | null) => place.handlers['ledger.verify-close']({ content: closed.content, wallets: [cold.file], node: 'node', watchTo }, work);
    expect(await verify(FAR)).toMatchObject({ equal: true, transactions: 4 });
    expect(await verify(null)).toMatchObject({ equal: false });
  });

  test('what the books know to be paid is searched for, though nobody asked for it: another node may have found it', async () => {
    const cold = place.wallet(2);
    const far = cold.deriver.derive(1, 400).scriptPubKey;
    chain.mine([chain.pay({ script: far, amountSats: 50n })]);
    const { openAnew } = place;
    place.openAnew = async () => {
      const source = await (openAnew as NonNullable<typeof openAnew>)();
      return { ...source, watch: async (wallet, work) => source.watch(wallet, work, { to: 400 }) };
    };
    await place.refresh(cold);
    place.openAnew = openAnew;
    chain.mineMany(1);
    await place.refresh(cold);
    expect(await place.audit(cold)).toMatchObject({ agrees: true, ledgerSats: '50', nodeSats: '50' });
  });
});

describe('the command line, on the practice network', () => {
  let treasury: Treasury;
  beforeAll(() => {
    requireBuilt();
    treasury = makeTreasury();
  }, 120_000);
  afterAll(() => treasury?.remove());
  const options = () => ({ folder: treasury.folder });
  const asked = (...args: string[]) => companion([...args, '--wallet', 'wallet.json', '--node', treasury.node, '--db', 'ledger.db'], options());

  test('audit names the address, widen reaches it, refresh books it, audit agrees', () => {
    done(asked('ledger', 'refresh'));
    const { addresses } = done(companion(['wallet', 'address', '--wallet', 'wallet.json', '--index', '260'], options()));
    done(practice(['faucet', '--folder', 'chain', '--to', addresses[0].address, '--amount-sats', '54321'], options()));
    done(asked('ledger', 'refresh'));
    const audit = asked('ledger', 'audit');
    expect(audit.exit).toBe(3);
    expect(audit.json()['differences']).toMatchObject([{ class: 'beyond-gap-limit', repair: { code: 'widen-watch' }, place: { branch: 'receive', index: 260 }, amountSats: '54321' }]);
    expect(done(asked('wallet', 'widen', '--to', '260'))).toMatchObject({ to: { receive: 260, change: 260 }, found: { outputs: 1, amountSats: '54321', unspentSats: '54321' } });
    done(asked('ledger', 'refresh'));
    expect(done(asked('ledger', 'audit'))).toMatchObject({ agrees: true });
    expect(done(asked('wallet', 'widen', '--to', '260'))).toMatchObject({ addresses: 0, found: { outputs: 0 } });
  });

  test('too far is said by name', () => {
    const refused = asked('wallet', 'widen', '--to', '100001');
    expect([refused.exit, refused.json()['error']['code']]).toEqual([65, 'wallet.watch-too-far']);
    expect(asked('wallet', 'widen', '--to', '-1').exit).toBe(64);
    expect(asked('wallet', 'widen').exit).toBe(64);
  });
});
