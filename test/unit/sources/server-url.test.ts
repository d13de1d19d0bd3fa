import { describe, expect, test } from 'vitest';
import { openChainSource } from '../../../src/node/companion/chain-sources.ts';
import { isTooDeep } from '../../../src/node/companion/transport/json-depth.ts';
import { reasonOfText } from '../../../src/node/companion/transport/refused-text.ts';
import { parseServerUrl, serverName } from '../../../src/node/companion/transport/server-url.ts';

const electrum = { tls: 'electrum+tls', plain: 'electrum+tcp', form: 'FORM', hasPath: false, defaultPort: null };
const parse = (url: string) => parseServerUrl(url, electrum);
const PIN = 'ab'.repeat(32);

test('a server\'s URL names host, port and whose certificate is taken', () => {
  expect(parse(`electrum+tls://Node.Example:50002?pin=${PIN.toUpperCase()}`)).toEqual({ tls: true, host: 'node.example', port: 50_002, path: '', pin: PIN, caFile: null });
  expect(parse('electrum+tls://node.example:50002?ca=/etc/a+b.pem')).toMatchObject({ caFile: '/etc/a+b.pem', pin: null });
  expect(parse('electrum+tcp://localhost:50001')).toMatchObject({ tls: false, host: '127.0.0.1', port: 50_001 });
  expect(parse('electrum+tcp://[::1]:50001').host).toBe('::1');
  expect(parse(`electrum+tls://127.0.0.1:1?pin=${PIN.replace(/..(?=.)/g, '$&:')}`).pin).toBe(PIN);
  expect(parseServerUrl('esplora+https://mempool.example/signet/api/', { tls: 'esplora+https', plain: 'esplora+http', form: 'FORM', hasPath: true, defaultPort: 443 })).toMatchObject({ port: 443, path: '/signet/api' });
  expect(serverName({ host: '::1', port: 5 })).toBe('[::1]:5');
});

test.each([
  'electrum+tcp://192.168.0.5:50001', 'electrum+tcp://127.0.0.1.example.com:50001', 'electrum+tcp://127.0.0.1', 'electrum+tcp://127.0.0.1:0', `electrum+tcp://127.0.0.1:1?pin=${PIN}`, 'electrum+tcp://127.0.0.1:1?ca=x',
  'electrum+tls://host:1?pin=abcd', `electrum+tls://host:1?pin=${PIN}&ca=x`, `electrum+tls://host:1?pin=${PIN}&pin=${PIN}`, 'electrum+tls://host:1?other=1', 'electrum+tls://host:1#x', 'electrum+tls://:1', 'electrum+tls://host:1/%2e%2e/x', 'https://host:1', 'nonsense', '',
])('%s is no server\'s URL', (url) => {
  expect(() => parse(url)).toThrow(expect.objectContaining({ code: 'node.url' }));
});

test.each([['electrum+tls://alice:hunter2@host:1'], ['esplora+https://host/?apikey=hunter2'], ['electrum+tls://host:1?token=hunter2']])('a credential inside %s is refused and not repeated', async (url) => {
  const error = await openChainSource(url).then(() => null, (fault: unknown) => fault);
  expect(error).toMatchObject({ code: 'node.url', details: { reason: 'it holds a credential' } });
  expect(JSON.stringify([error, String(error)])).not.toContain('hunter2');
});

test.each(['electrum+tls://host.invalid:50002', 'esplora+https://host.invalid/api'])('%s is opened when it is asked', async (url) => {
  const source = await openChainSource(url, { electrum: { limits: { connectMs: 1_500 } }, esplora: { limits: { connectMs: 1_500, answerMs: 2_000 } } });
  await expect(source.status()).rejects.toMatchObject({ code: 'node.unreachable' });
  await source.close();
});

test('an authority file that is not there is named', async () => {
  await expect(openChainSource('electrum+tls://host:1?ca=/nowhere/ca.pem')).rejects.toMatchObject({ code: 'node.url' });
});

describe('answers', () => {
  test.each([['{"a":[1,2,{"b":"[[[["}]}', false], ['['.repeat(40) + ']'.repeat(40), false], ['['.repeat(41) + ']'.repeat(41), true], [`{"a":"${'\\"[{'.repeat(500)}"}`, false], ['{"a":'.repeat(9_000), true]])('nest at most forty deep', (text, expected) => {
    expect(isTooDeep(text)).toBe(expected);
  });

  test.each([
    ['the transaction was rejected by network rules.\n\nmin relay fee not met, 0 < 141\n[0200]', 'fee-too-low'], ['bad-txns-inputs-missingorspent', 'inputs-missing-or-spent'], ['Missing inputs', 'inputs-missing-or-spent'],
    ['txn-mempool-conflict', 'inputs-missing-or-spent'], ['Transaction outputs already in utxo set', 'already-known'], ['non-BIP68-final', 'non-final'], ['mandatory-script-verify-flag-failed', 'invalid'], ['Fee exceeds maximum configured by user', 'fee-too-high'],
    ['insufficient fee, rejecting replacement', 'fee-too-low'], ['dust', 'policy'], ['', 'policy'],
  ])('why a transaction was refused, in closed words: %s', (text, expected) => {
    expect(reasonOfText(text)).toBe(expected);
  });
});
