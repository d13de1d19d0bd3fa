import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equalBytes } from '../../domain/bytes.ts';
import { hash160 } from '../../wallet/extended-public-key.ts';
import { scriptTypeOf } from '../../wallet/script-type.ts';
import { MAX_STANDARD_SCRIPT_SIG_BYTES, MAX_STANDARD_WITNESS_SCRIPT_BYTES } from './chain-rules.ts';
import type { Coin, PracticeTransaction } from './practice-transaction.ts';
import { readMultisig, readPushes } from '../../psbt/script-pushes.ts';
import { isTapscript, provenLeaf, readLeafQuorum } from './leaf-check.ts';
import { areMultisigOf, isEcdsaOf, isSchnorrOf, type Digest } from './signature-check.ts';

/** What a node would say of an input: spend it; never, by its script; or not by the practice network's own rules. */
export type InputVerdict = 'valid' | 'invalid' | 'policy';

type Stack = readonly Uint8Array[];

/** The first byte of an annex. */
const ANNEX = 0x50;

/** An input on its way through the rules. */
interface Spend {
  readonly spending: PracticeTransaction;
  readonly index: number;
  /** All spent coins, in the order of the inputs: taproot signs every one of them. */
  readonly coins: readonly Coin[];
  readonly coin: Coin;
  readonly scriptSig: Uint8Array;
  readonly witness: Stack;
}

/** Digests are asked for once per signature and key; each is computed once a type. */
function remembered(digest: Digest): Digest {
  const known = new Map<number, Uint8Array>();
  return (type) => {
    const hash = known.get(type) ?? digest(type);
    known.set(type, hash);
    return hash;
  };
}

const legacyDigest = ({ spending, index }: Spend, script: Uint8Array): Digest => remembered((type) => spending.transaction.hashForSignature(index, script, type));
const segwitDigest = ({ spending, index, coin }: Spend, script: Uint8Array): Digest => remembered((type) => spending.transaction.hashForWitnessV0(index, script, coin.amountSats, type));

/** `OP_DUP OP_HASH160 <hash> OP_EQUALVERIFY OP_CHECKSIG`: also what a P2WPKH input signs (BIP143). */
const keyHashScript = (hash: Uint8Array): Uint8Array => concat(Uint8Array.of(0x76, 0xa9, 0x14), hash, Uint8Array.of(0x88, 0xac));

function checkKeyHash(stack: Stack, hash: Uint8Array, digest: Digest): InputVerdict {
  const [signature, publicKey] = stack;
  if (stack.length !== 2 || signature === undefined || publicKey === undefined || !equalBytes(hash160(publicKey), hash)) return 'invalid';
  return isEcdsaOf(publicKey, signature, digest) ? 'valid' : 'invalid';
}

/** The dummy that CHECKMULTISIG drops, then the signatures. @see BIP147 */
function checkMultisigStack(stack: Stack, script: Uint8Array, digest: Digest): InputVerdict {
  const multisig = readMultisig(script);
  if (multisig === null) return 'policy';
  const [dummy, ...signatures] = stack;
  if (dummy === undefined || dummy.length > 0 || signatures.length !== multisig.required) return 'invalid';
  return areMultisigOf(multisig.publicKeys, signatures, digest) ? 'valid' : 'invalid';
}

function checkP2wpkh(spend: Spend, program: Uint8Array): InputVerdict {
  // Segwit keys are compressed (BIP143, "Restrictions on public key type").
  if (spend.witness[1]?.length === 65) return 'invalid';
  return checkKeyHash(spend.witness, program, segwitDigest(spend, keyHashScript(program)));
}

function checkP2wsh(spend: Spend, program: Uint8Array): InputVerdict {
  const script = spend.witness.at(-1);
  if (script === undefined || !equalBytes(sha256(script), program)) return 'invalid';
  if (script.length > MAX_STANDARD_WITNESS_SCRIPT_BYTES) return 'policy';
  return checkMultisigStack(spend.witness.slice(0, -1), script, segwitDigest(spend, script));
}

function checkP2sh(spend: Spend): InputVerdict {
  const pushes = readPushes(spend.scriptSig);
  if (pushes === null) return 'policy';
  const redeemScript = pushes.at(-1);
  if (redeemScript === undefined || !equalBytes(hash160(redeemScript), spend.coin.scriptPubKey.subarray(2, 22))) return 'invalid';
  const type = scriptTypeOf(redeemScript);
  if (type === 'p2wpkh' || type === 'p2wsh') {
    // The script signature holds the redeem script and nothing else (BIP141, "P2SH-P2WPKH").
    if (pushes.length !== 1) return 'invalid';
    return type === 'p2wpkh' ? checkP2wpkh(spend, redeemScript.subarray(2)) : checkP2wsh(spend, redeemScript.subarray(2));
  }
  if (spend.witness.length > 0) return 'invalid';
  return checkMultisigStack(pushes.slice(0, -1), redeemScript, legacyDigest(spend, redeemScript));
}

function checkP2pkh(spend: Spend): InputVerdict {
  const pushes = readPushes(spend.scriptSig);
  if (pushes === null) return 'policy';
  if (spend.witness.length > 0) return 'invalid';
  const { scriptPubKey } = spend.coin;
  return checkKeyHash(pushes, scriptPubKey.subarray(3, 23), legacyDigest(spend, scriptPubKey));
}

function checkP2tr(spend: Spend): InputVerdict {
  const { witness, coin } = spend;
  const [signature] = witness;
  if (signature === undefined) return 'invalid';
  const outputKey = coin.scriptPubKey.subarray(2);
  if (witness.length === 1) return isSchnorrOf(outputKey, signature, spend.index, spend.spending.transaction.outs.length, taprootDigest(spend)) ? 'valid' : 'invalid';
  // An annex is valid and not relayed (BIP341).
  return witness.at(-1)?.[0] === ANNEX ? 'policy' : checkLeaf(spend, outputKey);
}

const taprootDigest = ({ spending, index, coins }: Spend, leafHash?: Uint8Array): Digest => {
  const scripts = coins.map((spent) => spent.scriptPubKey);
  const amounts = coins.map((spent) => spent.amountSats);
  return remembered((type) => spending.transaction.hashForWitnessV1(index, scripts, amounts, type, leafHash));
};

/**
 * A quorum in a leaf: for each key, the first key's last, a signature or an empty item; exactly as many signatures as required.
 * @see BIP342, "Rules for signature opcodes": an empty signature counts nothing, any other must be valid
 */
function checkLeaf(spend: Spend, outputKey: Uint8Array): InputVerdict {
  const { witness, index, spending } = spend;
  const [script, controlBlock] = witness.slice(-2) as [Uint8Array, Uint8Array];
  const leafHash = provenLeaf(outputKey, script, controlBlock);
  if (leafHash === null) return 'invalid';
  const quorum = isTapscript(controlBlock) ? readLeafQuorum(script) : null;
  if (quorum === null) return 'policy';
  const items = witness.slice(0, -2).reverse();
  const digest = taprootDigest(spend, leafHash);
  const isSignature = (item: Uint8Array, position: number): boolean => isSchnorrOf(quorum.publicKeys[position] as Uint8Array, item, index, spending.transaction.outs.length, digest);
  if (items.length !== quorum.publicKeys.length || items.filter((item) => item.length > 0).length !== quorum.required) return 'invalid';
  return items.every((item, position) => item.length === 0 || isSignature(item, position)) ? 'valid' : 'invalid';
}

/**
 * Whether an input may spend its coin: scripts and signatures of the standard types. Anything else is refused as policy,
 * since the practice network runs no script interpreter.
 * @param coins all coins that the transaction spends, in the order of its inputs
 */
export function checkInput(spending: PracticeTransaction, index: number, coins: readonly Coin[]): InputVerdict {
  const input = spending.transaction.ins[index];
  const coin = coins[index];
  if (input === undefined || coin === undefined) return 'invalid';
  if (input.script.length > MAX_STANDARD_SCRIPT_SIG_BYTES) return 'policy';
  const spend: Spend = { spending, index, coins, coin, scriptSig: input.script, witness: input.witness };
  const type = scriptTypeOf(coin.scriptPubKey);
  // A native witness input with a script signature is malleated (BIP141).
  if ((type === 'p2wpkh' || type === 'p2wsh' || type === 'p2tr') && input.script.length > 0) return 'invalid';
  switch (type) {
    case 'p2pkh': return checkP2pkh(spend);
    case 'p2sh': return checkP2sh(spend);
    case 'p2wpkh': return checkP2wpkh(spend, coin.scriptPubKey.subarray(2));
    case 'p2wsh': return checkP2wsh(spend, coin.scriptPubKey.subarray(2));
    case 'p2tr': return checkP2tr(spend);
    case 'op-return':
    case 'witness-unknown':
    case 'nonstandard':
      return 'policy';
  }
}
