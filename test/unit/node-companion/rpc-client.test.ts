import { writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { afterEach, expect, test } from 'vitest';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { Amount, Count } from '../../../src/node/companion/bitcoind/answers.ts';
import { openRpcClient, rpcError } from '../../../src/node/companion/bitcoind/rpc-client.ts';
import { parseBitcoindUrl } from '../../../src/node/companion/bitcoind/node-url.ts';
import { failure, fakeNode, methods, result, type FakeAnswer, type FakeNode } from './fake-node.ts';

const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});
async function node(answer: FakeAnswer): Promise<FakeNode> {
  const made = await fakeNode(answer);
  open.push(made);
  return made;
}
async function client(answer: FakeAnswer, settings = {}) {
  const made = await (await node(answer)).open(settings);
  open.push(made);
  return made;
}
const codeOf = (code: string) => ({ code });

test('amounts come in exactly as the node wrote them', async () => {
  const rpc = await client(result('[0.1,20999999.9769,1e-8]'));
  expect(await rpc.call(v.array(Amount), 'x')).toEqual([10_000_000n, 2_099_999_997_690_000n, 1n]);
});

test('an amount that only a float can be, a negative or an excessive one is not an answer', async () => {
  for (const trap of [String(0.1 + 0.2), '-0.1', '10000000001', '"0.1"', '1e999']) {
    await expect((await client(result(trap))).call(Amount, 'x')).rejects.toMatchObject(codeOf('node.malformed'));
  }
});

test.each<[string, FakeAnswer]>([
  ['a web page', (_, response) => response.end('<html><body>It works!</body></html>')],
  ['nothing', (_, response) => response.end()],
  ['another request\'s id', ({ calls }, response) => response.end(`{"result":1,"error":null,"id":${(calls[0]?.id ?? 0) + 1}}`)],
  ['no id', (_, response) => response.end('{"result":1,"error":null}')],
  ['an error without a number', ({ calls }, response) => response.end(`{"result":null,"error":{"code":"x"},"id":${calls[0]?.id}}`)],
  ['two answers', ({ calls }, response) => response.end(`[{"result":1,"error":null,"id":${calls[0]?.id}},{"result":1,"error":null,"id":${calls[0]?.id}}]`)],
  ['a redirect', (_, response) => response.writeHead(302, { location: 'http://example.com/' }).end()],
  ['another shape', result('{"height":1}')],
])('%s is not an answer', async (_, answer) => {
  await expect((await client(answer)).call(Count, 'x')).rejects.toMatchObject(codeOf('node.malformed'));
});

test('an answer without end is cut off at the limit', async () => {
  const rpc = await client((_, response) => {
    const part = Buffer.alloc(65_536, 0x20);
    const more = (): void => {
      while (!response.destroyed && response.write(part));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  }, { limits: { answerBytes: 1_000_000 } });
  await expect(rpc.call(Count, 'x')).rejects.toMatchObject(codeOf('node.malformed'));
});

test('a node that hangs, hangs up, or is not there is unreachable', async () => {
  await expect((await client(() => undefined, { limits: { silenceMs: 150 } })).call(Count, 'x')).rejects.toMatchObject(codeOf('node.unreachable'));
  await expect((await client((_, response) => response.destroy())).call(Count, 'x')).rejects.toMatchObject(codeOf('node.unreachable'));
  const gone = await fakeNode(result('1'));
  const rpc = await openRpcClient(parseBitcoindUrl(gone.url.replace(/:\d+\?/, ':1?')));
  await expect(rpc.call(Count, 'x')).rejects.toMatchObject(codeOf('node.unreachable'));
  await gone.close();
});

test('an answer that breaks off in the middle is no answer', async () => {
  const rpc = await client((_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"result":');
    setTimeout(() => response.destroy(), 20);
  });
  await expect(rpc.call(Count, 'x')).rejects.toMatchObject(codeOf('node.unreachable'));
});

test('a node that restarted has another cookie: it is read again, once', async () => {
  const peer = await node((request, response) => {
    if (request.authorization === `Basic ${Buffer.from('__cookie__:second').toString('base64')}`) return result('7')(request, response);
    response.statusCode = 401;
    response.end();
  });
  const rpc = await peer.open();
  open.push(rpc);
  await expect(rpc.call(Count, 'x')).rejects.toMatchObject(codeOf('node.unauthorised'));
  writeFileSync(peer.cookieFile, '__cookie__:second');
  expect(await rpc.call(Count, 'x')).toBe(7);
});

test('a node that is starting is asked again until it answers, and given up on in the end', async () => {
  let asked = 0;
  const starting: FakeAnswer = (request, response) => ((asked += 1) < 3 ? failure(-28) : result('5'))(request, response);
  expect(await (await client(starting, { patienceMs: 5_000 })).call(Count, 'x')).toBe(5);
  expect(asked).toBe(3);
  await expect((await client(failure(-28))).call(Count, 'x')).rejects.toMatchObject(codeOf('node.not-ready'));
  await expect((await client((_, response) => response.writeHead(503).end('Work queue depth exceeded'))).call(Count, 'x')).rejects.toMatchObject(codeOf('node.not-ready'));
});

test.each([
  [-28, 'node.not-ready'], [-10, 'node.not-ready'], [-18, 'node.wallet'], [-13, 'node.wallet'], [-4, 'node.wallet'], [-5, 'node.rejected'], [-32601, 'node.rejected'], [-1, 'node.rejected'],
])('error %i of the node is %s', (rpcCode, code) => {
  expect(rpcError('x', rpcCode)).toMatchObject({ code, details: { method: 'x', rpcCode } });
});

test('no text of the node stands in an error', async () => {
  const caught = await (await client(failure(-8, 200))).call(Count, 'x').catch((error: unknown) => error);
  expect(caught).toBeInstanceOf(StrongroomError);
  expect(JSON.stringify([(caught as StrongroomError).message, (caught as StrongroomError).details, (caught as StrongroomError).hint, (caught as StrongroomError).stack])).not.toContain('SECRET');
});

test('many calls go in batches, and answers are matched by id whatever their order', async () => {
  const peer = await node(({ calls }, response) => response.end(JSON.stringify([...calls].reverse().map((call) => ({ id: call.id, error: null, result: (call.params as number[])[0] })))));
  const rpc = await peer.open();
  open.push(rpc);
  const outcomes = await rpc.batch(Array.from({ length: 250 }, (_, number) => ({ method: 'x', params: [number] })));
  expect(peer.requests.map((request) => request.calls.length)).toEqual([100, 100, 50]);
  expect(outcomes.map((outcome) => outcome.ok && Number((outcome.result as { source: string }).source))).toEqual(Array.from({ length: 250 }, (_, number) => number));
});

test('a call about a wallet of the node goes to its own address, its name escaped', async () => {
  const peer = await node(methods({ x: '1' }));
  const rpc = await peer.open();
  open.push(rpc);
  await rpc.call(Count, 'x', [], { wallet: '../a b?' });
  expect(peer.requests[0]?.path).toBe('/wallet/..%2Fa%20b%3F');
});
