import type { HotUtxo } from '../../../companion/chain-source.ts';
import { parseBase64, toBase64 } from '../../../domain/bytes.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { Outpoints, ProcessedPsbt, Text, TxOut, Unspent, WalletDirectory, WalletNames } from './answers.ts';
import { attemptWithNewer } from './older-nodes.ts';
import { malformedAnswer, readResult, rpcError, type RpcClient } from './rpc-client.ts';

/** Single-key outputs with compressed keys: the ones whose size a plan knows beforehand. */
const sizedDescriptor = /^(pkh|wpkh|sh\(wpkh|tr)\((\[[^\]]*\])?(0[23][0-9a-f]{64}|[0-9a-f]{64})\)/;

/** Loads the node's wallet where it is on disk only. @throws StrongroomError `node.wallet` */
async function ensureHotWallet(rpc: RpcClient, name: string): Promise<void> {
  if ((await rpc.call(WalletNames, 'listwallets')).includes(name)) return;
  const onDisk = (await rpc.call(WalletDirectory, 'listwalletdir')).wallets.some((wallet) => wallet.name === name);
  if (!onDisk) throw new StrongroomError('node.wallet', 'The node has no wallet of this name.', {}, 'Check the hot wallet\'s name; `bitcoin-cli listwalletdir` shows all.');
  const outcome = await rpc.attempt('loadwallet', { filename: name });
  if (!outcome.ok && !(await rpc.call(WalletNames, 'listwallets')).includes(name)) throw rpcError('loadwallet', outcome.errorCode);
}

/** Unspent outputs of the node's wallet, also those that it locked. */
export async function hotUtxos(rpc: RpcClient, name: string): Promise<readonly HotUtxo[]> {
  await ensureHotWallet(rpc, name);
  const unspent = await rpc.call(Unspent, 'listunspent', { minconf: 0, include_unsafe: true }, { wallet: name });
  const free = unspent.map((output): HotUtxo => ({
    txid: output.txid, vout: output.vout, amountSats: output.amount, scriptPubKey: output.scriptPubKey, address: output.address ?? null, confirmations: output.confirmations,
    spendable: output.spendable && output.solvable && (output.safe ?? true) && sizedDescriptor.test(output.desc ?? ''),
  }));
  const locked = await rpc.call(Outpoints, 'listlockunspent', [], { wallet: name });
  const held = await rpc.batch(locked.map(({ txid, vout }) => ({ method: 'gettxout', params: [txid, vout, true] })));
  const lockedOutputs = held.flatMap((outcome, position): readonly HotUtxo[] => {
    const { txid, vout } = locked[position] as { txid: string; vout: number };
    const output = readResult(TxOut, 'gettxout', outcome);
    return output === null ? [] : [{ txid, vout, amountSats: output.value, scriptPubKey: output.scriptPubKey.hex, address: output.scriptPubKey.address ?? null, confirmations: output.confirmations, spendable: false }];
  });
  return [...free, ...lockedOutputs];
}

/** What the node answers when a wallet has no keys for addresses of a type (`RPC_WALLET_KEYPOOL_RAN_OUT`). */
const NO_ADDRESSES = -12;
/** Cheapest to spend later among those that everything signs for; the others for wallets that have no such keys. */
const changeTypes = ['bech32', 'bech32m', 'p2sh-segwit', 'legacy'] as const;

/** A new change address of the node's wallet; its type is stated, so that the node's defaults do not matter. */
export const hotChangeAddress = (rpc: RpcClient, name: string): Promise<string> => newAddress(rpc, name, (type) => ['getrawchangeaddress', [type]]);

/** A new receive address of the node's wallet, labelled so that people find it there. */
export const hotReceiveAddress = (rpc: RpcClient, name: string): Promise<string> => newAddress(rpc, name, (type) => ['getnewaddress', ['strongroom refill', type]]);

async function newAddress(rpc: RpcClient, name: string, call: (type: string) => readonly [string, readonly string[]]): Promise<string> {
  await ensureHotWallet(rpc, name);
  for (const type of changeTypes) {
    const [method, params] = call(type);
    const outcome = await rpc.attempt(method, params, { wallet: name });
    if (outcome.ok || outcome.errorCode !== NO_ADDRESSES) return readResult(Text, method, outcome);
  }
  throw rpcError('getnewaddress', NO_ADDRESSES);
}

/**
 * Has the node sign with its own wallet.
 * @returns the node's PSBT, finalized
 * @throws StrongroomError `psbt.incomplete` when not every input is the wallet's to sign; `node.wallet`
 */
export async function hotSign(rpc: RpcClient, name: string, psbt: Uint8Array): Promise<Uint8Array> {
  await ensureHotWallet(rpc, name);
  // Nodes that know no `finalize` always do it.
  const outcome = await attemptWithNewer(rpc, 'walletprocesspsbt', { psbt: toBase64(psbt), sign: true }, { bip32derivs: false, finalize: true }, { wallet: name });
  const processed = readResult(ProcessedPsbt, 'walletprocesspsbt', outcome);
  if (!processed.complete) {
    throw new StrongroomError('psbt.incomplete', 'The node\'s wallet could not sign every input.', {}, 'Check that this is the wallet the sweep was planned from, and that it is unlocked.');
  }
  try {
    return parseBase64(processed.psbt);
  } catch {
    throw malformedAnswer('walletprocesspsbt');
  }
}
