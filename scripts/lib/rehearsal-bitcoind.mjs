import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The ceremony's own line to a bitcoind on regtest: what an operator does by hand there (a funded hot wallet, blocks on
 * demand). Strongroom's programs never do any of this.
 */

export class NodeFailed extends Error {}

/** Host, port and credentials from `bitcoind://127.0.0.1:18443?cookie=PATH` or `?conf=PATH`. */
function readUrl(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new NodeFailed('--node is not a URL. Write bitcoind://127.0.0.1:18443?cookie=PATH.');
  }
  if (url.protocol !== 'bitcoind:' || url.username !== '' || url.password !== '') throw new NodeFailed('--node takes bitcoind://host:port?cookie=PATH, without a credential in it.');
  const cookie = url.searchParams.get('cookie');
  const conf = url.searchParams.get('conf');
  try {
    if (cookie !== null) return { host: url.host, login: readFileSync(resolve(cookie), 'utf8').trim() };
    if (conf !== null) {
      const text = readFileSync(resolve(conf), 'utf8');
      const value = (name) => new RegExp(`^\\s*${name}\\s*=\\s*(.*?)\\s*$`, 'm').exec(text)?.[1];
      return { host: url.host, login: `${value('rpcuser') ?? ''}:${value('rpcpassword') ?? ''}` };
    }
  } catch {
    throw new NodeFailed(`The node's ${cookie === null ? 'configuration' : 'cookie'} file cannot be read. Is the node running, and is the path right?`);
  }
  throw new NodeFailed('--node needs ?cookie=PATH or ?conf=PATH.');
}

/** @returns a function that calls the node: `(method, params, wallet?)` */
export function connect(node) {
  const { host, login } = readUrl(node);
  return async (method, params = [], wallet = /** @type {string | null} */ (null)) => {
    const path = wallet === null ? '/' : `/wallet/${encodeURIComponent(wallet)}`;
    /** @type {any} */
    let answer;
    try {
      const response = await fetch(`http://${host}${path}`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}`, 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '1.0', id: 'rehearsal', method, params }),
      });
      if (response.status === 401 || response.status === 403) throw new NodeFailed('The node refuses the cookie or password. Is it the cookie of this node?');
      answer = await response.json();
    } catch (fault) {
      if (fault instanceof NodeFailed) throw fault;
      throw new NodeFailed(`No answer from ${host}. Start bitcoind -regtest and try again.`);
    }
    if (answer.error !== null && answer.error !== undefined) {
      throw Object.assign(new NodeFailed(`The node refused ${method} (${answer.error.code}): ${String(answer.error.message).slice(0, 200)}`), { rpcCode: answer.error.code });
    }
    return answer.result;
  };
}

const RPC_WALLET_NOT_FOUND = -18;
const RPC_WALLET_ALREADY_LOADED = -35;

/** A wallet of the node's own, loaded; made where it is not there. */
async function ensureWallet(call, name) {
  try {
    await call('loadwallet', [name]);
    return 'loaded';
  } catch (fault) {
    if (fault.rpcCode === RPC_WALLET_ALREADY_LOADED) return 'there';
    if (fault.rpcCode !== RPC_WALLET_NOT_FOUND) throw fault;
  }
  await call('createwallet', [name]);
  return 'made';
}

/** Satoshis from the BTC number of the node's JSON: eight decimals are exact up to 21 million. */
const toSats = (btcNumber) => BigInt(btcNumber.toFixed(8).replace('.', ''));

/**
 * A bitcoind on regtest as the ceremony's chain.
 * @throws NodeFailed on any other chain than regtest
 */
export async function bitcoindChain(node, hotWallet) {
  const call = connect(node);
  const { chain } = await call('getblockchaininfo');
  if (chain !== 'regtest') throw new NodeFailed(`This node is on ${chain}. The rehearsal makes wallets and blocks, so it runs on regtest only.`);
  const blocksTo = (count, address) => call('generatetoaddress', [count, address]);
  return {
    network: 'regtest',
    name: 'a real bitcoind on regtest',
    node,
    hotWallet,

    /** Makes the hot wallet hold at least some coins. @returns what was done, in words */
    async prepare(leastSats) {
      const state = await ensureWallet(call, hotWallet);
      const said = [state === 'made' ? `The node had no wallet "${hotWallet}"; it was made.` : `The node's own wallet "${hotWallet}" is used.`];
      const balance = async () => toSats((await call('getbalances', [], hotWallet)).mine.trusted);
      if ((await balance()) < leastSats) {
        const address = await call('getnewaddress', ['rehearsal', 'bech32'], hotWallet);
        // A block reward can be spent after 100 more blocks.
        await blocksTo(101, address);
        for (let more = 0; (await balance()) < leastSats && more < 20; more += 1) await blocksTo(10, address);
        if ((await balance()) < leastSats) throw new NodeFailed(`The regtest chain is so long that its blocks pay too little. Start bitcoind -regtest with a fresh data folder, or fund the wallet "${hotWallet}" yourself.`);
        said.push('It was empty, so blocks were mined to it (regtest only).');
      }
      return said.join(' ');
    },
    /** Finds blocks, with everything that waits. */
    async mine(blocks) {
      await blocksTo(blocks, await call('getnewaddress', ['miner', 'bech32'], hotWallet));
      return { how: `generatetoaddress ${blocks} (RPC of the node)`, height: await call('getblockcount') };
    },
    /** Addresses of people who are paid: a wallet of the node that has nothing to do with ours. */
    async payees(count) {
      await ensureWallet(call, 'rehearsal-suppliers');
      return Promise.all(Array.from({ length: count }, () => call('getnewaddress', ['supplier', 'bech32'], 'rehearsal-suppliers')));
    },
    async hotBalance() {
      return toSats((await call('getbalances', [], hotWallet)).mine.trusted);
    },
    /** The node's own scan of the UTXO set by descriptor: asked for here directly, past Strongroom. */
    async scan(descriptors) {
      const result = await call('scantxoutset', ['start', descriptors.map((desc) => ({ desc, range: 1000 }))]);
      return { sats: toSats(result.total_amount), how: 'scantxoutset (RPC of the node)' };
    },
  };
}
