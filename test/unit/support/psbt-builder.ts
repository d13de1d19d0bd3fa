/**
 * Honest PSBTs for tests, with real keys: m-of-n P2WSH wallets of deterministic cosigners, funding transactions that prove
 * amounts, and real signatures. Shared by the tests of psbt, review, signer, companion and flow; attacks start from these
 * files and change one thing.
 */
import { BIP32Factory, type BIP32Interface } from 'bip32';
import { sha256 } from '@noble/hashes/sha2.js';
import * as secp from 'tiny-secp256k1';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { concat, reversed, parseHex, utf8 } from '../../../src/domain/bytes.ts';
import { formatPath, parsePath, type DerivationPath } from '../../../src/domain/derivation-path.ts';
import type { Fingerprint } from '../../../src/domain/fingerprint.ts';
import { chainParameters, keyVersions, type NetworkName } from '../../../src/domain/network.ts';
import type { WalletScript } from '../../../src/domain/wallet-script.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import { hintsOf, ownScriptsOf } from '../../../src/psbt/own-scripts.ts';
import { previousOutputs } from '../../../src/psbt/previous-outputs.ts';
import type { Psbt, PsbtInput, TxOutput, UpdatedPsbt } from '../../../src/psbt/psbt.ts';
import { createSighasher } from '../../../src/psbt/sighash.ts';
import { inputOriginsOf, leafSignaturesOf, withLeafSignatures, withTapKeySignature } from '../../../src/psbt/taproot-fields.ts';
import { serializeTransaction, transactionId } from '../../../src/psbt/transaction.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import type { ReviewContext, ReviewKey } from '../../../src/review/review-psbt.ts';
import { createAddressDeriver, type AddressDeriver, type Branch } from '../../../src/wallet/address.ts';
import { fingerprintOf } from '../../../src/wallet/extended-public-key.ts';
import { parseKeyRecord, type KeyRecord } from '../../../src/wallet/key-record.ts';
import { createWallet, type Wallet } from '../../../src/wallet/wallet.ts';

const bip32 = BIP32Factory(secp);

export interface TestKey {
  readonly fingerprint: Fingerprint;
  readonly root: BIP32Interface;
  readonly record: KeyRecord;
  /** What a review needs of the key. */
  readonly reviewKey: ReviewKey;
}

export interface TestWallet {
  readonly walletId: string;
  readonly wallet: Wallet;
  readonly deriver: AddressDeriver;
  readonly keys: readonly TestKey[];
}

const nodeAt = (root: BIP32Interface, path: DerivationPath): BIP32Interface => path.reduce((node, child) => node.derive(child), root);

/** A cosigner's key, always the same for one number and network. */
export function testKey(number: number, network: NetworkName = 'regtest'): TestKey {
  const parameters = chainParameters(network);
  const root = bip32.fromSeed(utf8(`strongroom test key ${number}`.padEnd(32, '.')), keyVersions(network));
  const path = parsePath(`48h/${parameters.coinType}h/0h/2h`);
  const fingerprint = fingerprintOf(root.publicKey);
  const record = parseKeyRecord(`[${fingerprint}/${formatPath(path)}]${nodeAt(root, path).neutered().toBase58()}`);
  return { fingerprint, root, record, reviewKey: { fingerprint, publicKeyAt: (at) => nodeAt(root, at).publicKey } };
}

/** An m-of-n wallet of the first `total` test keys, or of the keys from `firstKey` on. */
export function testWallet(required: number, total: number, network: NetworkName = 'regtest', firstKey = 1, script: WalletScript = 'p2wsh'): TestWallet {
  const keys = Array.from({ length: total }, (_, index) => testKey(firstKey + index, network));
  const wallet = createWallet({
    name: 'Test treasury',
    network,
    script,
    required,
    cosigners: keys.map((key, index) => ({ label: `Cosigner ${index + 1}`, record: key.record })),
  });
  return { walletId: `test-${script === 'p2wsh' ? '' : `${script}-`}${required}-of-${total}-${network}-${firstKey}`, wallet, deriver: createAddressDeriver(wallet), keys };
}

/** A transaction that pays these outputs, out of nowhere. `salt` makes its id another one. */
export function fundingTransaction(outputs: readonly TxOutput[], salt = 0): { readonly bytes: Uint8Array; readonly txid: string } {
  const transaction = new Transaction();
  transaction.version = 2;
  transaction.ins.push({ hash: new Uint8Array(32).fill(0x11), index: salt, script: new Uint8Array(0), sequence: 0xffff_ffff, witness: [new Uint8Array(64).fill(0x22)] });
  for (const output of outputs) transaction.outs.push({ script: output.scriptPubKey, value: output.amountSats });
  return { bytes: serializeTransaction(transaction, true), txid: transactionId(transaction) };
}

export interface HonestSpend {
  readonly wallet: TestWallet;
  /** Each input is funded by a transaction of its own unless `oneFunding`. */
  readonly inputs?: readonly { readonly branch: Branch; readonly index: number; readonly amountSats: bigint; readonly sequence?: number }[];
  readonly payments?: readonly TxOutput[];
  readonly change?: { readonly branch: Branch; readonly index: number; readonly amountSats: bigint } | null;
  readonly locktime?: number;
  readonly oneFunding?: boolean;
}

/** P2WPKH of nobody: a payment's destination. */
export const strangerScript = (number = 1): Uint8Array => concat(Uint8Array.of(0x00, 0x14), new Uint8Array(19).fill(0x33), Uint8Array.of(number));

/**
 * An unsigned spend as the Companion makes it: 2 inputs of 1,000,000 sats, one payment of 1,500,000, change of 499,000 to
 * change address 7, fee 1,000, unless told otherwise.
 */
export function honestPsbt(spend: HonestSpend): UpdatedPsbt {
  const { deriver } = spend.wallet;
  const inputs = spend.inputs ?? [{ branch: 0 as const, index: 0, amountSats: 1_000_000n }, { branch: 0 as const, index: 5, amountSats: 1_000_000n }];
  const payments = spend.payments ?? [{ scriptPubKey: strangerScript(), amountSats: 1_500_000n }];
  const change = spend.change === undefined ? { branch: 1 as const, index: 7, amountSats: 499_000n } : spend.change;
  const derivedInputs = inputs.map((input) => deriver.derive(input.branch, input.index));
  const fundedOutputs = inputs.map((input, position): TxOutput => ({ scriptPubKey: (derivedInputs[position] as { scriptPubKey: Uint8Array }).scriptPubKey, amountSats: input.amountSats }));
  const together = fundingTransaction(fundedOutputs, 999);
  const fundings = fundedOutputs.map((output, position) => (spend.oneFunding === true ? together : fundingTransaction([output], position)));
  const derivedChange = change === null ? undefined : deriver.derive(change.branch, change.index);
  const changeOutputs = derivedChange === undefined || change === null ? [] : [{ scriptPubKey: derivedChange.scriptPubKey, amountSats: change.amountSats }];
  const created = createPsbt({
    inputs: inputs.map((input, position) => ({ txid: (fundings[position] as { txid: string }).txid, vout: spend.oneFunding === true ? position : 0, sequence: input.sequence ?? 0xffff_ffff })),
    outputs: [...payments, ...changeOutputs],
    locktime: spend.locktime ?? 0,
  }, deriver.wallet.network);
  return updatePsbt(created, {
    inputs: derivedInputs.map((derived, position) => ({ previousTransaction: (fundings[position] as { bytes: Uint8Array }).bytes, derived })),
    outputs: [...payments.map(() => ({})), ...changeOutputs.map(() => ({ derived: derivedChange }))],
  }, deriver.wallet.network);
}

/** DER and sighash byte of a compact signature. */
export function derSignature(compact: Uint8Array, sighashType = 1): Uint8Array {
  const integer = (bytes: Uint8Array): Uint8Array => {
    const start = bytes.findIndex((byte) => byte !== 0);
    const short = bytes.subarray(start);
    const padded = (short[0] as number) >= 0x80 ? concat(Uint8Array.of(0), short) : short;
    return concat(Uint8Array.of(0x02, padded.length), padded);
  };
  const body = concat(integer(compact.subarray(0, 32)), integer(compact.subarray(32)));
  return concat(Uint8Array.of(0x30, body.length), body, Uint8Array.of(sighashType));
}

/** The PSBT with this key's signature added to every input, as a cosigner's program would. `nonce`: 32 bytes that make it another one. */
export function signedAs(psbt: Psbt, wallet: TestWallet, key: TestKey, sighashType?: number, nonce?: Uint8Array): Psbt {
  const previous = previousOutputs(psbt);
  const spent = psbt.inputs.map((input, index) => {
    const proof = previous[index];
    return proof !== undefined && proof.proof !== null ? proof.output : (input.witnessUtxo ?? null);
  });
  const sighasher = createSighasher(psbt.transaction, spent);
  const inputs = psbt.inputs.map((input, index): PsbtInput => {
    const output = spent[index] ?? null;
    const derived = output === null ? null : ownScriptsOf(wallet.deriver).find(output.scriptPubKey, hintsOf(inputOriginsOf(input)));
    const own = derived?.keys.find((candidate) => candidate.masterFingerprint === key.fingerprint);
    if (derived === null || own === undefined) return input;
    const privateKey = nodeAt(key.root, own.path).privateKey as Uint8Array;
    const { rule } = derived;
    if (rule.kind === 'legacy' || rule.kind === 'segwit-v0') {
      const compact = secp.sign(sighasher.hash(index, rule, sighashType ?? 1) as Uint8Array, privateKey, nonce);
      return { ...input, partialSignatures: [...input.partialSignatures, { publicKey: own.publicKey, signature: derSignature(compact, sighashType ?? 1) }] };
    }
    const type = sighashType ?? 0;
    const hash = sighasher.hash(index, rule, type) as Uint8Array;
    const made = secp.signSchnorr(hash, rule.kind === 'taproot-key' ? tweakedKey(privateKey) : privateKey, nonce);
    const signature = type === 0 ? made : concat(made, Uint8Array.of(type));
    return rule.kind === 'taproot-key' ? withTapKeySignature(input, signature) : withLeafSignatures(input, [...leafSignaturesOf(input), { publicKey: own.signingKey, leafHash: rule.leafHash, signature }]);
  });
  return { ...psbt, inputs };
}

/** BIP341's tweak of a key without a script tree, out of the curve alone. */
function tweakedKey(privateKey: Uint8Array): Uint8Array {
  const point = secp.pointFromScalar(privateKey, true) as Uint8Array;
  const even = point[0] === 3 ? secp.privateNegate(privateKey) : privateKey;
  const tag = sha256(utf8('TapTweak'));
  return secp.privateAdd(even, sha256(concat(tag, tag, point.subarray(1)))) as Uint8Array;
}

/** A review's context for one wallet and one of its keys. */
export function contextOf(wallet: TestWallet, key: TestKey | null = wallet.keys[0] ?? null, more: Partial<ReviewContext> = {}): ReviewContext {
  return { wallets: [wallet], network: wallet.wallet.network, thisKey: key?.reviewKey ?? null, ...more };
}

/** Bytes of a txid in the order of an input's hash. */
export const hashOfTxid = (txid: string): Uint8Array => reversed(parseHex(txid));
