import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readAuthorization } from '../../../src/node/companion/bitcoind/credentials.ts';
import { parseBitcoindUrl } from '../../../src/node/companion/bitcoind/node-url.ts';
import { openChainSource } from '../../../src/node/companion/chain-sources.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'strongroom-node-url-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

test('a node\'s URL names host, port and where the login stands', () => {
  expect(parseBitcoindUrl('bitcoind://127.0.0.1:8332?cookie=/home/a+b/.cookie&wallet=hot%20float')).toEqual({
    tls: false, host: '127.0.0.1', port: 8332, login: { kind: 'cookie', file: '/home/a+b/.cookie' }, caFile: null, pin: null, wallet: 'hot float',
  });
  expect(parseBitcoindUrl('bitcoind://localhost:8332?conf=x').host).toBe('127.0.0.1');
  expect(parseBitcoindUrl('bitcoind://[::1]:8332?conf=x').host).toBe('::1');
  expect(parseBitcoindUrl('bitcoind+tls://node.example:8333?conf=x&ca=ca.pem')).toMatchObject({ tls: true, host: 'node.example', caFile: 'ca.pem', login: { kind: 'conf', file: 'x' } });
});

test.each([
  'bitcoind://192.168.0.5:8332?cookie=x', 'bitcoind://127.0.0.1.example.com:8332?cookie=x', 'bitcoind://0x7f.1:8332?cookie=x', 'bitcoind://127.0.0.1?cookie=x', 'bitcoind://127.0.0.1:8332',
  'bitcoind://127.0.0.1:8332?cookie=x&conf=y', 'bitcoind://127.0.0.1:8332?cookie=', 'bitcoind://127.0.0.1:8332?cookie=x&cookie=y', 'bitcoind://127.0.0.1:8332?cookie=x&ca=y',
  'bitcoind://127.0.0.1:8332?cookie=x&pin=00', 'bitcoind+tls://node.example:8333?cookie=x&pin=00', `bitcoind+tls://node.example:8333?cookie=x&ca=y&pin=${'00'.repeat(32)}`,
  'bitcoind://127.0.0.1:8332/wallet/x?cookie=x', 'bitcoind://127.0.0.1:8332?cookie=x#y', 'bitcoind://127.0.0.1:8332?cookie=x&other=1', 'http://127.0.0.1:8332?cookie=x', 'bitcoind://:8332?cookie=x', 'nonsense',
])('%s is no node\'s URL', (url) => {
  expect(() => parseBitcoindUrl(url)).toThrow(expect.objectContaining({ code: 'node.url' }));
});

test('a credential inside a URL is refused, and not repeated', () => {
  for (const url of ['bitcoind://alice:hunter2@127.0.0.1:8332?cookie=x', 'bitcoind://127.0.0.1:8332?rpcpassword=hunter2&cookie=x', 'bitcoind://127.0.0.1:8332?user=hunter2']) {
    let caught: unknown;
    try {
      parseBitcoindUrl(url);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'node.url', details: { reason: 'it holds a credential' } });
    expect(JSON.stringify(caught) + String((caught as StrongroomError).message)).not.toContain('hunter2');
  }
});

test.each(['https://host', 'electrum://127.0.0.1:50001', 'practice://', ''])('"%s" is no node\'s URL', async (url) => {
  await expect(openChainSource(url)).rejects.toMatchObject({ code: 'node.url' });
});

test('an authority file that is not there is named when the node is opened', async () => {
  await expect(openChainSource(`bitcoind+tls://localhost:1?cookie=x&ca=${join(folder, 'none.pem')}`)).rejects.toMatchObject({ code: 'node.url' });
});

test('the login is the cookie\'s line, or rpcuser and rpcpassword before any section', async () => {
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;
  expect(await readAuthorization({ kind: 'cookie', file: file('cookie', '__cookie__:abc\n') })).toBe(basic('__cookie__:abc'));
  expect(await readAuthorization({ kind: 'conf', file: file('conf', '# x\nrpcuser = bob\nrpcpassword=a=b#c\r\n[test]\nrpcuser=eve\n') })).toBe(basic('bob:a=b#c'));
});

test('no cookie means no running node; a file without a login is named', async () => {
  await expect(readAuthorization({ kind: 'cookie', file: join(folder, 'none') })).rejects.toMatchObject({ code: 'node.unreachable' });
  await expect(readAuthorization({ kind: 'conf', file: join(folder, 'none') })).rejects.toMatchObject({ code: 'node.unauthorised' });
  await expect(readAuthorization({ kind: 'conf', file: file('empty', 'rpcuser=bob\nrpcauth=bob:1$2\n') })).rejects.toMatchObject({ code: 'node.unauthorised' });
  await expect(readAuthorization({ kind: 'cookie', file: file('two', 'a:b\r\nX-Evil: 1') })).rejects.toMatchObject({ code: 'node.unauthorised' });
});
