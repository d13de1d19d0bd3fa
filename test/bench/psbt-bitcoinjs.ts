import { writeFileSync } from 'node:fs';
import { initEccLib } from 'bitcoinjs-lib/src/ecc_lib';
import { regtest } from 'bitcoinjs-lib/src/networks';
import { Psbt } from 'bitcoinjs-lib/src/psbt';
import * as secp from 'tiny-secp256k1';
import { formatPath } from '../../src/domain/derivation-path.ts';
import { keyPathTweak } from '../../src/wallet/taproot.ts';
import { IN_EACH, isCosigned, keysOfBranch, makeCase, masterOf, readHexFile, readTask, runRounds, SEQUENCE, timed, type BenchInput } from './psbt-case.ts';

/*
 * The same steps by bitcoinjs-lib's Psbt class, as its documentation shows them: keys of a wallet sign with `signAllInputsHD` and the
 * master key, single keys with `signInput`. `signShared` is what a caller can reach who knows where the time goes: the branch's node
 * is derived once. Its low-r grinding is off, as by default. Signatures are validated once, after combining.
 *
 * Argument: a `BenchTask`. Run by scripts/lib/bench-psbt.mjs.
 */

const task = readTask();
const bench = makeCase(task.order);
const unsigned = readHexFile(task.psbtFile);
initEccLib(secp);
const { script } = bench.order;
const hasWitness = script !== 'p2pkh' && script !== 'p2sh';

interface PairSigner {
  readonly publicKey: Uint8Array;
  sign(hash: Uint8Array): Uint8Array;
  signSchnorr(hash: Uint8Array): Uint8Array;
}
const signerOf = (privateKey: Uint8Array, publicKey: Uint8Array): PairSigner => ({ publicKey, sign: (hash) => secp.sign(hash, privateKey), signSchnorr: (hash) => secp.signSchnorr(hash, privateKey, new Uint8Array(32)) });

function singleSigner({ single }: BenchInput): PairSigner {
  const { privateKey, publicKey } = single as NonNullable<BenchInput['single']>;
  if (script !== 'p2tr') return signerOf(privateKey, publicKey);
  const even = publicKey[0] === 3 ? secp.privateNegate(privateKey) : privateKey;
  const tweaked = secp.privateAdd(even, keyPathTweak(publicKey.subarray(1))) as Uint8Array;
  return signerOf(tweaked, secp.pointFromScalar(tweaked, true) as Uint8Array);
}

/** One reply to the unsigned file. */
function reply(sign: (psbt: Psbt) => void): Uint8Array {
  const psbt = Psbt.fromBuffer(unsigned, { network: regtest });
  sign(psbt);
  return psbt.toBuffer();
}

const replies = (): Uint8Array[] => (isCosigned(script) ? bench.seeds.slice(0, 2).map((seed) => reply((psbt) => void psbt.signAllInputsHD(masterOf(seed)))) : [reply(signWithSingleKeys)]);

function signWithSingleKeys(psbt: Psbt): void {
  if (script === 'p2tr') bench.inputs.forEach(({ single }, index) => void psbt.updateInput(index, { tapInternalKey: (single as NonNullable<BenchInput['single']>).publicKey.subarray(1) }));
  bench.inputs.forEach((input, index) => void psbt.signInput(index, singleSigner(input)));
}

const repliesOfSharedBranch = (): Uint8Array[] =>
  bench.seeds.slice(0, 2).map((seed) => {
    const keyOf = keysOfBranch(seed, script);
    return reply((psbt) => bench.inputs.forEach((_, index) => {
      const node = keyOf(index);
      psbt.signInput(index, signerOf(node.privateKey as Uint8Array, node.publicKey));
    }));
  });

function build(): Uint8Array {
  const psbt = new Psbt({ network: regtest });
  psbt.setVersion(2);
  for (const { txid, previousTransaction, scriptPubKey, derived } of bench.inputs) {
    psbt.addInput({
      hash: txid, index: 0, sequence: SEQUENCE, nonWitnessUtxo: previousTransaction,
      ...(hasWitness ? { witnessUtxo: { script: scriptPubKey, value: IN_EACH } } : {}),
      ...(derived?.witnessScript ? { witnessScript: derived.witnessScript } : {}),
      ...(derived?.redeemScript ? { redeemScript: derived.redeemScript } : {}),
      ...(derived === null ? {} : { bip32Derivation: derived.keys.map(({ publicKey, masterFingerprint, path }) => ({ pubkey: publicKey, masterFingerprint: new Uint8Array(Buffer.from(masterFingerprint, 'hex')), path: `m/${formatPath(path).replaceAll('h', "'")}` })) }),
    });
  }
  psbt.addOutput({ script: bench.payment.scriptPubKey, value: bench.payment.amountSats });
  return psbt.toBuffer();
}

const valid = (publicKey: Uint8Array, hash: Uint8Array, signature: Uint8Array): boolean => (publicKey.length === 32 ? secp.verifySchnorr(hash, publicKey, signature) : secp.verify(hash, publicKey, signature));

const result = runRounds(task, (steps) => {
  if ((steps['build']?.length ?? 0) < task.builds) timed(steps, 'build', build);
  timed(steps, 'parse', () => Psbt.fromBuffer(unsigned, { network: regtest }));
  const signed = timed(steps, 'sign', replies);
  if (isCosigned(script)) timed(steps, 'signShared', repliesOfSharedBranch);
  const psbt = timed(steps, 'combine', () => {
    const [first, ...others] = signed.map((bytes) => Psbt.fromBuffer(bytes, { network: regtest }));
    if (others.length === 0) return first as Psbt;
    return (first as Psbt).combine(...others);
  });
  timed(steps, 'validate', () => psbt.validateSignaturesOfAllInputs(valid));
  timed(steps, 'finalize', () => psbt.finalizeAllInputs());
  timed(steps, 'extract', () => psbt.extractTransaction().toBuffer());
});
writeFileSync(task.resultFile, JSON.stringify(result));
