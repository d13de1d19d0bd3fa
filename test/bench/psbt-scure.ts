import { writeFileSync } from 'node:fs';
import { Transaction } from '@scure/btc-signer';
import { IN_EACH, isCosigned, keysOfBranch, makeCase, readHexFile, readTask, runRounds, SEQUENCE, timed, type BenchInput } from './psbt-case.ts';

/*
 * The same steps by @scure/btc-signer: JavaScript throughout, curve included. The caller derives the branch's node once and hands
 * over each input's private key. It verifies no signature that it combines, so nothing is validated here; with `lowR` left as it is.
 *
 * Argument: a `BenchTask`. Run by scripts/lib/bench-psbt.mjs.
 */

const task = readTask();
const bench = makeCase(task.order);
const unsigned = readHexFile(task.psbtFile);
const { script } = bench.order;
const hasWitness = script !== 'p2pkh' && script !== 'p2sh';

const parse = (bytes: Uint8Array): Transaction => Transaction.fromPSBT(bytes, { allowLegacyWitnessUtxo: true });

function reply(privateKeyOf: (index: number) => Uint8Array): Uint8Array {
  const transaction = parse(unsigned);
  bench.inputs.forEach(({ single }, index) => {
    if (script === 'p2tr' && single !== null) transaction.updateInput(index, { tapInternalKey: single.publicKey.subarray(1) });
    transaction.signIdx(privateKeyOf(index), index, undefined, new Uint8Array(32));
  });
  return transaction.toPSBT();
}

const replies = (): Uint8Array[] =>
  isCosigned(script)
    ? bench.seeds.slice(0, 2).map((seed) => {
        const keyOf = keysOfBranch(seed, script);
        return reply((index) => keyOf(index).privateKey as Uint8Array);
      })
    : [reply((index) => (bench.inputs[index] as BenchInput & { single: object }).single.privateKey)];

function build(): Uint8Array {
  const transaction = new Transaction({ version: 2, PSBTVersion: 0 });
  for (const { txid, previousTransaction, scriptPubKey, derived } of bench.inputs) {
    transaction.addInput({
      txid, index: 0, sequence: SEQUENCE, nonWitnessUtxo: previousTransaction,
      ...(hasWitness ? { witnessUtxo: { script: scriptPubKey, amount: IN_EACH } } : {}),
      ...(derived?.witnessScript ? { witnessScript: derived.witnessScript } : {}),
      ...(derived?.redeemScript ? { redeemScript: derived.redeemScript } : {}),
      ...(derived === null ? {} : { bip32Derivation: derived.keys.map(({ publicKey, masterFingerprint, path }) => [publicKey, { fingerprint: Number.parseInt(masterFingerprint, 16), path: [...path] }] as [Uint8Array, { fingerprint: number; path: number[] }]) }),
    });
  }
  transaction.addOutput({ script: bench.payment.scriptPubKey, amount: bench.payment.amountSats });
  return transaction.toPSBT();
}

const result = runRounds(task, (steps) => {
  if ((steps['build']?.length ?? 0) < task.builds) timed(steps, 'build', build);
  timed(steps, 'parse', () => parse(unsigned));
  const signed = timed(steps, 'sign', replies);
  const transaction = timed(steps, 'combine', () => {
    const [first, ...others] = signed.map(parse);
    for (const other of others) (first as Transaction).combine(other);
    return first as Transaction;
  });
  timed(steps, 'finalize', () => transaction.finalize());
  timed(steps, 'extract', () => transaction.extract());
});
writeFileSync(task.resultFile, JSON.stringify(result));
