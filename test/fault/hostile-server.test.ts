import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import { openChainSource } from '../../src/node/companion/chain-sources.ts';
import { bitcoindScenarios } from '../support/hostile/bitcoind-scenarios.ts';
import { testCertificate, type CertificateShape } from '../support/hostile/certificate.ts';
import { electrumScenarios } from '../support/hostile/electrum-scenarios.ts';
import { esploraScenarios } from '../support/hostile/esplora-scenarios.ts';
import { askSeveral, hiding } from '../support/hostile/several-sources.ts';
import { EVIL, EVIL_TEXT, fixture, readEverything, wallet, work } from '../support/hostile/scenario.ts';
import { startElectrumServer } from '../support/peers/electrum-server.ts';
import { startEsploraServer } from '../support/peers/esplora-server.ts';
import { fakeNode } from '../unit/node-companion/fake-node.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

const electrum = { limits: { connectMs: 2_000, answerMs: 1_500 } };
const esplora = { limits: { connectMs: 2_000, answerMs: 1_500, patienceMs: 600 } };
const bitcoind = { patienceMs: 0, limits: { connectMs: 2_000, silenceMs: 1_500, bodyMs: 1_500 } };

/** The error that work ends in. */
const faultOf = async (work: () => Promise<unknown>): Promise<unknown> => work().then((value) => ({ value }), (error: unknown) => error);

/** Everything of an error that people or files see. */
function visible(error: unknown): string {
  const { message, hint, details, code } = error as StrongroomError;
  return JSON.stringify([message, hint, details, code]);
}

function expectNamed(error: unknown, code: string, reason: string | undefined): void {
  expect(error).toBeInstanceOf(StrongroomError);
  expect(error).toMatchObject(reason === undefined ? { code } : { code, details: { reason } });
  expect(visible(error) + String((error as Error).stack)).not.toContain(EVIL);
  expect(visible(error)).not.toMatch(/[<\u001b]|\\u001b/);
}

describe(`an Electrum server that lies, hangs or talks nonsense (${electrumScenarios.length} ways)`, () => {
  test.each(electrumScenarios.map((scenario) => [scenario.name, scenario.code, scenario] as const))('%s: %s', async (_name, code, { meddle, reason, act }) => {
    const told = fixture();
    const server = await startElectrumServer(told.chain, { meddle: meddle(told) });
    open.push(server);
    const source = await openChainSource(`electrum+tcp://127.0.0.1:${server.port}`, { electrum });
    open.push(source);
    const error = await faultOf(() => (act === undefined ? readEverything(source) : act(source, told)));
    expectNamed(error, code, reason);
  });
});

describe(`an Esplora server that lies, hangs or talks nonsense (${esploraScenarios.length} ways)`, () => {
  test.each(esploraScenarios.map((scenario) => [scenario.name, scenario.code, scenario] as const))('%s: %s', async (_name, code, { meddle, reason, act }) => {
    const told = fixture();
    const server = await startEsploraServer(told.chain, { meddle: meddle(told) });
    open.push(server);
    const source = await openChainSource(`esplora+http://127.0.0.1:${server.port}`, { esplora });
    open.push(source);
    const error = await faultOf(() => (act === undefined ? readEverything(source) : act(source, told)));
    expectNamed(error, code, reason);
  });
});

describe(`something at a bitcoind's address that lies, hangs or talks nonsense (${bitcoindScenarios.length} ways)`, () => {
  test.each(bitcoindScenarios.map((scenario) => [scenario.name, scenario.code, scenario] as const))('%s: %s', async (_name, code, { answer, act }) => {
    const node = await fakeNode(answer);
    open.push(node);
    const source = await openChainSource(node.url, { bitcoind });
    open.push(source);
    expectNamed(await faultOf(() => act(source)), code, undefined);
  });
});

describe('a certificate that is not the right one', () => {
  const DAY_MS = 24 * 3600 * 1000;
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-hostile-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const authority = (cert: string): string => {
    writeFileSync(join(folder, 'ca.pem'), cert);
    return `?ca=${join(folder, 'ca.pem')}`;
  };
  const kinds = {
    Electrum: async (tls: { key: string; cert: string } | undefined) => {
      // Without TLS it greets, as some servers do: a client hello alone is no line that it would answer.
      const greet = (socket: Socket): boolean => {
        if (tls === undefined) socket.write(`${EVIL_TEXT}\n`);
        return true;
      };
      const server = await startElectrumServer(fixture().chain, { onConnection: greet, ...(tls === undefined ? {} : { tls }) });
      open.push(server);
      return `electrum+tls://127.0.0.1:${server.port}`;
    },
    Esplora: async (tls: { key: string; cert: string } | undefined) => {
      const server = await startEsploraServer(fixture().chain, tls === undefined ? {} : { tls });
      open.push(server);
      return `esplora+https://127.0.0.1:${server.port}`;
    },
  } as const;
  const ask = async (url: string): Promise<unknown> => {
    const source = await openChainSource(url, { electrum, esplora });
    open.push(source);
    return source.status();
  };

  describe.each(['Electrum', 'Esplora'] as const)('%s', (kind) => {
    test.each<[string, CertificateShape, (made: ReturnType<typeof testCertificate>) => string, string]>([
      ['nobody known signed it', {}, () => '', 'authority'],
      ['it is not the pinned one', {}, () => `?pin=${'ab'.repeat(32)}`, 'pin'],
      ['the pin of another key', {}, () => `?pin=${testCertificate().keySha256}`, 'pin'],
      ['pinned, but past its time', { from: new Date(Date.now() - 9 * DAY_MS), to: new Date(Date.now() - DAY_MS) }, ({ keySha256 }) => `?pin=${keySha256}`, 'expired'],
      ['pinned, but before its time', { from: new Date(Date.now() + DAY_MS) }, ({ certSha256 }) => `?pin=${certSha256}`, 'expired'],
      ['of a known authority, but past its time', { from: new Date(Date.now() - 9 * DAY_MS), to: new Date(Date.now() - DAY_MS) }, ({ cert }) => authority(cert), 'expired'],
      ['of a known authority, but for another host', { host: 'node.example' }, ({ cert }) => authority(cert), 'name'],
      ['of an authority that is not the given one', {}, () => authority(testCertificate().cert), 'authority'],
    ])('%s', async (_name, shape, query, reason) => {
      const made = testCertificate(shape);
      const error = await faultOf(async () => ask((await kinds[kind](made)) + query(made)));
      expectNamed(error, 'node.certificate', reason);
      expect((error as StrongroomError).details['keySha256']).toBe(made.keySha256);
    });
    test('plain text where TLS was asked for', async () => {
      expectNamed(await faultOf(async () => ask((await kinds[kind](undefined)) + `?pin=${'ab'.repeat(32)}`)), 'node.certificate', 'not-tls');
    });
    test('nobody there', async () => {
      expectNamed(await faultOf(() => ask(`${kind === 'Electrum' ? 'electrum+tls' : 'esplora+https'}://127.0.0.1:1`)), 'node.unreachable', undefined);
    });
    test('a handshake that never ends', async () => {
      const mute = createServer();
      await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
      const sockets = new Set<Socket>();
      mute.on('connection', (socket) => void sockets.add(socket));
      open.push({ close: async () => {
        for (const socket of sockets) socket.destroy();
        mute.close();
      } });
      const { port } = mute.address() as AddressInfo;
      expectNamed(await faultOf(() => ask(`${kind === 'Electrum' ? 'electrum+tls' : 'esplora+https'}://127.0.0.1:${port}`)), 'node.unreachable', undefined);
    });
    test.each<[string, (made: ReturnType<typeof testCertificate>) => string]>([
      ['its key is pinned', ({ keySha256 }) => `?pin=${keySha256.toUpperCase()}`],
      ['it is pinned whole', ({ certSha256 }) => `?pin=${certSha256.replace(/..(?=.)/g, '$&:')}`],
      ['its authority is given', ({ cert }) => authority(cert)],
    ])('it is taken where %s', async (_name, query) => {
      const made = testCertificate();
      expect(await ask((await kinds[kind](made)) + query(made))).toMatchObject({ network: 'regtest', height: 12 });
    });
  });
});

describe('what no proof can show', () => {
  test('history that one server alone leaves out is not seen; beside a second source it is named', async () => {
    const told = fixture();
    const hidden = hiding(told.spend.getId(), told.waiting.getId());
    const alone = await askSeveral([{ chain: told.chain, meddle: hidden }]);
    open.push(alone);
    await alone.source.watch(wallet, work);
    // The spent 70,000 satoshis look unspent: docs/chain-sources.md says so.
    expect((await alone.source.utxos(wallet)).map(({ amountSats }) => amountSats)).toEqual([70_000n, 5_000n]);
    const both = await askSeveral([{ chain: told.chain, meddle: hidden }, { chain: told.chain }]);
    open.push(both);
    await both.source.watch(wallet, work);
    const error = await faultOf(() => both.source.utxos(wallet));
    expectNamed(error, 'node.disagree', undefined);
    expect(error).toMatchObject({ details: { node: both.names.join(', '), outpoint: `${told.spend.getId()}:0` } });
    const three = await askSeveral([{ chain: told.chain }, { chain: told.chain, meddle: hidden }, { chain: told.chain }]);
    open.push(three);
    await three.source.watch(wallet, work);
    expect(await faultOf(() => three.source.utxos(wallet))).toMatchObject({ code: 'node.disagree', details: { node: three.names[1] } });
  });
});

describe('what does not harm', () => {
  test('a reorganisation while a wallet is read: what comes out is the state of one block', async () => {
    const told = fixture();
    let isDone = false;
    const server = await startElectrumServer(told.chain, { meddle: (exchange) => {
      if (exchange.method === 'blockchain.transaction.get_merkle' && !isDone) {
        isDone = true;
        told.chain.reorganise(10, [told.funding, told.spend], 1);
      }
      return exchange.honest();
    } });
    open.push(server);
    const source = await openChainSource(`electrum+tcp://127.0.0.1:${server.port}`, { electrum });
    open.push(source);
    await source.watch(wallet, work);
    expect(isDone).toBe(true);
    const [first] = await source.transactions(wallet);
    expect(first).toMatchObject({ txid: told.funding.getId(), height: 3, blockHash: told.chain.index.blocks[3]?.hash, confirmations: 11 });
    expect(first?.confirmations).toBe(told.chain.index.height - 2);
  });

  test('a server\'s own words are nowhere in what it is reported to be', async () => {
    const told = fixture();
    const server = await startElectrumServer(told.chain, { meddle: (exchange) => (exchange.method === 'server.version' ? [EVIL_TEXT, '1.4'] : exchange.honest()) });
    open.push(server);
    const source = await openChainSource(`electrum+tcp://127.0.0.1:${server.port}`, { electrum });
    open.push(source);
    expect(JSON.stringify(await source.status(), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(EVIL);
  });
});

// Last: what all of the above left behind.
test('after all of this the process is as small as before', () => {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  expect((heapUsed + external + arrayBuffers) / 1_048_576).toBeLessThan(700);
});
