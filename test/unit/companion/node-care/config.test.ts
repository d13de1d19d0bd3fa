import { describe, expect, test } from 'vitest';
import { writeConfig, configUses, type ConfigOrder } from '../../../../src/companion/node-care/config.ts';
import { configProgramNames } from '../../../../src/companion/node-care/config-programs.ts';
import { repairSteps } from '../../../../src/companion/node-care/repair-plan.ts';
import { loginFile, makeRpcLogin } from '../../../../src/companion/node-care/rpcauth.ts';
import * as wire from '../../../../src/host/care-wire.ts';

const order: ConfigOrder = { program: 'bitcoind', network: 'mainnet', use: 'watch', rpcauth: `strongroom:${'ab'.repeat(16)}$${'cd'.repeat(32)}`, bind: [], allow: [], rpcPort: null, pruneMib: null, maxConnections: 24 };
const settings = (more: Partial<ConfigOrder>): readonly string[] => writeConfig({ ...order, ...more }).lines.map(({ setting }) => setting);
const coded = (code: string) => expect.objectContaining({ code });

describe('the login', () => {
  test('is rpcauth.py\'s: HMAC-SHA256 of the password with the salt\'s text as key', () => {
    // Computed with Python's hmac: hmac.new(b"20"*16 as text, b"AAAA...", "sha256").
    const login = makeRpcLogin('alice', Uint8Array.from([...new Uint8Array(32), ...new Uint8Array(16).fill(0x20)]));
    expect(login.password).toBe('A'.repeat(43));
    expect(login.rpcauth).toMatch(/^alice:(20){16}\$[0-9a-f]{64}$/);
    expect(loginFile(login)).toContain(`rpcuser=alice\nrpcpassword=${'A'.repeat(43)}\n`);
  });
  test('refuses names that end a line or a field', () => {
    for (const user of ['', 'a:b', 'a$b', 'a\nrpcuser=x', 'a b', 'x'.repeat(41)]) expect(() => makeRpcLogin(user, new Uint8Array(48))).toThrow(coded('config.malformed'));
  });
});

describe('configurations', () => {
  test('every line is explained, and no password is in it', () => {
    const { text, lines } = writeConfig(order);
    for (const { setting, why } of lines) expect(text).toContain(`# ${why}\n${setting}\n`);
    expect(text).not.toMatch(/rpcpassword/);
  });
  test('hot keeps a wallet, watch none of its own, audit none at all and every transaction', () => {
    expect(settings({ use: 'hot' })).toEqual(expect.arrayContaining(['disablewallet=0', 'walletbroadcast=1', 'blockfilterindex=1', 'txindex=0', 'prune=0']));
    expect(settings({ use: 'watch' })).not.toContain('walletbroadcast=1');
    expect(settings({ use: 'audit' })).toEqual(expect.arrayContaining(['disablewallet=1', 'txindex=1', 'coinstatsindex=1', 'prune=0']));
  });
  test('JSON-RPC listens on loopback unless both sides of a network are named', () => {
    expect(settings({})).toEqual(expect.arrayContaining(['rpcbind=127.0.0.1', 'rpcallowip=127.0.0.1', 'listen=0', 'rest=0']));
    expect(settings({ bind: ['10.0.5.2'], allow: ['10.0.5.0/24'] })).toEqual(expect.arrayContaining(['rpcbind=10.0.5.2', 'rpcallowip=10.0.5.0/24']));
    for (const reach of [{ bind: ['0.0.0.0'], allow: ['10.0.0.1'] }, { bind: ['::'], allow: ['10.0.0.1'] }, { bind: ['10.0.5.2'] }, { allow: ['10.0.5.1'] }, { bind: ['10.0.5.2'], allow: ['0.0.0.0/0'] }, { bind: ['10.0.5.2'], allow: ['10.0.0.0/8'] }]) {
      expect(() => writeConfig({ ...order, ...reach })).toThrow(coded('config.unsafe'));
    }
    for (const reach of [{ bind: ['localhost'] }, { bind: ['1.2.3'] }, { bind: ['1.2.3.4\nrpcallowip=0.0.0.0/0'] }, { allow: ['10.0.5.0/33'] }, { allow: ['x/24'] }, { rpcPort: 0 }]) expect(() => writeConfig({ ...order, ...reach })).toThrow(coded('config.malformed'));
  });
  test('pruning excludes auditing', () => {
    expect(settings({ pruneMib: 550 })).toContain('prune=550');
    expect(() => writeConfig({ ...order, use: 'audit', pruneMib: 550 })).toThrow(coded('config.contradiction'));
    expect(() => writeConfig({ ...order, pruneMib: 100 })).toThrow(coded('config.malformed'));
  });
  test('a test network\'s settings stand in its section', () => {
    expect(writeConfig({ ...order, network: 'testnet4' }).text).toMatch(/testnet4=1\n\n\[testnet4\]\n/);
    expect(writeConfig({ ...order, program: 'dogecoind', network: 'regtest' }).text).not.toContain('[');
  });
  test('every program of a proof-of-stake coin is told not to stake, and bitcoind is not', () => {
    const staking = Object.fromEntries(configProgramNames.map((program) => [program, settings({ program }).filter((setting) => /^(staking|minting)=/.test(setting))]));
    expect(staking).toEqual({ bitcoind: [], litecoind: [], dogecoind: [], particld: ['staking=0'], qtumd: ['staking=0'], blackcoind: ['staking=0'], peercoind: ['minting=0'] });
    expect(() => writeConfig({ ...order, program: 'qtumd', network: 'signet' })).toThrow(coded('config.contradiction'));
  });
  test('the boundary names the same programs, uses and steps', () => {
    expect([...wire.configProgramNames]).toEqual([...configProgramNames]);
    expect([...wire.configUses]).toEqual([...configUses]);
    expect([...wire.repairStepNames]).toEqual([...repairSteps]);
  });
});
